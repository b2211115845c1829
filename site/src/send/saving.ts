/** Whether what was typed is kept, always in sight: on the server, on the device, or what has to be done. */

import { html, nothing, type TemplateResult } from "lit-html";
import type { Saving } from "../draft/pushing.ts";
import type { Session } from "../draft/session.ts";
import { clock } from "../frame/moments.ts";
import { say } from "../frame/words.ts";

/** Why the server does not have it, of which the sender can change something; its words come with the further steps. */
export type Missing = (session: Session) => string;

export function savingLine(session: Session, missing: Missing | null, retry: () => void): TemplateResult {
  const { saving } = session;
  const words = savingWords(session, missing);
  const canRetry = (saving.name === "device-only" && saving.why !== "incomplete") || (saving.name === "failed" && saving.part === "mail");
  return html`<div class=${isGood(saving) ? "saving no-print" : "saving warned no-print"} id="saving" data-state=${saving.name}>
    <p>${words}</p>
    ${canRetry ? html`<button type="button" class="link" @click=${retry}>${say("frame.retry")}</button>` : nothing}
  </div>`;
}

function isGood(saving: Saving): boolean {
  return saving.name === "empty" || saving.name === "saved" || saving.name === "saving";
}

/** The state in one or two sentences. */
export function savingWords(session: Session, missing: Missing | null): string {
  const { saving } = session;
  switch (saving.name) {
    case "empty":
      return say("wizard.empty");
    case "saving":
      return say("wizard.saving");
    case "saved":
      return say("wizard.saved", { time: clock(saving.at) });
    case "ended":
      return `${say("wizard.ended_title")}. ${kept(session)}`;
    case "device-only":
      return saving.why === "incomplete"
        ? [kept(session), missing?.(session)].join(" ")
        : `${why(saving.why)} ${kept(session)} ${say("wizard.again")}`;
    case "failed":
      return saving.part === "mail" ? `${saving.problem.detail} ${kept(session)}` : [kept(session), missing?.(session)].join(" ");
  }
}

function why(reason: "offline" | "slow" | "foreign" | "busy"): string {
  switch (reason) {
    case "offline":
      return say("wizard.why_offline");
    case "slow":
      return say("wizard.why_slow");
    case "foreign":
      return say("wizard.why_foreign");
    case "busy":
      return say("wizard.why_busy");
  }
}

function kept({ kept: place }: Session): string {
  switch (place) {
    case "device":
      return say("wizard.kept_device");
    case "tab":
      return say("wizard.kept_tab");
    case "memory":
      return say("wizard.kept_memory");
  }
}
