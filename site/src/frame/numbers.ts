/** Counts and lengths of time in the reader's language. */

import { language, say } from "./words.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Moroccans write Arabic with Western digits; plain `ar` has others. */
const NUMBERS = new Intl.NumberFormat(language === "ar" ? "ar-MA" : language);

/** "1 234" in French, "1.234" in Arabic, "1,234" in English. */
export function count(value: number): string {
  return NUMBERS.format(value);
}

/** A length of time in the one unit that fits it: "45 minutes", "3 heures", "12 jours". */
export function span(seconds: number): string {
  const minutes = Math.round(seconds / MINUTE);
  if (minutes < 1) {
    return say("frame.span_short");
  }
  if (minutes < 90) {
    return say("frame.span_minutes", { count: minutes });
  }
  const hours = Math.round(seconds / HOUR);
  return hours < 48 ? say("frame.span_hours", { count: hours }) : say("frame.span_days", { count: Math.round(seconds / DAY) });
}
