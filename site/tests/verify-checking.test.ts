import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { NoAnswer, Problem } from "../src/api/client.ts";
import type { ReceiptStatement, Service } from "../src/proof/service.ts";
import type { Register } from "../src/proof/verdict.ts";
import { Checking, type State } from "../src/verify/checking.ts";
import { makeReceipts, verifier } from "./support/receipts.ts";

const { files, facts } = makeReceipts();
const bytes = (name: string): Uint8Array => files[name] ?? assert.fail(name);
const file = (content: Uint8Array | string, name = "receipt.pdf"): File => new File([content as BlobPart], name);
const sha256 = (content: Uint8Array | string): string => createHash("sha256").update(content).digest("hex");
const OTHERS = "AAAA-BBBB-CCCC-DDDD";
const PLAN = "a map";

const statement = (changed: Partial<ReceiptStatement> = {}): ReceiptStatement => ({
  genuine: true,
  number: facts.number,
  organism: { organism_id: "anam", code: "ANAM", category: "public_establishment", name: { fr: "Agence", ar: "الوكالة" }, city: null },
  submitted_at: "2026-05-22T13:05:09.000Z",
  channel: "online",
  sender_kind: "citizen",
  attachments: [...facts.attachments],
  record_sha256: facts.record_sha256,
  entry_sha256: null,
  receipt_sha256: sha256(bytes("sealed")),
  versions: [],
  copies: [],
  history: [],
  ...changed,
});

interface World {
  readonly checking: Checking;
  readonly asked: string[];
  /** All states that were shown. */
  readonly states: State[];
}

/** The page's engine beside a register that knows these receipts. */
function world(known: Readonly<Record<string, ReceiptStatement | Error>> = { [facts.code]: statement() }, sealers: readonly string[] | null = [facts.key_sha256]): World {
  const asked: string[] = [];
  const states: State[] = [];
  const service: Service = {
    register(code) {
      asked.push(code);
      const answer = known[code];
      if (answer instanceof Error) return Promise.reject(answer);
      const register: Register<ReceiptStatement> = answer ? { state: "found", statement: answer } : { state: "unknown" };
      return Promise.resolve(register);
    },
    sealers: () => Promise.resolve(sealers && new Set(sealers)),
    signatureOf: () => Promise.resolve("holds"),
  };
  const checking = new Checking({
    service,
    verifier,
    digest: async (given) => sha256(new Uint8Array(await given.arrayBuffer())),
    changed: () => states.push(checking.state),
  });
  return { checking, asked, states };
}

const verdicts = ({ checking }: World): string[] => checking.state.files.map((each) => each.verdict);

test("a code is asked about as it was typed, and an earlier verdict goes first", async () => {
  const here = world();
  await here.checking.askFor(` ${facts.code.toLowerCase()} `);
  assert.equal(here.checking.state.subject?.statement?.number, facts.number);
  await here.checking.askFor("AAAA");
  assert.deepEqual(here.asked, [facts.code, "AAAA"]);
  assert.equal(here.checking.state.trouble, "unknown");
  const asking = here.states.filter((state) => state.busy === "asking").pop();
  assert.equal(asking?.subject, null);
});

test("an empty field asks nothing", async () => {
  const here = world();
  await here.checking.askFor(" \u200f ");
  assert.deepEqual([here.checking.state.trouble, here.asked], ["missing", []]);
});

const about = ({ checking: { state } }: World): unknown[] => [state.trouble, state.subject?.code];
const problem = (status: number): Problem => new Problem(status, {}, null);

for (const [error, trouble] of [
  [new NoAnswer("offline"), "network"],
  [new NoAnswer("timeout"), "network"],
  [new NoAnswer("foreign"), "service"],
  [problem(429), "slow"],
  [problem(503), "service"],
  [problem(500), "service"],
  [problem(422), "malformed"],
  [problem(400), "malformed"],
] as const) {
  test(`no answer (${error.name} ${error.message}) is no verdict: ${trouble}`, async () => {
    const known: Record<string, ReceiptStatement | Error> = { [facts.code]: error };
    const here = world(known);
    await here.checking.askFor(facts.code);
    assert.deepEqual(about(here), [trouble, undefined]);
    known[facts.code] = statement();
    await here.checking.retry();
    assert.deepEqual(about(here), [null, facts.code]);
  });
}

test("the service's signature is looked for afterwards", async () => {
  const here = world();
  await here.checking.askFor(facts.code);
  await new Promise(setImmediate);
  const signatures = here.states.map((state) => state.subject?.signature);
  assert.deepEqual(signatures, [undefined, "waiting", "holds"]);
});

test("a receipt by itself: its own code is asked about, once", async () => {
  const here = world();
  await here.checking.check([file(bytes("sealed"))]);
  assert.deepEqual([verdicts(here), here.asked], [["genuine"], [facts.code]]);
  assert.equal(here.checking.state.subject?.by, "file");
});

const changed = (): Uint8Array => {
  const other = bytes("sealed").slice();
  other[20_000] = (other[20_000] ?? 0) ^ 1;
  return other;
};

const ALONE: Record<string, readonly [Uint8Array | string, string]> = {
  "changed": [changed(), "altered"],
  "cut off": [bytes("sealed").subarray(0, 30_000), "altered"],
  "with something added": [bytes("added_to"), "altered"],
  "the page without its seal": [bytes("unsealed"), "other_file"],
  "signed by others": [bytes("signed_by_others"), "other_file"],
  "with a second record": [bytes("two_records"), "not_checkable"],
  "another mail's code in it": [bytes("other_mail"), "unknown_code"],
  "a text": ["plain text", "not_checkable"],
  "an empty file": ["", "not_checkable"],
  "another PDF": ["%PDF-1.7\n%%EOF", "not_checkable"],
};

for (const [name, [content, verdict]] of Object.entries(ALONE)) {
  test(`a file by itself, ${name}: ${verdict}`, async () => {
    const here = world();
    await here.checking.check([file(content)]);
    assert.deepEqual(verdicts(here), [verdict]);
  });
}

test("the code of another mail in a file", async () => {
  const here = world({ [OTHERS]: statement({ number: "ANAM-2026-000002" }) }, ["00".repeat(32)]);
  await here.checking.check([file(bytes("other_mail"))]);
  assert.deepEqual(verdicts(here), ["other_code"]);
});

const BESIDE: Record<string, readonly [Uint8Array | string, string]> = {
  "the receipt": [bytes("sealed"), "genuine"],
  "an attachment": [PLAN, "attachment"],
  "the receipt, changed": [changed(), "altered"],
  "another file": ["another file", "other_file"],
  "another PDF": ["%PDF-1.7\n%%EOF", "other_file"],
  "another mail's receipt": [bytes("other_mail"), "other_receipt"],
  "the page without its seal": [bytes("unsealed"), "other_file"],
  "an empty file": ["", "not_checkable"],
};

for (const [name, [content, verdict]] of Object.entries(BESIDE)) {
  test(`beside a code, ${name}: ${verdict}`, async () => {
    const here = world();
    await here.checking.askFor(facts.code);
    await here.checking.check([file(content)]);
    assert.deepEqual(verdicts(here), [verdict]);
    assert.equal(here.checking.state.subject?.code, facts.code);
  });
}

test("a receipt and its attachments together, in any order", async () => {
  const here = world();
  await here.checking.check([file(PLAN), file(bytes("sealed")), file("not sent")]);
  assert.deepEqual(verdicts(here), ["attachment", "genuine", "other_file"]);
  assert.equal(here.checking.state.files[0]?.rank, 2);
});

test("attachments after the receipt, and then another receipt", async () => {
  const here = world({ [facts.code]: statement(), [OTHERS]: statement({ receipt_sha256: sha256(bytes("other_mail")) }) });
  await here.checking.check([file(bytes("sealed"))]);
  await here.checking.check([file(PLAN)]);
  assert.deepEqual(verdicts(here), ["attachment"]);
  await here.checking.check([file(bytes("other_mail"))]);
  assert.deepEqual([verdicts(here), here.checking.state.subject?.code], [["genuine"], OTHERS]);
});

test("another mail's receipt beside a code can be checked by itself", async () => {
  const here = world({ [facts.code]: statement(), [OTHERS]: statement({ receipt_sha256: sha256(bytes("other_mail")) }) });
  await here.checking.askFor(facts.code);
  await here.checking.check([file(bytes("other_mail"))]);
  assert.deepEqual(verdicts(here), ["other_receipt"]);
  await here.checking.check([file(bytes("other_mail"))], true);
  assert.deepEqual([verdicts(here), here.checking.state.subject?.code], [["genuine"], OTHERS]);
});

test("off line the seal is still checked, and so are the attachments, by the record", async () => {
  const here = world({ [facts.code]: new NoAnswer("offline") });
  await here.checking.check([file(bytes("sealed")), file(PLAN), file(changed())]);
  assert.deepEqual(verdicts(here), ["seal_holds", "attachment", "altered"]);
  assert.equal(here.checking.state.trouble, "network");
  assert.equal(here.checking.state.subject?.said?.number, facts.number);
});

test("off line, without the list of sealers, a whole seal proves nothing yet", async () => {
  const here = world({ [facts.code]: new NoAnswer("offline") }, null);
  await here.checking.check([file(bytes("sealed"))]);
  assert.deepEqual(verdicts(here), ["seal_unproven"]);
});

test("off line, the seal of somebody else", async () => {
  const here = world({ [facts.code]: new NoAnswer("offline") }, ["00".repeat(32)]);
  await here.checking.check([file(bytes("sealed"))]);
  assert.deepEqual(verdicts(here), ["seal_of_others"]);
});

test("once there is a network again, the same file is asked about", async () => {
  const known: Record<string, ReceiptStatement | Error> = { [facts.code]: new NoAnswer("offline") };
  const here = world(known);
  await here.checking.check([file(bytes("sealed"))]);
  known[facts.code] = statement();
  await here.checking.retry();
  assert.deepEqual([verdicts(here), here.checking.state.trouble], [["genuine"], null]);
});

test("a later answer never replaces a newer one", async () => {
  const here = world({ [facts.code]: statement(), [OTHERS]: statement({ number: "ANAM-2026-000002" }) });
  await Promise.all([here.checking.askFor(facts.code), here.checking.askFor(OTHERS)]);
  assert.equal(here.checking.state.subject?.code, OTHERS);
  await Promise.all([here.checking.check([file(bytes("sealed"))]), here.checking.askFor(OTHERS)]);
  assert.deepEqual([here.checking.state.subject.code, verdicts(here)], [OTHERS, []]);
});

test("no file at all changes nothing", async () => {
  const here = world();
  await here.checking.askFor(facts.code);
  await here.checking.check([]);
  assert.equal(here.checking.state.subject?.code, facts.code);
});
