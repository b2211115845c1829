/** The open mail: where it stands, who has it, what comes next, and what was sent. */

import { html, nothing, type TemplateResult } from "lit-html";
import { inOrder } from "../frame/in-order.ts";
import { day, moment } from "../frame/moments.ts";
import { phrase, say, type WordKey } from "../frame/words.ts";
import { codesView } from "./codes-view.ts";
import { attachmentsView } from "./files-view.ts";
import type { Following } from "./following.ts";
import { outcomeView } from "./outcome-view.ts";
import { bodyName, code, fact, progress, trouble, words, type Part } from "./parts.ts";
import { receiptView } from "./receipt-view.ts";
import type { Mail, Sender } from "./shapes.ts";

const EVENTS = new Set([
  ...["started", "submitted", "receipt_issued", "organism_alerted", "sender_informed", "sender_not_informed"],
  ...["collected", "reminded", "answered", "redirected", "rejected"],
]);

/** The whole view; until the mail is there, what is under way. */
export function mailView(following: Following): TemplateResult {
  const { mail, session } = following.state;
  if (!mail) {
    return html`<h1>${say("follow.mail_title")}</h1>
      ${progress(following)} ${trouble(following)} ${closing(following)}`;
  }
  return html`<article id="mail">
    <h1 id="mail-number">${phrase("follow.mail_heading", { number: code(mail.number ?? "") })}</h1>
    ${progress(following)} ${trouble(following)} ${stand(mail)} ${outcomeView(following, mail)} ${receiptView(following)}
    ${historyView(mail)} ${sentView(mail)} ${attachmentsView(mail.attachments)} ${contactView(mail.sender)}
    ${mail.status === "draft" ? nothing : codesView(following)}
    ${session?.link
      ? html`<p class="no-print">
          <button type="button" class="danger" data-action="not-mine" @click=${() => session.link && following.askWhose(session.link)}>
            ${say("follow.not_mine")}
          </button>
        </p>`
      : nothing}
    ${closing(following)}
  </article>`;
}

/** The status in words, who has the mail, what comes next. */
function stand(mail: Mail): TemplateResult {
  const there = mail.outcome?.redirected_to;
  return html`<section class="panel" aria-labelledby="mail-status">
    <h2 class="status" id="mail-status">${say(`follow.status_${mail.status}`)}</h2>
    <p id="mail-now">${say(`follow.now_${mail.status}`)}</p>
    <dl class="facts" id="mail-holder">${fact(say("follow.held_by"), bodyName((there ?? mail.organism).name))}</dl>
    <h3>${say("follow.next")}</h3>
    <p id="mail-next">${say(`follow.next_${mail.status}`)} ${news(mail)}</p>
    ${mail.letter?.kind === "complaint" && mail.status !== "rejected" ? html`<p>${say("follow.complaint")}</p>` : nothing}
    ${reachView(mail.sender)}
  </section>`;
}

/** How the sender will learn what follows, while something does. */
function news({ status, sender }: Mail): string {
  if (status !== "submitted" && status !== "collected") {
    return "";
  }
  return sender?.reachable_by_email || sender?.reachable_by_sms ? say("follow.told_by_message") : say("follow.told_here");
}

/** A sender whom messages do not reach must learn it here: there is no other place. */
function reachView(sender: Sender | null): Part {
  if (!sender || sender.reachable_by_email || (!sender.email && sender.reachable_by_sms)) {
    return nothing;
  }
  return html`<p class="notice" id="reach">${say(sender.reachable_by_sms ? "follow.reach_by_sms" : "follow.reach_none")}</p>`;
}

function historyView(mail: Mail): TemplateResult {
  return html`<section aria-labelledby="history-title">
    <h2 id="history-title">${say("follow.history")}</h2>
    <ol class="timeline" id="mail-history">
      ${mail.history.map(
        (each) =>
          html`<li>
            <strong>${say(EVENTS.has(each.event) ? (`follow.event_${each.event}` as WordKey) : "follow.event_other")}</strong>
            <time datetime=${each.at}>${moment(each.at)}</time>
          </li>`,
      )}
    </ol>
  </section>`;
}

function sentView(mail: Mail): TemplateResult {
  const { letter, redirected_from: from } = mail;
  return html`<section aria-labelledby="details-title">
    <h2 id="details-title">${say("follow.details")}</h2>
    <dl class="facts" id="mail-facts">
      ${fact(say("follow.organism"), bodyName(mail.organism.name))} ${fact(say("follow.subject"), letter && words(letter.subject))}
      ${fact(say("follow.submitted_at"), mail.submitted_at && moment(mail.submitted_at))}
      ${fact(say("follow.channel"), mail.channel === "counter" && say("follow.channel_counter"))}
      ${fact(say("follow.reference"), letter?.reference && words(letter.reference))}
      ${fact(say("follow.dated"), letter?.dated && day(letter.dated))}
      ${fact(say("follow.redirected_from"), from && bodyName(from.name))} ${fact(say("follow.former_number"), from && code(from.number))}
      ${fact(say("follow.verification_code"), mail.verification_code && code(mail.verification_code))}
    </dl>
    ${letter?.body
      ? html`<details>
          <summary>${say("follow.text")}</summary>
          <p class="letter" id="mail-text" dir="auto">${inOrder(letter.body)}</p>
        </details>`
      : nothing}
  </section>`;
}

function contactView(sender: Sender | null): Part {
  const name = sender && ([sender.first_name, sender.last_name].filter(Boolean).join(" ") || (sender.legal_name ?? sender.name));
  if (!sender || !(name || sender.email || sender.phone)) {
    return nothing;
  }
  return html`<section aria-labelledby="contact-title">
    <h2 id="contact-title">${say("follow.contact")}</h2>
    <p class="hint">${say("follow.masked")}</p>
    <dl class="facts" id="mail-contact">
      ${fact(say("follow.name"), name && words(name))} ${fact(say("follow.email"), sender.email && code(sender.email))}
      ${fact(say("follow.phone"), sender.phone && code(sender.phone))}
    </dl>
  </section>`;
}

function closing(following: Following): TemplateResult {
  return html`<p class="hint no-print">${say("follow.close_hint")}</p>
    <div class="actions">
      <button type="button" data-action="close" @click=${() => following.close()}>${say("follow.close")}</button>
      <button type="button" data-action="print" @click=${() => print()}>${say("follow.print")}</button>
    </div>`;
}
