/** The people who have access: listed, invited, shut out, and freed of a lost second factor. */

import { Problem } from "../api/client.ts";
import type { Organism as Desk } from "../frame/organisms.ts";
import { say } from "../frame/words.ts";
import { query, type Place } from "./address.ts";
import type { Around, Section } from "./around.ts";
import { peopleView } from "./people-view.ts";
import type { PeoplePage, Person } from "./shapes.ts";
import { Task } from "./task.ts";

export interface Invited {
  email: string;
  name: string;
  role: "agent" | "operator";
  organism_id: string;
}
type Fault = keyof Invited;
/** What is asked before it is done to a person. */
export interface Question {
  readonly person: Person;
  readonly act: "shut_out" | "reset_factor";
}

export class PeopleSection implements Section {
  items: readonly Person[] = [];
  next: string | null = null;
  /** Only the agents of this organism; the address names it. */
  organism: string | null = null;
  /** Only operators. */
  operators = false;
  /** The beginning of an e-mail address: it stands in no address of a page. */
  q = "";
  invited: Invited = emptyInvited();
  faults: Partial<Record<Fault, string>> = {};
  desks: readonly Desk[] = [];
  asked: Question | null = null;
  /** What was done, in a sentence. */
  done = "";
  readonly looking: Task;
  readonly acting: Task;
  readonly finding: Task;
  readonly #around: Around;
  #soon: ReturnType<typeof setTimeout> | undefined;

  constructor(around: Around) {
    this.#around = around;
    this.looking = new Task(around.draw);
    this.acting = new Task(around.draw);
    this.finding = new Task(around.draw);
  }

  /** Whether this is the operator who looks at the list. */
  isYou = (person: Person): boolean => person.username.toLowerCase() === this.#around.who().toLowerCase();

  view = () => peopleView(this);
  title = () => say("operations.people");
  wrong = () => Object.keys(this.faults).length > 0;

  /** The address asks for the agents of this organism; null: for everybody. */
  open(place: Place): void {
    const organism = place.section === "people" ? place.organism : this.organism;
    if (organism !== this.organism) {
      Object.assign(this, { organism, q: "", operators: false, items: [], next: null, done: "", asked: null });
      this.invited = { ...this.invited, organism_id: organism ?? "", role: "agent" };
    }
  }

  wake(): void {
    this.look();
  }

  /** Ask for the list, or for its next part. */
  look(further = false): void {
    const filter = this.organism ? { organism_id: this.organism } : this.operators ? { role: "operator" } : { q: this.q.trim() };
    const asked = query({ ...filter, limit: "50", cursor: further ? (this.next ?? "") : "" });
    void this.looking.run(async (signal) => {
      const { body } = await this.#around.ask<PeoplePage>("GET", `/v1/operations/people${asked}`, { signal });
      this.items = further ? [...this.items, ...body.items] : body.items;
      this.next = body.next_cursor;
    });
  }

  /** Something was typed into the search. */
  search(q: string): void {
    Object.assign(this, { q, operators: false });
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.look(), 300);
  }

  /** Show operators alone, or everybody. */
  onlyOperators(operators: boolean): void {
    Object.assign(this, { operators, q: "" });
    this.look();
  }

  /** Something was typed into the invitation. */
  type<K extends keyof Invited>(name: K, value: Invited[K]): void {
    this.invited = { ...this.invited, [name]: value };
    this.#around.draw();
  }

  /** Look for the organism of an agent by its name. */
  find(words: string): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => {
      void this.finding.run(async (signal) => {
        const path = `/v1/organisms${query({ q: words.trim(), limit: "8" })}` as const;
        const { body } = await this.#around.ask<{ items: Desk[] }>("GET", path, { signal });
        this.desks = body.items;
      });
    }, 300);
  }

  /** Send the invitation. */
  invite(): void {
    if (this.acting.busy) {
      return;
    }
    const { email, name, role, organism_id: organism } = this.invited;
    this.faults = {
      ...(email.trim() ? {} : { email: say("operations.missing") }),
      ...(role === "operator" || organism ? {} : { organism_id: say("operations.missing_organism") }),
    };
    this.done = "";
    if (this.wrong()) {
      this.#around.draw();
      this.#around.focus("#errors");
      return;
    }
    const body = {
      email: email.trim(),
      role,
      organism_id: role === "operator" ? null : organism,
      ...(name.trim() ? { name: name.trim() } : {}),
    };
    void this.acting.run(
      async (signal) => {
        const answer = await this.#around.ask<Person>("POST", "/v1/operations/people", { body, signal });
        this.invited = { ...emptyInvited(), organism_id: this.organism ?? "" };
        this.#finish(say(answer.status === 201 ? "operations.was_invited" : "operations.had_access", { address: answer.body.username }));
      },
      { handled: (error) => this.#refused(error) },
    );
  }

  #refused(error: unknown): boolean {
    if (!(error instanceof Problem) || !error.errors.length) {
      return false;
    }
    const known = error.errors.filter(({ field }) => field in this.invited);
    this.faults = Object.fromEntries(known.map(({ field, message }) => [field, message]));
    this.#around.focus("#errors");
    return this.wrong();
  }

  /** Ask before something is done to a person; null: no longer. */
  ask(asked: Question | null): void {
    const before = this.asked;
    this.asked = asked;
    this.done = "";
    this.#around.draw();
    this.#around.focus(asked ? "#person-question" : `[data-person="${CSS.escape(before?.person.person_id ?? "")}"] button`);
  }

  /** Do what was asked. Both may be done twice: the second time changes nothing. */
  act(): void {
    const { asked } = this;
    if (!asked) {
      return;
    }
    const path = `/v1/operations/people/${encodeURIComponent(asked.person.person_id)}` as const;
    void this.acting.run(async (signal) => {
      await (asked.act === "shut_out"
        ? this.#around.ask("DELETE", path, { signal })
        : this.#around.ask("POST", `${path}/factor-reset`, { signal }));
      this.asked = null;
      this.#finish(
        say(asked.act === "shut_out" ? "operations.was_shut_out" : "operations.was_reset", { address: asked.person.username }),
      );
    });
  }

  #finish(done: string): void {
    this.done = done;
    this.look();
    this.#around.focus("#done");
  }
}

function emptyInvited(): Invited {
  return { email: "", name: "", role: "agent", organism_id: "" };
}
