/** What became of the mail: the answer with its files, the reason, or where it went. */

import { html, nothing, type TemplateResult } from "lit-html";
import { inOrder } from "../frame/in-order.ts";
import { moment } from "../frame/moments.ts";
import { say } from "../frame/words.ts";
import { fileLine } from "./files-view.ts";
import type { Following } from "./following.ts";
import { bodyName, code, fact, waits, words, type Part } from "./parts.ts";
import { safeAddress } from "./patience.ts";
import type { AnswerFile, Mail } from "./shapes.ts";

/** Nothing until there is an outcome. */
export function outcomeView(following: Following, { outcome }: Mail): Part {
  if (!outcome) {
    return nothing;
  }
  const there = outcome.redirected_to;
  return html`<section class="good" id="outcome" aria-labelledby="outcome-title">
    <h2 id="outcome-title">${say("follow.outcome")}</h2>
    <p class="hint" id="outcome-at"><time datetime=${outcome.at}>${moment(outcome.at)}</time></p>
    <p class="letter" id="outcome-message" dir="auto">${inOrder(outcome.message)}</p>
    ${outcome.attachments.length
      ? html`<ul class="enclosed" id="outcome-files">
          ${outcome.attachments.map((file) => fileLine(file, download(following, file)))}
        </ul>`
      : nothing}
    ${there
      ? html`<dl class="facts" id="elsewhere">
            ${fact(say("follow.redirected_to"), bodyName(there.name))} ${fact(say("follow.new_number"), code(there.number))}
          </dl>
          <p class="no-print">
            <button
              type="button"
              class="main-action"
              data-action="follow-there"
              aria-disabled=${waits(following)}
              @click=${() => following.followThere()}
            >
              ${say("follow.follow_there")}
            </button>
          </p>`
      : nothing}
  </section>`;
}

/** A link that one presses, fetched ahead: a download begun by a script after an answer is blocked on some telephones. */
function download(following: Following, file: AnswerFile): Part {
  const { filesUntil, wanted } = following.state;
  const id = file.attachment_id;
  const address = filesUntil ? safeAddress(file.url) : "";
  const asked = wanted?.id === id ? wanted.state : null;
  if (address) {
    return html`<p>
      <a class="button" href=${address} rel="noopener noreferrer" data-action="download" data-file=${id}>${named(say("follow.download"), file)}</a>
      ${asked === "ready" ? html`<span class="hint">${say("follow.download_ready")}</span>` : nothing}
    </p>`;
  }
  if (file.reason) {
    return nothing;
  }
  if (file.check !== "clean" && !file.url) {
    return html`<p class="hint">${say("follow.not_yet")}</p>`;
  }
  return html`<p>
      <button
        type="button"
        data-action="prepare-download"
        data-file=${id}
        aria-disabled=${asked === "preparing" ? "true" : "false"}
        @click=${() => void (asked === "preparing" ? undefined : following.mails.prepareFile(id))}
      >
        ${named(say("follow.download_again"), file)}
      </button>
    </p>
    <p role="alert" class=${asked === "failed" ? "wrong" : "unseen"}>${asked === "failed" ? say("follow.no_file") : ""}</p>
    <p role="status" class=${asked === "preparing" ? "hint" : "unseen"}>${asked === "preparing" ? say("follow.preparing_file") : ""}</p>`;
}

function named(action: string, file: AnswerFile): TemplateResult {
  return html`${action} <span class="unseen">${words(file.file_name)}</span>`;
}
