/** A world for the draft engine's tests: time that a test turns, a service with faults, a device, and tabs on it. */

import { type Answer, type Ask, NoAnswer, Problem } from "../src/api/client.ts";
import { Device } from "../src/draft/device.ts";
import { type Draft, newDraft, type Organism } from "../src/draft/draft.ts";
import { Server } from "../src/draft/server.ts";
import { type Parts, Session } from "../src/draft/session.ts";
import { memoryStore, type Store } from "../src/draft/stores.ts";
import { type Channel, type Locks, type Message, tabLocks } from "../src/draft/tabs.ts";
import type { Clock } from "../src/files/types.ts";

export const ANAM: Organism = {
  organism_id: "anam",
  code: "ANAM",
  category: "public_establishment",
  name: { fr: "Agence nationale", ar: "الوكالة الوطنية" },
};
export const DAY = 86_400_000;

/** Lets all that was promised happen. */
export async function settled(turns = 60): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export class TurnedClock implements Clock {
  time = Date.UTC(2026, 10, 27, 14, 2);
  #timers: { at: number; action: () => void }[] = [];

  now(): number {
    return this.time;
  }

  random(): number {
    return 0.5;
  }

  after(milliseconds: number, action: () => void): () => void {
    const timer = { at: this.time + milliseconds, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  async pass(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    await settled();
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.time = Math.max(this.time, next.at);
      next.action();
      await settled();
    }
    this.time = end;
    await settled();
  }
}

interface Held {
  mail_id: string;
  letter: Record<string, string> | null;
  sender: Record<string, unknown> | null;
  number: string | null;
  begun: number;
}

type Fault = Error | "lost" | (() => Promise<void>);

/** The API as far as drafts go. It says what `layers/mailroom` says, in the same order. */
export class Service {
  readonly mails = new Map<string, Held>();
  readonly requests: { place: string; body: unknown; at: number }[] = [];
  clock: TurnedClock;
  #faults: { place: string; fault: Fault }[] = [];
  #numbers = 0;

  constructor(clock: TurnedClock) {
    this.clock = clock;
  }

  /** The next requests of this place fail: with an error, or with the answer lost after the work. */
  fail(place: string, fault: Fault, times = 1): void {
    for (let time = 0; time < times; time += 1) this.#faults.push({ place, fault });
  }

  recover(): void {
    this.#faults = [];
  }

  asked(place: string): number {
    return this.requests.filter((request) => request.place === place).length;
  }

  readonly ask: Ask = async <T>(
    method: string,
    path: `/v1/${string}`,
    options: { body?: unknown; token?: string } = {},
  ): Promise<Answer<T>> => {
    const place = `${method} ${path.replace(/\/mails\/[^/]+/, "/mails/*")}`;
    this.requests.push({ place, body: structuredClone(options.body), at: this.clock.now() });
    const index = this.#faults.findIndex((fault) => fault.place === place || fault.place === "*");
    const fault = index < 0 ? null : this.#faults.splice(index, 1)[0]?.fault;
    if (typeof fault === "function") await fault();
    else if (fault instanceof Error) throw fault;
    await settled(2);
    const body = this.#answer(place, path.split("/")[3], options) as T;
    if (fault === "lost") throw new NoAnswer("offline");
    return { status: 200, body, retryAfter: null, at: this.clock.now() };
  };

  #answer(place: string, mail_id: string | undefined, { body, token }: { body?: unknown; token?: string }): unknown {
    if (place === "POST /v1/mails") return this.#begin();
    const mail = this.mails.get(mail_id ?? "");
    if (token !== `token-of-${mail_id}`) throw problem(401, "token-wrong");
    if (mail === undefined) throw problem(404, "mail-not-found");
    if (mail.number === null && this.clock.now() - mail.begun > DAY) throw problem(404, "mail-not-found");
    if (place.endsWith("/submission")) return this.#submit(mail);
    if (place.startsWith("GET")) return this.#view(mail);
    if (mail.number !== null) throw problem(409, "already-submitted");
    const given = body as Record<string, string>;
    if (place.endsWith("/letter")) {
      if (given["subject"] === "") throw problem(422, "fields-wrong", { errors: [{ field: "subject", message: "?" }] });
      mail.letter = given;
    } else {
      if (given["email"]?.includes(" "))
        throw problem(422, "fields-wrong", { errors: [{ field: "email", message: "Cette adresse n’est pas valide." }] });
      mail.sender = { ...given, ...(given["phone"] ? { phone: `+212${given["phone"].replace(/\D/g, "").slice(1)}` } : {}) };
    }
    return this.#view(mail);
  }

  #begin(): unknown {
    const mail_id = `0199a0e2-6a0b-7c55-9e0f-00000000000${this.mails.size}`;
    this.mails.set(mail_id, { mail_id, letter: null, sender: null, number: null, begun: this.clock.now() });
    return { mail_id, access_token: `token-of-${mail_id}`, expires_at: new Date(this.clock.now() + DAY).toISOString() };
  }

  #submit(mail: Held): unknown {
    const missing = [...(mail.letter ? [] : ["letter"]), ...(mail.sender ? [] : ["sender"])];
    if (missing.length > 0) throw problem(409, "steps-missing", { missing, refused: [] });
    mail.number ??= `ANAM-2026-00000${(this.#numbers += 1)}`;
    return {
      mail_id: mail.mail_id,
      number: mail.number,
      submitted_at: "2026-11-27T14:05:00.000Z",
      status: "submitted",
      verification_code: "7Q2M-4C9T-XV3E-8KHA",
      follow_up_code: "K4ZP-90WD-3RTB-6YMJ",
    };
  }

  #view(mail: Held): unknown {
    const national_id = mail.sender?.["national_id"];
    return {
      mail_id: mail.mail_id,
      status: mail.number === null ? "draft" : "submitted",
      language: "fr",
      organism: ANAM,
      letter: mail.letter && { reference: null, dated: null, ...mail.letter },
      sender: mail.sender && { ...mail.sender, ...(national_id ? { national_id: "AB••••56" } : {}) },
      attachments: [],
      number: mail.number,
      submitted_at: null,
      expires_at: new Date(mail.begun + DAY).toISOString(),
    };
  }
}

export function problem(status: number, slug: string, more: Record<string, unknown> = {}, retryAfter: number | null = null): Problem {
  return new Problem(status, { type: `/problems/${slug}`, title: slug, detail: slug, ...more }, retryAfter);
}

/** A browser: one device, and tabs that hear each other. */
export class Browser {
  readonly clock = new TurnedClock();
  readonly service = new Service(this.clock);
  lasting: Store = { ...memoryStore(), kind: "device" };
  readonly locks: Locks = tabLocks();
  #tabs: { hear: Set<(message: Message) => void> }[] = [];

  /** A tab; a duplicated one has the same `tab` store as the tab that it comes from. */
  async tab(tab: Store = { ...memoryStore(), kind: "tab" }): Promise<Parts & { tabStore: Store }> {
    const device = await Device.open(this.lasting, tab, () => this.clock.now());
    const own = { hear: new Set<(message: Message) => void>() };
    this.#tabs.push(own);
    const channel: Channel = {
      post: (message) => {
        const copy = structuredClone(message);
        for (const other of this.#tabs) {
          if (other !== own) setImmediate(() => other.hear.forEach((hear) => hear(copy)));
        }
      },
      listen: (hear) => {
        own.hear.add(hear);
        return () => own.hear.delete(hear);
      },
      close: () => own.hear.clear(),
    };
    return { ask: this.service.ask, clock: this.clock, locks: this.locks, channel, device, newId: () => `id${this.#tabs.length}`, tabStore: tab };
  }

  async session(draft?: Draft, changed: () => void = () => undefined): Promise<Session> {
    const parts = await this.tab();
    const session = new Session(parts, draft ?? newDraft("one", ANAM, "fr", this.clock.now()), () => {
      // Not before the caller has it.
      setImmediate(changed);
    });
    return connected(session);
  }
}

/** The session once what brings it to the server is loaded. */
export function connected(session: Session): Session {
  session.connect(Server);
  return session;
}

export async function writeLetter(session: Session): Promise<void> {
  await session.write("kind", "request");
  await session.write("subject", "Demande d’attestation");
  await session.write("body", "Bonjour");
}

export async function writeSender(session: Session): Promise<void> {
  await session.write("privacy_notice_version", "1");
  await session.write("sender_kind", "citizen");
  await session.write("last_name", "Alaoui");
  await session.write("email", "amina.alaoui@exemple.ma");
}
