/** Texts of people, in the order in which they were written. */

import { html, type TemplateResult } from "lit-html";

/**
 * A text of people whose marks of direction stand alone in boxes: they stay, for who copies the text, and turn nothing.
 * With them, `\u202etxt.exe` would be read "exe.txt".
 */
export function inOrder(text: string): (string | TemplateResult)[] {
  return text.split(/([\u202a-\u202e\u2066-\u2069])/).map((part, index) => (index % 2 ? html`<span class="mark">${part}</span>` : part));
}
