/** What is sent when: one file after the other, again by itself after failures that pass. */

import type { Ask } from "../api/client.ts";
import { passes, Problem as Refusal } from "../api/client.ts";
import { delayAfter } from "./backoff.ts";
import { type FileList, PATIENCE, type Work } from "./list.ts";
import { type Access, type Outcome, transfer, withdraw } from "./transfer.ts";
import type { Digest, MailAccess, Put, QueuedFile, RetryCause, Stopped } from "./types.ts";

const MOST_PATIENCE = 8 * PATIENCE;

interface Settings {
  readonly ask: Ask;
  readonly mail: () => Promise<MailAccess>;
  readonly digest: Digest;
  readonly put: Put;
  /** A file is there. */
  readonly sent: () => void;
}

/** Sends and takes back, in the order in which it is due. */
export class Sending {
  stopped: Stopped | null = null;
  #isBusy = false;
  #failures = 0;
  #pausedUntil = 0;
  #stopTimer: () => void = () => undefined;
  readonly #list: FileList;
  readonly #settings: Settings;

  constructor(list: FileList, settings: Settings) {
    this.#list = list;
    this.#settings = settings;
  }

  /** Starts the next step that is due, or sets the timer for it. */
  schedule(): void {
    this.#stopTimer();
    if (this.#isBusy || this.#list.isClosed || this.stopped) return;
    const ready = this.#list.rows.filter(({ state }) => ["removing", "waiting", "retrying"].includes(state));
    if (ready.length === 0) return;
    const dueAt = (row: QueuedFile): number => Math.max(this.#pausedUntil, row.again?.at ?? 0);
    const isBefore = (one: QueuedFile, other: QueuedFile): boolean =>
      dueAt(one) < dueAt(other) || (dueAt(one) === dueAt(other) && one.again === null && other.again !== null);
    // A file that failed comes after those that were not tried yet.
    const next = ready.reduce((first, row) => (isBefore(row, first) ? row : first));
    const wait = dueAt(next) - this.#list.clock.now();
    if (wait > 0) {
      this.#stopTimer = this.#list.clock.after(wait, () => this.schedule());
      return;
    }
    this.#isBusy = true;
    void this.#run(next.key).finally(() => {
      this.#isBusy = false;
      this.schedule();
    });
  }

  /** Waits no longer: the network is back, or somebody asked. */
  hurry(): void {
    this.#pausedUntil = 0;
    const at = this.#list.clock.now();
    this.#list.rows = this.#list.rows.map((row) => (row.again ? { ...row, again: { ...row.again, at } } : row));
    this.schedule();
  }

  /** Ends sending for good, or until the draft is replaced. */
  stop(reason: Stopped): void {
    this.stopped = reason;
    this.#list.replace(
      this.#list.rows.map((row) =>
        row.state === "sending" || row.state === "retrying" ? { ...row, state: "waiting", done: 0, again: null } : row,
      ),
    );
  }

  close(): void {
    this.#stopTimer();
    for (const { abort } of this.#list.work.values()) abort.abort();
  }

  async #run(key: string): Promise<void> {
    const isRemoval = this.#list.row(key)?.state === "removing";
    const work = this.#list.work.get(key);
    if (!isRemoval && !work) {
      this.#list.change(key, { state: "missing" });
      return;
    }
    if (!isRemoval) this.#list.change(key, { state: "sending", again: null, done: 0 });
    let outcome: Outcome;
    try {
      const access = this.#access(key, await this.#settings.mail(), work);
      const progress = (done: number): void => this.#list.progress(key, done);
      if (isRemoval || !work) outcome = await withdraw(access);
      else outcome = await transfer(work.file, access, { signal: work.abort.signal, progress });
    } catch (error) {
      if (this.#list.isClosed || (work?.abort.signal.aborted === true && !isRemoval)) return;
      if (!passes(error)) {
        this.#list.change(key, { state: "failed", done: 0, problem: { code: "storage", values: {} } });
        throw error;
      }
      outcome = { again: "network", retryAfter: error instanceof Refusal ? error.retryAfter : null };
    }
    this.#finish(key, outcome, isRemoval);
  }

  #finish(key: string, outcome: Outcome, isRemoval: boolean): void {
    if ("stopped" in outcome) {
      // What belonged to a draft that is gone is gone.
      if (isRemoval) this.#list.drop(key);
      this.stop(outcome.stopped);
    } else if ("again" in outcome) this.#again(key, outcome.again, outcome.retryAfter);
    else {
      this.#failures = 0;
      this.#pausedUntil = 0;
      if (isRemoval) this.#list.drop(key);
      else if (this.#list.row(key)?.state === "removing") return;
      else if ("problem" in outcome) this.#list.change(key, { state: "failed", done: 0, problem: outcome.problem });
      else this.#settings.sent();
    }
  }

  #again(key: string, cause: RetryCause, retryAfter: number | null): void {
    const { clock } = this.#list;
    const work = this.#list.work.get(key);
    const delay = (failures: number): number => clock.now() + delayAfter(failures, retryAfter, () => clock.random());
    this.#pausedUntil = delay(this.#failures);
    const at = Math.max(this.#pausedUntil, delay(work?.failures ?? this.#failures));
    this.#failures += 1;
    if (work) {
      work.failures += 1;
      // What a slow network still holds when all is handed over takes its time: the next try waits longer.
      if (cause === "stalled") work.patience = Math.min(MOST_PATIENCE, work.patience * 2);
    }
    const isRemoved = this.#list.row(key)?.state === "removing";
    this.#list.change(key, { state: isRemoved ? "removing" : "retrying", done: 0, again: { at, cause } });
  }

  #access(key: string, mail: MailAccess, work: Work | undefined): Access {
    const list = this.#list;
    const { ask, put, digest } = this.#settings;
    return {
      mail,
      ask,
      put,
      digest,
      clock: list.clock,
      patience: work?.patience ?? PATIENCE,
      row: () => {
        const found = list.row(key);
        if (!found) throw new DOMException("removed", "AbortError");
        return found;
      },
      rows: () => list.rows,
      change: (change) => {
        // A file removed meanwhile keeps that state; all else that is learnt of it counts.
        const { state, ...rest } = change;
        const isRemoved = list.row(key)?.state === "removing";
        list.change(key, isRemoved || state === undefined ? rest : change);
      },
      get address() {
        return work?.address ?? null;
      },
      set address(address) {
        if (work) work.address = address;
      },
    };
  }
}
