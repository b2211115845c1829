import assert from "node:assert/strict";
import { test } from "node:test";

import { forget, handOver, keep, kept, MOST_AWAY_MILLISECONDS, takeHanded, type Store } from "../src/follow/session.ts";

const SESSION = { mailId: "m", token: "t", link: { number: "ANAM-2026-000001", code: "K4ZP" }, newCode: "" };
const NOW = Date.UTC(2026, 10, 27);

function tab(): Store & { held: Map<string, string> } {
  const held = new Map<string, string>();
  return {
    held,
    getItem: (name) => held.get(name) ?? null,
    setItem: (name, value) => void held.set(name, value),
    removeItem: (name) => void held.delete(name),
  };
}

test("the open mail outlives a reload", () => {
  const store = tab();
  keep(SESSION, store, NOW);
  assert.deepEqual(kept(store, NOW + 1000), SESSION);
});

for (const [away, name] of [
  [MOST_AWAY_MILLISECONDS, "too long ago"],
  [-1, "in the future, by a clock that was turned back"],
  [Number.NaN, "at no known time"],
] as const) {
  test(`a page that was left ${name} is forgotten`, () => {
    const store = tab();
    keep(SESSION, store, NOW);
    assert.equal(kept(store, NOW + away), null);
    assert.equal(store.held.size, 0);
  });
}

test("nothing stays of a mail that was closed", () => {
  const store = tab();
  keep(SESSION, store, NOW);
  handOver({ typed: { number: "A", code: "B" }, stranger: null }, store);
  forget(store);
  assert.equal(store.held.size, 0);
});

test("what was typed is handed over to another language once", () => {
  const store = tab();
  const handed = { typed: { number: "A", code: "B" }, stranger: null };
  handOver(handed, store);
  assert.deepEqual(takeHanded(store), handed);
  assert.equal(takeHanded(store), null);
  assert.equal(store.held.size, 0);
});

test("what something else wrote there is no mail", () => {
  const store = tab();
  store.setItem("follow-open", "{half");
  assert.equal(kept(store, NOW), null);
});

test("a browser that keeps nothing does no harm", () => {
  const refuses = (): never => {
    throw new DOMException("", "SecurityError");
  };
  const store: Store = { getItem: refuses, setItem: refuses, removeItem: refuses };
  for (const each of [store, null]) {
    keep(SESSION, each, NOW);
    assert.equal(kept(each, NOW), null);
    forget(each);
  }
});
