/** The controls of the wizard's forms: label, hint, error and field of one name, bound to the draft. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { characters } from "../draft/typed.ts";
import { LONGEST, type FieldName, type Values } from "../draft/names.ts";
import { say } from "../frame/words.ts";

/** What a form's controls are bound to. */
export interface Form {
  readonly values: Values;
  /** What is wrong with a field, once the sender asked to go on. */
  readonly wrong: ReadonlyMap<FieldName, string>;
  readonly write: (name: FieldName, value: string) => void;
}

export interface TextField {
  readonly name: FieldName;
  readonly label: string;
  readonly hint?: string;
  readonly optional?: boolean;
  readonly type?: "text" | "email" | "tel";
  readonly inputmode?: "numeric" | "email" | "tel" | "text";
  readonly autocomplete?: string;
  /** Numbers, codes and addresses are written from the left in every language. */
  readonly ltr?: boolean;
  /** Lines of a text; one line without it. */
  readonly rows?: number;
  readonly counted?: boolean;
  /** Shown below the field, and read with it. */
  readonly note?: TemplateResult | typeof nothing;
}

type Typed = (HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement) & EventTarget;

export function textField(form: Form, field: TextField): TemplateResult {
  const { name, rows } = field;
  const wrong = form.wrong.get(name);
  const value = form.values[name] ?? "";
  const described = [
    field.hint === undefined ? "" : `${name}-hint`,
    wrong === undefined ? "" : `${name}-wrong`,
    field.counted === true ? `${name}-count` : "",
    field.note === undefined || field.note === nothing ? "" : `${name}-note`,
  ].filter((id) => id !== "");
  const describedBy = described.length > 0 ? described.join(" ") : nothing;
  const typed = (event: Event): void => form.write(name, (event.currentTarget as Typed).value);
  const control =
    rows === undefined
      ? html`<input
          id=${name}
          name=${name}
          type=${field.type ?? "text"}
          dir=${field.ltr === true ? "ltr" : "auto"}
          inputmode=${field.inputmode ?? nothing}
          autocomplete=${field.autocomplete ?? "off"}
          autocapitalize=${field.ltr === true ? "none" : nothing}
          spellcheck=${field.ltr === true ? "false" : nothing}
          aria-describedby=${describedBy}
          aria-invalid=${wrong === undefined ? nothing : "true"}
          .value=${live(value)}
          @input=${typed}
        />`
      : html`<textarea
          id=${name}
          name=${name}
          rows=${rows}
          dir="auto"
          autocomplete=${field.autocomplete ?? "off"}
          aria-describedby=${describedBy}
          aria-invalid=${wrong === undefined ? nothing : "true"}
          .value=${live(value)}
          @input=${typed}
        ></textarea>`;
  return html`<div class="field">
    <label for=${name}>${field.label}${field.optional === true ? optional() : nothing}</label>
    ${field.hint === undefined ? nothing : html`<p class="hint" id=${`${name}-hint`}>${field.hint}</p>`}
    ${wrongWords(name, wrong)} ${control}
    ${field.counted === true ? html`<p class="hint" id=${`${name}-count`}>${countOf(name, value)}</p>` : nothing}
    ${field.note === undefined || field.note === nothing ? nothing : html`<div class="note" id=${`${name}-note`}>${field.note}</div>`}
  </div>`;
}

export function optional(): TemplateResult {
  return html` <span class="optional">(${say("frame.optional")})</span>`;
}

function wrongWords(name: FieldName, wrong: string | undefined): TemplateResult | typeof nothing {
  return wrong === undefined ? nothing : html`<p class="wrong" id=${`${name}-wrong`}>${wrong}</p>`;
}

/** The same count as the API's. */
function countOf(name: FieldName, value: string): string {
  return say("write.count", { count: characters(value), most: LONGEST[name] ?? 0 });
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** Radio buttons; the first one has the field's own id, to which an error leads. */
export function choiceField(form: Form, name: FieldName, legend: string, choices: readonly Choice[]): TemplateResult {
  const wrong = form.wrong.get(name);
  return html`<fieldset class="field" aria-describedby=${wrong === undefined ? nothing : `${name}-wrong`}>
    <legend>${legend}</legend>
    ${wrongWords(name, wrong)}
    ${choices.map(
      ({ value, label }, index) =>
        html`<label class="choice" for=${index === 0 ? name : `${name}-${value}`}
          ><input
            type="radio"
            id=${index === 0 ? name : `${name}-${value}`}
            name=${name}
            value=${value}
            .checked=${live(form.values[name] === value)}
            @change=${() => form.write(name, value)}
          /><span>${label}</span></label
        >`,
    )}
  </fieldset>`;
}

export function tickField(form: Form, name: FieldName, label: string): TemplateResult {
  const changed = (event: Event): void => form.write(name, (event.currentTarget as HTMLInputElement).checked ? "true" : "");
  return html`<label class="choice field" for=${name}
    ><input
      type="checkbox"
      id=${name}
      name=${name}
      .checked=${live(form.values[name] === "true")}
      @change=${changed}
    /><span>${label}</span></label
  >`;
}

export function selectField(
  form: Form,
  field: Pick<TextField, "name" | "label" | "optional" | "autocomplete">,
  none: string,
  choices: readonly Choice[],
): TemplateResult {
  const { name } = field;
  const wrong = form.wrong.get(name);
  const value = form.values[name] ?? "";
  return html`<div class="field">
    <label for=${name}>${field.label}</label>
    ${wrongWords(name, wrong)}
    <select
      id=${name}
      name=${name}
      autocomplete=${field.autocomplete ?? "off"}
      aria-describedby=${wrong === undefined ? nothing : `${name}-wrong`}
      aria-invalid=${wrong === undefined ? nothing : "true"}
      @change=${(event: Event) => form.write(name, (event.currentTarget as HTMLSelectElement).value)}
    >
      <option value="" ?selected=${value === ""}>${none}</option>
      ${choices.map((choice) => html`<option value=${choice.value} ?selected=${choice.value === value}>${choice.label}</option>`)}
    </select>
  </div>`;
}
