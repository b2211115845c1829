/** How long the page waits before it asks again, and how long an address of storage works. */

import { passes, Problem } from "../api/client.ts";

const MOST_TRIES = 6;
const MOST_MILLISECONDS = 30_000;

/**
 * Milliseconds before the next try without being asked; null where trying again cannot help, or enough was tried.
 * As long as the service asks for, and at random a little longer, so that pages do not come back all at once.
 */
export function pause(error: unknown, tried: number, random: () => number = Math.random): number | null {
  if (!passes(error) || tried >= MOST_TRIES) {
    return null;
  }
  const asked = error instanceof Problem ? (error.retryAfter ?? 0) * 1000 : 0;
  return Math.max(asked, Math.min(1000 * 2 ** tried, MOST_MILLISECONDS)) * (1 + random() * 0.25);
}

const SHORTEST_MILLISECONDS = 1000;
const LONGEST_MILLISECONDS = 3_600_000;

/**
 * Until when an address works on this device's clock. `at` is the service's clock when it answered: a telephone's may
 * be wrong by years. `usual` is how long such an address works where the answer does not say what time it is.
 */
export function worksUntil(expiresAt: string | null, at: number, now: number, usual: number): number {
  const left = new Date(expiresAt ?? Number.NaN).getTime() - at;
  return now + (Number.isFinite(left) ? Math.min(left, LONGEST_MILLISECONDS) : usual);
}

/** Milliseconds until an address should be asked for again: while the one at hand still works. */
export function refreshIn(until: number, now: number): number {
  const left = until - now;
  return Math.max(left - Math.min(15_000, left / 3), SHORTEST_MILLISECONDS);
}

/** An address that a link may lead to; empty for any other, such as a script's. */
export function safeAddress(address: unknown): string {
  return typeof address === "string" && /^https?:\/\//i.test(address) ? address : "";
}
