/** Step 3: who sends, and how to reach them. */

import { html, nothing, type TemplateResult } from "lit-html";
import { isSenderKind, SENDER_KINDS, type SenderKind } from "../draft/fields.ts";
import type { MailView } from "../draft/pushing.ts";
import { iceFault, isBlank } from "../draft/typed.ts";
import { phrase, say, language, type WordKey } from "../frame/words.ts";
import { choiceField, type Form, selectField, textField, tickField } from "./controls.ts";
import { countries } from "./countries.ts";
import type { OrganismDetails } from "./desk.ts";

export interface Contact {
  readonly form: Form;
  readonly desk: OrganismDetails;
  /** What the API understood of the details as they are now; `null` while it has others. */
  readonly understood: MailView["sender"];
  /** The identity number given on another device, masked. */
  readonly masked: string | null;
  /** The address that may be meant, until the sender decides. */
  readonly suggestion: string | null;
  readonly decide: (takes: boolean) => void;
  readonly noticeChanged: boolean;
}

export function contactFields(contact: Contact): TemplateResult {
  const { form } = contact;
  const kind = form.values.sender_kind;
  const kinds = SENDER_KINDS.map((value) => ({ value, label: senderKindName(value) }));
  return html`${contact.noticeChanged ? html`<p class="notice" id="notice-changed">${say("contact.privacy_changed")}</p>` : nothing}
    ${choiceField(form, "sender_kind", say("contact.sender_kind"), kinds)}
    ${isSenderKind(kind) ? html`${identity(kind, contact)} ${reach(contact)} ${notice(contact.desk)}` : nothing}`;
}

export function senderKindName(kind: SenderKind): string {
  return say(`contact.kind_${kind}` as WordKey);
}

/** The fields that say who the sender is. */
export function identity(kind: SenderKind, contact: Pick<Contact, "form" | "desk" | "masked">): TemplateResult {
  const { form, desk, masked } = contact;
  const person = (): TemplateResult =>
    textField(form, { name: "contact_name", label: say("contact.contact_name"), autocomplete: "name" });
  switch (kind) {
    case "citizen":
      return html`${textField(form, { name: "first_name", label: say("contact.first_name"), optional: true, autocomplete: "given-name" })}
      ${textField(form, { name: "last_name", label: say("contact.last_name"), hint: say("contact.last_name_hint"), autocomplete: "family-name" })}
      ${desk.accepts.national_id
        ? textField(form, {
            name: "national_id",
            label: say("contact.national_id"),
            hint: say("contact.national_id_hint"),
            optional: true,
            ltr: true,
            note: masked === null ? nothing : html`<p>${say("contact.national_id_kept", { number: masked })}</p>`,
          })
        : nothing}`;
    case "enterprise":
      return html`${textField(form, { name: "legal_name", label: say("contact.legal_name"), autocomplete: "organization" })}
      ${tickField(form, "abroad", say("contact.abroad"))} ${registration(form)}
      ${textField(form, { name: "trade_register.number", label: say("contact.trade_register"), optional: true, ltr: true })}
      ${textField(form, { name: "trade_register.court", label: say("contact.trade_court"), optional: true })} ${person()}`;
    case "administration":
      return html`${textField(form, { name: "name", label: say("contact.name_administration"), autocomplete: "organization" })}
      ${textField(form, { name: "service", label: say("contact.service") })} ${person()}`;
    case "association":
      return html`${textField(form, { name: "name", label: say("contact.name_association"), autocomplete: "organization" })}
      ${textField(form, { name: "declaration_number", label: say("contact.declaration_number"), optional: true, ltr: true })}
      ${person()}`;
  }
}

/** An enterprise's ICE or, from abroad, its registration there. */
function registration(form: Form): TemplateResult {
  if (form.values.abroad === "true") {
    return html`${selectField(
      form,
      { name: "foreign_registration.country", label: say("contact.country"), autocomplete: "country" },
      say("contact.country_none"),
      countries(),
    )}
    ${textField(form, { name: "foreign_registration.number", label: say("contact.foreign_number"), ltr: true })}`;
  }
  const typed = form.values.ice ?? "";
  const fault = isBlank(typed) ? null : iceFault(typed);
  const words =
    fault === null ? nothing : fault === "key" ? say("contact.ice_key") : say("contact.ice_digits", { count: fault.digits });
  return textField(form, {
    name: "ice",
    label: say("contact.ice"),
    hint: say("contact.ice_hint"),
    inputmode: "numeric",
    ltr: true,
    note: words === nothing ? nothing : html`<p>${words}</p>`,
  });
}

function reach(contact: Contact): TemplateResult {
  const { form, understood } = contact;
  const hasBoth = !isBlank(form.values.email ?? "") && !isBlank(form.values.phone ?? "");
  const phone = understood?.["phone"];
  return html`<h2>${say("contact.reach")}</h2>
    <p class="hint">${say("contact.reach_hint")}</p>
    ${textField(form, {
      name: "email",
      label: say("contact.email"),
      hint: say("contact.email_hint"),
      type: "text",
      inputmode: "email",
      autocomplete: "email",
      ltr: true,
      note: suggestion(contact),
    })}
    ${textField(form, {
      name: "phone",
      label: say("contact.phone"),
      hint: say("contact.phone_hint"),
      type: "tel",
      autocomplete: "tel",
      ltr: true,
      note:
        typeof phone === "string"
          ? html`<p>${phrase("contact.understood", { value: html`<bdi dir="ltr">${grouped(phone)}</bdi>` })}</p>
              ${hears(understood) ? nothing : html`<p>${say("contact.no_sms")}</p>`}`
          : nothing,
    })}
    ${hasBoth ? tickField(form, "sms", say("contact.sms")) : nothing}
    ${textField(form, { name: "address", label: say("contact.address"), optional: true, rows: 3, autocomplete: "street-address" })}`;
}

/** Whether news reach the sender in some way. */
function hears(sender: MailView["sender"]): boolean {
  return sender?.["reachable_by_sms"] === true || sender?.["reachable_by_email"] === true;
}

function suggestion({ suggestion: meant, decide }: Contact): TemplateResult | typeof nothing {
  if (meant === null) {
    return nothing;
  }
  return html`<div class="notice" id="suggestion">
    <p>${phrase("contact.suggestion", { email: html`<bdi dir="ltr">${meant}</bdi>` })}</p>
    <button type="button" id="suggestion-yes" @click=${() => decide(true)}>${say("contact.suggestion_yes")}</button>
    <button type="button" id="suggestion-no" @click=${() => decide(false)}>${say("contact.suggestion_no")}</button>
  </div>`;
}

/** `+212 6 12 34 56 78`: a Moroccan number in the groups in which it is read aloud. */
export function grouped(phone: string): string {
  return phone.replace(/^(\+212)(\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, "$1 $2 $3 $4 $5 $6");
}

function notice({ privacy_notice }: OrganismDetails): TemplateResult {
  return html`<section class="panel" aria-labelledby="privacy-title">
    <h2 id="privacy-title">${say("contact.privacy")}</h2>
    <p>${privacy_notice[language]}</p>
    <p class="hint">${say("contact.privacy_version", { version: privacy_notice.version })}</p>
  </section>`;
}
