/** The preview of a file, below it in the list of files, with its controls around the frame. */

import { html, nothing, type TemplateResult } from "lit-html";
import { language, say } from "../frame/words.ts";
import { words, type Part } from "./parts.ts";
import { hasPreview, ZOOMS, type Preview, type PreviewState } from "./preview.ts";
import type { FileOfMail } from "./shapes.ts";

/** The button that opens a file's preview. */
export function previewButton(preview: Preview, file: FileOfMail): Part {
  const isOpen = preview.state?.file.attachment_id === file.attachment_id;
  return hasPreview(file)
    ? html`<button
        type="button"
        data-action="preview"
        aria-expanded=${isOpen ? "true" : "false"}
        @click=${() => (isOpen ? preview.close() : void preview.open(file))}
      >
        ${say("preview.open")}<span class="unseen"> ${words(file.file_name)}</span>
      </button>`
    : nothing;
}

/** The preview, where it is this file's. */
export function previewView(preview: Preview, file: FileOfMail): Part {
  const { state } = preview;
  if (state?.file.attachment_id !== file.attachment_id) {
    return nothing;
  }
  const leave = (event: KeyboardEvent): void => (event.key === "Escape" ? preview.close() : undefined);
  return html`<section class="preview no-print" aria-labelledby="preview-title" @keydown=${leave}>
    <h3 id="preview-title" tabindex="-1">${say("preview.title")}</h3>
    <div class="actions">
      ${press(say("preview.close"), "preview-close", true, () => preview.close())}
      ${state.stage === "shown" ? controls(preview, state) : nothing}
    </div>
    <p role="status" class="hint" id="preview-page">${standing(state)}</p>
    ${state.stage === "warned"
      ? html`<div class="notice" role="alert">
          <p>${say("preview.unchecked_warning")}</p>
          ${press(say("preview.open_anyway"), "preview-anyway", true, () => void preview.open(file, true))}
        </div>`
      : nothing}
    <div role="alert">${state.stage === "ended" ? html`<p class="notice" id="preview-ended">${state.words}</p>` : nothing}</div>
    ${state.stage === "opening" || state.stage === "shown"
      ? html`<iframe
          src="/preview/${language}.html"
          sandbox="allow-scripts"
          title=${say("preview.title")}
          referrerpolicy="no-referrer"
          @load=${({ target }: Event) => preview.framed((target as HTMLIFrameElement).contentWindow)}
        ></iframe>`
      : nothing}
  </section>`;
}

function standing({ stage, page, pages, zoom }: PreviewState): string {
  if (stage === "opening") {
    return say("preview.opening");
  }
  const percent = Math.round((ZOOMS[zoom] ?? 1) * 100);
  return stage === "shown" ? `${say("preview.page", { page, pages })} · ${say("preview.zoom", { percent })}` : "";
}

function controls(preview: Preview, { page, pages, zoom }: PreviewState): TemplateResult {
  return html`${pages > 1
    ? html`${press(say("preview.previous"), "preview-previous", page > 1, () => preview.turn(-1))}
      ${press(say("preview.next"), "preview-next", page < pages, () => preview.turn(1))}`
    : nothing}
  ${press(say("preview.smaller"), "preview-smaller", zoom > 0, () => preview.enlarge(-1))}
  ${press(say("preview.larger"), "preview-larger", zoom < ZOOMS.length - 1, () => preview.enlarge(1))}`;
}

/** A button that stays in place where it can do nothing, so that the focus does. */
function press(label: string, action: string, isOpen: boolean, act: () => void): TemplateResult {
  return html`<button type="button" data-action=${action} aria-disabled=${isOpen ? "false" : "true"} @click=${isOpen ? act : nothing}>${label}</button>`;
}
