import assert from "node:assert/strict";
import { test } from "node:test";

import decodeQR from "qr/decode.js";

import { qrPath } from "../src/frame/qr-code.ts";

const SCALE = 4;

/** The path as a camera would see it: each rectangle drawn on white. */
function drawn({ side, path }: { side: number; path: string }) {
  const width = side * SCALE;
  const data = new Uint8ClampedArray(width * width * 4).fill(255);
  for (const [, x, y, wide] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = 0; row < SCALE; row += 1) {
      const start = ((Number(y) * SCALE + row) * width + Number(x) * SCALE) * 4;
      for (let pixel = 0; pixel < Number(wide) * SCALE; pixel += 1) {
        data.fill(0, start + pixel * 4, start + pixel * 4 + 3);
      }
    }
  }
  return { width, height: width, data };
}

for (const address of [
  "https://courrier.example.ma/suivi#ANAM-2026-000001/K4ZP-90WD-3RTB-6YMJ",
  "https://courrier.example.ma/verifier#7Q2M-4C9T-XV3E-8KHA",
  `https://courrier.example.ma/ar/#continue=0199a0e2-6a0b-7c55-9e0f-0b6d7f3f8a11.${"x".repeat(43)}`,
]) {
  test(`a camera reads ${address}`, () => {
    assert.equal(decodeQR(drawn(qrPath(address))), address);
  });
}

test("a white margin of four modules stands around it", () => {
  const { side, path } = qrPath("https://example.ma");
  const starts = [...path.matchAll(/M(\d+) (\d+)h(\d+)/g)];
  assert.equal(Math.min(...starts.map(([, x]) => Number(x))), 4);
  assert.equal(Math.min(...starts.map(([, , y]) => Number(y))), 4);
  assert.equal(Math.max(...starts.map(([, x, , wide]) => Number(x) + Number(wide))), side - 4);
});
