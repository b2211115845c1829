/** Choosing a template for the answer, and the templates themselves. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { nameOf } from "../frame/organisms.ts";
import { say } from "../frame/words.ts";
import type { Part } from "./parts.ts";
import type { Template } from "./shapes.ts";
import { FIELDS, type TemplateField, type Templates } from "./templates.ts";

/** The choice: each template in both languages, the mail's own first. `insert` gets the text. */
export function templateChoice(templates: Templates, language: "fr" | "ar", insert: (text: string) => void): Part {
  if (templates.items.length === 0) {
    return nothing;
  }
  const languages = language === "ar" ? (["ar", "fr"] as const) : (["fr", "ar"] as const);
  return html`<div class="field">
    <label for="template">${say("templates.use")}</label>
    <select
      id="template"
      name="template"
      @change=${(event: Event) => {
        const select = event.currentTarget as HTMLSelectElement;
        const [id, spoken] = select.value.split(" ");
        const text = templates.items.find((each) => each.template_id === id)?.text[spoken === "ar" ? "ar" : "fr"];
        select.value = "";
        if (text !== undefined) {
          insert(text);
        }
      }}
    >
      <option value="">${say("templates.choose")}</option>
      ${languages.map(
        (spoken) =>
          html`<optgroup label=${say(`mail.language_${spoken}`)}>
            ${templates.items.map((each) => html`<option value="${each.template_id} ${spoken}" lang=${spoken}>${each.name[spoken]}</option>`)}
          </optgroup>`,
      )}
    </select>
  </div>`;
}

/** The list of templates, and the form of the one that is being written. */
export function templatesView(templates: Templates): TemplateResult {
  return html`<details class="templates">
    <summary>${say("templates.title")}</summary>
    <div role="alert">${templates.trouble ? html`<p class="wrong">${templates.trouble}</p>` : nothing}</div>
    <ul class="enclosed">
      ${templates.items.map((each) => line(templates, each))}
    </ul>
    ${templates.edited === undefined
      ? html`<button type="button" data-action="new-template" @click=${() => templates.edit(null)}>${say("templates.add")}</button>`
      : form(templates)}
  </details>`;
}

function line(templates: Templates, template: Template): TemplateResult {
  const name = nameOf(template);
  return html`<li>
    <bdi lang=${name.lang}>${name.text}</bdi>
    ${templates.doomed === template.template_id
      ? html`<p>${say("templates.sure")}</p>
          <button type="button" class="danger" data-action="delete-template" @click=${() => void templates.remove(template.template_id)}>
            ${say("templates.delete")}
          </button>
          <button type="button" @click=${() => templates.doom(null)}>${say("frame.cancel")}</button>`
      : html`<button type="button" class="link" @click=${() => templates.edit(template)}>
            ${say("templates.change")}<span class="unseen"> ${name.text}</span>
          </button>
          <button type="button" class="link" @click=${() => templates.doom(template.template_id)}>
            ${say("templates.delete")}<span class="unseen"> ${name.text}</span>
          </button>`}
  </li>`;
}

/** Not a form of HTML: it stands within the answer's. */
function form(templates: Templates): TemplateResult {
  return html`<div role="group" aria-label=${say("templates.title")}>
    ${FIELDS.map((name) => field(templates, name))}
    <div class="actions">
      <button type="button" data-action="save-template" @click=${() => void templates.save()}>${say("templates.save")}</button>
      <button type="button" @click=${() => templates.edit(undefined)}>${say("frame.cancel")}</button>
    </div>
  </div>`;
}

function field(templates: Templates, name: TemplateField): TemplateResult {
  const arabic = name.endsWith("_ar");
  const wrong = templates.wrong[name];
  const typed = (event: Event): void => templates.write(name, (event.currentTarget as HTMLInputElement).value);
  const described = wrong ? `${name}-wrong` : nothing;
  return html`<div class="field">
    <label for=${name}>${say(`templates.${name}`)}</label>
    ${wrong ? html`<p class="wrong" id="${name}-wrong">${wrong}</p>` : nothing}
    ${name.startsWith("name")
      ? html`<input
          id=${name}
          name=${name}
          type="text"
          maxlength="100"
          lang=${arabic ? "ar" : "fr"}
          dir=${arabic ? "rtl" : "ltr"}
          autocomplete="off"
          aria-describedby=${described}
          .value=${live(templates.typed[name])}
          @input=${typed}
        />`
      : html`<textarea
          id=${name}
          name=${name}
          rows="5"
          lang=${arabic ? "ar" : "fr"}
          dir=${arabic ? "rtl" : "ltr"}
          aria-describedby=${described}
          .value=${live(templates.typed[name])}
          @input=${typed}
        ></textarea>`}
  </div>`;
}
