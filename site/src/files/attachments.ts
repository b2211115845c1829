/** The server's side of a file: its attachments, and what of them belongs to which row. */

import type { components } from "../../generated/contract.ts";
import type { QueuedFile } from "./types.ts";

/** A file as `GET /v1/mails/{mail_id}` lists it. */
export type Attachment = components["schemas"]["AttachmentView"];

/** Whether a row's announcement is this attachment: storage would take the same bytes under the same name. */
export function isSame(row: QueuedFile, attachment: Attachment): boolean {
  return (
    row.name === attachment.file_name && row.size === attachment.size && row.sha256 === attachment.sha256.toLowerCase()
  );
}

/** The attachment that a row announced: by its id, or where that answer was lost, by name, size and digest. */
export function attachmentOf(
  row: QueuedFile,
  attachments: readonly Attachment[],
  rows: readonly QueuedFile[],
): Attachment | undefined {
  const byId = attachments.find((each) => each.attachment_id === row.attachment_id);
  if (byId || !row.maybeAnnounced) return byId;
  const claimed = new Set(rows.map((each) => each.attachment_id));
  const orphans = attachments.filter((each) => !claimed.has(each.attachment_id) && isSame(row, each));
  return orphans.find((each) => each.uploaded) ?? orphans[0];
}

/** A row that storage holds. */
export function asSent(row: QueuedFile, attachment: Attachment): QueuedFile {
  return {
    ...row,
    attachment_id: attachment.attachment_id,
    maybeAnnounced: false,
    state: "sent",
    done: row.size,
    again: null,
    problem: null,
    check: attachment.check,
    reason: attachment.reason,
    reasonCode: attachment.reason_code,
  };
}

/** A row whose bytes this page does not have. */
export function asMissing(row: QueuedFile): QueuedFile {
  return { ...row, state: "missing", done: 0, again: null, problem: null, check: null, reason: null, reasonCode: null };
}

/** The rows once the server said what it holds. Rows under way stay as they are: their own steps ask again. */
export function reconciled(
  rows: readonly QueuedFile[],
  attachments: readonly Attachment[],
  newKey: () => string,
): readonly QueuedFile[] {
  const used = new Set<string>();
  const known = rows.map((row) => {
    const found = attachmentOf(row, attachments, rows);
    if (found) used.add(found.attachment_id);
    if (row.state !== "sent" && row.state !== "missing") return row;
    if (found?.uploaded === true) return asSent(row, found);
    const attachment_id = found?.attachment_id ?? null;
    return asMissing({ ...row, attachment_id, maybeAnnounced: false });
  });
  const others = attachments.filter((each) => !used.has(each.attachment_id));
  return [...known, ...others.map((each) => rowOf(each, newKey()))];
}

function rowOf(attachment: Attachment, key: string): QueuedFile {
  const row: QueuedFile = {
    key,
    name: attachment.file_name,
    size: attachment.size,
    mediaType: attachment.media_type,
    sha256: attachment.sha256.toLowerCase(),
    attachment_id: attachment.attachment_id,
    maybeAnnounced: false,
    state: "missing",
    done: 0,
    again: null,
    problem: null,
    note: null,
    check: null,
    reason: null,
    reasonCode: null,
  };
  return attachment.uploaded ? asSent(row, attachment) : row;
}
