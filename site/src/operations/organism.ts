/** One organism: entered, changed, suspended and taken up again. A change by somebody else is not overwritten. */

import { Problem } from "../api/client.ts";
import { say } from "../frame/words.ts";
import type { Place } from "./address.ts";
import type { Around, Section } from "./around.ts";
import { bodyOf, emptyTyped, missing, typedOf, wrongOf, type Typed, type Wrong } from "./organism-fields.ts";
import { organismView } from "./organism-view.ts";
import { plainName } from "./parts.ts";
import type { Enrolled, OrganismDetails } from "./shapes.ts";
import { Task } from "./task.ts";

export class OrganismSection implements Section {
  /** Null for one that does not exist yet. */
  id: string | null = null;
  found: OrganismDetails | null = null;
  typed: Typed = emptyTyped();
  faults: Wrong = {};
  /** Whether the question before the desk is closed is open. */
  asked = false;
  /** What was done, and addresses that look mistyped. */
  done: "created" | "saved" | "suspended" | "resumed" | null = null;
  suggestions: Readonly<Record<string, string>> = {};
  /** Somebody else changed it meanwhile. */
  changed = false;
  readonly reading: Task;
  readonly saving: Task;
  readonly #around: Around;
  #touched = false;

  constructor(around: Around) {
    this.#around = around;
    this.reading = new Task(around.draw);
    this.saving = new Task(around.draw);
  }

  view = () => organismView(this);
  title = () => (this.found ? plainName(this.found) : say(this.id === null ? "operations.new_organism" : "operations.organism"));
  wrong = () => Object.keys(this.faults).length > 0;

  /** The address asks for this organism; what was typed for another goes, unless it was just created. */
  open(place: Place): void {
    const id = place.section === "organism" ? place.id : this.id;
    if (id !== this.id) {
      Object.assign(this, { id, found: null, typed: emptyTyped(), faults: {}, asked: false, done: null, suggestions: {}, changed: false });
      this.#touched = false;
    }
  }

  /** Typed text stays: it is read again only while nothing was typed. */
  wake(): void {
    if (this.id !== null && !this.#touched) {
      this.read();
    }
  }

  /** Read it as it stands now; what was typed gives way. */
  read(): void {
    const { id } = this;
    if (id === null) {
      return;
    }
    void this.reading.run(async (signal) => {
      const path = `/v1/operations/organisms/${encodeURIComponent(id)}` as const;
      const { body } = await this.#around.ask<OrganismDetails>("GET", path, { signal });
      Object.assign(this, { found: body, typed: typedOf(body), faults: {}, changed: false });
      this.#touched = false;
    });
  }

  /** Something was typed. The names are drawn again at once, as they will be printed. */
  type<K extends keyof Typed>(name: K, value: Typed[K]): void {
    this.typed[name] = value;
    this.#touched = true;
    this.#around.draw();
  }

  /** Save what was typed. */
  save(): void {
    this.faults = missing(this.typed, this.id === null);
    if (this.wrong()) {
      this.#around.draw();
      this.#around.focus("#errors");
      return;
    }
    this.#put(this.found?.status ?? "active", this.id === null ? "created" : "saved");
  }

  /** Ask whether the desk should be closed, or no longer. */
  ask(asked: boolean): void {
    this.asked = asked;
    this.#around.draw();
    this.#around.focus(asked ? "#suspend-title" : '[data-action="suspend"]');
  }

  /** Close the desk for new mail, or open it again. */
  turn(status: "active" | "suspended"): void {
    this.#put(status, status === "active" ? "resumed" : "suspended");
  }

  #put(status: "active" | "suspended", done: NonNullable<OrganismSection["done"]>): void {
    if (this.saving.busy) {
      return;
    }
    const id = this.id ?? this.typed.organism_id.trim();
    const body = bodyOf(this.typed, this.found, status);
    const seen = this.found ? { match: `"${this.found.version}"` } : { unless: "*" };
    this.done = null;
    void this.saving.run(
      async (signal) => {
        const path = `/v1/organisms/${encodeURIComponent(id)}` as const;
        const answer = await this.#around.ask<Enrolled>("PUT", path, { body, signal, ...seen });
        this.#touched = false;
        this.id = id;
        Object.assign(this, { done, asked: false, faults: {}, changed: false, suggestions: answer.body.email_suggestions });
        this.#around.announce(say(`operations.done_${done}`));
        this.#around.go({ section: "organism", id }, true);
        this.#around.focus("#done");
      },
      { handled: (error) => this.#refused(error) },
    );
  }

  /** Whether the refusal is about fields, or about a change by somebody else. */
  #refused(error: unknown): boolean {
    if (!(error instanceof Problem)) {
      return false;
    }
    const codes: Wrong = ["code-taken", "code-fixed"].includes(error.slug) ? { code: error.detail } : {};
    const taken: Wrong = error.slug === "organism-exists" ? { organism_id: error.detail } : {};
    this.faults = { ...wrongOf(error.errors), ...codes, ...taken };
    this.changed = error.slug === "organism-changed";
    this.asked = false;
    this.#around.focus(this.wrong() ? "#errors" : "#problem");
    return this.wrong();
  }
}
