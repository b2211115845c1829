/** What stands around the work of somebody who is signed in: who it is, the way out, and the warning before the end. */

import { html, nothing, type TemplateResult } from "lit-html";
import { nameOf } from "../frame/organisms.ts";
import { say } from "../frame/words.ts";
import type { Session } from "./session.ts";

/** The person, the public body, and the button that signs out. */
export function whoView(session: Session): TemplateResult | typeof nothing {
  const { person } = session.state;
  if (!person) {
    return nothing;
  }
  const body = person.organism && nameOf(person.organism);
  return html`<div class="who no-print">
    <p>${body ? html`<bdi lang=${body.lang}>${body.text}</bdi> · ` : nothing}<bdi>${person.name}</bdi></p>
    <button type="button" class="link" data-action="sign-out" @click=${() => session.signOut()}>${say("session.sign_out")}</button>
  </div>`;
}

/** The warning before the session ends by itself. The time is read aloud once, not each second. */
export function warningView(session: Session): TemplateResult | typeof nothing {
  const { endsIn } = session.state;
  if (endsIn === null) {
    return nothing;
  }
  return html`<section class="notice ending" aria-labelledby="ending-title">
    <h2 id="ending-title">${say("session.ending_title")}</h2>
    <p>${say("session.ending", { time: `${Math.floor(endsIn / 60)}:${String(endsIn % 60).padStart(2, "0")}` })}</p>
    <button type="button" class="main-action" data-action="stay" @click=${() => session.stay()}>${say("session.stay")}</button>
  </section>`;
}
