/**
 * What is known of a file before a byte leaves: the checks of the API (`mailroom.domain.announcement`,
 * `mailroom.content.examine`), as far as a phone can do them. In doubt a file passes: the service looks again.
 */

import { archiveType } from "./archives.ts";
import { latin, number, open, type Source, Unreadable } from "./bytes.ts";
import { compoundType } from "./compound.ts";
import type { Found } from "./found.ts";
import table from "./media-types.json" with { type: "json" };
import { endingOf, ENDINGS, type NameCheck, readName } from "./names.ts";
import { isText, kindOfText, textFault } from "./texts.ts";
import type { Note, Problem, ProblemCode } from "./types.ts";

const TYPES = table.endings;
const TEXTS: readonly string[] = [TYPES.txt, TYPES.csv, TYPES.xml];
const SPREADSHEETS: readonly string[] = [TYPES.xlsx, TYPES.ods];

/** The result of the check of a file. */
export interface Examination {
  readonly name: string;
  readonly mediaType: string;
  readonly problem: Problem | null;
  readonly note: Note | null;
}

/** Looks at a chosen file: its name, its size and its first bytes. Reads it once more where that fails. */
export async function examine(file: File, mostBytes: number): Promise<Examination> {
  const read = readName(file.name);
  const { name } = read;
  const refuse = (code: ProblemCode, values: Problem["values"] = {}): Examination => {
    return { name, mediaType: read.mediaType ?? "", note: null, problem: { code, values: { name, ...values } } };
  };
  if (file.size === 0) return refuse("empty");
  if (file.size > mostBytes) return refuse("too_large", { limit: mostBytes, actual: file.size });
  let found: Found;
  try {
    found = await contentType(file, read.mediaType).catch(() => contentType(file, read.mediaType));
  } catch (error) {
    if (error instanceof Unreadable) return refuse("unreadable");
    throw error;
  }
  // A photograph of a phone is better explained by its content than by its ending.
  if ("refused" in found) {
    if (read.problem?.code === "ending" && ["content", "archive"].includes(found.refused)) return refuse(read.problem.code, read.problem.values);
    return refuse(found.refused, { ending: read.ending, accepted: ENDINGS.join(", ") });
  }
  const named = withEnding(read, found.mediaType);
  if (named.problem) return refuse(named.problem.code, named.problem.values);
  const mediaType = named.mediaType ?? "";
  return { name: named.name, mediaType, problem: null, note: noteOf(named.name, mediaType, found) };
}

/** A name without an ending, as some phones hand it over, gets the ending of its content. */
function withEnding(read: NameCheck, mediaType: string | null): NameCheck {
  if (read.problem?.code !== "no_ending" || mediaType === null || TEXTS.includes(mediaType)) return read;
  return readName(`${read.name}.${endingOf(mediaType)}`);
}

function noteOf(name: string, declared: string, found: Exclude<Found, { refused: unknown }>): Note | null {
  if (found.isProtected === true) return { code: "password", values: { name } };
  if (found.mediaType === null || found.mediaType === declared) return null;
  return { code: "other_type", values: { name, ending: endingOf(found.mediaType) } };
}

async function contentType(file: Blob, declared: string | null): Promise<Found> {
  const source = await open(file);
  const head = latin(source.head);
  if (head.startsWith("PK\u0003\u0004")) return archiveType(source);
  if (head.startsWith("\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1")) return compoundType(source);
  const picture = PICTURES.find(([signature]) => head.startsWith(signature));
  if (picture) return { mediaType: picture[1] };
  const at = head.slice(0, 1028).indexOf("%PDF-");
  if (at >= 0 && (head.includes("obj") || latin(source.tail).includes("obj"))) {
    return /^(?:MZ|#!|PK|\u007fELF|@echo)/u.test(head.slice(0, at).trim())
      ? { refused: "program" }
      : { mediaType: TYPES.pdf, isProtected: await isProtectedPdf(source) };
  }
  return isText(source) ? textType(source, declared) : { refused: binaryFault(head) };
}

const PICTURES: readonly (readonly [string, string])[] = [
  ["\u00ff\u00d8\u00ff", TYPES.jpg],
  ["\u0089PNG\r\n\u001a\n", TYPES.png],
  ["II*\u0000", TYPES.tiff],
  ["MM\u0000*", TYPES.tiff],
  ["II+\u0000", TYPES.tiff],
  ["MM\u0000+", TYPES.tiff],
];

const ENCRYPT =
  /\/(?:E|#45)(?:n|#6[eE])(?:c|#63)(?:r|#72)(?:y|#79)(?:p|#70)(?:t|#74)\s{0,64}(?:<<|\d{1,10}\s{1,8}\d)/u;

/** Whether a PDF's trailer names an encryption (ISO 32000-1, 7.6.1). */
async function isProtectedPdf(source: Source): Promise<boolean> {
  const tail = latin(source.tail);
  const parts = [latin(source.head), tail];
  const last = Array.from(tail.matchAll(/startxref\s{1,8}(\d{1,12})\s/gu)).pop();
  if (last) parts.push(latin(await source.at(Number(last[1]), 64 * 1024)));
  return parts.some((part) => ENCRYPT.test(part));
}

/** A text: a table named as a spreadsheet is one, as the API has it; a text named as a picture or PDF is a mistake. */
function textType(source: Source, declared: string | null): Found {
  const fault = textFault(source);
  if (fault !== null) return { refused: fault };
  if (declared === null) return { mediaType: null };
  if (TEXTS.includes(declared)) return { mediaType: declared };
  return SPREADSHEETS.includes(declared) ? { mediaType: TYPES[kindOfText(source)] } : { refused: "content" };
}

const FAULTS: readonly (readonly [RegExp, ProblemCode])[] = [
  [/^(?:MZ|\u007fELF|\u00ca\u00fe\u00ba\u00be|\u00fe\u00ed\u00fa[\u00ce\u00cf]|[\u00ce\u00cf]\u00fa\u00ed\u00fe|dex\n)/u, "program"],
  [/^(?:GIF8|8BPS|BM|\u0000\u0000\u0001\u0000|RIFF[\s\S]{4}WEBP|\u00ff\u000a|\u0000\u0000\u0000\u000cJXL)/u, "other_picture"],
  [/^(?:RIFF|ID3|OggS|fLaC|\u00ff[\u00e0-\u00ff]|\u001a\u0045\u00df\u00a3|#!AMR|caff|FLV)/u, "video"],
  [/^(?:PK|Rar!|7z\u00bc\u00af|\u001f\u008b|BZh|\u00fd7zXZ|MSCF)/u, "archive"],
];
const PHOTO_BRANDS = /hei[cxms]|hev[cxms]|mif1|msf1/u;

function binaryFault(head: string): ProblemCode {
  if (head.slice(4, 8) === "ftyp") {
    const brands = head.slice(8, Math.max(16, Math.min(256, number(bytesFrom(head), 0, 4))));
    if (/avi[fs]/u.test(brands)) return "other_picture";
    return PHOTO_BRANDS.test(brands) ? "heic" : "video";
  }
  return FAULTS.find(([signature]) => signature.test(head))?.[1] ?? "content";
}

/** A box's length stands with its highest byte first (ISO/IEC 14496-12). */
function bytesFrom(head: string): Uint8Array {
  return Uint8Array.from([3, 2, 1, 0], (at) => head.charCodeAt(at));
}
