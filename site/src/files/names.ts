/** Names of files, as the API takes them (`mailroom.domain.announcement`): a test holds the two to one answer. */

import table from "./media-types.json" with { type: "json" };
import type { Problem } from "./types.ts";

const MEDIA_TYPES: Readonly<Partial<Record<string, string>>> = table.endings;

/** The endings that are taken, for the input's `accept` and for sentences. */
export const ENDINGS: readonly string[] = Object.keys(table.endings);

/** For the `accept` attribute: a phone offers its camera and hands over JPEG where HEIC is not listed. */
export const ACCEPT: string = ENDINGS.map((ending) => `.${ending}`)
  .concat("image/jpeg", "image/png", "application/pdf")
  .join(",");

const INVISIBLE_LETTERS = "\u115f\u1160\u3164\uffa0\u2800";
const BLANK = `[\\s\\x1c-\\x1f\\x85\\p{Cf}${INVISIBLE_LETTERS}]`;
const AROUND = new RegExp(`^${BLANK}+|${BLANK}+$`, "gu");
const MARKS = new RegExp(`[\\p{Cf}${INVISIBLE_LETTERS}\\u034f\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}]`, "gu");
const NO_LINE_HOLDS = /[\p{Cc}\p{Surrogate}\u2028\u2029]/u;
/** Paths, and marks that make `exe.pdf` out of `fdp.exe`; marks around the whole name are left out before. */
const NO_NAME_HOLDS = /[/\\\u202a-\u202e]/u;
const WIDE_LETTERS = /[\uff01-\uff5e]/gu;

/** A name as the API keeps it, or why it takes none such. `name` is what to show in both cases. */
export interface NameCheck {
  readonly name: string;
  /** In lower case; empty where the name has none. */
  readonly ending: string;
  /** Null for endings that are not taken. */
  readonly mediaType: string | null;
  readonly problem: Problem | null;
}

/** The accepted ending of a media type, as delivered names have it. */
export function endingOf(mediaType: string): string {
  return ENDINGS.find((ending) => MEDIA_TYPES[ending] === mediaType) ?? "";
}

/** Reads a name: letters composed (NFC), blanks and dots at the end left out, the ending in plain letters. */
export function readName(raw: string): NameCheck {
  const name = trimmed(raw);
  const dot = name.lastIndexOf(".");
  const written = dot < 0 ? "" : plain(name.slice(dot + 1));
  const ending = written.toLowerCase();
  const mediaType = MEDIA_TYPES[ending] ?? null;
  const kept = mediaType === null ? name : `${name.slice(0, dot)}.${written}`;
  return { name: kept, ending, mediaType, problem: problemOf(raw, kept, ending, mediaType) };
}

function problemOf(raw: string, name: string, ending: string, mediaType: string | null): Problem | null {
  if (NO_LINE_HOLDS.test(raw) || NO_NAME_HOLDS.test(name)) return { code: "name_characters", values: { name } };
  const stem = name.slice(0, name.lastIndexOf("."));
  if (ending !== "" && stem.replace(AROUND, "") === "") return { code: "name_missing", values: { name } };
  if (name === "") return { code: "name_missing", values: { name } };
  if (mediaType === null) {
    const code = ending === "" ? "no_ending" : "ending";
    return { code, values: { name, ending, accepted: ENDINGS.join(", ") } };
  }
  const length = Array.from(name).length;
  const limit = table.longest_name;
  return length > limit ? { code: "name_long", values: { name, limit, actual: length } } : null;
}

function trimmed(raw: string): string {
  let name = raw;
  for (;;) {
    const shorter = name.normalize("NFC").replace(AROUND, "").replace(/\.+$/u, "");
    if (shorter === name) return name;
    name = shorter;
  }
}

function plain(text: string): string {
  return text
    .replace(MARKS, "")
    .replace(WIDE_LETTERS, (letter) => letter.normalize("NFKC"))
    .replace(/^\s+|\s+$/gu, "")
    .normalize("NFC");
}
