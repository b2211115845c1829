/** The wizard: one mail's steps on one page, each behind its fragment, with what is kept of them. */

import { html, nothing, type TemplateResult } from "lit-html";
import type { Sent } from "../draft/device.ts";
import type { Draft, Step } from "../draft/draft.ts";
import type { FieldName } from "../draft/names.ts";
import { type Parts, Session } from "../draft/session.ts";
import { laterWords } from "../frame/later-words.ts";
import { announce, errorSummary, type FieldError, focusOn, title } from "../frame/page.ts";
import { problemWords } from "../frame/problems.ts";
import { language, say } from "../frame/words.ts";
import type { Attaching } from "./attaching.ts";
import { type Arrival, draftFor } from "./beginning.ts";
import type { Form } from "./controls.ts";
import { type OrganismDetails, readDesk } from "./desk.ts";
import { inAppNotice } from "./in-app-notice.ts";
import type { ReceiptStep } from "./receipt-step.ts";
import { savingLine, savingWords } from "./saving.ts";
import { sharedQuestion } from "./shared-question.ts";
import type { Submitting } from "./submitting.ts";
import { goneView, heading, missingPart, notices, type Place, placeIn, recipient, sentView, STEPS } from "./surroundings.ts";
import type { Tools } from "./tools.ts";
import { letterFields } from "./write.ts";

/** What the page around the wizard does. */
export interface Around {
  readonly parts: Parts;
  /** What is loaded after the letter, or why it is not there. */
  readonly aside: () => { readonly tools: Tools | null; readonly fault: unknown };
  readonly isInApp: boolean;
  readonly changed: () => void;
  /** To all desks. */
  readonly leave: () => void;
  /** Another mail to the same desk. */
  readonly again: () => void;
}

/** How long (ms) "continue" waits: for the API's opinion, without which one goes on, and for the further steps. */
const PATIENCE = 4_000;

interface Later extends Omit<typeof import("./later.ts"), "default"> {
  readonly files: Attaching;
  readonly submitting: Submitting;
}

export class Wizard {
  readonly session: Session;
  #later: Later | null = null;
  readonly #around: Around;
  #desk: OrganismDetails;
  #place: Place;
  #isResumed: boolean;
  #wrong: ReadonlyMap<FieldName, string> = new Map();
  #summary: readonly FieldError[] = [];
  #isWaiting = false;
  #noticeChanged = false;
  /** Addresses of which the sender said that they are right. */
  readonly #decided = new Set<string>();
  #receipt: ReceiptStep | null = null;
  #isReceiptOpened = false;
  #isKept = false;
  /** Whether it was said aloud that text is not saved. */
  #isBad = false;
  #isClosed = false;
  /** The address that a suggestion was asked about. */
  #askedAbout: string | null = null;
  /** Why the further steps are not there. */
  #fault: unknown = null;
  #loading: Promise<void> | null = null;
  #seenView: unknown = null;

  private constructor(around: Around, desk: OrganismDetails, draft: Draft, isResumed: boolean) {
    this.#around = around;
    this.#desk = desk;
    this.#isResumed = isResumed;
    this.#place = placeIn(location.hash);
    const spoken = draft.mail.value === null ? { ...draft, language } : draft;
    this.session = new Session(around.parts, spoken, () => this.#sessionChanged());
  }

  static async open(around: Around, desk: OrganismDetails, arrival: Arrival): Promise<Wizard> {
    const { draft, isResumed } = await draftFor(around.parts, desk, arrival);
    await around.parts.device.setCurrent(draft.id).catch(() => undefined);
    const wizard = new Wizard(around, desk, draft, isResumed);
    await wizard.session.recall();
    const { sent } = wizard.session;
    const kept = sent === null ? [] : await around.parts.device.keptSent().catch(() => []);
    wizard.#isKept = kept.some(({ number }) => number === sent?.number);
    // The first field takes letters before the rest is there.
    const loaded = wizard.#load();
    if (wizard.#place !== "write") {
      await loaded;
    }
    return wizard;
  }

  /** A part of the script that does not come is asked for again when the page wakes. */
  #load(): Promise<void> {
    this.#loading ??= this.#loadLater().finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async #loadLater(): Promise<void> {
    const cancel = this.#around.parts.clock.after(PATIENCE, () => this.session.stayApart("slow"));
    try {
      const [parts] = await Promise.all([import("./later.ts"), laterWords()]);
      if (!this.#isClosed) {
        this.#take(parts);
      }
    } catch (error) {
      this.#fault = error;
      this.session.stayApart("offline");
    }
    cancel();
    this.#around.changed();
  }

  #take(parts: typeof import("./later.ts")): void {
    this.session.connect(parts.Server);
    const files = new parts.Attaching(this.session, this.#desk, () => {
      submitting.filesChanged();
      this.#around.changed();
    });
    const submitting: Submitting = new parts.Submitting({
      session: this.session,
      files,
      refuse: (errors) => this.#refuse(new Map(), errors),
      sent: () => void this.#sent(),
      changed: this.#around.changed,
    });
    this.#later = { ...parts, files, submitting };
    this.#fault = null;
  }

  /** Bring to the server what is typed, as its sender asks for now. */
  async #save(): Promise<void> {
    await (this.#later === null ? this.#load() : this.session.settle());
  }

  /** Browsers do not ask again for a part that failed once; what was typed is kept. */
  async #reload(): Promise<void> {
    await this.leave();
    location.reload();
  }

  /** The fragment changed: by a press, by "back" or by hand. */
  arrive(): void {
    const place = placeIn(location.hash);
    if (place === this.#place) {
      return;
    }
    this.#place = place;
    this.#forgetErrors();
    this.#around.changed();
    scrollTo(0, 0);
    focusOn("h1");
  }

  close(): void {
    this.#isClosed = true;
    this.session.close();
    this.#later?.files.close();
    this.#receipt?.end();
  }

  /** The page is left, perhaps for good. */
  leave(): Promise<void> {
    return this.session.leave();
  }

  /** The page is seen again, or the network is back. */
  wake(): void {
    void this.session.wake();
    if (this.#later === null) {
      void this.#load();
    } else {
      this.#later.files.queue.wake();
      this.#later.files.refresh();
    }
  }

  setTitle(): void {
    title(this.#heading(), this.#summary.length > 0);
  }

  view(): TemplateResult {
    const { sent, gone } = this.session;
    if (gone) {
      return goneView();
    }
    if (sent !== null) {
      return this.#place === "receipt" && this.#later !== null
        ? html`${this.#receiptOf(sent, this.#later).view()} ${this.#tools()}`
        : html`${sentView(sent, () => this.#go("receipt"), this.#around.again)} ${this.#tools()}`;
    }
    const step = this.#step();
    return html`<p class="caption">${say("wizard.step", { step: STEPS.indexOf(step) + 2, steps: STEPS.length + 1 })}</p>
      <h1>${this.#heading()}</h1>
      ${recipient(this.#desk, this.#around.leave)} ${step === "write" && this.#around.isInApp ? inAppNotice() : nothing}
      ${notices(this.session, { isResumed: this.#isResumed, again: this.#around.again, renew: () => void this.#renew() })}
      ${errorSummary(this.#summary)} ${this.#form(step)}
      ${savingLine(this.session, this.#later?.missingInWords ?? null, () => void this.#save())} ${this.#tools()}`;
  }

  /** Without a sent mail there is no receipt: the address was typed, or it is an old one. */
  #step(): Step {
    return this.#place === "receipt" ? "review" : this.#place;
  }

  #heading(): string {
    return heading(this.session, this.#place, this.#step());
  }

  #form(step: Step): TemplateResult {
    const later = this.#later;
    if (step === "review") {
      if (later === null) {
        return this.#coming();
      }
      return later.reviewView({
        desk: this.#desk,
        values: this.session.values,
        understood: this.#understood(),
        masked: this.session.draft.masked_national_id,
        files: later.files.files,
        sending: this.session.sending,
        waitsFor: later.submitting.waitsFor,
        change: (to, id) => {
          this.#go(to);
          focusOn(`#${CSS.escape(id)}`);
        },
        removeFile: (key) => later.files.queue.remove(key),
        submit: () => {
          this.#forgetErrors();
          void later.submitting.submit();
        },
        stopWaiting: () => later.submitting.stop(),
      });
    }
    const next = (event: Event): void => {
      event.preventDefault();
      void this.#next(step);
    };
    const form: Form = {
      values: this.session.values,
      wrong: this.#wrong,
      write: (name, value) => this.#write(name, value),
    };
    return html`<form novalidate @submit=${next}>
      ${step === "write" ? this.#letter(form) : later === null ? this.#coming() : this.#contact(form, later)}
      <div class="actions">
        <button type="submit" class="main-action" data-action="next" aria-disabled=${this.#isWaiting ? "true" : "false"}>
          ${this.#isWaiting ? say("wizard.waiting") : say("wizard.next")}
        </button>
        <button type="button" data-action="back" @click=${() => this.#back(step)}>${say("wizard.back")}</button>
      </div>
    </form>`;
  }

  /** A field that is corrected is no longer called wrong. */
  #write(name: FieldName, value: string): void {
    if (this.#wrong.has(name)) {
      this.#wrong = new Map([...this.#wrong].filter(([field]) => field !== name));
      this.#summary = this.#summary.filter(({ id }) => id !== name);
    }
    void this.session.write(name, value);
  }

  #letter(form: Form): TemplateResult {
    const later = this.#later;
    const files = later === null ? this.#coming() : later.attachments(later.files, this.#around.changed);
    const question = sharedQuestion(this.#around.parts.device, (shared) => void this.#answer(shared));
    return html`${question} ${letterFields(form, files)}`;
  }

  async #answer(shared: boolean): Promise<void> {
    await this.session.choose(shared);
    this.#around.changed();
    focusOn("h1");
  }

  /** In place of a part that is not loaded yet. */
  #coming(): TemplateResult {
    const words = this.#fault === null ? html`<p class="quiet">${say("desk.reading")}</p>` : missingPart(() => void this.#reload());
    return html`<div id="coming" tabindex="-1">${words}</div>`;
  }

  #tools(): TemplateResult | typeof nothing {
    const { tools, fault } = this.#around.aside();
    if (tools !== null) {
      return tools.view();
    }
    // Of two parts that are missing, one notice is enough.
    return fault === null || this.#fault !== null ? nothing : missingPart(() => void this.#reload());
  }

  #contact(form: Form, later: Later): TemplateResult {
    const { version } = this.#desk.privacy_notice;
    if (form.values.privacy_notice_version !== version) {
      void this.session.write("privacy_notice_version", version);
    }
    return later.contactFields({
      form,
      desk: this.#desk,
      understood: this.#understood(),
      masked: this.session.draft.masked_national_id,
      suggestion: this.#suggestion(),
      decide: (takes) => this.#decide(takes),
      noticeChanged: this.#noticeChanged,
    });
  }

  #understood(): Record<string, unknown> | null {
    return this.session.has("sender") ? (this.session.view?.sender ?? null) : null;
  }

  #suggestion(): string | null {
    const meant = this.#understood()?.["email_suggestion"];
    return typeof meant === "string" && !this.#decided.has(this.session.values.email ?? "") ? meant : null;
  }

  #decide(takes: boolean): void {
    const meant = this.#suggestion();
    this.#decided.add(this.session.values.email ?? "");
    if (takes && meant !== null) {
      void this.session.write("email", meant);
    }
    this.#around.changed();
    focusOn("#email");
  }

  async #next(step: "write" | "contact"): Promise<void> {
    if (this.#isWaiting) {
      return;
    }
    if (this.#later === null) {
      await this.#wait(this.#load());
    }
    const later = this.#later;
    if (later === null) {
      // In its place stands why, and what can be done.
      focusOn("#coming");
      return;
    }
    const part = step === "write" ? "letter" : "sender";
    const { values } = this.session;
    const faults = step === "write" ? later.letterFaults(values) : later.senderFaults(values);
    if (faults.length > 0) {
      this.#refuse(new Map(faults.map((fault) => [fault.field, later.faultInWords(fault, values)])));
      return;
    }
    this.#forgetErrors();
    await this.#wait(this.session.settle());
    const problem = this.session.pushing.problem(part);
    if (problem !== null) {
      const errors = later.errorsByField(problem, part);
      if (errors.has("privacy_notice_version")) {
        await this.#readNotice();
      } else {
        this.#refuse(errors, errors.size > 0 ? [] : [{ id: "saving", message: problemWords(problem) }]);
      }
      return;
    }
    const { email = "" } = this.session.values;
    // A hint blocks no sender: it is asked once, and a second press goes on with what was typed.
    if (step === "contact" && this.#suggestion() !== null && this.#askedAbout !== email) {
      this.#askedAbout = email;
      this.#around.changed();
      focusOn("#suggestion-yes");
      return;
    }
    void this.#around.parts.device.useDesk(this.#desk.organism_id).catch(() => undefined);
    this.#go(step === "write" ? "contact" : "review");
  }

  /** "Continue" waits for it, and says so; not for ever. */
  async #wait(work: Promise<unknown>): Promise<void> {
    this.#isWaiting = true;
    this.#around.changed();
    await Promise.race([work, new Promise((resolve) => this.#around.parts.clock.after(PATIENCE, () => resolve(null)))]);
    this.#isWaiting = false;
    this.#around.changed();
  }

  /** The notice changed since the page was read: the new one is shown before going on. */
  async #readNotice(): Promise<void> {
    const state = await readDesk(this.#around.parts.ask, this.#desk.organism_id, "no-store");
    if (state.name === "open" || state.name === "closed") {
      this.#desk = state.desk;
      this.#noticeChanged = true;
    }
    this.#around.changed();
    focusOn("#privacy-title");
  }

  #back(step: "write" | "contact"): void {
    if (step === "write") {
      this.#around.leave();
    } else {
      this.#go("write");
    }
  }

  #go(place: Place): void {
    history.pushState(null, "", `#${place}`);
    if (place !== "receipt") {
      this.session.go(place);
    }
    this.arrive();
  }

  /** Several presses end alike: the first one leads to the receipt, so that a later one does not undo "back". */
  async #sent(): Promise<void> {
    if (this.#isReceiptOpened) {
      return;
    }
    this.#isReceiptOpened = true;
    await this.#around.parts.device.useDesk(this.#desk.organism_id).catch(() => undefined);
    if (this.#place !== "receipt") {
      this.#go("receipt");
    }
  }

  async #renew(): Promise<void> {
    await this.session.renew();
    this.#later?.files.queue.restart();
    this.#around.changed();
    focusOn("h1");
  }

  #refuse(wrong: ReadonlyMap<FieldName, string>, more: readonly FieldError[] = []): void {
    this.#wrong = wrong;
    this.#summary = [...[...wrong].map(([id, message]) => ({ id, message })), ...more];
    this.#around.changed();
    focusOn("#errors");
  }

  #forgetErrors(): void {
    this.#wrong = new Map();
    this.#summary = [];
    this.#noticeChanged = false;
  }

  #receiptOf(sent: Sent, later: Later): ReceiptStep {
    if (this.#receipt === null) {
      const { ask, clock: time, device } = this.#around.parts;
      this.#receipt = new later.ReceiptStep({
        ask,
        clock: time,
        sent,
        kept: this.#isKept,
        shared: device.shared,
        keep: (wanted) => (wanted ? device.keepSent(sent) : device.dropSent(sent.number)),
        another: (event) => {
          event.preventDefault();
          this.#around.leave();
        },
        changed: this.#around.changed,
      });
      this.#receipt.begin();
    }
    return this.#receipt;
  }

  /** Who does not see the line is told when text stops being saved, and when it is saved again. */
  #announceSaving(): void {
    const { saving } = this.session;
    const isBad = saving.name === "failed" || saving.name === "ended" || (saving.name === "device-only" && saving.why !== "incomplete");
    if (isBad !== this.#isBad && (isBad || saving.name === "saved")) {
      this.#isBad = isBad;
      announce(savingWords(this.session, this.#later?.missingInWords ?? null));
    }
  }

  #sessionChanged(): void {
    this.#announceSaving();
    const { view } = this.session;
    if (view !== this.#seenView && view !== null) {
      this.#seenView = view;
      this.#later?.files.follow(view.attachments);
    }
    this.#around.changed();
  }
}
