/** People and their access: the list, the question before something is done, and the invitation. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { errorSummary } from "../frame/page.ts";
import { say } from "../frame/words.ts";
import { invitationView } from "./invitation-view.ts";
import { code, inside, organismLink, question, type Part } from "./parts.ts";
import type { PeopleSection } from "./people.ts";
import type { Person } from "./shapes.ts";

export function peopleView(section: PeopleSection): TemplateResult {
  const { items, next, organism, done } = section;
  return html`<h1>${say("operations.people")}</h1>
    ${done ? html`<p class="good" id="done" tabindex="-1">${done}</p>` : nothing}
    ${errorSummary(Object.entries(section.faults).map(([name, message]) => ({ id: name, message: named(name, message) })))}
    ${organism === null ? filters(section) : ofOrganism(organism)} ${section.looking.view(say("operations.looking"))}
    ${section.asked ? nothing : section.acting.view(say("operations.working"))}
    ${!items.length && !section.looking.busy ? html`<p>${say("operations.no_person")}</p>` : nothing}
    <ul class="desks people">
      ${items.map((person) => personView(section, person))}
    </ul>
    ${next === null
      ? nothing
      : html`<p><button type="button" data-action="more" @click=${() => section.look(true)}>${say("choose.more")}</button></p>`}
    ${invitationView(section)}`;
}

function ofOrganism(organism: string): TemplateResult {
  return html`<p>${say("operations.agents_of")} ${organismLink(organism)} · ${inside({ section: "people", organism: null }, say("operations.everybody"))}</p>`;
}

function filters(section: PeopleSection): TemplateResult {
  return html`<div class="field">
      <label for="q">${say("operations.find_person")}</label>
      <p class="hint" id="q-hint">${say("operations.find_person_hint")}</p>
      <input
        id="q"
        name="q"
        type="search"
        dir="ltr"
        maxlength="254"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        aria-describedby="q-hint"
        .value=${live(section.q)}
        @input=${(event: InputEvent) => section.search((event.target as HTMLInputElement).value)}
      />
    </div>
    <ul class="filters" aria-label=${say("operations.by_role")}>
      ${[false, true].map(
        (operators) =>
          html`<li>
            <button
              type="button"
              aria-pressed=${section.operators === operators ? "true" : "false"}
              @click=${() => section.onlyOperators(operators)}
            >
              ${say(operators ? "operations.only_operators" : "operations.everybody")}
            </button>
          </li>`,
      )}
    </ul>`;
}

function personView(section: PeopleSection, person: Person): TemplateResult {
  const shutOut = person.state === "shut_out";
  // The service lets operators neither shut themselves out nor do without their own second factor.
  const isYou = section.isYou(person);
  return html`<li class="person" data-person=${person.person_id}>
    <p>
      <strong>${code(person.username)}</strong> ${person.name ? html`<bdi>${person.name}</bdi>` : nothing}
      <span class="where">
        ${isYou ? html`<strong>${say("operations.you")}</strong> · ` : nothing}${person.role ? html`${say(`operations.role_${person.role}`)} · ` : nothing}
        ${person.organism_id ? html`${organismLink(person.organism_id)} · ` : nothing}${say(`operations.state_${person.state}`)} ·
        ${say(person.second_factor ? "operations.factor_set" : "operations.factor_none")}
      </span>
    </p>
    ${section.asked?.person.person_id === person.person_id
      ? questionView(section)
      : html`<div class="row">
          ${shutOut || isYou
            ? nothing
            : html`<button type="button" class="danger" data-action="shut-out" @click=${() => section.ask({ person, act: "shut_out" })}>
                ${say("operations.shut_out")} <span class="unseen">${person.username}</span>
              </button>`}
          ${person.second_factor && !shutOut && !isYou
            ? html`<button type="button" data-action="reset-factor" @click=${() => section.ask({ person, act: "reset_factor" })}>
                ${say("operations.reset_factor")} <span class="unseen">${person.username}</span>
              </button>`
            : nothing}
        </div>`}
  </li>`;
}

function questionView(section: PeopleSection): Part {
  const { asked } = section;
  if (!asked) {
    return nothing;
  }
  const shutsOut = asked.act === "shut_out";
  return html`${section.acting.view(say("operations.working"))}
  ${question({
    id: "person-question",
    title: say(shutsOut ? "operations.shut_out_question" : "operations.reset_question", { address: asked.person.username }),
    means: say(shutsOut ? "operations.shut_out_means" : "operations.reset_means"),
    yes: [say(shutsOut ? "operations.shut_out" : "operations.reset_factor"), () => section.act()],
    no: () => section.ask(null),
    busy: section.acting.busy,
    danger: shutsOut,
  })}`;
}

/** A fault of a field with the field's name; what is said of an organism names it already. */
function named(name: string, message: string): string {
  return name === "email" || name === "name" ? `${say(`operations.person_${name}`)} – ${message}` : message;
}
