/** Step 4: everything as it will be registered, each part with its way back, and the press that sends. */

import { html, nothing, type TemplateResult } from "lit-html";
import { datedOf, fieldsOf, isSenderKind, type SenderField, type Values } from "../draft/fields.ts";
import type { Step } from "../draft/draft.ts";
import type { MailView } from "../draft/pushing.ts";
import type { Sending } from "../draft/submission.ts";
import { isBlank } from "../draft/typed.ts";
import { checkInWords, noteInWords, type QueuedFile, stateInWords } from "../files/index.ts";
import { inOrder } from "../frame/in-order.ts";
import { day, size } from "../frame/moments.ts";
import { say } from "../frame/words.ts";
import { grouped, senderKindName } from "./contact.ts";
import { countryName } from "./countries.ts";
import type { OrganismDetails } from "./desk.ts";
import { fieldName } from "./faults.ts";
import { kindName } from "./write.ts";

export interface Review {
  readonly desk: OrganismDetails;
  readonly values: Values;
  /** What the API understood of the contact details; `null` where it has others, or none yet. */
  readonly understood: MailView["sender"];
  readonly masked: string | null;
  readonly files: readonly QueuedFile[];
  readonly sending: Sending;
  /** Files that are still on their way, for which the mail waits. */
  readonly waitsFor: readonly QueuedFile[];
  readonly change: (step: Step, id: string) => void;
  readonly removeFile: (key: string) => void;
  readonly submit: () => void;
  readonly stopWaiting: () => void;
}

export function reviewView(review: Review): TemplateResult {
  return html`${heading(review, say("write.title"), "write", "kind")} ${letter(review)}
    ${heading(review, say("attach.title"), "write", "add-file")} ${files(review)}
    ${heading(review, say("contact.title"), "contact", "sender_kind")} ${sender(review)}
    <p class="notice">${say("review.fixed")} ${say("review.news")}</p>
    ${action(review)}`;
}

function heading({ change }: Review, title: string, step: Step, id: string): TemplateResult {
  const press = (event: Event): void => {
    event.preventDefault();
    change(step, id);
  };
  return html`<div class="summary-heading">
    <h2>${title}</h2>
    <a id=${`change-${id === "add-file" ? "files" : step}`} href=${`#${step}`} aria-label=${say("review.change_what", { what: title })} @click=${press}>${say("review.change")}</a>
  </div>`;
}

interface Fact {
  readonly name: string;
  readonly value: TemplateResult | string;
}

function facts(rows: readonly Fact[]): TemplateResult {
  return html`<dl class="facts summary">
    ${rows.map(
      ({ name, value }) =>
        html`<dt>${name}</dt>
          <dd>${value === "" ? html`<span class="quiet">${say("review.none")}</span>` : value}</dd>`,
    )}
  </dl>`;
}

function people(text: string): TemplateResult | string {
  return isBlank(text) ? "" : html`<bdi class="as-typed" dir="auto">${inOrder(text)}</bdi>`;
}

function code(text: string): TemplateResult | string {
  return isBlank(text) ? "" : html`<bdi dir="ltr">${text}</bdi>`;
}

function letter({ values }: Review): TemplateResult {
  const dated = datedOf(values);
  return facts([
    { name: say("write.kind"), value: kindName(values.kind ?? "") },
    { name: say("write.subject"), value: people(values.subject ?? "") },
    { name: say("write.body"), value: people(values.body ?? "") },
    { name: say("write.reference"), value: people(values.reference ?? "") },
    { name: say("write.dated"), value: typeof dated === "string" ? day(dated) : "" },
  ]);
}

const CODES: readonly string[] = ["email", "phone", "ice", "national_id", "trade_register.number", "foreign_registration.number", "declaration_number"];

function sender(review: Review): TemplateResult {
  const kind = review.values.sender_kind;
  if (!isSenderKind(kind)) {
    return facts([{ name: say("contact.sender_kind"), value: "" }]);
  }
  const isAbroad = review.values.abroad === "true";
  const names = fieldsOf(kind).filter((name) => isShown(name, review, isAbroad));
  return facts([
    { name: say("contact.sender_kind"), value: senderKindName(kind) },
    ...names.map((name) => ({ name: fieldName(name, review.values), value: senderValue(name, review) })),
  ]);
}

function isShown(name: SenderField, { desk, values }: Review, isAbroad: boolean): boolean {
  if (name === "sender_kind" || name === "abroad" || name === "sms") {
    return false;
  }
  if (name === "national_id") {
    return desk.accepts.national_id;
  }
  if (name.startsWith("trade_register.")) {
    return !isBlank(values[name] ?? "");
  }
  return isAbroad ? name !== "ice" : !name.startsWith("foreign_registration.");
}

/** The value as the API understood it, where it has it already. */
function senderValue(name: SenderField, { values, understood, masked }: Review): TemplateResult | string {
  const typed = values[name] ?? "";
  if (name === "national_id" && isBlank(typed)) {
    return code(masked ?? "");
  }
  if (name === "foreign_registration.country") {
    return isBlank(typed) ? "" : countryName(typed);
  }
  const known = understood?.[name];
  const value = name !== "national_id" && typeof known === "string" ? known : typed;
  return CODES.includes(name) ? code(name === "phone" ? grouped(value) : value) : people(value);
}

function files(review: Review): TemplateResult {
  if (review.files.length === 0) {
    return html`<p class="quiet">${say("review.no_files")}</p>`;
  }
  return html`<ul class="files">
    ${review.files.map((row) => html`<li id=${row.key} tabindex="-1">${file(review, row)}</li>`)}
  </ul>`;
}

function file(review: Review, row: QueuedFile): TemplateResult {
  const { name } = row;
  const isWrong = row.state === "failed" || row.state === "missing" || row.check === "refused";
  const check = checkInWords(row);
  return html`<p class="file-name"><bdi>${name}</bdi> <span class="quiet">${size(row.size)}</span></p>
    <p class=${isWrong ? "wrong" : "file-state"}>${stateInWords(row)}</p>
    ${row.note ? html`<p class="hint">${noteInWords(row.note)}</p>` : nothing}
    ${check === null
      ? nothing
      : html`<p class=${row.check === "refused" ? "wrong" : "hint"}>
          ${row.check === "refused"
            ? say("review.file_refused", { name })
            : row.check === "unchecked"
              ? say("review.unchecked", { reason: check })
              : check}
        </p>`}
    ${row.sha256 === null
      ? nothing
      : html`<p class="digest">
          <span class="quiet">${say("review.digest")}</span> <bdi dir="ltr" class="code">${row.sha256}</bdi>
        </p>`}
    ${isWrong
      ? html`<p class="file-actions">
          <button type="button" aria-label=${say("attach.remove_name", { name })} @click=${() => review.removeFile(row.key)}>
            ${say("attach.remove")}
          </button>
        </p>`
      : nothing}`;
}

function action(review: Review): TemplateResult {
  const { sending, waitsFor } = review;
  const isBusy = sending.name === "sending" || waitsFor.length > 0;
  return html`<div id="sending" role="status">
      ${waitsFor.length > 0
        ? html`<div class="notice">
            <p>${say("review.waits")}</p>
            <ul>
              ${waitsFor.map((row) => html`<li><bdi>${row.name}</bdi></li>`)}
            </ul>
          </div>`
        : nothing}
      ${sending.name === "sending"
        ? html`<p class="notice">${sending.waiting === null ? say("review.sending") : say("review.sending_again")}</p>`
        : nothing}
    </div>
    <div class="actions">
      <button type="button" class="main-action" data-action="submit" aria-disabled=${isBusy ? "true" : "false"} @click=${review.submit}>
        ${sending.name === "sending" ? say("review.sending") : say("review.submit")}
      </button>
      ${waitsFor.length > 0
        ? html`<button type="button" @click=${review.stopWaiting}>${say("review.stop_waiting")}</button>`
        : nothing}
      <button type="button" data-action="back" @click=${() => history.back()}>${say("wizard.back")}</button>
    </div>`;
}
