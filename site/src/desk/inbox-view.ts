/** The inbox: filters with their counts, the search, and the mails. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { repeat } from "lit-html/directives/repeat.js";
import { shortMoment } from "../frame/moments.ts";
import { say } from "../frame/words.ts";
import { addressOf, NO_FILTERS, STATUSES, type Filters } from "./filters.ts";
import type { Inbox } from "./inbox.ts";
import { code, marks, typed } from "./parts.ts";
import { DESK, mailAddress } from "./place.ts";
import type { Counts, Item } from "./shapes.ts";

export interface InboxActs {
  /** Go to the list with these filters. */
  readonly filter: (filters: Filters) => void;
  readonly search: (q: string) => void;
}

export function inboxView(inbox: Inbox, acts: InboxActs): TemplateResult {
  const { state } = inbox;
  return html`<h1>${say("inbox.title")}</h1>
    <search>
      <form class="search" role="search" @submit=${(event: Event) => event.preventDefault()}>
        <label for="q">${say("inbox.search")}</label>
        <p class="hint" id="q-hint">${say("inbox.search_hint")}</p>
        <input
          id="q"
          name="q"
          type="search"
          maxlength="100"
          dir="auto"
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          enterkeyhint="search"
          aria-describedby="q-hint"
          .value=${live(state.filters.q)}
          @input=${(event: InputEvent) => acts.search((event.target as HTMLInputElement).value)}
        />
      </form>
    </search>
    <nav aria-label=${say("inbox.filters")}>
      <ul class="filters">
        ${choices(state.filters, state.counts).map(
          ({ filters, label, count }) => html`<li>
            <a class="button" data-inside href="${DESK}${addressOf(filters)}" aria-current=${isChosen(filters, state.filters) ? "true" : "false"}
              >${label}${count ? html` <span class="count">${count}</span>` : nothing}</a
            >
          </li>`,
        )}
      </ul>
    </nav>
    ${period(state.filters, acts)} ${list(inbox)}`;
}

interface Choice {
  readonly filters: Filters;
  readonly label: string;
  readonly count: string;
}

/** Each choice keeps the period and the search. */
function choices(filters: Filters, counts: Counts | null): Choice[] {
  const kept = { ...NO_FILTERS, from: filters.from, to: filters.to, q: filters.q };
  const count = (name: "submitted" | "unread" | "late" | "collected"): string =>
    counts === null ? "" : `${counts[name]}${counts[name] >= counts.at_most ? "+" : ""}`;
  return [
    { filters: kept, label: say("inbox.all"), count: "" },
    { filters: { ...kept, unread: true }, label: say("inbox.unread"), count: count("unread") },
    { filters: { ...kept, late: true }, label: say("inbox.late"), count: count("late") },
    ...STATUSES.map((status) => ({
      filters: { ...kept, status },
      label: say(`inbox.status_${status}`),
      count: status === "submitted" || status === "collected" ? count(status) : "",
    })),
  ];
}

function isChosen(one: Filters, other: Filters): boolean {
  return one.status === other.status && one.unread === other.unread && one.late === other.late;
}

function period(filters: Filters, acts: InboxActs): TemplateResult {
  const day = (name: "from" | "to", label: string): TemplateResult =>
    html`<div>
      <label for=${name}>${label}</label>
      <input
        id=${name}
        name=${name}
        type="date"
        .value=${live(filters[name])}
        @change=${(event: Event) => acts.filter({ ...filters, [name]: (event.target as HTMLInputElement).value })}
      />
    </div>`;
  return html`<details class="period" ?open=${Boolean(filters.from || filters.to)}>
    <summary>${say("inbox.period")}</summary>
    <div class="row">${day("from", say("inbox.from"))} ${day("to", say("inbox.to"))}</div>
  </details>`;
}

function list(inbox: Inbox): TemplateResult {
  const { state } = inbox;
  if (state.stage === "failed") {
    return html`<div class="errors" role="alert">
      <p>${state.trouble}</p>
      <button type="button" data-action="retry" @click=${() => inbox.read()}>${say("frame.retry")}</button>
    </div>`;
  }
  return html`<p role="status" id="list-state" class=${state.stage === "reading" ? "hint" : "unseen"}>
      ${state.stage === "reading" ? say("inbox.reading") : ""}
    </p>
    ${state.items.length > 0 || state.stage === "reading"
      ? nothing
      : html`<p class="notice" id="no-mail">${say(isChosen(state.filters, NO_FILTERS) && !state.filters.q ? "inbox.none" : "inbox.none_found")}</p>`}
    <ol class="mails" aria-busy=${state.stage === "reading" ? "true" : "false"}>
      ${repeat(
        state.items,
        (item) => item.number,
        (item) => row(inbox, item),
      )}
    </ol>
    ${state.cursor === null
      ? nothing
      : html`<button type="button" data-action="more" aria-disabled=${state.more ? "true" : "false"} @click=${() => void inbox.further()}>
          ${say("inbox.more")}
        </button>`}`;
}

function row(inbox: Inbox, item: Item): TemplateResult {
  const { state } = inbox;
  return html`<li class=${item.unread ? "is-unread" : ""}>
    <a
      data-inside
      data-number=${item.number}
      href=${mailAddress(item.number)}
      aria-current=${state.at === item.number ? "true" : "false"}
      @focus=${() => (state.at = item.number)}
    >
      <span class="subject">${typed(item.subject)}</span>
      ${marks(item, state.fresh.has(item.number))}
      <span class="from">${typed(item.sender.display_name)} · ${say(`write.kind_${item.kind}`)}</span>
      <span class="where"
        >${code(item.number)} · <time datetime=${item.submitted_at}>${shortMoment(item.submitted_at)}</time> · ${say(`inbox.status_${item.status}`)}
        ${item.attachments ? html` · ${say("inbox.attachments", { count: item.attachments })}` : nothing}</span
      >
    </a>
  </li>`;
}
