/** Small parts that the operators' sections share. */

import { html, nothing, type TemplateResult } from "lit-html";
import { moment } from "../frame/moments.ts";
import { nameOf } from "../frame/organisms.ts";
import { span } from "../frame/numbers.ts";
import { say } from "../frame/words.ts";
import { addressOf, type Place } from "./address.ts";

export { bodyName, code, fact, type Part } from "../follow/parts.ts";
export { rows as table } from "../frame/rows.ts";

/** A link to another place of these pages, which the page follows without being loaded again. */
export function inside(place: Place, label: unknown, { look = "", current = false } = {}): TemplateResult {
  return html`<a data-inside class=${look || nothing} aria-current=${current ? "page" : nothing} href=${addressOf(place)}>${label}</a>`;
}

/** The link to an organism, by its id. */
export function organismLink(id: string): TemplateResult {
  return inside({ section: "organism", id }, html`<bdi dir="ltr">${id}</bdi>`);
}

/** A name as text, for announcements. */
export function plainName(organism: { readonly name: { readonly fr: string; readonly ar: string } }): string {
  return nameOf(organism).text;
}

/** How long something has waited, and since when. */
export function age(seconds: number, since: string): TemplateResult {
  return html`<strong>${span(seconds)}</strong> <time class="where" datetime=${since}>${moment(since)}</time>`;
}

/** A question before something is done, with what it means. The focus goes to its heading. */
export function question({ id, title, means, yes, no, busy = false, danger = false }: {
  readonly id: string;
  readonly title: string;
  readonly means: string;
  readonly yes: readonly [label: string, act: () => void];
  readonly no: () => void;
  readonly busy?: boolean;
  readonly danger?: boolean;
}): TemplateResult {
  return html`<section class="notice" aria-labelledby=${id}>
    <h2 id=${id} tabindex="-1">${title}</h2>
    <p>${means}</p>
    <button
      type="button"
      class=${danger ? "danger" : "main-action"}
      data-action="sure"
      aria-disabled=${busy ? "true" : "false"}
      @click=${() => !busy && yes[1]()}
    >
      ${yes[0]}
    </button>
    <button type="button" data-action="cancel" @click=${no}>${say("frame.cancel")}</button>
  </section>`;
}
