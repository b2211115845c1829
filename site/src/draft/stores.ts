/** Where a browser keeps things: on the device, for one tab, or in memory while the page is open. */

import { clear, createStore, del, entries, get, update } from "idb-keyval";

export interface Store {
  /** `device` outlives the browser, `tab` a reload, `memory` nothing. */
  kind: "device" | "tab" | "memory";
  get(key: string): Promise<unknown>;
  /** Replaces the value in one step: no other tab writes between. What `change` throws leaves the value as it was. */
  update(key: string, change: (old: unknown) => unknown): Promise<void>;
  remove(key: string): Promise<void>;
  entries(): Promise<[string, unknown][]>;
  clear(): Promise<void>;
}

export const DATABASE = "bureau-ordre";

/** IndexedDB. Each call fails where the browser has none, or keeps nothing in it. */
export function deviceStore(): Store {
  const store = createStore(DATABASE, "kept");
  return {
    kind: "device",
    get: (key) => get<unknown>(key, store),
    update: (key, change) => update(key, change, store),
    remove: (key) => del(key, store),
    entries: () => entries<string>(store),
    clear: () => clear(store),
  };
}

const PREFIX = "bureau-ordre:";

/** A tab's `sessionStorage`. */
export function tabStore(storage: Storage): Store {
  const keys = () => Object.keys(storage).filter((key) => key.startsWith(PREFIX));
  const read = (key: string): unknown => {
    const text = storage.getItem(PREFIX + key);
    return text === null ? undefined : JSON.parse(text);
  };
  return synchronous("tab", {
    read,
    write: (key, value) => storage.setItem(PREFIX + key, JSON.stringify(value)),
    remove: (key) => storage.removeItem(PREFIX + key),
    keys: () => keys().map((key) => key.slice(PREFIX.length)),
  });
}

export function memoryStore(): Store {
  const kept = new Map<string, string>();
  return synchronous("memory", {
    read: (key): unknown => {
      const text = kept.get(key);
      return text === undefined ? undefined : JSON.parse(text);
    },
    write: (key, value) => void kept.set(key, JSON.stringify(value)),
    remove: (key) => void kept.delete(key),
    keys: () => [...kept.keys()],
  });
}

interface Synchronous {
  read(key: string): unknown;
  write(key: string, value: unknown): void;
  remove(key: string): void;
  keys(): string[];
}

function synchronous(kind: Store["kind"], kept: Synchronous): Store {
  // A promise's body turns what a full or closed storage throws into a rejection.
  const soon = <T>(work: () => T): Promise<T> => new Promise((resolve) => resolve(work()));
  return {
    kind,
    get: (key) => soon(() => kept.read(key)),
    update: (key, change) => soon(() => kept.write(key, change(kept.read(key)))),
    remove: (key) => soon(() => kept.remove(key)),
    entries: () => soon(() => kept.keys().map((key) => [key, kept.read(key)])),
    clear: () => soon(() => kept.keys().forEach((key) => kept.remove(key))),
  };
}

const WAIT = 2_000;

/** The first of `stores` that takes a value and gives it back; the last one where none does. */
export async function firstThatKeeps(stores: readonly Store[], milliseconds = WAIT): Promise<Store> {
  const [store, ...rest] = stores;
  if (store === undefined) return memoryStore();
  return (await keeps(store, milliseconds)) ? store : firstThatKeeps(rest, milliseconds);
}

async function keeps(store: Store, milliseconds: number): Promise<boolean> {
  const probe = `probe-${Math.random()}`;
  const tried = (async () => {
    await store.update(probe, () => probe);
    const kept = (await store.get(probe)) === probe;
    await store.remove(probe);
    return kept;
  })();
  // Some browsers neither open a database nor say that they will not.
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  try {
    return await Promise.race([tried, tooLong]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
