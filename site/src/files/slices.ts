/** SHA-256 of a file in slices: one slice is in memory at a time. */

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

import { bytesOf } from "./bytes.ts";
import type { Step } from "./types.ts";

const SLICE = 1024 * 1024;

/** The digest in hexadecimal. A slice that cannot be read is tried once more, then `Unreadable` is thrown. */
export async function digestOf(file: Blob, { signal, progress }: Step): Promise<string> {
  const hash = sha256.create();
  for (let at = 0; at < file.size; at += SLICE) {
    const read = (): Promise<Uint8Array> => bytesOf(file, at, Math.min(file.size, at + SLICE));
    const slice = await read().catch(read);
    if (signal.aborted) throw new DOMException("cancelled", "AbortError");
    hash.update(slice);
    progress(Math.min(file.size, at + SLICE));
  }
  return bytesToHex(hash.digest());
}
