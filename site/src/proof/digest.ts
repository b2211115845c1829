/** SHA-256 of what is in memory, by Web Crypto. Files of any size are hashed in slices, by the worker of `files/`. */
import { NotCheckable } from "./refusal.ts";

export function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The digest, in 64 hexadecimal digits; also in browsers without Web Crypto. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  if (subtleCrypto()) return hexadecimal(await digest("SHA-256", bytes));
  const { sha256: byLibrary } = await import("@noble/hashes/sha2.js");
  return hexadecimal(byLibrary(bytes));
}

/** Throws NotCheckable where the browser has no Web Crypto. */
export async function digest(algorithm: "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512", bytes: Uint8Array): Promise<Uint8Array> {
  const subtle = subtleCrypto();
  if (!subtle) throw new NotCheckable("browser_too_old");
  return new Uint8Array(await subtle.digest(algorithm, bytes as BufferSource));
}

/** Absent in old browsers, and on pages without TLS. */
export function subtleCrypto(): SubtleCrypto | undefined {
  return (globalThis.crypto as Crypto | undefined)?.subtle;
}
