/** Single keys of the desk. They are off until an agent turns them on: who dictates would press them by speaking. */

import type { Store } from "../follow/session.ts";

export const KEYS = ["j", "k", "o", "c", "a", "r", "?"] as const;
export type Key = (typeof KEYS)[number];

const KEPT = "desk-keys";

export class Keys {
  /** Whether the list of keys is shown. */
  shown = false;
  readonly #store: Store | null;
  #chosen: boolean | null;

  constructor(store: Store | null) {
    this.#store = store;
    this.#chosen = chosenIn(store);
  }

  get on(): boolean {
    return this.#chosen === true;
  }

  /** Turn the keys on or off, on this device. */
  choose(on: boolean): void {
    this.#chosen = on;
    try {
      this.#store?.setItem(KEPT, on ? "on" : "off");
    } catch {
      // Full or forbidden: the choice lasts until the page is left.
    }
  }

  /**
   * The key that was pressed on the desk itself, in capitals or not; null for one that is off, or meant for a field, a
   * button or the browser. `?` shows the keys until they were turned off.
   */
  pressed(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "isComposing" | "target">): Key | null {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isField(event.target)) {
      return null;
    }
    const key = KEYS.find((each) => each === LATIN[event.key] || each === event.key.toLowerCase());
    return key !== undefined && (this.on || (key === "?" && this.#chosen === null)) ? key : null;
  }
}

/** The same keys on an Arabic keyboard. */
const LATIN: Readonly<Record<string, Key>> = { ت: "j", ن: "k", خ: "o", ؤ: "c", ش: "a", ق: "r", "؟": "?" };

function isField(target: unknown): boolean {
  return typeof Element !== "undefined" && target instanceof Element && target.matches("input, textarea, select, [contenteditable]");
}

function chosenIn(store: Store | null): boolean | null {
  try {
    const kept = store?.getItem(KEPT) ?? null;
    return kept === null ? null : kept === "on";
  } catch {
    return null;
  }
}
