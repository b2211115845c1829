/** A mail as a part of the desk: its place in the address, its keys, and the form that is open. */

import type { TemplateResult } from "lit-html";
import { say } from "../frame/words.ts";
import { Answering } from "./answering.ts";
import type { Around } from "./around.ts";
import { Drafts } from "./drafts.ts";
import type { Way } from "./inbox-part.ts";
import type { Key } from "./keys.ts";
import { MailKeeper } from "./mail.ts";
import { mailView } from "./mail-view.ts";
import type { DeskPart } from "./part.ts";
import { mailAddress, type Form } from "./place.ts";
import { Preview } from "./preview.ts";
import { SOURCES } from "./preview-sources.ts";
import type { Item } from "./shapes.ts";
import { Templates } from "./templates.ts";

export class MailPart implements DeskPart {
  readonly #around: Around;
  readonly #way: Way;
  readonly #keeper: MailKeeper;
  readonly #drafts: Drafts;
  readonly #templates: Templates;
  readonly #preview: Preview;
  #answering: Answering | null = null;

  constructor(number: string, around: Around, way: Way, changed: (number: string, changes: Partial<Item>) => void) {
    this.#around = around;
    this.#way = way;
    this.#keeper = new MailKeeper(number, around, changed);
    this.#drafts = new Drafts(around.store, around.who, around.now);
    this.#templates = new Templates(around);
    this.#preview = new Preview(around, (file, accepted) => this.#keeper.address(file, accepted), SOURCES);
  }

  /** Show the form that the address names. */
  open(form: Form | null): void {
    if (form === this.#answering?.form) {
      return;
    }
    this.#answering?.close();
    this.#answering = form && new Answering(form, this.#keeper, this.#drafts, this.#around);
    if (form === "answer") {
      void this.#templates.open();
    }
  }

  view(): TemplateResult {
    const open = this.#keeper.state.mail?.outcome ? null : this.#answering;
    return mailView(this.#keeper, this.#preview, open, this.#templates, {
      fill: (form) => this.#fill(form),
      send: () => void this.#send(),
    });
  }

  title(): string {
    // No title holds a number: titles stay in the browser's history.
    return say("mail.title");
  }

  wrong(): boolean {
    return this.#answering !== null && Object.keys(this.#answering.wrong).length > 0;
  }

  tick(): void {
    this.#keeper.tick();
    this.#preview.tick();
  }

  wake(): void {
    this.#preview.leave();
    if (this.#keeper.state.stage === "ready") {
      this.#focusForm();
    } else {
      this.#keeper.state.stage = "reading";
      void this.#keeper.read().then(() => this.#focusForm());
    }
  }

  /** An address that names a form leads into its first field. */
  #focusForm(): void {
    const form = this.#keeper.state.mail?.outcome ? null : this.#answering?.form;
    if (form) {
      this.#around.focus(form === "redirect" ? "#q" : "#message");
    }
  }

  leave(): void {
    this.#preview.leave();
    this.#answering?.close();
    this.#answering = null;
  }

  press(key: Key): void {
    const { mail } = this.#keeper.state;
    if (!mail || mail.outcome) {
      return;
    }
    if (key === "c" && mail.status === "submitted") {
      void this.#keeper.collect();
    } else if (key === "a" || key === "r") {
      this.#fill(key === "a" ? "answer" : "redirect");
    }
  }

  #fill(form: Form | null): void {
    if (form === (this.#answering?.form ?? null)) {
      this.#around.draw();
      return;
    }
    const before = this.#answering?.form;
    this.#way.replace(mailAddress(this.#keeper.number, form ?? undefined));
    this.open(form);
    this.#around.draw();
    if (form === null) {
      this.#around.focus(`[data-action="${before ?? "answer"}"]`);
    } else {
      this.#focusForm();
    }
  }

  async #send(): Promise<void> {
    if (await this.#answering?.send()) {
      this.#answering = null;
      this.#way.replace(mailAddress(this.#keeper.number));
      this.#around.draw();
      this.#around.focus("#done");
    }
  }
}
