/**
 * The preview of one file of a mail: its bytes go to a frame of opaque origin, and the desk outlives whatever becomes of
 * the frame. What the frame says is never trusted, and a frame that is silent for too long is removed.
 */

import { problemWords } from "../frame/problems.ts";
import { say } from "../frame/words.ts";
import { fromFrame, type FromFrame, type Open, type ToFrame } from "../preview/messages.ts";
import type { Around } from "./around.ts";
import type { Sources } from "./preview-sources.ts";
import type { Download, FileOfMail } from "./shapes.ts";

/** Files above 25 MB are not fetched for a preview. */
export const MOST_BYTES = 25 * 1024 * 1024;
/** Ticks of a second that the frame has for opening the file and for drawing a page, and how many pings it may miss. */
const TO_OPEN = 20;
const TO_DRAW = 15;
const MISSED_PINGS = 5;
export const ZOOMS = [1, 1.5, 2, 3] as const;

const SHOWN_TYPES: readonly string[] = ["application/pdf", "image/jpeg", "image/png"];

export interface PreviewState {
  readonly file: FileOfMail;
  readonly stage: "warned" | "opening" | "shown" | "ended";
  /** Why it ended. */
  readonly words: string;
  readonly page: number;
  readonly pages: number;
  /** Which of `ZOOMS`. */
  readonly zoom: number;
}

/** Whether a file has a preview: of a type that can be drawn, and delivered at all. */
export function hasPreview(file: FileOfMail): boolean {
  const isDelivered = file.check === "clean" || file.check === "unchecked";
  return isDelivered && SHOWN_TYPES.includes(file.detected_media_type ?? file.media_type);
}

export class Preview {
  #state: PreviewState | null = null;
  readonly #around: Around;
  readonly #address: (file: FileOfMail, accepted: boolean) => Promise<Download>;
  readonly #sources: Sources;
  #stop = new AbortController();
  #cargo: Open | null = null;
  #frame: Window | null = null;
  #port: MessagePort | null = null;
  #drawing = 0;
  /** Ticks until the answer is due; null where none is. */
  #due: number | null = null;
  #missed = 0;

  constructor(around: Around, address: (file: FileOfMail, accepted: boolean) => Promise<Download>, sources: Sources) {
    this.#around = around;
    this.#address = address;
    this.#sources = sources;
  }

  get state(): PreviewState | null {
    return this.#state;
  }

  /** Show a file. An unchecked one needs `accepted`. */
  async open(file: FileOfMail, accepted = false): Promise<void> {
    this.#drop();
    const stop = (this.#stop = new AbortController());
    this.#state = { file, stage: "opening", words: "", page: 1, pages: 1, zoom: 0 };
    if (file.check === "unchecked" && !accepted) {
      this.#become({ stage: "warned" });
      this.#around.focus('[data-action="preview-anyway"]');
      return;
    }
    if (file.size > MOST_BYTES) {
      this.#end(say("preview.too_large"));
      return;
    }
    this.#become({ stage: "opening" });
    this.#around.focus("#preview-title");
    try {
      const download = await this.#address(file, accepted);
      const parts = [this.#sources.engine(), this.#sources.bytes(download.url, file.size, stop.signal)] as const;
      const [engine, bytes] = await Promise.all(parts);
      if (!stop.signal.aborted) {
        this.#cargo = { kind: "open", engine, bytes };
        this.#handOver();
      }
    } catch (error) {
      if (!stop.signal.aborted) {
        this.#end(problemWords(error));
      }
    }
  }

  /** The frame's document is there. A second one in the same frame is none of ours. */
  framed(frame: Window | null): void {
    if (this.#frame) {
      this.#end(say("preview.died"));
      return;
    }
    this.#frame = frame;
    this.#handOver();
  }

  #handOver(): void {
    if (!this.#cargo || !this.#frame) {
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<unknown>) => this.#heard(fromFrame(data));
    // An opaque origin has no name; the policy lets no document but ours into the frame.
    this.#frame.postMessage(this.#cargo, "*", [port2, this.#cargo.bytes]);
    this.#cargo = null;
    this.#port = port1;
    this.#due = TO_OPEN;
  }

  #heard(message: FromFrame | null): void {
    if (message?.kind === "opened" && this.#state?.stage === "opening") {
      this.#become({ pages: message.pages });
      this.#ask();
    } else if (message?.kind === "drawn" && message.id === this.#drawing) {
      this.#due = null;
      this.#become({ stage: "shown" });
    } else if (message?.kind === "refused") {
      this.#end(say(message.reason === "too-large" ? "preview.too_large" : "preview.unreadable"));
    } else if (message?.kind === "pong") {
      this.#missed = 0;
    } else if (message?.kind === "escape") {
      this.close();
    }
  }

  /** Go so many pages on, or back. */
  turn(pages: number): void {
    const { state } = this;
    const page = Math.min(Math.max((state?.page ?? 1) + pages, 1), state?.pages ?? 1);
    if (state?.stage === "shown" && page !== state.page) {
      this.#become({ page });
      this.#ask();
    }
  }

  /** Enlarge by so many steps, or reduce. */
  enlarge(steps: number): void {
    const { state } = this;
    const zoom = Math.min(Math.max((state?.zoom ?? 0) + steps, 0), ZOOMS.length - 1);
    if (state?.stage === "shown" && zoom !== state.zoom) {
      this.#become({ zoom });
      this.#ask();
    }
  }

  #ask(): void {
    if (!this.#state) {
      return;
    }
    const { file, page, pages, zoom } = this.#state;
    this.#due = TO_DRAW;
    this.#drawing += 1;
    const label = say("preview.drawing_of", { name: file.file_name, page, pages });
    this.#tell({ kind: "draw", id: this.#drawing, page, zoom: ZOOMS[zoom] ?? 1, label });
  }

  /** Once a second: a frame that answers no more is removed. Seconds asleep, or in a hidden tab, do not count. */
  tick(): void {
    if (!this.#port || !this.#around.isVisible()) {
      return;
    }
    this.#missed += 1;
    this.#due = this.#due === null ? null : this.#due - 1;
    if (this.#missed > MISSED_PINGS || this.#due === 0) {
      this.#end(say("preview.died"));
    } else {
      this.#tell({ kind: "ping" });
    }
  }

  close(): void {
    const id = this.#state?.file.attachment_id;
    this.leave();
    if (id !== undefined) {
      this.#around.draw();
      this.#around.focus(`[data-file="${CSS.escape(id)}"] [data-action="preview"]`);
    }
  }

  /** The page shows something else now. */
  leave(): void {
    this.#drop();
    this.#state = null;
  }

  #end(words: string): void {
    this.#drop();
    this.#become({ stage: "ended", words });
  }

  /** Let go of frame and file. */
  #drop(): void {
    this.#stop.abort();
    this.#port?.close();
    this.#port = this.#frame = this.#cargo = this.#due = null;
    this.#missed = 0;
  }

  #tell(message: ToFrame): void {
    this.#port?.postMessage(message);
  }

  #become(changes: Partial<PreviewState>): void {
    this.#state = this.#state && { ...this.#state, ...changes };
    this.#around.draw();
  }
}
