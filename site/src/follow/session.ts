/**
 * The mail that is open in this tab. It outlives a reload, another language and the way to a PDF and back; it ends when
 * the mail is closed, with the tab, and a while after the page was left: on a shared computer, "back" must not show
 * the mail to the next person.
 */

import type { Paper } from "./shapes.ts";

export interface Session {
  readonly mailId: string;
  readonly token: string;
  /** The link that the reader came by, which may have reached a stranger. */
  readonly link: Paper | null;
  /** New codes that are on the screen: nothing else has them yet. */
  readonly newCode: string;
}

/** What the page hands to itself in another language. */
export interface HandedOver {
  readonly typed: Paper;
  readonly stranger: Paper | null;
}

const OPEN = "follow-open";
const HANDED = "follow-handed";
/** How long a mail stays open in a tab that shows another page. */
export const MOST_AWAY_MILLISECONDS = 10 * 60_000;

export type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Keep the open mail. A browser that keeps nothing goes on without. */
export function keep(session: Session, store: Store | null, now: number): void {
  write(store, OPEN, { ...session, seen: now });
}

/** The mail that was open here, unless the page was left too long ago. */
export function kept(store: Store | null, now: number): Session | null {
  const found = read(store, OPEN) as (Session & { seen: number }) | null;
  if (!found) {
    return null;
  }
  const away = now - found.seen;
  if (!(away >= 0 && away < MOST_AWAY_MILLISECONDS)) {
    forget(store);
    return null;
  }
  return { mailId: found.mailId, token: found.token, link: found.link, newCode: found.newCode };
}

/** Nothing of the mail stays. */
export function forget(store: Store | null): void {
  remove(store, OPEN);
  remove(store, HANDED);
}

/** Keep what was typed until the page in another language takes it. */
export function handOver(handed: HandedOver, store: Store | null): void {
  write(store, HANDED, handed);
}

/** What was handed over, once. */
export function takeHanded(store: Store | null): HandedOver | null {
  const found = read(store, HANDED) as HandedOver | null;
  remove(store, HANDED);
  return found;
}

/** The tab's own storage; null where the browser refuses it. */
export function tabStorage(): Store | null {
  try {
    return globalThis.sessionStorage;
  } catch {
    return null;
  }
}

function write(store: Store | null, name: string, value: unknown): void {
  try {
    store?.setItem(name, JSON.stringify(value));
  } catch {
    // Full or forbidden: the mail stays open until the page is left.
  }
}

function read(store: Store | null, name: string): unknown {
  try {
    return JSON.parse(store?.getItem(name) ?? "null") as unknown;
  } catch {
    return null;
  }
}

function remove(store: Store | null, name: string): void {
  try {
    store?.removeItem(name);
  } catch {
    // What could not be kept need not go.
  }
}
