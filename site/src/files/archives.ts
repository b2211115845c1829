/** Documents that are archives: DOCX, XLSX, ODT and ODS, told apart by their parts. */

import { latin, number, type Source } from "./bytes.ts";
import table from "./media-types.json" with { type: "json" };
import type { Found } from "./found.ts";

const { docx, xlsx, odt, ods } = table.endings;

const END = "PK\u0005\u0006";
const LONGEST_END = 22 + 0xffff;
const MOST_READ = 4 * 1024 * 1024;
const ENCRYPTED = 1;
const PROGRAMS = ["meta-inf/manifest.mf", "androidmanifest.xml", "classes.dex"];
const CONTENT_TYPES = "[content_types].xml";
const MANIFEST = "meta-inf/manifest.xml";

const MACROS = /(?:^|\/)(?:vbaproject\.bin|vbadata\.xml)$/u;

const MAIN_TYPES: readonly (readonly [string, string])[] = [
  ["wordprocessingml.document.main+xml", docx],
  ["spreadsheetml.sheet.main+xml", xlsx],
];

interface Part {
  readonly flags: number;
  readonly method: number;
  readonly packed: number;
  readonly offset: number;
}

/** The kind of document that an archive is. In doubt, the declared type is believed: the service looks again. */
export async function archiveType(source: Source): Promise<Found> {
  const parts = await partsOf(source);
  if (parts === "too long") return { mediaType: null };
  if (parts === "damaged") return { refused: "content" };
  if (PROGRAMS.some((name) => parts.has(name))) return { refused: "program" };
  const isOffice = parts.has(CONTENT_TYPES);
  const isOpenDocument = parts.has("mimetype") || parts.has(MANIFEST);
  if (isOffice === isOpenDocument) return { refused: "archive" };
  const found = await (isOffice ? officeType(source, parts) : openDocumentType(source, parts));
  const isProtected = Array.from(parts.values()).some((part) => (part.flags & ENCRYPTED) !== 0);
  return "refused" in found || !isProtected ? found : { ...found, isProtected };
}

async function officeType(source: Source, parts: ReadonlyMap<string, Part>): Promise<Found> {
  const names = Array.from(parts.keys());
  if (names.some((name) => MACROS.test(name))) return { refused: "macros" };
  const types = (await textOf(source, parts.get(CONTENT_TYPES)))?.toLowerCase();
  if (types !== undefined) {
    if (/vbaproject|vbadata|macroenabled|macrosheet/u.test(types)) return { refused: "macros" };
    for (const [name, mediaType] of MAIN_TYPES) if (types.includes(name)) return { mediaType };
    if (types.includes(".main+xml")) return { refused: "content" };
  }
  if (names.some((name) => name.startsWith("word/"))) return { mediaType: docx };
  if (names.some((name) => name.startsWith("xl/"))) return { mediaType: xlsx };
  return names.some((name) => name.startsWith("ppt/")) ? { refused: "content" } : { mediaType: null };
}

async function openDocumentType(source: Source, parts: ReadonlyMap<string, Part>): Promise<Found> {
  const manifest = (await textOf(source, parts.get(MANIFEST))) ?? "";
  const isProtected = manifest.includes("encryption-data");
  const named = (await textOf(source, parts.get("mimetype")))?.trim() ?? rootType(manifest);
  if (named === "") return { mediaType: null, isProtected };
  return named === odt || named === ods ? { mediaType: named, isProtected } : { refused: "content" };
}

function rootType(manifest: string): string {
  const entry = (/<[^<>]*full-path\s*=\s*["']\/["'][^<>]*>/u.exec(manifest) ?? [""])[0];
  return (/media-type\s*=\s*["']([^"']*)["']/u.exec(entry) ?? [])[1] ?? "";
}

async function partsOf(source: Source): Promise<ReadonlyMap<string, Part> | "damaged" | "too long"> {
  const start = Math.max(0, source.size - LONGEST_END);
  const tail = await source.at(start, LONGEST_END);
  const at = latin(tail).lastIndexOf(END);
  if (at < 0) return "damaged";
  const length = number(tail, at + 12, 4);
  const offset = number(tail, at + 16, 4);
  if (offset === 0xffffffff || length > MOST_READ) return "too long";
  // Some bytes may stand before the archive: its list of parts ends where its end begins.
  const list = await source.at(Math.max(0, start + at - length), length);
  const parts = new Map<string, Part>();
  for (let entry = 0; number(list, entry, 4) === 0x02014b50;) {
    const [name, extra, comment] = [28, 30, 32].map((field) => number(list, entry + field, 2)) as [number, number, number];
    parts.set(normalised(new TextDecoder().decode(list.subarray(entry + 46, entry + 46 + name))), {
      flags: number(list, entry + 8, 2),
      method: number(list, entry + 10, 2),
      packed: number(list, entry + 20, 4),
      offset: number(list, entry + 42, 4),
    });
    entry += 46 + name + extra + comment;
  }
  return parts.size > 0 ? parts : "damaged";
}

function normalised(name: string): string {
  return name.replaceAll("\\", "/").replace(/^\/+/u, "").toLowerCase();
}

/** A part as text; undefined where there is none, or this browser cannot unpack it. */
async function textOf(source: Source, part: Part | undefined): Promise<string | undefined> {
  if (part === undefined || (part.flags & ENCRYPTED) !== 0 || part.packed > MOST_READ) return undefined;
  const header = await source.at(part.offset, 30);
  const start = part.offset + 30 + number(header, 26, 2) + number(header, 28, 2);
  const packed = await source.at(start, part.packed);
  const bytes = part.method === 0 ? packed : part.method === 8 ? await inflated(packed) : undefined;
  if (bytes === undefined) return undefined;
  const isWide = bytes[0] === 0 || bytes[1] === 0 || (bytes[0] === 0xff && bytes[1] === 0xfe);
  return new TextDecoder(isWide ? "utf-16le" : "utf-8").decode(bytes);
}

async function inflated(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array | undefined> {
  try {
    const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
    const chunks: Uint8Array[] = [];
    let length = 0;
    // A few bytes can unpack to a great many: no more is unpacked than the API does.
    while (length <= MOST_READ) {
      const { done, value } = await reader.read();
      if (done) return joined(chunks, length);
      chunks.push(value);
      length += value.length;
    }
    await reader.cancel();
  } catch {
    // Safari before 16.4 has no such stream, and a damaged part is the service's to judge.
  }
  return undefined;
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
