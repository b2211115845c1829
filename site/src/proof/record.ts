/** The sealed record inside a receipt: what the seal stands for, in a form that programs read. */
import type { Pdf } from "./pdf.ts";
import { isText, latin1 } from "./values.ts";
import { sha256 } from "./digest.ts";
import { NotCheckable } from "./refusal.ts";

/** The name that the service gives the record in the PDF. */
const NAME = "record.json";

export interface SentFile {
  file_name: string;
  media_type: string;
  size: number;
  sha256: string;
}

/** The part of a sealed record that a check shows; later fields are allowed. */
export interface Said {
  number: string;
  submitted_at: string;
  /** Absent in the record of a mail that was sent online. */
  channel?: string;
  organism: { name: { fr: string; ar: string } };
  letter: { subject: string; reference: string | null; sha256: string };
  sender: { kind: string };
  attachments: readonly SentFile[];
  verification_code: string;
}

/** Intact when it is there once, in its canonical form (RFC 8785), and says what a record says. */
export type SealedRecord = { state: "intact"; sha256: string; said: Said } | { state: "missing" | "damaged" };

export async function recordOf(pdf: Pdf): Promise<SealedRecord> {
  let content: Uint8Array | undefined;
  try {
    // The files associated with the document as a whole (ISO 32000-2, 14.13).
    const found = pdf.array(pdf.root.get("AF")).map((each) => pdf.dictionary(each)).filter((file) => {
      const name = pdf.resolve(file.get("F"));
      return isText(name) && latin1(name.bytes) === NAME;
    });
    const [only] = found;
    if (only === undefined) return { state: "missing" };
    if (found.length > 1) return { state: "damaged" };
    content = pdf.content(pdf.dictionary(only.get("EF")).get("F"));
  } catch (error) {
    if (error instanceof NotCheckable) return { state: "damaged" };
    throw error;
  }
  const said = saidIn(content);
  return said ? { state: "intact", sha256: await sha256(content), said } : { state: "damaged" };
}

function saidIn(content: Uint8Array): Said | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
    const value: unknown = JSON.parse(text);
    return canonical(value) === text && isSaid(value) ? value : null;
  } catch {
    return null; // bad UTF-8, no JSON, or nested beyond what an engine reads
  }
}

/** JSON in the one form of RFC 8785: members sorted by UTF-16 code units, no white space. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(",")}}`;
}

function isSaid(value: unknown): value is Said {
  return (
    texts(value, "number", "submitted_at", "verification_code") &&
    !Number.isNaN(Date.parse(value["submitted_at"] ?? "")) &&
    texts(member(value, "organism", "name"), "fr", "ar") &&
    texts(member(value, "letter"), "subject", "sha256") &&
    texts(member(value, "sender"), "kind") &&
    isFiles(member(value, "attachments"))
  );
}

const isFiles = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every((each) => texts(each, "file_name", "media_type", "sha256") && Number.isSafeInteger(member(each, "size")));

function member(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (held, name) => (typeof held === "object" && held !== null && Object.hasOwn(held, name) ? (held as Record<string, unknown>)[name] : undefined),
    value,
  );
}

function texts(value: unknown, ...names: string[]): value is Record<string, string> {
  return names.every((name) => typeof member(value, name) === "string");
}
