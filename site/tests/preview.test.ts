import assert from "node:assert/strict";
import { test } from "node:test";

import { usePageData } from "../src/frame/words.ts";
import { hasPreview, MOST_BYTES, Preview } from "../src/desk/preview.ts";
import type { FileOfMail } from "../src/desk/shapes.ts";
import { kindOf } from "../src/preview/kinds.ts";
import { isDecodable, scaleOf } from "../src/preview/limits.ts";
import { fromFrame } from "../src/preview/messages.ts";

usePageData({ page: "desk", workers: {}, words: { preview: { too_large: "large", died: "died", unreadable: "unreadable", drawing_of: "{page}" } }, amazigh: {} });

const FILE = { attachment_id: "a", file_name: "a.pdf", size: 4, check: "clean", media_type: "application/pdf", detected_media_type: null } as FileOfMail;

function world() {
  const asked: string[] = [];
  const draws: number[] = [];
  const sent: { data: unknown; ports: MessagePort[] }[] = [];
  const focused: string[] = [];
  let isVisible = true;
  const around = { draw: () => undefined, focus: (to: string) => void focused.push(to), isVisible: () => isVisible } as unknown as ConstructorParameters<typeof Preview>[0];
  const preview = new Preview(
    around,
    (file, accepted) => {
      asked.push(`${file.attachment_id} ${accepted ? "accepted" : ""}`.trim());
      return Promise.resolve({ url: "https://s/" } as never);
    },
    { engine: () => Promise.resolve("engine"), bytes: () => Promise.resolve(new ArrayBuffer(4)) },
  );
  const frame = { postMessage: (data: unknown, _to: string, ports: MessagePort[]) => void sent.push({ data, ports }) } as unknown as Window;
  /** Open a file in a frame that is there, and say what its port hears. */
  const begin = async (): Promise<MessagePort> => {
    await preview.open(FILE);
    preview.framed(frame);
    const port = sent.at(-1)?.ports[0];
    assert.ok(port);
    port.onmessage = ({ data }) => void draws.push((data as { id?: number }).id ?? 0);
    return port;
  };
  return { preview, asked, draws, sent, frame, begin, hide: () => (isVisible = false), focused };
}

/** The state as it is now: the types cannot know that it changes between two looks. */
const now = (preview: Preview): Preview["state"] => preview.state;
const heard = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

test("a file above the limit is refused before anything is asked", async () => {
  const { preview, asked } = world();
  await preview.open({ ...FILE, size: MOST_BYTES + 1 });
  assert.deepEqual([now(preview)?.stage, now(preview)?.words, asked], ["ended", "large", []]);
});

test("an unchecked file is asked for after the warning alone", async () => {
  const { preview, asked } = world();
  const unchecked = { ...FILE, check: "unchecked" } as FileOfMail;
  await preview.open(unchecked);
  assert.deepEqual([now(preview)?.stage, asked], ["warned", []]);
  await preview.open(unchecked, true);
  assert.deepEqual([now(preview)?.stage, asked], ["opening", ["a accepted"]]);
});

test("only delivered files of the three types have a preview", () => {
  const of = (changes: Partial<FileOfMail>): boolean => hasPreview({ ...FILE, ...changes });
  assert.deepEqual([of({}), of({ check: "unchecked" }), of({ media_type: "image/png" })], [true, true, true]);
  assert.deepEqual([of({ check: "refused" }), of({ check: "pending" }), of({ media_type: "image/tiff" })], [false, false, false]);
  assert.equal(of({ detected_media_type: "application/zip" }), false);
});

test("a frame that does not open within its time is removed, and seconds in a hidden tab do not count", async () => {
  const { preview, begin, hide } = world();
  const port = await begin();
  for (let second = 0; second < 19; second += 1) {
    preview.tick();
    port.postMessage({ kind: "pong" });
    await heard();
  }
  assert.equal(now(preview)?.stage, "opening");
  preview.tick();
  assert.deepEqual([now(preview)?.stage, now(preview)?.words], ["ended", "died"]);
  const other = world();
  await other.begin();
  other.hide();
  for (let second = 0; second < 100; second += 1) {
    other.preview.tick();
  }
  assert.equal(now(other.preview)?.stage, "opening");
  other.preview.leave();
  hide();
});

test("what is drawn late, or was never asked for, is not taken for the page that is", async () => {
  const { preview, begin, draws } = world();
  const port = await begin();
  port.postMessage({ kind: "drawn", id: 1 });
  await heard();
  assert.equal(now(preview)?.stage, "opening", "it was not even opened");
  port.postMessage({ kind: "opened", pages: 3 });
  await heard();
  port.postMessage({ kind: "drawn", id: draws.at(-1) });
  await heard();
  assert.deepEqual([now(preview)?.stage, now(preview)?.pages], ["shown", 3]);
  port.postMessage({ kind: "opened", pages: 9 });
  await heard();
  assert.equal(now(preview)?.pages, 3);
  preview.turn(5);
  assert.equal(now(preview)?.page, 3);
  preview.leave();
});

test("a second document in the frame ends the preview, and gets nothing", async () => {
  const { preview, begin, frame, sent } = world();
  await begin();
  preview.framed(frame);
  assert.deepEqual([now(preview)?.stage, sent.length], ["ended", 1]);
});

test("closing leads back to the button; a file that arrives after it is let go", async () => {
  const { preview, frame, sent, focused } = world();
  const opening = preview.open(FILE);
  preview.framed(frame);
  preview.leave();
  await opening;
  assert.deepEqual([preview.state, sent], [null, []]);
  assert.deepEqual(focused, ["#preview-title"]);
});

test("messages of another shape are none", () => {
  for (const data of [null, 1, "opened", {}, { kind: "opened" }, { kind: "opened", pages: 0 }, { kind: "opened", pages: 1e99 }, { kind: "opened", pages: "<b>" }, { kind: "drawn", id: -1 }, { kind: "refused", reason: "<b>" }]) {
    assert.equal(fromFrame(data), null);
  }
  assert.deepEqual(fromFrame({ kind: "opened", pages: 2, more: 1 }), { kind: "opened", pages: 2 });
});

const PNG = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 1, 0, 0, 0, 2, 0, 8, 2];
const JPEG = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xff, 0xc2, 0, 11, 8, 0, 20, 0, 30, 3, 0];

test("a file is what its bytes say, and its size is read without decoding", () => {
  assert.deepEqual(kindOf(new Uint8Array(PNG)), { type: "image/png", size: { width: 256, height: 512 } });
  assert.deepEqual(kindOf(new Uint8Array(JPEG)), { type: "image/jpeg", size: { width: 30, height: 20 } });
  assert.deepEqual(kindOf(new TextEncoder().encode("\n%PDF-1.4")), { type: "application/pdf" });
  for (const bytes of [[], PNG.slice(0, 20), JPEG.slice(0, 12), [0xff, 0xd8, 0xff, 0xc4, 0, 0], [0x47, 0x49, 0x46, 0x38]]) {
    assert.equal(kindOf(new Uint8Array(bytes)), null);
  }
});

test("a view into a larger buffer is read at its own place", () => {
  assert.deepEqual(kindOf(new Uint8Array([0, 0, ...PNG]).subarray(2)), { type: "image/png", size: { width: 256, height: 512 } });
});

test("bombs are refused by their size, and drawings are bounded", () => {
  assert.equal(isDecodable({ width: 30_000, height: 30_000 }), false);
  assert.equal(isDecodable({ width: 0, height: 10 }), false);
  assert.equal(isDecodable({ width: 8_160, height: 6_144 }), true);
  assert.equal(scaleOf({ width: 600, height: 800 }, 300), 0.5);
  for (const [width, height] of [[1, 1e9], [1e9, 1], [14_400, 14_400], [0.001, 0.001]] as const) {
    const scale = scaleOf({ width, height }, 1e9) ?? NaN;
    assert.ok(width * scale <= 8_193 && height * scale <= 8_193 && width * height * scale ** 2 <= 16_000_001);
  }
  for (const width of [0, NaN, Infinity]) {
    assert.equal(scaleOf({ width, height: 10 }, 100), null);
  }
});
