/** The heading of a receipt: French on the left and Arabic on the right, in every language, as it is printed. */

import { html, nothing, type TemplateResult } from "lit-html";
import { inOrder } from "../frame/in-order.ts";
import { say } from "../frame/words.ts";

/** The two names as they are typed so far, below the Kingdom's. */
export function receiptHeading(french: string, arabic: string, city: string): TemplateResult {
  return html`<figure class="heading" id="receipt-heading" aria-labelledby="receipt-heading-title">
    <figcaption id="receipt-heading-title">${say("operations.printed")}</figcaption>
    <div class="sheet" dir="ltr">
      ${half("fr", "ltr", "Royaume du Maroc", french, city)} ${half("ar", "rtl", "المملكة المغربية", arabic, "")}
    </div>
  </figure>`;
}

function half(lang: "fr" | "ar", dir: "ltr" | "rtl", kingdom: string, name: string, city: string): TemplateResult {
  return html`<p lang=${lang} dir=${dir}>
    ${kingdom}<br /><strong>${name.trim() ? inOrder(name.trim()) : "…"}</strong>
    ${city.trim() ? html`<br /><bdi>${inOrder(city.trim())}</bdi>` : nothing}
  </p>`;
}
