/** The open mail: fetched, kept in the tab, and asked for again before the addresses of its files end. */

import { say } from "../frame/words.ts";
import type { Around } from "./around.ts";
import { refreshIn, safeAddress, worksUntil } from "./patience.ts";
import { keep, type Session } from "./session.ts";
import type { Mail, State } from "./shapes.ts";
import { opensNothing } from "./troubles.ts";
import type { Work } from "./work.ts";

/** An answer's file can be had at its address for a minute. */
const USUAL_FILE_MILLISECONDS = 45_000;
/** What is on the page may be old after that. */
const STALE_MILLISECONDS = 60_000;
const REFUSED_AGAIN_MILLISECONDS = 10_000;

interface Listeners {
  readonly shown: (mail: Mail) => void;
  readonly accessEnded: () => void;
}

export class MailKeeper {
  readonly #state: State;
  readonly #around: Around;
  readonly #work: Work;
  readonly #listeners: Listeners;
  #fetchedAt = 0;
  #due = Number.POSITIVE_INFINITY;

  constructor(state: State, around: Around, work: Work, listeners: Listeners) {
    this.#state = state;
    this.#around = around;
    this.#work = work;
    this.#listeners = listeners;
  }

  /** Show the mail of this session. Throws as `ask` does, but for a token that opens nothing any more. */
  async fetch(session: Session, signal: AbortSignal): Promise<void> {
    try {
      const path = `/v1/mails/${encodeURIComponent(session.mailId)}` as const;
      const { body, at } = await this.#around.ask<Mail>("GET", path, { token: session.token, signal });
      if (!signal.aborted) {
        this.#show(session, body, at);
      }
    } catch (error) {
      if (signal.aborted || !opensNothing(error)) {
        throw error;
      }
      this.#listeners.accessEnded();
    }
  }

  #show(session: Session, mail: Mail, at: number): void {
    const now = this.#around.now();
    const before = this.#state.mail;
    Object.assign(this.#state, { view: "mail", session, mail, typed: { number: "", code: "" }, wrong: {}, notice: null });
    keep(session, this.#around.store, now);
    this.#fetchedAt = now;
    const files = (mail.outcome?.attachments ?? []).filter((file) => safeAddress(file.url));
    const ends = files.map((file) => worksUntil(file.expires_at, at, now, USUAL_FILE_MILLISECONDS));
    this.#state.filesUntil = ends.length ? Math.min(...ends) : 0;
    this.#due = ends.length ? now + refreshIn(this.#state.filesUntil, now) : Number.POSITIVE_INFINITY;
    if (before && before.status !== mail.status) {
      this.#around.announce(say("follow.news", { status: say(`follow.status_${mail.status}`) }));
    }
    this.#listeners.shown(mail);
  }

  /** Ask for the mail again. A failure is not shown: what is on the page stays. */
  async refresh(): Promise<void> {
    const { session, busy } = this.#state;
    if (!session || busy) {
      return;
    }
    const { signal } = this.#work;
    this.#due = this.#around.now() + REFUSED_AGAIN_MILLISECONDS;
    await this.fetch(session, signal).catch(() => undefined);
    if (!signal.aborted) {
      this.#around.draw();
    }
  }

  /** The same, where the page may be old. */
  refreshIfStale(): void {
    if (this.#state.mail && this.#around.now() - this.#fetchedAt > STALE_MILLISECONDS) {
      void this.refresh();
    }
  }

  /** Once a second; `active`: somebody uses the page. */
  tick(active: boolean): void {
    const now = this.#around.now();
    if (active && now >= this.#due) {
      void this.refresh();
    }
    if (this.#state.filesUntil && now >= this.#state.filesUntil) {
      this.#state.filesUntil = 0;
      this.#around.draw();
    }
  }

  /** Nothing is due any more. */
  stop(): void {
    this.#due = Number.POSITIVE_INFINITY;
  }

  /** A file whose address had ended was pressed: its link is there for the next press. */
  async prepareFile(id: string): Promise<void> {
    this.#state.wanted = { id, state: "preparing" };
    this.#around.draw();
    await this.refresh();
    const file = this.#state.mail?.outcome?.attachments.find((each) => each.attachment_id === id);
    if (!file) {
      return;
    }
    const ready = Boolean(safeAddress(file.url)) && this.#around.now() < this.#state.filesUntil;
    this.#state.wanted = { id, state: ready ? "ready" : "failed" };
    this.#around.draw();
    if (ready) {
      this.#around.announce(say("follow.download_ready"));
      this.#around.focus(`[data-file="${CSS.escape(id)}"]`);
    }
  }
}
