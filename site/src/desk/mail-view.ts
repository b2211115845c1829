/** One mail as an agent sees it. */

import { html, nothing, type TemplateResult } from "lit-html";
import { inOrder } from "../frame/in-order.ts";
import { day, moment } from "../frame/moments.ts";
import { phrase, say } from "../frame/words.ts";
import type { Answering } from "./answering.ts";
import { answeringView } from "./answering-view.ts";
import { filesView } from "./files-view.ts";
import { historyView } from "./history-view.ts";
import type { MailKeeper } from "./mail.ts";
import { bodyName, code, fact, marks, typed, words, type Part } from "./parts.ts";
import { DESK, FORMS, type Form } from "./place.ts";
import type { Preview } from "./preview.ts";
import { senderView } from "./sender-view.ts";
import type { Mail, Outcome } from "./shapes.ts";
import type { Templates } from "./templates.ts";

export interface MailActs {
  /** Open a form, or close the one that is open. */
  readonly fill: (form: Form | null) => void;
  readonly send: () => void;
}

export function mailView(keeper: MailKeeper, preview: Preview, answering: Answering | null, templates: Templates, acts: MailActs): TemplateResult {
  const { mail, stage, trouble } = keeper.state;
  const back = html`<p class="no-print"><a data-inside href=${DESK}>${say("mail.back")}</a></p>`;
  if (!mail) {
    return html`${back}
      <h1>${say(stage === "missing" ? "mail.missing_title" : "mail.title")}</h1>
      ${stage === "reading"
        ? html`<p class="hint" role="status">${say("inbox.reading")}</p>`
        : html`<div class="errors" role="alert">
            <p>${trouble}</p>
            ${stage === "failed"
              ? html`<button type="button" data-action="retry" @click=${() => void keeper.read()}>${say("frame.retry")}</button>`
              : nothing}
          </div>`}`;
  }
  return html`${back}
    <article id="mail">
      <h1 id="mail-number">${phrase("mail.heading", { number: code(mail.number) })}</h1>
      ${stand(mail)} ${notice(keeper)} ${outcomeView(mail)} ${actions(keeper, mail, answering, acts)}
      ${answering ? answeringView(answering, keeper, templates, acts) : nothing} ${letterView(mail)} ${filesView(keeper, preview, mail)}
      ${senderView(mail.sender)} ${historyView(mail)}
      <p class="no-print"><button type="button" data-action="print" @click=${() => print()}>${say("mail.print")}</button></p>
    </article>`;
}

function stand(mail: Mail): TemplateResult {
  const taken = mail.collected;
  return html`<p class="stand">
    <strong id="mail-status">${say(`inbox.status_${mail.status}`)}</strong> ${marks(mail)}
    ${taken
      ? html`<span class="where" id="mail-taker">${phrase("mail.taken", { name: html`<bdi>${taken.by}</bdi>`, time: moment(taken.at) })}</span>`
      : nothing}
  </p>`;
}

function notice(keeper: MailKeeper): TemplateResult {
  const { notice: said, trouble } = keeper.state;
  return html`<div role="status">${said ? html`<p class=${said.kind} id="done" tabindex="-1">${said.words}</p>` : nothing}</div>
    <div role="alert">${trouble ? html`<p class="errors" id="problem">${trouble}</p>` : nothing}</div>`;
}

/** What was answered, or where the mail went, and who said so. */
function outcomeView({ outcome }: Mail): Part {
  if (!outcome) {
    return nothing;
  }
  return html`<section class="panel" id="outcome" aria-labelledby="outcome-title">
    <h2 id="outcome-title">${say("mail.outcome")}</h2>
    <p class="hint">${phrase("mail.outcome_by", { name: html`<bdi>${outcome.by}</bdi>`, time: moment(outcome.at) })}</p>
    <p class="letter" id="outcome-message" dir="auto">${inOrder(outcome.message)}</p>
    ${elsewhere(outcome)}
  </section>`;
}

function elsewhere({ redirected_to: there }: Outcome): Part {
  return there
    ? html`<dl class="facts">${fact(say("mail.redirected_to"), bodyName(there.name))} ${fact(say("mail.new_number"), code(there.number))}</dl>`
    : nothing;
}

/** What can still be done. */
function actions(keeper: MailKeeper, mail: Mail, answering: Answering | null, acts: MailActs): Part {
  if (mail.outcome) {
    return nothing;
  }
  const busy = keeper.state.busy ? "true" : "false";
  return html`<div class="actions">
    ${mail.status === "submitted"
      ? html`<button type="button" class="main-action" data-action="collect" aria-disabled=${busy} @click=${() => void keeper.collect()}>
          ${say("keys.collect")}
        </button>`
      : nothing}
    ${FORMS.map(
      (form) => html`<button
        type="button"
        data-action=${form}
        aria-expanded=${answering?.form === form ? "true" : "false"}
        @click=${() => acts.fill(answering?.form === form ? null : form)}
      >
        ${say(`mail.${form}`)}
      </button>`,
    )}
  </div>`;
}

function letterView(mail: Mail): TemplateResult {
  const { letter, redirected_from: from } = mail;
  return html`<section aria-labelledby="letter-title">
    <h2 id="letter-title">${typed(letter.subject)}</h2>
    <dl class="facts">
      ${fact(say("mail.kind"), say(`write.kind_${letter.kind}`))} ${fact(say("mail.submitted_at"), moment(mail.submitted_at))}
      ${fact(say("mail.reference"), letter.reference && words(letter.reference))}
      ${fact(say("mail.dated"), letter.dated && day(letter.dated))} ${fact(say("mail.redirected_from"), from && bodyName(from.name))}
      ${fact(say("mail.former_number"), from && code(from.number))}
      ${fact(say("mail.language"), say(`mail.language_${mail.language}`))}
    </dl>
    ${letter.body ? html`<p class="letter" id="mail-text" dir="auto">${inOrder(letter.body)}</p>` : html`<p class="hint">${say("mail.no_text")}</p>`}
  </section>`;
}
