/** The shapes of the files engine. `QueuedFile` is what the view renders and the draft keeps: it survives JSON. */

import type { Ask } from "../api/client.ts";

/**
 * Where a file is on its way.
 *
 * `checking`: its name and content are looked at. `hashing`: its SHA-256 is computed. `waiting`: its turn has not
 * come. `sending`: announced, or its bytes are on the way. `retrying`: failed in passing, and tried again by itself at
 * `again.at`. `sent`: storage holds it. `removing`: being deleted on the server. `missing`: known from an earlier
 * visit, but its bytes are no longer here: it must be chosen again. `failed`: `problem` says what to change.
 */
export type FileState =
  "checking" | "hashing" | "waiting" | "sending" | "retrying" | "sent" | "removing" | "missing" | "failed";

/** The security check's state, as the API gives it. */
export type Check = "pending" | "clean" | "unchecked" | "refused";

/** Why a file waits before it is tried again: no network; 30 s without progress; the service or storage is busy. */
export type RetryCause = "network" | "stalled" | "busy";

/** What is wrong with a file; `problemInWords` says what to change. */
export type ProblemCode =
  | "empty"
  | "too_large"
  | "too_many"
  | "ending"
  | "no_ending"
  | "name_missing"
  | "name_long"
  | "name_characters"
  | "heic"
  | "program"
  | "old_office"
  | "macros"
  | "archive"
  | "web_page"
  | "other_picture"
  | "video"
  | "content"
  | "unreadable"
  | "changed"
  | "refused"
  | "storage";

/** A hint about a file that goes all the same, in the words of `noteInWords`. */
export type NoteCode = "password" | "other_type" | "twice" | "smaller" | "pages";

export interface Problem {
  code: ProblemCode;
  /** Sizes are in bytes. */
  values: Readonly<Record<string, string | number>>;
}

export interface Note {
  code: NoteCode;
  values: Readonly<Record<string, string | number>>;
}

/** One file of the mail. A new object at each change. */
export interface QueuedFile {
  /** Identifies the row on this device, also before the server knows the file: the id of its element. */
  readonly key: string;
  /** As the API keeps it: composed (NFC), trimmed. */
  readonly name: string;
  readonly size: number;
  readonly mediaType: string;
  /** In hexadecimal; null until the file is hashed. */
  readonly sha256: string | null;
  /** The server's id; null until the announcement was answered. */
  readonly attachment_id: string | null;
  /** Whether an announcement may have arrived whose answer was lost. */
  readonly maybeAnnounced: boolean;
  readonly state: FileState;
  /** Bytes done of the step under way: hashed while `hashing`, handed to storage while `sending`. */
  readonly done: number;
  /** When and why it is tried again: milliseconds as `Date.now` gives them. */
  readonly again: { readonly at: number; readonly cause: RetryCause } | null;
  readonly problem: Problem | null;
  readonly note: Note | null;
  /** Null until the server was asked. */
  readonly check: Check | null;
  /** Why it is unchecked or refused and what to do: the API's own sentence in the page's language. */
  readonly reason: string | null;
  readonly reasonCode: string | null;
}

/** Progress of all files that are neither failed nor removed. */
export interface Total {
  readonly files: number;
  readonly sentFiles: number;
  readonly bytes: number;
  readonly sentBytes: number;
}

/** What the organism takes (`accepts` of `GET /v1/organisms/{organism_id}`). */
export interface Limits {
  readonly max_attachments: number;
  readonly max_attachment_bytes: number;
}

/** The draft that the files go to. */
export interface MailAccess {
  readonly mail_id: string;
  readonly access_token: string;
}

/** Why all sending has stopped: the draft has ended (401, 404), or the mail was sent already (409). */
export type Stopped = "ended" | "submitted";

/** Time and chance, so that tests need neither. */
export interface Clock {
  /** Milliseconds, as `Date.now`. */
  now(): number;
  /** Runs `action` once after so many milliseconds, unless the function returned is called before. */
  after(milliseconds: number, action: () => void): () => void;
  /** From 0 to 1, as `Math.random`. */
  random(): number;
}

/** Watches the bytes of a step and can end it. */
export interface Step {
  readonly signal: AbortSignal;
  readonly progress: (bytes: number) => void;
}

/** The SHA-256 of a file in hexadecimal. Rejects with `Unreadable` where the bytes cannot be read, even at once more. */
export type Digest = (file: Blob, step: Step) => Promise<string>;

/** The request that storage takes, from the answer to an announcement. */
export interface Upload {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly expires_at: string;
}

/** Storage's answer. `status` 0: no answer, or none that the browser lets us see. */
export interface PutAnswer {
  readonly status: number;
  /** Seconds, from `Retry-After`. */
  readonly retryAfter: number | null;
  /** Whether it was ended because no byte moved for so long. */
  readonly stalled: boolean;
}

/** Send the bytes. `patience`: milliseconds without progress after which it is given up. Rejects only if aborted. */
export type Put = (upload: Upload, file: Blob, step: Step & { readonly patience: number }) => Promise<PutAnswer>;

export interface QueueOptions {
  /** `ask` of `api/client.ts`. */
  readonly ask: Ask;
  /** The draft; made when the first file needs it. May reject with what `passes` calls passing: tried again. */
  readonly mail: () => Promise<MailAccess>;
  readonly limits: () => Limits;
  /** `digest` of `createHasher`. */
  readonly digest: Digest;
  /** Made by `createPut`. */
  readonly put: Put;
  /** Called after each change of `files`, `total` or `stopped`: render, and keep `files` in the draft. */
  readonly changed: () => void;
  /** `files` as an earlier visit left them. */
  readonly saved?: readonly QueuedFile[];
  readonly clock?: Clock;
  /** Called by `close`. */
  readonly closed?: () => void;
}

/** What the view and the draft read and do. */
export interface UploadQueue {
  /** In the order in which they were chosen; a new array at each change. Keep it in the draft as it is. */
  readonly files: readonly QueuedFile[];
  readonly total: Total;
  readonly stopped: Stopped | null;
  /** Whether `retry` can help this file: the same bytes may well be taken another time. */
  canRetry(file: QueuedFile): boolean;
  /** Files just chosen: each is checked at once, then goes by itself. The promise ends when all are checked. */
  add(files: Iterable<File>, note?: Note): Promise<void>;
  /** Cancel, or delete on the server. Twice is the same as once. */
  remove(key: string): void;
  /** Try a failed file again at once (`canRetry`), or a retrying one without waiting. */
  retry(key: string): void;
  /** Ask the server what it holds: on opening a kept draft, and before the review. Passing errors reach the caller. */
  refresh(): Promise<void>;
  /** `mail` leads to another draft, since the last one ended: every file whose bytes are here is sent to it. */
  restart(): void;
  /** The page is visible or the network is back: go on at once. `watchWaking` calls it. */
  wake(): void;
  /** End all work: the page goes. */
  close(): void;
}
