/** One PUT to storage. `fetch` reports no progress of what it sends, so XMLHttpRequest is used. */

import type { Put, PutAnswer } from "./types.ts";

/** The part of XMLHttpRequest that is used. */
export interface SendingRequest {
  open(method: string, url: string): void;
  setRequestHeader(name: string, value: string): void;
  getAllResponseHeaders(): string;
  send(body: Blob): void;
  abort(): void;
  readonly status: number;
  readonly upload: { onprogress: ((event: ProgressEvent) => unknown) | null };
  onloadend: ((event: ProgressEvent) => unknown) | null;
}

/** Names that a page may not set: the browser writes them. */
const OF_THE_BROWSER = new Set(["content-length", "host"]);

/** Makes a `put` on requests that `create` makes; `after` sets timers, as `Clock.after`. */
export function createPut(
  create: () => SendingRequest,
  after: (milliseconds: number, action: () => void) => () => void,
): Put {
  return (upload, file, { signal, progress, patience }) =>
    new Promise<PutAnswer>((resolve, reject) => {
      const request = create();
      let stalled = false;
      const watch = (): (() => void) =>
        after(patience, () => {
          stalled = true;
          request.abort();
        });
      let stopWatching = watch();
      const cancel = (): void => request.abort();
      request.upload.onprogress = ({ loaded }) => {
        stopWatching();
        stopWatching = watch();
        progress(loaded);
      };
      request.onloadend = () => {
        stopWatching();
        signal.removeEventListener("abort", cancel);
        if (signal.aborted) reject(new DOMException("cancelled", "AbortError"));
        else resolve({ status: stalled ? 0 : request.status, retryAfter: retryAfterOf(request), stalled });
      };
      signal.addEventListener("abort", cancel);
      if (signal.aborted) {
        stopWatching();
        reject(new DOMException("cancelled", "AbortError"));
        return;
      }
      request.open(upload.method, upload.url);
      for (const [name, value] of Object.entries(upload.headers)) {
        if (!OF_THE_BROWSER.has(name.toLowerCase())) request.setRequestHeader(name, value);
      }
      request.send(file);
    });
}

function retryAfterOf(request: SendingRequest): number | null {
  if (request.status !== 429 && request.status !== 503) return null;
  // Asking by name for a header that storage does not expose to pages is an error in the console.
  const found = /^retry-after:\s*(\d+)\s*$/im.exec(request.getAllResponseHeaders());
  return found ? Number(found[1]) : null;
}
