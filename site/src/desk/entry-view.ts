/** The form of the counter. Its order is that of a paper in the hand: what it asks, its scan, who it comes from. */

import { html, nothing, type TemplateResult } from "lit-html";
import { isSenderKind, LETTER_KINDS, SENDER_KINDS } from "../draft/fields.ts";
import { errorSummary } from "../frame/page.ts";
import { say, type Language } from "../frame/words.ts";
import { attachments } from "../send/attach.ts";
import { identity, senderKindName } from "../send/contact.ts";
import { selectField, textField, type Form } from "../send/controls.ts";
import { dated, kindName } from "../send/write.ts";
import { enteredView } from "./entered-view.ts";
import type { Entry } from "./entry.ts";

const LANGUAGES: readonly Language[] = ["ar", "fr", "en"];

export function entryView(entry: Entry, draw: () => void): TemplateResult {
  const { state } = entry;
  if (state.stage === "done" && state.done) {
    return enteredView(entry, state.done, draw);
  }
  return html`<h1>${say("entry.title")}</h1>
    ${state.stage === "reading" ? html`<p class="hint" role="status">${say("inbox.reading")}</p>` : nothing}
    ${state.stage === "failed"
      ? html`<div class="errors" role="alert">
          <p>${state.trouble}</p>
          <button type="button" data-action="retry" @click=${() => void entry.open()}>${say("frame.retry")}</button>
        </div>`
      : nothing}
    ${state.stage === "typing" ? form(entry, draw) : nothing}`;
}

function form(entry: Entry, draw: () => void): TemplateResult {
  const { state, desk, files } = entry;
  const bound: Form = { values: state.values, wrong: state.wrong, write: (name, value) => entry.write(name, value) };
  const kinds = LETTER_KINDS.map((value) => ({ value, label: kindName(value) }));
  const senders = SENDER_KINDS.map((value) => ({ value, label: senderKindName(value) }));
  const kind = state.values.sender_kind;
  return html`<p class="lead">${say("entry.lead")}</p>
    ${errorSummary([...state.wrong].map(([id, message]) => ({ id, message })))}
    <form
      class="entry"
      novalidate
      @submit=${(event: Event) => {
        event.preventDefault();
        void entry.submit();
      }}
    >
      ${textField(bound, { name: "subject", label: say("write.subject"), hint: say("entry.subject_hint") })}
      ${selectField(bound, { name: "kind", label: say("write.kind") }, say("write.month_none"), kinds)}
      ${files ? attachments(files, draw) : nothing}
      ${selectField(bound, { name: "sender_kind", label: say("mail.sender") }, say("write.month_none"), senders)}
      ${isSenderKind(kind) && desk ? identity(kind, { form: bound, desk, masked: null }) : nothing}
      ${textField(bound, { name: "phone", label: say("contact.phone"), optional: true, type: "tel", autocomplete: "off", ltr: true, hint: say("entry.phone_hint") })}
      ${textField(bound, { name: "email", label: say("contact.email"), optional: true, inputmode: "email", ltr: true })}
      <details class="field" ?open=${["body", "reference", "address"].some((name) => Boolean(state.values[name as "body"]))}>
        <summary>${say("entry.more")}</summary>
        ${spoken(entry)} ${dated(bound)}
        ${textField(bound, { name: "reference", label: say("mail.reference"), optional: true })}
        ${textField(bound, { name: "address", label: say("contact.address"), optional: true, rows: 3 })}
        ${textField(bound, { name: "body", label: say("entry.body"), optional: true, rows: 5, counted: true })}
      </details>
      <div role="alert">${state.trouble ? html`<p class="errors" id="problem" tabindex="-1">${state.trouble}</p>` : nothing}</div>
      <p role="status" class=${state.busy ? "notice" : "unseen"}>${state.busy ? say(`entry.busy_${state.busy}`) : ""}</p>
      <div class="actions">
        <button class="main-action" data-action="submit" aria-disabled=${state.busy ? "true" : "false"}>${say("entry.submit")}</button>
      </div>
    </form>`;
}

function spoken(entry: Entry): TemplateResult {
  return html`<div class="field">
    <label for="language">${say("mail.language")}</label>
    <select
      id="language"
      name="language"
      @change=${(event: Event) => entry.speak((event.currentTarget as HTMLSelectElement).value as Language)}
    >
      ${LANGUAGES.map((each) => html`<option value=${each} ?selected=${each === entry.state.language}>${say(`mail.language_${each}`)}</option>`)}
    </select>
  </div>`;
}
