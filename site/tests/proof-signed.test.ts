import assert from "node:assert/strict";
import { test } from "node:test";

import { payloadOf, sealersIn } from "../src/proof/signed.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const own = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
const { x, y } = await crypto.subtle.exportKey("jwk", own.publicKey);
const KEYS = { keys: [{ kty: "EC", crv: "P-256", x, y, alg: "ES256", use: "sig", kid: "ours" }] };

const base64url = (content: string | ArrayBuffer): string =>
  (typeof content === "string" ? Buffer.from(content) : Buffer.from(content)).toString("base64url");

async function signed(header: object, payload: unknown): Promise<string> {
  const head = base64url(JSON.stringify(header));
  const body = base64url(JSON.stringify(payload));
  const signature = await crypto.subtle.sign(ALGORITHM, own.privateKey, Buffer.from(`${head}.${body}`));
  return `${head}.${body}.${base64url(signature)}`;
}

const HEADER = { alg: "ES256", kid: "ours", typ: "receipt-sealers+jwt" };
const LIST = { version: 1, sealers: [{ key_sha256: "ab".repeat(32), subject: "CN=Sceau" }] };

test("the service's list of sealers names keys", async () => {
  assert.deepEqual(await sealersIn(await signed(HEADER, LIST), KEYS), new Set(["ab".repeat(32)]));
});

test("a statement's payload is read, with the name of a public body in Arabic", async () => {
  const document = await signed({ ...HEADER, typ: "receipt-statement+jwt" }, { organism: "الوكالة" });
  assert.deepEqual(await payloadOf(document, "receipt-statement+jwt", KEYS), { organism: "الوكالة" });
});

const good = await signed(HEADER, LIST);
const parts = good.split(".");
const [head = "", body = "", signature = ""] = parts;
const REFUSED: Record<string, string> = {
  "a list signed as something else": await signed({ ...HEADER, typ: "receipt-statement+jwt" }, LIST),
  "another algorithm": await signed({ ...HEADER, alg: "none" }, LIST),
  "a key that is not published": await signed({ ...HEADER, kid: "theirs" }, LIST),
  "an extension that must be understood": await signed({ ...HEADER, crit: ["exp"] }, LIST),
  "another body under the signature": `${head}.${base64url(JSON.stringify({ sealers: [] }))}.${signature}`,
  "no signature": `${head}.${body}.`,
  "half a signature": `${head}.${body}.${signature.slice(0, 40)}`,
  "a fourth part": `${good}.x`,
  "a list that is no list": await signed(HEADER, { sealers: "all" }),
  "a body that is no object": await signed(HEADER, 7),
  "a web page": "<!doctype html><title>Wi-Fi</title>",
  "nothing": "",
  "dots": "..",
};

for (const [name, document] of Object.entries(REFUSED)) {
  test(`${name}: not the service's`, async () => {
    assert.equal(await sealersIn(document, KEYS), null);
  });
}

for (const keys of [null, {}, { keys: "x" }, { keys: [null, 5, {}] }, { keys: [{ ...KEYS.keys[0], x: "AAAA" }] }, { keys: [{ ...KEYS.keys[0], crv: "P-384" }] }]) {
  test(`keys that are none (${JSON.stringify(keys).slice(0, 40)}) make nothing the service's`, async () => {
    assert.equal(await sealersIn(good, keys), null);
  });
}
