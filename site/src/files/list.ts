/** The list of files while the page is open: the rows that others see, and what only this page knows of them. */

import type { Address } from "./transfer.ts";
import type { Clock, Note, QueuedFile } from "./types.ts";

/** Progress is shown at most so often (milliseconds): each change is drawn, and kept on the device. */
const PROGRESS_EVERY = 250;

/** What only this page knows of a file. */
export interface Work {
  readonly file: File;
  readonly abort: AbortController;
  address: Address | null;
  /** Failures one after the other. */
  failures: number;
  /** Milliseconds without progress before a PUT is given up. */
  patience: number;
}

/** Milliseconds without progress before the first PUT of a file is given up. */
export const PATIENCE = 30_000;

/** The rows. Each change makes new objects, and calls `changed`. */
export class FileList {
  rows: readonly QueuedFile[];
  readonly work = new Map<string, Work>();
  readonly clock: Clock;
  isClosed = false;
  #lastKey = 0;
  #lastProgress = 0;
  readonly #changed: () => void;

  constructor(rows: readonly QueuedFile[], clock: Clock, changed: () => void) {
    this.rows = rows;
    this.clock = clock;
    this.#changed = changed;
  }

  /** The row as it is now. */
  row(key: string): QueuedFile | undefined {
    return this.rows.find((row) => row.key === key);
  }

  /** Adds a file just chosen, and returns its key. */
  append(file: File, note: Note | null): string {
    const key = this.newKey();
    const row: QueuedFile = {
      key,
      name: file.name.normalize("NFC"),
      size: file.size,
      mediaType: "",
      sha256: null,
      attachment_id: null,
      maybeAnnounced: false,
      state: "checking",
      done: 0,
      again: null,
      problem: null,
      note,
      check: null,
      reason: null,
      reasonCode: null,
    };
    this.rows = [...this.rows, row];
    this.work.set(key, { file, abort: new AbortController(), address: null, failures: 0, patience: PATIENCE });
    return key;
  }

  change(key: string, change: Partial<QueuedFile>): void {
    this.replace(this.rows.map((row) => (row.key === key ? { ...row, ...change } : row)));
  }

  drop(key: string): void {
    this.work.delete(key);
    this.replace(this.rows.filter((row) => row.key !== key));
  }

  replace(rows: readonly QueuedFile[]): void {
    this.rows = rows;
    this.emit();
  }

  /** Notes the bytes done; others see it at most four times a second. */
  progress(key: string, done: number): void {
    const row = this.row(key);
    if (!row || (row.state !== "sending" && row.state !== "hashing")) return;
    this.rows = this.rows.map((each) => (each.key === key ? { ...each, done } : each));
    const now = this.clock.now();
    if (now - this.#lastProgress < PROGRESS_EVERY && done < row.size) return;
    this.#lastProgress = now;
    this.emit();
  }

  /** A key that no row has. */
  newKey(): string {
    do this.#lastKey += 1;
    while (this.row(`file-${this.#lastKey}`));
    return `file-${this.#lastKey}`;
  }

  emit(): void {
    if (!this.isClosed) this.#changed();
  }
}
