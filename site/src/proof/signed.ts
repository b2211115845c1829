/** Documents that the service signs (compact JWS, RFC 7515, ES256): its statement on a receipt, and who its sealers are. */
import { subtleCrypto } from "./digest.ts";
import { NotCheckable } from "./refusal.ts";

/** What a document is, in its header (RFC 8725, 3.11): none passes for the other. */
export type Kind = "receipt-statement+jwt" | "receipt-sealers+jwt";

/** A public key on P-256 (RFC 7517). */
interface PublicKey {
  kty: string;
  crv: string;
  x: string;
  y: string;
  kid: string;
}

const LARGEST = 1024 * 1024;

/** The payload of a document of that kind, signed by one of the keys; null where it is not. */
export async function payloadOf(document: string, kind: Kind, keys: unknown): Promise<Record<string, unknown> | null> {
  const subtle = subtleCrypto();
  if (!subtle) throw new NotCheckable("browser_too_old");
  try {
    const [head, body, signature, ...more] = document.trim().split(".");
    if (!head || !body || !signature || more.length || document.length > LARGEST) return null;
    const header = objectIn(head);
    if (header["alg"] !== "ES256" || header["typ"] !== kind || "crit" in header) return null;
    const key = keysIn(keys).find((each) => each.kid === header["kid"]);
    if (!key) return null;
    const { kty, crv, x, y } = key;
    const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
    const imported = await subtle.importKey("jwk", { kty, crv, x, y }, algorithm, false, ["verify"]);
    const holds = await subtle.verify(algorithm, imported, decoded(signature), new TextEncoder().encode(`${head}.${body}`));
    return holds ? objectIn(body) : null;
  } catch {
    return null; // no base64, no JSON, no key: not a document of the service
  }
}

function keysIn(set: unknown): PublicKey[] {
  const keys = (set as { keys?: unknown } | null)?.keys;
  const isKey = (each: unknown): each is PublicKey => (["kty", "crv", "x", "y", "kid"] as const).every((name) => typeof (each as Partial<PublicKey> | null)?.[name] === "string");
  return Array.isArray(keys) ? keys.filter(isKey) : [];
}

function objectIn(part: string): Record<string, unknown> {
  const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(decoded(part)));
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TypeError();
  return value as Record<string, unknown>;
}

function decoded(part: string): BufferSource {
  if (!/^[\w-]+$/.test(part)) throw new TypeError();
  return Uint8Array.from(atob(part.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
}

/** The digests of the keys that seal receipts, from the service's signed list; null where the list is not the service's. */
export async function sealersIn(document: string, keys: unknown): Promise<ReadonlySet<string> | null> {
  const sealers = (await payloadOf(document, "receipt-sealers+jwt", keys))?.["sealers"];
  if (!Array.isArray(sealers)) return null;
  return new Set(sealers.map((each: { key_sha256?: unknown } | null) => each?.key_sha256).filter((each) => typeof each === "string"));
}
