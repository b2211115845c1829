import assert from "node:assert/strict";
import { test } from "node:test";

import { NoAnswer, Problem, type Answer, type Ask } from "../src/api/client.ts";
import { DeskSearch, TYPING_PAUSE } from "../src/send/desk-search.ts";
import { HandClock } from "./files-support.ts";

/** A service whose answers a test gives when it likes. */
class Service {
  readonly asked: { query: URLSearchParams; answer: (ids: string[], next?: string) => Promise<void>; fail: (error: Error) => Promise<void> }[] = [];
  readonly ask = ((_method: string, path: string) =>
    new Promise<Answer<unknown>>((resolve, reject) => {
      const settled = () => new Promise<void>((done) => setImmediate(done));
      this.asked.push({
        query: new URLSearchParams(path.split("?")[1]),
        answer: (ids, next) => {
          const items = ids.map((organism_id) => ({ organism_id }));
          resolve({ status: 200, body: { items, next_cursor: next ?? null }, retryAfter: null, at: 0 });
          return settled();
        },
        fail: (error: Error) => {
          reject(error);
          return settled();
        },
      });
    })) as unknown as Ask;
  get last() {
    const last = this.asked.at(-1);
    assert(last);
    return last;
  }
}

function begun() {
  const clock = new HandClock();
  const service = new Service();
  const said: [number, boolean][] = [];
  const search = new DeskSearch({
    ask: service.ask,
    clock,
    changed: () => undefined,
    found: (shown, more) => said.push([shown, more]),
  });
  return { clock, service, said, search };
}

const ids = (search: DeskSearch) => search.found?.items.map(({ organism_id }) => organism_id);

test("one request for a word, once its letters have paused", async () => {
  const { clock, service, said, search } = begun();
  for (const typed of ["a", "an", "ana"]) {
    search.type(typed);
    await clock.pass(TYPING_PAUSE - 1);
  }
  assert.equal(service.asked.length, 0);
  await clock.pass(1);
  assert.deepEqual(Object.fromEntries(service.last.query), { limit: "25", q: "ana" });
  await service.last.answer(["anam"]);
  assert.deepEqual([ids(search), said], [["anam"], [[1, false]]]);
  assert.equal(service.asked.length, 1);
});

test("an answer that comes late does not take the place of a later one", async () => {
  const { clock, service, said, search } = begun();
  search.type("a");
  await clock.pass(TYPING_PAUSE);
  const early = service.last;
  search.type("anam");
  await clock.pass(TYPING_PAUSE);
  await service.last.answer(["anam"]);
  await early.answer(["add", "anam"]);
  assert.deepEqual([ids(search), said], [["anam"], [[1, false]]]);
});

test("an answer that comes after the field was emptied shows nothing", async () => {
  const { clock, service, said, search } = begun();
  search.type("a");
  await clock.pass(TYPING_PAUSE);
  search.type("");
  await service.last.answer(["anam"]);
  assert.deepEqual([search.found, search.working, said], [null, null, []]);
});

for (const [name, words] of [
  ["spaces", "   "],
  ["an invisible mark", "\u200f"],
  ["a dash", " - "],
] as const) {
  test(`${name} is no search`, async () => {
    const { clock, service, search } = begun();
    search.type(words);
    await clock.pass(TYPING_PAUSE);
    assert.deepEqual([search.asked, service.asked.length], [false, 0]);
  });
}

test("a category is asked for at once, with the words that are there", async () => {
  const { clock, service, search } = begun();
  search.type("santé");
  search.choose("ministry");
  await clock.pass(0);
  assert.deepEqual(Object.fromEntries(service.last.query), { limit: "25", q: "santé", category: "ministry" });
});

test("the next page is added, once, however often it is asked for", async () => {
  const { clock, service, said, search } = begun();
  search.choose("ministry");
  await clock.pass(0);
  await service.last.answer(["mi", "mj"], "second");
  search.more();
  search.more();
  assert.equal(service.asked.length, 2);
  assert.deepEqual(Object.fromEntries(service.last.query), { limit: "25", category: "ministry", cursor: "second" });
  await service.last.answer(["sgg"]);
  assert.deepEqual([ids(search), said], [["mi", "mj", "sgg"], [[2, true], [3, false]]]);
  search.more();
  assert.equal(service.asked.length, 2);
});

test("new words end a next page under way", async () => {
  const { clock, service, search } = begun();
  search.choose("ministry");
  await clock.pass(0);
  await service.last.answer(["mi"], "second");
  search.more();
  const late = service.last;
  search.type("justice");
  await clock.pass(TYPING_PAUSE);
  await service.last.answer(["mj"]);
  await late.answer(["sgg"]);
  assert.deepEqual(ids(search), ["mj"]);
});

for (const [name, error, seconds] of [
  ["no network", new NoAnswer("offline"), 1],
  ["a busy service that says when", new Problem(429, {}, 7), 7.5],
  ["a fault of the service", new Problem(503, {}, null), 1],
] as const) {
  test(`${name}: it is said, and asked again by itself`, async () => {
    const { clock, service, search } = begun();
    search.type("anam");
    await clock.pass(TYPING_PAUSE);
    await service.last.fail(error);
    assert.deepEqual([search.fault, search.canRetry, search.found], [error, true, null]);
    await clock.pass(seconds * 1000 - 1);
    assert.equal(service.asked.length, 1);
    await clock.pass(1);
    await service.last.answer(["anam"]);
    assert.deepEqual([search.fault, ids(search)], [null, ["anam"]]);
  });
}

test("it is not asked for ever, but a press asks again", async () => {
  const { clock, service, search } = begun();
  search.type("anam");
  await clock.pass(TYPING_PAUSE);
  for (let attempt = 0; attempt < 20; attempt += 1) {
    await service.last.fail(new NoAnswer("offline"));
    await clock.pass(60_000);
  }
  assert.equal(service.asked.length, 5);
  search.retry();
  await service.last.answer(["anam"]);
  assert.deepEqual(ids(search), ["anam"]);
});

test("a refusal is shown, and not asked again", async () => {
  const { clock, service, search } = begun();
  search.type("anam");
  await clock.pass(TYPING_PAUSE);
  const refusal = new Problem(422, { type: "/problems/fields-wrong", detail: "D" }, null);
  await service.last.fail(refusal);
  await clock.pass(60_000);
  search.retry();
  assert.deepEqual([search.fault, search.canRetry, service.asked.length], [refusal, false, 1]);
});

test("what was found stays in sight when the next page does not come", async () => {
  const { clock, service, search } = begun();
  search.choose("ministry");
  await clock.pass(0);
  await service.last.answer(["mi"], "second");
  search.more();
  await service.last.fail(new NoAnswer("timeout"));
  assert.deepEqual(ids(search), ["mi"]);
  search.retry();
  await service.last.answer(["mj"]);
  assert.deepEqual(ids(search), ["mi", "mj"]);
});
