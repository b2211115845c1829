/** The receipt's addresses: asked for when the mail is opened, waited for while it is made, fresh before they end. */

import { say } from "../frame/words.ts";
import type { Around } from "./around.ts";
import { pause, refreshIn, safeAddress, worksUntil } from "./patience.ts";
import { NO_RECEIPT, type Receipt, type ReceiptAnswer, type State } from "./shapes.ts";
import { inWords, opensNothing } from "./troubles.ts";

/** Addresses of receipts work for five minutes. */
const USUAL_MILLISECONDS = 240_000;
const MOST_POLLS = 60;
const QUICK_POLLS = 10;
const SLOW_POLL_SECONDS = 3;
const LONGEST_POLL_SECONDS = 10;
/** A slip with new codes is made within moments. */
const MOST_SLIP_POLLS = 20;

export class ReceiptKeeper {
  readonly #state: State;
  readonly #around: Around;
  readonly #accessEnded: () => void;
  #call = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = Number.POSITIVE_INFINITY;
  #polls = 0;
  /** How often the page will still ask for a slip that is being made. */
  #slipPolls = 0;

  constructor(state: State, around: Around, accessEnded: () => void) {
    this.#state = state;
    this.#around = around;
    this.#accessEnded = accessEnded;
  }

  /** Ask for the receipt from the beginning; `withNewSlip`: until it comes with the slip that is being made. */
  fetch(withNewSlip = false): void {
    this.stop();
    this.#polls = 0;
    this.#slipPolls = withNewSlip ? MOST_SLIP_POLLS : 0;
    this.#set({ ...NO_RECEIPT, state: "preparing" });
    void this.#ask(0);
  }

  /** Nothing that is under way will be shown. */
  stop(): void {
    this.#call.abort();
    this.#call = new AbortController();
    clearTimeout(this.#timer);
    this.#due = Number.POSITIVE_INFINITY;
  }

  /** Once a second; `active`: somebody uses the page. */
  tick(active: boolean): void {
    const now = this.#around.now();
    const { receipt } = this.#state;
    if (receipt.state !== "ready") {
      return;
    }
    if (active && now >= this.#due) {
      this.#due = Number.POSITIVE_INFINITY;
      void this.#ask(0);
    }
    if (receipt.url && now >= receipt.until) {
      this.#set({ ...receipt, url: "", slip: "" });
    }
  }

  async #ask(tried: number): Promise<void> {
    const { session } = this.#state;
    const { signal } = this.#call;
    if (!session) {
      return;
    }
    try {
      const path = `/v1/mails/${encodeURIComponent(session.mailId)}/receipt` as const;
      const { body, at, retryAfter } = await this.#around.ask<ReceiptAnswer>("GET", path, { token: session.token, signal });
      if (signal.aborted) {
        return;
      }
      if (body.status === "issued") {
        this.#issued(body, at);
      } else {
        this.#pending(retryAfter ?? 1);
      }
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      if (opensNothing(error)) {
        this.#accessEnded();
      } else {
        this.#failed(error, tried);
      }
    }
  }

  #issued(body: Extract<ReceiptAnswer, { status: "issued" }>, at: number): void {
    const now = this.#around.now();
    const url = safeAddress(body.url);
    if (!url) {
      this.#set({ ...NO_RECEIPT, state: "failed", trouble: say("problems.service") });
      return;
    }
    const until = worksUntil(body.expires_at, at, now, USUAL_MILLISECONDS);
    const works = until > now;
    const slip = works ? safeAddress(body.slip?.url) : "";
    this.#set({ state: "ready", url: works ? url : "", slip, until, trouble: "" });
    this.#due = works ? now + refreshIn(until, now) : Number.POSITIVE_INFINITY;
    if (!slip && this.#slipPolls > 0) {
      this.#slipPolls -= 1;
      this.#later(SLOW_POLL_SECONDS, 0);
    }
  }

  #pending(seconds: number): void {
    this.#polls += 1;
    if (this.#polls > MOST_POLLS) {
      this.#set({ ...NO_RECEIPT, state: "late" });
      return;
    }
    this.#set({ ...NO_RECEIPT, state: "preparing" });
    const wait = this.#polls > QUICK_POLLS ? Math.max(seconds, SLOW_POLL_SECONDS) : seconds;
    this.#later(Math.min(wait, LONGEST_POLL_SECONDS), 0);
  }

  #failed(error: unknown, tried: number): void {
    const wait = pause(error, tried);
    if (this.#state.receipt.state !== "ready") {
      this.#set({ ...NO_RECEIPT, state: "failed", trouble: inWords(error) });
    }
    if (wait !== null) {
      this.#later(wait / 1000, tried + 1);
    }
  }

  #later(seconds: number, tried: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(tried), seconds * 1000);
  }

  #set(receipt: Receipt): void {
    this.#state.receipt = receipt;
    this.#around.draw();
  }
}
