/** Giving a mail its outcome: what is typed, kept and sent, with files where it is an answer. */

import type { Ask } from "../api/client.ts";
import type { MailAccess, QueuedFile } from "../files/index.ts";
import { characters, isBlank } from "../draft/typed.ts";
import { say } from "../frame/words.ts";
import { Attaching, type FilesOwner } from "../send/attaching.ts";
import { DeskSearch } from "../send/desk-search.ts";
import { SYSTEM_CLOCK } from "../files/queue.ts";
import type { Organism } from "../frame/organisms.ts";
import type { Around } from "./around.ts";
import type { Draft, Drafts } from "./drafts.ts";
import type { MailKeeper } from "./mail.ts";
import type { Form } from "./place.ts";
import type { FileOfMail } from "./shapes.ts";

export const LONGEST_MESSAGE = 20_000;
/** An answer has five files at most, of the service's usual size. */
const ACCEPTS = { national_id: false, max_attachments: 5, max_attachment_bytes: 104_857_600 };

export type Wrong = Partial<Record<"message" | "redirect_to" | "files", string>>;

export class Answering {
  readonly form: Form;
  readonly search: DeskSearch;
  readonly files: Attaching | null;
  typed: Draft;
  wrong: Wrong = {};
  /** The public body that was chosen, which may stand on no list any more. */
  chosen: Organism | null = null;
  readonly #keeper: MailKeeper;
  readonly #drafts: Drafts;
  readonly #around: Around;

  constructor(form: Form, keeper: MailKeeper, drafts: Drafts, around: Around) {
    this.form = form;
    this.#keeper = keeper;
    this.#drafts = drafts;
    this.#around = around;
    // The choice of a public body is not kept: a letter that goes astray costs more than one press.
    this.typed = { ...drafts.read(keeper.number, form), redirect_to: "" };
    this.search = new DeskSearch({
      ask: around.ask,
      clock: SYSTEM_CLOCK,
      changed: around.draw,
      found: (shown) => around.announce(say("choose.found", { count: shown })),
    });
    this.files = form === "answer" ? this.#attaching() : null;
  }

  #attaching(): Attaching {
    const isSent = (id: string): boolean =>
      this.files?.files.some((row) => row.attachment_id === id && row.state === "sent") === true;
    const ask = ofAnAnswer(this.#around.ask, this.#keeper, isSent);
    return new Attaching(new AnswerFiles(this.#keeper), { accepts: ACCEPTS }, this.#around.draw, ask);
  }

  write(message: string): void {
    this.typed = { ...this.typed, message };
    this.#drafts.keep(this.#keeper.number, this.form, this.typed);
    this.#around.draw();
  }

  choose(organism: Organism): void {
    this.chosen = organism;
    this.typed = { ...this.typed, redirect_to: organism.organism_id };
    this.#around.draw();
  }

  /** Send it; true once the mail has its outcome. */
  async send(): Promise<boolean> {
    const { message, redirect_to } = this.typed;
    this.wrong = this.#faults();
    if (Object.keys(this.wrong).length > 0) {
      this.#around.draw();
      this.#around.focus("#errors");
      return false;
    }
    const done =
      this.form === "redirect"
        ? await this.#keeper.close({ outcome: "redirected", message, redirect_to })
        : await this.#keeper.close({ outcome: this.form === "answer" ? "answered" : "rejected", message });
    if (done) {
      this.#drafts.forget(this.#keeper.number);
      this.close();
    }
    return done;
  }

  #faults(): Wrong {
    const { message, redirect_to } = this.typed;
    const waits = this.files?.files.find((row) => row.state !== "sent" || row.check === "refused");
    const count = characters(message);
    return {
      ...(isBlank(message) ? { message: say(`mail.missing_${this.form}`) } : {}),
      ...(count > LONGEST_MESSAGE ? { message: say("mail.too_long", { count, most: LONGEST_MESSAGE }) } : {}),
      ...(this.form === "redirect" && redirect_to === "" ? { redirect_to: say("mail.missing_redirect_to") } : {}),
      ...(waits ? { files: say("mail.files_wait", { name: waits.name }) } : {}),
    };
  }

  close(): void {
    this.files?.close();
  }
}

/** The files of an answer belong to the mail itself: no draft keeps them. */
class AnswerFiles implements FilesOwner {
  readonly sent = null;
  readonly pushing = { end: () => undefined, submitted: () => undefined };
  readonly draft = { mail: { value: true } };
  readonly #keeper: MailKeeper;

  constructor(keeper: MailKeeper) {
    this.#keeper = keeper;
  }

  mail(): Promise<MailAccess> {
    return Promise.resolve({ mail_id: encodeURIComponent(this.#keeper.number), access_token: "" });
  }

  savedFiles(): readonly QueuedFile[] {
    return [];
  }

  setFiles(): Promise<void> {
    return Promise.resolve();
  }
}

/**
 * The files engine asks for the files of a sender's mail; those of an answer have the same routes below the inbox. There
 * a file does not say whether its bytes arrived: it did where it was checked, or where this page saw it arrive.
 */
function ofAnAnswer(ask: Ask, keeper: MailKeeper, isSent: (id: string) => boolean): Ask {
  return async <T>(method: string, path: `/v1/${string}`, { body, signal, milliseconds }: Parameters<Ask>[2] = {}) => {
    const more = { ...(body === undefined ? {} : { body }), ...(signal ? { signal } : {}), ...(milliseconds ? { milliseconds } : {}) };
    const own = path.replace(/^\/v1\/mails\/[^/]+/, keeper.path) as typeof path;
    const answer = await ask<T>(method, own, more);
    if (method !== "GET") {
      return answer;
    }
    const { answer_attachments: files } = answer.body as unknown as { answer_attachments: FileOfMail[] };
    const attachments = files.map((file) => ({ ...file, uploaded: file.check !== "pending" || isSent(file.attachment_id) }));
    return { ...answer, body: { attachments } as unknown as T };
  };
}
