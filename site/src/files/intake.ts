/** From choosing a file to its turn: the check of name and content, the digest, and whether it was chosen before. */

import { Unreadable } from "./bytes.ts";
import { examine } from "./content.ts";
import type { FileList } from "./list.ts";
import { counts, missingOf, twinOf } from "./rows.ts";
import type { Digest, Limits, Problem } from "./types.ts";

interface Settings {
  readonly limits: () => Limits;
  readonly digest: Digest;
  /** Takes back what an earlier visit announced. */
  readonly remove: (key: string) => void;
  /** A file's turn may have come. */
  readonly ready: () => void;
}

/** Checks all files at once, and hashes one after the other. */
export class Intake {
  #isHashing = false;
  readonly #list: FileList;
  readonly #settings: Settings;

  constructor(list: FileList, settings: Settings) {
    this.#list = list;
    this.#settings = settings;
  }

  /** Looks at a file; it goes on to be hashed, or fails with what to change. */
  async check(key: string): Promise<void> {
    const file = this.#list.work.get(key)?.file;
    if (!file) return;
    const { max_attachment_bytes, max_attachments } = this.#settings.limits();
    const { name, mediaType, problem, note } = await examine(file, max_attachment_bytes);
    const row = this.#list.row(key);
    if (row?.state !== "checking") return;
    const { rows } = this.#list;
    const others = rows.filter((each) => each.key !== key && counts(each) && each.state !== "checking").length;
    const isMore = others >= max_attachments && !missingOf(name, rows);
    const tooMany: Problem = { code: "too_many", values: { name, limit: max_attachments, actual: others + 1 } };
    const found = problem ?? (isMore ? tooMany : null);
    if (found) this.#list.change(key, { name, mediaType, state: "failed", problem: found });
    else this.#list.change(key, { name, mediaType, state: "hashing", note: note ?? row.note });
  }

  /** Hashes every file that waits for it. */
  async hash(): Promise<void> {
    if (this.#isHashing) return;
    this.#isHashing = true;
    try {
      for (;;) {
        const row = this.#list.rows.find((each) => each.state === "hashing");
        if (!row || this.#list.isClosed) return;
        await this.#hashOne(row.key);
        this.#settings.ready();
      }
    } finally {
      this.#isHashing = false;
    }
  }

  async #hashOne(key: string): Promise<void> {
    const work = this.#list.work.get(key);
    if (!work) {
      this.#list.change(key, { state: "missing" });
      return;
    }
    const progress = (done: number): void => this.#list.progress(key, done);
    try {
      const sha256 = await this.#settings.digest(work.file, { signal: work.abort.signal, progress });
      if (this.#list.row(key)?.state !== "hashing") return;
      this.#list.change(key, { sha256, done: 0 });
      this.#settle(key);
    } catch (error) {
      if (work.abort.signal.aborted) return;
      const name = this.#list.row(key)?.name ?? "";
      this.#list.change(key, { state: "failed", done: 0, problem: { code: "unreadable", values: { name } } });
      if (!(error instanceof Unreadable)) throw error;
    }
  }

  /** A hashed file was chosen twice, or chosen again for one of an earlier visit, or is new. */
  #settle(key: string): void {
    const { rows } = this.#list;
    const row = this.#list.row(key);
    if (!row) return;
    const twin = twinOf(row, rows);
    if (twin) {
      this.#list.drop(key);
      this.#list.change(twin.key, { note: { code: "twice", values: { name: row.name } } });
      return;
    }
    const missing = missingOf(row.name, rows);
    const isSame = missing?.size === row.size && (missing.sha256 === null || missing.sha256 === row.sha256);
    if (missing && isSame) {
      const { attachment_id, maybeAnnounced } = missing;
      this.#list.drop(missing.key);
      this.#list.change(key, { attachment_id, maybeAnnounced, state: "waiting" });
      return;
    }
    // Another file under the name of a missing one takes its place.
    if (missing) this.#settings.remove(missing.key);
    this.#list.change(key, { state: "waiting" });
  }
}
