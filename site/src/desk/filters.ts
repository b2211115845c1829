/** Which mails the inbox lists. What is searched may be a name: it stands behind `#`, which no server sees. */

export const STATUSES = ["submitted", "collected", "answered", "redirected", "rejected"] as const;
export type Status = (typeof STATUSES)[number];

export interface Filters {
  readonly status: Status | "";
  readonly unread: boolean;
  readonly late: boolean;
  /** Days, included; empty: from the beginning, until now. */
  readonly from: string;
  readonly to: string;
  readonly q: string;
}

export const NO_FILTERS: Filters = { status: "", unread: false, late: false, from: "", to: "", q: "" };

/** The filters of an address. What it does not know counts as absent. */
export function filtersOf(query: string, fragment: string): Filters {
  const asked = new URLSearchParams(query);
  const status = STATUSES.find((each) => each === asked.get("status")) ?? "";
  return {
    status,
    unread: asked.get("unread") === "true",
    late: asked.get("late") === "true",
    from: dayOf(asked.get("from")),
    to: dayOf(asked.get("to")),
    q: new URLSearchParams(fragment.replace(/^#/, "")).get("q") ?? "",
  };
}

/** The address's query and fragment for these filters, empty where nothing is filtered. */
export function addressOf(filters: Filters): string {
  const query = asked(filters).toString();
  const behind = filters.q.trim() ? `#${new URLSearchParams({ q: filters.q }).toString()}` : "";
  return `${query ? `?${query}` : ""}${behind}`;
}

/** The request for the mails that pass these filters. */
export function requestOf(filters: Filters, cursor: string | null, limit: number): `/v1/${string}` {
  const query = asked(filters);
  if (filters.q.trim()) {
    query.set("q", filters.q.trim());
  }
  query.set("limit", String(limit));
  if (cursor !== null) {
    query.set("cursor", cursor);
  }
  return `/v1/inbox?${query.toString()}`;
}

/** Whether two filters list the same mails. */
export function isSame(one: Filters, other: Filters): boolean {
  return requestOf(one, null, 1) === requestOf(other, null, 1);
}

function asked(filters: Filters): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of ["status", "from", "to"] as const) {
    if (filters[name]) {
      query.set(name, filters[name]);
    }
  }
  for (const name of ["unread", "late"] as const) {
    if (filters[name]) {
      query.set(name, "true");
    }
  }
  return query;
}

function dayOf(text: string | null): string {
  return text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : "";
}
