/** What all charts share: their figures as a table, which screen readers read and who likes numbers too. */

import { html, nothing, type TemplateResult } from "lit-html";
import { count } from "../frame/numbers.ts";
import { language, say } from "../frame/words.ts";

/** One figure of a chart. */
export interface Figure {
  /** What it counts; a name in another language comes as markup that says so. */
  readonly label: string | TemplateResult;
  /** null: too few to be shown without showing people. */
  readonly value: number | null;
}

export interface Chart {
  /** The figure's id, from which the ids within are made. */
  readonly id: string;
  readonly title: string;
  /** Headings of the table's two columns: what is counted by, and what the numbers are. */
  readonly by: string;
  readonly unit: string;
  readonly figures: readonly Figure[];
  /** A value in words; plain counts unless said. */
  readonly inWords?: (value: number) => string;
}

/** Arabic reads from right to left, and so do its charts. */
export const MIRRORED = language === "ar";

/** A value in words; a masked one says why it has no number. */
export function valueOf(chart: Chart, value: number | null): string {
  return value === null ? say("charts.masked") : (chart.inWords ?? count)(value);
}

/** The figures as a table; `bar` draws something below each name, which screen readers skip. */
export function figures(chart: Chart, bar?: (figure: Figure) => TemplateResult): TemplateResult {
  return html`<table class="figures" aria-labelledby="${chart.id}-title">
    <thead>
      <tr>
        <th scope="col">${chart.by}</th>
        <th scope="col" class="number">${chart.unit}</th>
      </tr>
    </thead>
    <tbody>
      ${chart.figures.map(
        (each) =>
          html`<tr>
            <th scope="row">${each.label} ${bar ? bar(each) : nothing}</th>
            <td class="number">${valueOf(chart, each.value)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** The chart with its title; without a figure, a sentence in its place. */
export function framed(chart: Chart, drawing: () => TemplateResult): TemplateResult {
  return html`<figure class="chart" id=${chart.id} aria-labelledby="${chart.id}-title">
    <figcaption id="${chart.id}-title">${chart.title}</figcaption>
    ${chart.figures.length ? drawing() : html`<p class="hint">${say("charts.none")}</p>`}
  </figure>`;
}
