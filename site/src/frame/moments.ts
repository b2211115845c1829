/** Dates, times and sizes as Moroccans write them. `Intl` knows neither their months nor the latest clocks. */

import { OFFSETS } from "../../generated/clocks.ts";
import { say, type WordKey } from "./words.ts";

/** Minutes that Moroccan clocks are ahead of UTC at this instant (milliseconds of Unix time). */
export function minutesAhead(instant: number): number {
  let ahead = OFFSETS[0]?.[1] ?? 0;
  for (const [since, minutes] of OFFSETS) {
    if (instant >= since * 60_000) {
      ahead = minutes;
    }
  }
  return ahead;
}

/** "23 juillet 2026 à 00:30 (UTC+01:00)". */
export function moment(iso: string): string {
  const instant = new Date(iso).getTime();
  const ahead = minutesAhead(instant);
  const local = new Date(instant + ahead * 60_000);
  const offset = `${ahead < 0 ? "-" : "+"}${two(Math.floor(Math.abs(ahead) / 60))}:${two(Math.abs(ahead) % 60)}`;
  return say("frame.moment", { ...dayOf(local), time: timeOf(local), offset });
}

/** "23 juillet 2026, 00:30", for lists; without the offset. */
export function shortMoment(iso: string): string {
  const instant = new Date(iso).getTime();
  const local = new Date(instant + minutesAhead(instant) * 60_000);
  return say("frame.short_moment", { ...dayOf(local), time: timeOf(local) });
}

/** "14:02" on Moroccan clocks. */
export function clock(instant: number): string {
  return say("frame.clock", { time: timeOf(new Date(instant + minutesAhead(instant) * 60_000)) });
}

/** "23 juillet 2026", from a date without a time. */
export function day(date: string): string {
  return say("frame.day", dayOf(new Date(`${date}T00:00:00Z`)));
}

/** The name of a month, 1 to 12. */
export function monthName(month: number): string {
  return say(`frame.month_${month}` as WordKey);
}

/** A file's size, with the decimal mark of the language. */
export function size(bytes: number): string {
  if (bytes < 1024) {
    return say("frame.bytes", { size: bytes });
  }
  const kilobytes = bytes / 1024;
  return kilobytes < 1024
    ? say("frame.kilobytes", { size: Math.round(kilobytes) })
    : say("frame.megabytes", { size: Number((kilobytes / 1024).toFixed(1)).toString().replace(".", say("frame.decimal_mark")) });
}

function dayOf(local: Date): { day: number; month: string; year: number } {
  return { day: local.getUTCDate(), month: monthName(local.getUTCMonth() + 1), year: local.getUTCFullYear() };
}

function timeOf(local: Date): string {
  return `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
