/** Which fields keep a step from being on the server, in a sentence. */

import type { FieldName } from "../draft/fields.ts";
import type { Session } from "../draft/session.ts";
import { say } from "../frame/words.ts";
import { errorsByField, fieldName } from "./faults.ts";

export function missingInWords(session: Session): string {
  const { saving } = session;
  if (saving.name === "device-only") {
    return say("wizard.why_incomplete", { fields: names(saving.missing, session) });
  }
  return saving.name === "failed" && saving.part !== "mail"
    ? say("wizard.why_fields", { fields: names([...errorsByField(saving.problem, saving.part).keys()], session) })
    : "";
}

function names(fields: readonly FieldName[], { values }: Session): string {
  const labels = [...new Set(fields.map((field) => fieldName(field, values)))];
  return new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" }).format(labels);
}
