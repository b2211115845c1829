/** The list of organisms: search, filters, and what is amiss with each. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { say } from "../frame/words.ts";
import type { OrganismsSection } from "./organisms.ts";
import { bodyName, code, inside } from "./parts.ts";
import type { Organism } from "./shapes.ts";

const STATUSES = [null, "active", "suspended"] as const;

export function organismsView(section: OrganismsSection): TemplateResult {
  const { items, total, next } = section;
  return html`<h1>${say("operations.organisms")}</h1>
    <p class="row">
      ${inside({ section: "organism", id: null }, say("operations.new_organism"), { look: "button main-action" })}
      ${inside({ section: "directory" }, say("operations.directory"), { look: "button" })}
    </p>
    <form
      class="search"
      role="search"
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        section.search();
      }}
    >
      <label for="q">${say("choose.search")}</label>
      <p class="hint" id="q-hint">${say("operations.search_hint")}</p>
      <input
        id="q"
        name="q"
        type="search"
        maxlength="100"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        aria-describedby="q-hint"
        .value=${live(section.q)}
        @input=${(event: InputEvent) => section.type((event.target as HTMLInputElement).value)}
      />
    </form>
    <ul class="filters" aria-label=${say("operations.by_status")}>
      ${STATUSES.map(
        (status) =>
          html`<li>
            <button
              type="button"
              data-status=${status ?? "all"}
              aria-pressed=${section.status === status ? "true" : "false"}
              @click=${() => section.filter(status)}
            >
              ${say(`operations.status_${status ?? "all"}`)}
            </button>
          </li>`,
      )}
    </ul>
    ${section.looking.view(total === null ? say("choose.searching") : "")}
    ${total === null ? nothing : html`<p id="found">${say("operations.found", { count: total })}</p>`}
    <ul class="desks organisms">
      ${items.map(line)}
    </ul>
    ${next === null
      ? nothing
      : html`<p><button type="button" data-action="more" @click=${() => section.more()}>${say("choose.more")}</button></p>`}`;
}

function line(organism: Organism): TemplateResult {
  const label = html`${bodyName(organism.name)}
    <span class="where">
      ${code(organism.code)} ${organism.city ? html` · <bdi>${organism.city}</bdi>` : nothing}
      ${organism.is_test ? html` · ${say("operations.is_test")}` : nothing}
    </span>
    ${organism.status === "suspended" ? html`<strong class="flag">✘ ${say("operations.status_suspended")}</strong>` : nothing}
    ${organism.unreachable
      ? html`<strong class="flag">⚠ ${say("operations.unreachable")}</strong>`
      : organism.failing.length
        ? html`<span class="flag">⚠ ${say("operations.failing", { count: organism.failing.length })}</span>`
        : nothing}`;
  return html`<li data-organism=${organism.organism_id}>${inside({ section: "organism", id: organism.organism_id }, label)}</li>`;
}
