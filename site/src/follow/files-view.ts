/** Files with what the security check says of them. */

import { html, nothing, type TemplateResult } from "lit-html";
import { size } from "../frame/moments.ts";
import { say } from "../frame/words.ts";
import { words, type Part } from "./parts.ts";
import type { Attachment } from "./shapes.ts";

type Shown = Pick<Attachment, "file_name" | "size" | "check" | "reason">;

/** The sender's own files. */
export function attachmentsView(files: readonly Attachment[]): TemplateResult {
  return html`<section aria-labelledby="attachments-title">
    <h2 id="attachments-title">${say("follow.attachments")}</h2>
    ${files.length
      ? html`<ul class="enclosed" id="mail-attachments">
          ${files.map((file) => fileLine(file, checkView(file)))}
        </ul>`
      : html`<p id="mail-attachments">${say("follow.no_attachments")}</p>`}
  </section>`;
}

/** A file: its name whole, its size, why it is not clean and what to do. */
export function fileLine(file: Shown, more: unknown): TemplateResult {
  const bad = file.check === "refused" || file.check === "unchecked";
  return html`<li data-check=${file.check}>
    <strong>${words(file.file_name)}</strong>
    <span class="hint">${size(file.size)}</span>
    ${file.reason
      ? html`<p class=${file.check === "refused" ? "wrong" : "hint"}>
          ${bad ? html`<b>${say(`follow.check_${file.check}`)}</b><br />` : nothing} ${file.reason}
        </p>`
      : nothing}
    ${more}
  </li>`;
}

function checkView(file: Shown): Part {
  if (file.check === "pending" || file.check === "clean") {
    return html`<span class="hint check">${say(`follow.check_${file.check}`)}</span>`;
  }
  return nothing;
}
