/** The requests that the API wants made of the fields, and what a page can tell is wrong with them. */

import { type FieldName, isTyped, LETTER_FIELDS, LONGEST, SENDER_KINDS, type SenderField, type SenderKind, type Values } from "./names.ts";
import { characters, isBlank, westernDigits } from "./typed.ts";

export * from "./names.ts";

const COMMON: readonly SenderField[] = ["email", "phone", "sms", "address"];
const OF_A_KIND: Readonly<Record<SenderKind, readonly SenderField[]>> = {
  citizen: ["first_name", "last_name", "national_id"],
  enterprise: [
    "legal_name",
    "abroad",
    "ice",
    "foreign_registration.country",
    "foreign_registration.number",
    "trade_register.number",
    "trade_register.court",
    "contact_name",
  ],
  administration: ["name", "service", "contact_name"],
  association: ["name", "declaration_number", "contact_name"],
};
const REQUIRED: Readonly<Record<SenderKind, readonly SenderField[]>> = {
  citizen: ["last_name"],
  enterprise: ["legal_name", "contact_name"],
  administration: ["name", "service", "contact_name"],
  association: ["name", "contact_name"],
};

export interface Fault {
  field: FieldName;
  fault: "missing" | "too_long" | "date" | "contact_missing";
}

export function isSenderKind(value: string | undefined): value is SenderKind {
  return SENDER_KINDS.includes(value as SenderKind);
}

/** The fields that a kind of sender fills in; with none chosen yet, only the choice. */
export function fieldsOf(kind: SenderKind | undefined): readonly SenderField[] {
  return kind === undefined ? ["sender_kind"] : ["sender_kind", ...OF_A_KIND[kind], ...COMMON];
}

/** The body of `PUT …/letter`. Line breaks are LF, as the API counts them. */
export function letterBody(values: Values): Record<string, string> {
  const body: Record<string, string> = {
    kind: values.kind ?? "",
    subject: values.subject ?? "",
    body: (values.body ?? "").replace(/\r\n?/g, "\n"),
  };
  if (!isBlank(values.reference ?? "")) body["reference"] = values.reference ?? "";
  const dated = datedOf(values);
  if (typeof dated === "string") body["dated"] = dated;
  return body;
}

/** The letter's date as the API writes it; `null` where none is given, `false` where it is no day of the calendar. */
export function datedOf(values: Values): string | null | false {
  const parts = (["dated.year", "dated.month", "dated.day"] as const).map((name) =>
    westernDigits(values[name] ?? "").trim(),
  );
  if (parts.every((part) => part === "")) return null;
  const [year = "", month = "", day = ""] = parts;
  if (!/^[0-9]{4}$/.test(year) || !/^[0-9]{1,2}$/.test(month) || !/^[0-9]{1,2}$/.test(day)) return false;
  const written = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const instant = new Date(`${written}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(written) ? written : false;
}

/** The body of `PUT …/sender`: the fields of the chosen kind alone, empty ones left out. */
export function senderBody(values: Values): Record<string, unknown> {
  const kind = values.sender_kind;
  const body: Record<string, unknown> = { kind, privacy_notice_version: values.privacy_notice_version ?? "" };
  if (!isSenderKind(kind)) return body;
  const abroad = values.abroad === "true";
  for (const name of fieldsOf(kind)) {
    const value = values[name] ?? "";
    if (name === "sender_kind" || name === "abroad" || isBlank(value)) continue;
    if (abroad ? name === "ice" : name.startsWith("foreign_registration.")) continue;
    const [group = name, part] = name.split(".");
    if (name === "sms") body["sms"] = value === "true";
    else if (part === undefined) body[name] = value;
    else body[group] = { ...(body[group] as object | undefined), [part]: value };
  }
  return body;
}

/** What the page can tell is wrong with the letter before the API says more; none means that the API may be asked. */
export function letterFaults(values: Values): Fault[] {
  const faults = missing(values, ["kind", "subject"]);
  if (datedOf(values) === false) faults.push({ field: "dated.day", fault: "date" });
  return [...faults, ...tooLong(values, LETTER_FIELDS)];
}

/** The same for the contact details. Their form is the API's matter: it reads more than a page could. */
export function senderFaults(values: Values): Fault[] {
  const kind = values.sender_kind;
  if (!isSenderKind(kind)) return [{ field: "sender_kind", fault: "missing" }];
  const faults = missing(values, [...REQUIRED[kind], ...identifiers(kind, values)]);
  if (isBlank(values.email ?? "") && isBlank(values.phone ?? ""))
    faults.push({ field: "email", fault: "contact_missing" });
  return [...faults, ...tooLong(values, fieldsOf(kind))];
}

/** What an enterprise is known by, and the other half of a trade register's entry of which one half is given. */
function identifiers(kind: SenderKind, values: Values): FieldName[] {
  if (kind !== "enterprise") return [];
  const wanted: FieldName[] =
    values.abroad === "true" ? ["foreign_registration.country", "foreign_registration.number"] : ["ice"];
  const halves: FieldName[] = ["trade_register.number", "trade_register.court"];
  return isTyped(values, halves) ? [...wanted, ...halves] : wanted;
}

function missing(values: Values, names: readonly FieldName[]): Fault[] {
  return names.filter((name) => isBlank(values[name] ?? "")).map((field) => ({ field, fault: "missing" }));
}

function tooLong(values: Values, names: readonly FieldName[]): Fault[] {
  return names
    .filter((name) => characters(values[name] ?? "") > (LONGEST[name] ?? Infinity))
    .map((field) => ({ field, fault: "too_long" }));
}

/** `f…@e….ma`, as the API masks an e-mail address: enough for its owner to recognise it; `null` where it is none. */
export function masked(email: string): string | null {
  const [local = "", domain] = email.trim().split(/@(?=[^@]*$)/);
  if (domain === undefined) return null;
  return `${local.slice(0, 1)}…@${domain.slice(0, 1)}….${domain.slice(domain.lastIndexOf(".") + 1)}`;
}
