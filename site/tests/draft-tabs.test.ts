import assert from "node:assert/strict";
import { test } from "node:test";

import { NoAnswer } from "../src/api/client.ts";
import { newDraft } from "../src/draft/draft.ts";
import { Session } from "../src/draft/session.ts";
import { memoryStore } from "../src/draft/stores.ts";
import { ANAM, Browser, connected, problem, settled, writeLetter, writeSender } from "./draft-world.ts";

const SUBMIT = "POST /v1/mails/*/submission";

/** Two tabs on one draft, as after "duplicate tab". */
async function twice(browser: Browser): Promise<[Session, Session]> {
  const [here, there] = [await browser.tab(), await browser.tab()];
  const draft = newDraft("one", ANAM, "fr", browser.clock.now());
  return [connected(new Session(here, draft, () => undefined)), connected(new Session(there, structuredClone(draft), () => undefined))];
}

async function written(browser: Browser, session: Session): Promise<void> {
  await writeLetter(session);
  await writeSender(session);
  await session.settle();
  await browser.clock.pass(0);
}

test("a duplicated tab shows what is typed in the other one, and no text is lost", async () => {
  const browser = new Browser();
  const [one, other] = await twice(browser);
  await one.write("subject", "from one");
  await settled();
  assert.equal(other.values.subject, "from one");
  await Promise.all([one.write("body", "text"), other.write("reference", "R")]);
  await settled();
  for (const session of [one, other]) assert.deepEqual(session.values, { subject: "from one", body: "text", reference: "R" });
});

test("two tabs that type at once begin one mail", async () => {
  const browser = new Browser();
  const [one, other] = await twice(browser);
  await Promise.all([one.write("body", "a"), other.write("subject", "b")]);
  const both = Promise.all([one.settle(), other.settle()]);
  await browser.clock.pass(1_000);
  await both;
  assert.equal(browser.service.asked("POST /v1/mails"), 1);
  assert.equal(one.draft.mail.value?.mail_id, other.draft.mail.value?.mail_id);
});

test("what one tab brought to the server, the other does not send again", async () => {
  const browser = new Browser();
  const [one] = await twice(browser);
  await writeLetter(one);
  await browser.clock.pass(20_000);
  assert.equal(browser.service.asked("PUT /v1/mails/*/letter"), 1);
});

test("a tab that is closed before it saved: the other one brings its text to the server", async () => {
  const browser = new Browser();
  const [one] = await twice(browser);
  await writeLetter(one);
  await settled();
  one.close();
  await browser.clock.pass(20_000);
  assert.equal([...browser.service.mails.values()][0]?.letter?.["body"], "Bonjour");
});

test("two tabs that send at once send once, and both show the number", async () => {
  const browser = new Browser();
  const [one, other] = await twice(browser);
  await written(browser, one);
  await Promise.all([one.send(), other.send(), browser.clock.pass(1_000)]);
  await settled();
  assert.equal(browser.service.asked(SUBMIT), 1);
  assert.deepEqual([one.sent?.number, other.sent?.number], ["ANAM-2026-000001", "ANAM-2026-000001"]);
});

test("erased in one tab, the other keeps nothing and brings nothing back", async () => {
  const browser = new Browser();
  const [here, there] = [await browser.tab(), await browser.tab()];
  const draft = newDraft("one", ANAM, "fr", browser.clock.now());
  const other = connected(new Session(there, draft, () => undefined));
  await writeLetter(other);
  here.channel.post({ about: "erased" });
  await here.device.erase();
  await settled();
  assert(other.gone);
  await other.write("body", "typed after");
  await other.leave();
  assert.deepEqual(await browser.lasting.entries(), []);
});

test("a tab that slept while another erased writes nothing when it wakes", async () => {
  const browser = new Browser();
  const [here, there] = [await browser.tab(), await browser.tab()];
  const other = connected(new Session(there, newDraft("one", ANAM, "fr", browser.clock.now()), () => undefined));
  await writeLetter(other);
  await here.device.erase();
  await other.write("body", "typed after");
  assert(other.gone);
  assert.deepEqual(await browser.lasting.entries(), []);
});

test("one tab says that the computer is shared: both keep their text, and the device nothing", async () => {
  const browser = new Browser();
  const [one, other] = await twice(browser);
  await one.write("subject", "a");
  await other.write("body", "b");
  await settled();
  await one.choose(true);
  await settled();
  await other.write("body", "bc");
  await settled();
  assert.deepEqual(await browser.lasting.entries(), []);
  assert.deepEqual([one.values, other.values], [{ subject: "a", body: "bc" }, { subject: "a", body: "bc" }]);
  assert(!one.gone && !other.gone);
});

// Complaint 1: taps on "send" made several.
test("ten presses send once", async () => {
  const browser = new Browser();
  const session = await browser.session();
  await written(browser, session);
  const answers = await Promise.all(Array.from({ length: 10 }, () => session.send()));
  assert.equal(browser.service.asked(SUBMIT), 1);
  assert.equal(new Set(answers).size, 1);
  await session.send();
  assert.equal(browser.service.asked(SUBMIT), 1);
});

// Complaint 3: the answer to "send" was lost.
for (const fault of ["lost", new NoAnswer("timeout"), new NoAnswer("foreign"), problem(503, "try-again"), problem(429, "too-fast")] as const) {
  test(`"send" without an answer (${typeof fault === "string" ? fault : fault.message}) is sent again by itself: one number`, async () => {
    const browser = new Browser();
    const session = await browser.session();
    await written(browser, session);
    browser.service.fail(SUBMIT, fault, 2);
    const sending = session.send();
    await browser.clock.pass(10);
    assert.equal(session.sending.name === "sending" && session.sending.waiting !== null, true);
    await browser.clock.pass(10_000);
    const done = await sending;
    assert.equal(done.name === "sent" && done.sent.number, "ANAM-2026-000001");
    assert.equal(browser.service.asked(SUBMIT), 3);
    assert.equal([...browser.service.mails.values()].filter(({ number }) => number !== null).length, 1);
  });
}

test("without a network, \"send\" waits, and goes when it is back", async () => {
  const browser = new Browser();
  const session = await browser.session();
  await writeLetter(session);
  await writeSender(session);
  browser.service.fail("*", new NoAnswer("offline"), 1_000);
  const sending = session.send();
  await browser.clock.pass(300_000);
  assert.equal(session.sending.name, "sending");
  browser.service.recover();
  await Promise.all([session.wake(), browser.clock.pass(1_000)]);
  assert.equal((await sending).name, "sent");
});

test("steps that the server lacks although it took them are sent again, once", async () => {
  const browser = new Browser();
  const session = await browser.session();
  await written(browser, session);
  const mail = [...browser.service.mails.values()][0];
  assert(mail);
  mail.letter = null;
  assert.equal((await session.send()).name, "sent");
});

test("files that are missing or refused are named, and the mail can be sent once they are removed", async () => {
  const browser = new Browser();
  const session = await browser.session();
  await written(browser, session);
  browser.service.fail(SUBMIT, problem(409, "files-refused", { missing: ["attachments/1"], refused: ["attachments/2"] }));
  const refused = await session.send();
  assert(refused.name === "refused");
  assert.deepEqual([refused.missing, refused.refused], [["attachments/1"], ["attachments/2"]]);
  assert.equal((await session.send()).name, "sent");
});

test("a letter that is not finished is not sent, and it is said what is missing", async () => {
  const browser = new Browser();
  const session = await browser.session();
  await writeLetter(session);
  await session.write("sender_kind", "citizen");
  await session.write("last_name", "A");
  const state = await session.send();
  assert.deepEqual(state.name === "not-saved" && state.saving.name === "device-only" && state.saving.missing, ["email"]);
  assert.equal(browser.service.asked(SUBMIT), 0);
});

test("after sending, the page that comes back shows the number, and the device has no draft", async () => {
  const browser = new Browser();
  const tab = { ...memoryStore(), kind: "tab" } as const;
  const draft = newDraft("one", ANAM, "fr", browser.clock.now());
  const session = connected(new Session(await browser.tab(tab), draft, () => undefined));
  await written(browser, session);
  await session.send();
  assert.deepEqual(await (await browser.tab()).device.drafts(), []);
  // The same tab, an earlier step, with what the browser's cache had kept of it.
  const back = connected(new Session(await browser.tab(tab), draft, () => undefined));
  await back.wake();
  assert.equal(back.sent?.number, "ANAM-2026-000001");
  await back.write("body", "typed into the old page");
  assert.deepEqual(await browser.lasting.entries(), []);
});

test("the mail was sent elsewhere: typing here says the number, and begins no other mail", async () => {
  const browser = new Browser();
  const session = await browser.session();
  await written(browser, session);
  const mail = session.draft.mail.value;
  await browser.service.ask("POST", `/v1/mails/${mail?.mail_id ?? ""}/submission`, { token: mail?.access_token ?? "" });
  await session.write("body", "more");
  await browser.clock.pass(2_000);
  assert.equal(session.sent?.number, "ANAM-2026-000001");
  assert.equal(browser.service.asked("POST /v1/mails"), 1);
});
