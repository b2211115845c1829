/** The templates of a public body's answers, in both languages. */

import { problemWords } from "../frame/problems.ts";
import { isBlank } from "../draft/typed.ts";
import { say } from "../frame/words.ts";
import type { Around } from "./around.ts";
import type { Template } from "./shapes.ts";

export interface Typed {
  readonly name_fr: string;
  readonly name_ar: string;
  readonly text_fr: string;
  readonly text_ar: string;
}

export type TemplateField = keyof Typed;

const NOTHING: Typed = { name_fr: "", name_ar: "", text_fr: "", text_ar: "" };
export const FIELDS: readonly TemplateField[] = ["name_fr", "name_ar", "text_fr", "text_ar"];

export class Templates {
  items: readonly Template[] = [];
  trouble = "";
  /** The template that is being written: its id, or null for a new one; undefined while none is. */
  edited: string | null | undefined = undefined;
  typed: Typed = NOTHING;
  wrong: Partial<Record<TemplateField, string>> = {};
  /** The template that is to be deleted, until that is confirmed. */
  doomed: string | null = null;
  #read = false;
  readonly #around: Around;

  constructor(around: Around) {
    this.#around = around;
  }

  /** Read them once, and again after each change. */
  async open(): Promise<void> {
    if (!this.#read) {
      await this.#refresh();
    }
  }

  async #refresh(): Promise<void> {
    try {
      const { body } = await this.#around.ask<{ items: readonly Template[] }>("GET", "/v1/inbox/templates");
      Object.assign(this, { items: body.items, trouble: "" });
      this.#read = true;
    } catch (error) {
      this.trouble = problemWords(error);
    }
    this.#around.draw();
  }

  /** Write a template: a known one, a new one, or none any more. */
  edit(template: Template | null | undefined): void {
    this.edited = template === undefined ? undefined : (template?.template_id ?? null);
    this.typed = template
      ? { name_fr: template.name.fr, name_ar: template.name.ar, text_fr: template.text.fr, text_ar: template.text.ar }
      : NOTHING;
    this.wrong = {};
    this.#around.draw();
    this.#around.focus(template === undefined ? '[data-action="new-template"]' : "#name_fr");
  }

  write(field: TemplateField, value: string): void {
    this.typed = { ...this.typed, [field]: value };
  }

  async save(): Promise<void> {
    const missing = FIELDS.filter((field) => isBlank(this.typed[field]));
    this.wrong = Object.fromEntries(missing.map((field) => [field, say("templates.missing")]));
    if (missing[0] !== undefined) {
      this.#around.draw();
      this.#around.focus(`#${missing[0]}`);
      return;
    }
    const { name_fr, name_ar, text_fr, text_ar } = this.typed;
    const id = this.edited ?? crypto.randomUUID();
    const body = { name: { fr: name_fr, ar: name_ar }, text: { fr: text_fr, ar: text_ar } };
    await this.#change("PUT", id, body);
  }

  /** Ask whether it should go, or no longer. */
  doom(id: string | null): void {
    this.doomed = id;
    this.#around.draw();
    this.#around.focus(id === null ? '[data-action="new-template"]' : '[data-action="delete-template"]');
  }

  async remove(id: string): Promise<void> {
    await this.#change("DELETE", id);
  }

  async #change(method: "PUT" | "DELETE", id: string, body?: unknown): Promise<void> {
    try {
      const path = `/v1/inbox/templates/${encodeURIComponent(id)}` as const;
      await this.#around.ask(method, path, body === undefined ? {} : { body });
      this.doomed = null;
      this.edit(undefined);
      this.#around.announce(say(method === "PUT" ? "templates.saved" : "templates.deleted"));
      await this.#refresh();
    } catch (error) {
      this.trouble = problemWords(error);
      this.#around.draw();
    }
  }
}
