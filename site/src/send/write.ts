/** Step 2: the letter. */

import { html, nothing, type TemplateResult } from "lit-html";
import { LETTER_KINDS, type FieldName } from "../draft/names.ts";
import { monthName } from "../frame/moments.ts";
import { say, type WordKey } from "../frame/words.ts";
import { choiceField, type Form, optional, selectField, textField } from "./controls.ts";

/** `files` is the part for attachments. */
export function letterFields(form: Form, files: TemplateResult | typeof nothing): TemplateResult {
  const kinds = LETTER_KINDS.map((value) => ({ value, label: kindName(value) }));
  return html`${choiceField(form, "kind", say("write.kind"), kinds)}
    ${form.values.kind === "complaint" ? html`<p class="notice">${say("write.complaint")}</p>` : nothing}
    ${textField(form, {
      name: "subject",
      label: say("write.subject"),
      hint: say("write.subject_hint"),
      counted: true,
    })}
    ${textField(form, {
      name: "body",
      label: say("write.body"),
      hint: say("write.body_hint"),
      rows: 10,
      optional: true,
      counted: true,
    })}
    ${files}
    ${textField(form, {
      name: "reference",
      label: say("write.reference"),
      hint: say("write.reference_hint"),
      optional: true,
    })}
    ${dated(form)}`;
}

export function kindName(kind: string): string {
  return (LETTER_KINDS as readonly string[]).includes(kind) ? say(`write.kind_${kind}` as WordKey) : "";
}

/** Three fields, the month by its name: a calendar is hard to use for a date of long ago, and typed dates are misread. */
export function dated(form: Form): TemplateResult {
  const wrong = form.wrong.get("dated.day");
  const months = Array.from({ length: 12 }, (_, index) => ({ value: String(index + 1), label: monthName(index + 1) }));
  const number = (name: FieldName, label: string, digits: number): TemplateResult =>
    html`<div class=${digits > 2 ? "digits-4" : "digits-2"}>${textField(
      { ...form, wrong: new Map() },
      { name, label, inputmode: "numeric", ltr: true },
    )}</div>`;
  return html`<fieldset class=${wrong === undefined ? "field" : "field is-wrong"} aria-describedby=${wrong === undefined ? nothing : "dated-wrong"}>
    <legend>${say("write.dated")}${optional()}</legend>
    ${wrong === undefined ? nothing : html`<p class="wrong" id="dated-wrong">${wrong}</p>`}
    <div class="row">
      ${number("dated.day", say("write.day"), 2)}
      <div>
        ${selectField({ ...form, wrong: new Map() }, { name: "dated.month", label: say("write.month") }, say("write.month_none"), months)}
      </div>
      ${number("dated.year", say("write.year"), 4)}
    </div>
  </fieldset>`;
}
