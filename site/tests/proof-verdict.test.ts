import assert from "node:assert/strict";
import { test } from "node:test";

import type { Findings } from "../src/proof/receipt.ts";
import type { Seal } from "../src/proof/seal.ts";
import type { Register, Sealer, Statement, Verdict } from "../src/proof/verdict.ts";
import { verdictBeside, verdictOn } from "../src/proof/verdict.ts";

const digest = (letter: string): string => letter.repeat(64);

const STATEMENT: Statement = {
  record_sha256: digest("a"),
  receipt_sha256: digest("b"),
  versions: [],
  copies: [],
  attachments: [{ sha256: digest("c"), size: 5 }],
};

const SEAL: Seal = {
  integrity: "intact",
  certificate: {
    name: "Sceau",
    issuer: "Autorité",
    notBefore: new Date("2026-01-01"),
    notAfter: new Date("2028-01-01"),
    sha256: digest("d"),
    keySha256: digest("e"),
    forSeals: true,
    forTimeStamps: false,
  },
  validity: "valid",
  claimedAt: new Date("2026-11-26"),
  stamp: null,
};

const RECORD = {
  state: "intact",
  sha256: digest("a"),
  said: {
    number: "ANAM-2026-000001",
    submitted_at: "2026-11-26T10:00:00.000Z",
    organism: { name: { fr: "Agence", ar: "الوكالة" } },
    letter: { subject: "", reference: null, sha256: digest("f") },
    sender: { kind: "citizen" },
    attachments: [],
    verification_code: "7Q2M-4C9T-XV3E-8KHA",
  },
} as const;

const file = (changed: Partial<Findings> = {}): Findings => ({ sha256: digest("b"), record: RECORD, seal: SEAL, ...changed });
const found = (changed: Partial<Statement> = {}): Register => ({ state: "found", statement: { ...STATEMENT, ...changed } });
const seal = (changed: Partial<Seal>): Seal => ({ ...SEAL, ...changed });
const OTHER = digest("0");
const CHANGED = { sha256: OTHER, seal: seal({ integrity: "changed" }) };
const NO_SEAL = { sha256: OTHER, seal: { reason: "no_seal" } } as const;
const NO_RECORD = { state: "missing" } as const;
const WITH_ANOTHERS_CODE = { ...RECORD, sha256: OTHER };

const CASES: readonly (readonly [string, Findings, Register, Sealer, Verdict])[] = [
  ["the file that the service made", file(), found(), "expected", "genuine"],
  ["the same, where the list of sealers could not be had", file(), found(), "not_checked", "genuine"],
  ["the same, in a browser that cannot read seals", file({ seal: { reason: "browser_too_old" } }), found(), "not_checked", "genuine"],
  ["the receipt from before its time stamp", file(), found({ receipt_sha256: OTHER, versions: [digest("b"), OTHER] }), "expected", "genuine"],
  ["a copy made after storage lost the receipt", file(), found({ receipt_sha256: OTHER, copies: [digest("b")] }), "expected", "genuine"],
  ["a version that the register does not name, sealed by the service", file({ sha256: OTHER }), found(), "expected", "genuine"],
  ["a changed file", file(CHANGED), found(), "expected", "altered"],
  ["a file with something added", file({ sha256: OTHER, seal: seal({ integrity: "added_to" }) }), found(), "expected", "altered"],
  ["a forged signature", file({ sha256: OTHER, seal: seal({ integrity: "broken" }) }), found(), "expected", "altered"],
  ["a seal that cannot be read", file({ sha256: OTHER, seal: { reason: "seal_unreadable" } }), found(), "expected", "altered"],
  ["a file that was cut off", file({ sha256: OTHER, seal: { reason: "damaged" }, record: { state: "damaged" } }), { state: "not_asked" }, "not_checked", "altered"],
  ["a changed file, off line", file(CHANGED), { state: "not_asked" }, "not_checked", "altered"],
  ["a changed file of an unknown code", file(CHANGED), { state: "unknown" }, "expected", "altered"],
  ["a changed record", file({ ...CHANGED, record: WITH_ANOTHERS_CODE }), found(), "expected", "altered"],
  ["the genuine record in a file without a seal", file(NO_SEAL), found(), "expected", "other_file"],
  ["the genuine record in a file that a stranger sealed", file({ sha256: OTHER }), found(), "unexpected", "other_file"],
  ["the genuine record, signed in another field", file({ sha256: OTHER, seal: { reason: "foreign_signature" } }), found(), "expected", "other_file"],
  ["sealed with a key of the service, but a certificate for something else", file({ sha256: OTHER, seal: seal({ certificate: { ...SEAL.certificate, forSeals: false } }) }), found(), "expected", "other_file"],
  ["sealed after its certificate had ended", file({ sha256: OTHER, seal: seal({ validity: "expired" }) }), found(), "expected", "other_file"],
  ["another's code in a record of the forger's own", file({ ...NO_SEAL, record: WITH_ANOTHERS_CODE }), found(), "expected", "other_code"],
  ["the same under a stranger's seal", file({ sha256: OTHER, record: WITH_ANOTHERS_CODE }), found(), "unexpected", "other_code"],
  ["a code of no receipt", file(NO_SEAL), { state: "unknown" }, "expected", "unknown_code"],
  ["a code of no receipt under a stranger's seal", file({ sha256: OTHER }), { state: "unknown" }, "unexpected", "unknown_code"],
  ["a receipt that the register has not made yet", file(NO_SEAL), found({ receipt_sha256: null }), "expected", "not_yet"],
  ["off line, the service's seal", file(), { state: "not_asked" }, "expected", "seal_holds"],
  ["off line, a whole seal of someone", file(), { state: "not_asked" }, "not_checked", "seal_unproven"],
  ["off line, a stranger's seal", file(), { state: "not_asked" }, "unexpected", "seal_of_others"],
  ["off line, the service's seal without a record", file({ record: NO_RECORD }), { state: "not_asked" }, "expected", "seal_of_others"],
  ["off line, a PDF without a seal", file(NO_SEAL), { state: "not_asked" }, "not_checked", "not_checkable"],
  ["off line, without what verifies seals", file({ seal: { reason: "not_loaded" } }), { state: "not_asked" }, "not_checked", "not_checkable"],
];

for (const [name, given, register, sealer, verdict] of CASES) {
  test(`${name}: ${verdict}`, () => {
    assert.equal(verdictOn(given, register, sealer), verdict);
  });
}

const BESIDE: readonly (readonly [string, string, Findings | null, Verdict | null, Partial<Statement>, Verdict])[] = [
  ["the receipt of this code", digest("b"), file(), "genuine", {}, "genuine"],
  ["an attachment, which is no receipt", digest("c"), null, null, {}, "attachment"],
  ["an attachment that is a PDF with a seal of its own", digest("c"), file({ sha256: digest("c") }), "altered", {}, "attachment"],
  ["a photograph that was not sent", OTHER, null, null, {}, "other_file"],
  ["another PDF", OTHER, file({ ...NO_SEAL, record: NO_RECORD }), "not_checkable", {}, "other_file"],
  ["this receipt, changed", OTHER, file(CHANGED), "altered", {}, "altered"],
  ["a changed file without a record", OTHER, file({ ...CHANGED, record: { state: "damaged" } }), "altered", {}, "altered"],
  ["another mail's receipt", OTHER, file({ sha256: OTHER, record: WITH_ANOTHERS_CODE }), "genuine", {}, "other_receipt"],
  ["a forgery with a code of no receipt", OTHER, file({ ...NO_SEAL, record: WITH_ANOTHERS_CODE }), "unknown_code", {}, "other_receipt"],
  ["this receipt's record in another file", OTHER, file(NO_SEAL), "other_file", {}, "other_file"],
  ["any file while the receipt is being made", OTHER, null, null, { receipt_sha256: null }, "not_yet"],
];

for (const [name, sha256, given, own, changed, verdict] of BESIDE) {
  test(`beside a code, ${name}: ${verdict}`, () => {
    assert.equal(verdictBeside({ ...STATEMENT, ...changed }, sha256, given, own), verdict);
  });
}
