/** The words for people whose browser lies inside another app. */

import { html, type TemplateResult } from "lit-html";
import { copy } from "../frame/copying.ts";
import { say } from "../frame/words.ts";

/** How to come to a browser of one's own, with the address to copy. */
export function inAppNotice(): TemplateResult {
  return html`<div class="notice" id="in-app">
    <p>${say("choose.in_app")}</p>
    <button type="button" @click=${() => void copy(location.href.split("#")[0] ?? "", say("choose.address"))}>
      ${say("choose.copy_address")}
    </button>
  </div>`;
}
