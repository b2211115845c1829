/** Step 1: the desks, by search, by category, and those used lately. */

import { html, nothing, type TemplateResult } from "lit-html";
import { CATEGORIES, nameOf, type Category, type Organism } from "../frame/organisms.ts";
import { problemWords } from "../frame/problems.ts";
import { language, say, type WordKey } from "../frame/words.ts";
import type { DeskSearch } from "./desk-search.ts";
import { inAppNotice } from "./in-app-notice.ts";

export interface ChooseState {
  readonly search: DeskSearch;
  /** The desks that came with the page: its own element, so that nothing moves when the script is ready. */
  readonly list: Element | null;
  /** The desks as the service lists them, where the page's own list is empty or out of date. */
  readonly listed: readonly Organism[] | null;
  /** Desks used lately on this device, the last one first. */
  readonly recent: readonly Organism[];
  readonly inApp: boolean;
}

const LONGEST_QUERY = 100;

/** The first step. Its links are plain ones; `Choosing` hears when one is pressed. */
export function chooseView(state: ChooseState): TemplateResult {
  const { search } = state;
  const submit = (event: Event): void => {
    event.preventDefault();
    search.now();
  };
  return html`<p class="caption">${say("wizard.step", { step: 1, steps: 4 })}</p>
    <h1>${say("send.title")}</h1>
    <p class="lead">${say("send.intro")}</p>
    ${state.inApp ? inAppNotice() : nothing}
    <form class="search" role="search" action="/${language}/desks" @submit=${submit}>
      <label for="q">${say("choose.search")}</label>
      <p class="hint" id="q-hint">${say("choose.search_hint")}</p>
      <input
        id="q"
        name="q"
        type="search"
        maxlength=${LONGEST_QUERY}
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        enterkeyhint="search"
        aria-describedby="q-hint"
        .value=${search.words}
        @input=${(event: InputEvent) => search.type((event.currentTarget as HTMLInputElement).value)}
      />
    </form>
    ${filters(search)}
    ${search.asked ? results(search) : everyDesk(state)}`;
}

function filters(search: DeskSearch): TemplateResult {
  const one = (category: Category | null, label: string) =>
    html`<li>
      <button type="button" aria-pressed=${search.category === category} @click=${() => search.choose(category)}>
        ${label}
      </button>
    </li>`;
  return html`<ul class="filters" aria-label=${say("choose.by_category")}>
    ${one(null, say("choose.every_category"))}
    ${CATEGORIES.map((each) => one(each, say(`choose.only_${each}`)))}
  </ul>`;
}

function results(search: DeskSearch): TemplateResult {
  const { found, working, fault } = search;
  return html`<section aria-labelledby="desks-title" aria-busy=${working === "search"}>
    <h2 id="desks-title">${say("send.desks")}</h2>
    ${working === "search" ? html`<p class="quiet">${say("choose.searching")}</p>` : nothing}
    ${found && working !== "search" ? html`<p class="quiet">${countWords(found.items.length, found.next !== null)}</p>` : nothing}
    ${found?.items.length ? html`<ul class="desks">${found.items.map(deskLink)}</ul>` : nothing}
    ${found && !found.items.length && working === null ? advice(search) : nothing}
    ${fault === null ? nothing : faultNotice(fault, search)}
    ${found?.next && fault === null
      ? html`<p class="actions">
          <button type="button" aria-disabled=${working === "more"} @click=${() => search.more()}>
            ${working === "more" ? say("choose.searching") : say("choose.more")}
          </button>
        </p>`
      : nothing}
  </section>`;
}

/** "12 public bodies", or that there are more than these. */
export function countWords(shown: number, more: boolean): string {
  if (shown === 0) {
    return say("choose.nothing");
  }
  return more ? say("choose.found_more", { shown }) : say("choose.found", { count: shown });
}

function advice(search: DeskSearch): TemplateResult {
  return html`<ul>
      <li>${say("choose.advice_spelling")}</li>
      <li>${say("choose.advice_names")}</li>
      <li>${say("choose.advice_absent")}</li>
    </ul>
    <p class="actions">
      ${search.category === null
        ? nothing
        : html`<button type="button" @click=${() => search.choose(null)}>${say("choose.search_everywhere")}</button>`}
      <a class="button" href="/${language}/desks">${say("send.all_desks")}</a>
    </p>`;
}

function faultNotice(fault: unknown, search: DeskSearch): TemplateResult {
  return html`<div class="notice">
    <p>${problemWords(fault)}</p>
    ${search.canRetry ? html`<button type="button" @click=${() => search.retry()}>${say("frame.retry")}</button>` : nothing}
  </div>`;
}

function everyDesk(state: ChooseState): TemplateResult {
  return html`${state.recent.length
      ? html`<section aria-labelledby="recent-title">
          <h2 id="recent-title">${say("choose.recent")}</h2>
          <ul class="desks">
            ${state.recent.map(deskLink)}
          </ul>
        </section>`
      : nothing}
    ${state.listed === null ? state.list : grouped(state.listed)}`;
}

function grouped(desks: readonly Organism[]): TemplateResult {
  const groups = CATEGORIES.map((category) => ({ category, within: desks.filter((desk) => desk.category === category) }));
  return html`<section aria-labelledby="desks-title">
    <h2 id="desks-title">${say("send.desks")}</h2>
    ${groups
      .filter(({ within }) => within.length)
      .map(
        ({ category, within }) =>
          html`<h3>${categoryName(category)}</h3>
            <ul class="desks">
              ${within.map(deskLink)}
            </ul>`,
      )}
    <p><a href="/${language}/desks">${say("send.all_desks")}</a></p>
  </section>`;
}

function deskLink(desk: Organism): TemplateResult {
  const name = nameOf(desk);
  return html`<li>
    <a href="/${language}/${desk.organism_id}" data-organism=${desk.organism_id}
      ><bdi lang=${name.lang}>${name.text}</bdi> <span class="where"><bdi dir="ltr">${desk.code}</bdi>${desk.city ? html` · <bdi>${desk.city}</bdi>` : nothing}</span></a
    >
  </li>`;
}

/** A category's name in the plural, as a heading. */
export function categoryName(category: Category): string {
  return say(`send.category_${category}` as WordKey);
}
