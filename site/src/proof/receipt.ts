/** One receipt's file, read and judged on the device: nothing of it is sent anywhere. */
import { sha256 } from "./digest.ts";
import { Pdf } from "./pdf.ts";
import type { SealedRecord } from "./record.ts";
import { recordOf } from "./record.ts";
import { NotCheckable } from "./refusal.ts";
import type { Reason } from "./refusal.ts";
import type { Seal, Verify } from "./seal.ts";
import { sealOf } from "./seal.ts";
import { latin1 } from "./values.ts";

/** Bytes; a receipt of twenty attachments has some hundred thousand. */
export const LARGEST = 8 * 1024 * 1024;

export interface Findings {
  /** The digest of the file itself. */
  sha256: string;
  record: SealedRecord;
  /** The seal, or why there is none to judge. */
  seal: Seal | { reason: Reason };
}

/** A file as browsers hand it over. */
export interface ChosenFile {
  size: number;
  arrayBuffer: () => Promise<ArrayBuffer>;
}

/**
 * Read a file that is said to be a receipt. `verifier` loads what verifies signatures.
 *
 * Throws NotCheckable, and nothing else, for a file that cannot be one: not a PDF, too large, unreadable.
 */
export async function findingsOn(file: ChosenFile, verifier: () => Promise<Verify>): Promise<Findings> {
  const bytes = await bytesOf(file);
  const digest = await sha256(bytes);
  const pdf = opened(bytes);
  const record: SealedRecord = pdf instanceof Pdf ? await safely(() => recordOf(pdf), () => ({ state: "damaged" })) : { state: "damaged" };
  return { sha256: digest, record, seal: await sealIn(bytes, pdf, verifier) };
}

async function sealIn(bytes: Uint8Array, pdf: ReturnType<typeof opened>, verifier: () => Promise<Verify>): Promise<Findings["seal"]> {
  if (pdf === "encrypted") return { reason: pdf };
  let verify: Verify;
  try {
    verify = await verifier();
  } catch {
    return { reason: "not_loaded" };
  }
  return safely<Findings["seal"]>(() => sealOf(bytes, pdf instanceof Pdf ? pdf : null, verify), (reason) => ({ reason }));
}

async function bytesOf(file: ChosenFile): Promise<Uint8Array> {
  if (file.size > LARGEST) throw new NotCheckable("too_large");
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    throw new NotCheckable("unreadable");
  }
  if (bytes.length === 0) throw new NotCheckable("empty");
  if (bytes.length > LARGEST) throw new NotCheckable("too_large");
  return bytes;
}

function opened(bytes: Uint8Array): Pdf | "encrypted" | "damaged" {
  const isPdf = latin1(bytes.subarray(0, 1024)).includes("%PDF-") || latin1(bytes.subarray(-1024)).includes("startxref");
  if (!isPdf) throw new NotCheckable("not_pdf");
  try {
    return new Pdf(bytes);
  } catch (error) {
    return error instanceof NotCheckable && error.reason === "encrypted" ? "encrypted" : "damaged";
  }
}

/** What was found, or what follows where the file is hostile: any error of reading means that it is damaged. */
async function safely<T>(work: () => Promise<T>, otherwise: (reason: Reason) => T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    return otherwise(error instanceof NotCheckable ? error.reason : "damaged");
  }
}
