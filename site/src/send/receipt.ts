/** The last step: number and codes at once, the receipt's PDF as soon as it is made, and what comes next. */

import { html, nothing, type TemplateResult } from "lit-html";
import { moment } from "../frame/moments.ts";
import { nameOf, type Organism } from "../frame/organisms.ts";
import { problemWords } from "../frame/problems.ts";
import type { QrPath } from "../frame/qr-code.ts";
import { qrPicture } from "../frame/qr-picture.ts";
import { amazigh, language, phrase, say } from "../frame/words.ts";
import type { ReceiptFile } from "./receipt-file.ts";

/** A sent mail, as its sender's page knows it. */
export interface SentMail {
  readonly mail_id: string;
  readonly access_token: string;
  readonly organism: Pick<Organism, "name">;
  readonly number: string;
  /** ISO 8601. */
  readonly submitted_at: string;
  readonly verification_code: string;
  readonly follow_up_code: string;
  /** Where the receipt goes by e-mail, masked (`f…@e….ma`). */
  readonly email: string | null;
}

export interface ReceiptState {
  readonly sent: SentMail;
  readonly file: ReceiptFile;
  /** Whether the PDF's link was pressed without a network: it would take this page, and the codes, out of sight. */
  readonly isOffline: boolean;
  /** `null` until they are drawn. */
  readonly codes: { readonly follow: QrPath; readonly verify: QrPath } | null;
  /** Whether the sender keeps number and codes on this device. */
  readonly kept: boolean;
  /** Whether others use this device; `null` where the sender did not say. */
  readonly shared: boolean | null;
}

export interface ReceiptActions {
  /** Copy what the element of this id shows, which `label` names; without an id, number and codes together. */
  readonly copy: (id: CopiedId | null, label: string) => void;
  readonly print: () => void;
  /** Ask for the PDF again. */
  readonly retry: () => void;
  /** The PDF's link is pressed: false where its address has just ended, and without a network. */
  readonly opens: () => boolean;
  readonly keep: (kept: boolean) => void;
  readonly another: (event: MouseEvent) => void;
}

export type CopiedId = "number" | "follow_up_code" | "verification_code";

/** The page after sending. */
export function receiptView(state: ReceiptState, actions: ReceiptActions): TemplateResult {
  const { sent } = state;
  return html`<div class="receipt">
    <h1>${say("receipt.title")}</h1>
    <p class="lead">${say("receipt.lead")}</p>
    <div class="good codes">
      ${shown("number", sent.number, say("receipt.number"), actions, amazigh("number"))}
      ${shown("follow_up_code", sent.follow_up_code, say("receipt.follow_up_code"), actions, say("receipt.follow_up_hint"))}
      ${shown(
        "verification_code",
        sent.verification_code,
        say("receipt.verification_code"),
        actions,
        say("receipt.verification_hint"),
      )}
      <p class="actions">
        <button type="button" @click=${() => actions.copy(null, say("receipt.all"))}>${say("receipt.copy_all")}</button>
        <button type="button" @click=${actions.print}>${say("receipt.print")}</button>
      </p>
    </div>
    ${facts(sent)} ${file(state, actions)} ${afterwards(sent)} ${qrCodes(state)} ${keeping(state, actions)}
    <p class="actions">
      <a class="button" href="/${language}/" data-action="another" @click=${actions.another}>${say("receipt.another")}</a>
    </p>
  </div>`;
}

function shown(id: CopiedId, text: string, label: string, actions: ReceiptActions, hint: string): TemplateResult {
  return html`<div class="shown">
    <h2 id="${id}-label">
      ${label}${id === "number" ? html` <span lang="zgh" dir="ltr" class="tifinagh">${hint}</span>` : nothing}
    </h2>
    <bdi dir="ltr" class="code large" id=${id}>${text}</bdi>
    <button
      type="button"
      class="link no-print"
      id="copy-${id}"
      aria-labelledby="copy-${id} ${id}-label"
      @click=${() => actions.copy(id, label)}
    >
      ${say("frame.copy")}
    </button>
    ${id === "number" ? nothing : html`<p class="hint">${hint}</p>`}
  </div>`;
}

function facts(sent: SentMail): TemplateResult {
  const name = nameOf(sent.organism);
  return html`<dl class="facts">
    <dt>${say("receipt.organism")}</dt>
    <dd><bdi lang=${name.lang}>${name.text}</bdi></dd>
    <dt>${say("receipt.sent_on")}</dt>
    <dd><time datetime=${sent.submitted_at}>${moment(sent.submitted_at)}</time></dd>
  </dl>`;
}

function file(state: ReceiptState, actions: ReceiptActions): TemplateResult {
  const { email } = state.sent;
  return html`<section class="no-print" aria-labelledby="file-title">
    <h2 id="file-title">${say("receipt.file_title")}</h2>
    ${fileState(state.file, actions)}
    ${state.isOffline ? html`<p class="notice" role="alert">${say("problems.network")}</p>` : nothing}
    <p>
      ${email
        ? phrase("receipt.also_sent", { email: html`<bdi dir="ltr">${email}</bdi>` })
        : say("receipt.no_email")}
    </p>
  </section>`;
}

function fileState(state: ReceiptFile, actions: ReceiptActions): TemplateResult {
  const retry = html`<p class="actions">
    <button type="button" @click=${actions.retry}>${say("frame.retry")}</button>
  </p>`;
  const opening = (event: MouseEvent): void => {
    if (!actions.opens()) {
      event.preventDefault();
    }
  };
  switch (state.name) {
    case "making":
      return html`<p id="receipt-making">${say("receipt.making")}</p>`;
    case "ready":
      return html`<p>
          <a class="button main-action" data-action="receipt" href=${state.url} @click=${opening}
            >${say("receipt.open")}</a
          >
        </p>
        <p class="hint">${say("receipt.open_hint")}</p>
        ${state.slip === null
          ? nothing
          : html`<p>
                <a class="button" data-action="slip" href=${state.slip} @click=${opening}>${say("receipt.slip")}</a>
              </p>
              <p class="hint">${say("receipt.slip_hint")}</p>`}`;
    case "late":
      return html`<div class="notice"><p>${say("receipt.late")}</p></div>
        ${retry}`;
    case "fault":
      return html`<div class="notice"><p>${problemWords(state.problem)}</p></div>
        ${retry}`;
    case "ended":
      return html`<p class="notice">${say("receipt.ended")}</p>`;
  }
}

function afterwards(sent: SentMail): TemplateResult {
  return html`<section aria-labelledby="next-title">
    <h2 id="next-title">${say("receipt.next_title")}</h2>
    <ul>
      <li>${say("receipt.next_agent")}</li>
      <li>${say("receipt.next_inform")}</li>
      <li>${say("receipt.next_once")}</li>
      <li>${say("receipt.next_payment")}</li>
    </ul>
    <p class="no-print">
      <a href="/${language}/follow#${sent.number}/${sent.follow_up_code}">${say("receipt.follow")}</a>
    </p>
    <p class="only-print">${phrase("receipt.follow_where", { address: html`<bdi dir="ltr">${location.origin}/${language}/follow</bdi>` })}</p>
  </section>`;
}

function qrCodes({ codes }: ReceiptState): TemplateResult | typeof nothing {
  if (codes === null) {
    return nothing;
  }
  return html`<section aria-labelledby="qr-title">
    <h2 id="qr-title">${say("receipt.qr_title")}</h2>
    <div class="row">
      ${qrPicture(codes.follow, say("receipt.qr_follow"))} ${qrPicture(codes.verify, say("receipt.qr_verify"))}
    </div>
  </section>`;
}

function keeping({ kept, shared }: ReceiptState, actions: ReceiptActions): TemplateResult {
  if (shared) {
    return html`<p class="notice no-print">${say("receipt.shared")}</p>`;
  }
  return html`<div class="panel no-print">
    <label class="choice" for="keep">
      <input
        type="checkbox"
        id="keep"
        aria-describedby="keep-hint"
        .checked=${kept}
        @change=${(event: Event) => actions.keep((event.currentTarget as HTMLInputElement).checked)}
      />
      ${say("receipt.keep")}
    </label>
    <p class="hint" id="keep-hint">${say("receipt.keep_hint")}</p>
  </div>`;
}
