/** What lies around an operators' section in tests. */

import type { Place } from "../../src/operations/address.ts";
import type { Around } from "../../src/operations/around.ts";
import type { OrganismDetails } from "../../src/operations/shapes.ts";
import { service } from "./asked.ts";

type Replies = Parameters<typeof service>;

export interface World extends Around {
  readonly asked: ReturnType<typeof service>["asked"];
  readonly said: string[];
  readonly focused: string[];
  readonly gone: Place[];
}

export function world(...replies: Replies): World {
  const { ask, asked } = service(...replies);
  const said: string[] = [];
  const focused: string[] = [];
  const gone: Place[] = [];
  return {
    ask,
    asked,
    who: () => "operator@example.org",
    said,
    focused,
    gone,
    now: () => 0,
    isVisible: () => true,
    draw: () => undefined,
    focus: (selector) => void focused.push(selector),
    announce: (words) => void said.push(words),
    go: (place) => void gone.push(place),
  };
}

export const ANAM: OrganismDetails = {
  organism_id: "anam",
  code: "ANAM",
  category: "public_establishment",
  name: { fr: "Agence nationale de l’assurance maladie", ar: "الوكالة الوطنية للتأمين الصحي" },
  city: "Rabat",
  status: "active",
  language: "fr",
  alerts: { emails: ["bureau@anam.example.org"], phones: ["+212612345678"] },
  accepts: { national_id: false, max_attachments: 20, max_attachment_bytes: 1_234_567 },
  reminders: { after_working_days: 3, escalate_after_days: 14 },
  sms_to_senders: true,
  webhook: { url: "https://anam.example/mail", secret_version: 4 },
  is_test: false,
  version: "v7",
  failing: [],
  unreachable: false,
  code_fixed: true,
};
