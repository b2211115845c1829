/**
 * What is kept on the device: drafts, desks used lately, and the numbers of sent mails that the sender chose to keep.
 *
 * On a shared computer only the open tab keeps anything. Where the sender did not say whose the device is, drafts are
 * kept on it and everything goes once the mail is sent.
 */

import { type Draft, merged } from "./draft.ts";
import { type Store, memoryStore } from "./stores.ts";

/** A sent mail: what its sender needs to follow it and to have it checked. */
export interface Sent {
  draft_id: string;
  mail_id: string;
  access_token: string;
  organism: Draft["organism"];
  number: string;
  submitted_at: string;
  verification_code: string;
  follow_up_code: string;
  /** `f…@e….ma`: whom the receipt went to, as much of it as may be shown. */
  email: string | null;
}

/** A sent mail as it stays on the device: without the token. */
export type KeptSent = Omit<Sent, "access_token" | "draft_id">;

/** What the tab and the device kept at one time. */
export interface Snapshot {
  readonly shared: boolean | null;
  readonly tab: readonly [string, unknown][];
  readonly lasting: readonly [string, unknown][];
}

/** The draft was erased, or sent, in another tab: it is not to be written again. */
export class Gone extends Error {}

const DAY = 86_400_000;
const KEPT = 7 * DAY;
const MOST_DESKS = 5;

export class Device {
  /** Where drafts lie now. */
  store: Store;
  readonly #lasting: Store;
  readonly #tab: Store;
  #shared: boolean | null;
  readonly #now: () => number;
  /** Drafts that the store took once: one of them that is missing was taken away. */
  readonly #known = new Set<string>();

  private constructor(lasting: Store, tab: Store, shared: boolean | null, now: () => number) {
    this.#lasting = lasting;
    this.#tab = tab;
    this.#shared = shared;
    this.#now = now;
    this.store = shared === true ? tab : lasting;
  }

  /** `lasting` is the best store of this browser, perhaps `tab` itself. */
  static async open(lasting: Store, tab: Store, now: () => number): Promise<Device> {
    const said = (await tab.get("shared")) ?? (await lasting.get("shared"));
    return new Device(lasting, tab, typeof said === "boolean" ? said : null, now);
  }

  /** `null` until the sender said it. */
  get shared(): boolean | null {
    return this.#shared;
  }

  /** The answer to "is this a shared computer?". It holds in this tab or, of a device of one's own, from now on. */
  async choose(shared: boolean): Promise<void> {
    const from = this.store;
    this.#known.clear();
    this.#shared = shared;
    this.store = shared ? this.#tab : this.#lasting;
    await this.#tab.update("shared", () => shared);
    if (shared) {
      for (const [key, value] of await from.entries()) if (key.startsWith("draft:")) await this.#move(key, value);
      if (this.#lasting !== this.#tab) await this.#lasting.clear();
    } else {
      await this.#lasting.update("shared", () => shared);
      if (from !== this.store) {
        for (const [key, value] of await from.entries()) {
          if (!key.startsWith("draft:")) continue;
          await this.#move(key, value);
          await from.remove(key);
        }
      }
    }
  }

  #move(key: string, value: unknown): Promise<void> {
    return this.store.update(key, (old) => old ?? value);
  }

  /**
   * Keeps the draft and answers what it is now, with what another tab wrote meanwhile.
   *
   * Throws `Gone` where another tab took it away; anything else means that the browser keeps no more.
   */
  async save(draft: Draft): Promise<Draft> {
    let both = draft;
    const key = `draft:${draft.id}`;
    await this.store.update(key, (old) => {
      if (old === undefined && this.#known.has(draft.id)) throw new Gone();
      both = isDraft(old) ? merged(draft, old) : draft;
      return both;
    });
    this.#known.add(draft.id);
    return both;
  }

  async load(id: string): Promise<Draft | null> {
    const found = await this.store.get(`draft:${id}`);
    if (!isDraft(found)) return null;
    this.#known.add(id);
    return found;
  }

  /** The drafts, the last one touched first. Those not touched for a week are removed. */
  async drafts(): Promise<Draft[]> {
    const all = (await this.store.entries()).filter(([key]) => key.startsWith("draft:")).map(([, draft]) => draft);
    const drafts = all.filter(isDraft);
    const old = drafts.filter((draft) => draft.saved_at < this.#now() - KEPT);
    for (const draft of old) await this.forget(draft.id);
    return drafts.filter((draft) => !old.includes(draft)).sort((one, other) => other.saved_at - one.saved_at);
  }

  async forget(id: string): Promise<void> {
    await this.store.remove(`draft:${id}`);
  }

  /** The desks used lately, by id, the last one first. */
  async desks(): Promise<string[]> {
    const found = await this.store.get("desks");
    return Array.isArray(found) ? found.filter((id): id is string => typeof id === "string") : [];
  }

  async useDesk(organism_id: string): Promise<void> {
    const before = await this.desks();
    await this.store.update("desks", () => [organism_id, ...before.filter((id) => id !== organism_id)].slice(0, MOST_DESKS));
  }

  /** Where this tab stands: its draft, and the mail that it sent. */
  async current(): Promise<string | null> {
    const id = await this.#tab.get("current");
    return typeof id === "string" ? id : null;
  }

  async setCurrent(id: string | null): Promise<void> {
    await (id === null ? this.#tab.remove("current") : this.#tab.update("current", () => id));
  }

  /**
   * The draft was sent: the tab knows its number until it is closed, and the draft is gone from the device.
   *
   * On a device of which the sender did not say that it is one's own, the desks used go too.
   */
  async markSent(sent: Sent): Promise<void> {
    await this.#tab.update(`sent:${sent.draft_id}`, () => sent);
    await this.forget(sent.draft_id);
    if (this.#shared === null) {
      const desks = await this.desks();
      await this.store.remove("desks");
      await this.#tab.update("desks", () => desks);
    }
  }

  async sentOf(draft_id: string): Promise<Sent | null> {
    const found = await this.#tab.get(`sent:${draft_id}`);
    return typeof found === "object" && found !== null ? (found as Sent) : null;
  }

  /** The sender chose to keep a sent mail's number and codes on this device. */
  async keepSent(sent: Sent): Promise<void> {
    const { mail_id, organism, number, submitted_at, verification_code, follow_up_code, email } = sent;
    const kept: KeptSent = { mail_id, organism, number, submitted_at, verification_code, follow_up_code, email };
    await this.store.update(`kept:${sent.number}`, () => kept);
  }

  async dropSent(number: string): Promise<void> {
    await this.store.remove(`kept:${number}`);
  }

  async keptSent(): Promise<KeptSent[]> {
    const found = (await this.store.entries()).filter(([key]) => key.startsWith("kept:")).map(([, kept]) => kept);
    return (found as KeptSent[]).sort((one, other) => other.submitted_at.localeCompare(one.submitted_at));
  }

  /** The browser takes no more here: what comes now is kept for the tab or, in the end, while the page is open. */
  retreat(): void {
    this.#known.clear();
    this.store = this.store.kind === "device" ? this.#tab : this.store.kind === "tab" ? memoryStore() : this.store;
  }

  /** What an erasure would lose. */
  async contents(): Promise<{ drafts: Draft[]; sent: KeptSent[]; desks: number }> {
    return { drafts: await this.drafts(), sent: await this.keptSent(), desks: (await this.desks()).length };
  }

  /** All that is kept, in memory: for an erasure that is undone. */
  async snapshot(): Promise<Snapshot> {
    return { shared: this.#shared, tab: await this.#tab.entries(), lasting: await this.#lasting.entries() };
  }

  async restore({ shared, tab, lasting }: Snapshot): Promise<void> {
    for (const [key, value] of tab) await this.#tab.update(key, () => value);
    for (const [key, value] of lasting) await this.#lasting.update(key, () => value);
    this.#shared = shared;
    this.store = shared === true ? this.#tab : this.#lasting;
  }

  /** Everything of this site that the device and the tab hold. */
  async erase(): Promise<void> {
    this.#shared = null;
    await this.#tab.clear();
    await this.#lasting.clear();
    this.store = this.#lasting;
  }
}

function isDraft(value: unknown): value is Draft {
  return typeof value === "object" && value !== null && "fields" in value && "confirmed" in value;
}
