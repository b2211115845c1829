import assert from "node:assert/strict";
import { test } from "node:test";

import { csvOf, dayAt, lastDays, periodOf } from "../src/desk/figures.ts";
import type { Statistics } from "../src/desk/shapes.ts";

const NOW = Date.UTC(2026, 10, 28, 12);

test("a day is a day in Casablanca", () => {
  assert.equal(dayAt(Date.UTC(2026, 6, 1, 23, 30)), "2026-07-02");
});

for (const [query, expected] of [
  ["?from=2026-11-01&to=2026-11-30", { from: "2026-11-01", to: "2026-11-30" }],
  ["", { from: "2026-10-30", to: "2026-11-28" }],
  ["?from=2026-11-30&to=2026-11-01", { from: "2026-10-30", to: "2026-11-28" }],
  ["?from=2020-01-01&to=2026-11-01", { from: "2026-10-30", to: "2026-11-28" }],
  ["?from=x&to=2026-11-01", { from: "2026-10-30", to: "2026-11-28" }],
] as const) {
  test(`the address ${query || "without a period"} shows ${expected.from} to ${expected.to}`, () => {
    assert.deepEqual(periodOf(query, NOW), expected);
  });
}

test("seven days end today", () => {
  assert.deepEqual(lastDays(7, NOW), { from: "2026-11-22", to: "2026-11-28" });
});

test("the file has a row for each day, in columns by status, kind and channel", () => {
  const day = { by_status: { submitted: 2 }, by_kind: { request: 2 }, by_channel: { counter: 1, online: 1 } };
  const statistics = { ...day, by_status: { submitted: 2, answered: 0 }, days: [{ ...day, day: "2026-11-27", total: 2 }] };
  const csv = csvOf(statistics as unknown as Statistics, { day: "Day", total: "Total, all", of: (name) => name });
  assert.equal(
    csv,
    '\ufeffDay,"Total, all",by_status.submitted,by_status.answered,by_kind.request,by_channel.counter,by_channel.online\r\n' +
      "2026-11-27,2,2,0,2,1,1\r\n",
  );
});
