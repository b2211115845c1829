/** Hashing in a worker, and in the page where the worker does not start. */

import { Unreadable } from "./bytes.ts";
import type { Digest, Step } from "./types.ts";

/** A file to hash, or without one: cancel. */
export interface ToWorker {
  readonly id: number;
  readonly file?: Blob;
}

/** Progress, the digest, or why there is none. */
export interface FromWorker {
  readonly id: number;
  readonly bytes?: number;
  readonly sha256?: string;
  readonly failure?: "unreadable" | "other";
}

/** The part of a `Worker` that is used. */
export interface HashWorker {
  postMessage(message: ToWorker): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

interface Job {
  readonly file: Blob;
  readonly step: Step;
  readonly resolve: (sha256: string) => void;
  readonly reject: (error: Error) => void;
}

/** Hashes files in one worker, started when the first file comes. `start` may throw: old browsers, a lost network. */
export function createHasher(start: () => HashWorker): { readonly digest: Digest; readonly close: () => void } {
  const jobs = new Map<number, Job>();
  let worker: HashWorker | null = null;
  let isBroken = false;
  let last = 0;

  const fallBack = (): void => {
    isBroken = true;
    worker?.terminate();
    worker = null;
    const left = Array.from(jobs.values());
    jobs.clear();
    for (const { file, step, resolve, reject } of left) inPage(file, step).then(resolve, reject);
  };

  const take = ({ data }: MessageEvent<FromWorker>): void => {
    const job = jobs.get(data.id);
    if (!job) return;
    if (data.bytes !== undefined) {
      job.step.progress(data.bytes);
      return;
    }
    jobs.delete(data.id);
    if (data.sha256 !== undefined) job.resolve(data.sha256);
    else if (data.failure === "unreadable") job.reject(new Unreadable("the file cannot be read"));
    else inPage(job.file, job.step).then(job.resolve, job.reject);
  };

  const running = (): HashWorker | null => {
    if (worker || isBroken) return worker;
    try {
      worker = start();
    } catch {
      isBroken = true;
      return null;
    }
    worker.onmessage = take;
    worker.onerror = fallBack;
    return worker;
  };

  const digest: Digest = (file, step) => {
    const started = running();
    if (!started) return inPage(file, step);
    last += 1;
    const id = last;
    return new Promise((resolve, reject) => {
      jobs.set(id, { file, step, resolve, reject });
      step.signal.addEventListener("abort", () => {
        if (!jobs.delete(id)) return;
        worker?.postMessage({ id });
        reject(new DOMException("cancelled", "AbortError"));
      });
      started.postMessage({ id, file });
    });
  };

  return { digest, close: () => worker?.terminate() };
}

async function inPage(file: Blob, step: Step): Promise<string> {
  const { digestOf } = await import("./slices.ts");
  return digestOf(file, step);
}
