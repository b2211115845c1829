import assert from "node:assert/strict";
import { test } from "node:test";

import { NoAnswer, Problem, type Ask } from "../src/api/client.ts";
import { usePageData } from "../src/frame/words.ts";
import { Entry } from "../src/desk/entry.ts";

usePageData({ page: "desk", workers: {}, words: {}, amazigh: {} });

const DESK = {
  organism_id: "anam",
  status: "active",
  accepts: { national_id: false, max_attachments: 20, max_attachment_bytes: 1000 },
  privacy_notice: { version: "3" },
};
const DONE = { mail_id: "m", number: "ANAM-2026-000007", submitted_at: "2026-11-28T01:00:00.000Z", verification_code: "V", follow_up_code: "F" };

/** A counter whose service answers from `answers`, by method and path; 200 with nothing where it has none. */
async function counter(answers: Record<string, unknown[]> = {}) {
  const asked: { place: string; body: unknown; token: string | undefined }[] = [];
  const ask = ((method: string, path: string, options: { body?: unknown; token?: string } = {}) => {
    const place = `${method} ${path}`;
    asked.push({ place, body: options.body, token: options.token });
    const usual: Record<string, unknown> = {
      "GET /v1/organisms/anam": DESK,
      "POST /v1/inbox/counter": { mail_id: "m", access_token: "t" },
      "POST /v1/mails/m/submission": DONE,
      "GET /v1/mails/m/receipt": { status: "pending" },
    };
    const answer = answers[place]?.shift() ?? usual[place] ?? {};
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve({ status: 200, body: answer, retryAfter: 60, at: 0 });
  }) as Ask;
  const around = {
    ask,
    now: () => 0,
    isVisible: () => true,
    draw: () => undefined,
    focus: () => undefined,
    announce: () => undefined,
    save: () => undefined,
    who: () => "nadia",
    organism: () => "anam",
    store: null,
  };
  const entry = new Entry(around, ask);
  await entry.open();
  return { entry, asked, places: () => asked.map((each) => each.place) };
}

function fill(entry: Entry): void {
  entry.write("subject", "Demande");
  entry.write("last_name", "Alaoui");
}

test("a paper without e-mail and telephone gets its number at once", async () => {
  const { entry, asked, places } = await counter();
  fill(entry);
  await entry.submit();
  entry.receipt?.stop();
  assert.equal(entry.state.done?.number, DONE.number);
  assert.deepEqual(places().slice(1, 5), [
    "POST /v1/inbox/counter",
    "PUT /v1/mails/m/letter",
    "PUT /v1/mails/m/sender",
    "POST /v1/mails/m/submission",
  ]);
  assert.deepEqual(asked[3]?.body, { kind: "citizen", privacy_notice_version: "3", last_name: "Alaoui" });
  assert(asked.slice(2, 5).every((each) => each.token === "t"));
});

test("an empty form asks nothing of the service and says what is missing", async () => {
  const { entry, places } = await counter();
  await entry.submit();
  assert.deepEqual([...entry.state.wrong.keys()], ["subject", "last_name"]);
  assert.deepEqual(places(), ["GET /v1/organisms/anam"]);
});

test("what the service refuses stands at its field, and nothing is lost", async () => {
  const refusal = new Problem(422, { type: "/problems/fields-wrong", errors: [{ field: "phone", message: "M" }] }, null);
  const { entry, places } = await counter({ "PUT /v1/mails/m/sender": [refusal] });
  fill(entry);
  entry.write("phone", "12");
  await entry.submit();
  assert.equal(entry.state.wrong.get("phone"), "M");
  assert.equal(entry.state.values.subject, "Demande");
  await entry.submit();
  entry.receipt?.stop();
  assert.equal(entry.state.stage, "done");
  assert.equal(places().filter((place) => place === "POST /v1/inbox/counter").length, 1);
});

test("an answer that was lost is asked for again: one paper, one number", async () => {
  const { entry, places } = await counter({
    "POST /v1/mails/m/submission": [new NoAnswer("timeout")],
    "PUT /v1/mails/m/letter": [{}, new Problem(409, { type: "/problems/already-submitted" }, null)],
  });
  fill(entry);
  await entry.submit();
  assert.equal(entry.state.stage, "typing");
  assert.notEqual(entry.state.trouble, "");
  await entry.submit();
  entry.receipt?.stop();
  assert.equal(entry.state.done?.number, DONE.number);
  assert.equal(places().filter((place) => place === "POST /v1/inbox/counter").length, 1);
});

test("the next paper begins empty, in a draft of its own", async () => {
  const { entry, places } = await counter();
  fill(entry);
  await entry.submit();
  entry.another();
  assert.deepEqual(entry.state.values, { kind: "request", sender_kind: "citizen" });
  fill(entry);
  await entry.submit();
  entry.receipt?.stop();
  assert.equal(places().filter((place) => place === "POST /v1/inbox/counter").length, 2);
});
