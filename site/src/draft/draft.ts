/** One mail begun, as it is kept on the device: what was typed, when, and the draft on the server that it belongs to. */

import type { QueuedFile } from "../files/types.ts";
import type { FieldName, Values } from "./fields.ts";

export type Language = "ar" | "fr" | "en";
export type Step = "write" | "contact" | "review";

export interface Organism {
  organism_id: string;
  code: string;
  category: string;
  name: { fr: string; ar: string };
  city?: string | null;
}

/** A value and when it was written (ms). Of two, the later one holds, in whichever tab it was written. */
export interface Written<T> {
  value: T;
  at: number;
}

/** The draft on the server. */
export interface Mail {
  mail_id: string;
  access_token: string;
  /** ISO 8601. */
  expires_at: string;
}

export interface Draft {
  id: string;
  organism: Organism;
  language: Language;
  step: Step;
  fields: Partial<Record<FieldName, Written<string>>>;
  /** By key, in the order in which they were chosen; `null` for one that was removed. */
  files: Partial<Record<string, Written<QueuedFile | null>>>;
  /** `null` before it is begun on the server, and again where it ended there. */
  mail: Written<Mail | null>;
  /** The bodies that the server took last, as JSON; none since the mail was begun on the server: `null`. */
  confirmed: { letter: Written<string | null>; sender: Written<string | null> };
  /** Whether another device may write this mail too. */
  handed_over: boolean;
  /** Where the mail was begun on another device: its identity number, which the server shows masked. */
  masked_national_id: string | null;
  started_at: number;
  /** When something was last typed (ms). */
  saved_at: number;
}

export function newDraft(id: string, organism: Organism, language: Language, now: number): Draft {
  return {
    id,
    organism,
    language,
    step: "write",
    fields: {},
    files: {},
    mail: { value: null, at: 0 },
    confirmed: { letter: { value: null, at: 0 }, sender: { value: null, at: 0 } },
    handed_over: false,
    masked_national_id: null,
    started_at: now,
    saved_at: now,
  };
}

export function valuesOf(draft: Draft): Values {
  return Object.fromEntries(Object.entries(draft.fields).map(([name, written]) => [name, written.value]));
}

export function filesOf(draft: Draft): QueuedFile[] {
  return Object.values(draft.files).flatMap((written) => written?.value ?? []);
}

/** The draft with a field written now. */
export function withField(draft: Draft, name: FieldName, value: string, now: number): Draft {
  const at = afterAll(draft.fields, now);
  return { ...draft, fields: { ...draft.fields, [name]: { value, at } }, saved_at: now };
}

/**
 * The draft with the files of a queue, which had those of `before`: another tab's are left alone. The same object
 * where nothing but a progress changed.
 */
export function withFiles(
  draft: Draft,
  before: readonly QueuedFile[],
  files: readonly QueuedFile[],
  now: number,
): Draft {
  const at = afterAll(draft.files, now);
  const kept = { ...draft.files };
  const settled = (file: QueuedFile | null | undefined) => JSON.stringify(file && { ...file, done: 0, again: null });
  for (const file of files) {
    if (settled(kept[file.key]?.value) !== settled(file)) kept[file.key] = { value: { ...file, done: 0 }, at };
  }
  for (const { key } of before) {
    if (kept[key]?.value && !files.some((file) => file.key === key)) kept[key] = { value: null, at };
  }
  const same = Object.keys(kept).every((key) => kept[key] === draft.files[key]);
  return same ? draft : { ...draft, files: kept, saved_at: now };
}

/** Later than all that was written before, even where the clock was put back. */
function afterAll(written: Partial<Record<string, Written<unknown>>>, now: number): number {
  return Math.max(now, ...Object.values(written).map((one) => (one?.at ?? 0) + 1));
}

/** What two tabs made of the same draft: field by field and file by file, what was written last. */
export function merged(mine: Draft, theirs: Draft): Draft {
  const mail = later(mine.mail, theirs.mail);
  return {
    ...mine,
    fields: latest(mine.fields, theirs.fields),
    files: latest(mine.files, theirs.files),
    mail,
    confirmed: confirmedFor(mail.value, mine, theirs),
    handed_over: mine.handed_over || theirs.handed_over,
    masked_national_id: mine.masked_national_id ?? theirs.masked_national_id,
    saved_at: Math.max(mine.saved_at, theirs.saved_at),
  };
}

/** The draft in a new mail on the server, which has nothing of it yet; with `null`, in none. */
export function inMail(draft: Draft, mail: Mail | null, now: number): Draft {
  const { letter, sender } = draft.confirmed;
  const none = { value: null, at: Math.max(now, draft.mail.at + 1, letter.at + 1, sender.at + 1) };
  return { ...draft, mail: { value: mail, at: none.at }, confirmed: { letter: none, sender: none } };
}

/** The draft, of which the server took a part; with `null`, it is not known to have it. */
export function withConfirmed(draft: Draft, part: "letter" | "sender", body: string | null, now: number): Draft {
  const at = Math.max(now, draft.confirmed[part].at + 1);
  return { ...draft, confirmed: { ...draft.confirmed, [part]: { value: body, at } } };
}

type Stamped<T> = Partial<Record<string, Written<T>>>;

function latest<T, S extends Stamped<T>>(mine: S, theirs: S): S {
  const both: Stamped<T> = { ...mine };
  for (const [name, written] of Object.entries(theirs)) {
    if (written) both[name] = later(both[name], written);
  }
  return both as S;
}

/** Whether two drafts hold the same text and files, whatever else changed. */
export function sameContent(one: Draft, other: Draft): boolean {
  const content = (draft: Draft) => JSON.stringify([Object.entries(valuesOf(draft)).sort(), filesOf(draft)]);
  return content(one) === content(other);
}

/** What the server took counts only for the mail that it was sent to. */
function confirmedFor(mail: Mail | null, mine: Draft, theirs: Draft): Draft["confirmed"] {
  const known = [mine, theirs].filter((draft) => draft.mail.value?.mail_id === mail?.mail_id);
  const [first = mine, second = first] = known;
  return {
    letter: later(first.confirmed.letter, second.confirmed.letter),
    sender: later(first.confirmed.sender, second.confirmed.sender),
  };
}

/** Of two values written in the same millisecond, every tab takes the same one. */
function later<T>(one: Written<T> | undefined, other: Written<T>): Written<T> {
  if (one === undefined || other.at > one.at) return other;
  if (other.at < one.at) return one;
  return JSON.stringify(other.value) > JSON.stringify(one.value) ? other : one;
}
