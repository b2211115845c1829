/** What the engine needs, as a browser has it. */

import { ask, randomText } from "../api/client.ts";
import { realClock } from "./clock.ts";
import { Device } from "./device.ts";
import type { Parts } from "./session.ts";
import { deviceStore, firstThatKeeps, memoryStore, type Store, tabStore } from "./stores.ts";
import { browserChannel, browserLocks } from "./tabs.ts";

/** The parts of this page, with the best store that this browser has. */
export async function openParts(): Promise<Parts> {
  const tab = await firstThatKeeps([...tabStores(), memoryStore()]);
  const lasting = await firstThatKeeps([...deviceStores(), tab]);
  const device = await Device.open(lasting, tab, () => Date.now());
  return { ask, clock: realClock, locks: browserLocks(), channel: browserChannel(), device, newId };
}

function tabStores(): Store[] {
  try {
    return [tabStore(sessionStorage)];
  } catch {
    // A browser that is told to keep nothing refuses even to name the storage.
    return [];
  }
}

function deviceStores(): Store[] {
  try {
    return [deviceStore()];
  } catch {
    return [];
  }
}

/** A draft's id on this device. */
export function newId(): string {
  return randomText(12);
}

/** Who writes on this page. */
export interface Writing {
  wake: () => void;
  leave: () => Promise<void>;
}

/** Lets who writes see that the network is back and that the page is left, or comes back, also from the cache. */
export function attach(writing: () => Writing | null, parts: Parts): void {
  const wake = (): void => writing()?.wake();
  const leave = (): void => void writing()?.leave();
  addEventListener("online", wake);
  addEventListener("pageshow", (event) => {
    if (event.persisted) wake();
  });
  addEventListener("pagehide", () => {
    leave();
    // A page that listens to other tabs is not kept for "back" by some browsers.
    parts.channel.close();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") wake();
    else leave();
  });
}

/** Everything of this site that the device holds, in every tab. The pages themselves, kept for use without network, stay. */
export async function eraseAll(parts: Parts): Promise<void> {
  parts.channel.post({ about: "erased" });
  await parts.device.erase();
  for (const storage of ["localStorage", "sessionStorage"] as const) {
    try {
      globalThis[storage].clear();
    } catch {
      // There is none to be cleared.
    }
  }
  if (typeof caches === "undefined") return;
  const names = await caches.keys();
  await Promise.all(names.filter((name) => !name.startsWith("pages-")).map((name) => caches.delete(name)));
}
