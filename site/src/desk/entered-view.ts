/** A paper that was registered: its number at once, and the sheet for the person at the window in one press. */

import { html, nothing, type TemplateResult } from "lit-html";
import { until } from "lit-html/directives/until.js";
import type { Submitted } from "../draft/submission.ts";
import { moment } from "../frame/moments.ts";
import { nameOf, otherNameOf } from "../frame/organisms.ts";
import { qrPicture } from "../frame/qr-picture.ts";
import { problemWords } from "../frame/problems.ts";
import { phrase, say } from "../frame/words.ts";
import { code, fact, typed } from "./parts.ts";
import type { Entry } from "./entry.ts";
import { mailAddress } from "./place.ts";

let drawn: { readonly number: string; readonly pictures: Promise<TemplateResult> } | undefined;

export function enteredView(entry: Entry, done: Submitted, draw: () => void): TemplateResult {
  const { state, desk, files } = entry;
  const sent = files?.files.filter((row) => row.state === "sent") ?? [];
  const page = (path: "follow" | "verify"): TemplateResult => code(`${location.host}/${state.language}/${path}`);
  return html`<h1 tabindex="-1">${say("entry.done_title")}</h1>
    <div class="good codes">
      <p>${say("receipt.number")}</p>
      <p class="shown"><bdi dir="ltr" class="code large" id="number">${done.number}</bdi></p>
    </div>
    <div class="actions no-print">
      <button type="button" class="main-action" data-action="print" @click=${() => print()}>${say("entry.print")}</button>
      <button
        type="button"
        data-action="next"
        @click=${() => {
          entry.another();
          draw();
        }}
      >
        ${say("entry.another")}
      </button>
      <a class="button" data-inside href=${mailAddress(done.number)}>${say("keys.open")}</a>
    </div>
    <section class="sheet" aria-labelledby="sheet-title">
      <h2 id="sheet-title">${say("entry.sheet")}</h2>
      <dl class="facts">
        ${desk ? fact(say("receipt.organism"), html`<bdi lang=${nameOf(desk).lang}>${nameOf(desk).text}</bdi><br /><bdi lang=${otherNameOf(desk).lang}>${otherNameOf(desk).text}</bdi>`) : nothing}
        ${fact(say("receipt.sent_on"), moment(done.submitted_at))} ${fact(say("entry.channel"), say("entry.at_counter"))}
        ${fact(say("write.subject"), typed(state.values.subject ?? ""))} ${fact(say("mail.files"), String(sent.length))}
        ${fact(say("receipt.follow_up_code"), html`<span id="follow_up_code">${code(done.follow_up_code)}</span>`)}
        ${fact(say("receipt.verification_code"), html`<span id="verification_code">${code(done.verification_code)}</span>`)}
      </dl>
      ${sent.length > 0
        ? html`<h3>${say("mail.digest")} (<bdi dir="ltr">SHA-256</bdi>)</h3>
            <ul class="digests">
              ${sent.map((row) => html`<li>${typed(row.name)}<br />${code(row.sha256 ?? "")}</li>`)}
            </ul>`
        : nothing}
      <p id="how-to-follow">${phrase("entry.how_to_follow", { address: page("follow") })}</p>
      <p id="how-to-verify">${phrase("entry.how_to_verify", { address: page("verify") })}</p>
      <p class="hint">${say("entry.codes_hint")}</p>
      <div class="row">${until(pictures(done), nothing)}</div>
    </section>
    ${file(entry)}`;
}

function pictures(done: Submitted): Promise<TemplateResult> {
  if (drawn?.number !== done.number) {
    const follow = `${location.origin}/suivi#${done.number}/${done.follow_up_code}`;
    const verify = `${location.origin}/verifier#${done.verification_code}`;
    const made = import("../frame/qr-code.ts").then(
      ({ qrPath }) =>
        html`${qrPicture(qrPath(follow), say("receipt.qr_follow"))} ${qrPicture(qrPath(verify), say("receipt.qr_verify"))}`,
    );
    drawn = { number: done.number, pictures: made };
  }
  return drawn.pictures;
}

/** The sealed PDF, as soon as it is made. */
function file({ receipt }: Entry): TemplateResult {
  const state = receipt?.state ?? { name: "making" as const };
  return html`<section class="no-print" aria-labelledby="pdf-title">
    <h2 id="pdf-title">${say("receipt.file_title")}</h2>
    <div role="status">
      ${state.name === "ready"
        ? html`<p>
              <a class="button" data-action="receipt" href=${state.url} rel="noopener noreferrer">${say("receipt.open")}</a>
              ${state.slip ? html`<a class="button" data-action="slip" href=${state.slip} rel="noopener noreferrer">${say("receipt.slip")}</a>` : nothing}
            </p>`
        : html`<p class="hint">${state.name === "fault" ? problemWords(state.problem) : say(state.name === "making" ? "receipt.making" : "receipt.late")}</p>`}
    </div>
  </section>`;
}
