import assert from "node:assert/strict";
import { test } from "node:test";

import { Device, Gone, type Sent } from "../src/draft/device.ts";
import { merged, newDraft, valuesOf, withField, withFiles, filesOf } from "../src/draft/draft.ts";
import { firstThatKeeps, memoryStore, type Store, tabStore } from "../src/draft/stores.ts";
import type { QueuedFile } from "../src/files/types.ts";
import { ANAM, DAY } from "./draft-world.ts";

const NOW = Date.UTC(2026, 10, 27);
const SENT: Sent = {
  draft_id: "one",
  mail_id: "m",
  access_token: "secret",
  organism: ANAM,
  number: "ANAM-2026-000001",
  submitted_at: "2026-11-27T14:05:00.000Z",
  verification_code: "7Q2M-4C9T-XV3E-8KHA",
  follow_up_code: "K4ZP-90WD-3RTB-6YMJ",
  email: "f…@e….ma",
};

function lastingStore(): Store {
  return { ...memoryStore(), kind: "device" };
}

async function opened(lasting = lastingStore(), tab: Store = { ...memoryStore(), kind: "tab" }): Promise<Device> {
  return Device.open(lasting, tab, () => NOW);
}

function draftWith(subject: string, id = "one", now = NOW): ReturnType<typeof newDraft> {
  return withField(newDraft(id, ANAM, "fr", now), "subject", subject, now);
}

function file(key: string, more: Partial<QueuedFile> = {}): QueuedFile {
  const none = { again: null, problem: null, note: null, check: null, reason: null, reasonCode: null };
  return { ...none, key, name: `${key}.pdf`, size: 10, mediaType: "application/pdf", sha256: "0".repeat(64), attachment_id: null, maybeAnnounced: false, state: "waiting", done: 0, ...more };
}

async function textOf(store: Store): Promise<string> {
  return JSON.stringify(await store.entries());
}

test("a draft is there again when the browser comes back", async () => {
  const lasting = lastingStore();
  await (await opened(lasting)).save(draftWith("s"));
  assert.equal(valuesOf((await (await opened(lasting)).drafts())[0] ?? draftWith("")).subject, "s");
});

test("drafts come with the last one touched first, and those of more than a week ago are removed", async () => {
  const device = await opened();
  await device.save(draftWith("old", "old", NOW - 7 * DAY - 1));
  await device.save(draftWith("yesterday", "yesterday", NOW - DAY));
  await device.save(draftWith("now", "now", NOW));
  assert.deepEqual((await device.drafts()).map(({ id }) => id), ["now", "yesterday"]);
  assert.equal(await device.load("old"), null);
});

test("what two tabs write in different fields is all kept, and in the same field what was written last", async () => {
  const lasting = lastingStore();
  const [one, other] = [await opened(lasting), await opened(lasting)];
  const begun = draftWith("first");
  await one.save(begun);
  await one.save(withField(withField(begun, "body", "text", NOW + 1), "subject", "second", NOW + 5));
  await other.save(withField(withField(begun, "reference", "R", NOW + 2), "subject", "earlier", NOW + 3));
  const kept = await one.load("one");
  assert.deepEqual(kept && valuesOf(kept), { subject: "second", body: "text", reference: "R" });
});

test("two values of one millisecond end as the same one in both tabs", () => {
  const begun = newDraft("one", ANAM, "fr", NOW);
  const [one, other] = [withField(begun, "subject", "a", NOW), withField(begun, "subject", "b", NOW)];
  assert.deepEqual(merged(one, other).fields, merged(other, one).fields);
});

test("a clock that was put back does not make older text win", () => {
  const first = draftWith("first");
  const second = withField(first, "subject", "second", NOW - DAY);
  assert.equal(valuesOf(merged(first, second)).subject, "second");
});

test("files of two tabs are all kept, and one that was removed stays so", () => {
  const chosen = [file("a"), file("b")];
  const begun = withFiles(newDraft("one", ANAM, "fr", NOW), [], chosen, NOW);
  const one = withFiles(begun, chosen, [file("b"), file("c")], NOW + 1);
  const other = withFiles(begun, chosen, [file("a"), file("b", { state: "sent", attachment_id: "7" })], NOW + 2);
  assert.deepEqual(filesOf(merged(one, other)).map(({ key, state }) => [key, state]), [["b", "sent"], ["c", "waiting"]]);
});

test("a file's progress alone is nothing to write down", () => {
  const begun = withFiles(newDraft("one", ANAM, "fr", NOW), [], [file("a", { state: "sending" })], NOW);
  assert.equal(withFiles(begun, [], [file("a", { state: "sending", done: 9 })], NOW + 1), begun);
});

test("a tab's queue removes none of another tab's files", () => {
  const begun = withFiles(newDraft("one", ANAM, "fr", NOW), [], [file("theirs")], NOW);
  assert.deepEqual(filesOf(withFiles(begun, [], [file("own")], NOW + 1)).map(({ key }) => key), ["theirs", "own"]);
});

test("what another tab took away is not written again", async () => {
  const lasting = lastingStore();
  const [one, other] = [await opened(lasting), await opened(lasting)];
  await one.save(draftWith("s"));
  await other.erase();
  await assert.rejects(one.save(draftWith("s")), Gone);
  assert.equal(await textOf(lasting), "[]");
});

test("on a shared computer nothing stays on the device, and the tab has all", async () => {
  const [lasting, tab] = [lastingStore(), { ...memoryStore(), kind: "tab" } as const];
  const device = await opened(lasting, tab);
  await device.save(draftWith("typed before it was asked"));
  await device.useDesk("anam");
  await device.choose(true);
  await device.save(draftWith("typed after", "two"));
  await device.useDesk("rabat");
  assert.equal(await textOf(lasting), "[]");
  assert.deepEqual((await device.drafts()).map(({ id }) => id).sort(), ["one", "two"]);
  // Reloaded: the same tab knows, another one asks again.
  assert.equal((await opened(lasting, tab)).shared, true);
  assert.equal((await opened(lasting)).shared, null);
});

test("a device of one's own is asked about once", async () => {
  const lasting = lastingStore();
  await (await opened(lasting)).choose(false);
  assert.equal((await opened(lasting)).shared, false);
});

test("who said by mistake that it was shared gets the draft on the device", async () => {
  const lasting = lastingStore();
  const device = await opened(lasting);
  await device.save(draftWith("s"));
  await device.choose(true);
  await device.choose(false);
  assert.equal((await (await opened(lasting)).drafts()).length, 1);
});

for (const shared of [null, true, false]) {
  test(`after sending, nothing typed stays anywhere (shared: ${shared})`, async () => {
    const [lasting, tab] = [lastingStore(), { ...memoryStore(), kind: "tab" } as const];
    const device = await opened(lasting, tab);
    if (shared !== null) await device.choose(shared);
    await device.save(draftWith("SECRET"));
    await device.useDesk("anam");
    await device.markSent(SENT);
    assert(!(await textOf(lasting)).includes("SECRET") && !(await textOf(tab)).includes("SECRET"));
    // Where it was not said that the device is one's own, the device itself is empty.
    assert.equal((await lasting.entries()).length, shared === false ? 2 : 0);
    assert.equal((await device.sentOf("one"))?.number, SENT.number);
    assert.deepEqual(await device.keptSent(), []);
  });
}

test("a number that the sender chose to keep stays on the device, without what opens the mail", async () => {
  const lasting = lastingStore();
  await (await opened(lasting)).keepSent(SENT);
  assert.deepEqual((await (await opened(lasting)).keptSent()).map(({ number }) => number), [SENT.number]);
  assert(!(await textOf(lasting)).includes("secret"));
});

test("desks used lately: the last one first, each once, five at most", async () => {
  const device = await opened();
  for (const id of ["a", "b", "c", "d", "e", "f", "b"]) await device.useDesk(id);
  assert.deepEqual(await device.desks(), ["b", "f", "e", "d", "c"]);
});

test("one press erases drafts, desks, kept numbers and what the tab knows", async () => {
  const [lasting, tab] = [lastingStore(), { ...memoryStore(), kind: "tab" } as const];
  const device = await opened(lasting, tab);
  await device.choose(false);
  await device.save(draftWith("s"));
  await device.useDesk("anam");
  await device.keepSent(SENT);
  await device.markSent({ ...SENT, draft_id: "two" });
  await device.setCurrent("one");
  const { drafts, sent, desks } = await device.contents();
  assert.deepEqual([drafts.length, sent.length, desks], [1, 1, 1]);
  await device.erase();
  assert.deepEqual([await textOf(lasting), await textOf(tab), device.shared], ["[]", "[]", null]);
});

function broken(failure: () => Promise<never>): Store {
  return { kind: "device", get: failure, update: failure, remove: failure, entries: failure, clear: failure };
}

for (const [name, store] of [
  ["refuses", broken(() => Promise.reject(new DOMException("", "InvalidStateError")))],
  ["never answers", broken(() => new Promise<never>(() => undefined))],
  ["forgets", { ...memoryStore(), kind: "device", get: () => Promise.resolve(undefined) } as Store],
] as const) {
  test(`a browser whose database ${name} keeps drafts in the tab`, async () => {
    const tab: Store = { ...memoryStore(), kind: "tab" };
    assert.equal((await firstThatKeeps([store, tab], 20)).kind, "tab");
  });
}

test("a browser that keeps nothing at all has the page's memory", async () => {
  assert.equal((await firstThatKeeps([broken(() => Promise.reject(new Error()))])).kind, "memory");
});

test("a tab's storage keeps what is ours, and clears nothing else", async () => {
  const storage: Record<string, string> = { theirs: "1" };
  const fake = Object.create(
    { getItem: (key: string) => storage[key] ?? null, setItem: (key: string, value: string) => void (storage[key] = value), removeItem: (key: string) => void Reflect.deleteProperty(storage, key) },
  ) as Storage;
  const store = tabStore(new Proxy(fake, { ownKeys: () => Object.keys(storage), getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) }));
  await store.update("a", () => ({ b: 1 }));
  assert.deepEqual(await store.entries(), [["a", { b: 1 }]]);
  await store.clear();
  assert.deepEqual(storage, { theirs: "1" });
});
