/** Counts by day, for a line: the API leaves out days without mail, a line must not. */

import { day } from "../frame/moments.ts";
import type { Course } from "./line.ts";

const DAY_MILLISECONDS = 86_400_000;
/** Ten years: a wrong period must not freeze the page. */
const MOST_DAYS = 3660;

/** A figure for every day from the first to the last, both included (`YYYY-MM-DD`). */
export function every(counts: Readonly<Record<string, number>>, first: string, last: string): Course["figures"] {
  const begin = Date.parse(`${first}T00:00:00Z`);
  const end = Date.parse(`${last}T00:00:00Z`);
  const days = Math.min(MOST_DAYS, Math.floor((end - begin) / DAY_MILLISECONDS) + 1);
  return Array.from({ length: Math.max(0, days || 0) }, (_, index) => {
    const date = new Date(begin + index * DAY_MILLISECONDS).toISOString().slice(0, 10);
    return { label: day(date), value: counts[date] ?? 0 };
  });
}
