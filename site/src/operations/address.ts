/** Which section of the operators' pages an address shows. */

import { language } from "../frame/words.ts";

export type Place =
  | { readonly section: "failures" }
  | { readonly section: "organisms"; readonly q: string; readonly status: Status | null }
  /** `id` is null for an organism that does not exist yet. */
  | { readonly section: "organism"; readonly id: string | null }
  | { readonly section: "people"; readonly organism: string | null }
  | { readonly section: "directory" };

export type Status = "active" | "suspended";

/** The address of these pages in the page's language. */
const OPERATIONS = `/${language}/operations/`;

/** The place that a path and its query name; an address that names none leads to what waits. */
export function placeOf(path: string, query = ""): Place {
  const [name, id] = path.replace(/^\/(?:ar|fr|en)\/operations\/?/, "").split("/");
  const asked = new URLSearchParams(query);
  if (name === "organisms" && id) {
    return { section: "organism", id };
  }
  if (name === "organisms") {
    const status = asked.get("status");
    return { section: "organisms", q: asked.get("q") ?? "", status: status === "active" || status === "suspended" ? status : null };
  }
  if (name === "new-organism") {
    return { section: "organism", id: null };
  }
  if (name === "people") {
    return { section: "people", organism: asked.get("organism_id") };
  }
  return name === "directory" ? { section: "directory" } : { section: "failures" };
}

/** The address of a place. Search words name organisms, not people, and may stand in it. */
export function addressOf(place: Place): string {
  switch (place.section) {
    case "failures":
      return OPERATIONS;
    case "organisms":
      return `${OPERATIONS}organisms${query({ q: place.q, status: place.status ?? "" })}`;
    case "organism":
      return place.id === null ? `${OPERATIONS}new-organism` : `${OPERATIONS}organisms/${encodeURIComponent(place.id)}`;
    case "people":
      return `${OPERATIONS}people${query({ organism_id: place.organism ?? "" })}`;
    case "directory":
      return `${OPERATIONS}directory`;
  }
}

/** A query of the values that are not empty, for addresses of pages and of the API alike. */
export function query(values: Readonly<Record<string, string>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== "");
  return given.length ? `?${new URLSearchParams(given).toString()}` : "";
}
