/** Texts: recognised by the absence of bytes that no text holds. */

import { latin, SAMPLE, type Source } from "./bytes.ts";
import type { ProblemCode } from "./types.ts";

const NO_TEXT_HOLDS = /[\x00-\x08\x0e-\x1f\x7f]/u;
const USUAL_LETTERS =
  /[\t\r\n -\u024f\u0590-\u06ff\u2000-\u206f\u20a0-\u20bf\u2d30-\u2d7f\ufb50-\ufdff\ufe70-\ufefc]/gu;
const MOSTLY = 0.9;

/** Whether a file's first and last bytes are text in an encoding used in Morocco. */
export function isText(source: Source): boolean {
  const after = source.size > 2 * SAMPLE ? source.tail : source.tail.subarray(Math.max(0, 2 * SAMPLE - source.size));
  const encoding = wideEncoding(source);
  const read = (bytes: Uint8Array): string => (encoding ? new TextDecoder(encoding).decode(bytes) : latin(bytes));
  // An end-of-file sign of DOS may close the file.
  const letters = (read(source.head) + read(source.size > SAMPLE ? after : new Uint8Array(0))).replace(/\x1a+$/u, "");
  return !NO_TEXT_HOLDS.test(letters);
}

/** Why a text is not taken: it is a web page, or another program's format made of letters. */
export function textFault(source: Source): ProblemCode | null {
  const text = beginning(source);
  if (text.startsWith("{\\rtf")) return "old_office";
  return isPage(afterProlog(text)) ? "web_page" : null;
}

/** The kind of a text that its name calls a spreadsheet. */
export function kindOfText(source: Source): "csv" | "txt" | "xml" {
  const text = beginning(source);
  if (/^<(?:\?xml\s|[\p{L}_])/u.test(text)) return "xml";
  return /^[^\n]*[;,\t]/u.test(text) ? "csv" : "txt";
}

function beginning(source: Source): string {
  const text = new TextDecoder(wideEncoding(source) ?? "utf-8").decode(source.head);
  return text.replace(/^\ufeff/u, "").trimStart();
}

function wideEncoding({ head, size }: Source): "utf-16le" | "utf-16be" | null {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  if (size % 2 !== 0 || !head.includes(0)) return null;
  const isUsual = (encoding: string): boolean => {
    const text = new TextDecoder(encoding).decode(head);
    return (text.match(USUAL_LETTERS)?.length ?? 0) >= MOSTLY * text.length;
  };
  return (["utf-16le", "utf-16be"] as const).find(isUsual) ?? null;
}

const PAGE_NAMESPACES = ["http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"];

/** Whether a browser would run it. XML of another vocabulary may have elements of the same names. */
function isPage(text: string): boolean {
  const root = /^<(!doctype[ \t\r\n\f]+(?:html|svg)|html|head|body|script|iframe|svg|img)(?=[\s/>])([^>]*)/iu.exec(text);
  if (!root) return false;
  const namespace = /\sxmlns\s*=\s*["']([^"']*)["']/u.exec(root[2] ?? "")?.[1];
  if (namespace !== undefined && namespace !== "") return PAGE_NAMESPACES.includes(namespace);
  const name = root[1] ?? "";
  return /^(?:!doctype|html|script|iframe)/iu.test(name) || name === name.toLowerCase();
}

function afterProlog(text: string): string {
  let rest = text;
  for (;;) {
    const prolog = /^(?:\s+|<!--[\s\S]*?--!?>|<\?[^>]*>)/u.exec(rest);
    if (!prolog) return rest;
    rest = rest.slice(prolog[0].length);
  }
}
