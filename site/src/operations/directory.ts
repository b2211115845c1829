/**
 * Organisms by CSV: the service checks the whole file before it writes the first row, and then writes until none is left.
 * What was written is recognised, so that an interrupted file is simply taken up again.
 */

import { Problem } from "../api/client.ts";
import { size } from "../frame/moments.ts";
import { say } from "../frame/words.ts";
import type { Around, Section } from "./around.ts";
import { directoryView } from "./directory-view.ts";
import type { DirectoryCheck, DirectoryLoad } from "./shapes.ts";
import { Task } from "./task.ts";
import { textOf } from "./text-file.ts";

/** The service takes a body of 975 KiB. */
export const MOST_BYTES = 950 * 1024;
/** Writing goes on for up to 15 seconds before each answer. */
const PATIENCE_MILLISECONDS = 40_000;

export class DirectorySection implements Section {
  name = "";
  check: DirectoryCheck | null = null;
  /** Why the file could not even be checked. */
  fault = "";
  /** Organisms that stand as the file says; null before the first answer. */
  written: number | null = null;
  finished = false;
  readonly checking: Task;
  readonly writing: Task;
  readonly #around: Around;
  #text = "";

  constructor(around: Around) {
    this.#around = around;
    this.checking = new Task(around.draw);
    this.writing = new Task(around.draw);
  }

  view = () => directoryView(this);
  title = () => say("operations.directory");
  wrong = () => this.fault !== "" || (this.check?.wrong ?? 0) > 0;
  wake = () => undefined;

  /** A file was chosen: it is read and checked, and nothing is written. */
  async choose(file: File): Promise<void> {
    if (this.writing.busy) {
      return;
    }
    Object.assign(this, { name: file.name, check: null, fault: "", written: null, finished: false });
    if (file.size > MOST_BYTES) {
      this.#refuse(say("operations.file_large", { size: size(file.size), most: size(MOST_BYTES) }));
      return;
    }
    try {
      this.#text = textOf(await file.arrayBuffer());
    } catch {
      this.#refuse(say("operations.file_unread"));
      return;
    }
    await this.checking.run(async (signal) => {
      const options = { body: { csv: this.#text }, signal };
      this.check = (await this.#around.ask<DirectoryCheck>("POST", "/v1/operations/organisms/check", options)).body;
      this.#around.focus(this.check.wrong ? "#errors" : "#checked");
    });
  }

  #refuse(fault: string): void {
    this.fault = fault;
    this.#around.draw();
    this.#around.focus("#fault");
  }

  /** Write until none is left. A failure keeps what was written, and a further press goes on. */
  load(): void {
    if (this.writing.busy || !this.check || this.check.wrong) {
      return;
    }
    void this.writing.run(
      async (signal) => {
        let left = 1;
        while (left > 0) {
          const options = { body: { csv: this.#text }, signal, milliseconds: PATIENCE_MILLISECONDS };
          const { body } = await this.#around.ask<DirectoryLoad>("POST", "/v1/operations/organisms/load", options);
          left = body.left;
          this.written = body.rows - body.left;
          this.#around.announce(say("operations.progress", { written: this.written, rows: body.rows }));
          this.#around.draw();
        }
        this.finished = true;
        this.#around.focus("#finished");
      },
      { handled: (error) => this.#changedSince(error) },
    );
  }

  /** The organisms changed between check and writing: the file is checked again. */
  #changedSince(error: unknown): boolean {
    if (!(error instanceof Problem) || error.slug !== "directory-refused") {
      return false;
    }
    this.writing.stop();
    void this.choose(new File([this.#text], this.name));
    return true;
  }
}
