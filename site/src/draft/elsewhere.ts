/** Shows what another device writes in the same mail: the server is asked for it. */

import type { Ask } from "../api/client.ts";
import type { Clock } from "../files/types.ts";
import { type Draft, withConfirmed } from "./draft.ts";
import { draftFrom, viewOf, withChanges } from "./handover.ts";
import type { MailView } from "./pushing.ts";

export interface Parts {
  ask: Ask;
  clock: Clock;
  draft: () => Draft;
  /** Whether there is nothing more to be seen: the mail was sent, or the tab left it. */
  isOver: () => boolean;
  keep: (draft: Draft) => Promise<void>;
  /** The mail was sent. */
  submitted: () => void;
}

/** How often the server is asked (ms), and how often once the other device has been silent for some time. */
const OFTEN = 5_000;
const SELDOM = 30_000;
const SILENT = 3 * 60_000;

export class Elsewhere {
  /** The mail as the server gave it last; `null` before it did. */
  view: MailView | null = null;
  readonly #parts: Parts;
  #cancel: (() => void) | null = null;
  #heardAt = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Take over what the server has new. Throws what `ask` throws. */
  async refresh(): Promise<void> {
    const { ask, clock, draft, isOver, keep, submitted } = this.#parts;
    const mail = draft().mail.value;
    if (mail === null || isOver()) return;
    const answer = await ask<MailView>("GET", `/v1/mails/${mail.mail_id}`, { token: mail.access_token });
    const before = this.view ?? viewOf(draft(), answer.body);
    this.view = answer.body;
    if (answer.body.status !== "draft") {
      submitted();
      return;
    }
    const now = clock.now();
    const changed = withChanges(draft(), before, answer.body, now);
    if (changed === null) return;
    this.#heardAt = now;
    const { letter, sender } = draftFrom(answer.body, mail, "", now).confirmed;
    await keep(withConfirmed(withConfirmed(changed, "letter", letter.value, now), "sender", sender.value, now));
  }

  /** Look again and again, until `stop`. */
  watch(): void {
    const { clock, isOver } = this.#parts;
    const look = (): void => {
      // What fails is asked again a little later.
      void this.refresh()
        .catch(() => undefined)
        .then(() => {
          const often = clock.now() - this.#heardAt < SILENT;
          if (!isOver()) this.#cancel = clock.after(often ? OFTEN : SELDOM, look);
        });
    };
    this.#heardAt = clock.now();
    this.stop();
    this.#cancel = clock.after(0, look);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
