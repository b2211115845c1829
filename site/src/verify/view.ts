/** What the verification page shows. */
import { html, nothing, type TemplateResult } from "lit-html";
import { moment, size } from "../frame/moments.ts";
import { language, say, type WordKey } from "../frame/words.ts";
import type { ReceiptStatement } from "../proof/service.ts";
import type { Checked, State, Subject, Trouble } from "./checking.ts";
import type { CameraState } from "./scanning.ts";
import { type Finding, findingsInWords, type Mark, plain, verdictInWords } from "./verdict-words.ts";

export interface Actions {
  readonly verify: (event: Event) => void;
  readonly retry: () => void;
  readonly scan: () => void;
  readonly stopScan: () => void;
  readonly photo: (files: readonly File[]) => void;
  readonly files: (files: readonly File[]) => void;
  readonly alone: (file: File) => void;
}

export interface Shown {
  readonly state: State;
  readonly camera: CameraState;
  /** Why a QR code gave no code to ask about. */
  readonly scanned: WordKey | null;
}

export function verifyView(shown: Shown, actions: Actions): TemplateResult {
  const { state } = shown;
  return html`<h1>${say("verify.title")}</h1>
    <p>${say("verify.intro")}</p>
    ${codeForm(shown, actions)} ${fileArea(actions)} ${progress(state)} ${troubleBox(state.trouble, actions)}
    ${results(state, actions)}`;
}

function codeForm({ state, camera, scanned }: Shown, actions: Actions): TemplateResult {
  const wrong = state.trouble === "missing" ? say("verify.code_missing") : state.trouble === "malformed" ? say("verify.code_malformed") : "";
  return html`<form novalidate @submit=${actions.verify}>
    <div class="field">
      <label for="code">${say("verify.code")}</label>
      <p class="hint" id="code-hint">${say("verify.code_hint")}</p>
      ${wrong ? html`<p class="wrong" id="code-wrong" role="alert">${wrong}</p>` : nothing}
      <input
        id="code"
        name="verification_code"
        type="text"
        dir="ltr"
        class="code"
        maxlength="200"
        autocomplete="off"
        autocapitalize="characters"
        autocorrect="off"
        spellcheck="false"
        placeholder="XXXX-XXXX-XXXX-XXXX"
        aria-invalid=${wrong ? "true" : "false"}
        aria-describedby=${wrong ? "code-hint code-wrong" : "code-hint"}
      />
    </div>
    <div class="actions">
      <button class="main-action" data-action="verify">${say("verify.check")}</button>
      <button type="button" data-action="scan" @click=${actions.scan}>${say("verify.scan")}</button>
      ${picker("photo", "scan-photo", say("verify.scan_photo"), "image/*", false, actions.photo)}
    </div>
    ${cameraBox(camera, actions)} ${scanned ? html`<p class="notice" role="alert">${say(scanned as "verify.scan_none")}</p>` : nothing}
  </form>`;
}

function cameraBox(camera: CameraState, actions: Actions): TemplateResult | typeof nothing {
  if (camera === "off") return nothing;
  return html`<div class="panel" id="camera">
    <p role="status">${say(camera === "starting" ? "verify.scan_starting" : "verify.scan_aim")}</p>
    <video id="viewfinder" muted playsinline aria-hidden="true"></video>
    <button type="button" data-action="stop-scan" @click=${actions.stopScan}>${say("verify.scan_stop")}</button>
  </div>`;
}

/** A button, and beside it the input that it opens. A press opens it at once: iOS lets nothing else do so. */
function picker(id: string, action: string, label: string, accept: string, several: boolean, chosen: (files: readonly File[]) => void): TemplateResult {
  const change = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const files = Array.from(input.files ?? []);
    input.value = ""; // the same file may be chosen again
    chosen(files);
  };
  return html`<span class="picker">
    <button type="button" data-action=${action} @click=${() => document.getElementById(id)?.click()}>${label}</button>
    <input type="file" id=${id} class="unseen" tabindex="-1" aria-label=${label} accept=${accept || nothing} ?multiple=${several} @change=${change} />
  </span>`;
}

function fileArea(actions: Actions): TemplateResult {
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    actions.files(Array.from(event.dataTransfer?.files ?? []));
  };
  return html`<section class="panel drop" id="drop" aria-labelledby="file-title" @dragover=${(event: DragEvent) => event.preventDefault()} @drop=${drop}>
    <h2 id="file-title">${say("verify.file")}</h2>
    <p>${say("verify.file_hint")}</p>
    ${picker("file", "add-file", say("verify.choose"), "", true, actions.files)}
  </section>`;
}

function progress(state: State): TemplateResult {
  const words = state.busy === "asking" ? say("verify.checking") : state.percent ? say("verify.reading_percent", { percent: state.percent }) : say("verify.reading");
  return html`<div role="status">${state.busy ? html`<p class="notice" id="progress">${words}</p>` : nothing}</div>`;
}

const TROUBLES: Readonly<Partial<Record<Trouble, WordKey>>> = {
  network: "problems.network",
  slow: "problems.slow",
  service: "problems.service",
};

function troubleBox(trouble: Trouble | null, actions: Actions): TemplateResult {
  if (trouble === "unknown") {
    return html`<div class="errors" id="verdict-box" role="alert">
      <h2 id="verdict" tabindex="-1">${say("verify.code_unknown_title")}</h2>
      <p>${say("verify.code_unknown")}</p>
    </div>`;
  }
  const key = trouble && TROUBLES[trouble];
  return html`<div role="alert">
    ${key
      ? html`<div class="notice" id="problem">
          <p>${say(key as "problems.network")}</p>
          <button type="button" data-action="retry" @click=${actions.retry}>${say("frame.retry")}</button>
        </div>`
      : nothing}
  </div>`;
}

function results({ subject, files }: State, actions: Actions): TemplateResult {
  const isAsked = subject !== null && files.length === 0;
  return html`${files.map((each, index) => fileResult(each, index, subject, actions))}
  ${isAsked ? exists() : nothing} ${subject ? subjectSection(subject) : nothing}`;
}

function exists(): TemplateResult {
  return html`<div class="good" id="verdict-box">
    <h2 id="verdict" tabindex="-1">${say("verify.exists")}</h2>
    <p>${say("verify.exists_means")} ${say("verify.exists_file")}</p>
  </div>`;
}

const BOXES: Readonly<Record<Mark, string>> = { good: "good", bad: "errors", open: "notice" };

function fileResult(checked: Checked, index: number, subject: Subject | null, actions: Actions): TemplateResult {
  const verdict = verdictInWords(checked);
  const signature = checked.register.state === "found" && subject?.statement === checked.register.statement ? subject.signature : null;
  const findings = findingsInWords(checked, signature);
  return html`<section class="result" data-verdict=${checked.verdict} aria-labelledby=${index ? `verdict-${index + 1}` : "verdict"}>
    <div class=${BOXES[verdict.mark]}>
      <h2 id=${index ? `verdict-${index + 1}` : "verdict"} tabindex="-1">${verdict.title}</h2>
      <p>${verdict.text}</p>
      <p class="hint"><bdi>${plain(checked.file.name)}</bdi></p>
      ${checked.verdict === "other_receipt"
        ? html`<button type="button" data-action="check-alone" @click=${() => actions.alone(checked.file)}>${say("verify.check_alone")}</button>`
        : nothing}
    </div>
    ${findings.length
      ? html`<details>
          <summary>${say("verify.checks")}</summary>
          <ul class="checks">
            ${findings.map(line)}
          </ul>
          <p class="hint">${say("verify.limits")}</p>
        </details>`
      : nothing}
  </section>`;
}

/** The mark before the line is the style's: the words say it too. */
function line({ mark, text }: Finding): TemplateResult {
  return html`<li class=${mark}>${text}</li>`;
}

function subjectSection({ statement, said, code }: Subject): TemplateResult | typeof nothing {
  if (statement) return registerSection(statement, code, said?.attachments.map((each) => each.file_name) ?? []);
  if (!said) return nothing;
  return html`<section aria-labelledby="register-title">
    <h2 id="register-title">${say("verify.record_says")}</h2>
    ${facts({ ...said, kind: said.sender.kind }, code)}
    <h3>${say("verify.digests")}</h3>
    <ul class="digests">
      ${said.attachments.map((each, index) => attachment(index, each.size, each.sha256, each.file_name))}
    </ul>
  </section>`;
}

function registerSection(statement: ReceiptStatement, code: string, names: readonly string[]): TemplateResult {
  return html`<section id="receipt" aria-labelledby="register-title">
    <h2 id="register-title">${say("verify.register")}</h2>
    ${facts({ ...statement, kind: statement.sender_kind }, code)}
    <h3>${say("verify.digests")}</h3>
    <ul class="digests" id="digests">
      ${digest(say("verify.receipt_pdf"), statement.receipt_sha256)} ${digest(say("verify.record"), statement.record_sha256)}
      ${statement.attachments.map((each, index) => attachment(index, each.size, each.sha256, names[index] ?? ""))}
    </ul>
    <h3>${say("verify.history")}</h3>
    <ol class="timeline">
      ${statement.history.map((each) => html`<li><strong>${eventInWords(each.event)}</strong><br />${moment(each.at)}</li>`)}
    </ol>
  </section>`;
}

interface Facts {
  number: string;
  organism: { name: { fr: string; ar: string } };
  submitted_at: string;
  channel?: string;
  kind: string;
}

function facts({ number, organism, submitted_at, channel, kind }: Facts, code: string): TemplateResult {
  const isArabic = language === "ar";
  return html`<dl class="facts">
    <dt>${say("verify.number")}</dt>
    <dd><bdi dir="ltr">${plain(number)}</bdi></dd>
    <dt>${say("verify.organism")}</dt>
    <dd><bdi lang=${isArabic ? "ar" : "fr"}>${plain(isArabic ? organism.name.ar : organism.name.fr)}</bdi></dd>
    <dt>${say("verify.submitted_at")}</dt>
    <dd>${moment(submitted_at)}</dd>
    ${channel === "counter"
      ? html`<dt>${say("verify.channel")}</dt>
          <dd>${say("verify.channel_counter")}</dd>`
      : nothing}
    <dt>${say("verify.sender_kind")}</dt>
    <dd>${kindInWords(kind)}</dd>
    <dt>${say("verify.code")}</dt>
    <dd><bdi dir="ltr">${plain(code)}</bdi></dd>
  </dl>`;
}

function digest(title: string, value: string | null): TemplateResult {
  return html`<li>
    <strong>${title}</strong><br />${value === null ? say("verify.receipt_pending") : html`<bdi dir="ltr" class="code">${value}</bdi>`}
  </li>`;
}

function attachment(index: number, bytes: number, sha256: string, name: string): TemplateResult {
  return html`<li>
    <strong>${say("verify.attachment_rank", { rank: index + 1 })}</strong> (${size(bytes)})
    ${name ? html`<bdi>${plain(name)}</bdi>` : nothing}<br /><bdi dir="ltr" class="code">${plain(sha256)}</bdi>
  </li>`;
}

const KINDS = ["citizen", "enterprise", "administration", "association"] as const;
const EVENTS = [
  ...(["started", "submitted", "receipt_issued", "organism_alerted", "sender_informed"] as const),
  ...(["collected", "reminded", "answered", "redirected", "rejected"] as const),
];

/** A kind of sender; one that this page does not know yet stands as it is. */
function kindInWords(kind: string): string {
  const known = KINDS.find((each) => each === kind);
  return known ? say(`verify.kind_${known}`) : plain(kind);
}

function eventInWords(event: string): string {
  return say(`verify.event_${EVENTS.find((each) => each === event) ?? "other"}`);
}
