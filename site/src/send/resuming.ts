/** Coming back: the mail that was begun on this device, or handed over by another one. */

import { html, nothing, type TemplateResult } from "lit-html";
import { passes } from "../api/client.ts";
import type { Draft } from "../draft/draft.ts";
import { draftFrom, handedIn } from "../draft/handover.ts";
import type { MailView } from "../draft/pushing.ts";
import type { Parts } from "../draft/session.ts";
import { clock } from "../frame/moments.ts";
import { nameOf } from "../frame/organisms.ts";
import { problemWords } from "../frame/problems.ts";
import { language, phrase, say } from "../frame/words.ts";
import type { Place } from "./surroundings.ts";

/** "Go on with your letter to … (14:02)", for each mail that was begun. */
export function drafts(begun: readonly Draft[], parts: Parts, open: (organism_id: string) => void): TemplateResult | typeof nothing {
  if (begun.length === 0) {
    return nothing;
  }
  const goOn = (event: Event, draft: Draft): void => {
    event.preventDefault();
    void parts.device.setCurrent(draft.id).then(() => open(draft.organism.organism_id));
  };
  return html`<section class="panel" id="drafts" aria-labelledby="drafts-title">
    <h2 id="drafts-title">${say("wizard.drafts")}</h2>
    <ul>
      ${begun.map((draft) => {
        const name = nameOf(draft.organism);
        return html`<li>
          <a href="/${language}/${draft.organism.organism_id}#${draft.step}" @click=${(event: Event) => goOn(event, draft)}
            >${phrase("wizard.go_on", {
              organism: html`<bdi lang=${name.lang}>${name.text}</bdi>`,
              time: clock(draft.saved_at),
            })}</a
          >
        </li>`;
      })}
    </ul>
  </section>`;
}

/**
 * The mail that a link from another device opens, kept on this one; where it was sent already, its number is known
 * then. `null` where the link opens nothing: `show` said so, and the sender went on.
 */
export async function continued(
  fragment: string,
  parts: Parts,
  show: (view: TemplateResult) => void,
): Promise<{ organism_id: string; place: Place } | null> {
  const handed = handedIn(fragment);
  if (handed === null) {
    return null;
  }
  for (;;) {
    show(html`<h1>${say("wizard.continue_reading")}</h1>`);
    try {
      const { body } = await parts.ask<MailView>("GET", `/v1/mails/${handed.mail_id}`, { token: handed.access_token });
      const known = (await parts.device.drafts()).find((draft) => draft.mail.value?.mail_id === handed.mail_id);
      const draft = known ?? draftFrom(body, handed, parts.newId(), parts.clock.now());
      if (known === undefined) {
        await parts.device.save(draft);
      }
      await parts.device.setCurrent(draft.id);
      return { organism_id: draft.organism.organism_id, place: body.status === "draft" ? "write" : "review" };
    } catch (error) {
      if (!(await asksAgain(error, show))) {
        return null;
      }
    }
  }
}

/** Says what went wrong, until the sender tries again or goes on without. */
function asksAgain(error: unknown, show: (view: TemplateResult) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const canPass = passes(error);
    show(html`<h1>${say("send.title")}</h1>
      <div class="notice" role="alert">
        <p>${canPass ? problemWords(error) : say("wizard.continue_failed")}</p>
        ${canPass ? html`<button type="button" @click=${() => resolve(true)}>${say("frame.retry")}</button>` : nothing}
        <button type="button" @click=${() => resolve(false)}>${say("desk.every")}</button>
      </div>`);
  });
}
