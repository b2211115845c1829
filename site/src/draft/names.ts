/** The fields that a sender fills in, as the pages name them, and what the form shows of each. */

import { isBlank } from "./typed.ts";

export const LETTER_FIELDS = [
  "kind",
  "subject",
  "body",
  "reference",
  "dated.day",
  "dated.month",
  "dated.year",
] as const;

export const SENDER_FIELDS = [
  "sender_kind",
  "email",
  "phone",
  "sms",
  "address",
  "privacy_notice_version",
  "first_name",
  "last_name",
  "national_id",
  "legal_name",
  "abroad",
  "ice",
  "foreign_registration.country",
  "foreign_registration.number",
  "trade_register.number",
  "trade_register.court",
  "contact_name",
  "name",
  "service",
  "declaration_number",
] as const;

export type LetterField = (typeof LETTER_FIELDS)[number];
export type SenderField = (typeof SENDER_FIELDS)[number];
/** A field's name is the API's; a dot stands before the part of a group or of a date. */
export type FieldName = LetterField | SenderField;
export type Values = Readonly<Partial<Record<FieldName, string>>>;

export type SenderKind = "citizen" | "enterprise" | "administration" | "association";
export const SENDER_KINDS: readonly SenderKind[] = ["citizen", "enterprise", "administration", "association"];
export const LETTER_KINDS = ["request", "complaint", "information", "invoice", "reply", "other"] as const;

/** Characters that the API takes at most (code points), where it sets a limit. */
export const LONGEST: Readonly<Partial<Record<FieldName, number>>> = {
  subject: 255,
  body: 20_000,
  reference: 64,
  address: 500,
  email: 254,
  phone: 40,
  first_name: 200,
  last_name: 200,
  legal_name: 200,
  contact_name: 200,
  name: 200,
  service: 200,
  declaration_number: 50,
  "trade_register.number": 20,
  "trade_register.court": 200,
  "foreign_registration.number": 50,
};

export function isTyped(values: Values, names: readonly FieldName[]): boolean {
  // The version of the notice and a kind's tick are no words of the sender.
  return names.some((name) => name !== "privacy_notice_version" && name !== "abroad" && !isBlank(values[name] ?? ""));
}
