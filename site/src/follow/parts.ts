/** Small parts that the views of the follow-up page share. */

import { html, nothing, type TemplateResult } from "lit-html";
import { inOrder } from "../frame/in-order.ts";
import { nameOf } from "../frame/organisms.ts";
import { say } from "../frame/words.ts";
import type { Following } from "./following.ts";
import type { Names } from "./shapes.ts";

export type Part = TemplateResult | typeof nothing | "";

/** A number, a code or an address: from left to right in every language. */
export function code(text: string): TemplateResult {
  return html`<bdi dir="ltr" class="code">${text}</bdi>`;
}

/** A text of people in a box of its own: no mark within can turn what stands around it. */
export function words(text: string): TemplateResult {
  return html`<bdi class="words">${inOrder(text)}</bdi>`;
}

/** The name of a public body in the reader's language, with the language that it is in. */
export function bodyName(name: Names): TemplateResult {
  const { text, lang } = nameOf({ name });
  return html`<bdi class="words" lang=${lang}>${text}</bdi>`;
}

/** A line of a list of facts; none where there is nothing to say. */
export function fact(label: string, value: unknown): Part {
  return value ? html`<dt>${label}</dt>
        <dd>${value}</dd>` : nothing;
}

/** What is under way, said to screen readers too. */
export function progress({ state }: Following): TemplateResult {
  const doing = state.busy ? say(state.slow && state.busy === "follow.searching" ? "follow.slow" : state.busy) : "";
  return html`<p role="status" id="progress" class=${doing ? "notice" : "unseen"}>${doing}</p>`;
}

/** What went wrong, and what to do. */
export function trouble({ state }: Following): TemplateResult {
  const known = state.trouble;
  return html`<div role="alert">
    ${known
      ? html`<div class="errors" id="problem">
          <p>${known.message} ${known.byItself ? say("follow.by_itself") : ""}</p>
          ${known.again ? html`<button type="button" data-action="retry" @click=${known.again}>${say("frame.retry")}</button>` : nothing}
        </div>`
      : nothing}
  </div>`;
}

/** Whether a control waits: it stays where the focus is, and a press does nothing. */
export function waits({ state }: Following): "true" | "false" {
  return state.busy ? "true" : "false";
}
