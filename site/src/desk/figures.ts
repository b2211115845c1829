/** The statistics of a public body: the period in the address, and the figures as CSV. */

import { minutesAhead } from "../frame/moments.ts";
import type { Statistics } from "./shapes.ts";

export interface Period {
  /** Days in Casablanca, included. */
  readonly from: string;
  readonly to: string;
}

const DAY_MILLISECONDS = 86_400_000;
/** The service counts a year at most. */
export const MOST_DAYS = 366;
export const USUAL_DAYS = 30;

/** The day in Casablanca at an instant (milliseconds of Unix time). */
export function dayAt(instant: number): string {
  return new Date(instant + minutesAhead(instant) * 60_000).toISOString().slice(0, 10);
}

/** So many days up to today. */
export function lastDays(count: number, now: number): Period {
  return { from: dayAt(now - (count - 1) * DAY_MILLISECONDS), to: dayAt(now) };
}

/** The period of an address; where it names none that can be counted, the last thirty days. */
export function periodOf(query: string, now: number): Period {
  const asked = new URLSearchParams(query);
  const from = asked.get("from") ?? "";
  const to = asked.get("to") ?? "";
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MILLISECONDS + 1;
  const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);
  return isDay(from) && isDay(to) && days >= 1 && days <= MOST_DAYS ? { from, to } : lastDays(USUAL_DAYS, now);
}

/**
 * A row for each day, with its counts by status, kind and channel (RFC 4180). The mark at the beginning lets spreadsheets
 * read Arabic headings. Days, names of columns and numbers alone: nothing that a spreadsheet would run.
 */
export function csvOf(statistics: Statistics, headings: { readonly day: string; readonly total: string; readonly of: (name: string) => string }): string {
  const groups = ["by_status", "by_kind", "by_channel"] as const;
  const names = groups.flatMap((group) => Object.keys(statistics[group]).map((name) => ({ group, name })));
  const rows = [
    [headings.day, headings.total, ...names.map(({ group, name }) => headings.of(`${group}.${name}`))],
    ...statistics.days.map((each) => [each.day, each.total, ...names.map(({ group, name }) => count(each[group], name))]),
  ];
  return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

function count(counts: Readonly<Record<string, number>>, name: string): number {
  return counts[name] ?? 0;
}

function cell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
