/** The mail that a tab is writing: what it shows, what keeps it, and what brings it to the server. */

import type { Ask } from "../api/client.ts";
import type { Clock, QueuedFile } from "../files/types.ts";
import type { Device, Sent } from "./device.ts";
import { type Draft, filesOf, inMail, type Mail, merged, sameContent, type Step, valuesOf, withConfirmed, withField, withFiles } from "./draft.ts";
import { type Remaining, remaining, untilNext } from "./expiry.ts";
import { Keeper } from "./keeper.ts";
import { type FieldName, isTyped, type Values } from "./names.ts";
import type { MailView, Part, Pushing, Saving, Typed } from "./pushing.ts";
import type { Server } from "./server.ts";
import type { Sending } from "./submission.ts";
import type { Channel, Locks, Message } from "./tabs.ts";

export interface Parts {
  readonly ask: Ask;
  readonly clock: Clock;
  readonly locks: Locks;
  readonly channel: Channel;
  readonly device: Device;
  readonly newId: () => string;
}

/** A long timer is late on a device that slept: the clock is looked at this often. */
const LOOK = 10 * 60_000;

export class Session {
  draft: Draft;
  /** The draft was taken away in another tab: erased with everything. */
  gone = false;
  sent: Sent | null = null;
  readonly #parts: Parts;
  readonly #changed: () => void;
  readonly #endings: (() => void)[] = [];
  readonly #keeper: Keeper;
  /** The files of this tab's queue, as the draft has them. */
  #queued: readonly QueuedFile[] = [];
  #savedKeys: ReadonlySet<string> = new Set();
  readonly #tab: string;
  /** `null` until `connect`. */
  #server: Server | null = null;
  /** Why it is not there yet, once that is to be said. */
  #apart: "offline" | "slow" | null = null;
  /** What was typed before it was there. */
  #waiting: Typed | null = null;
  #arrived: () => void = () => undefined;
  /** Until it is there, or it is known why not. */
  #arrival = this.#expected();
  #cancelExpiry: (() => void) | null = null;
  #closed = false;

  /** `changed` is called after each change of what is shown. */
  constructor(parts: Parts, draft: Draft, changed: () => void) {
    this.#parts = parts;
    this.draft = draft;
    this.#tab = parts.newId();
    this.#changed = changed;
    this.#keeper = new Keeper({
      device: parts.device,
      draft: () => this.draft,
      isOver: () => this.sent !== null || this.gone,
      kept: (draft) => this.#takeKept(draft),
      tell: () => parts.channel.post({ about: "draft", draft: this.draft }),
      gone: () => this.#vanish(),
      retreated: () => this.#notify(),
    });
    this.#endings.push(parts.channel.listen((message) => void this.#hear(message)));
    parts.channel.post({ about: "opened", id: draft.id });
    this.#planExpiry();
  }

  /** From now on the server gets what is typed; what it lacks of before goes at once, or when the typing pauses. */
  connect(made: typeof Server): void {
    if (this.#server !== null || this.#closed) return;
    const server = new made({
      parts: this.#parts,
      draft: () => this.draft,
      sent: () => this.sent,
      isOver: () => this.sent !== null || this.gone || this.#closed,
      keep: (draft) => this.#keep(draft),
      keepSent: (sent) => this.#keepSent(sent),
      changed: () => this.#notify(),
    });
    this.#server = server;
    if (this.sent !== null || this.gone) server.pushing.close();
    else if (this.#waiting !== null) server.pushing.soon(this.#waiting);
    else void server.pushing.now();
    if (this.draft.handed_over) server.elsewhere.watch();
    this.#arrived();
  }

  /** What brings a draft to the server does not come, or takes its time; `connect` may still follow. */
  stayApart(why: "offline" | "slow"): void {
    if (this.#server !== null) return;
    this.#apart = why;
    this.#arrived();
    this.#notify();
  }

  get values(): Values {
    return valuesOf(this.draft);
  }

  get saving(): Saving {
    if (this.remaining.name === "ended") return { name: "ended" };
    if (this.#server !== null) return this.#server.pushing.saving;
    if (!isTyped(this.values, Object.keys(this.values) as FieldName[])) return { name: "empty" };
    return this.#apart === null ? { name: "saving" } : { name: "device-only", why: this.#apart, retryAt: null, missing: [] };
  }

  /** What brings it to the server. Throws before `connect`. */
  get pushing(): Pushing {
    return this.#connected().pushing;
  }

  /** Whether the server has this part as it was typed. */
  has(part: Part): boolean {
    return this.#server?.pushing.has(part) ?? false;
  }

  get sending(): Sending {
    return this.sent === null ? (this.#server?.submission.state ?? { name: "idle" }) : { name: "sent", sent: this.sent };
  }

  get remaining(): Remaining {
    return remaining(this.draft.mail.value, this.#parts.clock.now(), this.#skew);
  }

  /** What the API understood last; `null` before it was asked. */
  get view(): MailView | null {
    return this.#server?.elsewhere.view ?? null;
  }

  /** Where the text lies if the network is gone; `memory` is lost when the page is closed. */
  get kept(): "device" | "tab" | "memory" {
    return this.#parts.device.store.kind;
  }

  /** A field was typed. The promise ends when the device has it. */
  write(name: FieldName, value: string): Promise<void> {
    if (this.values[name] === value || this.sent !== null || this.gone) return Promise.resolve();
    this.draft = withField(this.draft, name, value, this.#parts.clock.now());
    this.#bringSoon("here");
    return this.#keeper.keep(true);
  }

  /** The files that a new upload queue begins with. */
  savedFiles(): readonly QueuedFile[] {
    this.#queued = filesOf(this.draft);
    this.#savedKeys = new Set(this.#queued.map(({ key }) => key));
    return this.#queued;
  }

  /** The files as the upload queue has them now. */
  setFiles(rows: readonly QueuedFile[]): Promise<void> {
    // Each tab's queue counts its files from one: two tabs would take each other's for their own.
    const files = rows.map((row) => (this.#savedKeys.has(row.key) ? row : { ...row, key: `${this.#tab}-${row.key}` }));
    const draft = withFiles(this.draft, this.#queued, files, this.#parts.clock.now());
    this.#queued = files;
    return draft === this.draft || this.sent !== null || this.gone ? Promise.resolve() : this.#keep(draft);
  }

  /** A step was reached. */
  go(step: Step): void {
    if (this.draft.step === step) return;
    this.draft = { ...this.draft, step };
    if (this.draft.mail.value !== null) void this.#keeper.keep(false);
  }

  /** Bring all to the server now; what could not be brought is in the answer. */
  async settle(): Promise<Saving> {
    await this.#arrival;
    await this.#server?.pushing.now();
    return this.saving;
  }

  /** The mail on the server, for the first file: begun now if it is not yet. */
  mail(): Promise<Mail> {
    return this.pushing.begin();
  }

  /** Send the mail as it stands here. */
  async send(): Promise<Sending> {
    const { pushing, submission } = this.#connected();
    if (!this.draft.handed_over || this.sent !== null) return submission.send();
    if (!pushing.insists) {
      // Another device may have written over it unseen: the server gets it as its sender sees it.
      pushing.insists = true;
      const letter = withConfirmed(this.draft, "letter", null, this.#parts.clock.now());
      this.draft = withConfirmed(letter, "sender", null, this.#parts.clock.now());
    }
    return submission.send().finally(() => {
      pushing.insists = false;
    });
  }

  /** See what this device knows of the mail, and what other tabs did with it. */
  async recall(): Promise<void> {
    const { channel, device } = this.#parts;
    channel.post({ about: "opened", id: this.draft.id });
    const sent = await device.sentOf(this.draft.id);
    const kept = sent === null ? await device.load(this.draft.id).catch(() => null) : null;
    if (sent !== null) this.#become(sent);
    else if (kept !== null) this.#take(kept);
  }

  /** The network is back, or the page is seen again: go on at once. */
  async wake(): Promise<void> {
    if (this.#closed) return;
    await this.recall();
    this.#server?.submission.hurry();
    if (this.sent === null && !this.gone) await this.#server?.pushing.now();
    this.#planExpiry();
    this.#notify();
  }

  /** The page is left, perhaps for good: the device has the last letter. */
  leave(): Promise<void> {
    return this.#keeper.finish();
  }

  /** The mail ended on the server: begin another one with what the device has. */
  async renew(): Promise<Saving> {
    if (this.#server !== null) {
      this.#server.pushing.restart();
      this.#server.elsewhere.view = null;
    }
    await this.#keep(inMail(this.draft, null, this.#parts.clock.now()));
    const saving = await this.settle();
    this.#planExpiry();
    return saving;
  }

  /** Ask the server what it has: a phone may go on with this mail. Throws what `ask` throws. */
  refresh(): Promise<void> {
    return this.#connected().elsewhere.refresh();
  }

  /** From now on another device may write this mail too, and this one shows what it writes. */
  async handOver(): Promise<void> {
    if (!this.draft.handed_over) await this.#keep({ ...this.draft, handed_over: true });
    this.#server?.elsewhere.watch();
  }

  /** It was said whose the computer is. */
  async choose(shared: boolean): Promise<void> {
    this.#parts.channel.post({ about: "shared", shared });
    await this.#parts.device.choose(shared);
    if (this.draft.mail.value !== null || Object.keys(this.draft.fields).length > 0) await this.#keeper.keep(false);
    this.#notify();
  }

  /** The tab goes to another mail. */
  close(): void {
    this.#closed = true;
    this.#server?.pushing.close();
    this.#cancelExpiry?.();
    this.#server?.elsewhere.stop();
    for (const end of this.#endings) end();
  }

  #keep(draft: Draft): Promise<void> {
    this.draft = draft;
    this.#notify();
    this.#planExpiry();
    return this.#keeper.keep(true);
  }

  /** Something was typed: it is brought to the server once the typing pauses. */
  #bringSoon(where: Typed): void {
    if (this.#server !== null) {
      this.#server.pushing.soon(where);
      return;
    }
    if (this.#waiting !== "here") this.#waiting = where;
    this.#notify();
  }

  #connected(): Server {
    if (this.#server === null) throw new Error("The draft was not connected to its server.");
    return this.#server;
  }

  #expected(): Promise<void> {
    return new Promise((resolve) => {
      this.#arrived = resolve;
    });
  }

  get #skew(): number {
    return this.#server?.pushing.skew ?? 0;
  }

  async #keepSent(sent: Sent): Promise<Sent> {
    this.#become(sent);
    this.#parts.channel.post({ about: "sent", sent });
    // The number is shown whatever the browser keeps of it.
    await this.#parts.device.markSent(sent).catch(() => undefined);
    return sent;
  }

  #become(sent: Sent): void {
    this.sent = sent;
    this.#server?.pushing.close();
    this.#notify();
  }

  async #hear(message: Message): Promise<void> {
    const { channel, device } = this.#parts;
    if (message.about === "draft" && message.draft.id === this.draft.id) {
      this.#take(message.draft);
    } else if (message.about === "opened" && message.id === this.draft.id && this.sent === null) {
      channel.post({ about: "draft", draft: this.draft });
    } else if (message.about === "opened" && message.id === this.draft.id && this.sent !== null) {
      channel.post({ about: "sent", sent: this.sent });
    } else if (message.about === "sent" && message.sent.draft_id === this.draft.id && this.sent === null) {
      this.#become(message.sent);
      await device.markSent(message.sent).catch(() => undefined);
    } else if (message.about === "erased") {
      this.#vanish();
    } else if (message.about === "shared") {
      await device.choose(message.shared);
      void this.#keeper.keep(false);
    }
  }

  /** What another tab has of this draft. */
  #take(theirs: Draft): void {
    if (this.sent !== null || this.gone) return;
    const both = merged(this.draft, theirs);
    const differs = !sameContent(both, this.draft);
    this.draft = both;
    if (differs) {
      this.#bringSoon("elsewhere");
      void this.#keeper.keep(false);
    }
    this.#planExpiry();
    this.#notify();
  }

  /** The device has the draft, with what another tab wrote there meanwhile. */
  #takeKept(kept: Draft): void {
    const both = merged(this.draft, kept);
    const differs = !sameContent(both, this.draft);
    this.draft = both;
    if (differs) this.#notify();
  }

  #vanish(): void {
    if (this.sent !== null) return;
    this.gone = true;
    this.#server?.pushing.close();
    this.#notify();
  }

  #planExpiry(): void {
    const { clock } = this.#parts;
    this.#cancelExpiry?.();
    const next = untilNext(this.draft.mail.value, clock.now(), this.#skew);
    this.#cancelExpiry =
      next === null || this.#closed
        ? null
        : clock.after(Math.min(next, LOOK), () => {
            this.#planExpiry();
            if (this.remaining.name !== "long") this.#notify();
          });
  }

  #notify(): void {
    if (!this.#closed) this.#changed();
  }
}
