/**
 * The files engine: check, hash, send and follow the attachments of one mail.
 *
 * ```ts
 * const queue = openQueue({ mail: () => draft.access(), limits: () => organism.accepts, saved, changed: update });
 * await queue.add(input.files);   // each is checked at once, then goes by itself
 * const stop = watchWaking(queue);
 * ```
 */

import { createHasher } from "./hash.ts";
import { createPut } from "./put.ts";
import { createQueue, SYSTEM_CLOCK } from "./queue.ts";
import type { QueueOptions, UploadQueue } from "./types.ts";
import { ask } from "../api/client.ts";
import { trustedScript } from "../frame/trusted.ts";
import { pageData } from "../frame/words.ts";

export { type Announcement, announcements, type Heard } from "./announcements.ts";
export { ACCEPT, ENDINGS } from "./names.ts";
export { isPhoto, pagesAsPdf, smaller, UnreadablePhoto } from "./photos.ts";
export { createQueue, watchWaking } from "./queue.ts";
export { waitsFor } from "./rows.ts";
export { announcementInWords, checkInWords, noteInWords, percentOf, problemInWords, stateInWords } from "./sentences.ts";
export type * from "./types.ts";

/** The queue with this browser's own worker, requests and clock. */
export function openQueue(
  options: Pick<QueueOptions, "mail" | "limits" | "changed" | "saved"> & Partial<Pick<QueueOptions, "ask">>,
): UploadQueue {
  const hasher = createHasher(
    () => new Worker(trustedScript(pageData().workers["hash-worker"] ?? ""), { type: "module" }),
  );
  const put = createPut(() => new XMLHttpRequest(), (milliseconds, action) => SYSTEM_CLOCK.after(milliseconds, action));
  return createQueue({ ask, ...options, put, digest: hasher.digest, closed: hasher.close });
}
