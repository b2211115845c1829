import assert from "node:assert/strict";
import { test } from "node:test";

import { NoAnswer, Problem } from "../src/api/client.ts";
import { pause, refreshIn, safeAddress, worksUntil } from "../src/follow/patience.ts";

const none = (): number => 0;

for (const [name, error, tried, wait] of [
  ["no network", new NoAnswer("offline"), 0, 1000],
  ["no network for the third time", new NoAnswer("offline"), 2, 4000],
  ["too fast, wait a minute", new Problem(429, {}, 60), 0, 60_000],
  ["busy", new Problem(503, {}, 5), 4, 16_000],
  ["a wrong pair", new Problem(404, {}, null), 0, null],
  ["no network, tried often enough", new NoAnswer("offline"), 6, null],
] as const) {
  test(`${name}: the next try`, () => {
    assert.equal(pause(error, tried, none), wait);
  });
}

test("pages do not come back all at once", () => {
  const waits = new Set(Array.from({ length: 20 }, () => pause(new NoAnswer("offline"), 3)));
  assert(waits.size > 1);
  assert([...waits].every((wait) => wait !== null && wait >= 8000 && wait <= 10_000));
});

const SERVICE = Date.UTC(2026, 10, 27, 12);
const DEVICE = Date.UTC(2039, 0, 1);

test("how long an address works is told by the service's clock, whatever the device's", () => {
  assert.equal(worksUntil("2026-11-27T12:01:00.000Z", SERVICE, DEVICE, 45_000), DEVICE + 60_000);
  assert.equal(worksUntil("2026-11-27T12:01:00.000Z", Number.NaN, DEVICE, 45_000), DEVICE + 45_000);
  assert.equal(worksUntil(null, SERVICE, DEVICE, 45_000), DEVICE + 45_000);
  assert(worksUntil("2020-01-01T00:00:00.000Z", SERVICE, DEVICE, 45_000) < DEVICE);
});

test("an address is asked for again while it still works", () => {
  assert.equal(refreshIn(DEVICE + 60_000, DEVICE), 45_000);
  assert.equal(refreshIn(DEVICE + 300_000, DEVICE), 285_000);
  assert.equal(refreshIn(DEVICE + 30_000, DEVICE), 20_000);
  assert.equal(refreshIn(DEVICE - 30_000, DEVICE), 1000);
});

for (const [address, safe] of [
  ["https://bucket.example/a?b", "https://bucket.example/a?b"],
  ["javascript:alert(1)", ""],
  ["data:text/html,x", ""],
  [null, ""],
  [{ toString: () => "https://x" }, ""],
] as const) {
  test(`a link may lead to ${JSON.stringify(address)}: ${String(Boolean(safe))}`, () => {
    assert.equal(safeAddress(address), safe);
  });
}
