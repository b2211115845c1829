/** The form for number and code, and the question whose mail it is. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { errorSummary, type FieldError } from "../frame/page.ts";
import { phrase, say } from "../frame/words.ts";
import type { Following } from "./following.ts";
import { code, progress, trouble, waits } from "./parts.ts";

const EXAMPLE = "ANAM-2026-000001";

/** The first thing that people without a link see. */
export function formView(following: Following): TemplateResult {
  const { state } = following;
  return html`<h1>${say("follow.title")}</h1>
    ${state.notice
      ? html`<p class=${state.notice === "follow.not_mine_done" ? "good" : "notice"} id="notice" role="status">${say(state.notice)}</p>`
      : nothing}
    ${errorSummary(errorsOf(following))}
    <p class="lead">${say("follow.intro")}</p>
    <form id="form" novalidate @submit=${(event: SubmitEvent) => sent(event, following)}>
      ${field(following, "number", say("follow.number"), html`${phrase("follow.number_hint", { example: code(EXAMPLE) })}`)}
      ${field(following, "code", say("follow.code"), say("follow.code_hint"))}
      ${progress(following)} ${trouble(following)}
      <div class="actions">
        <button class="main-action" data-action="follow" aria-disabled=${waits(following)}>${say("follow.find")}</button>
      </div>
    </form>`;
}

/** The form's faults, for the summary and the title. */
export function errorsOf({ state }: Following): FieldError[] {
  return [
    ...(state.wrong.number ? [{ id: "number", message: state.wrong.number }] : []),
    ...(state.wrong.code ? [{ id: "code", message: state.wrong.code }] : []),
  ];
}

function field(following: Following, id: "number" | "code", label: string, hint: unknown): TemplateResult {
  const { state } = following;
  const wrong = state.wrong[id];
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <p class="hint" id="${id}-hint">${hint}</p>
    ${wrong ? html`<p class="wrong" id="${id}-wrong">${wrong}</p>` : nothing}
    <input
      type="text"
      id=${id}
      name=${id === "number" ? "number" : "follow_up_code"}
      dir="ltr"
      autocomplete="off"
      autocapitalize="characters"
      autocorrect="off"
      spellcheck="false"
      aria-describedby="${id}-hint${wrong ? ` ${id}-wrong` : ""}"
      aria-invalid=${wrong ? "true" : "false"}
      .value=${live(state.typed[id])}
      @input=${(event: InputEvent) => {
        state.typed = { ...state.typed, [id]: (event.target as HTMLInputElement).value };
      }}
    />
  </div>`;
}

function sent(event: SubmitEvent, following: Following): void {
  event.preventDefault();
  following.submit(following.state.typed.number, following.state.typed.code);
}

/** "This mail is not mine": what it means, and the question before it is done. */
export function strangerView(following: Following): TemplateResult {
  return html`<h1>${say("follow.not_mine")}</h1>
    <p>${say("follow.not_mine_means")}</p>
    <p class="notice">${say("follow.not_mine_yours")}</p>
    ${progress(following)} ${trouble(following)}
    <div class="actions">
      <button type="button" class="danger" data-action="not-mine-sure" aria-disabled=${waits(following)} @click=${() => following.endLink()}>
        ${say("follow.not_mine_sure")}
      </button>
      <button type="button" data-action="cancel" aria-disabled=${waits(following)} @click=${() => following.close()}>
        ${say("frame.cancel")}
      </button>
    </div>`;
}
