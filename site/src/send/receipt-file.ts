/** The receipt's PDF: asked for until it is made, and again before its address ends. */

import { NoAnswer, passes, Problem, type Ask } from "../api/client.ts";
import type { Clock } from "../files/types.ts";

export type ReceiptFile =
  /** It is being made, or its address is being fetched again. */
  | { readonly name: "making" }
  | { readonly name: "ready"; readonly url: string; readonly slip: string | null }
  /** It takes unusually long. */
  | { readonly name: "late" }
  /** No answer for now; `problem` says why. */
  | { readonly name: "fault"; readonly problem: unknown }
  /** The mail no longer opens with what this page knows. */
  | { readonly name: "ended" };

interface Issued {
  readonly status: "issued";
  readonly url: string;
  /** ISO 8601. */
  readonly expires_at: string;
  readonly slip: { readonly url: string; readonly expires_at: string } | null;
}

export interface Parts {
  readonly ask: Ask;
  readonly clock: Clock;
  readonly mail: { readonly mail_id: string; readonly access_token: string };
  readonly changed: (state: ReceiptFile) => void;
}

/** Usually it is there within three seconds. After this time (ms) the page says that it is late. */
export const PATIENCE = 60_000;
/** Even then it is asked for now and then (ms), so that it appears by itself. */
const LATE_PAUSE = 30_000;
const LATE_TRIES = 20;
const LONGEST_PAUSE = 5_000;
/** An address is fetched again so long (ms) before it ends, so that no press meets a dead one. */
const BEFORE_END = 60_000;
const SHORTEST_LIFE = 20_000;

export class ReceiptWatch {
  state: ReceiptFile = { name: "making" };
  readonly #parts: Parts;
  #cancel: () => void = () => undefined;
  #since = 0;
  #asked = 0;
  #late = 0;
  #endsAt = Number.POSITIVE_INFINITY;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Ask for it from now on; also where somebody presses "retry". */
  begin(): void {
    this.stop();
    this.#since = this.#parts.clock.now();
    this.#asked = this.#late = 0;
    this.#become({ name: "making" });
    this.#send();
  }

  /** Ask no more: the page is left. */
  stop(): void {
    this.#cancel();
    this.#cancel = () => undefined;
  }

  /** The page is looked at again, or the network is back: timers of a page that sleeps do not run. */
  wake(): void {
    const { clock } = this.#parts;
    if (this.state.name === "ready" && clock.now() >= this.#endsAt - BEFORE_END) {
      if (clock.now() >= this.#endsAt) {
        this.#become({ name: "making" });
      }
      this.#again(0);
    } else if (this.state.name === "fault" || this.state.name === "late") {
      this.begin();
    }
  }

  /** Whether the address still opens the file: asked when the link is pressed. If not, it is fetched again. */
  holds(): boolean {
    const holds = this.state.name === "ready" && this.#parts.clock.now() < this.#endsAt;
    if (!holds) {
      this.wake();
    }
    return holds;
  }

  #again(milliseconds: number): void {
    this.stop();
    this.#cancel = this.#parts.clock.after(milliseconds, () => this.#send());
  }

  #send(): void {
    const { ask, mail } = this.#parts;
    const stopper = new AbortController();
    this.#cancel = () => stopper.abort();
    this.#asked += 1;
    ask<Issued | { readonly status: "pending" }>("GET", `/v1/mails/${mail.mail_id}/receipt`, {
      token: mail.access_token,
      signal: stopper.signal,
    }).then(
      ({ body, retryAfter, at }) => {
        if (!stopper.signal.aborted) {
          this.#took(body, retryAfter, at);
        }
      },
      (error: unknown) => {
        if (!stopper.signal.aborted) {
          this.#failed(error);
        }
      },
    );
  }

  #took(body: Issued | { readonly status: "pending" }, retryAfter: number | null, at: number): void {
    if (body.status === "pending") {
      this.#wait(retryAfter, { name: "late" });
      return;
    }
    const { clock } = this.#parts;
    // The end is told in the service's time; this device's clock may be wrong by hours.
    const ends = [body.expires_at, ...(body.slip ? [body.slip.expires_at] : [])].map((each) => new Date(each).getTime());
    const life = Math.max(Math.min(...ends) - (at || clock.now()), SHORTEST_LIFE) || SHORTEST_LIFE;
    this.#endsAt = clock.now() + life;
    this.#become({ name: "ready", url: body.url, slip: body.slip?.url ?? null });
    this.#since = clock.now();
    this.#asked = this.#late = 0;
    this.#again(Math.max(life - BEFORE_END, life / 2));
  }

  #failed(error: unknown): void {
    if (error instanceof Problem && (error.status === 401 || error.status === 404)) {
      this.#become({ name: "ended" });
    } else if (passes(error)) {
      this.#wait(error instanceof Problem ? error.retryAfter : null, { name: "fault", problem: error });
    } else {
      this.#become({ name: "fault", problem: error });
    }
  }

  /** Ask again by itself: soon, and from some time on rarely. An address that still holds stays meanwhile. */
  #wait(retryAfter: number | null, late: ReceiptFile): void {
    const { clock } = this.#parts;
    const holds = this.state.name === "ready" && clock.now() < this.#endsAt;
    const network = late.name === "fault" && late.problem instanceof NoAnswer;
    const pause = Math.max((retryAfter ?? 0) * 1000, Math.min(1000 * 1.3 ** (this.#asked - 1), LONGEST_PAUSE));
    const patient = clock.now() - this.#since + pause < PATIENCE;
    if (!holds && (network || !patient)) {
      this.#become(late);
    }
    if (patient) {
      this.#again(pause);
    } else if (this.#late < LATE_TRIES) {
      this.#late += 1;
      this.#again(LATE_PAUSE);
    }
  }

  #become(state: ReceiptFile): void {
    if (state.name === this.state.name && state.name === "making") {
      return;
    }
    this.state = state;
    this.#parts.changed(state);
  }
}
