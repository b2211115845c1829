/** A draft before what brings it to the server is loaded: the device has each letter, and the server gets them afterwards. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { type Draft, newDraft, valuesOf } from "../src/draft/draft.ts";
import { Session } from "../src/draft/session.ts";
import { ANAM, Browser, connected, settled, writeLetter } from "./draft-world.ts";

const PUT_LETTER = "PUT /v1/mails/*/letter";

async function apart(browser: Browser, draft: Draft = newDraft("one", ANAM, "fr", browser.clock.now())): Promise<Session> {
  return new Session(await browser.tab(), draft, () => undefined);
}

test("an empty letter is called empty, whether or not the rest comes", async () => {
  const session = await apart(new Browser());
  assert.deepEqual([session.saving.name, session.has("letter"), session.view, session.sending.name], ["empty", false, null, "idle"]);
  session.stayApart("offline");
  assert.equal(session.saving.name, "empty");
});

test("each letter typed is on the device at once, and goes to the server once it can: one mail, one request", async () => {
  const browser = new Browser();
  const session = await apart(browser);
  await writeLetter(session);
  assert.equal(session.saving.name, "saving");
  const draft = (await (await browser.tab()).device.drafts())[0];
  assert.equal(draft && valuesOf(draft).body, "Bonjour");
  await browser.clock.pass(5_000);
  assert.equal(browser.service.requests.length, 0);
  connected(session);
  await session.write("body", "Bonjour, تحية");
  await browser.clock.pass(2_000);
  assert.deepEqual([session.saving.name, browser.service.asked("POST /v1/mails"), browser.service.asked(PUT_LETTER)], ["saved", 1, 1]);
  assert.equal([...browser.service.mails.values()][0]?.letter?.["body"], "Bonjour, تحية");
});

for (const why of ["offline", "slow"] as const) {
  test(`what comes not (${why}) is said, and "continue" does not wait for it; it may still come`, async () => {
    const browser = new Browser();
    const session = await apart(browser);
    await writeLetter(session);
    let saving: unknown;
    void session.settle().then((found) => (saving = found));
    await settled();
    assert.equal(saving, undefined, "it is waited for");
    session.stayApart(why);
    await settled();
    assert.deepEqual(saving, { name: "device-only", why, retryAt: null, missing: [] });
    connected(session);
    assert.equal((await session.settle()).name, "saved");
    session.stayApart(why);
    assert.equal(session.saving.name, "saved", "once it is there, it stays");
  });
}

test("a letter that was begun goes on: what the server lacks goes at once", async () => {
  const browser = new Browser();
  const before = await apart(browser);
  await writeLetter(before);
  before.close();
  const kept = (await (await browser.tab()).device.drafts())[0];
  assert(kept);
  const session = connected(await apart(browser, kept));
  await settled();
  assert.deepEqual([session.saving.name, browser.service.asked(PUT_LETTER)], ["saved", 1]);
});

test("a mail that another tab sent meanwhile is shown as sent, and nothing goes to the server", async () => {
  const browser = new Browser();
  const first = await browser.session();
  const other = await apart(browser);
  await writeLetter(first);
  await settled();
  assert.equal(other.values.body, "Bonjour");
  await first.settle();
  const requests = browser.service.requests.length;
  const sent = { draft_id: "one", mail_id: "m", access_token: "t", organism: ANAM, number: "ANAM-2026-000001", submitted_at: "2026-11-27T14:05:00.000Z", verification_code: "7Q2M-4C9T-XV3E-8KHA", follow_up_code: "K4ZP-90WD-3RTB-6YMJ", email: null };
  (await browser.tab()).channel.post({ about: "sent", sent });
  await settled();
  connected(other);
  await browser.clock.pass(10_000);
  assert.deepEqual([other.sending.name, other.sent?.number, browser.service.requests.length], ["sent", sent.number, requests]);
});

test("the tab went to another mail: what comes late does nothing", async () => {
  const browser = new Browser();
  const session = await apart(browser);
  await writeLetter(session);
  session.close();
  connected(session);
  await browser.clock.pass(10_000);
  assert.equal(browser.service.requests.length, 0);
});
