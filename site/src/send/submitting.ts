/** The press that sends: what keeps the mail from going, what it waits for, and what the API refused. */

import { letterFaults, senderFaults } from "../draft/fields.ts";
import type { Saving } from "../draft/pushing.ts";
import type { Session } from "../draft/session.ts";
import type { Sending } from "../draft/submission.ts";
import { type QueuedFile, stateInWords } from "../files/index.ts";
import type { FieldError } from "../frame/page.ts";
import { problemWords } from "../frame/problems.ts";
import { say } from "../frame/words.ts";
import type { Attaching } from "./attaching.ts";
import { errorsByField } from "./faults.ts";

export interface Parts {
  readonly session: Session;
  readonly files: Attaching;
  /** What has to be changed first. */
  readonly refuse: (errors: readonly FieldError[]) => void;
  readonly sent: () => void;
  readonly changed: () => void;
}

export class Submitting {
  readonly #parts: Parts;
  /** Whether the sender asked for it while files were on their way. */
  #isAsked = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The files that the mail waits for; none where it was not to be sent yet. */
  get waitsFor(): readonly QueuedFile[] {
    return this.#isAsked ? this.#parts.files.files.filter(isUnderWay) : [];
  }

  async submit(): Promise<void> {
    const { session, files, refuse, sent, changed } = this.#parts;
    const errors = [...stepErrors(session), ...files.files.flatMap(fileError)];
    if (errors.length > 0) {
      this.#isAsked = false;
      refuse(errors);
      return;
    }
    if (files.files.some(isUnderWay)) {
      this.#isAsked = true;
      files.queue.wake();
      changed();
      return;
    }
    this.#isAsked = false;
    const done = await session.send();
    if (done.name === "sent") {
      sent();
    } else if (done.name !== "ended") {
      refuse(this.#refusal(done));
    }
    changed();
  }

  stop(): void {
    this.#isAsked = false;
    this.#parts.changed();
  }

  /** A file arrived, or failed: the mail that waited goes, or it is said why it can't. */
  filesChanged(): void {
    if (this.#isAsked && this.waitsFor.length === 0) {
      void this.submit();
    }
  }

  #refusal(done: Sending): FieldError[] {
    const { session, files } = this.#parts;
    if (done.name === "not-saved") {
      return [...stepErrors(session), ...savingError(done.saving)];
    }
    if (done.name !== "refused") {
      return [];
    }
    files.refresh();
    const named = (list: readonly string[], words: (name: string) => string): FieldError[] =>
      files.files
        .filter((row) => list.includes(`attachments/${row.attachment_id ?? ""}`))
        .map((row) => ({ id: row.key, message: words(row.name) }));
    const steps: FieldError[] = [];
    if (done.missing.includes("letter")) {
      steps.push({ id: "change-write", message: say("review.letter_missing") });
    }
    if (done.missing.includes("sender")) {
      steps.push({ id: "change-contact", message: say("review.sender_missing") });
    }
    const found = [
      ...steps,
      ...named(done.refused, (name) => say("review.file_refused", { name })),
      ...named(done.missing, (name) => say("review.file_missing", { name })),
    ];
    return found.length > 0 ? found : [{ id: "sending", message: problemWords(done.problem) }];
  }
}

/** Files that will arrive by themselves. */
function isUnderWay(row: QueuedFile): boolean {
  return !["sent", "failed", "missing"].includes(row.state);
}

function fileError(row: QueuedFile): FieldError[] {
  const { key: id, name } = row;
  if (row.check === "refused") {
    return [{ id, message: say("review.file_refused", { name }) }];
  }
  if (row.state === "missing") {
    return [{ id, message: say("review.file_missing", { name }) }];
  }
  return row.state === "failed" ? [{ id, message: stateInWords(row) }] : [];
}

/** The steps that are not complete, each leading to its "change". */
function stepErrors(session: Session): FieldError[] {
  const { values, pushing } = session;
  const errors: FieldError[] = [];
  const letter = pushing.problem("letter");
  const sender = pushing.problem("sender");
  if (letterFaults(values).length > 0 || letter !== null) {
    const said = letter === null ? [] : [...errorsByField(letter, "letter").values()];
    errors.push({ id: "change-write", message: [say("review.letter_missing"), ...said].join(" ") });
  }
  if (senderFaults(values).length > 0 || sender !== null) {
    const said = sender === null ? [] : [...errorsByField(sender, "sender").values()];
    errors.push({ id: "change-contact", message: [say("review.sender_missing"), ...said].join(" ") });
  }
  return errors;
}

function savingError(saving: Saving): FieldError[] {
  return saving.name === "failed" && saving.part === "mail" ? [{ id: "sending", message: problemWords(saving.problem) }] : [];
}
