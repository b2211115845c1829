/** One try to bring one file to storage: announce it, put its bytes, and find out what became of them. */

import type { Ask } from "../api/client.ts";
import { Problem, passes } from "../api/client.ts";
import { asSent, type Attachment, attachmentOf } from "./attachments.ts";
import { bytesOf } from "./bytes.ts";
import type {
  Clock,
  Digest,
  MailAccess,
  Problem as FileProblem,
  Put,
  PutAnswer,
  QueuedFile,
  RetryCause,
  Step,
  Stopped,
  Upload,
} from "./types.ts";

/** How a try ended. */
export type Outcome =
  | { readonly sent: true }
  | { readonly again: RetryCause; readonly retryAfter: number | null }
  | { readonly problem: FileProblem }
  | { readonly stopped: Stopped };

/** Where a file's bytes go, and until when on this device's clock. */
export interface Address {
  readonly upload: Upload;
  readonly until: number;
}

/** What a try may read and change of its row. */
export interface Access {
  readonly mail: MailAccess;
  readonly ask: Ask;
  readonly put: Put;
  readonly digest: Digest;
  readonly clock: Clock;
  /** The row as it is now. */
  readonly row: () => QueuedFile;
  readonly rows: () => readonly QueuedFile[];
  readonly change: (change: Partial<QueuedFile>) => void;
  address: Address | null;
  /** Milliseconds without progress before a PUT is given up. */
  readonly patience: number;
}

interface AnnouncementAnswer {
  readonly attachment_id: string;
  readonly file_name: string;
  readonly upload: Upload;
}

/** Announcements of one try: the address may have expired while the page slept. */
const MOST_ANNOUNCEMENTS = 3;
/** An address that ends so soon (milliseconds) is not used. */
const TOO_LATE = 5000;

/** Brings a file to storage, or says why not. Rejects with an AbortError once `step.signal` is aborted. */
export async function transfer(file: Blob, access: Access, step: Step): Promise<Outcome> {
  try {
    for (let announcements = 0; ; announcements += 1) {
      if (!access.address || access.address.until < access.clock.now()) {
        if (announcements >= MOST_ANNOUNCEMENTS) return await storageRefuses(file, access, step);
        access.address = null;
        if (await isThere(access)) return { sent: true };
        await announce(access);
      }
      step.signal.throwIfAborted();
      const answer = await sendTo(access, file, step);
      const { status } = answer;
      if ((status >= 200 && status < 300) || status === 412) {
        access.change({ state: "sent", done: access.row().size, check: "pending" });
        return { sent: true };
      }
      if (status === 0 && !(await isReadable(file))) return await changed(access);
      if (status === 0 || [408, 409, 429].includes(status) || status >= 500) return passing(answer);
      if (status !== 403) return await storageRefuses(file, access, step);
      access.address = null;
    }
  } catch (error) {
    return outcomeOf(error);
  }
}

/** Takes a file back on the server. Twice is the same as once. */
export async function withdraw(access: Access): Promise<Outcome> {
  try {
    const { attachment_id, maybeAnnounced } = access.row();
    const found = attachment_id ?? (maybeAnnounced ? (await find(access))?.attachment_id : undefined);
    if (found !== undefined) await withdrawn(access, found);
    return { sent: true };
  } catch (error) {
    return outcomeOf(error);
  }
}

async function sendTo(access: Access, file: Blob, step: Step): Promise<PutAnswer> {
  const upload = access.address?.upload;
  if (!upload) throw new TypeError("not announced");
  const progress = (bytes: number): void => step.progress(Math.min(bytes, access.row().size));
  return access.put(upload, file, { signal: step.signal, progress, patience: access.patience });
}

/** Whether an earlier try brought the file there, though its answer was lost. What else it left is taken back. */
async function isThere(access: Access): Promise<boolean> {
  const row = access.row();
  if (row.attachment_id === null && !row.maybeAnnounced) return false;
  const found = await find(access);
  if (found?.uploaded === true) {
    access.change(asSent(row, found));
    return true;
  }
  // No address can be had again for an announced file: it is announced again.
  if (found) await withdrawn(access, found.attachment_id);
  access.change({ attachment_id: null, maybeAnnounced: false });
  return false;
}

async function find(access: Access): Promise<Attachment | undefined> {
  const { mail, ask } = access;
  const { body } = await ask<{ attachments: Attachment[] }>("GET", `/v1/mails/${mail.mail_id}`, {
    token: mail.access_token,
  });
  return attachmentOf(access.row(), body.attachments, access.rows());
}

async function withdrawn({ mail, ask }: Access, attachment: string): Promise<void> {
  try {
    await ask("DELETE", `/v1/mails/${mail.mail_id}/attachments/${attachment}`, { token: mail.access_token });
  } catch (error) {
    if (!(error instanceof Problem) || error.slug !== "attachment-not-found") throw error;
  }
}

async function announce(access: Access): Promise<void> {
  const { mail, ask, clock } = access;
  const { name, mediaType, size, sha256 } = access.row();
  access.change({ maybeAnnounced: true });
  const asked = clock.now();
  try {
    const { body, at } = await ask<AnnouncementAnswer>("POST", `/v1/mails/${mail.mail_id}/attachments`, {
      body: { file_name: name, media_type: mediaType, size, sha256 },
      token: mail.access_token,
    });
    // Counted from the service's clock: a phone's may be hours off.
    const lifetime = new Date(body.upload.expires_at).getTime() - (Number.isNaN(at) ? asked : at);
    access.address = { upload: body.upload, until: asked + lifetime - TOO_LATE };
    access.change({ attachment_id: body.attachment_id, name: body.file_name, maybeAnnounced: false });
  } catch (error) {
    // A refusal is an answer: nothing was announced.
    if (!passes(error)) access.change({ maybeAnnounced: false });
    throw error;
  }
}

/** Storage does not take these bytes: the file changed since it was hashed, or storage has a reason of its own. */
async function storageRefuses(file: Blob, access: Access, { signal }: Step): Promise<Outcome> {
  const digest = await access.digest(file, { signal, progress: () => undefined }).catch(() => null);
  signal.throwIfAborted();
  if (digest !== access.row().sha256) return changed(access);
  return { problem: { code: "storage", values: { name: access.row().name } } };
}

async function changed(access: Access): Promise<Outcome> {
  access.address = null;
  const outcome = await withdraw(access);
  if ("sent" in outcome) access.change({ attachment_id: null, maybeAnnounced: false });
  return { problem: { code: "changed", values: { name: access.row().name } } };
}

async function isReadable(file: Blob): Promise<boolean> {
  return bytesOf(file, 0, 1).then(
    () => true,
    () => false,
  );
}

function passing({ status, retryAfter, stalled }: PutAnswer): Outcome {
  return { again: stalled ? "stalled" : status === 0 ? "network" : "busy", retryAfter };
}

function outcomeOf(error: unknown): Outcome {
  if (passes(error)) {
    const isRefusal = error instanceof Problem;
    return { again: isRefusal ? "busy" : "network", retryAfter: isRefusal ? error.retryAfter : null };
  }
  if (!(error instanceof Problem)) throw error;
  if (error.slug === "already-submitted") return { stopped: "submitted" };
  if (error.status === 401 || error.slug === "mail-not-found") return { stopped: "ended" };
  const detail = error.errors[0]?.message ?? error.detail;
  return { problem: { code: "refused", values: { detail } } };
}
