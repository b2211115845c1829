/** The invitation of a person: an agent of one organism, or an operator. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { say } from "../frame/words.ts";
import { bodyName, code } from "./parts.ts";
import type { Invited, PeopleSection } from "./people.ts";

const ROLES = ["agent", "operator"] as const;

export function invitationView(section: PeopleSection): TemplateResult {
  const { invited } = section;
  return html`<section class="panel" aria-labelledby="invite-title">
    <h2 id="invite-title">${say("operations.invite_title")}</h2>
    <p>${say("operations.invite_means")}</p>
    <form
      novalidate
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        section.invite();
      }}
    >
      ${text(section, "email", "ltr")} ${text(section, "name", "auto")}
      <fieldset>
        <legend>${say("operations.role")}</legend>
        ${ROLES.map(
          (role) =>
            html`<label class="choice">
              <input
                type="radio"
                name="role"
                value=${role}
                .checked=${live(invited.role === role)}
                @change=${() => section.type("role", role)}
              />
              ${say(`operations.role_${role}`)}
            </label>`,
        )}
      </fieldset>
      ${invited.role === "agent" ? organism(section) : nothing}
      <div class="actions">
        <button class="main-action" data-action="invite" aria-disabled=${section.acting.busy ? "true" : "false"}>
          ${say("operations.invite")}
        </button>
      </div>
    </form>
  </section>`;
}

function text(section: PeopleSection, name: "email" | "name", direction: "ltr" | "auto"): TemplateResult {
  const wrong = section.faults[name];
  return html`<div class="field">
    <label for=${name}>${say(`operations.person_${name}`)}</label>
    ${wrong ? html`<p class="wrong" id="${name}-wrong">${wrong}</p>` : nothing}
    <input
      id=${name}
      name=${name}
      type="text"
      inputmode=${name === "email" ? "email" : "text"}
      dir=${direction}
      autocomplete="off"
      autocapitalize="none"
      spellcheck="false"
      aria-describedby=${wrong ? `${name}-wrong` : nothing}
      aria-invalid=${wrong ? "true" : "false"}
      .value=${live(section.invited[name])}
      @input=${(event: InputEvent) => section.type(name, (event.target as HTMLInputElement).value)}
    />
  </div>`;
}

/** The organism of an agent: that of the address, or one that is looked for by its name. */
function organism(section: PeopleSection): TemplateResult {
  if (section.organism !== null) {
    return html`<p>${say("operations.organism")} ${code(section.organism)}</p>`;
  }
  const wrong: Invited["organism_id"] | undefined = section.faults.organism_id;
  return html`<div class="field">
      <label for="organism_id">${say("choose.search")}</label>
      ${wrong ? html`<p class="wrong" id="organism_id-wrong">${wrong}</p>` : nothing}
      <input
        id="organism_id"
        type="search"
        maxlength="100"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        aria-describedby=${wrong ? "organism_id-wrong" : nothing}
        aria-invalid=${wrong ? "true" : "false"}
        @input=${(event: InputEvent) => section.find((event.target as HTMLInputElement).value)}
      />
    </div>
    ${section.finding.view(say("choose.searching"))}
    ${section.desks.length
      ? html`<fieldset>
          <legend>${say("operations.organism")}</legend>
          ${section.desks.map(
            (desk) =>
              html`<label class="choice">
                <input
                  type="radio"
                  name="organism_id"
                  value=${desk.organism_id}
                  .checked=${live(section.invited.organism_id === desk.organism_id)}
                  @change=${() => section.type("organism_id", desk.organism_id)}
                />
                <span>${bodyName(desk.name)} <span class="where">${code(desk.code)}</span></span>
              </label>`,
          )}
        </fieldset>`
      : nothing}`;
}
