/** The secret of a second factor, to scan or to type into a program for codes. */

import { html, nothing, type TemplateResult } from "lit-html";
import { until } from "lit-html/directives/until.js";
import { copy } from "../frame/copying.ts";
import { qrPicture } from "../frame/qr-picture.ts";
import { say } from "../frame/words.ts";
import type { Session } from "./session.ts";

/** Drawn once for each secret: the encoder is loaded when it is needed. */
let drawn: { readonly uri: string; readonly picture: Promise<TemplateResult> } | undefined;

export function setupView({ state }: Session): TemplateResult | typeof nothing {
  if (!state.setup) {
    return nothing;
  }
  const { secret, uri } = state.setup;
  if (drawn?.uri !== uri) {
    const picture = import("../frame/qr-code.ts").then(({ qrPath }) => qrPicture(qrPath(uri), say("session.setup_qr")));
    drawn = { uri, picture };
  }
  return html`<ol class="steps">
    <li>${say("session.setup_program")}</li>
    <li>
      ${say("session.setup_scan")}
      <div class="qr-room">${until(drawn.picture, nothing)}</div>
      <p class="hint">${say("session.setup_type")}</p>
      <p class="shown">
        <bdi dir="ltr" class="code" id="secret">${grouped(secret)}</bdi>
        <button type="button" data-action="copy" @click=${() => void copy(secret, say("session.setup_key"), "secret")}>
          ${say("frame.copy")}
        </button>
      </p>
    </li>
    <li>${say("session.setup_code")}</li>
  </ol>`;
}

/** In groups of four, as people copy by hand. */
function grouped(secret: string): string {
  return secret.replace(/(.{4})(?=.)/g, "$1 ");
}
