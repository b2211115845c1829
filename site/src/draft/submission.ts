/** Sends the mail, once: however often it is pressed, and whatever becomes of the answers. */

import { type Ask, Problem, passes } from "../api/client.ts";
import type { Clock } from "../files/types.ts";
import type { Sent } from "./device.ts";
import type { Draft } from "./draft.ts";
import { HEARD, type Part, type Pushing, type Saving, type Why, isEnded, whyOf } from "./pushing.ts";
import { pauseBefore } from "./retry.ts";
import type { Locks } from "./tabs.ts";

/** The answer to `POST …/submission`. */
export interface Submitted {
  mail_id: string;
  number: string;
  submitted_at: string;
  verification_code: string;
  follow_up_code: string;
}

export type Sending =
  | { name: "idle" }
  /** `waiting` has a reason and an instant (ms) where it is tried again by itself. */
  | { name: "sending"; waiting: { why: Exclude<Why, "incomplete">; retryAt: number } | null }
  /** Steps or files that keep the mail from being sent: `letter`, `sender`, `attachments/<id>`. */
  | { name: "refused"; problem: Problem; missing: string[]; refused: string[] }
  /** Letter or contact details are not on the server, and why. */
  | { name: "not-saved"; saving: Saving }
  | { name: "ended" }
  | { name: "sent"; sent: Sent };

export interface Parts {
  ask: Ask;
  clock: Clock;
  locks: Locks;
  pushing: Pushing;
  draft: () => Draft;
  /** What this tab knows of the mail as sent already, perhaps from another tab. */
  sent: () => Promise<Sent | null>;
  /** Forget what the server was believed to have. */
  doubt: (part: Part) => Promise<void>;
  keep: (answer: Submitted) => Promise<Sent>;
  changed: () => void;
}

export class Submission {
  state: Sending = { name: "idle" };
  readonly #parts: Parts;
  #running: Promise<Sending> | null = null;
  #hurry: (() => void) | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Send it. While it is under way, more presses only end a pause. */
  send(): Promise<Sending> {
    return this.#start(false);
  }

  /** The mail was sent from elsewhere: fetch its number and codes, which the API answers again and again. */
  recover(): Promise<Sending> {
    return this.#start(true);
  }

  #start(isSent: boolean): Promise<Sending> {
    this.#hurry?.();
    this.#running ??= this.#run(isSent).finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Do not wait longer: the network is back. */
  hurry(): void {
    this.#hurry?.();
  }

  async #run(isSent: boolean): Promise<Sending> {
    if (this.state.name === "sent") return this.state;
    this.#become({ name: "sending", waiting: null });
    const { clock, draft, locks } = this.#parts;
    return locks.hold(`send:${draft().id}`, async (waited) => {
      if (waited) await new Promise<void>((resolve) => clock.after(HEARD, resolve));
      const sent = await this.#parts.sent();
      return this.#become(sent === null ? await this.#try({ attempt: 0, mayDoubt: true, isSent }) : { name: "sent", sent });
    });
  }

  async #try(how: { attempt: number; mayDoubt: boolean; isSent: boolean }): Promise<Sending> {
    const { ask, clock, draft, pushing, keep } = this.#parts;
    const again = { ...how, attempt: how.attempt + 1 };
    const saving = how.isSent ? pushing.saving : await pushing.now();
    const isSent = how.isSent || pushing.isSubmitted;
    const mail = draft().mail.value;
    if (mail === null || (!isSent && !(pushing.has("letter") && pushing.has("sender")))) {
      if (saving.name === "ended") return { name: "ended" };
      if (saving.name !== "device-only" || saving.why === "incomplete") return { name: "not-saved", saving };
      // No network, or a busy service: `pushing` knows when it goes on, and so does this.
      await this.#pause(saving.why, Math.max((saving.retryAt ?? 0) - clock.now(), 0));
      return this.#try(again);
    }
    try {
      const answer = await ask<Submitted>("POST", `/v1/mails/${mail.mail_id}/submission`, { token: mail.access_token });
      return { name: "sent", sent: await keep(answer.body) };
    } catch (error) {
      if (passes(error)) {
        const retryAfter = error instanceof Problem ? error.retryAfter : null;
        await this.#pause(whyOf(error), pauseBefore(how.attempt, retryAfter, () => clock.random()));
        return this.#try(again);
      }
      if (!(error instanceof Problem)) throw error;
      if (isEnded(error)) {
        pushing.end();
        return { name: "ended" };
      }
      const { missing, refused } = named(error);
      const doubted = missing.filter((name): name is Part => name === "letter" || name === "sender");
      if (doubted.length > 0 && how.mayDoubt) {
        // The server lacks what it said that it had taken: it gets it again, once.
        for (const part of doubted) await this.#parts.doubt(part);
        return this.#try({ ...how, mayDoubt: false });
      }
      return { name: "refused", problem: error, missing, refused };
    }
  }

  async #pause(why: Exclude<Why, "incomplete">, milliseconds: number): Promise<void> {
    const { clock } = this.#parts;
    this.#become({ name: "sending", waiting: { why, retryAt: clock.now() + milliseconds } });
    await new Promise<void>((resolve) => {
      const cancel = clock.after(milliseconds, resolve);
      this.#hurry = () => {
        cancel();
        resolve();
      };
    });
    this.#hurry = null;
    this.#become({ name: "sending", waiting: null });
  }

  #become(state: Sending): Sending {
    this.state = state;
    this.#parts.changed();
    return state;
  }
}

/** `missing` and `refused` of the problem document. */
function named({ body }: Problem): { missing: string[]; refused: string[] } {
  const names = (value: unknown): string[] =>
    Array.isArray(value) ? value.filter((name): name is string => typeof name === "string") : [];
  return { missing: names(body["missing"]), refused: names(body["refused"]) };
}
