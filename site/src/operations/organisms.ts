/** The list of all organisms, suspended ones too, with a search that stands in the address. */

import { say } from "../frame/words.ts";
import { query, type Place, type Status } from "./address.ts";
import type { Around, Section } from "./around.ts";
import { organismsView } from "./organisms-view.ts";
import type { Organism, OrganismPage } from "./shapes.ts";
import { Task } from "./task.ts";

const PAUSE_MILLISECONDS = 300;

export class OrganismsSection implements Section {
  items: readonly Organism[] = [];
  total: number | null = null;
  q = "";
  status: Status | null = null;
  next: string | null = null;
  readonly looking: Task;
  readonly #around: Around;
  #soon: ReturnType<typeof setTimeout> | undefined;

  constructor(around: Around) {
    this.#around = around;
    this.looking = new Task(around.draw);
  }

  view = () => organismsView(this);
  title = () => say("operations.organisms");
  wrong = () => false;

  wake(): void {
    this.#look(false);
  }

  /** The address asks for this list. */
  open(place: Place): void {
    if (place.section === "organisms") {
      Object.assign(this, { q: place.q, status: place.status });
    }
  }

  /** Something was typed into the search: it is looked for after a short pause. */
  type(q: string): void {
    this.q = q;
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.search(), PAUSE_MILLISECONDS);
  }

  /** Look for what is typed now. */
  search(): void {
    clearTimeout(this.#soon);
    this.#around.go({ section: "organisms", q: this.q.trim(), status: this.status }, true);
  }

  /** Show the organisms of this status; null: all. */
  filter(status: Status | null): void {
    this.#around.go({ section: "organisms", q: this.q.trim(), status }, true);
  }

  /** Ask for the next part of the list. */
  more(): void {
    if (this.next !== null && !this.looking.busy) {
      this.#look(true);
    }
  }

  #look(further: boolean): void {
    const asked = { q: this.q.trim(), status: this.status ?? "", limit: "50", cursor: further ? (this.next ?? "") : "" };
    void this.looking.run(async (signal) => {
      const { body } = await this.#around.ask<OrganismPage>("GET", `/v1/operations/organisms${query(asked)}`, { signal });
      const shown = this.items.length;
      this.items = further ? [...this.items, ...body.items] : body.items;
      this.next = body.next_cursor;
      this.total = body.total;
      if (further) {
        this.#around.focus(`.organisms li:nth-child(${shown + 1}) a`);
      } else {
        this.#around.announce(say("operations.found", { count: body.total }));
      }
    });
  }
}
