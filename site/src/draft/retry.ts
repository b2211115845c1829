/** How long to wait before a request is sent again. */

const FIRST = 1_000;
const LONGEST = 60_000;

/**
 * The pause after failure number `attempt` (from 0): doubled each time up to a minute, half of it by chance, so that
 * all who were cut off do not come back in the same moment; never shorter than `retryAfter` (seconds).
 */
export function pauseBefore(attempt: number, retryAfter: number | null, random: () => number): number {
  const full = Math.min(FIRST * 2 ** attempt, LONGEST);
  return Math.max(full / 2, (retryAfter ?? 0) * 1_000) + (random() * full) / 2;
}
