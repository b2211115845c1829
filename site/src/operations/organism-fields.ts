/** An organism as it is typed into the form, and as the API takes it. */

import { westernDigits } from "../draft/typed.ts";
import { CATEGORIES } from "../frame/organisms.ts";
import { say } from "../frame/words.ts";
import type { Enrolment, OrganismDetails } from "./shapes.ts";

/** The names of the controls, which are those of the API's fields. */
export interface Typed {
  organism_id: string;
  code: string;
  category: string;
  name_fr: string;
  name_ar: string;
  city: string;
  language: string;
  emails: string;
  phones: string;
  after_working_days: string;
  escalate_after_days: string;
  max_attachments: string;
  max_attachment_bytes: string;
  national_id: boolean;
  sms_to_senders: boolean;
  is_test: boolean;
}
export type Name = keyof Typed;
export type Wrong = Partial<Record<Name, string>>;

const MEGABYTE = 1024 * 1024;
/** Typed by everybody: without them the service cannot enrol an organism. */
const NEEDED = ["code", "category", "name_fr", "name_ar", "emails"] as const;

export function emptyTyped(): Typed {
  return {
    organism_id: "",
    code: "",
    category: "",
    name_fr: "",
    name_ar: "",
    city: "",
    language: "fr",
    emails: "",
    phones: "",
    after_working_days: "3",
    escalate_after_days: "14",
    max_attachments: "20",
    max_attachment_bytes: "100",
    national_id: false,
    sms_to_senders: true,
    is_test: false,
  };
}

/** The form of an organism as it stands; sizes are typed in megabytes. */
export function typedOf(organism: OrganismDetails): Typed {
  return {
    organism_id: organism.organism_id,
    code: organism.code,
    category: organism.category,
    name_fr: organism.name.fr,
    name_ar: organism.name.ar,
    city: organism.city ?? "",
    language: organism.language,
    emails: organism.alerts.emails.join("\n"),
    phones: organism.alerts.phones.join("\n"),
    after_working_days: String(organism.reminders.after_working_days),
    escalate_after_days: String(organism.reminders.escalate_after_days),
    max_attachments: String(organism.accepts.max_attachments),
    max_attachment_bytes: String(Number((organism.accepts.max_attachment_bytes / MEGABYTE).toFixed(3))),
    national_id: organism.accepts.national_id,
    sms_to_senders: organism.sms_to_senders,
    is_test: organism.is_test,
  };
}

/**
 * The body of the request. It says all that is to be kept, so that what has no control comes from `former`. A size that
 * was not touched stays to the byte.
 */
export function bodyOf(typed: Typed, former: OrganismDetails | null, status: "active" | "suspended"): Enrolment {
  const untouched = former && typedOf(former).max_attachment_bytes === typed.max_attachment_bytes;
  return {
    code: typed.code.trim(),
    category: CATEGORIES.find((category) => category === typed.category) ?? "public_establishment",
    name: { fr: typed.name_fr.trim(), ar: typed.name_ar.trim() },
    city: typed.city.trim() || null,
    status,
    alerts: { emails: lines(typed.emails), phones: lines(typed.phones, /[\n,;،]+/) },
    accepts: {
      national_id: typed.national_id,
      max_attachments: number(typed.max_attachments),
      max_attachment_bytes: untouched
        ? former.accepts.max_attachment_bytes
        : Math.round(number(typed.max_attachment_bytes) * MEGABYTE),
    },
    language: typed.language === "ar" ? "ar" : "fr",
    reminders: {
      after_working_days: number(typed.after_working_days),
      escalate_after_days: number(typed.escalate_after_days),
    },
    sms_to_senders: typed.sms_to_senders,
    webhook: former?.webhook ?? null,
    is_test: typed.is_test,
  };
}

/** What is missing before the service is asked; it decides about all else. */
export function missing(typed: Typed, isNew: boolean): Wrong {
  const needed: readonly Name[] = isNew ? ["organism_id", ...NEEDED] : NEEDED;
  return Object.fromEntries(
    needed.filter((name) => String(typed[name]).trim() === "").map((name) => [name, say("operations.missing")]),
  );
}

/** The service's errors by control: it names `alerts.emails.0` or `name.fr`, the form has `emails` and `name_fr`. */
export function wrongOf(errors: readonly { readonly field: string; readonly message: string }[]): Wrong {
  const wrong: Wrong = {};
  for (const { field, message } of errors) {
    const path = field.replace(/\.\d+(?=\.|$)/g, "");
    const last = path.split(".").pop() ?? "";
    const name = path.startsWith("name.") ? `name_${last}` : path === "alerts" ? "emails" : last;
    if (isName(name)) {
      wrong[name] ??= message;
    }
  }
  return wrong;
}

function isName(name: string): name is Name {
  return name in emptyTyped();
}

/** Several addresses, one to a line, as people also paste them. Telephone numbers have spaces within. */
function lines(text: string, between = /[\s,;،]+/): string[] {
  return text
    .split(between)
    .map((each) => each.trim())
    .filter(Boolean);
}

function number(text: string): number {
  return Number(westernDigits(text).replace(",", ".").trim() || Number.NaN);
}
