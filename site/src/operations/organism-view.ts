/** The form of one organism, with its names as the receipt prints them. */

import { html, nothing, type TemplateResult } from "lit-html";
import { CATEGORIES } from "../frame/organisms.ts";
import { errorSummary } from "../frame/page.ts";
import { say } from "../frame/words.ts";
import { choice, field, select, tick } from "./controls.ts";
import { reasonOf } from "./failures-view.ts";
import type { Name } from "./organism-fields.ts";
import type { OrganismSection } from "./organism.ts";
import { age, bodyName, code, inside, question, table, type Part } from "./parts.ts";
import { receiptHeading } from "./receipt-heading.ts";

export function organismView(section: OrganismSection): TemplateResult {
  const { found, id, faults } = section;
  const heading = found ? bodyName(found.name) : say(id === null ? "operations.new_organism" : "operations.organism");
  return html`<p>${inside({ section: "organisms", q: "", status: null }, say("operations.all_organisms"))}</p>
    <h1>${heading}</h1>
    ${section.reading.view(say("operations.looking"))} ${doneView(section)}
    ${errorSummary(Object.entries(faults).map(([name, message]) => ({ id: name, message: `${say(`operations.${name as Name}`)} – ${message}` })))}
    ${found ? standing(section) : nothing} ${id === null || found ? form(section) : nothing}`;
}

function doneView({ done, suggestions }: OrganismSection): Part {
  if (done === null) {
    return nothing;
  }
  return html`<div class="good" id="done" tabindex="-1">
    <p>${say(`operations.done_${done}`)}</p>
    ${Object.entries(suggestions).map(
      ([typed, meant]) => html`<p>${say("operations.meant")} ${code(typed)} → ${code(meant)}</p>`,
    )}
  </div>`;
}

/** Whether it takes mail, its addresses that bounce, and what can be done with it. */
function standing(section: OrganismSection): Part {
  const { found, asked } = section;
  if (!found) {
    return nothing;
  }
  const suspended = found.status === "suspended";
  return html`<section class="panel" aria-labelledby="standing">
    <h2 id="standing">${say(`operations.status_${found.status}`)}</h2>
    <p>${say(suspended ? "operations.suspended_means" : "operations.active_means")}</p>
    ${found.failing.length
      ? html`<h3>${say("operations.addresses")}</h3>
          ${found.unreachable ? html`<p class="wrong">${say("operations.unreachable")}</p>` : nothing}
          ${table(
            say("operations.addresses"),
            [say("operations.address"), say("operations.reason"), say("operations.since")],
            found.failing.map((each) => [
              code(each.address),
              reasonOf(each.reason),
              age((Date.now() - new Date(each.since).getTime()) / 1000, each.since),
            ]),
          )}`
      : nothing}
    ${asked
      ? question({
          id: "suspend-title",
          title: say("operations.suspend_question"),
          means: say("operations.suspend_means"),
          yes: [say("operations.suspend"), () => section.turn("suspended")],
          no: () => section.ask(false),
          busy: section.saving.busy,
          danger: true,
        })
      : html`<div class="row">
          ${suspended
            ? html`<button type="button" data-action="resume" @click=${() => section.turn("active")}>${say("operations.resume")}</button>`
            : html`<button type="button" class="danger" data-action="suspend" @click=${() => section.ask(true)}>
                ${say("operations.suspend")}
              </button>`}
          ${inside({ section: "people", organism: found.organism_id }, say("operations.its_people"), { look: "button" })}
        </div>`}
  </section>`;
}

function form(section: OrganismSection): TemplateResult {
  const { found, typed } = section;
  const fixed = found?.code_fixed === true;
  return html`<form
    novalidate
    @submit=${(event: SubmitEvent) => {
      event.preventDefault();
      section.save();
    }}
  >
    ${section.id === null
      ? field(section, "organism_id", { hint: say("operations.organism_id_hint"), latin: true, most: 64 })
      : html`<p class="hint">${say("operations.organism_id")} ${code(section.id)}</p>`}
    ${fixed
      ? html`<p class="hint">${say("operations.code")} ${code(typed.code)} · ${say("operations.code_fixed")}</p>`
      : field(section, "code", { hint: say("operations.code_hint"), latin: true, most: 32 })}
    ${select(
      section,
      "category",
      CATEGORIES.map((category) => [category, say(`send.category_${category}`)]),
    )}
    ${field(section, "name_fr", { lang: "fr", most: 200 })} ${field(section, "name_ar", { lang: "ar", most: 200 })}
    ${receiptHeading(typed.name_fr, typed.name_ar, typed.city)} ${field(section, "city", { most: 200 })}
    ${field(section, "emails", { hint: say("operations.emails_hint"), latin: true, rows: 3 })}
    ${field(section, "phones", { hint: say("operations.phones_hint"), latin: true, rows: 2 })}
    ${choice(section, "language", [
      ["fr", say("operations.language_fr")],
      ["ar", say("operations.language_ar")],
    ])}
    <details ?open=${["max_attachments", "max_attachment_bytes", "after_working_days", "escalate_after_days"].some((name) => name in section.faults)}>
      <summary>${say("operations.limits")}</summary>
      ${field(section, "max_attachments", { digits: true })} ${field(section, "max_attachment_bytes", { digits: true })}
      ${field(section, "after_working_days", { digits: true })} ${field(section, "escalate_after_days", { digits: true })}
      ${tick(section, "sms_to_senders")} ${tick(section, "national_id", say("operations.national_id_hint"))}
      ${fixed ? nothing : tick(section, "is_test", say("operations.is_test_hint"))}
    </details>
    ${found?.webhook ? html`<p class="hint">${say("operations.webhook")} ${code(found.webhook.url)}</p>` : nothing}
    ${section.saving.view(say("operations.saving"))}
    ${section.changed
      ? html`<p><button type="button" data-action="reread" @click=${() => section.read()}>${say("operations.reread")}</button></p>`
      : nothing}
    <div class="actions">
      <button class="main-action" data-action="save" aria-disabled=${section.saving.busy ? "true" : "false"}>
        ${say(section.id === null ? "operations.create" : "operations.save")}
      </button>
    </div>
  </form>`;
}
