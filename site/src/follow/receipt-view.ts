/** The receipt and the slip: links as soon as the files are there. */

import { html, nothing, type TemplateResult } from "lit-html";
import { say } from "../frame/words.ts";
import type { Following } from "./following.ts";
import type { Part } from "./parts.ts";

/** Nothing for a draft. */
export function receiptView(following: Following): Part {
  const { receipt } = following.state;
  if (receipt.state === "none") {
    return nothing;
  }
  return html`<section class="no-print" aria-labelledby="receipt-title">
    <h2 id="receipt-title">${say("follow.receipt")}</h2>
    <div role="status" id="receipt-progress">
      ${receipt.state === "preparing" ? html`<p class="hint">${say("follow.receipt_preparing")}</p>` : nothing}
    </div>
    ${receipt.state === "late" || receipt.state === "failed" ? failure(following) : nothing}
    ${receipt.state === "ready" && receipt.url ? links(receipt.url, receipt.slip) : nothing}
    ${receipt.state === "ready" && !receipt.url
      ? html`<p>
          <button type="button" data-action="prepare-receipt" @click=${() => following.receipts.fetch()}>${say("follow.receipt_again")}</button>
        </p>`
      : nothing}
  </section>`;
}

function links(url: string, slip: string): TemplateResult {
  return html`<p class="row">
      <a class="button" data-action="receipt" id="receipt-link" href=${url} target="_blank" rel="noopener noreferrer">${say("follow.receipt_ready")}</a>
      ${slip
        ? html`<a class="button" data-action="slip" id="slip-link" href=${slip} target="_blank" rel="noopener noreferrer"
            >${say("follow.slip_ready")}</a
          >`
        : nothing}
    </p>
    ${slip ? html`<p class="hint">${say("follow.receipt_shown")}</p>` : nothing}`;
}

function failure(following: Following): TemplateResult {
  const { receipt } = following.state;
  return html`<div class="errors" role="alert" id="receipt-problem">
    <p>${receipt.state === "late" ? say("follow.receipt_late") : receipt.trouble}</p>
    <button type="button" data-action="retry" @click=${() => following.receipts.fetch()}>${say("frame.retry")}</button>
  </div>`;
}
