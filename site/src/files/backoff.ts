/** How long to wait before another try. */

const FIRST = 1000;
const LONGEST = 60_000;

/**
 * Milliseconds: twice as long after each failure (`failures` from 0), up to a minute, and by chance shorter by up to a
 * half, so that phones that lost the network together do not come back together. Never less than `retryAfter` seconds.
 */
export function delayAfter(failures: number, retryAfter: number | null, random: () => number): number {
  const longest = Math.min(LONGEST, FIRST * 2 ** failures);
  const asked = (retryAfter ?? 0) * 1000;
  return Math.max(longest * (0.5 + random() / 2), asked > 0 ? asked + random() * FIRST : 0);
}
