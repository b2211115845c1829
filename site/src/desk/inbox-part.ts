/** The inbox as a part of the desk: its place in the address, its keys, and collecting without opening. */

import type { TemplateResult } from "lit-html";
import { problemWords } from "../frame/problems.ts";
import { say } from "../frame/words.ts";
import type { Around } from "./around.ts";
import { addressOf, filtersOf, type Filters } from "./filters.ts";
import { Inbox } from "./inbox.ts";
import { inboxView } from "./inbox-view.ts";
import type { Key } from "./keys.ts";
import type { DeskPart } from "./part.ts";
import { DESK, mailAddress, type Form } from "./place.ts";

/** The browser's address, and going to another one. */
export interface Way {
  readonly query: () => string;
  readonly fragment: () => string;
  /** Go there, with an entry in the history. */
  readonly go: (address: string) => void;
  /** Put another address in place of this one. */
  readonly replace: (address: string) => void;
}

export class InboxPart implements DeskPart {
  readonly inbox: Inbox;
  readonly #around: Around;
  readonly #way: Way;

  constructor(around: Around, way: Way) {
    this.#around = around;
    this.#way = way;
    this.inbox = new Inbox(around);
  }

  view(): TemplateResult {
    return inboxView(this.inbox, {
      filter: (filters) => this.#way.go(DESK + addressOf(filters)),
      search: (q) => this.#search(q),
    });
  }

  title(): string {
    const unread = this.inbox.state.counts?.unread ?? 0;
    return unread > 0 ? say("inbox.title_unread", { number: unread }) : say("inbox.title");
  }

  wrong(): boolean {
    return false;
  }

  wake(): void {
    this.inbox.open(filtersOf(this.#way.query(), this.#way.fragment()));
  }

  tick(): void {
    this.inbox.tick();
  }

  leave(): void {
    // The list at hand is shown at once when its agent comes back.
  }

  press(key: Key): void {
    const { at } = this.inbox.state;
    const form: Partial<Record<Key, Form>> = { a: "answer", r: "redirect" };
    if (key === "j" || key === "k") {
      this.inbox.move(key === "j" ? 1 : -1);
    } else if (at !== null && key === "o") {
      this.#way.go(mailAddress(at));
    } else if (at !== null && key === "c") {
      void this.#collect(at);
    } else if (at !== null && form[key]) {
      this.#way.go(mailAddress(at, form[key]));
    }
  }

  /** What is typed stands in the address too, without an entry in the history for each letter. */
  #search(q: string): void {
    const filters: Filters = { ...this.inbox.state.filters, q };
    this.#way.replace(DESK + addressOf(filters));
    this.inbox.search(q);
  }

  async #collect(number: string): Promise<void> {
    const path = `/v1/inbox/${encodeURIComponent(number)}/collection` as const;
    try {
      const { body } = await this.#around.ask<{ collected: { by: string } }>("POST", path);
      this.inbox.changed(number, { status: "collected", unread: false, late: false });
      this.#around.announce(say("inbox.collected_by", { name: body.collected.by }));
      this.#around.draw();
    } catch (error) {
      this.#around.announce(problemWords(error));
    }
  }
}
