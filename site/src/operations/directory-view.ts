/** The CSV of organisms: choosing it, what is wrong in it, and its writing. */

import { html, nothing, type TemplateResult } from "lit-html";
import { count } from "../frame/numbers.ts";
import { say } from "../frame/words.ts";
import type { DirectorySection } from "./directory.ts";
import { code, inside, table, type Part } from "./parts.ts";
import type { DirectoryCheck } from "./shapes.ts";

const NEEDED = "organism_id, code, category, name_fr, name_ar, alert_emails";
const OPTIONAL = "city, language, alert_phones, national_id, is_test";

export function directoryView(section: DirectorySection): TemplateResult {
  const { check } = section;
  return html`<p>${inside({ section: "organisms", q: "", status: null }, say("operations.all_organisms"))}</p>
    <h1>${say("operations.directory")}</h1>
    <p class="lead">${say("operations.directory_lead")}</p>
    <dl class="facts">
      <dt>${say("operations.columns_needed")}</dt>
      <dd>${code(NEEDED)}</dd>
      <dt>${say("operations.columns_optional")}</dt>
      <dd>${code(OPTIONAL)}</dd>
    </dl>
    <div class="field">
      <label for="file">${say("operations.choose_file")}</label>
      <p class="hint" id="file-hint">${say("operations.choose_file_hint")}</p>
      ${section.fault ? html`<p class="wrong" id="fault" tabindex="-1">${section.fault}</p>` : nothing}
      <input
        id="file"
        type="file"
        accept=".csv,.txt,.tsv,text/csv"
        aria-describedby=${section.fault ? "file-hint fault" : "file-hint"}
        ?disabled=${section.writing.busy}
        @change=${(event: Event) => chosen(section, event.target as HTMLInputElement)}
      />
    </div>
    ${section.checking.view(say("operations.checking"))} ${check ? (check.wrong ? wrongView(check) : rightView(section, check)) : nothing}`;
}

/** The same file may be chosen again once it was corrected. */
function chosen(section: DirectorySection, input: HTMLInputElement): void {
  const [file] = input.files ?? [];
  if (file) {
    void section.choose(file).finally(() => (input.value = ""));
  }
}

function wrongView(check: DirectoryCheck): TemplateResult {
  const shown = check.errors.length;
  return html`<section class="errors" id="errors" tabindex="-1" aria-labelledby="errors-title">
      <h2 id="errors-title">${say("operations.cells_wrong", { count: check.wrong })}</h2>
      <p>${say("operations.cells_wrong_means")}</p>
    </section>
    ${table(
      say("operations.cells_wrong", { count: check.wrong }),
      [say("operations.row"), say("operations.column"), say("operations.what_to_do")],
      check.errors.map((each) => [count(each.row), each.field ? code(each.field) : say("operations.whole_row"), each.message]),
    )}
    ${shown < check.wrong ? html`<p class="hint">${say("operations.first_errors", { count: shown })}</p>` : nothing}`;
}

function rightView(section: DirectorySection, check: DirectoryCheck): TemplateResult {
  return html`<section aria-labelledby="checked">
    <h2 id="checked" tabindex="-1">${say("operations.checked", { count: check.rows })}</h2>
    <dl class="facts">
      <dt>${say("operations.rows_new")}</dt>
      <dd id="rows-new">${count(check.new)}</dd>
      <dt>${say("operations.rows_changed")}</dt>
      <dd id="rows-changed">${count(check.changed)}</dd>
      <dt>${say("operations.rows_same")}</dt>
      <dd id="rows-same">${count(check.unchanged)}</dd>
    </dl>
    ${writingView(section, check)}
  </section>`;
}

function writingView(section: DirectorySection, check: DirectoryCheck): Part {
  const { written, finished, writing } = section;
  if (finished) {
    return html`<p class="good" id="finished" tabindex="-1">${say("operations.finished", { count: check.rows })}</p>`;
  }
  const toWrite = check.new + check.changed;
  if (!toWrite) {
    return html`<p>${say("operations.nothing_to_write")}</p>`;
  }
  const done = written ?? check.unchanged;
  return html`${writing.busy || written !== null
    ? html`<p>
        <label for="written">${say("operations.progress", { written: done, rows: check.rows })}</label>
        <progress id="written" max=${check.rows} value=${done}></progress>
      </p>`
    : nothing}
  ${writing.view(say("operations.writing"))}
  ${writing.busy || writing.trouble
    ? nothing
    : html`<button type="button" class="main-action" data-action="load" @click=${() => section.load()}>
        ${say("operations.load", { count: toWrite })}
      </button>`}
  ${writing.trouble ? html`<p class="hint">${say("operations.taken_up")}</p>` : nothing}`;
}
