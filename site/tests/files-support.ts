/** A service, a storage and a clock for tests of the files engine: they behave as the contract says, and fail on order. */

import { createHash } from "node:crypto";

import { type Answer, type Ask, NoAnswer, type Options, Problem } from "../src/api/client.ts";
import type { Attachment } from "../src/files/attachments.ts";
import { createQueue } from "../src/files/queue.ts";
import type { Clock, Put, PutAnswer, QueuedFile, QueueOptions, UploadQueue } from "../src/files/types.ts";

export const PDF = "%PDF-1.7\n1 0 obj\n<<>>\nendobj\n";

export function pdf(name = "plan.pdf", more = ""): File {
  return new File([PDF + more], name);
}

export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Time that moves only when a test says so. */
export class HandClock implements Clock {
  #now = 1_000_000;
  #timers: { at: number; action: () => void }[] = [];
  readonly waits: number[] = [];

  now(): number {
    return this.#now;
  }

  random(): number {
    return 1;
  }

  after(milliseconds: number, action: () => void): () => void {
    const timer = { at: this.#now + milliseconds, action };
    this.#timers.push(timer);
    this.waits.push(milliseconds);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  /** The device sleeps: time goes by, and no timer runs. */
  sleep(milliseconds: number): void {
    this.#now += milliseconds;
  }

  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      await rest();
      const next = this.#timers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.#now = Math.max(this.#now, next.at);
      next.action();
    }
    this.#now = end;
    await rest();
  }
}

/** Let everything that is ready run. */
export async function rest(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export type Fault = "lost" | "late" | { status: number; slug?: string; retryAfter?: number; detail?: string };

/** The service: announcements, removals and the mail; `storage` holds the uploaded ids. */
export class Service {
  readonly attachments: Attachment[] = [];
  readonly asked: string[] = [];
  /** Faults of the next requests of a method: `lost` after the work was done, `late` before it. */
  readonly faults: Record<string, Fault[]> = {};
  #last = 0;

  readonly ask: Ask = async <T>(method: string, path: string, options: Options = {}): Promise<Answer<T>> => {
    this.asked.push(`${method} ${path.replace(/^\/v1\/mails\/[^/]+/u, "")}`);
    await Promise.resolve();
    const fault = this.faults[method]?.shift();
    if (fault === "late") throw new NoAnswer("offline");
    if (typeof fault === "object") {
      const body = { type: `/problems/${fault.slug ?? ""}`, detail: fault.detail ?? "" };
      throw new Problem(fault.status, body, fault.retryAfter ?? null);
    }
    const body = this.#answer(method, path, options.body);
    if (fault === "lost") throw new NoAnswer("timeout");
    return { status: 200, body: body as T, retryAfter: null, at: Number.NaN };
  };

  #answer(method: string, path: string, body: unknown): unknown {
    if (method === "GET") return { attachments: this.attachments.map((each) => ({ ...each })) };
    if (method === "DELETE") {
      const at = this.attachments.findIndex((each) => path.endsWith(`/${each.attachment_id}`));
      if (at < 0) throw new Problem(404, { type: "/problems/attachment-not-found" }, null);
      this.attachments.splice(at, 1);
      return undefined;
    }
    this.#last += 1;
    const announced = body as { file_name: string; media_type: string; size: number; sha256: string };
    const attachment_id = `a${this.#last}`;
    this.attachments.push({
      ...announced,
      attachment_id,
      uploaded: false,
      check: "pending",
      reason: null,
      reason_code: null,
      detected_media_type: null,
      warnings: [],
    });
    const expires_at = new Date(1_000_000 + 15 * 60_000 + this.clockAhead).toISOString();
    return { attachment_id, ...announced, upload: { method: "PUT", url: `/${attachment_id}`, headers: {}, expires_at } };
  }

  clockAhead = 0;

  uploaded(id: string): Attachment {
    const found = this.attachments.find((each) => each.attachment_id === id);
    if (!found) throw new Error(`${id} was never announced`);
    found.uploaded = true;
    return found;
  }
}

export type Stored = "stored" | "answer lost" | PutAnswer | Promise<PutAnswer>;

export interface Bench {
  readonly queue: UploadQueue;
  readonly service: Service;
  readonly clock: HandClock;
  /** The addresses of the PUTs, in order. */
  readonly puts: string[];
  readonly patience: number[];
  /** What the next PUTs come to; `stored` once the list is empty. */
  readonly outcomes: Stored[];
  /** Every list that was shown. */
  readonly shown: (readonly QueuedFile[])[];
  readonly states: () => string[];
}

export const refusal = (status: number, retryAfter: number | null = null): PutAnswer => ({
  status,
  retryAfter,
  stalled: false,
});
export const STALLED: PutAnswer = { status: 0, retryAfter: null, stalled: true };

export function bench(more: Partial<QueueOptions> = {}, service = new Service()): Bench {
  const clock = new HandClock();
  const puts: string[] = [];
  const outcomes: Stored[] = [];
  const patience: number[] = [];
  const shown: (readonly QueuedFile[])[] = [];
  const put: Put = async (upload, file, step) => {
    puts.push(upload.url);
    patience.push(step.patience);
    const outcome = outcomes.shift() ?? "stored";
    step.progress(Math.ceil(file.size / 2));
    if (typeof outcome === "object") {
      const aborted = new Promise<never>((_, reject) => {
        step.signal.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
      });
      return Promise.race([outcome, aborted]);
    }
    step.progress(file.size);
    service.uploaded(upload.url.slice(1));
    return outcome === "answer lost" ? refusal(0) : refusal(200);
  };
  const digest: QueueOptions["digest"] = async (file) => digestOf(await file.text());
  const queue = createQueue({
    ask: service.ask,
    mail: () => Promise.resolve({ mail_id: "m", access_token: "t" }),
    limits: () => ({ max_attachments: 3, max_attachment_bytes: 1000 }),
    digest,
    put,
    clock,
    changed: () => shown.push(queue.files),
    ...more,
  });
  const states = (): string[] => queue.files.map((row) => `${row.name} ${row.problem?.code ?? row.state}`);
  return { queue, service, clock, puts, outcomes, patience, shown, states };
}
