/** The page of one desk, linked to directly: step 1 is done, or it is said why it cannot be. */

import { html, nothing, type TemplateResult } from "lit-html";
import { Problem, type Ask } from "../api/client.ts";
import MEDIA_TYPES from "../files/media-types.json" with { type: "json" };
import { size } from "../frame/moments.ts";
import { nameOf, otherNameOf, type Organism } from "../frame/organisms.ts";
import { problemWords } from "../frame/problems.ts";
import { language, say } from "../frame/words.ts";
import { inAppNotice } from "./in-app-notice.ts";

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
  /** Begin the letter. */
  readonly next: () => void;
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
export function deskView(state: DeskState, actions: DeskActions, inApp = false): TemplateResult {
  switch (state.name) {
    case "reading":
      return html`<h1>${deskTitle(state)}</h1>
        <p class="quiet">${say("desk.reading")}</p>`;
    case "open":
      return openDesk(state.desk, actions, inApp);
    case "closed":
      return html`<h1>${deskTitle(state)}</h1>
        ${names(state.desk, "p")}
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

function openDesk(desk: OrganismDetails, actions: DeskActions, inApp: boolean): TemplateResult {
  const { national_id, max_attachments, max_attachment_bytes } = desk.accepts;
  return html`<p class="caption">${say("desk.chosen")}</p>
    ${names(desk, "h1")} ${inApp ? inAppNotice() : nothing}
    <h2>${say("desk.what")}</h2>
    <ul>
      <li>${say("desk.text")}</li>
      <li>
        ${max_attachments === 0
          ? say("desk.no_files")
          : say("desk.files", { most: max_attachments, size: size(max_attachment_bytes) })}
      </li>
      ${max_attachments === 0 ? nothing : html`<li>${say("desk.types")} ${types()}</li>`}
    </ul>
    <h2>${say("desk.needed")}</h2>
    <ul>
      <li>${say("desk.contact")}</li>
      ${national_id ? html`<li>${say("desk.national_id")}</li>` : nothing}
      <li>${say("desk.privacy")}</li>
    </ul>
    <div class="actions">
      <button type="button" class="main-action" data-action="next" @click=${actions.next}>${say("desk.write")}</button>
    </div>
    <p><a href="/${language}/" @click=${actions.other ?? nothing}>${say("desk.other")}</a></p>`;
}

function names(desk: OrganismDetails, heading: "h1" | "p"): TemplateResult {
  const name = nameOf(desk);
  const other = otherNameOf(desk);
  const where = html`<p class="where">
    <bdi lang=${other.lang}>${other.text}</bdi><br /><bdi dir="ltr">${desk.code}</bdi>${desk.city
      ? html` · <bdi>${desk.city}</bdi>`
      : nothing}
  </p>`;
  return heading === "h1"
    ? html`<h1><bdi lang=${name.lang}>${name.text}</bdi></h1>
        ${where}`
    : html`<p><bdi lang=${name.lang}>${name.text}</bdi></p>
        ${where}`;
}

function toEveryDesk(actions: DeskActions): TemplateResult {
  return html`<p class="actions">
    <a class="button" href="/${language}/" @click=${actions.other ?? nothing}>${say("desk.every")}</a>
  </p>`;
}

/** "PDF, DOCX, …": the first ending of each type, with the commas of the language. */
function types(): string {
  const endings = new Map(Object.entries(MEDIA_TYPES.endings).reverse().map(([ending, type]) => [type, ending]));
  return [...endings.values()].reverse().map((ending) => ending.toUpperCase()).join(language === "ar" ? "، " : ", ");
}
