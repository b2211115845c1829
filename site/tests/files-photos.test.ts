import assert from "node:assert/strict";
import { test } from "node:test";

import { pdfOf } from "../src/files/photos-pdf.ts";

/** As much of a JPEG as a PDF needs to know: its start, a comment, and the start of its frame. */
function jpeg(width: number, height: number, components = 3, frame = 0xc0): Uint8Array {
  const comment = [0xff, 0xfe, 0, 5, 1, 2, 3];
  const size = [height >> 8, height & 255, width >> 8, width & 255];
  return Uint8Array.from([0xff, 0xd8, ...comment, 0xff, frame, 0, 17, 8, ...size, components, 0, 0, 0, 0, 0, 0, 0]);
}

const text = (photos: Uint8Array[]): string => Buffer.from(pdfOf(photos)).toString("latin1");

for (const [name, photo, box, place] of [
  ["upright", jpeg(1000, 2000), "[0 0 595.28 841.89]", "420.94 0 0 841.89 87.17 0 cm"],
  ["lying", jpeg(2000, 1000), "[0 0 841.89 595.28]", "841.89 0 0 420.94 0 87.17 cm"],
  ["square", jpeg(500, 500), "[0 0 595.28 841.89]", "595.28 0 0 595.28 0 123.31 cm"],
  ["progressive", jpeg(1000, 2000, 3, 0xc2), "[0 0 595.28 841.89]", "420.94 0 0 841.89 87.17 0 cm"],
] as const) {
  test(`a photograph that is ${name} fills an A4 sheet as far as its shape allows`, () => {
    const made = text([photo]);
    assert(made.includes(`/MediaBox ${box}`));
    assert(made.includes(place), made);
  });
}

test("each object stands where the table says, and the same pages make the same bytes", () => {
  const photos = [jpeg(10, 20), jpeg(30, 20, 1)];
  const made = text(photos);
  assert.equal(made, text(photos));
  const table = made.slice(Number(/startxref\n(\d+)/u.exec(made)?.[1]));
  const starts = Array.from(table.matchAll(/^(\d{10}) 00000 n/gmu), (row) => Number(row[1]));
  assert.equal(starts.length, 8);
  starts.forEach((start, index) => assert(made.startsWith(`${index + 1} 0 obj`, start)));
});

for (const [components, colours] of [
  [1, "/DeviceGray"],
  [3, "/DeviceRGB"],
  [4, "/DeviceCMYK /Decode [1 0 1 0 1 0 1 0]"],
] as const) {
  test(`a JPEG of ${components} colours`, () => {
    assert(text([jpeg(10, 10, components)]).includes(`/ColorSpace ${colours}`));
  });
}

for (const [name, bytes] of [
  ["no bytes", new Uint8Array(0)],
  ["a PNG", Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a])],
  ["a JPEG that is cut off", jpeg(10, 10).slice(0, 12)],
] as const) {
  test(`${name}: no page`, () => {
    assert.throws(() => pdfOf([bytes]), RangeError);
  });
}

test("no photograph, no PDF", () => {
  assert.throws(() => pdfOf([]), RangeError);
});
