/** Writes the draft down on the device as it is typed: one write at a time, and the last one has the last letter. */

import { type Device, Gone } from "./device.ts";
import type { Draft } from "./draft.ts";

export interface Parts {
  device: Device;
  draft: () => Draft;
  /** Whether the draft was sent or taken away: it is not written again. */
  isOver: () => boolean;
  /** What the device has now, with what another tab wrote. */
  kept: (draft: Draft) => void;
  /** Let the other tabs know. */
  tell: () => void;
  gone: () => void;
  /** The browser kept no more, so that the draft lies in a place that lasts less. */
  retreated: () => void;
}

export class Keeper {
  readonly #parts: Parts;
  #dirty = false;
  #tells = false;
  #writing: Promise<void> | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The draft changed. The promise ends when it is written down. */
  keep(tell: boolean): Promise<void> {
    this.#dirty = true;
    this.#tells ||= tell;
    return this.finish();
  }

  /** Until what changed so far is written down. */
  finish(): Promise<void> {
    if (this.#writing === null && this.#dirty && !this.#parts.isOver()) {
      this.#writing = this.#write().then(() => {
        this.#writing = null;
        // A letter may have been typed since the last one was written.
        return this.finish();
      });
    }
    return this.#writing ?? Promise.resolve();
  }

  async #write(): Promise<void> {
    const { device } = this.#parts;
    while (this.#dirty && !this.#parts.isOver()) {
      this.#dirty = false;
      try {
        this.#parts.kept(await device.save(this.#parts.draft()));
        if (this.#tells) this.#parts.tell();
        this.#tells = false;
      } catch (error) {
        if (error instanceof Gone) {
          this.#parts.gone();
          return;
        }
        if (device.store.kind === "memory") return;
        device.retreat();
        this.#dirty = true;
        this.#parts.retreated();
      }
    }
  }
}
