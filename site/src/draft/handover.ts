/** "Go on with your phone": the draft's link, and the draft made again on the device that opens it. */

import { type Draft, inMail, type Language, newDraft, valuesOf, withField } from "./draft.ts";
import { type FieldName, letterBody, senderBody, SENDER_KINDS, type SenderKind } from "./fields.ts";
import type { MailView } from "./pushing.ts";

export interface Handed {
  mail_id: string;
  access_token: string;
}

const CONTINUE = /^#?continue=([0-9a-f-]{36})\.([\w-]{20,200})$/i;

/** The link for another device. What opens the mail stands behind `#`: no server and no log sees it. */
export function linkFor(site: string, language: Language, mail: Handed): string {
  return `${site}/${language}/#continue=${mail.mail_id}.${mail.access_token}`;
}

/** What a link's fragment hands over, also where a mail filter or a messenger wrote `#` or `=` in another way. */
export function handedIn(fragment: string): Handed | null {
  const [, mail_id, access_token] = CONTINUE.exec(decoded(fragment)) ?? [];
  return mail_id === undefined || access_token === undefined ? null : { mail_id, access_token };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The draft as another device left it on the server. */
export function draftFrom(view: MailView, handed: Handed, id: string, now: number): Draft {
  let draft = newDraft(id, view.organism, view.language, now);
  for (const [name, value] of fieldsIn(view)) draft = withField(draft, name, value, now);
  const values = valuesOf(draft);
  const taken = (body: unknown) => ({ value: JSON.stringify(body), at: now });
  draft = inMail(draft, { ...handed, expires_at: view.expires_at ?? "" }, now);
  return {
    ...draft,
    handed_over: true,
    confirmed: {
      letter: view.letter === null ? draft.confirmed.letter : taken(letterBody(values)),
      sender: view.sender === null ? draft.confirmed.sender : taken(senderBody(values)),
    },
    masked_national_id: text(view.sender?.["national_id"]) || null,
  };
}

/** The mail as the server had it when this device last wrote to it; `view` is what else there is to say of it. */
export function viewOf({ confirmed: { letter, sender } }: Draft, view: MailView): MailView {
  const parsed = (body: string | null): unknown => (body === null ? null : JSON.parse(body));
  return { ...view, letter: parsed(letter.value) as MailView["letter"], sender: parsed(sender.value) as MailView["sender"] };
}

/**
 * The draft with what another device brought to the server since `before`; `null` where that is nothing.
 *
 * A field counts as theirs where the server's value changed: what was typed here meanwhile in others stays.
 */
export function withChanges(draft: Draft, before: MailView, view: MailView, now: number): Draft | null {
  const old = new Map(fieldsIn(before));
  const values = valuesOf(draft);
  let changed = draft;
  for (const [name, value] of fieldsIn(view)) {
    if (old.get(name) !== value && values[name] !== value) changed = withField(changed, name, value, now);
  }
  return changed === draft ? null : changed;
}

/** The fields of a mail on the server. Its identity number is left out: it is masked there. */
export function fieldsIn(view: MailView): [FieldName, string][] {
  const fields: [FieldName, string][] = [];
  if (view.letter !== null) {
    const { kind, subject, body, reference, dated } = view.letter;
    const [year = "", month = "", day = ""] = (dated ?? "").split("-");
    fields.push(["kind", kind], ["subject", subject], ["body", body], ["reference", reference ?? ""]);
    fields.push(["dated.year", year], ["dated.month", String(Number(month) || "")], ["dated.day", String(Number(day) || "")]);
  }
  if (view.sender !== null) fields.push(...senderFieldsIn(view.sender));
  return fields;
}

const SIMPLE = [
  "email",
  "phone",
  "address",
  "privacy_notice_version",
  "first_name",
  "last_name",
  "legal_name",
  "ice",
  "contact_name",
  "name",
  "service",
  "declaration_number",
] as const satisfies readonly FieldName[];
const GROUPED = [
  "foreign_registration.country",
  "foreign_registration.number",
  "trade_register.number",
  "trade_register.court",
] as const satisfies readonly FieldName[];

function senderFieldsIn(sender: Record<string, unknown>): [FieldName, string][] {
  const kind = SENDER_KINDS.includes(sender["kind"] as SenderKind) ? text(sender["kind"]) : "";
  const sms = typeof sender["sms"] === "boolean" ? String(sender["sms"]) : "";
  return [
    ["sender_kind", kind],
    ["sms", sms],
    ["abroad", sender["foreign_registration"] ? "true" : ""],
    ...SIMPLE.map((name): [FieldName, string] => [name, text(sender[name])]),
    ...GROUPED.map((name): [FieldName, string] => {
      const [group = "", part = ""] = name.split(".");
      return [name, text((sender[group] as Record<string, unknown> | null | undefined)?.[part])];
    }),
  ];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
