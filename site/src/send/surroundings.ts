/** What stands around each step: to whom it goes, what has to be known, and what is shown once it was sent. */

import { html, nothing, type TemplateResult } from "lit-html";
import type { Sent } from "../draft/device.ts";
import { filesOf, type Step } from "../draft/draft.ts";
import type { Session } from "../draft/session.ts";
import { clock } from "../frame/moments.ts";
import { nameOf } from "../frame/organisms.ts";
import { language, phrase, say } from "../frame/words.ts";
import type { OrganismDetails } from "./desk.ts";

export type Place = Step | "receipt";

export const STEPS: readonly Step[] = ["write", "contact", "review"];

/** The step that an address names behind `#`. */
export function placeIn(fragment: string): Place {
  const name = fragment.slice(1);
  return name === "contact" || name === "review" || name === "receipt" ? name : "write";
}

export function heading({ gone, sent }: Session, place: Place, step: Step): string {
  if (gone) {
    return say("wizard.gone_title");
  }
  if (sent !== null) {
    return place === "receipt" ? say("receipt.title") : say("wizard.sent_title");
  }
  switch (step) {
    case "write":
      return say("write.title");
    case "contact":
      return say("contact.title");
    case "review":
      return say("review.title");
  }
}

export function recipient(desk: OrganismDetails, leave: () => void): TemplateResult {
  const name = nameOf(desk);
  const press = (event: Event): void => {
    event.preventDefault();
    leave();
  };
  return html`<p class="recipient">
    ${say("wizard.to")} <strong><bdi lang=${name.lang}>${name.text}</bdi></strong>
    <a href="/${language}/" @click=${press}>${say("wizard.other")}</a>
  </p>`;
}

export interface Notices {
  readonly isResumed: boolean;
  readonly again: () => void;
  readonly renew: () => void;
}

export function notices({ draft, remaining, saving }: Session, { isResumed, again, renew }: Notices): TemplateResult {
  const lost = filesOf(draft).filter((row) => row.state === "sent");
  return html`${isResumed
    ? html`<div class="notice" id="resumed">
        <p>${say("wizard.resume", { time: clock(draft.started_at) })}</p>
        <button type="button" @click=${again}>${say("wizard.restart")}</button>
      </div>`
    : nothing}
  ${remaining.name === "ending"
    ? html`<p class="notice" id="ending" role="status">${say("wizard.ending", { time: clock(remaining.at) })}</p>`
    : nothing}
  ${saving.name === "ended"
    ? html`<div class="notice" id="ended" role="alert">
        <h2>${say("wizard.ended_title")}</h2>
        <p>${say("wizard.ended")}</p>
        ${lost.length > 0
          ? html`<p>${phrase("wizard.ended_files", { files: lost.map(({ name }) => html`<bdi>${name}</bdi> `) })}</p>`
          : nothing}
        <button type="button" class="main-action" data-action="renew" @click=${renew}>${say("wizard.renew")}</button>
      </div>`
    : nothing}`;
}

/** In place of a part of the script that did not come. */
export function missingPart(again: () => void): TemplateResult {
  return html`<div class="notice" role="alert">
    <p>${say("problems.network")}</p>
    <button type="button" @click=${again}>${say("frame.retry")}</button>
  </div>`;
}

/** Everything was erased in another tab. */
export function goneView(): TemplateResult {
  return html`<h1>${say("wizard.gone_title")}</h1>
    <p>${say("wizard.gone")}</p>
    <p class="actions"><a class="button" href="/${language}/">${say("desk.every")}</a></p>`;
}

/** An earlier step of a mail that was sent. */
export function sentView({ number }: Sent, toReceipt: () => void, again: () => void): TemplateResult {
  const open = (event: Event): void => {
    event.preventDefault();
    toReceipt();
  };
  return html`<h1>${say("wizard.sent_title")}</h1>
    <p id="already-sent">${phrase("wizard.sent", { number: html`<bdi dir="ltr" class="code">${number}</bdi>` })}</p>
    <p class="actions"><a class="button main-action" href="#receipt" @click=${open}>${say("wizard.to_receipt")}</a></p>
    <p class="actions">
      <button type="button" data-action="again" @click=${again}>${say("wizard.another")}</button>
    </p>`;
}
