/** How long the pages of this browser that are signed in have been idle. */

/** A session ends after so long without activity. */
export const IDLE_MILLISECONDS = 15 * 60_000;
/** So long before, the page says so. */
export const WARNED_MILLISECONDS = 2 * 60_000;
/** Other tabs hear of what is done here no more often than this. */
const HEARD_MILLISECONDS = 5000;

/** What one tab says to the others. */
export type Word = "active" | "signed-in" | "signed-out";

/** The other tabs of this browser; null where it has no channel. */
export type Channel = Pick<BroadcastChannel, "postMessage"> | null;

export class Idle {
  readonly #now: () => number;
  readonly #channel: Channel;
  #since = 0;
  #said = 0;

  constructor(now: () => number, channel: Channel) {
    this.#now = now;
    this.#channel = channel;
  }

  /** Somebody did something here. */
  touch(): void {
    this.#since = this.#now();
    if (this.#since - this.#said >= HEARD_MILLISECONDS) {
      this.#said = this.#since;
      this.#channel?.postMessage("active");
    }
  }

  /** Somebody did something in another tab. */
  touchedElsewhere(): void {
    this.#since = this.#now();
  }

  /** Seconds until the session ends, once they are few: 0 when it is over. A computer that slept is over at once. */
  endsIn(): number | null {
    const left = IDLE_MILLISECONDS - (this.#now() - this.#since);
    return left > WARNED_MILLISECONDS ? null : Math.max(0, Math.ceil(left / 1000));
  }
}
