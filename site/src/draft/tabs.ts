/** Several tabs on one draft: they tell each other what was typed, and only one of them begins a mail or sends it. */

import type { Draft } from "./draft.ts";
import type { Sent } from "./device.ts";

export type Message =
  | { about: "draft"; draft: Draft }
  | { about: "sent"; sent: Sent }
  | { about: "erased" }
  /** It was said whose the computer is. */
  | { about: "shared"; shared: boolean }
  /** A tab opened on a draft: those that have it say what they know. */
  | { about: "opened"; id: string };

export interface Channel {
  post(message: Message): void;
  /** Another tab's messages; never one's own. The answer ends it. */
  listen(hear: (message: Message) => void): () => void;
  close(): void;
}

const NAME = "bureau-ordre";

/** `BroadcastChannel`, or none where the browser has none: a tab then sees the others' text when it is looked at. */
export function browserChannel(): Channel {
  if (typeof BroadcastChannel !== "function") return { post: nothing, listen: () => nothing, close: nothing };
  const listeners = new Set<(message: Message) => void>();
  let channel: BroadcastChannel | null = null;
  // Closed when the page is left, and opened again when it comes back from the browser's cache.
  const open = (): BroadcastChannel => {
    if (channel === null) {
      channel = new BroadcastChannel(NAME);
      channel.onmessage = (event: MessageEvent<Message>) => {
        for (const hear of listeners) hear(event.data);
      };
    }
    return channel;
  };
  return {
    post: (message) => open().postMessage(message),
    listen: (hear) => {
      listeners.add(hear);
      open();
      return () => listeners.delete(hear);
    },
    close: () => {
      channel?.close();
      channel = null;
    },
  };
}

export interface Locks {
  /** Runs `work` while no other tab holds `name`; `waited` says that another one did when it was asked for. */
  hold<T>(name: string, work: (waited: boolean) => Promise<T>): Promise<T>;
}

export function browserLocks(): Locks {
  // Without a secure context the browser has no locks.
  const locks = (navigator as { locks?: LockManager }).locks;
  if (locks === undefined) return tabLocks();
  return {
    async hold<T>(name: string, work: (waited: boolean) => Promise<T>): Promise<T> {
      const asked = `${NAME}:${name}`;
      const first: { done: T } | null = await locks.request(asked, { ifAvailable: true }, async (lock) =>
        lock === null ? null : { done: await work(false) },
      );
      return first === null ? locks.request<Promise<T>>(asked, () => work(true)) : first.done;
    },
  };
}

/** Locks within one tab. */
export function tabLocks(): Locks {
  const held = new Map<string, Promise<unknown>>();
  return {
    hold(name, work) {
      const before = held.get(name);
      const run = before === undefined ? work(false) : before.then(() => work(true));
      const ended = run.then(nothing, nothing);
      held.set(name, ended);
      void ended.then(() => {
        if (held.get(name) === ended) held.delete(name);
      });
      return run;
    },
  };
}

// Nothing is to be done: the default of a listener's end.
function nothing(): void {
  return undefined;
}
