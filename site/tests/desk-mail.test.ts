import assert from "node:assert/strict";
import { test } from "node:test";

import { Problem, type Ask } from "../src/api/client.ts";
import { usePageData } from "../src/frame/words.ts";
import { Drafts } from "../src/desk/drafts.ts";
import { MailKeeper } from "../src/desk/mail.ts";
import type { FileOfMail } from "../src/desk/shapes.ts";

usePageData({
  page: "desk",
  workers: {},
  words: { inbox: { collected_by: "by {name}" }, mail: { collected: "yours", closed_first: "first {name}", done_answered: "done", closed_by: "closed {name}" } },
  amazigh: {},
});

const MAIL = { number: "ANAM-2026-000001", status: "submitted", attachments: [], answer_attachments: [], history: [], collected: null, outcome: null };
const OUTCOME = { outcome: "rejected", message: "no", by: "omar", at: "2026-11-28T01:00:00.000Z", redirected_to: null };

function world(answers: Record<string, unknown[]>) {
  const asked: string[] = [];
  const saved: string[] = [];
  let now = 0;
  const ask = ((method: string, path: string) => {
    asked.push(`${method} ${path}`);
    const answer = answers[`${method} ${path.split("?")[0]}`]?.shift();
    if (answer instanceof Error) {
      return Promise.reject(answer);
    }
    const { status = 200, ...body } = (answer ?? {}) as { status?: number };
    return Promise.resolve({ status: typeof status === "number" ? status : 200, body: answer ?? body });
  }) as Ask;
  const keeper = new MailKeeper(
    MAIL.number,
    {
      ask,
      now: () => now,
      isVisible: () => true,
      draw: () => undefined,
      focus: () => undefined,
      announce: () => undefined,
      save: (address) => void saved.push(address),
      who: () => "nadia",
      organism: () => "anam",
      store: null,
    },
    () => undefined,
  );
  const pass = async (milliseconds: number): Promise<void> => {
    now += milliseconds;
    keeper.tick();
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { keeper, asked, saved, pass };
}

const READ = `GET /v1/inbox/${MAIL.number}`;
const COLLECTION = `POST /v1/inbox/${MAIL.number}/collection`;

test("the second of two agents who collect sees who was first", async () => {
  const collected = { by: "omar", at: "2026-11-28T01:00:00.000Z" };
  const { keeper, asked } = world({ [READ]: [MAIL], [COLLECTION]: [{ number: MAIL.number, status: "collected", collected }] });
  await keeper.read();
  await keeper.collect();
  assert.deepEqual(keeper.state.notice, { words: "by omar", kind: "notice" });
  assert.equal(keeper.state.mail?.collected?.by, "omar");
  assert.deepEqual(asked, [READ, COLLECTION]);
});

test("what another agent did is seen within ten seconds, without an access while nothing changed", async () => {
  const page = (status: string) => ({ items: [{ number: MAIL.number, status }], next_cursor: null });
  const closed = { ...MAIL, status: "rejected", outcome: OUTCOME };
  const { keeper, asked, pass } = world({ [READ]: [MAIL, closed], "GET /v1/inbox": [page("submitted"), page("rejected")] });
  await keeper.read();
  await pass(9000);
  assert.equal(asked.filter((each) => each === READ).length, 1);
  await pass(9000);
  assert.deepEqual(keeper.state.notice, { words: "closed omar", kind: "notice" });
  assert.equal(keeper.state.mail?.outcome?.by, "omar");
});

test("of two outcomes the first is shown, and the second is not sent", async () => {
  const conflict = new Problem(409, { type: "/problems/already-closed", detail: "D" }, null);
  const closed = { ...MAIL, status: "rejected", outcome: OUTCOME };
  const { keeper } = world({ [READ]: [MAIL, closed], [`POST /v1/inbox/${MAIL.number}/outcome`]: [conflict] });
  await keeper.read();
  assert.equal(await keeper.close({ outcome: "answered", message: "yes" }), false);
  assert.deepEqual(keeper.state.notice, { words: "first omar", kind: "notice" });
  assert.equal(keeper.state.mail?.outcome?.message, "no");
});

test("a file that nobody could check is fetched after a warning alone", async () => {
  const file = { attachment_id: "a", check: "unchecked" } as FileOfMail;
  const place = `GET /v1/inbox/${MAIL.number}/attachments/a`;
  const { keeper, asked, saved } = world({ [place]: [{ url: "https://storage/a" }] });
  await keeper.fetch(file, false);
  assert.equal(keeper.state.fetched.get("a")?.state, "warned");
  assert.deepEqual(asked, []);
  await keeper.fetch(file, true);
  assert.deepEqual(asked, [`${place}?accept_unchecked=true`]);
  assert.deepEqual(saved, ["https://storage/a"]);
});

test("a draft is kept for its agent alone, for a week, until it is sent", () => {
  const held = new Map<string, string>();
  const store = {
    getItem: (name: string) => held.get(name) ?? null,
    setItem: (name: string, value: string) => void held.set(name, value),
    removeItem: (name: string) => void held.delete(name),
  };
  let now = 0;
  let who = "nadia";
  const drafts = new Drafts(store, () => who, () => now);
  drafts.keep("N-1", "answer", { message: "Bonjour", redirect_to: "" });
  assert.equal(drafts.read("N-1", "answer").message, "Bonjour");
  assert.equal(drafts.read("N-1", "reject").message, "");
  who = "omar";
  assert.equal(drafts.read("N-1", "answer").message, "");
  who = "nadia";
  now += 8 * 24 * 3_600_000;
  assert.equal(drafts.read("N-1", "answer").message, "");
  assert.equal(held.size, 0);
  drafts.keep("N-1", "answer", { message: "Encore", redirect_to: "" });
  drafts.forget("N-1");
  assert.equal(held.size, 0);
});
