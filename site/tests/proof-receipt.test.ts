import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";

import type { Findings } from "../src/proof/receipt.ts";
import { findingsOn, LARGEST } from "../src/proof/receipt.ts";
import { NotCheckable } from "../src/proof/refusal.ts";
import { findings, makeReceipts, verifier } from "./support/receipts.ts";

const { files, facts } = makeReceipts();
const file = (name: string): Uint8Array => files[name] ?? assert.fail(name);

function sealOf(found: Findings): string {
  return "integrity" in found.seal ? found.seal.integrity : found.seal.reason;
}

/** As `mailroom.check` says it. */
function inPlainWords(found: Findings): Record<string, string> {
  const { seal, record } = found;
  if ("reason" in seal) return { reason: seal.reason };
  return {
    integrity: seal.integrity,
    certificate: seal.validity,
    purpose: seal.certificate.forSeals ? "seals" : "other",
    record: record.state,
    key_sha256: seal.certificate.keySha256,
    sha256: seal.certificate.sha256,
    stamp: seal.stamp === null ? "" : seal.stamp.authority,
  };
}

for (const [name, expected] of Object.entries(facts.checked)) {
  test(`the browser finds in "${name}" what the off-line check finds`, async () => {
    assert.deepEqual(inPlainWords(await findings(file(name))), expected);
  });
}

test("a receipt's record is read whole: its code, its digest, its attachments", async () => {
  const { record } = await findings(file("sealed"));
  assert(record.state === "intact");
  assert.equal(record.said.verification_code, facts.code);
  assert.equal(record.said.number, facts.number);
  assert.equal(record.sha256, facts.record_sha256);
  assert.deepEqual(record.said.attachments.map(({ sha256, size }) => ({ sha256, size })), facts.attachments);
});

test("a time stamp is of its seal, and says when and by whom", async () => {
  const { seal } = await findings(file("stamped"));
  assert("integrity" in seal && seal.stamp);
  assert.equal(seal.stamp.state, "sound");
  assert.equal(seal.stamp.at.toISOString(), "2026-11-26T11:00:00.000Z");
});

test("the seal's own time is the one that it states", async () => {
  const { seal } = await findings(file("sealed"));
  assert("integrity" in seal);
  assert.equal(seal.claimedAt?.toISOString(), "2026-11-26T10:00:00.000Z");
});

test("no single changed byte leaves the seal intact, and none raises an error", async () => {
  const whole = file("sealed");
  const [first, last] = facts.signature_place;
  for (let place = 0; place < whole.length; place += place >= first && place < last ? 23 : 1499) {
    const changed = whole.slice();
    changed[place] = (changed[place] ?? 0) ^ 1;
    const found = await findings(changed);
    assert.notEqual(sealOf(found), "intact", `byte ${place}`);
  }
});

test("a changed byte of the pages is a changed seal, also where the tables of the file are broken by it", async () => {
  const whole = file("sealed");
  const text = Buffer.from(whole).toString("latin1");
  for (const word of ["%PDF-", "/Type /Catalog", "xref\n0 1\n", "startxref", "/Root", "(Seal)"]) {
    const changed = whole.slice();
    const place = text.lastIndexOf(word);
    assert(place >= 0, word);
    changed[place + 1] = (changed[place + 1] ?? 0) ^ 1;
    assert.match(sealOf(await findings(changed)), /^(changed|foreign_signature)$/, word);
  }
});

test("a file that was cut off anywhere is never intact", async () => {
  const whole = file("sealed");
  for (let size = 1; size < whole.length; size += 1777) {
    const found = await findings(whole.subarray(0, size)).catch((error: unknown) => error);
    assert(found instanceof NotCheckable || sealOf(found as Findings) !== "intact");
  }
  assert.equal(sealOf(await findings(whole.subarray(0, 30_000))), "damaged");
});

test("bytes behind the end are an addition", async () => {
  for (const more of ["\n", "%%EOF\n", "\0".repeat(2000)]) {
    const longer = new Uint8Array(Buffer.concat([file("sealed"), Buffer.from(more)]));
    assert.equal(sealOf(await findings(longer)), "added_to", JSON.stringify(more.slice(0, 8)));
  }
});

test("a seal that is carried over into another file is not that file's", async () => {
  const forged = Buffer.from(file("other_mail"));
  const start = forged.lastIndexOf("/Contents <") + "/Contents <".length;
  const [first, last] = facts.signature_place;
  const signature = Buffer.from(file("sealed")).toString("latin1", first + 1, last - 1);
  const room = forged.indexOf(">", start) - start;
  forged.write(signature.padEnd(room, "0").slice(0, room), start, "latin1");
  assert.equal(sealOf(await findings(new Uint8Array(forged))), "changed");
});

const PLAIN = "%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n";
/** A file of these objects with their table. */
function pdfOf(objects: readonly string[], trailer = "/Root 1 0 R"): Uint8Array {
  let text = "%PDF-1.7\n";
  const places = objects.map((object, index) => {
    const place = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const rows = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  const table = `xref\n1 ${objects.length}\n${rows}trailer\n<< ${trailer} >>\nstartxref\n${text.length}\n%%EOF\n`;
  return new Uint8Array(Buffer.from(text + table, "latin1"));
}

const record = (content: string): string[] => [
  "<< /AF [2 0 R] >>",
  "<< /F (record.json) /EF << /F 3 0 R >> >>",
  content,
];
const packed = deflateSync(Buffer.alloc(30_000_000)).toString("latin1");

const HOSTILE: Record<string, Uint8Array> = {
  "tables that lead to themselves": new Uint8Array(Buffer.from(`${PLAIN}xref\n0 0\ntrailer\n<< /Prev 47 /Root 1 0 R >>\nstartxref\n47\n%%EOF`)),
  "a table of a billion entries": new Uint8Array(Buffer.from(`${PLAIN}xref\n0 999999999\n${"0000000009 00000 n \n".repeat(50_000)}`.concat("\nstartxref\n47\n%%EOF"))),
  "an object that is itself": pdfOf(["1 0 R"]),
  "objects in a ring": pdfOf(["<< /AF 2 0 R >>", "3 0 R", "2 0 R"]),
  "lists within lists": pdfOf([`<< /AF ${"[".repeat(100_000)} >>`]),
  "dictionaries within dictionaries": pdfOf([`<< /AF ${"<< /A ".repeat(50_000)} >>`]),
  "a length that is its own stream's": pdfOf(record("<< /Length 3 0 R >>\nstream\nx\nendstream")),
  "a length beyond the file": pdfOf(record("<< /Length 9999999 >>\nstream\nx\nendstream")),
  "a length below nothing": pdfOf(record("<< /Length -5 >>\nstream\nx\nendstream")),
  "a record that unpacks without end": pdfOf(record(`<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n${packed}\nendstream`)),
  "a record packed many times": pdfOf(record(`<< /Length 1 /Filter [${"/FlateDecode ".repeat(99)}] >>\nstream\nx\nendstream`)),
  "a record of brackets": pdfOf(record(`<< /Length 900000 >>\nstream\n${"[".repeat(900_000)}\nendstream`)),
  "a hundred thousand attachments": pdfOf([`<< /AF [${"2 0 R ".repeat(100_000)}] >>`, "<< /F (record.json) >>"]),
  "a string without an end": pdfOf(["<< /AF (((((" + "(".repeat(100_000)]),
  "a byte range beyond the file": pdfOf(["<< /AcroForm << /Fields [2 0 R] >> >>", "<< /FT /Sig /T (Seal) /V << /ByteRange [0 10 20 99999999] /Contents <00> >> >>"]),
  "a byte range below nothing": pdfOf(["<< /AcroForm << /Fields [2 0 R] >> >>", "<< /FT /Sig /T (Seal) /V << /ByteRange [0 -10 20 30] /Contents <00> >> >>"]),
  "a byte range of words": pdfOf(["<< /AcroForm << /Fields [2 0 R] >> >>", "<< /FT /Sig /T (Seal) /V << /ByteRange [(a) (b) (c) (d)] /Contents <00> >> >>"]),
  "a form that is a number": pdfOf(["<< /AcroForm 7 >>"]),
  "two roots": pdfOf(["<< /AF [] >>"], "/Root 1 0 R /Root 1 0 R"),
  "a head alone": new Uint8Array(Buffer.from("%PDF-1.7\n")),
  "zeros": new Uint8Array(Buffer.concat([Buffer.from("%PDF-1.7\n"), Buffer.alloc(LARGEST - 9)])),
  "byte ranges without end": new Uint8Array(Buffer.from(`%PDF-1.7\n${"/ByteRange [0 1 2 3]".repeat(300_000)}`)),
};

for (const [name, bytes] of Object.entries(HOSTILE)) {
  test(`${name}: refused quickly, in words`, async () => {
    const begun = process.cpuUsage();
    const found = await findings(bytes);
    assert("reason" in found.seal, sealOf(found));
    assert.notEqual(found.record.state, "intact");
    // the processor's time: a busy machine makes no file slow
    const { user, system } = process.cpuUsage(begun);
    assert((user + system) / 1000 < 10_000);
  });
}

test("an encrypted PDF is said to be one", async () => {
  assert.equal(sealOf(await findings(pdfOf(["<< >>", "<< >>"], "/Root 1 0 R /Encrypt 2 0 R"))), "encrypted");
});

test("a signature that is no signature is unreadable, whatever its bytes", async () => {
  const whole = Buffer.from(file("sealed"));
  const [first, last] = facts.signature_place;
  const room = last - first - 2;
  for (const start of ["", "30", "3080", "3084FFFFFFFF", "30820100".padEnd(room, "30"), "3082040A".padEnd(room, "A0803080"), "<", "zz"]) {
    const forged = Buffer.from(whole);
    forged.write(start.padEnd(room, "0").slice(0, room), first + 1, "latin1");
    assert.notEqual(sealOf(await findings(new Uint8Array(forged))), "intact", start.slice(0, 12));
  }
});

const REFUSED: Record<string, readonly [Parameters<typeof findingsOn>[0], NotCheckable["reason"]]> = {
  "a file that is too large, before a byte of it is read": [{ size: LARGEST + 1, arrayBuffer: () => assert.fail("read") }, "too_large"],
  "a file that grew": [{ size: 1, arrayBuffer: () => Promise.resolve(new ArrayBuffer(LARGEST + 1)) }, "too_large"],
  "a file that the device cannot read": [{ size: 1, arrayBuffer: () => Promise.reject(new DOMException("", "NotReadableError")) }, "unreadable"],
  "an empty file": [{ size: 0, arrayBuffer: () => Promise.resolve(new ArrayBuffer(0)) }, "empty"],
  "a photograph": [{ size: 4, arrayBuffer: () => Promise.resolve(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0).buffer) }, "not_pdf"],
};

for (const [name, [given, reason]] of Object.entries(REFUSED)) {
  test(`${name} is refused`, async () => {
    await assert.rejects(findingsOn(given, verifier), (error) => error instanceof NotCheckable && error.reason === reason);
  });
}

test("where what verifies signatures does not arrive, the file is not called damaged", async () => {
  const offline = (): Promise<never> => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));
  const bytes = file("sealed");
  const found = await findingsOn({ size: bytes.length, arrayBuffer: () => Promise.resolve(bytes.slice().buffer) }, offline);
  assert.equal(sealOf(found), "not_loaded");
  assert.equal(found.record.state, "intact");
});
