/** A chart of bars: one row for each thing counted, with its number and its bar. */

import { html, svg, type TemplateResult } from "lit-html";
import { ceiling, share } from "./scale.ts";
import { figures, framed, MIRRORED, type Chart, type Figure } from "./table.ts";

/**
 * The bars stand in the rows of the table itself: names of any length break into lines, also at 320 pixels or magnified,
 * and a bar stays below its name. A masked figure has a hatched stub in place of a bar.
 */
export function bars(chart: Chart): TemplateResult {
  const whole = ceiling(known(chart.figures));
  return framed(chart, () => figures(chart, ({ value }) => bar(chart.id, value, whole)));
}

function known(all: readonly Figure[]): number[] {
  return all.flatMap(({ value }) => (value === null ? [] : [value]));
}

function bar(id: string, value: number | null, whole: number): TemplateResult {
  const width = value === null ? 4 : share(value, whole);
  const start = MIRRORED ? 100 - width : 0;
  return html`<svg class="bar" focusable="false" aria-hidden="true">
    ${value === null ? hatch(id) : ""}
    ${width
      ? svg`<rect x="${start}%" y="0" width="${width}%" height="100%" fill=${value === null ? `url(#${id}-hatch)` : "currentColor"}></rect>`
      : ""}
  </svg>`;
}

/** Lines for a figure that is not shown: a shape, since not everybody tells colours apart. */
function hatch(id: string): unknown {
  return svg`<pattern id="${id}-hatch" width="6" height="6" patternUnits="userSpaceOnUse">
    <path d="M0 6 6 0" stroke="currentColor" stroke-width="1.5"></path>
  </pattern>`;
}
