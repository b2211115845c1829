/**
 * The queue of one mail's files: each goes when it is chosen, one after the other. On a slow network two at once would
 * both take twice as long, and more would be lost when the connection breaks.
 */

import { passes, Problem } from "../api/client.ts";
import { asMissing, type Attachment, reconciled } from "./attachments.ts";
import { Intake } from "./intake.ts";
import { FileList } from "./list.ts";
import { mayPass, restored, totalOf } from "./rows.ts";
import { Sending } from "./sending.ts";
import type { Clock, Note, QueuedFile, QueueOptions, Stopped, Total, UploadQueue } from "./types.ts";

/** Seconds after which the security check is asked for, once a file is there. */
const CHECKS_AFTER = [2, 3, 5, 8, 13, 20, 30, 30, 30, 30];

/** This device's time and chance. */
export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  after: (milliseconds, action) => {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Makes the queue of one mail. Rows of an earlier visit are listed at once; `refresh` asks the server for them. */
export function createQueue(options: QueueOptions): UploadQueue {
  return new Queue(options);
}

class Queue implements UploadQueue {
  #checksAsked = 0;
  #stopChecks: () => void = () => undefined;
  readonly #options: QueueOptions;
  readonly #list: FileList;
  readonly #intake: Intake;
  readonly #sending: Sending;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#list = new FileList(restored(options.saved ?? []), options.clock ?? SYSTEM_CLOCK, options.changed);
    this.#sending = new Sending(this.#list, { ...options, sent: () => this.#askForChecks() });
    this.#intake = new Intake(this.#list, {
      ...options,
      remove: (key) => this.remove(key),
      ready: () => this.#sending.schedule(),
    });
    this.#sending.schedule();
  }

  get files(): readonly QueuedFile[] {
    return this.#list.rows;
  }

  get total(): Total {
    return totalOf(this.#list.rows);
  }

  get stopped(): Stopped | null {
    return this.#sending.stopped;
  }

  canRetry(row: QueuedFile): boolean {
    return mayPass(row) && this.#list.work.has(row.key);
  }

  async add(files: Iterable<File>, note: Note | null = null): Promise<void> {
    const added = Array.from(files, (file) => this.#list.append(file, note));
    this.#list.emit();
    for (const key of added) await this.#intake.check(key);
    void this.#intake.hash();
  }

  remove(key: string): void {
    const row = this.#list.row(key);
    if (!row || row.state === "removing") return;
    this.#list.work.get(key)?.abort.abort();
    const isKnown = row.attachment_id !== null || row.maybeAnnounced;
    if (isKnown) this.#list.change(key, { state: "removing", again: null, problem: null });
    else this.#list.drop(key);
    this.#sending.schedule();
  }

  retry(key: string): void {
    const row = this.#list.row(key);
    if (!row || !this.canRetry(row)) return;
    if (row.state === "retrying") {
      this.#sending.hurry();
      return;
    }
    this.#list.change(key, { state: row.sha256 === null ? "checking" : "waiting", problem: null, done: 0 });
    if (row.sha256 === null) void this.#intake.check(key).then(() => this.#intake.hash());
    this.#sending.hurry();
  }

  async refresh(): Promise<void> {
    const { mail_id, access_token } = await this.#options.mail();
    try {
      const { body } = await this.#options.ask<{ attachments: Attachment[] }>("GET", `/v1/mails/${mail_id}`, {
        token: access_token,
      });
      this.#list.replace(reconciled(this.#list.rows, body.attachments, () => this.#list.newKey()));
      this.#sending.schedule();
    } catch (error) {
      if (passes(error) || !(error instanceof Problem)) throw error;
      this.#sending.stop(error.slug === "already-submitted" ? "submitted" : "ended");
    }
  }

  restart(): void {
    this.#sending.stopped = null;
    const kept = this.#list.rows.filter((row) => row.state !== "removing");
    this.#list.replace(kept.map((row) => this.#unannounced(row)));
    void this.#intake.hash();
    this.#sending.hurry();
  }

  wake(): void {
    this.#sending.hurry();
  }

  close(): void {
    this.#list.isClosed = true;
    this.#stopChecks();
    this.#sending.close();
    this.#options.closed?.();
  }

  #unannounced(row: QueuedFile): QueuedFile {
    if (row.state === "failed") return row;
    const work = this.#list.work.get(row.key);
    const fresh = { ...asMissing(row), attachment_id: null, maybeAnnounced: false };
    if (!work) return fresh;
    work.address = null;
    return { ...fresh, state: row.sha256 === null ? "hashing" : "waiting" };
  }

  #askForChecks(): void {
    this.#checksAsked = 0;
    this.#watchChecks();
  }

  /** The security check takes a while: its result is asked for until it is known. */
  #watchChecks(): void {
    this.#stopChecks();
    const isPending = this.#list.rows.some((row) => row.state === "sent" && (row.check ?? "pending") === "pending");
    const seconds = CHECKS_AFTER[this.#checksAsked];
    if (!isPending || seconds === undefined || this.#list.isClosed || this.stopped) return;
    this.#stopChecks = this.#list.clock.after(seconds * 1000, () => {
      this.#checksAsked += 1;
      void this.refresh()
        .catch(() => undefined)
        .then(() => this.#watchChecks());
    });
  }
}

/** Lets a queue go on at once when the page wakes or the network is back. Returns what ends that. */
export function watchWaking(queue: Pick<UploadQueue, "wake">, page: Document = document): () => void {
  const wake = (): void => {
    if (page.visibilityState === "visible") queue.wake();
  };
  page.addEventListener("visibilitychange", wake);
  addEventListener("online", wake);
  addEventListener("pageshow", wake);
  return () => {
    page.removeEventListener("visibilitychange", wake);
    removeEventListener("online", wake);
    removeEventListener("pageshow", wake);
  };
}
