/** The controls of an organism's form, each with its label, its hint and its fault. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { say } from "../frame/words.ts";
import type { Typed, Wrong } from "./organism-fields.ts";

/** What a form is to its controls. */
export interface Form {
  readonly typed: Typed;
  readonly faults: Wrong;
  type<K extends keyof Typed>(name: K, value: Typed[K]): void;
}

type TextName = { [K in keyof Typed]: Typed[K] extends string ? K : never }[keyof Typed];
type TickName = Exclude<keyof Typed, TextName>;

interface Look {
  readonly hint?: string;
  /** Written from left to right in every language: codes, addresses. */
  readonly latin?: boolean;
  readonly digits?: boolean;
  readonly lang?: "fr" | "ar";
  /** Characters at most; the service refuses more. */
  readonly most?: number;
  /** Several lines. */
  readonly rows?: number;
}

/** A field for text. */
export function field(form: Form, name: TextName, { hint, latin, digits, lang, most, rows }: Look): TemplateResult {
  const wrong = form.faults[name];
  const direction = latin || digits || lang === "fr" ? "ltr" : lang === "ar" ? "rtl" : "auto";
  const typed = (event: InputEvent): void => form.type(name, (event.target as HTMLInputElement).value);
  return html`<div class="field">
    ${labelled(form, name, hint)}
    ${rows
      ? html`<textarea
          id=${name}
          name=${name}
          rows=${rows}
          class="short"
          dir=${direction}
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          aria-describedby=${described(name, hint, wrong)}
          aria-invalid=${wrong ? "true" : "false"}
          .value=${live(form.typed[name])}
          @input=${typed}
        ></textarea>`
      : html`<input
          id=${name}
          name=${name}
          type="text"
          dir=${direction}
          lang=${lang ?? nothing}
          inputmode=${digits ? "decimal" : "text"}
          maxlength=${most ?? nothing}
          autocomplete="off"
          spellcheck=${lang ? "true" : "false"}
          aria-describedby=${described(name, hint, wrong)}
          aria-invalid=${wrong ? "true" : "false"}
          .value=${live(form.typed[name])}
          @input=${typed}
        />`}
  </div>`;
}

/** A list to choose one from. */
export function select(form: Form, name: TextName, options: readonly (readonly [string, string])[]): TemplateResult {
  const wrong = form.faults[name];
  return html`<div class="field">
    ${labelled(form, name)}
    <select
      id=${name}
      name=${name}
      aria-describedby=${described(name, undefined, wrong)}
      aria-invalid=${wrong ? "true" : "false"}
      @change=${(event: Event) => form.type(name, (event.target as HTMLSelectElement).value)}
    >
      <option value="" ?selected=${form.typed[name] === ""}>${say("operations.choose")}</option>
      ${options.map(([value, label]) => html`<option value=${value} ?selected=${form.typed[name] === value}>${label}</option>`)}
    </select>
  </div>`;
}

/** A few to choose one from. */
export function choice(form: Form, name: TextName, options: readonly (readonly [string, string])[]): TemplateResult {
  return html`<fieldset>
    <legend>${say(`operations.${name}`)}</legend>
    ${options.map(
      ([value, label]) =>
        html`<label class="choice">
          <input
            type="radio"
            name=${name}
            value=${value}
            .checked=${live(form.typed[name] === value)}
            @change=${() => form.type(name, value)}
          />
          ${label}
        </label>`,
    )}
  </fieldset>`;
}

/** A box to tick. */
export function tick(form: Form, name: TickName, hint?: string): TemplateResult {
  return html`<label class="choice">
    <input
      type="checkbox"
      id=${name}
      name=${name}
      .checked=${live(form.typed[name])}
      @change=${(event: Event) => form.type(name, (event.target as HTMLInputElement).checked)}
    />
    <span>${say(`operations.${name}`)} ${hint ? html`<span class="hint">${hint}</span>` : nothing}</span>
  </label>`;
}

function labelled(form: Form, name: TextName, hint?: string): TemplateResult {
  const wrong = form.faults[name];
  return html`<label for=${name}>${say(`operations.${name}`)}</label>
    ${hint ? html`<p class="hint" id="${name}-hint">${hint}</p>` : nothing}
    ${wrong ? html`<p class="wrong" id="${name}-wrong">${wrong}</p>` : nothing}`;
}

function described(name: string, hint: string | undefined, wrong: string | undefined): string | typeof nothing {
  return [hint ? `${name}-hint` : "", wrong ? `${name}-wrong` : ""].filter(Boolean).join(" ") || nothing;
}
