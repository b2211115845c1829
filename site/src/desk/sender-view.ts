/** The sender, with fields that one press copies. */

import { html, nothing, type TemplateResult } from "lit-html";
import { copy } from "../frame/copying.ts";
import { say } from "../frame/words.ts";
import { grouped } from "../send/contact.ts";
import { countryName } from "../send/countries.ts";
import { code, typed } from "./parts.ts";
import type { Sender } from "./shapes.ts";

interface Line {
  readonly label: string;
  readonly value: string | null | undefined;
  /** Numbers and addresses, from left to right. */
  readonly ltr?: boolean;
  /** As it is shown, where that differs from what is copied. */
  readonly shown?: string;
}

export function senderView(sender: Sender): TemplateResult {
  return html`<section aria-labelledby="sender-title">
    <h2 id="sender-title">${say("mail.sender")}</h2>
    <p class="hint">${say(`contact.kind_${sender.kind}`)}</p>
    <dl class="facts" id="mail-sender">
      ${lines(sender)
        .filter((line) => line.value)
        .map(lineView)}
    </dl>
    ${sender.reachable_by_email || sender.reachable_by_sms ? nothing : html`<p class="notice">${say("mail.unreachable")}</p>`}
  </section>`;
}

function lines(sender: Sender): Line[] {
  const foreign = sender.foreign_registration;
  const register = sender.trade_register;
  const person = [sender.first_name, sender.last_name].filter(Boolean).join(" ");
  return [
    { label: say("mail.name"), value: person === "" ? (sender.legal_name ?? sender.name) : person },
    { label: say("contact.service"), value: sender.service },
    { label: say("contact.contact_name"), value: sender.contact_name },
    { label: say("contact.national_id"), value: sender.national_id, ltr: true },
    { label: say("contact.ice"), value: sender.ice, ltr: true },
    { label: say("contact.country"), value: foreign && countryName(foreign.country) },
    { label: say("contact.foreign_number"), value: foreign?.number, ltr: true },
    { label: say("contact.trade_register"), value: register?.number, ltr: true },
    { label: say("contact.trade_court"), value: register?.court },
    { label: say("contact.declaration_number"), value: sender.declaration_number, ltr: true },
    { label: say("contact.email"), value: sender.email, ltr: true },
    { label: say("contact.phone"), value: sender.phone, ltr: true, shown: grouped(sender.phone ?? "") },
    { label: say("contact.address"), value: sender.address },
  ];
}

function lineView({ label, value, ltr, shown }: Line, index: number): TemplateResult {
  const text = value ?? "";
  return html`<dt>${label}</dt>
    <dd class="copyable">
      <span id="sender-${index}">${ltr ? code(shown ?? text) : typed(text)}</span>
      <button
        type="button"
        class="link no-print"
        data-action="copy"
        aria-label=${say("mail.copy", { label })}
        @click=${() => void copy(text, label, `sender-${index}`)}
      >
        ${say("frame.copy")}
      </button>
    </dd>`;
}
