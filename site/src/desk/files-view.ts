/** The files of a mail: what the check says of each, its download and preview, and the warning before an unchecked one. */

import { html, nothing, type TemplateResult } from "lit-html";
import { size } from "../frame/moments.ts";
import { say } from "../frame/words.ts";
import type { MailKeeper } from "./mail.ts";
import { code, words, type Part } from "./parts.ts";
import type { Preview } from "./preview.ts";
import { previewButton, previewView } from "./preview-view.ts";
import type { FileOfMail, Mail } from "./shapes.ts";

export function filesView(keeper: MailKeeper, preview: Preview, mail: Mail): TemplateResult {
  return html`<section aria-labelledby="files-title">
      <h2 id="files-title">${say("mail.files")}</h2>
      ${mail.attachments.length > 0 ? list(keeper, preview, mail.attachments, "mail-files") : html`<p class="hint">${say("mail.no_files")}</p>`}
    </section>
    ${mail.outcome && mail.answer_attachments.length > 0
      ? html`<section aria-labelledby="answer-files-title">
          <h2 id="answer-files-title">${say("mail.answer_files")}</h2>
          ${list(keeper, preview, mail.answer_attachments, "answer-files")}
        </section>`
      : nothing}`;
}

function list(keeper: MailKeeper, preview: Preview, files: readonly FileOfMail[], id: string): TemplateResult {
  return html`<ul class="enclosed" id=${id}>
    ${files.map(
      (file) => html`<li data-check=${file.check} data-file=${file.attachment_id}>
        <strong>${words(file.file_name)}</strong>
        <span class="hint">${size(file.size)}</span>
        <p class=${file.check === "refused" ? "wrong" : "hint"}><b>${say(`mail.check_${file.check}`)}</b> ${file.reason ?? ""}</p>
        ${file.warnings.length > 0 ? html`<p class="notice">${say("mail.active_content")}</p>` : nothing}
        ${download(keeper, preview, file)} ${previewView(preview, file)}
        <details class="no-print">
          <summary>${say("mail.digest")}</summary>
          <p class="digest">${code(file.sha256)}</p>
        </details>
      </li>`,
    )}
  </ul>`;
}

function download(keeper: MailKeeper, preview: Preview, file: FileOfMail): Part {
  if (file.check === "refused" || file.check === "pending") {
    return nothing;
  }
  const fetched = keeper.state.fetched.get(file.attachment_id);
  const name = html` <span class="unseen">${words(file.file_name)}</span>`;
  const press = (label: string, action: string, accepted: boolean): TemplateResult =>
    html`<button
      type="button"
      data-action=${action}
      aria-disabled=${fetched?.state === "preparing" ? "true" : "false"}
      @click=${() => void (fetched?.state === "preparing" ? undefined : keeper.fetch(file, accepted))}
    >
      ${label}${name}
    </button>`;
  return html`<div class="file-acts no-print">
    ${fetched?.state === "warned"
      ? html`<div class="notice" role="alert">
          <p>${say("mail.unchecked_warning")}</p>
          ${press(say("mail.download_anyway"), "download-anyway", true)}
        </div>`
      : press(say("mail.download"), "download", file.check === "unchecked" && fetched !== undefined)}
    ${previewButton(preview, file)}
    <p role="status" class=${fetched?.state === "preparing" ? "hint" : "unseen"}>
      ${fetched?.state === "preparing" ? say("mail.preparing") : fetched?.state === "ready" ? say("mail.downloading") : ""}
    </p>
    ${fetched?.state === "failed" ? html`<p class="wrong" role="alert">${fetched.words}</p>` : nothing}
  </div>`;
}
