/** What is wrong with a form, in words and by field: what the page found, and what the API answered. */

import type { Problem } from "../api/client.ts";
import { type Fault, type FieldName, LONGEST, type Values } from "../draft/fields.ts";
import { characters } from "../draft/typed.ts";
import { say } from "../frame/words.ts";

/** The label that the sender sees. */
export function fieldName(name: FieldName, values: Values): string {
  switch (name) {
    case "kind":
      return say("write.kind");
    case "subject":
      return say("write.subject");
    case "body":
      return say("write.body");
    case "reference":
      return say("write.reference");
    case "dated.day":
    case "dated.month":
    case "dated.year":
      return say("write.dated");
    case "sender_kind":
      return say("contact.sender_kind");
    case "email":
      return say("contact.email");
    case "phone":
      return say("contact.phone");
    case "sms":
      return say("contact.sms");
    case "address":
      return say("contact.address");
    case "privacy_notice_version":
      return say("contact.privacy");
    case "first_name":
      return say("contact.first_name");
    case "last_name":
      return say("contact.last_name");
    case "national_id":
      return say("contact.national_id");
    case "legal_name":
      return say("contact.legal_name");
    case "abroad":
      return say("contact.abroad");
    case "ice":
      return say("contact.ice");
    case "foreign_registration.country":
      return say("contact.country");
    case "foreign_registration.number":
      return say("contact.foreign_number");
    case "trade_register.number":
      return say("contact.trade_register");
    case "trade_register.court":
      return say("contact.trade_court");
    case "contact_name":
      return say("contact.contact_name");
    case "name":
      return values.sender_kind === "association" ? say("contact.name_association") : say("contact.name_administration");
    case "service":
      return say("contact.service");
    case "declaration_number":
      return say("contact.declaration_number");
  }
}

/** A fault that the page found, as a sentence that says what to do. */
export function faultInWords({ field, fault }: Fault, values: Values): string {
  switch (fault) {
    case "date":
      return say("write.date_wrong");
    case "contact_missing":
      return say("contact.missing_contact");
    case "too_long":
      return say("write.too_long", {
        field: fieldName(field, values),
        count: characters(values[field] ?? ""),
        most: LONGEST[field] ?? 0,
      });
    case "missing":
      if (field === "kind") {
        return say("write.missing_kind");
      }
      if (field === "subject") {
        return say("write.missing_subject");
      }
      return field === "sender_kind" ? say("contact.missing_kind") : say("write.missing", { field: fieldName(field, values) });
  }
}

/** The API's errors by the fields of the form. Of both ways to be reached, one sentence is enough. */
export function errorsByField(problem: Problem, part: "letter" | "sender"): Map<FieldName, string> {
  const found = new Map<FieldName, string>();
  for (const { field, message } of problem.errors) {
    const name = part === "sender" && field === "kind" ? "sender_kind" : field === "dated" ? "dated.day" : field;
    if (![...found.values()].includes(message)) {
      found.set(name as FieldName, message);
    }
  }
  return found;
}
