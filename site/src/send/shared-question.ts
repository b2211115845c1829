/** Whether others use this device: asked once, above the first thing that is typed. */

import { html, nothing, type TemplateResult } from "lit-html";
import type { Device } from "../draft/device.ts";
import { say } from "../frame/words.ts";

export function sharedQuestion({ shared }: Device, answer: (shared: boolean) => void): TemplateResult | typeof nothing {
  if (shared !== null) {
    return nothing;
  }
  return html`<section class="panel" id="shared" aria-labelledby="shared-title">
    <h2 id="shared-title">${say("wizard.shared_title")}</h2>
    <p class="hint">${say("wizard.shared_hint")}</p>
    <div class="row">
      <button type="button" data-action="not-shared" @click=${() => answer(false)}>${say("wizard.shared_no")}</button>
      <button type="button" data-action="shared" @click=${() => answer(true)}>${say("wizard.shared_yes")}</button>
    </div>
  </section>`;
}
