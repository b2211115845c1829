/** The list of mails: its filters, its pages, and what is new in it. */

import { problemWords } from "../frame/problems.ts";
import { say } from "../frame/words.ts";
import { Problem } from "../api/client.ts";
import type { Around } from "./around.ts";
import { isSame, NO_FILTERS, requestOf, type Filters } from "./filters.ts";
import type { Counts, InboxPage, Item } from "./shapes.ts";

const PAGE = 25;
/** A filter may look through many entries before a page is full: so many requests in a row, then by a press. */
const MOST_REQUESTS = 8;
/** New mail is shown within ten seconds. */
const POLL_MILLISECONDS = 7000;
const TYPING_MILLISECONDS = 300;

export interface InboxState {
  filters: Filters;
  stage: "reading" | "ready" | "failed";
  trouble: string;
  items: readonly Item[];
  cursor: string | null;
  /** Whether further mails are being asked for. */
  more: boolean;
  counts: Counts | null;
  /** Numbers that came while the list was open. */
  fresh: ReadonlySet<string>;
  /** The mail that the keyboard is at. */
  at: string | null;
}

export class Inbox {
  readonly state: InboxState = {
    filters: NO_FILTERS,
    stage: "reading",
    trouble: "",
    items: [],
    cursor: null,
    more: false,
    counts: null,
    fresh: new Set(),
    at: null,
  };
  readonly #around: Around;
  #call = new AbortController();
  #tag: string | undefined;
  #polled = 0;
  #polling = false;
  #typing: ReturnType<typeof setTimeout> | undefined;

  constructor(around: Around) {
    this.#around = around;
  }

  /** List the mails that pass these filters; where they are listed already, look for news alone. */
  open(filters: Filters): void {
    const same = isSame(filters, this.state.filters) && this.state.stage === "ready";
    this.state.filters = filters;
    if (same) {
      void this.#poll();
    } else {
      this.read();
    }
  }

  /** Something was typed into the search: list once the typing pauses. */
  search(q: string): void {
    this.state.filters = { ...this.state.filters, q };
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.read(), TYPING_MILLISECONDS);
  }

  /** Read the list from its beginning. */
  read(): void {
    clearTimeout(this.#typing);
    this.#call.abort();
    this.#call = new AbortController();
    Object.assign(this.state, { stage: "reading", trouble: "", more: false, at: null, fresh: new Set() });
    this.#around.draw();
    void this.#read(this.#call.signal);
  }

  async #read(signal: AbortSignal): Promise<void> {
    this.#polled = this.#around.now();
    try {
      const first = await this.#page(null, signal);
      if (signal.aborted) {
        return;
      }
      this.#tag = first.tag;
      this.#take(first.items, first.cursor, "ready");
      this.#around.announce(say("inbox.found", { count: first.items.length }));
      await this.#count(signal);
    } catch (error) {
      this.#failed(error, signal);
    }
    this.#around.draw();
  }

  /** Ask for the mails that follow. */
  async further(): Promise<void> {
    const { cursor, more } = this.state;
    if (cursor === null || more) {
      return;
    }
    this.state.more = true;
    this.#around.draw();
    const { signal } = this.#call;
    try {
      const next = await this.#page(cursor, signal);
      if (signal.aborted) {
        return;
      }
      const first = next.items[0]?.number;
      this.#take([...this.state.items, ...next.items], next.cursor, "ready");
      if (first !== undefined) {
        this.#around.focus(`[data-number="${CSS.escape(first)}"]`);
      }
    } catch (error) {
      this.#failed(error, signal);
    }
    this.state.more = false;
    this.#around.draw();
  }

  /** Items until a page is full: a filter may pass few of those that one request looks at. */
  async #page(cursor: string | null, signal: AbortSignal): Promise<{ items: Item[]; cursor: string | null; tag?: string }> {
    const items: Item[] = [];
    let next = cursor;
    let tag: string | undefined;
    for (let requests = 0; requests < MOST_REQUESTS; requests += 1) {
      const answer = await this.#around.ask<InboxPage>("GET", requestOf(this.state.filters, next, PAGE), { signal });
      tag = requests === 0 ? answer.tag : undefined;
      items.push(...answer.body.items);
      next = answer.body.next_cursor;
      if (next === null || items.length >= PAGE) {
        break;
      }
    }
    return { items, cursor: next, ...(tag === undefined ? {} : { tag }) };
  }

  /** Once a second: look for news, unless the page is hidden. */
  tick(): void {
    const due = this.#around.now() - this.#polled >= POLL_MILLISECONDS;
    if (due && this.state.stage !== "reading" && this.#around.isVisible()) {
      void this.#poll();
    }
  }

  async #poll(): Promise<void> {
    if (this.#polling) {
      return;
    }
    this.#polling = true;
    this.#polled = this.#around.now();
    const { signal } = this.#call;
    try {
      const path = requestOf(this.state.filters, null, PAGE);
      const answer = await this.#around.ask<InboxPage | undefined>("GET", path, {
        signal,
        ...(this.#tag === undefined ? {} : { unless: this.#tag }),
      });
      if (answer.status !== 304 && answer.body && !signal.aborted) {
        this.#tag = answer.tag;
        this.#merge(answer.body);
        await this.#count(signal);
      }
      if (this.state.stage === "failed") {
        this.state.stage = "ready";
        this.state.trouble = "";
      }
      this.#around.draw();
    } catch {
      // The list at hand stays; the next look comes in a few seconds.
    } finally {
      this.#polling = false;
    }
  }

  /** The newest page as it is now, before the older mails that were read before. */
  #merge({ items, next_cursor: cursor }: InboxPage): void {
    const known = new Map(this.state.items.map((item) => [item.number, item]));
    const oldest = items.at(-1)?.submitted_at ?? "";
    const older = cursor === null ? [] : this.state.items.filter((item) => item.submitted_at < oldest);
    const fresh = items.filter((item) => !known.has(item.number)).map((item) => item.number);
    if (fresh.length > 0) {
      this.state.fresh = new Set([...this.state.fresh, ...fresh]);
      this.#around.announce(say("inbox.arrived", { count: fresh.length }));
    }
    this.#take([...items, ...older], older.length > 0 ? this.state.cursor : cursor, "ready");
  }

  #take(items: readonly Item[], cursor: string | null, stage: InboxState["stage"]): void {
    Object.assign(this.state, { items, cursor, stage });
  }

  async #count(signal: AbortSignal): Promise<void> {
    try {
      const { body } = await this.#around.ask<Counts>("GET", "/v1/inbox/counts", { signal });
      this.state.counts = body;
    } catch {
      // The list is there; numbers beside the filters are not needed to work.
      this.state.counts = null;
    }
  }

  #failed(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) {
      return;
    }
    const ended = error instanceof Problem && error.status === 401;
    this.state.stage = this.state.items.length > 0 && ended ? "ready" : "failed";
    this.state.trouble = problemWords(error);
  }

  /** A mail was opened, collected or closed here: the list says so before the next look. */
  changed(number: string, changes: Partial<Pick<Item, "status" | "unread" | "late">>): void {
    this.state.items = this.state.items.map((item) => (item.number === number ? { ...item, ...changes } : item));
    this.#tag = undefined;
  }

  /** Move the keyboard's place by one mail, and the focus with it. */
  move(step: 1 | -1): void {
    const { items, at } = this.state;
    const index = items.findIndex((item) => item.number === at);
    const next = items[index < 0 ? 0 : Math.min(Math.max(index + step, 0), items.length - 1)];
    if (next) {
      this.state.at = next.number;
      this.#around.draw();
      this.#around.focus(`[data-number="${CSS.escape(next.number)}"]`);
    }
  }

  /** Nothing of the inbox is asked for any more. */
  stop(): void {
    clearTimeout(this.#typing);
    this.#call.abort();
    this.#call = new AbortController();
  }
}
