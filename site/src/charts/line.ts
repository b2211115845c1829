/** A chart of one line over time, from the first day to the last in the direction of reading. */

import { html, svg, type TemplateResult } from "lit-html";
import { say } from "../frame/words.ts";
import { ceiling, height, pieces, places } from "./scale.ts";
import { figures, framed, MIRRORED, valueOf, type Chart, type Figure } from "./table.ts";

/** Above this many points a mark on each would hide the line. */
const MOST_MARKS = 62;
/** Longer tables stay closed until they are asked for. */
const MOST_ROWS = 12;

/** A chart whose names are plain words, such as days. */
export interface Course extends Chart {
  readonly figures: readonly (Figure & { readonly label: string })[];
}

/** Draw it. A day whose figure is masked interrupts the line. */
export function line(chart: Course): TemplateResult {
  return framed(chart, () => {
    const known = chart.figures.flatMap(({ value }) => (value === null ? [] : [value]));
    const most = ceiling(known);
    const points = places(
      chart.figures.map(({ value }) => value),
      most,
      MIRRORED,
    );
    // A lone point has no line, and is seen all the same.
    const marks = points.length <= MOST_MARKS ? points : points.filter((_, at) => !points[at - 1] && !points[at + 1]);
    return html`<svg class="line" role="img" focusable="false" aria-label=${summary(chart)}>
        ${ticks(most).map((tick) => level(chart, tick, most))}
        ${pieces(points).map(
          ([from, to]) => svg`<line class="piece" x1="${from.x}%" y1="${from.y}%" x2="${to.x}%" y2="${to.y}%"></line>`,
        )}
        ${marks.map((mark) => (mark ? svg`<circle cx="${mark.x}%" cy="${mark.y}%" r="3.5"></circle>` : ""))}
      </svg>
      <p class="ends" aria-hidden="true"><span>${chart.figures[0]?.label}</span><span>${chart.figures.at(-1)?.label}</span></p>
      ${chart.figures.length > MOST_ROWS
        ? html`<details>
            <summary>${say("charts.as_table")}</summary>
            ${figures(chart)}
          </details>`
        : figures(chart)}`;
  });
}

/** The line in a sentence: its first and last day, and its highest. */
export function summary(chart: Course): string {
  const [first] = chart.figures;
  const last = chart.figures.at(-1);
  const peak = chart.figures.reduce<Course["figures"][number] | undefined>(
    (best, each) => ((each.value ?? -1) > (best?.value ?? -1) ? each : best),
    undefined,
  );
  const period = say("charts.period", { title: chart.title, first: first?.label ?? "", last: last?.label ?? "" });
  return peak === undefined || peak.value === null
    ? period
    : `${period} ${say("charts.peak", { value: valueOf(chart, peak.value), at: peak.label })}`;
}

/** The numbers that stand beside the drawing; counts have no halves. */
function ticks(most: number): number[] {
  return most % 2 ? [0, most] : [0, most / 2, most];
}

function level(chart: Chart, tick: number, most: number): unknown {
  const y = height(tick, most);
  return svg`<line class="level" x1="0" x2="100%" y1="${y}%" y2="${y}%"></line>
    ${tick ? svg`<text x=${MIRRORED ? "100%" : "0"} y="${y}%" dy="-4">${valueOf(chart, tick)}</text>` : ""}`;
}
