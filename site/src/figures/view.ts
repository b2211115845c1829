/** The published figures on the page: search, charts, table, and why some numbers are missing. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { bars, type Chart } from "../charts/index.ts";
import { bodyName } from "../follow/parts.ts";
import { day, monthName } from "../frame/moments.ts";
import { count, span } from "../frame/numbers.ts";
import { rows } from "../frame/rows.ts";
import { say } from "../frame/words.ts";
import type { Figures, OpenData, Published } from "./published.ts";

/** Organisms in a chart. */
const MOST_BARS = 10;
const HOUR = 3600;

export function openDataView(published: Published): TemplateResult {
  const { data, busy, trouble } = published;
  return html`<h1>${say("figures.title")}</h1>
    <p class="lead">${say("figures.lead")}</p>
    <p role="status" class=${busy ? "notice" : "unseen"}>${busy ? say("figures.loading") : ""}</p>
    <div role="alert">
      ${trouble
        ? html`<div class="errors" id="problem">
            <p>${trouble}</p>
            <button type="button" data-action="retry" @click=${() => void published.look(published.quarter)}>${say("frame.retry")}</button>
          </div>`
        : nothing}
    </div>
    ${data ? (data.period ? edition(published, data, data.period) : html`<p class="notice" id="none">${say("figures.none")}</p>`) : nothing}`;
}

function edition(published: Published, data: OpenData, period: NonNullable<OpenData["period"]>): TemplateResult {
  const { found, shown } = published;
  return html`${quarters(published, data.quarters, period.quarter)}
    <p>${say("figures.period", { first: day(period.from), last: day(period.to) })}. ${say("figures.published")}</p>
    <p class="notice">${say("figures.masked")}</p>
    <p><a class="button" data-action="csv" download href="/v1/open-data.csv?quarter=${period.quarter}">${say("figures.csv")}</a></p>
    <div class="field">
      <label for="q">${say("figures.search")}</label>
      <input
        id="q"
        name="q"
        type="search"
        maxlength="100"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        .value=${live(published.q)}
        @input=${(event: InputEvent) => published.search((event.target as HTMLInputElement).value)}
      />
    </div>
    ${charts(found)}
    <h2 id="figures-title">${say("figures.all")}</h2>
    <p id="found">${say("figures.found", { count: found.length })}. ${say("figures.median")}</p>
    <div id="figures">${found.length ? table(found.slice(0, shown)) : nothing}</div>
    ${found.length > shown
      ? html`<p><button type="button" data-action="more" @click=${() => published.more()}>${say("figures.more")}</button></p>`
      : nothing}`;
}

function quarters(published: Published, all: readonly string[], chosen: string): TemplateResult {
  return html`<div class="field">
    <label for="quarter">${say("figures.quarter")}</label>
    <select id="quarter" name="quarter" @change=${(event: Event) => published.choose((event.target as HTMLSelectElement).value)}>
      ${all.map((quarter) => html`<option value=${quarter} ?selected=${quarter === chosen}>${quarterName(quarter)}</option>`)}
    </select>
  </div>`;
}

/** "juillet à septembre 2026" for "2026-Q3". */
export function quarterName(quarter: string): string {
  const [year = "", number = ""] = quarter.split("-Q");
  const last = 3 * Number(number);
  return say("figures.months", { first: monthName(last - 2), last: monthName(last), year: Number(year) });
}

/** The organisms with the most mail, and how long theirs waits. */
function charts(found: readonly Figures[]): TemplateResult | typeof nothing {
  const largest = found
    .filter((each) => each.received.total !== null)
    .sort((one, other) => (other.received.total ?? 0) - (one.received.total ?? 0))
    .slice(0, MOST_BARS);
  if (!largest.length) {
    return nothing;
  }
  const of = (value: (each: Figures) => number | null): Chart["figures"] =>
    largest.map((each) => ({ label: bodyName(each.name), value: value(each) }));
  return html`${bars({
    id: "by-organism",
    title: say("figures.most"),
    by: say("figures.organism"),
    unit: say("figures.received"),
    figures: of((each) => each.received.total),
  })}
  ${bars({
    id: "by-time",
    title: say("figures.their_times"),
    by: say("figures.organism"),
    unit: say("figures.to_collection"),
    figures: of((each) => each.median_hours_to_collection),
    inWords: hours,
  })}`;
}

function table(shown: readonly Figures[]): TemplateResult {
  return rows(
    say("figures.all"),
    [
      say("figures.organism"),
      say("figures.received"),
      say("figures.online"),
      say("figures.counter"),
      say("figures.answered"),
      say("figures.to_collection"),
      say("figures.to_outcome"),
    ],
    shown.map((each) => [
      bodyName(each.name),
      number(each.received.total),
      number(each.received.online),
      number(each.received.counter),
      number(each.answered),
      each.median_hours_to_collection === null ? hidden() : hours(each.median_hours_to_collection),
      each.median_hours_to_outcome === null ? hidden() : hours(each.median_hours_to_outcome),
    ]),
  );
}

function number(value: number | null): string | TemplateResult {
  return value === null ? hidden() : count(value);
}

function hidden(): TemplateResult {
  return html`<span class="quiet">${say("charts.masked")}</span>`;
}

function hours(value: number): string {
  return span(value * HOUR);
}
