/** Questions about the list of files, for the queue, the view and the draft. */

import { asMissing } from "./attachments.ts";
import type { ProblemCode, QueuedFile, Total } from "./types.ts";

const MAY_PASS: readonly ProblemCode[] = ["unreadable", "storage", "refused", "too_many"];

/** Whether the same file may be taken another time. */
export function mayPass(row: QueuedFile): boolean {
  return row.state === "retrying" || (row.problem !== null && MAY_PASS.includes(row.problem.code));
}

/** Rows that count towards the organism's number of attachments, and towards progress. */
export function counts(row: QueuedFile): boolean {
  return row.state !== "failed" && row.state !== "removing";
}

/** What keeps the mail from being sent: files under way, to be chosen again, with a problem, or refused. */
export function waitsFor(rows: readonly QueuedFile[]): readonly QueuedFile[] {
  return rows.filter((row) => row.state !== "sent" || row.check === "refused");
}

/** Progress of all files. */
export function totalOf(rows: readonly QueuedFile[]): Total {
  const counted = rows.filter(counts);
  const sum = (each: (row: QueuedFile) => number): number => counted.reduce((total, row) => total + each(row), 0);
  return {
    files: counted.length,
    sentFiles: counted.filter((row) => row.state === "sent").length,
    bytes: sum((row) => row.size),
    sentBytes: sum((row) => (row.state === "sent" ? row.size : row.state === "sending" ? row.done : 0)),
  };
}

/** Rows of an earlier visit: their bytes are no longer here. */
export function restored(rows: readonly QueuedFile[]): readonly QueuedFile[] {
  return rows.map((row) => (["sent", "removing", "failed"].includes(row.state) ? row : asMissing(row)));
}

/** A file that is there already, or is on its way: the same name, size and digest. */
export function twinOf(row: QueuedFile, rows: readonly QueuedFile[]): QueuedFile | undefined {
  return rows.find(
    (each) =>
      each.key !== row.key &&
      counts(each) &&
      each.state !== "missing" &&
      each.sha256 === row.sha256 &&
      each.name === row.name &&
      each.size === row.size,
  );
}

/** The row of an earlier visit for which this file was chosen again. */
export function missingOf(name: string, rows: readonly QueuedFile[]): QueuedFile | undefined {
  return rows.find((each) => each.state === "missing" && each.name === name);
}
