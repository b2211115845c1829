/** What an agent began to write about a mail: kept on this device for a week, by agent, until it is sent. */

import type { Store } from "../follow/session.ts";

export interface Draft {
  readonly message: string;
  readonly redirect_to: string;
}

const EMPTY: Draft = { message: "", redirect_to: "" };
const KEPT_MILLISECONDS = 7 * 24 * 3_600_000;
const PREFIX = "desk-draft:";

/** The drafts of one agent. */
export class Drafts {
  readonly #store: Store | null;
  readonly #who: () => string;
  readonly #now: () => number;

  constructor(store: Store | null, who: () => string, now: () => number) {
    this.#store = store;
    this.#who = who;
    this.#now = now;
  }

  /** What was begun here; empty where nothing was, or too long ago. */
  read(number: string, form: string): Draft {
    const name = this.#name(number, form);
    try {
      const kept = JSON.parse(this.#store?.getItem(name) ?? "null") as (Draft & { at: number }) | null;
      if (kept && this.#now() - kept.at < KEPT_MILLISECONDS) {
        return { message: kept.message, redirect_to: kept.redirect_to };
      }
      this.#store?.removeItem(name);
    } catch {
      // A browser that keeps nothing, or what another program wrote: begin with nothing.
    }
    return EMPTY;
  }

  /** Keep it; where nothing is left of it, forget it. */
  keep(number: string, form: string, draft: Draft): void {
    const name = this.#name(number, form);
    try {
      if (draft.message === "" && draft.redirect_to === "") {
        this.#store?.removeItem(name);
      } else {
        this.#store?.setItem(name, JSON.stringify({ ...draft, at: this.#now() }));
      }
    } catch {
      // Full or forbidden: it stays until the page is left.
    }
  }

  forget(number: string): void {
    for (const form of ["answer", "redirect", "reject"]) {
      this.keep(number, form, EMPTY);
    }
  }

  #name(number: string, form: string): string {
    return `${PREFIX}${this.#who()}:${number}:${form}`;
  }
}
