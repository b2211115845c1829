/** The form of an outcome: an answer with files, another public body, or a reason. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { characters } from "../draft/typed.ts";
import { errorSummary } from "../frame/page.ts";
import { nameOf, otherNameOf, type Organism } from "../frame/organisms.ts";
import { problemWords } from "../frame/problems.ts";
import { say } from "../frame/words.ts";
import { attachments } from "../send/attach.ts";
import { LONGEST_MESSAGE, type Answering } from "./answering.ts";
import type { MailActs } from "./mail-view.ts";
import type { MailKeeper } from "./mail.ts";
import type { Part } from "./parts.ts";
import type { Templates } from "./templates.ts";
import { templateChoice, templatesView } from "./templates-view.ts";

const CONTROL = { message: "message", redirect_to: "q", files: "files" } as const;

export function answeringView(answering: Answering, keeper: MailKeeper, templates: Templates, acts: MailActs): TemplateResult {
  const { form, wrong } = answering;
  const errors = Object.entries(wrong).map(([field, message]) => ({ id: CONTROL[field as keyof typeof CONTROL], message }));
  const language = keeper.state.mail?.language === "ar" ? "ar" : "fr";
  return html`<section class="panel no-print" aria-labelledby="form-title">
    <h2 id="form-title">${say(`mail.${form}`)}</h2>
    ${errorSummary(errors)}
    <form
      novalidate
      @submit=${(event: Event) => {
        event.preventDefault();
        acts.send();
      }}
    >
      ${form === "redirect" ? redirection(answering) : nothing}
      ${form === "answer" ? templateChoice(templates, language, (text) => insert(answering, text)) : nothing} ${message(answering)}
      ${answering.files ? attachments(answering.files, () => acts.fill(form)) : nothing}
      <p class="hint">${say("mail.final")}</p>
      <div class="actions">
        <button class="main-action" data-action="submit" aria-disabled=${keeper.state.busy ? "true" : "false"}>
          ${say(`mail.send_${form}`)}
        </button>
        <button type="button" data-action="cancel" @click=${() => acts.fill(null)}>${say("mail.later")}</button>
      </div>
    </form>
    ${form === "answer" ? templatesView(templates) : nothing}
  </section>`;
}

/** A template comes after what is written already. */
function insert(answering: Answering, text: string): void {
  const before = answering.typed.message.trimEnd();
  answering.write(before === "" ? text : `${before}\n\n${text}`);
}

function message(answering: Answering): TemplateResult {
  const { form, typed, wrong } = answering;
  return html`<div class="field">
    <label for="message">${say(`mail.message_${form}`)}</label>
    <p class="hint" id="message-hint">${say("mail.message_hint")}</p>
    ${wrong.message ? html`<p class="wrong" id="message-wrong">${wrong.message}</p>` : nothing}
    <textarea
      id="message"
      name="message"
      rows="8"
      dir="auto"
      aria-describedby="message-hint message-count${wrong.message ? " message-wrong" : ""}"
      aria-invalid=${wrong.message ? "true" : "false"}
      .value=${live(typed.message)}
      @input=${(event: Event) => answering.write((event.currentTarget as HTMLTextAreaElement).value)}
    ></textarea>
    <p class="hint" id="message-count">${say("write.count", { count: characters(typed.message), most: LONGEST_MESSAGE })}</p>
  </div>`;
}

function redirection(answering: Answering): TemplateResult {
  const { search, wrong, chosen } = answering;
  const items = search.found?.items ?? [];
  const shown = chosen && !items.some((each) => each.organism_id === chosen.organism_id) ? [chosen, ...items] : items;
  return html`<div class="field">
    <label for="q">${say("mail.redirect_search")}</label>
    ${wrong.redirect_to ? html`<p class="wrong" id="q-wrong">${wrong.redirect_to}</p>` : nothing}
    <input
      id="q"
      name="q"
      type="search"
      dir="auto"
      maxlength="100"
      autocomplete="off"
      aria-describedby=${wrong.redirect_to ? "q-wrong" : nothing}
      aria-invalid=${wrong.redirect_to ? "true" : "false"}
      .value=${live(search.words)}
      @input=${(event: Event) => search.type((event.currentTarget as HTMLInputElement).value)}
      @keydown=${(event: KeyboardEvent) => {
        // Enter searches; it must not send a letter away.
        if (event.key === "Enter") {
          event.preventDefault();
        }
      }}
    />
    ${search.fault ? html`<p class="wrong" role="alert">${problemWords(search.fault)}</p>` : nothing}
    ${search.found && items.length === 0 ? html`<p class="hint">${say("choose.nothing")}</p>` : nothing}
    ${shown.length > 0
      ? html`<fieldset>
          <legend>${say("mail.redirect_to")}</legend>
          ${shown.map((each) => choice(answering, each))}
        </fieldset>`
      : nothing}
  </div>`;
}

function choice(answering: Answering, organism: Organism): Part {
  const name = nameOf(organism);
  const other = otherNameOf(organism);
  return html`<label class="choice">
    <input
      type="radio"
      name="redirect_to"
      value=${organism.organism_id}
      data-organism=${organism.organism_id}
      .checked=${live(answering.typed.redirect_to === organism.organism_id)}
      @change=${() => answering.choose(organism)}
    />
    <span><bdi lang=${name.lang}>${name.text}</bdi> <span class="where"><bdi dir="ltr">${organism.code}</bdi> · <bdi lang=${other.lang}>${other.text}</bdi></span></span>
  </label>`;
}
