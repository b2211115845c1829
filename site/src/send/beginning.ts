/** Which mail a tab goes on with when a desk is opened. */

import { type Draft, newDraft } from "../draft/draft.ts";
import type { Parts } from "../draft/session.ts";
import { language } from "../frame/words.ts";
import type { OrganismDetails } from "./desk.ts";

/**
 * How a desk was reached. `again`: another mail is wanted. `chosen`: by its link, so that a mail sent before is over
 * and one begun before goes on. `back`: by history or a reload, so that a mail that was sent is shown as sent.
 */
export type Arrival = "again" | "chosen" | "back";

/** The tab's own draft, else the last one to this desk (`isResumed`), else a new one. */
export async function draftFor(
  parts: Parts,
  desk: OrganismDetails,
  arrival: Arrival,
): Promise<{ draft: Draft; isResumed: boolean }> {
  const { device, clock, newId } = parts;
  const fresh = (id = newId()): Draft => newDraft(id, desk, language, clock.now());
  if (arrival === "again") {
    return { draft: fresh(), isResumed: false };
  }
  const id = await device.current();
  const own = id === null ? null : await device.load(id);
  if (own?.organism.organism_id === desk.organism_id) {
    return { draft: own, isResumed: false };
  }
  const sent = id === null ? null : await device.sentOf(id);
  if (arrival === "back" && sent?.organism.organism_id === desk.organism_id) {
    return { draft: fresh(sent.draft_id), isResumed: false };
  }
  const last = (await device.drafts()).find((draft) => draft.organism.organism_id === desk.organism_id);
  return last === undefined ? { draft: fresh(), isResumed: false } : { draft: last, isResumed: true };
}

/** How the page itself was opened. */
export function arrivalOfPage(fragment: string): Arrival {
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return navigation?.type === "navigate" && !/^#(contact|review|receipt)$/.test(fragment) ? "chosen" : "back";
}
