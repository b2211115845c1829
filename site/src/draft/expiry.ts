/** When a draft ends: it is said 20 minutes before, so that its sender can finish it or begin again in time. */

import type { Mail } from "./draft.ts";

const TOLD_BEFORE = 20 * 60_000;

/** `ending` has the whole minutes that are left, and `at` the end by this device's clock (ms). */
export type Remaining = { name: "long" } | { name: "ending"; minutes: number; at: number } | { name: "ended" };

/** `now` and `skew` (what to add to this device's clock to have the server's) in ms. */
export function remaining(mail: Mail | null, now: number, skew: number): Remaining {
  const end = mail === null ? NaN : Date.parse(mail.expires_at) - skew;
  if (Number.isNaN(end) || end - now > TOLD_BEFORE) return { name: "long" };
  return end <= now ? { name: "ended" } : { name: "ending", minutes: Math.floor((end - now) / 60_000), at: end };
}

/** How long (ms) until `remaining` says something else; `null` where it never will. */
export function untilNext(mail: Mail | null, now: number, skew: number): number | null {
  const left = mail === null ? NaN : Date.parse(mail.expires_at) - skew - now;
  if (Number.isNaN(left) || left <= 0) return null;
  return left > TOLD_BEFORE ? left - TOLD_BEFORE : (left % 60_000) + 1;
}
