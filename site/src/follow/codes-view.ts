/** New codes, for a sender whose code was seen by somebody else. */

import { html, nothing, type TemplateResult } from "lit-html";
import { copy } from "../frame/copying.ts";
import { say } from "../frame/words.ts";
import type { Following } from "./following.ts";
import { code, waits, type Part } from "./parts.ts";

/** The offer, the question before it is done, and the new code. */
export function codesView(following: Following): TemplateResult {
  return html`${newCode(following)}
    <section class="no-print" aria-labelledby="codes-title">
      <h2 id="codes-title">${say("follow.codes")}</h2>
      <p>${say("follow.codes_mean")}</p>
      ${following.state.codes === "by_link" ? html`<p class="notice" role="alert" id="codes-by-link">${say("follow.codes_by_link")}</p>` : nothing}
      <div class="actions">
        ${following.state.codes === "asked"
          ? html`<button type="button" class="danger" data-action="codes-sure" aria-disabled=${waits(following)} @click=${() => following.turnCodes()}>
                ${say("follow.codes_sure")}
              </button>
              <button type="button" data-action="cancel" aria-disabled=${waits(following)} @click=${() => following.askCodes(false)}>
                ${say("frame.cancel")}
              </button>`
          : html`<button type="button" data-action="codes" @click=${() => following.askCodes(true)}>${say("follow.codes_ask")}</button>`}
      </div>
    </section>`;
}

function newCode({ state }: Following): Part {
  const fresh = state.session?.newCode;
  if (!fresh) {
    return nothing;
  }
  return html`<section class="good" aria-labelledby="new-code-title">
    <h2 id="new-code-title">${say("follow.codes_done")}</h2>
    <p class="large" id="follow_up_code">${code(fresh)}</p>
    <p class="no-print">
      <button type="button" data-action="copy" @click=${() => void copy(fresh, say("follow.code"), "follow_up_code")}>${say("frame.copy")}</button>
    </p>
    <p>${say("follow.codes_keep")}</p>
  </section>`;
}
