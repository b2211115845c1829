import assert from "node:assert/strict";
import { test } from "node:test";

import { paperOf, paperOfLink, typed } from "../src/follow/paper.ts";

for (const [written, read] of [
  ["  anam-٢٠٢٦-٠٠٠٠٠١ ", "ANAM-2026-000001"],
  ["\u2066anam–۲۰۲۶–۰۰۰۰۰۱\u2069", "ANAM-2026-000001"],
  ["ＡＮＡＭ－２０２６－０００００１", "ANAM-2026-000001"],
  ["\ufeffk4zp—۹۰wd−3rtb-6ymj\u200b", "K4ZP-90WD-3RTB-6YMJ"],
  ["\u200fＫ４ＺＰ-90wd-3rtb-6ymj\u00ad\u00a0", "K4ZP-90WD-3RTB-6YMJ"],
  ["\u200b \u2069", ""],
] as const) {
  test(`${JSON.stringify(written)} is read ${JSON.stringify(read)}`, () => {
    assert.equal(typed(written), read);
  });
}

test("a whole link in the first field is taken apart", () => {
  const paper = { number: "ANAM-2026-000001", code: "K4ZP-90WD" };
  assert.deepEqual(paperOf("https://x.example/suivi#ANAM-2026-000001/k4zp-90wd?utm_source=mail", ""), paper);
  assert.deepEqual(paperOf("anam-2026-000001", "k4zp-90wd"), paper);
});

for (const [parts, paper] of [
  [["anam-2026-1", "k4zp"], { number: "ANAM-2026-1", code: "K4ZP", notMine: false }],
  [["ANAM-2026-1", "K4ZP", "NOT-MINE"], { number: "ANAM-2026-1", code: "K4ZP", notMine: true }],
  [["ANAM-2026-1"], { number: "ANAM-2026-1", code: "", notMine: false }],
  [[""], { number: "", code: "", notMine: false }],
] as const) {
  test(`a link with ${parts.join("/")}`, () => {
    assert.deepEqual(paperOfLink(parts), paper);
  });
}
