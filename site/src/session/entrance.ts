/** The forms of signing in, from the password to the second factor. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { errorSummary, type FieldError } from "../frame/page.ts";
import { say } from "../frame/words.ts";
import type { Session } from "./session.ts";
import type { Field } from "./shapes.ts";
import { setupView } from "./setup-view.ts";

/** What is shown until somebody is signed in. `other` is the address of the pages for the other role. */
export function entrance(session: Session, other: string): TemplateResult {
  switch (session.state.stage) {
    case "asking":
    case "in":
      return html`<h1>${say("session.title")}</h1>
        <p class="notice" role="status">${say("session.asking")}</p>`;
    case "unknown":
      return html`<h1>${say("session.title")}</h1>
        <div class="errors" role="alert">
          <p>${session.state.trouble}</p>
          <button type="button" data-action="retry" @click=${() => void session.begin()}>${say("frame.retry")}</button>
        </div>`;
    case "password":
      return form(session, say("session.title"), html`${passwordFields(session)}`, {
        action: say("session.sign_in"),
        more: html`<button type="button" class="link" data-action="forgotten" @click=${() => session.turnTo("forgotten")}>
          ${say("session.forgotten")}
        </button>`,
      });
    case "new_password":
      return form(session, say("session.new_password_title"), newPassword(session), {
        lead: say("session.new_password_lead"),
        action: say("session.continue"),
        more: back(session),
      });
    case "second_factor_setup":
      return form(session, say("session.setup_title"), html`${setupView(session)}${codeField(session, say("session.code_setup_hint"))}`, {
        lead: say("session.setup_lead"),
        action: say("session.continue"),
        more: back(session),
      });
    case "second_factor":
      return form(session, say("session.code_title"), codeField(session, say("session.code_hint")), {
        action: say("session.sign_in"),
        more: back(session),
      });
    case "forgotten":
      return form(session, say("session.forgotten"), usernameField(session), {
        lead: say("session.forgotten_lead"),
        action: say("session.send_code"),
        more: html`<button type="button" class="link" data-action="have-code" @click=${() => session.turnTo("reset")}>
            ${say("session.have_code")}
          </button>
          ${back(session)}`,
      });
    case "reset":
      return form(
        session,
        say("session.reset_title"),
        html`${session.state.typed.username ? nothing : usernameField(session)} ${codeField(session, say("session.reset_code_hint"))}
        ${newPassword(session)}`,
        { action: say("session.reset"), more: back(session) },
      );
    case "other_role":
      return html`<h1>${say("session.other_role_title")}</h1>
        <p>${say("session.other_role")}</p>
        <div class="actions">
          <a class="button main-action" href=${other}>${say("session.other_role_go")}</a>
          <button type="button" data-action="sign-out" @click=${() => session.signOut()}>${say("session.sign_out")}</button>
        </div>`;
  }
}

interface Around {
  readonly lead?: string;
  readonly action: string;
  readonly more: unknown;
}

function form(session: Session, heading: string, fields: unknown, { lead, action, more }: Around): TemplateResult {
  const { state } = session;
  return html`<h1>${heading}</h1>
    ${state.notice ? html`<p class="notice" id="notice" role="status">${say(state.notice)}</p>` : nothing}
    ${state.interrupted ? html`<p class="good">${say("session.kept")}</p>` : nothing} ${errorSummary(errors(session))}
    ${lead === undefined ? nothing : html`<p class="lead">${lead}</p>`}
    <form
      class="entrance"
      novalidate
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        void session.submit();
      }}
    >
      ${fields}
      <div role="alert">${state.trouble ? html`<p class="errors" id="problem">${state.trouble}</p>` : nothing}</div>
      <p role="status" class="unseen">${state.busy ? say("session.checking") : ""}</p>
      <div class="actions">
        <button class="main-action" data-action="sign-in" aria-disabled=${state.busy ? "true" : "false"}>${action}</button>
        ${more}
      </div>
    </form>`;
}

function passwordFields(session: Session): TemplateResult {
  return html`${usernameField(session)}
  ${field(session, "password", say("session.password"), { kind: "password", complete: "current-password" })}`;
}

function usernameField(session: Session): TemplateResult {
  return field(session, "username", say("session.username"), { complete: "username", hint: say("session.username_hint") });
}

function newPassword(session: Session): TemplateResult {
  return field(session, "new_password", say("session.new_password"), {
    kind: "password",
    complete: "new-password",
    hint: say("session.new_password_hint"),
  });
}

function codeField(session: Session, hint: string): TemplateResult {
  return field(session, "code", say("session.code"), { complete: "one-time-code", digits: true, hint });
}

function back(session: Session): TemplateResult {
  return html`<button type="button" class="link" data-action="back" @click=${() => session.turnTo("password")}>
    ${say("session.back")}
  </button>`;
}

function errors({ state }: Session): FieldError[] {
  return Object.entries(state.wrong).map(([id, message]) => ({ id, message }));
}

interface Kind {
  readonly kind?: "password";
  readonly complete: string;
  readonly hint?: string;
  readonly digits?: boolean;
}

function field(session: Session, name: Field, label: string, { kind, complete, hint, digits }: Kind): TemplateResult {
  const { state } = session;
  const wrong = state.wrong[name];
  const described = [hint ? `${name}-hint` : "", wrong ? `${name}-wrong` : ""].filter(Boolean).join(" ");
  return html`<div class="field">
    <label for=${name}>${label}</label>
    ${hint ? html`<p class="hint" id="${name}-hint">${hint}</p>` : nothing}
    ${wrong ? html`<p class="wrong" id="${name}-wrong">${wrong}</p>` : nothing}
    <input
      id=${name}
      name=${name}
      type=${kind && !state.legible ? kind : "text"}
      dir="ltr"
      inputmode=${digits ? "numeric" : "text"}
      autocomplete=${complete}
      autocapitalize="none"
      autocorrect="off"
      spellcheck="false"
      aria-describedby=${described || nothing}
      aria-invalid=${wrong ? "true" : "false"}
      .value=${live(state.typed[name])}
      @input=${(event: InputEvent) => {
        state.typed[name] = (event.target as HTMLInputElement).value;
      }}
    />
    ${kind ? legible(session) : nothing}
  </div>`;
}

function legible(session: Session): TemplateResult {
  return html`<label class="choice">
    <input
      type="checkbox"
      .checked=${live(session.state.legible)}
      @change=${(event: Event) => session.makeLegible((event.target as HTMLInputElement).checked)}
    />
    ${say("session.legible")}
  </label>`;
}
