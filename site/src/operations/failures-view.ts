/** What waits for an operator, the most urgent first: with its age, its cause, and who can end it. */

import { html, nothing, type TemplateResult } from "lit-html";
import { day } from "../frame/moments.ts";
import { count } from "../frame/numbers.ts";
import { say, type WordKey } from "../frame/words.ts";
import type { FailuresSection } from "./failures.ts";
import { age, code, organismLink, question, table, type Part } from "./parts.ts";
import type { FailedQueue, Failures, WaitingItem } from "./shapes.ts";

const QUEUES = new Set(["notifications", "webhooks", "receipts", "events"]);
const CAUSES = new Set([
  ...["attempts_spent", "too_old", "unreadable", "retried", "given_up", "no_time_stamp", "no_scan_result"],
  ...["not_scannable", "not_collected"],
]);

export function failuresView(section: FailuresSection): TemplateResult {
  const { found, redriven } = section;
  return html`<h1>${say("operations.failures")}</h1>
    ${redriven === null
      ? nothing
      : html`<p class="good" id="redriven" tabindex="-1">
          ${say("operations.redriven", { count: redriven })} ${say("operations.redriven_then")}
        </p>`}
    ${section.looking.view(found ? "" : say("operations.looking"))} ${found ? all(section, found) : nothing}`;
}

function all(section: FailuresSection, found: Failures): TemplateResult {
  const quiet = !section.failed && !found.waiting.items.length && !found.addresses.items.length && !found.sending.paused;
  return html`${quiet ? html`<p class="good" id="quiet">${say("operations.quiet")}</p>` : nothing}
  ${found.sending.paused ? html`<p class="errors" id="paused">${say("operations.paused")}</p>` : nothing} ${failed(section, found)}
  ${waiting(found)} ${addresses(found)} ${capped(found)} ${sending(found)}
  <div class="actions">
    <button type="button" data-action="refresh" @click=${() => section.look()}>${say("operations.refresh")}</button>
  </div>`;
}

function failed(section: FailuresSection, found: Failures): Part {
  const queues = found.dead_letters.filter((queue) => queue.messages > 0);
  if (!queues.length) {
    return nothing;
  }
  return html`<section aria-labelledby="failed-title">
    <h2 id="failed-title">${say("operations.failed", { count: section.failed })}</h2>
    <p>${say("operations.failed_means")}</p>
    ${section.redriving.view(say("operations.redriving"))}
    ${section.asked
      ? question({
          id: "redrive-title",
          title: say("operations.redrive_question", { count: section.failed }),
          means: say("operations.redrive_means"),
          yes: [say("operations.redrive_sure"), () => section.redrive()],
          no: () => section.ask(false),
          busy: section.redriving.busy,
        })
      : html`<p>
          <button type="button" class="main-action" data-action="redrive" @click=${() => section.ask(true)}>
            ${say("operations.redrive")}
          </button>
        </p>`}
    ${queues.map(queueView)}
  </section>`;
}

function queueView(queue: FailedQueue): TemplateResult {
  const name = QUEUES.has(queue.queue) ? say(`operations.queue_${queue.queue}` as WordKey) : queue.queue;
  return html`<h3>${name} <span class="quiet">${say("operations.messages", { count: queue.messages })}</span></h3>
    ${table(
      name,
      [say("operations.age"), say("operations.cause"), say("operations.concerns")],
      queue.sample.map((each) => [
        age(each.age_seconds, each.since),
        causeOf(each.cause),
        code(each.mail_id ?? each.webhook_id ?? each.notification_id ?? each.function ?? "–"),
      ]),
    )}
    ${queue.messages > queue.sample.length ? html`<p class="hint">${say("operations.sample")}</p>` : nothing}`;
}

function causeOf(cause: string): string | TemplateResult {
  return CAUSES.has(cause) ? say(`operations.cause_${cause}` as WordKey) : code(cause);
}

function waiting(found: Failures): Part {
  const kinds = found.waiting.kinds.filter((kind) => kind.count > 0);
  if (!kinds.length) {
    return nothing;
  }
  return html`<section id="waiting" aria-labelledby="waiting-title">
    <h2 id="waiting-title">${say("operations.waiting")}</h2>
    ${kinds.map((kind) => {
      const name = say(`operations.kind_${kind.kind.toLowerCase()}` as WordKey);
      const items = found.waiting.items.filter((item) => item.kind === kind.kind);
      return html`<h3>
          ${name}
          <span class="quiet">${say(kind.more ? "operations.mails_more" : "operations.mails", { count: kind.count })}</span>
        </h3>
        ${items.length ? waitingTable(name, items) : nothing}`;
    })}
  </section>`;
}

function waitingTable(name: string, items: readonly WaitingItem[]): TemplateResult {
  return table(
    name,
    [say("operations.mail"), say("operations.organism"), say("operations.age"), say("operations.cause"), say("operations.acts")],
    items.map((item) => [
      code(item.number ?? item.mail_id ?? "–"),
      item.organism_id ? organismLink(item.organism_id) : "–",
      age(item.age_seconds, item.since),
      causeOf(item.cause),
      say(`operations.acts_${item.acts}`),
    ]),
  );
}

function addresses(found: Failures): Part {
  const { items, more } = found.addresses;
  if (!items.length) {
    return nothing;
  }
  return html`<section aria-labelledby="addresses-title">
    <h2 id="addresses-title">${say("operations.addresses")}</h2>
    <p>${say("operations.addresses_means")}</p>
    ${table(
      say("operations.addresses"),
      [say("operations.organism"), say("operations.address"), say("operations.reason"), say("operations.since")],
      items.map((item) => [
        html`${organismLink(item.organism_id)}
        ${item.unreachable ? html`<strong class="wrong">${say("operations.unreachable")}</strong>` : nothing}`,
        code(item.address),
        reasonOf(item.reason),
        age((Date.now() - new Date(item.since).getTime()) / 1000, item.since),
      ]),
    )}
    ${more ? html`<p class="hint">${say("operations.more_addresses")}</p>` : nothing}
  </section>`;
}

const REASONS = new Set([
  ...["bounce", "complaint", "mailbox_full", "put_off", "undetermined", "rejected", "delayed"],
  ...["not_mobile", "country", "sms_off", "opted_out", "number_refused"],
]);

/** Why an address rejects messages, in words. */
export function reasonOf(reason: string): string | TemplateResult {
  return REASONS.has(reason) ? say(`operations.reason_${reason}` as WordKey) : code(reason);
}

function capped(found: Failures): Part {
  if (!found.capped.length) {
    return nothing;
  }
  return html`<section aria-labelledby="capped-title">
    <h2 id="capped-title">${say("operations.capped")}</h2>
    <p>${say("operations.capped_means")}</p>
    ${table(
      say("operations.capped"),
      [say("operations.day"), say("operations.organism"), say("operations.channel"), say("operations.withheld")],
      found.capped.map((each) => [
        day(each.day),
        organismLink(each.organism_id),
        say(each.channel === "sms" ? "operations.channel_sms" : "operations.channel_email"),
        count(each.messages),
      ]),
    )}
  </section>`;
}

function sending({ sending: { sent, bounced, complained } }: Failures): TemplateResult {
  return html`<section aria-labelledby="sending-title">
    <h2 id="sending-title">${say("operations.sending")}</h2>
    <p>${say("operations.sending_counts", { sent: count(sent), bounced: count(bounced), complained: count(complained) })}</p>
  </section>`;
}
