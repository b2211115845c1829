/** What happened to a mail, and who of the public body looked at it. */

import { html, type TemplateResult } from "lit-html";
import { moment } from "../frame/moments.ts";
import { say, type WordKey } from "../frame/words.ts";
import { words } from "./parts.ts";
import type { Mail } from "./shapes.ts";

const EVENTS = new Set([
  ...["started", "submitted", "receipt_issued", "organism_alerted", "sender_informed", "sender_not_informed"],
  ...["collected", "reminded", "answered", "redirected", "rejected"],
]);

export function historyView(mail: Mail): TemplateResult {
  const names = new Map([...mail.attachments, ...mail.answer_attachments].map((file) => [file.attachment_id, file.file_name]));
  return html`<section aria-labelledby="history-title">
      <h2 id="history-title">${say("mail.history")}</h2>
      <ol class="timeline" id="mail-history">
        ${mail.history.map((each) =>
          line(say(EVENTS.has(each.event) ? (`mail.event_${each.event}` as WordKey) : "mail.event_other"), each.by, each.at),
        )}
      </ol>
    </section>
    <details id="accesses">
      <summary>${say("mail.accesses", { count: mail.accesses.length })}</summary>
      <ol class="timeline">
        ${mail.accesses.map((each) => {
          const name = names.get(each.attachment_id ?? "");
          const done = html`${say(`mail.access_${each.action}`)}${name ? html` ${words(name)}` : ""}${each.unchecked
            ? html` (${say("mail.access_unchecked")})`
            : ""}`;
          return line(done, each.by, each.at);
        })}
      </ol>
    </details>`;
}

function line(what: unknown, by: string | null, at: string): TemplateResult {
  return html`<li>
    <strong>${what}</strong>
    ${by ? html`<bdi>${by}</bdi> · ` : ""}<time datetime=${at}>${moment(at)}</time>
  </li>`;
}
