/** One mail: reading it, collecting it, giving it its outcome, and what other agents do to it meanwhile. */

import { Problem } from "../api/client.ts";
import { problemWords } from "../frame/problems.ts";
import { say } from "../frame/words.ts";
import type { Around } from "./around.ts";
import type { Closed, Collected, Download, FileOfMail, InboxPage, Item, Mail } from "./shapes.ts";

/** Who took a mail is seen within ten seconds. */
const POLL_MILLISECONDS = 7000;

/** What became of a press on a file. */
export interface Fetched {
  readonly state: "preparing" | "ready" | "failed" | "warned";
  readonly url: string;
  readonly words: string;
}

export interface MailState {
  stage: "reading" | "ready" | "missing" | "failed";
  trouble: string;
  mail: Mail | null;
  /** What is being done. */
  busy: boolean;
  /** What was done, or what somebody else did first. */
  notice: { readonly words: string; readonly kind: "good" | "notice" } | null;
  fetched: ReadonlyMap<string, Fetched>;
}

export type Closing =
  | { readonly outcome: "answered" | "rejected"; readonly message: string }
  | { readonly outcome: "redirected"; readonly message: string; readonly redirect_to: string };

export class MailKeeper {
  readonly number: string;
  readonly state: MailState = { stage: "reading", trouble: "", mail: null, busy: false, notice: null, fetched: new Map() };
  readonly #around: Around;
  readonly #changed: (number: string, changes: Partial<Item>) => void;
  #polled = 0;
  #polling = false;
  #pause = POLL_MILLISECONDS;
  #checked = 0;

  /** `changed` tells the inbox. */
  constructor(number: string, around: Around, changed: (number: string, changes: Partial<Item>) => void) {
    this.number = number;
    this.#around = around;
    this.#changed = changed;
  }

  get path(): `/v1/${string}` {
    return `/v1/inbox/${encodeURIComponent(this.number)}`;
  }

  /** Read the mail; the service writes down who read it. */
  async read(): Promise<void> {
    this.#polled = this.#around.now();
    try {
      const { body } = await this.#around.ask<Mail>("GET", this.path);
      Object.assign(this.state, { mail: body, stage: "ready", trouble: "" });
      this.#changed(body.number, { status: body.status, unread: false });
    } catch (error) {
      const missing = error instanceof Problem && error.status === 404;
      this.state.stage = missing ? "missing" : this.state.mail ? "ready" : "failed";
      this.state.trouble = problemWords(error);
    }
    this.#around.draw();
  }

  /** Once a second: see what other agents did. The list says it, so that no look counts as reading the mail. */
  tick(): void {
    const due = this.#around.now() - this.#polled >= POLL_MILLISECONDS;
    if (due && !this.#polling && !this.state.busy && this.state.mail && this.#around.isVisible()) {
      void this.#poll(this.state.mail);
    }
  }

  async #poll(mail: Mail): Promise<void> {
    this.#polling = true;
    this.#polled = this.#around.now();
    try {
      const path = `/v1/inbox?q=${encodeURIComponent(mail.number)}&limit=1` as const;
      const { body } = await this.#around.ask<InboxPage>("GET", path);
      const found = body.items.find((item) => item.number === mail.number);
      const waits = mail.attachments.some((file) => file.check === "pending") && this.#polled >= this.#checked;
      if (found && (found.status !== mail.status || waits)) {
        // Each reading is an access in the mail's history: checks under way are asked for less and less often.
        this.#pause *= 2;
        this.#checked = this.#polled + this.#pause;
        await this.read();
        this.#tellOfOthers(mail);
      }
    } catch {
      // What is shown stays; the next look comes in a few seconds.
    } finally {
      this.#polling = false;
    }
  }

  #tellOfOthers(before: Mail): void {
    const now = this.state.mail;
    if (!now || now.status === before.status) {
      return;
    }
    const words = now.outcome
      ? say("mail.closed_by", { name: now.outcome.by })
      : say("inbox.collected_by", { name: now.collected?.by ?? "" });
    this.#note(words, "notice");
  }

  /** Take the mail over. Another agent may have been first. */
  async collect(): Promise<void> {
    await this.#do(async () => {
      const { status, body } = await this.#around.ask<Collected>("POST", `${this.path}/collection`);
      this.#become(body, { event: "collected", ...body.collected });
      const words = status === 201 ? say("mail.collected") : say("inbox.collected_by", { name: body.collected.by });
      this.#note(words, status === 201 ? "good" : "notice");
    });
  }

  /** Give the mail its outcome; true once it has this one. */
  async close(closing: Closing): Promise<boolean> {
    let done = false;
    await this.#do(async () => {
      try {
        const { body } = await this.#around.ask<Closed>("POST", `${this.path}/outcome`, { body: closing });
        const { by, at } = body.outcome;
        this.#become(body, { event: body.outcome.outcome, by, at });
      } catch (error) {
        if (error instanceof Problem && error.slug === "already-closed") {
          await this.read();
          this.#note(say("mail.closed_first", { name: this.state.mail?.outcome?.by ?? "" }), "notice");
          return;
        }
        throw error;
      }
      done = true;
      this.#note(say(`mail.done_${closing.outcome}`), "good");
    });
    return done;
  }

  /** The answer to what was done says how the mail stands now: to read it again would count as another access. */
  #become(now: Collected | Closed, event: Mail["history"][number]): void {
    const { mail } = this.state;
    if (mail) {
      const known = mail.history.some((each) => each.event === event.event);
      this.state.mail = { ...mail, ...now, history: known ? mail.history : [...mail.history, event] };
    }
    this.#changed(this.number, { status: now.status, unread: false, late: false });
  }

  /** Get the address of a file, and begin the download. An unchecked file needs `accepted`. */
  async fetch(file: FileOfMail, accepted: boolean): Promise<void> {
    if (file.check === "unchecked" && !accepted) {
      this.#fetched(file.attachment_id, { state: "warned", url: "", words: "" });
      return;
    }
    this.#fetched(file.attachment_id, { state: "preparing", url: "", words: "" });
    try {
      const download = await this.address(file, accepted);
      this.#fetched(file.attachment_id, { state: "ready", url: download.url, words: "" });
      this.#around.save(download.url);
    } catch (error) {
      this.#fetched(file.attachment_id, { state: "failed", url: "", words: problemWords(error) });
    }
  }

  /** Where a file's bytes are, for a minute. */
  async address(file: FileOfMail, accepted = false): Promise<Download> {
    const query = accepted ? "?accept_unchecked=true" : "";
    const path = `${this.path}/attachments/${encodeURIComponent(file.attachment_id)}${query}` as const;
    return (await this.#around.ask<Download>("GET", path)).body;
  }

  async #do(act: () => Promise<void>): Promise<void> {
    if (this.state.busy) {
      return;
    }
    Object.assign(this.state, { busy: true, trouble: "", notice: null });
    this.#around.draw();
    try {
      await act();
    } catch (error) {
      this.state.trouble = problemWords(error);
    } finally {
      this.state.busy = false;
      this.#around.draw();
    }
  }

  #note(words: string, kind: "good" | "notice"): void {
    this.state.notice = { words, kind };
    this.#around.draw();
    this.#around.focus("#done");
  }

  #fetched(id: string, fetched: Fetched): void {
    this.state.fetched = new Map([...this.state.fetched, [id, fetched]]);
    this.#around.draw();
  }
}
