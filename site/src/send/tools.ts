/** Beside the steps: whose the device is, erasing it, and going on with a phone. */

import { html, nothing, type TemplateResult } from "lit-html";
import { eraseAll } from "../draft/browser.ts";
import type { Snapshot } from "../draft/device.ts";
import { linkFor } from "../draft/handover.ts";
import type { Parts, Session } from "../draft/session.ts";
import { copy } from "../frame/copying.ts";
import { focusOn } from "../frame/page.ts";
import type { QrPath } from "../frame/qr-code.ts";
import { qrPicture } from "../frame/qr-picture.ts";
import { language, say } from "../frame/words.ts";

export interface Page {
  readonly parts: Parts;
  readonly session: () => Session | null;
  readonly changed: () => void;
  /** Everything was erased: leave what was shown of it. */
  readonly erased: () => void;
  /** The erasure was undone. */
  readonly restored: () => void;
}

/** How long an erasure can be undone (ms): the next person at this device must not find it. */
const UNDO = 15_000;

type Phone = { readonly name: "not-saved" } | { readonly name: "shown"; readonly link: string; readonly code: QrPath };

export class Tools {
  readonly #page: Page;
  #phone: Phone | null = null;
  #undo: { readonly snapshot: Snapshot; readonly cancel: () => void } | null = null;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Said after an erasure, for as long as it can be undone. */
  erasedNotice(): TemplateResult | typeof nothing {
    if (this.#undo === null) {
      return nothing;
    }
    return html`<div class="good" id="erased" role="status" tabindex="-1">
      <p>${say("wizard.erased")}</p>
      <button type="button" @click=${() => void this.#restore()}>${say("wizard.undo")}</button>
    </div>`;
  }

  view(): TemplateResult {
    const { parts, session } = this.#page;
    const { shared } = parts.device;
    const writing = session();
    return html`<section class="tools no-print" aria-labelledby="tools-title">
      <h2 id="tools-title">${say("wizard.tools")}</h2>
      ${shared === null
        ? nothing
        : html`<p>
            ${shared ? say("wizard.is_shared") : say("wizard.is_own")}
            <button type="button" class="link" @click=${() => void this.#choose(!shared)}>${say("wizard.shared_change")}</button>
          </p>`}
      ${writing?.sent !== null
        ? nothing
        : html`<p>
            <button type="button" data-action="phone" aria-expanded=${this.#phone === null ? "false" : "true"} @click=${() => void this.#showPhone(writing)}>
              ${say("wizard.phone")}
            </button>
          </p>`}
      ${this.#phone === null || writing?.sent !== null ? nothing : this.#phonePanel(this.#phone, writing)}
      <p class="hint" id="erase-hint">${say("wizard.erase_hint")}</p>
      <p>
        <button type="button" class="danger" data-action="erase" aria-describedby="erase-hint" @click=${() => void this.#erase()}>
          ${say("wizard.erase")}
        </button>
      </p>
    </section>`;
  }

  async #choose(shared: boolean): Promise<void> {
    const { parts, session, changed } = this.#page;
    const writing = session();
    await (writing === null ? parts.device.choose(shared) : writing.choose(shared));
    changed();
    focusOn("h1");
  }

  /**
   * One press erases, as one must be able to do in a hurry; it can be undone for some seconds, in this page alone. A
   * question before it would be pressed away by habit, and would stop who needs it most.
   */
  async #erase(): Promise<void> {
    const { parts, erased, changed } = this.#page;
    this.#undo?.cancel();
    this.#phone = null;
    const snapshot = await parts.device.snapshot();
    await eraseAll(parts);
    const cancel = parts.clock.after(UNDO, () => {
      this.#undo = null;
      changed();
    });
    this.#undo = { snapshot, cancel };
    erased();
    focusOn("#erased");
  }

  async #restore(): Promise<void> {
    const undo = this.#undo;
    this.#undo = null;
    if (undo !== null) {
      undo.cancel();
      await this.#page.parts.device.restore(undo.snapshot);
      this.#page.restored();
    }
  }

  async #showPhone(session: Session): Promise<void> {
    if (this.#phone !== null) {
      this.#phone = null;
      this.#page.changed();
      return;
    }
    await session.settle();
    const mail = session.draft.mail.value;
    if (mail === null || !session.has("letter")) {
      this.#phone = { name: "not-saved" };
    } else {
      const link = linkFor(location.origin, language, mail);
      const { qrPath } = await import("../frame/qr-code.ts");
      this.#phone = { name: "shown", link, code: qrPath(link) };
      await session.handOver();
    }
    this.#page.changed();
    focusOn("#phone-title");
  }

  #phonePanel(phone: Phone, { values }: Session): TemplateResult {
    if (phone.name === "not-saved") {
      return html`<p class="notice" id="phone-title" tabindex="-1">${say("wizard.phone_not_saved")}</p>`;
    }
    return html`<div class="panel" role="group" aria-labelledby="phone-title">
      <h3 id="phone-title" tabindex="-1">${say("wizard.phone_title")}</h3>
      <p>${say("wizard.phone_how")}</p>
      ${qrPicture(phone.code, say("wizard.phone_qr"))}
      <p>${say("wizard.phone_secret")}</p>
      ${values.national_id ? html`<p>${say("wizard.phone_id")}</p>` : nothing}
      <button type="button" @click=${() => void copy(phone.link, say("wizard.phone_link"))}>${say("wizard.phone_copy")}</button>
    </div>`;
  }
}
