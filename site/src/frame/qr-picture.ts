/** A QR code on a page. */

import { html, svg, type TemplateResult } from "lit-html";
import type { QrPath } from "./qr-code.ts";

/** The code with what it does below it. Dark on white also where the page is dark: not every reader takes the reverse. */
export function qrPicture(code: QrPath, label: string): TemplateResult {
  return html`<figure class="qr">
    ${svg`<svg viewBox="0 0 ${code.side} ${code.side}" role="img" aria-label=${label} shape-rendering="crispEdges">
      <path fill="#fff" d="M0 0h${code.side}v${code.side}H0z"></path><path fill="#000" d=${code.path}></path>
    </svg>`}
    <figcaption>${label}</figcaption>
  </figure>`;
}
