/** What people read about a file: problems, hints, states and the announcements of an upload. */

import type { Announcement } from "./announcements.ts";
import type { Note, NoteCode, Problem, ProblemCode, QueuedFile, RetryCause } from "./types.ts";
import { size } from "../frame/moments.ts";
import { say, type WordKey } from "../frame/words.ts";

type Values = Readonly<Record<string, string | number>>;

const PROBLEMS: Readonly<Record<ProblemCode, WordKey>> = {
  empty: "files.problem_empty",
  too_large: "files.problem_too_large",
  too_many: "files.problem_too_many",
  ending: "files.problem_ending",
  no_ending: "files.problem_no_ending",
  name_missing: "files.problem_name_missing",
  name_long: "files.problem_name_long",
  name_characters: "files.problem_name_characters",
  heic: "files.problem_heic",
  program: "files.problem_program",
  old_office: "files.problem_old_office",
  macros: "files.problem_macros",
  archive: "files.problem_archive",
  web_page: "files.problem_web_page",
  other_picture: "files.problem_other_picture",
  video: "files.problem_video",
  content: "files.problem_content",
  unreadable: "files.problem_unreadable",
  changed: "files.problem_changed",
  refused: "files.problem_refused",
  storage: "files.problem_storage",
};

const NOTES: Readonly<Record<NoteCode, WordKey>> = {
  password: "files.note_password",
  other_type: "files.note_other_type",
  twice: "files.note_twice",
  smaller: "files.note_smaller",
  pages: "files.note_pages",
};

const AGAIN: Readonly<Record<RetryCause, WordKey>> = {
  network: "files.again_network",
  stalled: "files.again_stalled",
  busy: "files.again_busy",
};

const ANNOUNCED: Readonly<Record<"started" | "half" | "sent", WordKey>> = {
  started: "files.announce_started",
  half: "files.announce_half",
  sent: "files.announce_sent",
};

/** What is wrong with a file, and what to change. */
export function problemInWords({ code, values }: Problem): string {
  return filled(PROBLEMS[code], code === "too_large" ? asSizes(values, "actual", "limit") : values);
}

/** A hint about a file that goes all the same. */
export function noteInWords({ code, values }: Note): string {
  return filled(NOTES[code], code === "smaller" ? asSizes(values, "before", "after") : values);
}

/** The state of a file in a few words, its problem included. */
export function stateInWords(row: QueuedFile): string {
  switch (row.state) {
    case "checking":
      return say("files.state_checking");
    case "hashing":
      return say("files.state_hashing", { percent: percentOf(row) });
    case "waiting":
      return say("files.state_waiting");
    case "sending":
      return say("files.state_sending", { percent: percentOf(row) });
    case "retrying":
      return say(AGAIN[row.again?.cause ?? "network"] as "files.again_network");
    case "sent":
      return say("files.state_sent");
    case "removing":
      return say("files.state_removing");
    case "missing":
      return say("files.state_missing");
    case "failed":
      return row.problem ? problemInWords(row.problem) : "";
  }
}

/** The security check of a file that is there: null while there is nothing that its sender should know. */
export function checkInWords(row: QueuedFile): string | null {
  if (row.state !== "sent") return null;
  if (row.check === "pending") return say("files.check_pending");
  return row.check === "clean" ? null : row.reason;
}

/** A line for the live region. */
export function announcementInWords({ event, row }: Announcement): string {
  const { name } = row;
  if (event === "failed") return row.problem ? problemInWords(row.problem) : "";
  if (event === "refused") return say("files.announce_refused", { name, reason: row.reason ?? "" });
  if (event === "twice") return row.note ? noteInWords(row.note) : "";
  if (event === "again") return say("files.announce_again", { name, why: stateInWords(row) });
  return filled(ANNOUNCED[event], { name });
}

/** How much of a file's step is done, 0 to 100, rounded down: 100 only when all is done. */
export function percentOf({ done, size: whole }: Pick<QueuedFile, "done" | "size">): number {
  return whole > 0 ? Math.floor((100 * done) / whole) : 0;
}

function filled(key: WordKey, values: Values): string {
  return (say as (key: WordKey, values: Values) => string)(key, values);
}

/** Two sizes in words; where both would read alike, in exact bytes. */
function asSizes(values: Values, one: string, other: string): Values {
  const [first, second] = [Number(values[one]), Number(values[other])];
  const areAlike = first !== second && size(first) === size(second);
  const inWords = (bytes: number): string => (areAlike ? say("frame.bytes", { size: bytes }) : size(bytes));
  return { ...values, [one]: inWords(first), [other]: inWords(second) };
}
