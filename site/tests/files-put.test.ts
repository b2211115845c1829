import assert from "node:assert/strict";
import { test } from "node:test";

import { HandClock } from "./files-support.ts";
import { createPut, type SendingRequest } from "../src/files/put.ts";
import type { PutAnswer } from "../src/files/types.ts";

class FakeRequest implements SendingRequest {
  status = 0;
  readonly upload: SendingRequest["upload"] = { onprogress: null };
  onloadend: SendingRequest["onloadend"] = null;
  readonly log: string[] = [];
  retryAfter: string | null = null;

  open(method: string, url: string): void {
    this.log.push(`${method} ${url}`);
  }

  setRequestHeader(name: string, value: string): void {
    this.log.push(`${name}: ${value}`);
  }

  getAllResponseHeaders(): string {
    return this.retryAfter === null ? "" : `content-type: application/xml\r\nretry-after: ${this.retryAfter}\r\n`;
  }

  send(body: Blob): void {
    this.log.push(`${body.size} bytes`);
  }

  abort(): void {
    this.log.push("aborted");
    this.end(0);
  }

  moved(loaded: number): void {
    this.upload.onprogress?.({ loaded } as ProgressEvent);
  }

  end(status: number): void {
    this.status = status;
    this.onloadend?.({} as ProgressEvent);
  }
}

const UPLOAD = {
  method: "PUT",
  url: "https://bucket.example/key?signature",
  headers: { "Content-Type": "application/pdf", "If-None-Match": "*", "Content-Length": "9", Host: "bucket.example" },
  expires_at: "",
};

function started(): {
  request: FakeRequest;
  clock: HandClock;
  abort: AbortController;
  progress: number[];
  answer: Promise<PutAnswer>;
} {
  const request = new FakeRequest();
  const clock = new HandClock();
  const abort = new AbortController();
  const progress: number[] = [];
  const put = createPut(
    () => request,
    (milliseconds, action) => clock.after(milliseconds, action),
  );
  const step = { signal: abort.signal, progress: (bytes: number) => progress.push(bytes), patience: 30_000 };
  return { request, clock, abort, progress, answer: put(UPLOAD, new Blob(["123456789"]), step) };
}

test("exactly the headers given, but for those that the browser alone may set", async () => {
  const { request, answer } = started();
  request.end(200);
  assert.deepEqual(await answer, { status: 200, retryAfter: null, stalled: false });
  assert.deepEqual(request.log, [
    "PUT https://bucket.example/key?signature",
    "Content-Type: application/pdf",
    "If-None-Match: *",
    "9 bytes",
  ]);
});

test("complaint 14: 30 seconds without progress end it; progress begins them again", async () => {
  const { request, clock, progress, answer } = started();
  await clock.pass(29_000);
  request.moved(3);
  await clock.pass(29_999);
  assert(!request.log.includes("aborted"));
  await clock.pass(1);
  assert(request.log.includes("aborted"));
  assert.deepEqual(await answer, { status: 0, retryAfter: null, stalled: true });
  assert.deepEqual(progress, [3]);
});

for (const [status, header, seconds] of [
  [503, "7", 7],
  [429, "0", 0],
  [503, "Wed, 21 Oct 2026 07:28:00 GMT", null],
  [503, null, null],
  [200, "7", null],
] as const) {
  test(`an answer ${status} with Retry-After ${String(header)}`, async () => {
    const { request, answer, clock } = started();
    request.retryAfter = header;
    request.end(status);
    assert.equal((await answer).retryAfter, seconds);
    await clock.pass(60_000);
    assert(!request.log.includes("aborted"));
  });
}

test("cancelling ends the request", async () => {
  const { request, abort, answer } = started();
  abort.abort();
  await assert.rejects(answer, { name: "AbortError" });
  assert(request.log.includes("aborted"));
});
