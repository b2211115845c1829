/** Number and code as people type them, copy them, or get them behind `#`. */

import type { Paper } from "./shapes.ts";

const INVISIBLE = /[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]/g;
const DASHES = /[\u2010-\u2015\u2043\u2212\ufe58\ufe63\u0640]/g;

/**
 * As on paper: capitals, Western digits, no marks that cannot be seen. The API reads all else that people type, so
 * that an empty field alone is refused here.
 */
export function typed(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replace(INVISIBLE, "")
    .replace(DASHES, "-")
    .trim()
    .toUpperCase();
}

/** What was typed into the two fields; a whole link in the first one is taken apart. */
export function paperOf(number: string, code: string): Paper {
  const behind = /#+([^/?&\s]+)\/([^/?&\s]+)/.exec(number);
  return behind ? { number: typed(behind[1] ?? ""), code: typed(behind[2] ?? "") } : { number: typed(number), code: typed(code) };
}

/** What a link brought behind `#`: number, code, and whether its reader says that the mail is not theirs. */
export function paperOfLink(parts: readonly string[]): Paper & { readonly notMine: boolean } {
  const [number = "", code = "", more = ""] = parts;
  return { number: typed(number), code: typed(code), notMine: /^not-mine\b/i.test(more) };
}
