/**
 * Brings a draft to the server: begins the mail, then sends letter and contact details as they change.
 *
 * One request of each kind is under way at a time, and it is the latest. What passes (no network, a busy service) is
 * tried again by itself; what the sender must change waits until it is changed.
 */

import { type Ask, NoAnswer, Problem, passes } from "../api/client.ts";
import type { Clock } from "../files/types.ts";
import { type Draft, inMail, type Mail, type Organism, valuesOf, withConfirmed } from "./draft.ts";
import {
  type FieldName,
  LETTER_FIELDS,
  SENDER_FIELDS,
  isTyped,
  letterBody,
  letterFaults,
  senderBody,
  senderFaults,
} from "./fields.ts";
import { pauseBefore } from "./retry.ts";
import type { Locks } from "./tabs.ts";

export type Part = "letter" | "sender";
/** In which tab something was typed. */
export type Typed = "here" | "elsewhere";

/** Why only the device has what was typed. */
export type Why = "offline" | "slow" | "foreign" | "busy" | "incomplete";

/** Whether what was typed is on the server, as it is shown at all times. Times in ms. */
export type Saving =
  | { name: "empty" }
  | { name: "device-only"; why: Why; retryAt: number | null; missing: FieldName[] }
  | { name: "saving" }
  | { name: "saved"; at: number }
  /** The sender must change something: a field (`errors`), or what the problem's words say. */
  | { name: "failed"; part: Part | "mail"; problem: Problem }
  /** The mail on the server has expired, or this token opens it no longer. */
  | { name: "ended" };

/** A mail as the API answers it (`MailView`), as much of it as the draft needs. */
export interface MailView {
  mail_id: string;
  status: string;
  language: Draft["language"];
  organism: Organism;
  letter: { kind: string; subject: string; body: string; reference: string | null; dated: string | null } | null;
  sender: Record<string, unknown> | null;
  attachments: { attachment_id: string; file_name: string; media_type: string; size: number; sha256: string; uploaded: boolean }[];
  number: string | null;
  submitted_at: string | null;
  expires_at: string | null;
}

export interface Parts {
  ask: Ask;
  clock: Clock;
  locks: Locks;
  /** The draft as it is now. */
  draft: () => Draft;
  /** The draft has its mail, or the server took a body: keep it, and let the other tabs know. */
  keep: (draft: Draft) => Promise<void>;
  /** See what another device wrote, before this one writes. Throws what `ask` throws. */
  refresh: () => Promise<void>;
  /** What the API understood. */
  understood: (view: MailView) => void;
  /** The mail was sent from elsewhere. */
  submitted: () => void;
  changed: () => void;
}

const AFTER_TYPING = 800;
/** A tab waits longer with what another tab typed: that one brings it to the server, if it lives. */
const AFTER_OTHERS = 5_000;
/** How long a tab that waited for the lock listens for what the other one did. */
export const HEARD = 100;

export class Pushing {
  readonly #parts: Parts;
  #running: Promise<void> | null = null;
  #cancel: (() => void) | null = null;
  #planned: "typing" | "retry" | null = null;
  #retryAt: number | null = null;
  #why: Exclude<Why, "incomplete"> = "offline";
  #attempt = 0;
  #refused: Partial<Record<Part | "mail", { body: string; problem: Problem }>> = {};
  #savedAt = 0;
  #ended = false;
  #closed = false;
  /** Whether what stands here goes over what another device wrote. */
  insists = false;
  /** Whether the mail was sent, by another tab or device. */
  isSubmitted = false;
  /** What to add to this device's clock to have the server's (ms). */
  skew = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Something was typed, here or in another tab: bring it to the server once the typing pauses. */
  soon(where: Typed = "here"): void {
    if (this.#closed || this.#planned === "retry") return;
    this.#plan("typing", where === "here" ? AFTER_TYPING : AFTER_OTHERS);
  }

  /** Go on at once: a step was left, the network is back, the page is seen again. The promise ends when it has been tried. */
  async now(): Promise<Saving> {
    this.#unplan();
    while (this.#running !== null) await this.#running;
    delete this.#refused.mail;
    if (!this.#closed && this.#next() !== null) await this.#start();
    // There may have been nothing to do but to say so.
    else this.#parts.changed();
    return this.saving;
  }

  /** The mail ended, says another request. */
  end(): void {
    this.#ended = true;
    this.#unplan();
    this.#parts.changed();
  }

  /** The mail was sent from elsewhere, says another request. */
  submitted(): void {
    this.isSubmitted = true;
    this.close();
    this.#parts.submitted();
  }

  /** Another mail takes the place of one that ended. */
  restart(): void {
    this.#ended = false;
    this.#refused = {};
    this.#attempt = 0;
  }

  close(): void {
    this.#closed = true;
    this.#unplan();
  }

  /** The problem that the API has with a part as it is now. */
  problem(part: Part): Problem | null {
    const refused = this.#refused[part];
    return refused?.body === wanted(this.#parts.draft(), part) ? refused.problem : null;
  }

  /** Whether the server has this part as it was typed. */
  has(part: Part): boolean {
    const draft = this.#parts.draft();
    return draft.confirmed[part].value !== null && draft.confirmed[part].value === wanted(draft, part);
  }

  get saving(): Saving {
    if (this.#ended) return { name: "ended" };
    const draft = this.#parts.draft();
    if (this.#running !== null || this.#planned === "typing") return { name: "saving" };
    if (this.#planned === "retry") return { name: "device-only", why: this.#why, retryAt: this.#retryAt, missing: [] };
    for (const part of ["mail", "letter", "sender"] as const) {
      const problem = part === "mail" ? this.#refused.mail?.problem : this.problem(part);
      if (problem) return { name: "failed", part, problem };
    }
    if (!isBegun(draft) && draft.mail.value === null) return { name: "empty" };
    const missing = (["letter", "sender"] as const).flatMap((part) => (isStarted(draft, part) ? faults(draft, part) : []));
    if (missing.length > 0) return { name: "device-only", why: "incomplete", retryAt: null, missing };
    return this.#next() === null ? { name: "saved", at: this.#savedAt || draft.saved_at } : { name: "saving" };
  }

  /** What is to be done first; `null` where the server has all that it can take. */
  #next(): "mail" | Part | null {
    if (this.#ended) return null;
    const draft = this.#parts.draft();
    if (!isBegun(draft)) return null;
    if (draft.mail.value === null) return this.#refused.mail === undefined ? "mail" : null;
    for (const part of ["letter", "sender"] as const) {
      if (faults(draft, part).length > 0 || this.has(part) || this.problem(part) !== null) continue;
      return part;
    }
    return null;
  }

  async #start(): Promise<void> {
    this.#running = this.#run();
    this.#parts.changed();
    try {
      await this.#running;
    } finally {
      this.#running = null;
      this.#parts.changed();
    }
  }

  async #run(): Promise<void> {
    for (let next = this.#next(); next !== null && !this.#closed; next = this.#next()) {
      try {
        await (next === "mail" ? this.begin() : this.#put(next));
        this.#attempt = 0;
      } catch (error) {
        if (!this.#fail(next, error)) return;
      }
    }
  }

  /** The mail on the server: begun now, unless this or another tab has begun it. Throws what `ask` throws. */
  async begin(): Promise<Mail> {
    const { ask, clock, draft, keep, locks } = this.#parts;
    return locks.hold(`begin:${draft().id}`, async (waited) => {
      if (waited) await new Promise<void>((resolve) => clock.after(HEARD, resolve));
      const known = draft().mail.value;
      if (known !== null) return known;
      const { organism, language } = draft();
      const answer = await ask<Mail>("POST", "/v1/mails", { body: { organism_id: organism.organism_id, language } });
      this.#heard(answer.at);
      const { mail_id, access_token, expires_at } = answer.body;
      const mail = { mail_id, access_token, expires_at };
      await keep(inMail(draft(), mail, clock.now()));
      return mail;
    });
  }

  async #put(part: Part): Promise<void> {
    const { ask, clock, draft, keep, refresh, understood } = this.#parts;
    if (draft().handed_over && !this.insists) await refresh();
    if (this.isSubmitted || this.has(part)) return;
    const mail = draft().mail.value;
    if (mail === null) return;
    const body = wanted(draft(), part);
    const answer = await ask<MailView>("PUT", `/v1/mails/${mail.mail_id}/${part}`, {
      body: JSON.parse(body),
      token: mail.access_token,
    });
    this.#heard(answer.at);
    this.#savedAt = clock.now();
    const now = draft();
    // The mail may have ended meanwhile and another one begun, which does not have this part.
    if (now.mail.value?.mail_id !== mail.mail_id) return;
    await keep(withConfirmed(now, part, body, clock.now()));
    understood(answer.body);
  }

  /** Whether there may be more to do now. */
  #fail(part: "mail" | Part, error: unknown): boolean {
    if (passes(error)) {
      this.#why = whyOf(error);
      const retryAfter = error instanceof Problem ? error.retryAfter : null;
      this.#plan("retry", pauseBefore(this.#attempt, retryAfter, () => this.#parts.clock.random()));
      this.#attempt += 1;
      return false;
    }
    if (!(error instanceof Problem)) throw error;
    if (error.slug === "already-submitted") {
      this.submitted();
      return false;
    }
    if (isEnded(error)) {
      this.end();
      return false;
    }
    this.#refused[part] = { body: part === "mail" ? "" : wanted(this.#parts.draft(), part), problem: error };
    return true;
  }

  #heard(at: number): void {
    if (!Number.isNaN(at)) this.skew = at - this.#parts.clock.now();
  }

  #plan(what: "typing" | "retry", milliseconds: number): void {
    this.#unplan();
    this.#planned = what;
    this.#retryAt = this.#parts.clock.now() + milliseconds;
    this.#cancel = this.#parts.clock.after(milliseconds, () => void this.now());
    this.#parts.changed();
  }

  #unplan(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#planned = null;
    this.#retryAt = null;
  }
}

/** Whether a problem of ours says that the draft is over. A stranger's 404 is no problem of ours, and not meant. */
export function isEnded(error: unknown): boolean {
  return error instanceof Problem && ["mail-not-found", "token-wrong", "token-missing"].includes(error.slug);
}

export function whyOf(error: unknown): Exclude<Why, "incomplete"> {
  if (!(error instanceof NoAnswer)) return "busy";
  return error.reason === "timeout" ? "slow" : error.reason;
}

/** The body that the server should have of a part. */
function wanted(draft: Draft, part: Part): string {
  return JSON.stringify(part === "letter" ? letterBody(valuesOf(draft)) : senderBody(valuesOf(draft)));
}

function faults(draft: Draft, part: Part): FieldName[] {
  const found = part === "letter" ? letterFaults(valuesOf(draft)) : senderFaults(valuesOf(draft));
  return found.map(({ field }) => field);
}

function isStarted(draft: Draft, part: Part): boolean {
  return isTyped(valuesOf(draft), part === "letter" ? LETTER_FIELDS : SENDER_FIELDS);
}

function isBegun(draft: Draft): boolean {
  return isStarted(draft, "letter") || isStarted(draft, "sender");
}
