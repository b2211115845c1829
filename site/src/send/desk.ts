/** One desk, linked to directly: step 1 is done, or it is said why it cannot be. */

import { html, nothing, type TemplateResult } from "lit-html";
import { Problem, type Ask } from "../api/client.ts";
import { nameOf, otherNameOf, type Organism } from "../frame/organisms.ts";
import { problemWords } from "../frame/problems.ts";
import { language, say } from "../frame/words.ts";

export interface OrganismDetails extends Organism {
  readonly status: "active" | "suspended";
  readonly accepts: {
    readonly national_id: boolean;
    readonly max_attachments: number;
    /** Of each file, in bytes. */
    readonly max_attachment_bytes: number;
  };
  readonly privacy_notice: { readonly version: string; readonly fr: string; readonly ar: string; readonly en: string };
}

export type DeskState =
  | { readonly name: "reading" }
  | { readonly name: "open" | "closed"; readonly desk: OrganismDetails }
  | { readonly name: "unknown" }
  | { readonly name: "fault"; readonly fault: unknown };

export interface DeskActions {
  /** Ask again after a fault. */
  readonly retry: () => void;
  /** Back to all desks; the link works without it. */
  readonly other?: (event: MouseEvent) => void;
}

const ID = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;

/** The id in a desk's address, `/{lang}/{organism_id}`; `null` on any other page. */
export function deskInAddress(path: string): string | null {
  const [, last] = /^\/(?:ar|fr|en)\/([^/]+)\/?$/.exec(path) ?? [];
  return last === undefined ? null : last.toLowerCase();
}

/** Whether these are all details of a desk: a letter keeps those of the desk that it was begun at. */
export function isDetailed(organism: object): organism is OrganismDetails {
  return "accepts" in organism && "privacy_notice" in organism;
}

/** Read a desk. Every answer becomes a state of the page. */
export async function readDesk(ask: Ask, organism_id: string, cache: "default" | "no-store" = "default"): Promise<DeskState> {
  if (!ID.test(organism_id)) {
    return { name: "unknown" };
  }
  try {
    const { body } = await ask<OrganismDetails>("GET", `/v1/organisms/${organism_id}`, { cache });
    return { name: body.status === "suspended" ? "closed" : "open", desk: body };
  } catch (error) {
    return error instanceof Problem && error.status === 404 ? { name: "unknown" } : { name: "fault", fault: error };
  }
}

/** The heading of the page, which is also its title. */
export function deskTitle(state: DeskState): string {
  switch (state.name) {
    case "open":
      return nameOf(state.desk).text;
    case "closed":
      return say("desk.closed_title");
    case "unknown":
      return say("desk.unknown_title");
    default:
      return say("send.title");
  }
}

/** The page of one desk in any of its states. */
export function deskView(state: DeskState, actions: DeskActions): TemplateResult {
  switch (state.name) {
    // Once it is open, the letter is written in its place.
    case "open":
    case "reading":
      return html`<h1>${deskTitle(state)}</h1>
        <p class="quiet">${say("desk.reading")}</p>`;
    case "closed":
      return html`<h1>${deskTitle(state)}</h1>
        ${names(state.desk)}
        <p class="notice">${say("desk.closed")}</p>
        ${toEveryDesk(actions)}`;
    case "unknown":
      return html`<h1>${deskTitle(state)}</h1>
        <p>${say("desk.unknown")}</p>
        ${toEveryDesk(actions)}`;
    case "fault":
      return html`<h1>${deskTitle(state)}</h1>
        <div class="notice" role="alert">
          <p>${problemWords(state.fault)}</p>
          <button type="button" @click=${actions.retry}>${say("frame.retry")}</button>
        </div>
        ${toEveryDesk(actions)}`;
  }
}

function names(desk: OrganismDetails): TemplateResult {
  const name = nameOf(desk);
  const other = otherNameOf(desk);
  return html`<p><bdi lang=${name.lang}>${name.text}</bdi></p>
    <p class="where">
      <bdi lang=${other.lang}>${other.text}</bdi><br /><bdi dir="ltr">${desk.code}</bdi>${desk.city
        ? html` · <bdi>${desk.city}</bdi>`
        : nothing}
    </p>`;
}

function toEveryDesk(actions: DeskActions): TemplateResult {
  return html`<p class="actions">
    <a class="button" href="/${language}/" @click=${actions.other ?? nothing}>${say("desk.every")}</a>
  </p>`;
}
