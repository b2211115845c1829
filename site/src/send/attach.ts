/** The attachments: one press chooses a file and sends it; each row says what becomes of it. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { ACCEPT, checkInWords, noteInWords, percentOf, type QueuedFile, stateInWords } from "../files/index.ts";
import { size } from "../frame/moments.ts";
import { say } from "../frame/words.ts";
import type { Attaching } from "./attaching.ts";

export function attachments(files: Attaching, update: () => void): TemplateResult | typeof nothing {
  const { max_attachments, max_attachment_bytes } = files.desk.accepts;
  if (max_attachments === 0) {
    return nothing;
  }
  const drag = (over: boolean) => (event: DragEvent): void => {
    event.preventDefault();
    files.isDraggedOver = over;
    update();
  };
  const drop = (event: DragEvent): void => {
    drag(false)(event);
    void files.add(event.dataTransfer?.files ?? []);
  };
  return html`<section
    class=${files.isDraggedOver ? "attach panel over" : "attach panel"}
    aria-labelledby="attach-title"
    @dragover=${drag(true)}
    @dragleave=${drag(false)}
    @drop=${drop}
  >
    <h2 id="attach-title">${say("attach.title")}${html` <span class="optional">(${say("frame.optional")})</span>`}</h2>
    <p class="hint" id="attach-hint">
      ${say("attach.limits", { most: max_attachments, size: size(max_attachment_bytes) })} ${say("attach.hint")}
      <span class="pointer-only">${say("attach.drop")}</span>
    </p>
    ${fileList(files)} ${total(files)}
    <div class="actions">
      ${chooser({ id: "files", label: say("attach.add"), input: say("attach.input"), action: "add-file", accept: ACCEPT, many: true }, (chosen) => void files.add(chosen))}
      ${chooser({ id: "photo", label: say("attach.camera"), input: say("attach.camera_input"), accept: "image/*", camera: true }, (chosen) => void files.add(chosen))}
      ${files.pages === null
        ? html`<button type="button" @click=${() => files.collectPages(true)}>${say("attach.pages")}</button>`
        : nothing}
    </div>
    <label class="choice" for="smaller"
      ><input
        type="checkbox"
        id="smaller"
        .checked=${files.makesSmaller}
        @change=${(event: Event) => (files.makesSmaller = (event.currentTarget as HTMLInputElement).checked)}
      /><span>${say("attach.smaller")}</span></label
    >
    ${files.pages === null ? nothing : pageCollector(files, files.pages)}
  </section>`;
}

interface Chooser {
  readonly id: string;
  readonly label: string;
  /** The input's own name, for those who reach it without the button. */
  readonly input: string;
  readonly accept: string;
  readonly action?: string;
  readonly many?: boolean;
  readonly camera?: boolean;
}

/** A button with its input of type file. The press itself opens the chooser: iOS blocks one that is opened later. */
function chooser(part: Chooser, chosen: (files: readonly File[]) => void): TemplateResult {
  const open = (event: Event): void =>
    (event.currentTarget as HTMLElement).parentElement?.querySelector<HTMLInputElement>("input")?.click();
  const changed = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement;
    const files = [...(input.files ?? [])];
    // The same file may be chosen again, once it was changed.
    input.value = "";
    chosen(files);
  };
  return html`<span class=${part.camera === true ? "chooser touch-only" : "chooser"}>
    <button type="button" id=${part.action ?? nothing} data-action=${part.action ?? nothing} aria-describedby="attach-hint" @click=${open}>${part.label}</button>
    <input
      class="unseen"
      type="file"
      id=${part.id}
      tabindex="-1"
      aria-label=${part.input}
      accept=${part.accept}
      capture=${part.camera === true ? "environment" : nothing}
      ?multiple=${part.many === true}
      @change=${changed}
    />
  </span>`;
}

function fileList(files: Attaching): TemplateResult | typeof nothing {
  if (files.files.length === 0) {
    return nothing;
  }
  return html`<ul class="files">
    ${repeat(
      files.files,
      (row) => row.key,
      (row) => html`<li id=${row.key} tabindex="-1">${fileRow(files, row)}</li>`,
    )}
  </ul>`;
}

function fileRow(files: Attaching, row: QueuedFile): TemplateResult {
  const { name } = row;
  const isMoving = row.state === "hashing" || row.state === "sending";
  const isWrong = row.state === "failed" || row.state === "missing" || row.check === "refused";
  const check = checkInWords(row);
  const isDone = ["sent", "failed", "missing"].includes(row.state);
  return html`<p class="file-name"><bdi>${name}</bdi> <span class="quiet">${size(row.size)}</span></p>
    <p class=${isWrong ? "wrong" : "file-state"}>${stateInWords(row)}</p>
    ${isMoving
      ? html`<progress max="100" value=${percentOf(row)} aria-label=${say("attach.progress", { name })}></progress>`
      : nothing}
    ${row.note ? html`<p class="hint">${noteInWords(row.note)}</p>` : nothing}
    ${check ? html`<p class=${row.check === "refused" ? "wrong" : "hint"}>${check}</p>` : nothing}
    <p class="file-actions">
      ${files.queue.canRetry(row)
        ? html`<button type="button" class="link" aria-label=${say("attach.retry_name", { name })} @click=${() => files.queue.retry(row.key)}>
            ${say("frame.retry")}
          </button>`
        : nothing}
      ${row.state === "removing"
        ? nothing
        : html`<button
            type="button"
            class="link"
            aria-label=${isDone ? say("attach.remove_name", { name }) : say("attach.cancel_name", { name })}
            @click=${(event: Event) => remove(files, row, event)}
          >
            ${isDone ? say("attach.remove") : say("attach.cancel")}
          </button>`}
    </p>`;
}

/** The focus goes to the button that adds files: the one that was pressed is gone. */
function remove(files: Attaching, row: QueuedFile, event: Event): void {
  const section = (event.currentTarget as HTMLElement).closest("section");
  files.queue.remove(row.key);
  section?.querySelector<HTMLElement>('[data-action="add-file"]')?.focus();
}

function total({ queue }: Attaching): TemplateResult | typeof nothing {
  const { files, sentFiles, bytes, sentBytes } = queue.total;
  if (files === 0) {
    return nothing;
  }
  return html`<p class="total">
    <span>${say("attach.total", { sent: sentFiles, files })}</span>
    ${sentFiles < files && files > 1
      ? html`<progress max=${Math.max(bytes, 1)} value=${sentBytes} aria-label=${say("attach.progress_all")}></progress>`
      : nothing}
  </p>`;
}

function pageCollector(files: Attaching, pages: readonly File[]): TemplateResult {
  return html`<div class="pages-collector" role="group" aria-label=${say("attach.pages")}>
    <p class="hint">${say("attach.pages_hint")}</p>
    ${files.pagesFault === null ? nothing : html`<p class="wrong">${files.pagesFault}</p>`}
    <ol class="files">
      ${pages.map(
        (page, index) =>
          html`<li>
            <p class="file-name"><bdi>${page.name}</bdi> <span class="quiet">${size(page.size)}</span></p>
            <button
              type="button"
              class="link"
              aria-label=${say("attach.remove_name", { name: say("attach.page", { number: index + 1, name: page.name }) })}
              @click=${() => files.removePage(index)}
            >
              ${say("attach.remove")}
            </button>
          </li>`,
      )}
    </ol>
    <div class="actions">
      ${chooser({ id: "pages", label: say("attach.pages_add"), input: say("attach.pages_input"), accept: "image/*", many: true }, (chosen) => files.addPages(chosen))}
      ${pages.length > 0
        ? html`<button type="button" class="main-action" @click=${() => void files.joinPages()}>
            ${say("attach.pages_make", { count: pages.length })}
          </button>`
        : nothing}
      <button type="button" @click=${() => files.collectPages(false)}>${say("frame.cancel")}</button>
    </div>
  </div>`;
}
