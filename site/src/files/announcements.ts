/**
 * What a live region says of uploads: the start, the half, the end, a failure; nothing after the end, and nothing
 * over and over. A pure function, so that a test can compare its log with a written script.
 */

import type { QueuedFile } from "./types.ts";

/** `again`: it failed in passing and goes on by itself. `twice`: chosen twice. `refused`: by the security check. */
export type AnnouncedEvent = "started" | "half" | "sent" | "failed" | "again" | "twice" | "refused";

export interface Announcement {
  readonly event: AnnouncedEvent;
  readonly row: QueuedFile;
}

/** What was said of each file so far, by its key. */
export type Heard = Readonly<Record<string, readonly AnnouncedEvent[]>>;

/** What is new to say, and what has then been said. Begin with the rows of an earlier visit and `null`: none is said. */
export function announcements(
  heard: Heard | null,
  rows: readonly QueuedFile[],
): { readonly heard: Heard; readonly said: readonly Announcement[] } {
  const now: Record<string, readonly AnnouncedEvent[]> = {};
  const said: Announcement[] = [];
  for (const row of rows) {
    const before = heard?.[row.key] ?? [];
    const found = eventsOf(row, before);
    now[row.key] = forgotten(row, [...before, ...found]);
    if (heard !== null) said.push(...found.map((event) => ({ event, row })));
  }
  return { heard: now, said };
}

function eventsOf(row: QueuedFile, before: readonly AnnouncedEvent[]): readonly AnnouncedEvent[] {
  const events: AnnouncedEvent[] = [];
  const add = (event: AnnouncedEvent, isSo: boolean): void => {
    if (isSo && !before.includes(event)) events.push(event);
  };
  const isHalf = row.state === "sending" && row.done * 2 >= row.size && row.done < row.size;
  add("started", row.state === "sending" || row.state === "sent");
  add("half", isHalf);
  add("sent", row.state === "sent");
  add("failed", row.state === "failed");
  add("again", row.state === "retrying");
  add("twice", row.note?.code === "twice");
  add("refused", row.state === "sent" && row.check === "refused");
  return events;
}

/** A failure may come back once a file was tried again; start and half are said once, whatever happens. */
function forgotten(row: QueuedFile, events: readonly AnnouncedEvent[]): readonly AnnouncedEvent[] {
  const isMoving = row.state === "sending" && row.done > 0;
  return events.filter((event) => {
    if (event === "failed") return row.state === "failed";
    return event !== "again" || !isMoving;
  });
}
