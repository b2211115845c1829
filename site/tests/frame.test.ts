import assert from "node:assert/strict";
import { test } from "node:test";

import fr from "../words/fr.json" with { type: "json" };
import { minutesAhead, moment, size } from "../src/frame/moments.ts";
import { trustedScript } from "../src/frame/trusted.ts";
import { usePageData } from "../src/frame/words.ts";

usePageData({ page: "send", workers: {}, words: fr, amazigh: {} });

test("Moroccan clocks are those of the decrees, whatever the device knows", () => {
  assert.equal(minutesAhead(Date.UTC(2026, 6, 22)), 60);
  assert.equal(minutesAhead(Date.UTC(2026, 1, 25)), 0, "Ramadan 1447");
  assert.equal(moment("2026-07-22T23:30:00.123Z"), "23 juillet 2026 à 00:30 (UTC+01:00)");
});

test("sizes have the language's decimal mark", () => {
  assert.equal(size(900), "900 octets");
  assert.equal(size(20_000), "20 Ko");
  assert.equal(size(2_500_000), "2,4 Mo");
});

for (const address of ["https://evil.example/assets/hash-worker-ABCDEFGH.js", "//evil.example/service-worker.js", "/assets/../x.js", "data:text/javascript,1", ""]) {
  test(`no worker is made from ${address || "nothing"}`, () => {
    assert.throws(() => trustedScript(address), TypeError);
  });
}

test("our own worker passes", () => {
  assert.equal(trustedScript("/assets/hash-worker-ABCDEFGH.js"), "/assets/hash-worker-ABCDEFGH.js");
});
