/** The counter as a part of the desk. */

import type { TemplateResult } from "lit-html";
import type { Ask } from "../api/client.ts";
import { say } from "../frame/words.ts";
import type { Around } from "./around.ts";
import { Entry } from "./entry.ts";
import { entryView } from "./entry-view.ts";
import type { DeskPart } from "./part.ts";

export class CounterPart implements DeskPart {
  readonly #entry: Entry;
  readonly #draw: () => void;

  constructor(around: Around, plain: Ask) {
    this.#entry = new Entry(around, plain);
    this.#draw = around.draw;
  }

  view(): TemplateResult {
    return entryView(this.#entry, this.#draw);
  }

  title(): string {
    return say("entry.title");
  }

  wrong(): boolean {
    return this.#entry.state.wrong.size > 0;
  }

  tick(): void {
    // Nothing of others changes what is typed here.
  }

  press(): void {
    // Single keys are for mails.
  }

  wake(): void {
    void this.#entry.open();
    this.#entry.receipt?.wake();
  }

  leave(): void {
    // A paper that was begun is gone on with later.
  }
}
