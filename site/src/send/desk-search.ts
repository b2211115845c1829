/**
 * The search for a desk as one types: the service searches, since it alone folds spellings, and pages hold no list of
 * two thousand. Answers that come late, in another order or not at all change nothing that was asked since.
 */

import { passes, Problem, type Ask } from "../api/client.ts";
import { pauseBefore } from "../draft/retry.ts";
import type { Clock } from "../files/types.ts";
import type { Category, Organism } from "../frame/organisms.ts";

/** Milliseconds without a letter before the service is asked. */
export const TYPING_PAUSE = 250;
const PAGE = 25;
const MOST_TRIES = 5;

export interface Found {
  readonly items: readonly Organism[];
  /** The cursor of the next page; `null` on the last one. */
  readonly next: string | null;
}

interface Page {
  readonly items: readonly Organism[];
  readonly next_cursor: string | null;
}

export interface Parts {
  readonly ask: Ask;
  readonly clock: Clock;
  /** The state changed. */
  readonly changed: () => void;
  /** An answer came: how many are shown, and whether there are more. */
  readonly found: (shown: number, more: boolean) => void;
}

export class DeskSearch {
  words = "";
  category: Category | null = null;
  /** What was found last, also while something else is searched; `null` where nothing is asked. */
  found: Found | null = null;
  working: "search" | "more" | null = null;
  fault: unknown = null;
  readonly #parts: Parts;
  #cancel: () => void = () => undefined;
  #again: (() => void) | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Whether there is anything to search for: invisible characters alone are nothing. */
  get asked(): boolean {
    return this.category !== null || /[\p{L}\p{N}]/u.test(this.words);
  }

  /** The search field now holds these words. */
  type(words: string): void {
    this.words = words;
    this.#begin(TYPING_PAUSE);
  }

  /** Only desks of this category, or of all. */
  choose(category: Category | null): void {
    this.category = category;
    this.#begin(0);
  }

  /** Search for what the field holds, without waiting for another letter. */
  now(): void {
    this.#begin(0);
  }

  /** Whether asking again may help. */
  get canRetry(): boolean {
    return this.#again !== null;
  }

  /** The next page. */
  more(): void {
    const { found } = this;
    if (found?.next && this.working === null) {
      this.#stop();
      this.#send({ kind: "more", after: found, cursor: found.next }, 0);
    }
  }

  /** Ask again now: somebody pressed "retry", or the network is back. */
  retry(): void {
    this.#again?.();
  }

  #begin(milliseconds: number): void {
    this.#stop();
    if (!this.asked) {
      this.found = null;
      this.#parts.changed();
      return;
    }
    this.working = "search";
    this.#cancel = this.#parts.clock.after(milliseconds, () => this.#send({ kind: "search" }, 0));
    this.#parts.changed();
  }

  #stop(): void {
    this.#cancel();
    this.#cancel = () => undefined;
    this.#again = null;
    this.working = null;
    this.fault = null;
  }

  #send(wanted: Wanted, attempt: number): void {
    const stopper = new AbortController();
    this.#cancel = () => stopper.abort();
    this.working = wanted.kind;
    this.fault = null;
    this.#parts.changed();
    const options = { signal: stopper.signal, cache: "default" } as const;
    this.#parts.ask<Page>("GET", `/v1/organisms?${this.#query(wanted)}`, options).then(
      ({ body }) => stopper.signal.aborted || this.#took(wanted, body),
      (error: unknown) => stopper.signal.aborted || this.#failed(wanted, attempt, error),
    );
  }

  #query(wanted: Wanted): string {
    const query = new URLSearchParams({ limit: String(PAGE) });
    if (/[\p{L}\p{N}]/u.test(this.words)) {
      query.set("q", this.words.trim());
    }
    if (this.category !== null) {
      query.set("category", this.category);
    }
    if (wanted.kind === "more") {
      query.set("cursor", wanted.cursor);
    }
    return query.toString();
  }

  #took(wanted: Wanted, page: Page): void {
    const before = wanted.kind === "more" ? wanted.after.items : [];
    this.#stop();
    this.found = { items: [...before, ...page.items], next: page.next_cursor };
    this.#parts.changed();
    this.#parts.found(this.found.items.length, this.found.next !== null);
  }

  #failed(wanted: Wanted, attempt: number, error: unknown): void {
    this.#stop();
    this.fault = error;
    // What was found for other words would pass for an answer.
    this.found = wanted.kind === "more" ? wanted.after : null;
    if (passes(error)) {
      const again = (next: number) => {
        this.#stop();
        this.#send(wanted, next);
      };
      this.#again = () => again(0);
      if (attempt + 1 < MOST_TRIES) {
        const { clock } = this.#parts;
        const retryAfter = error instanceof Problem ? error.retryAfter : null;
        const pause = pauseBefore(attempt, retryAfter, () => clock.random());
        this.#cancel = clock.after(pause, () => again(attempt + 1));
      }
    }
    this.#parts.changed();
  }
}

type Wanted = { readonly kind: "search" } | { readonly kind: "more"; readonly after: Found; readonly cursor: string };
