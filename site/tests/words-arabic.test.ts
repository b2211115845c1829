import assert from "node:assert/strict";
import { test } from "node:test";

// The page's language is read once, when the words are loaded.
Object.assign(globalThis, { document: { documentElement: { lang: "ar" } } });
const { default: ar } = await import("../words/ar.json", { with: { type: "json" } });
const { say, usePageData } = await import("../src/frame/words.ts");
const { day } = await import("../src/frame/moments.ts");
usePageData({ page: "open-data", workers: {}, words: ar, amazigh: {} });

const RIGHT_TO_LEFT = "\u2067";
const FIRST_STRONG = "\u2068";

test("a date within a sentence is read from the right, day first: its month is set apart within", () => {
  const said = say("figures.period", { first: day("2026-07-01"), last: day("2026-09-30") });
  assert.equal(said.split(RIGHT_TO_LEFT).length - 1, 2, said);
});

for (const [name, text] of [
  ["a name in French", "Commune de Rabat"],
  ["a name in Arabic", "جماعة الرباط"],
  ["an address", "nadia@anam.example"],
  ["a number", "ANAM-2026-000001"],
] as const) {
  test(`${name} is set apart in the direction of its first letter`, () => {
    assert.ok(say("operations.was_invited", { address: text }).includes(`${FIRST_STRONG}${text}\u2069`));
  });
}
