/** Paper that is handed in at the counter: what an agent types and scans becomes a mail of the register. */

import { Problem, type Ask } from "../api/client.ts";
import {
  letterBody,
  letterFaults,
  senderBody,
  senderFaults,
  type FieldName,
  type Values,
} from "../draft/fields.ts";
import type { Submitted } from "../draft/submission.ts";
import type { MailAccess, QueuedFile } from "../files/index.ts";
import { SYSTEM_CLOCK } from "../files/queue.ts";
import { problemWords } from "../frame/problems.ts";
import { language, say, type Language } from "../frame/words.ts";
import { Attaching, type FilesOwner } from "../send/attaching.ts";
import { readDesk, type OrganismDetails } from "../send/desk.ts";
import { errorsByField, faultInWords } from "../send/faults.ts";
import { ReceiptWatch } from "../send/receipt-file.ts";
import type { Around } from "./around.ts";

/** What most people hand in: an agent changes it where it is otherwise. */
const USUAL: Values = { kind: "request", sender_kind: "citizen" };
const KEPT = "desk-entry";

export interface EntryState {
  stage: "reading" | "typing" | "done" | "failed";
  values: Values;
  /** The language that the sender is written to in. */
  language: Language;
  wrong: ReadonlyMap<FieldName, string>;
  trouble: string;
  /** `files`: the last ones are still being sent. */
  busy: "" | "files" | "registering";
  done: Submitted | null;
}

/** One paper after the other; `plain` asks without the agent's cookie, by the draft's own token. */
export class Entry {
  readonly state: EntryState;
  desk: OrganismDetails | null = null;
  files: Attaching | null = null;
  receipt: ReceiptWatch | null = null;
  readonly #around: Around;
  readonly #plain: Ask;
  #mail: Promise<MailAccess> | null = null;
  #waiting: (() => void) | null = null;
  #opening = false;

  constructor(around: Around, plain: Ask) {
    this.#around = around;
    this.#plain = plain;
    this.state = this.#empty(kept(around.who()));
  }

  #empty(values: Values): EntryState {
    return { stage: "reading", values, language, wrong: new Map(), trouble: "", busy: "", done: null };
  }

  /** Read what the register accepts. */
  async open(): Promise<void> {
    if (this.desk || this.#opening) {
      return;
    }
    this.#opening = true;
    const read = await readDesk(this.#plain, this.#around.organism());
    if (read.name === "open" || read.name === "closed") {
      this.desk = read.desk;
      this.#attach(read.desk);
      this.state.stage = "typing";
      this.#around.focus("#subject");
    } else {
      this.#opening = false;
      this.state.stage = "failed";
      this.state.trouble = read.name === "fault" ? problemWords(read.fault) : say("problems.service");
    }
    this.#around.draw();
  }

  #attach(desk: OrganismDetails): void {
    const owner: FilesOwner = {
      mail: () => this.mail(),
      savedFiles: () => [],
      setFiles: (rows) => this.#sent(rows),
      draft: { mail: { value: null } },
      sent: null,
      pushing: { end: () => (this.#mail = null), submitted: () => undefined },
    };
    this.files = new Attaching(owner, desk, this.#around.draw);
  }

  /** The draft at the service, begun when it is needed first. */
  mail(): Promise<MailAccess> {
    this.#mail ??= this.#around
      .ask<MailAccess>("POST", "/v1/inbox/counter", { body: { language: this.state.language } })
      .then(
        ({ body }) => body,
        (error: unknown) => {
          this.#mail = null;
          throw error;
        },
      );
    return this.#mail;
  }

  write(name: FieldName, value: string): void {
    this.state.values = { ...this.state.values, [name]: value };
    this.#keep();
    this.#around.draw();
  }

  speak(spoken: Language): void {
    this.state.language = spoken;
    this.#around.draw();
  }

  /** Register it. Files that are still on their way are waited for. */
  async submit(): Promise<void> {
    const { state } = this;
    if (state.busy || !this.desk) {
      return;
    }
    state.trouble = "";
    state.wrong = this.#faults();
    if (state.wrong.size > 0) {
      this.#around.draw();
      this.#around.focus("#errors");
      return;
    }
    try {
      state.busy = "files";
      this.#around.draw();
      await this.#filesSent();
      state.busy = "registering";
      this.#around.draw();
      await this.#register(this.desk);
    } catch (error) {
      this.#refused(error);
    } finally {
      state.busy = "";
      this.#around.draw();
    }
  }

  #faults(): Map<FieldName, string> {
    const { values } = this.state;
    const sender = senderFaults(values).filter(({ fault }) => fault !== "contact_missing");
    return new Map([...letterFaults(values), ...sender].map((fault) => [fault.field, faultInWords(fault, values)]));
  }

  /** Ends when each file is there or cannot be; rejects nothing, the service says what is missing. */
  #filesSent(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting = () => {
        const moving = this.files?.files.some((row) => !["sent", "failed", "missing"].includes(row.state)) === true;
        if (!moving) {
          this.#waiting = null;
          resolve();
        }
      };
      this.#waiting();
    });
  }

  #sent(rows: readonly QueuedFile[]): Promise<void> {
    if (rows.length > 0) {
      queueMicrotask(() => this.#waiting?.());
    }
    return Promise.resolve();
  }

  async #register(desk: OrganismDetails): Promise<void> {
    const { values } = this.state;
    const mail = await this.mail();
    const path = `/v1/mails/${mail.mail_id}` as const;
    const options = (body: unknown): { body: unknown; token: string } => ({ body, token: mail.access_token });
    try {
      await this.#part("letter", () => this.#plain("PUT", `${path}/letter`, options(letterBody(values))));
      const sender = senderBody({ ...values, privacy_notice_version: desk.privacy_notice.version });
      await this.#part("sender", () => this.#plain("PUT", `${path}/sender`, options(sender)));
    } catch (error) {
      // An earlier press registered it, and its answer was lost: the same number is given again.
      if (!(error instanceof Problem && error.slug === "already-submitted")) {
        throw error;
      }
    }
    const { body } = await this.#plain<Submitted>("POST", `${path}/submission`, { token: mail.access_token });
    this.state.done = body;
    this.state.stage = "done";
    this.receipt = new ReceiptWatch({ ask: this.#plain, clock: SYSTEM_CLOCK, mail, changed: () => this.#around.draw() });
    this.receipt.begin();
    forget();
    this.#around.announce(say("entry.done", { number: body.number }));
    this.#around.focus('[data-action="print"]');
  }

  async #part(part: "letter" | "sender", put: () => Promise<unknown>): Promise<void> {
    try {
      await put();
    } catch (error) {
      if (error instanceof Problem && error.status === 422) {
        this.state.wrong = errorsByField(error, part);
      }
      throw error;
    }
  }

  #refused(error: unknown): void {
    if (this.state.wrong.size === 0) {
      this.state.trouble = problemWords(error);
    }
    if (error instanceof Problem && (error.slug === "mail-not-found" || error.slug === "token-wrong")) {
      // The draft lived for a day: what was typed goes into another one.
      this.#mail = null;
      this.files?.queue.restart();
    }
    this.#around.focus(this.state.wrong.size > 0 ? "#errors" : "#problem");
  }

  /** The next paper. */
  another(): void {
    this.#mail = null;
    this.receipt?.stop();
    this.files?.close();
    const spoken = this.state.language;
    Object.assign(this.state, this.#empty(USUAL), { stage: "typing", language: spoken });
    if (this.desk) {
      this.#attach(this.desk);
    }
    this.#around.draw();
    this.#around.focus("#subject");
  }

  /** What is typed outlives a reload of this tab. */
  #keep(): void {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify({ who: this.#around.who(), values: this.state.values }));
    } catch {
      // A browser that keeps nothing goes on without.
    }
  }
}

/** What the same agent typed before. */
function kept(who: string): Values {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEPT) ?? "null") as { who: string; values: Values } | null;
    return found?.who === who ? found.values : USUAL;
  } catch {
    return USUAL;
  }
}

function forget(): void {
  try {
    sessionStorage.removeItem(KEPT);
  } catch {
    // What could not be kept need not go.
  }
}
