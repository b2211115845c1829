import assert from "node:assert/strict";
import { test } from "node:test";
import { constants, deflateRawSync, deflateSync } from "node:zlib";

import { inflate, InflateError } from "../src/proof/inflate.ts";

const ROOM = 1024 * 1024;

/** The same bytes at every run, neither all alike nor all different. */
function bytesOf(size: number, values: number): Uint8Array {
  let state = 12345;
  return Uint8Array.from({ length: size }, () => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return (state >> 16) % values;
  });
}

const CONTENTS: Record<string, Uint8Array> = {
  "nothing": new Uint8Array(),
  "one byte": Uint8Array.of(7),
  "text": new TextEncoder().encode(JSON.stringify({ number: "ANAM-2026-000001", name: "شهادة السكنى" }).repeat(40)),
  "one byte again and again": new Uint8Array(70_000).fill(65),
  "noise": bytesOf(70_000, 256),
  "few values": bytesOf(70_000, 5),
};

for (const [name, content] of Object.entries(CONTENTS)) {
  for (const [how, options] of Object.entries({
    stored: { level: 0 },
    fastest: { level: 1 },
    best: { level: 9 },
    "fixed codes": { strategy: constants.Z_FIXED },
    "no repeats": { strategy: constants.Z_HUFFMAN_ONLY },
  })) {
    test(`${name}, packed ${how}, comes out as it went in`, () => {
      assert.deepEqual(inflate(new Uint8Array(deflateSync(content, options)), ROOM), content);
    });
  }
}

test("content beyond the limit is refused before it is held", () => {
  const bomb = new Uint8Array(deflateSync(new Uint8Array(50_000_000)));
  const begun = process.cpuUsage();
  assert.throws(() => inflate(bomb, ROOM), InflateError);
  // the processor's time: a busy machine makes no file slow
    const { user, system } = process.cpuUsage(begun);
    assert((user + system) / 1000 < 3000);
});

test("content of exactly the limit is taken, and one byte more is not", () => {
  const packed = new Uint8Array(deflateSync(new Uint8Array(1000)));
  assert.equal(inflate(packed, 1000).length, 1000);
  assert.throws(() => inflate(packed, 999), InflateError);
});

test("a stream that ends anywhere before its end is refused", () => {
  const packed = new Uint8Array(deflateSync(CONTENTS["text"] ?? new Uint8Array()));
  for (let size = 0; size < packed.length; size += 1) assert.throws(() => inflate(packed.subarray(0, size), ROOM), InflateError);
});

test("a stream with a changed byte is refused or gives the content, and raises nothing else", () => {
  const content = CONTENTS["text"] ?? new Uint8Array();
  const packed = new Uint8Array(deflateSync(content));
  for (let place = 0; place < packed.length; place += 1) {
    for (const bit of [1, 16, 128]) {
      const changed = packed.slice();
      changed[place] = (changed[place] ?? 0) ^ bit;
      try {
        assert.deepEqual(inflate(changed, ROOM), content);
      } catch (error) {
        assert(error instanceof InflateError, String(error));
      }
    }
  }
});

test("bytes behind the end of a stream are left alone", () => {
  const packed = deflateSync(Buffer.from("record"));
  assert.deepEqual(inflate(new Uint8Array(Buffer.concat([packed, Buffer.from("\r\n")])), ROOM), new TextEncoder().encode("record"));
});

test("raw DEFLATE, which has no head, is none", () => {
  assert.throws(() => inflate(new Uint8Array(deflateRawSync(Buffer.from("record"))), ROOM), InflateError);
});
