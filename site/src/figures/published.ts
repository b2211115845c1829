/** The published figures: one quarter at a time, and the organisms among them that a reader looks for. */

import type { components } from "../../generated/contract.ts";
import type { Ask } from "../api/client.ts";
import { problemWords } from "../frame/problems.ts";
import { say } from "../frame/words.ts";
import { foldedWords, matches } from "./folding.ts";

type Schemas = components["schemas"];
export type OpenData = Schemas["OpenData"];
export type Figures = Schemas["OrganismFigures"];

export interface Around {
  readonly ask: Ask;
  readonly draw: () => void;
  readonly announce: (words: string) => void;
  readonly focus: (selector: string) => void;
  /** Put what is looked at into the address. */
  readonly keep: (quarter: string, q: string) => void;
}

const PART = 50;

export class Published {
  data: OpenData | null = null;
  trouble = "";
  busy = false;
  q = "";
  /** Organisms shown in the table. */
  shown = PART;
  /** Empty: the newest. */
  quarter = "";
  readonly #around: Around;
  #names = new Map<Figures, string[]>();
  #call = 0;
  #soon: ReturnType<typeof setTimeout> | undefined;

  constructor(around: Around) {
    this.#around = around;
  }

  /** The organisms that the search finds, in the order of the service: by French name. */
  get found(): readonly Figures[] {
    const typed = foldedWords(this.q);
    const all = this.data?.organisms ?? [];
    return typed.length ? all.filter((each) => matches(typed, this.#names.get(each) ?? [])) : all;
  }

  /** Begin with what the address asks for. */
  begin(quarter: string, q: string): Promise<void> {
    this.q = q;
    return this.look(quarter);
  }

  /** Ask for a quarter; of two questions the last one counts. */
  async look(quarter: string): Promise<void> {
    const call = ++this.#call;
    Object.assign(this, { quarter, busy: true, trouble: "" });
    this.#around.draw();
    try {
      const path = `/v1/open-data${quarter ? `?quarter=${encodeURIComponent(quarter)}` : ""}` as const;
      const { body } = await this.#around.ask<OpenData>("GET", path, { cache: "default" });
      if (call === this.#call) {
        this.data = body;
        this.#names = new Map(body.organisms.map((each) => [each, foldedWords(`${each.name.fr} ${each.name.ar} ${each.organism_id}`)]));
      }
    } catch (error) {
      if (call === this.#call) {
        this.trouble = problemWords(error);
      }
    }
    if (call === this.#call) {
      this.busy = false;
      this.#around.draw();
    }
  }

  /** Show another quarter. */
  choose(quarter: string): void {
    this.shown = PART;
    this.#around.keep(quarter, this.q);
    void this.look(quarter);
  }

  /** Something was typed into the search. The number found is read aloud after a pause. */
  search(q: string): void {
    Object.assign(this, { q, shown: PART });
    this.#around.draw();
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => {
      this.#around.keep(this.quarter, q.trim());
      this.#around.announce(say("figures.found", { count: this.found.length }));
    }, 500);
  }

  /** Show the next part of the table. */
  more(): void {
    const before = this.shown;
    this.shown += PART;
    this.#around.draw();
    this.#around.focus(`#figures tbody tr:nth-child(${before + 1})`);
  }
}
