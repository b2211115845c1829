import assert from "node:assert/strict";
import { test } from "node:test";

import { NoAnswer } from "../src/api/client.ts";
import { pauseBefore } from "../src/draft/retry.ts";
import { valuesOf } from "../src/draft/draft.ts";
import { Browser, DAY, problem, settled, writeLetter, writeSender } from "./draft-world.ts";

const OFFLINE = new NoAnswer("offline");
const PUT_LETTER = "PUT /v1/mails/*/letter";
const PUT_SENDER = "PUT /v1/mails/*/sender";

test("the first thing typed begins the mail, and the letter follows once it is one", async () => {
  const browser = new Browser();
  const session = await browser.session();
  const shown = [session.saving.name];
  await session.write("body", "B");
  shown.push(session.saving.name);
  assert.deepEqual(shown, ["empty", "saving"]);
  await browser.clock.pass(1_000);
  assert.equal(browser.service.asked("POST /v1/mails"), 1);
  // The API takes no letter without kind and subject: only the device has it, and it is said.
  assert.equal(browser.service.asked(PUT_LETTER), 0);
  assert.deepEqual(session.saving, { name: "device-only", why: "incomplete", retryAt: null, missing: ["kind", "subject"] });
  await writeLetter(session);
  await browser.clock.pass(1_000);
  assert.deepEqual([session.saving.name, browser.service.asked(PUT_LETTER)], ["saved", 1]);
  assert.equal([...browser.service.mails.values()][0]?.letter?.["body"], "Bonjour");
});

test("each letter typed is on the device at once, whatever the network does", async () => {
  const browser = new Browser();
  browser.service.fail("*", OFFLINE, 1_000);
  const session = await browser.session();
  let text = "";
  for (const letter of "Bonjour, تحية") await session.write("body", (text += letter));
  const draft = (await (await browser.tab()).device.drafts())[0];
  assert.equal(draft && valuesOf(draft).body, text);
});

test("ten letters typed at once make one request", async () => {
  const browser = new Browser();
  const session = await browser.session();
  await writeLetter(session);
  for (let length = 1; length <= 10; length += 1) {
    await session.write("body", "x".repeat(length));
    await browser.clock.pass(50);
  }
  await browser.clock.pass(2_000);
  assert.equal(browser.service.asked(PUT_LETTER), 1);
});

test("what is typed while a request is under way goes after it, and only the latest", async () => {
  const browser = new Browser();
  const session = await browser.session();
  await writeLetter(session);
  await session.settle();
  let go = (): void => undefined;
  browser.service.fail(PUT_LETTER, () => new Promise((resolve) => (go = resolve)));
  await session.write("body", "1");
  await browser.clock.pass(1_000);
  for (const text of ["2", "3", "4"]) {
    await session.write("body", text);
    await browser.clock.pass(1_000);
  }
  go();
  await browser.clock.pass(1_000);
  const sent = browser.service.requests.filter(({ place }) => place === PUT_LETTER).map(({ body }) => (body as { body: string }).body);
  assert.deepEqual(sent, ["Bonjour", "1", "4"]);
  assert.equal(session.saving.name, "saved");
});

for (const [why, error] of [
  ["offline", OFFLINE],
  ["slow", new NoAnswer("timeout")],
  ["foreign", new NoAnswer("foreign")],
  ["busy", problem(503, "try-again")],
  ["busy", problem(429, "too-fast")],
] as const) {
  test(`${why} (${error.message}): only the device has it, it is said, and it goes by itself later`, async () => {
    const browser = new Browser();
    browser.service.fail(PUT_LETTER, error, 3);
    const session = await browser.session();
    await writeLetter(session);
    await browser.clock.pass(1_000);
    assert.deepEqual([session.saving.name, "why" in session.saving && session.saving.why], ["device-only", why]);
    await browser.clock.pass(20_000);
    assert.deepEqual([session.saving.name, browser.service.asked(PUT_LETTER)], ["saved", 4]);
  });
}

test("two minutes without the API while typing, then a reload: every letter is there, and goes", async () => {
  const browser = new Browser();
  browser.service.fail("*", OFFLINE, 1_000);
  const session = await browser.session();
  await writeLetter(session);
  for (let second = 0; second < 120; second += 1) {
    await session.write("body", `${session.values.body ?? ""}${second} `);
    await browser.clock.pass(1_000);
  }
  const typed = session.values.body;
  session.close();
  const again = await browser.session((await (await browser.tab()).device.drafts())[0]);
  assert.equal(again.values.body, typed);
  browser.service.recover();
  await again.wake();
  assert.equal([...browser.service.mails.values()][0]?.letter?.["body"], typed);
});

test("Retry-After is waited for", async () => {
  const browser = new Browser();
  browser.service.fail(PUT_LETTER, problem(429, "too-fast", {}, 60));
  const session = await browser.session();
  await writeLetter(session);
  await browser.clock.pass(59_000);
  assert.equal(browser.service.asked(PUT_LETTER), 1);
  await browser.clock.pass(4_000);
  assert.equal(browser.service.asked(PUT_LETTER), 2);
});

test("pauses double up to a minute, and half of each is chance", () => {
  const pauses = [0, 1, 2, 3, 10].map((attempt) => [pauseBefore(attempt, null, () => 0), pauseBefore(attempt, null, () => 1)]);
  assert.deepEqual(pauses, [[500, 1_000], [1_000, 2_000], [2_000, 4_000], [4_000, 8_000], [30_000, 60_000]]);
  assert.equal(pauseBefore(0, 10, () => 0), 10_000);
});

test("the network is back: what waits goes at once", async () => {
  const browser = new Browser();
  browser.service.fail("*", OFFLINE, 8);
  const session = await browser.session();
  await writeLetter(session);
  await browser.clock.pass(60_000);
  browser.service.recover();
  await session.wake();
  assert.equal(session.saving.name, "saved");
});

test("a field that the API refuses is said at the field, is not sent again, and hinders nothing else", async () => {
  const browser = new Browser();
  const session = await browser.session();
  await writeLetter(session);
  await writeSender(session);
  await session.write("email", "no address");
  await browser.clock.pass(1_000);
  assert.equal(session.saving.name, "failed");
  assert.deepEqual(session.pushing.problem("sender")?.errors, [{ field: "email", message: "Cette adresse n’est pas valide." }]);
  assert(session.pushing.has("letter"));
  await browser.clock.pass(120_000);
  assert.equal(browser.service.asked(PUT_SENDER), 1);
  await session.write("email", "a@b.ma");
  assert.equal(session.pushing.problem("sender"), null);
  await browser.clock.pass(1_000);
  assert.equal(session.saving.name, "saved");
});

test("what the API understood is known", async () => {
  const browser = new Browser();
  const session = await browser.session();
  await writeSender(session);
  await session.write("phone", "06 12 34 56 78");
  await session.settle();
  assert.equal(session.view?.sender?.["phone"], "+212612345678");
});

test("a public body that takes no mail now: the text stays, it is said, and a press tries again", async () => {
  const browser = new Browser();
  browser.service.fail("POST /v1/mails", problem(409, "organism-suspended"));
  const session = await browser.session();
  await writeLetter(session);
  await browser.clock.pass(60_000);
  assert.equal(session.saving.name === "failed" && session.saving.problem.slug, "organism-suspended");
  assert.equal(browser.service.asked("POST /v1/mails"), 1);
  assert.equal((await session.settle()).name, "saved");
});

test("what is shown is true again once there is nothing to bring to the server", async () => {
  const browser = new Browser();
  const shown: string[] = [];
  const session = await browser.session(undefined, () => shown.push(session.saving.name));
  await writeLetter(session);
  await session.settle();
  await session.write("privacy_notice_version", "1");
  await browser.clock.pass(1_000);
  assert.equal(shown.at(-1), "saved");
});

test("a subject that is deleted again: the device alone has that, and the server keeps the last letter", async () => {
  const browser = new Browser();
  const session = await browser.session();
  await writeLetter(session);
  await session.settle();
  await session.write("subject", "");
  await browser.clock.pass(2_000);
  assert.deepEqual(session.saving.name === "device-only" && session.saving.missing, ["subject"]);
});

test("a foreign 404 is a matter of the network, never the draft's end", async () => {
  const browser = new Browser();
  const session = await browser.session();
  await writeLetter(session);
  await session.settle();
  browser.service.fail(PUT_LETTER, new NoAnswer("foreign"));
  await session.write("body", "more");
  await browser.clock.pass(1_000);
  assert.equal(session.saving.name, "device-only");
  await browser.clock.pass(2_000);
  assert.equal(session.saving.name, "saved");
});

test("the draft's end is said 20 minutes before; after it one press goes on in another mail", async () => {
  const browser = new Browser();
  const session = await browser.session();
  await writeLetter(session);
  await session.settle();
  await browser.clock.pass(DAY - 21 * 60_000);
  const early = session.remaining.name;
  await browser.clock.pass(2 * 60_000);
  const { remaining } = session;
  assert.deepEqual([early, remaining.name === "ending" && remaining.minutes], ["long", 19]);
  await browser.clock.pass(20 * 60_000);
  assert.equal(session.saving.name, "ended");
  await session.write("body", "typed after the end");
  assert.equal((await session.renew()).name, "saved");
  const [, second] = [...browser.service.mails.values()];
  assert.deepEqual([second?.letter?.["subject"], second?.letter?.["body"]], ["Demande d’attestation", "typed after the end"]);
  assert.equal(session.draft.mail.value?.mail_id, second?.mail_id);
});

test("the server says that the draft is over before its time: the same press helps", async () => {
  const browser = new Browser();
  const session = await browser.session();
  await writeLetter(session);
  await session.settle();
  browser.service.mails.clear();
  await session.write("body", "more");
  await browser.clock.pass(1_000);
  assert.equal(session.saving.name, "ended");
  assert.equal((await session.renew()).name, "saved");
});

test("a device whose clock is wrong is told of the end in time", async () => {
  const browser = new Browser();
  const session = await browser.session();
  await writeLetter(session);
  await session.settle();
  // The device's clock is put back by a day; the service's answers say what time it is.
  const server = browser.clock.time;
  browser.clock.time -= DAY;
  session.pushing.skew = server - browser.clock.time;
  const early = session.remaining;
  browser.clock.time += DAY - 10 * 60_000;
  assert.deepEqual([early.name, session.remaining.name], ["long", "ending"]);
});

test("a device that can keep no more goes on in the tab, and says so", async () => {
  const browser = new Browser();
  let full = false;
  const keeps = browser.lasting;
  browser.lasting = {
    ...keeps,
    update: (key, change) => (full ? Promise.reject(new DOMException("", "QuotaExceededError")) : keeps.update(key, change)),
  };
  const session = await browser.session();
  await session.write("subject", "a");
  assert.equal(session.kept, "device");
  full = true;
  await session.write("subject", "ab");
  assert.equal(session.kept, "tab");
  await settled();
});
