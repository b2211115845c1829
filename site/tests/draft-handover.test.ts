import assert from "node:assert/strict";
import { test } from "node:test";

import { draftFrom, handedIn, linkFor } from "../src/draft/handover.ts";
import type { MailView } from "../src/draft/pushing.ts";
import { Session } from "../src/draft/session.ts";
import { Browser, connected, writeLetter, writeSender } from "./draft-world.ts";

const MAIL = { mail_id: "0199a0e2-6a0b-7c55-9e0f-0b6d7f3f8a11", access_token: "x3JQm0f0H1k5bQyJr4Jp3m8mQ2r9v5mYp3d0b7VZkXo" };

test("the link has what opens the mail behind #, and gives it back", () => {
  const link = linkFor("https://bod.ma", "ar", MAIL);
  const { pathname, search, hash } = new URL(link);
  assert.deepEqual([pathname, search], ["/ar/", ""]);
  assert.deepEqual(handedIn(hash), MAIL);
});

for (const [fragment, found] of [
  [`#continue%3D${MAIL.mail_id}.${MAIL.access_token}`, true],
  [`#continue=${MAIL.mail_id.toUpperCase()}.${MAIL.access_token}`, true],
  ["#write", false],
  ["#continue=", false],
  [`#continue=${MAIL.mail_id}`, false],
  [`#continue=../../x.${MAIL.access_token}`, false],
  [`#continue=${MAIL.mail_id}.<script>`, false],
  ["#%E0%A4%A", false],
] as const) {
  test(`${fragment.slice(0, 24)}… ${found ? "hands over" : "hands nothing over"}`, () => assert.equal(handedIn(fragment) !== null, found));
}

async function phone(browser: Browser, first: Session): Promise<Session> {
  const mail = first.draft.mail.value;
  assert(mail);
  const { body } = await browser.service.ask<MailView>("GET", `/v1/mails/${mail.mail_id}`, { token: mail.access_token });
  const elsewhere = new Browser();
  const parts = { ...(await elsewhere.tab()), ask: browser.service.ask, clock: browser.clock };
  return connected(new Session(parts, draftFrom(body, mail, "phone", browser.clock.now()), () => undefined));
}

async function begun(browser: Browser): Promise<Session> {
  const session = await browser.session();
  await writeLetter(session);
  await session.write("dated.day", "5");
  await session.write("dated.month", "2");
  await session.write("dated.year", "2026");
  await writeSender(session);
  await session.write("national_id", "AB123456");
  await session.settle();
  return session;
}

test("the phone has every field, and sends nothing that did not change", async () => {
  const browser = new Browser();
  const first = await begun(browser);
  const second = await phone(browser, first);
  const typed = Object.entries(first.values).filter(([name]) => name !== "national_id");
  const values: Record<string, string> = second.values;
  for (const [name, value] of typed) assert.equal(values[name], value, name);
  const before = browser.service.requests.length;
  assert.equal((await second.settle()).name, "saved");
  assert.equal(browser.service.requests.length, before);
});

test("the identity number, which the server masks, is said to be there and is not overwritten by its mask", async () => {
  const browser = new Browser();
  const second = await phone(browser, await begun(browser));
  assert.equal(second.draft.masked_national_id, "AB••••56");
  assert.equal(second.values.national_id, undefined);
  await second.settle();
  assert.equal([...browser.service.mails.values()][0]?.sender?.["national_id"], "AB123456");
});

test("the first device shows what the phone types, keeps its own text, and shows the number once it is sent", async () => {
  const browser = new Browser();
  const first = await begun(browser);
  await first.handOver();
  await browser.clock.pass(10);
  const second = await phone(browser, first);
  await first.write("reference", "typed here meanwhile");
  await second.write("body", "typed on the phone");
  await second.settle();
  await browser.clock.pass(40_000);
  for (const session of [first, second]) {
    assert.equal(session.values.body, "typed on the phone");
    assert.equal(session.values.reference, "typed here meanwhile");
  }
  const [mail] = [...browser.service.mails.values()];
  assert.deepEqual([mail?.letter?.["body"], mail?.letter?.["reference"]], ["typed on the phone", "typed here meanwhile"]);
  await second.send();
  await browser.clock.pass(40_000);
  assert.equal(first.sent?.number, "ANAM-2026-000001");
  first.close();
  second.close();
});

test("what is sent is what stands on the device that sends, whatever the other one wrote a moment before", async () => {
  const browser = new Browser();
  const first = await begun(browser);
  const second = await phone(browser, first);
  const [mail] = [...browser.service.mails.values()];
  assert(mail?.letter);
  mail.letter = { ...mail.letter, body: "written over" };
  await second.send();
  assert.equal(mail.letter["body"], "Bonjour");
  second.close();
});
