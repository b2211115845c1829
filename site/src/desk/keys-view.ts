/** The list of keys, and the choice whether they work. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { say } from "../frame/words.ts";
import type { Keys } from "./keys.ts";

const MEANINGS = [
  ["j", "keys.next"],
  ["k", "keys.previous"],
  ["o", "keys.open"],
  ["c", "keys.collect"],
  ["a", "keys.answer"],
  ["r", "keys.redirect"],
  ["?", "keys.help"],
] as const;

export function keysView(keys: Keys, draw: () => void): TemplateResult {
  return html`<section class="keys no-print" aria-labelledby="keys-title">
    <h2 id="keys-title" class="unseen">${say("keys.title")}</h2>
    <button
      type="button"
      class="link"
      data-action="keys"
      aria-expanded=${keys.shown ? "true" : "false"}
      @click=${() => {
        keys.shown = !keys.shown;
        draw();
      }}
    >
      ${say("keys.title")}
    </button>
    ${keys.shown
      ? html`<div class="panel" id="keys">
          <label class="choice">
            <input
              type="checkbox"
              name="keys"
              .checked=${live(keys.on)}
              @change=${(event: Event) => {
                keys.choose((event.target as HTMLInputElement).checked);
                draw();
              }}
            />
            ${say("keys.on")}
          </label>
          <dl class="facts">
            ${MEANINGS.map(([key, meaning]) => html`<dt><kbd>${key}</kbd></dt>
                  <dd>${say(meaning)}</dd>`)}
          </dl>
        </div>`
      : nothing}
  </section>`;
}
