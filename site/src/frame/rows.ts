/** Tables that fit a telephone. */

import { html, type TemplateResult } from "lit-html";

/**
 * A table whose rows become cards in a narrow window, each cell with its column's name. The roles stand there in words,
 * since a browser forgets that a table is one once it is drawn otherwise.
 */
export function rows(label: string, columns: readonly string[], lines: readonly (readonly unknown[])[]): TemplateResult {
  return html`<table class="rows" role="table" aria-label=${label}>
    <thead>
      <tr role="row">
        ${columns.map((column) => html`<th role="columnheader" scope="col">${column}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${lines.map(
        (line) =>
          html`<tr role="row">
            ${line.map((cell, index) => html`<td role="cell" data-label=${columns[index] ?? ""}>${cell}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}
