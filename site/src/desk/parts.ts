/** Small parts that the views of the desk share. */

import { html, nothing, type TemplateResult } from "lit-html";
import { inOrder } from "../frame/in-order.ts";
import { say } from "../frame/words.ts";
import type { Item } from "./shapes.ts";

export { bodyName, code, fact, words, type Part } from "../follow/parts.ts";

/** A subject or a name: the digits of a telephone number keep their order within an Arabic text. */
export function typed(text: string): TemplateResult {
  const parts = text.split(/(\+?\d[\d ./-]*\d)/);
  return html`<bdi class="words">${parts.map((part, index) => (index % 2 ? html`<bdi dir="ltr">${part}</bdi>` : inOrder(part)))}</bdi>`;
}

/** What sets a mail apart, by shape and by word. */
export function marks(item: Partial<Pick<Item, "unread" | "late" | "channel">>, fresh = false): TemplateResult | typeof nothing {
  if (!fresh && !item.unread && !item.late && item.channel !== "counter") {
    return nothing;
  }
  return html`<span class="marks">
    ${fresh ? html`<span class="mark-new">${say("inbox.new")}</span>` : nothing}
    ${item.unread ? html`<span class="mark-unread">${say("inbox.unread")}</span>` : nothing}
    ${item.late ? html`<span class="mark-late">${say("inbox.late")}</span>` : nothing}
    ${item.channel === "counter" ? html`<span class="mark-counter">${say("inbox.counter")}</span>` : nothing}
  </span>`;
}
