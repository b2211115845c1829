/** The statistics of a public body: charts with their tables, and the figures as a file. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { bars, every, line } from "../charts/index.ts";
import { count, span } from "../frame/numbers.ts";
import { problemWords } from "../frame/problems.ts";
import { say, type WordKey } from "../frame/words.ts";
import type { Around } from "./around.ts";
import { csvOf, lastDays, MOST_DAYS, periodOf, USUAL_DAYS, type Period } from "./figures.ts";
import { STATUSES } from "./filters.ts";
import type { Way } from "./inbox-part.ts";
import type { DeskPart } from "./part.ts";
import { fact } from "./parts.ts";
import { DESK } from "./place.ts";
import type { Statistics } from "./shapes.ts";

const KINDS = ["request", "complaint", "information", "invoice", "reply", "other"] as const;
const CHANNELS = ["online", "counter"] as const;
const SPANS = [7, USUAL_DAYS, 90, MOST_DAYS - 1] as const;

export class StatisticsPart implements DeskPart {
  readonly #around: Around;
  readonly #way: Way;
  #period: Period = { from: "", to: "" };
  #found: Statistics | null = null;
  #trouble = "";
  #call = new AbortController();

  constructor(around: Around, way: Way) {
    this.#around = around;
    this.#way = way;
  }

  title(): string {
    return say("figures.title");
  }

  wrong(): boolean {
    return false;
  }

  tick(): void {
    // Figures of days: they are read when the part is opened.
  }

  press(): void {
    // Single keys are for mails.
  }

  leave(): void {
    this.#call.abort();
  }

  wake(): void {
    const period = periodOf(this.#way.query(), this.#around.now());
    if (period.from !== this.#period.from || period.to !== this.#period.to) {
      this.#found = null;
    }
    this.#period = period;
    void this.#read();
  }

  async #read(): Promise<void> {
    this.#call.abort();
    this.#call = new AbortController();
    const { signal } = this.#call;
    const { from, to } = this.#period;
    this.#trouble = "";
    this.#around.draw();
    try {
      this.#found = (await this.#around.ask<Statistics>("GET", `/v1/inbox/statistics?from=${from}&to=${to}`, { signal })).body;
    } catch (error) {
      this.#trouble = signal.aborted ? "" : problemWords(error);
    }
    this.#around.draw();
  }

  view(): TemplateResult {
    return html`<h1>${say("figures.title")}</h1>
      ${this.#choice()}
      ${this.#trouble
        ? html`<div class="errors" role="alert">
            <p>${this.#trouble}</p>
            <button type="button" data-action="retry" @click=${() => void this.#read()}>${say("frame.retry")}</button>
          </div>`
        : nothing}
      <p role="status" class=${this.#found || this.#trouble ? "unseen" : "hint"}>${this.#found || this.#trouble ? "" : say("inbox.reading")}</p>
      ${this.#found ? this.#figures(this.#found) : nothing}`;
  }

  #choice(): TemplateResult {
    const day = (name: keyof Period, label: string): TemplateResult =>
      html`<div>
        <label for=${name}>${label}</label>
        <input
          id=${name}
          name=${name}
          type="date"
          required
          .value=${live(this.#period[name])}
          @change=${(event: Event) => this.#go({ ...this.#period, [name]: (event.currentTarget as HTMLInputElement).value })}
        />
      </div>`;
    return html`<nav class="no-print" aria-label=${say("inbox.period")}>
        <ul class="filters">
          ${SPANS.map((days) => {
            const period = lastDays(days, this.#around.now());
            const chosen = period.from === this.#period.from && period.to === this.#period.to;
            return html`<li>
              <a class="button" data-inside href=${addressOf(period)} aria-current=${chosen ? "true" : "false"}>${say("figures.last", { count: days })}</a>
            </li>`;
          })}
        </ul>
      </nav>
      <div class="row no-print">${day("from", say("inbox.from"))} ${day("to", say("inbox.to"))}</div>`;
  }

  #go(period: Period): void {
    if (period.from && period.to) {
      this.#way.go(addressOf(period));
    }
  }

  #figures(found: Statistics): TemplateResult {
    const unit = say("figures.unit");
    const chart = (id: string, title: string, by: string, names: readonly string[], counts: Readonly<Record<string, number>>): TemplateResult =>
      bars({ id, title, by, unit, figures: names.map((name) => ({ label: labelOf(id, name), value: counts[name] ?? 0 })) });
    return html`<section class="panel" aria-labelledby="sums-title">
        <h2 id="sums-title">${say("figures.sums")}</h2>
        <dl class="facts" id="sums">
          ${fact(say("figures.total"), count(found.total))}
          ${fact(say("figures.to_collection"), inWords(found.median_seconds_to_collection))}
          ${fact(say("figures.to_outcome"), inWords(found.median_seconds_to_outcome))}
        </dl>
        <p class="hint">${say("figures.median")}</p>
      </section>
      ${chart("by_status", say("figures.by_status"), say("figures.status"), STATUSES, found.by_status)}
      ${chart("by_kind", say("figures.by_kind"), say("write.kind"), KINDS, found.by_kind)}
      ${chart("by_channel", say("figures.by_channel"), say("figures.channel"), CHANNELS, found.by_channel)}
      ${line({ id: "by_day", title: say("figures.by_day"), by: say("figures.day"), unit, figures: every(found.by_day, this.#period.from, this.#period.to) })}
      <div class="actions">
        <button type="button" data-action="export" @click=${() => this.#export(found)}>${say("figures.export")}</button>
        <button type="button" data-action="print" @click=${() => print()}>${say("mail.print")}</button>
      </div>`;
  }

  #export(found: Statistics): void {
    const of = (name: string): string => {
      const [group = "", each = ""] = name.split(".");
      return labelOf(group, each);
    };
    const text = csvOf(found, { day: say("figures.day"), total: say("figures.total"), of });
    const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = `${this.#around.organism()}-${this.#period.from}-${this.#period.to}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }
}

function addressOf({ from, to }: Period): string {
  return `${DESK}statistics?from=${from}&to=${to}`;
}

function labelOf(group: string, name: string): string {
  if (group === "by_status") {
    return say(`inbox.status_${name}` as WordKey);
  }
  return group === "by_kind" ? say(`write.kind_${name}` as WordKey) : say(`figures.channel_${name}` as WordKey);
}

function inWords(seconds: number | null): string {
  return seconds === null ? say("figures.none") : span(seconds);
}
