/** The worker that hashes: the page stays quick while a large file is read. */

import { Unreadable } from "./bytes.ts";
import { digestOf } from "./slices.ts";
import type { FromWorker, ToWorker } from "./hash.ts";

const running = new Map<number, AbortController>();

async function hash(id: number, file: Blob): Promise<void> {
  const abort = new AbortController();
  running.set(id, abort);
  const tell = (message: FromWorker): void => {
    postMessage(message);
  };
  try {
    const progress = (bytes: number): void => tell({ id, bytes });
    tell({ id, sha256: await digestOf(file, { signal: abort.signal, progress }) });
  } catch (error) {
    if (!abort.signal.aborted) tell({ id, failure: error instanceof Unreadable ? "unreadable" : "other" });
  } finally {
    running.delete(id);
  }
}

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  if (data.file) void hash(data.id, data.file);
  else running.get(data.id)?.abort();
});
