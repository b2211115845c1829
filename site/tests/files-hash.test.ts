import assert from "node:assert/strict";
import { test } from "node:test";

import { digestOf as sha256 } from "./files-support.ts";
import { digestOf } from "../src/files/slices.ts";
import { Unreadable } from "../src/files/bytes.ts";
import { createHasher, type FromWorker, type HashWorker, type ToWorker } from "../src/files/hash.ts";

const step = (progress: (bytes: number) => void = () => undefined, signal = new AbortController().signal) => ({
  signal,
  progress,
});

/** A worker in this thread, which answers what a test says. */
class FakeWorker implements HashWorker {
  onmessage: HashWorker["onmessage"] = null;
  onerror: HashWorker["onerror"] = null;
  readonly got: ToWorker[] = [];
  isEnded = false;

  postMessage(message: ToWorker): void {
    this.got.push(message);
  }

  terminate(): void {
    this.isEnded = true;
  }

  say(message: FromWorker): void {
    this.onmessage?.({ data: message } as MessageEvent<FromWorker>);
  }
}

for (const length of [0, 1, 1024 * 1024 - 1, 1024 * 1024, 2.5 * 1024 * 1024]) {
  test(`the digest of ${length} bytes, in slices, with progress`, async () => {
    const text = "x".repeat(length);
    const seen: number[] = [];
    assert.equal(await digestOf(new Blob([text]), step((bytes) => seen.push(bytes))), sha256(text));
    assert.equal(seen.length, Math.ceil(length / (1024 * 1024)));
    if (length > 0) assert.equal(seen.at(-1), length);
  });
}

test("complaint 13: a slice that cannot be read is tried once more", async () => {
  const file = new Blob(["content"]);
  let fails = 1;
  const real = file.slice.bind(file);
  file.slice = (...range) => {
    fails -= 1;
    if (fails >= 0) throw new DOMException("", "NotReadableError");
    return real(...range);
  };
  assert.equal(await digestOf(file, step()), sha256("content"));
});

test("complaint 13: a file that hands over fewer bytes than it claims has no digest", async () => {
  const file = new Blob(["content"]);
  file.slice = () => new Blob(["con"]);
  await assert.rejects(digestOf(file, step()), Unreadable);
});

test("a cancelled digest ends at the next slice", async () => {
  const abort = new AbortController();
  const seen: number[] = [];
  const cancelled = step((bytes) => {
    seen.push(bytes);
    abort.abort();
  }, abort.signal);
  await assert.rejects(digestOf(new Blob(["x".repeat(3_000_000)]), cancelled), { name: "AbortError" });
  assert.equal(seen.length, 1);
});

test("the worker is started once, with the first file, and answers each by its number", async () => {
  const workers: FakeWorker[] = [];
  const { digest, close } = createHasher(() => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker;
  });
  assert.equal(workers.length, 0);
  const seen: number[] = [];
  const first = digest(new Blob(["1"]), step((bytes) => seen.push(bytes)));
  const second = digest(new Blob(["2"]), step());
  const [worker, ...others] = workers;
  assert(worker && others.length === 0);
  worker.say({ id: 2, sha256: "two" });
  worker.say({ id: 1, bytes: 1 });
  worker.say({ id: 1, sha256: "one" });
  assert.deepEqual([await first, await second, seen], ["one", "two", [1]]);
  close();
  assert(worker.isEnded);
});

test("cancelling tells the worker, and its late answer is not heard", async () => {
  const worker = new FakeWorker();
  const abort = new AbortController();
  const { digest } = createHasher(() => worker);
  const digested = digest(new Blob(["1"]), step(undefined, abort.signal));
  abort.abort();
  await assert.rejects(digested, { name: "AbortError" });
  assert.deepEqual(worker.got.at(-1), { id: 1 });
  worker.say({ id: 1, sha256: "late" });
});

test("a file that the worker cannot read is unreadable", async () => {
  const worker = new FakeWorker();
  const digested = createHasher(() => worker).digest(new Blob(["1"]), step());
  worker.say({ id: 1, failure: "unreadable" });
  await assert.rejects(digested, Unreadable);
});

test("where the worker cannot start, or dies, the page hashes by itself", async () => {
  const none = createHasher(() => {
    throw new DOMException("", "SecurityError");
  });
  assert.equal(await none.digest(new Blob(["a"]), step()), sha256("a"));
  const worker = new FakeWorker();
  const dies = createHasher(() => worker);
  const digested = dies.digest(new Blob(["b"]), step());
  worker.onerror?.({} as ErrorEvent);
  assert.equal(await digested, sha256("b"));
  assert(worker.isEnded);
  assert.equal(await dies.digest(new Blob(["c"]), step()), sha256("c"));
  assert.equal(worker.got.length, 1);
});
