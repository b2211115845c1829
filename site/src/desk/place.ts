/** Which part of the desk an address shows. */

import { language } from "../frame/words.ts";

export type Place =
  | { readonly part: "inbox" }
  | { readonly part: "mail"; readonly number: string; readonly form: Form | null }
  | { readonly part: "counter" }
  | { readonly part: "statistics" };

/** What an agent can do to a mail by filling something in. */
export const FORMS = ["answer", "redirect", "reject"] as const;
export type Form = (typeof FORMS)[number];

/** The address of the desk in the page's language. */
export const DESK = `/${language}/desk/`;

/** The place that a path and its query name. */
export function placeOf(path: string, query = ""): Place {
  const name = decoded(path.replace(/^\/(?:ar|fr|en)\/desk\/?/, "").replace(/\/+$/, ""));
  if (name === "") {
    return { part: "inbox" };
  }
  if (name === "counter" || name === "statistics") {
    return { part: name };
  }
  const asked = new URLSearchParams(query).get("form");
  return { part: "mail", number: name, form: FORMS.find((form) => form === asked) ?? null };
}

/** The address of a mail, with a form that is open at once. */
export function mailAddress(number: string, form?: Form): string {
  return `${DESK}${encodeURIComponent(number)}${form ? `?form=${form}` : ""}`;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
