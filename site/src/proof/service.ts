/** What the service says of a receipt. Requests carry the code alone: no byte of a file, nor its digest, leaves the device. */
import type { components } from "../../generated/contract.ts";
import type { Ask } from "../api/client.ts";
import { Problem } from "../api/client.ts";
import { canonical } from "./record.ts";
import { payloadOf, sealersIn } from "./signed.ts";
import type { Register } from "./verdict.ts";

/** The answer of `GET /v1/receipts/{code}`. */
export type ReceiptStatement = components["schemas"]["Statement"];

/** Whether the service's signature stands under what the register answered; not_checked where it could not be had. */
export type SignatureOfAnswer = "holds" | "broken" | "not_checked";

export interface Service {
  /** Throws what `ask` throws, but for a code that no receipt has. */
  register(code: string): Promise<Register<ReceiptStatement>>;
  /** The digests of the keys that seal receipts; null where the signed list could not be had. */
  sealers(): Promise<ReadonlySet<string> | null>;
  signatureOf(code: string, statement: ReceiptStatement): Promise<SignatureOfAnswer>;
}

const MILLISECONDS = 30_000;
const KEYS = "/.well-known/jwks.json";
const SEALERS = "/.well-known/receipt-sealers";

export function createService(ask: Ask, get: typeof fetch): Service {
  const path = (code: string): `/v1/${string}` => `/v1/receipts/${encodeURIComponent(code)}`;

  const text = async (address: string): Promise<string> => {
    const stopper = new AbortController();
    const clock = setTimeout(() => stopper.abort(), MILLISECONDS);
    try {
      const response = await get(address, { credentials: "omit", redirect: "error", signal: stopper.signal });
      if (!response.ok) throw new TypeError(String(response.status));
      return await response.text();
    } finally {
      clearTimeout(clock);
    }
  };

  const keys = async (): Promise<unknown> => JSON.parse(await text(KEYS)) as unknown;

  return {
    async register(code) {
      try {
        return { state: "found", statement: (await ask<ReceiptStatement>("GET", path(code))).body };
      } catch (error) {
        // "There is none" is the service's word alone: a 404 of whatever stands between may not call a receipt false.
        if (error instanceof Problem && error.status === 404) return { state: "unknown" };
        throw error;
      }
    },
    async sealers() {
      try {
        const [list, published] = await Promise.all([text(SEALERS), keys()]);
        return await sealersIn(list, published);
      } catch {
        return null;
      }
    },
    async signatureOf(code, statement) {
      let signed: string;
      let published: unknown;
      try {
        [signed, published] = await Promise.all([text(`${path(code)}/statement`), keys()]);
      } catch {
        return "not_checked";
      }
      const payload = await payloadOf(signed, "receipt-statement+jwt", published).catch(() => undefined);
      if (payload === undefined) return "not_checked";
      return payload !== null && says(payload, statement) ? "holds" : "broken";
    },
  };
}

/** Whether the signed document says what the answer said. Its history may have grown meanwhile. */
function says(payload: Readonly<Record<string, unknown>>, statement: ReceiptStatement): boolean {
  const fixed = ["number", "submitted_at", "sender_kind", "attachments", "record_sha256", "organism"] as const;
  // While a deployment goes on, the function that signs may not name the channel yet.
  const channel = payload["channel"] ?? statement.channel;
  return channel === statement.channel && fixed.every((name) => canonical(payload[name]) === canonical(statement[name]));
}
