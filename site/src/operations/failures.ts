/** What failed and what waits, looked at again every half minute, and the redrive that asks first. */

import { say } from "../frame/words.ts";
import type { Around, Section } from "./around.ts";
import { failuresView } from "./failures-view.ts";
import type { Failures, Redriven } from "./shapes.ts";
import { Task } from "./task.ts";

const FRESH_MILLISECONDS = 30_000;

export class FailuresSection implements Section {
  found: Failures | null = null;
  /** Whether the question before a redrive is open. */
  asked = false;
  /** The number of messages that were sent again. */
  redriven: number | null = null;
  readonly looking: Task;
  readonly redriving: Task;
  readonly #around: Around;
  #at = 0;

  constructor(around: Around) {
    this.#around = around;
    this.looking = new Task(around.draw);
    this.redriving = new Task(around.draw);
  }

  /** The messages that lie in dead-letter queues. */
  get failed(): number {
    return this.found?.dead_letters.reduce((sum, queue) => sum + queue.messages, 0) ?? 0;
  }

  view = () => failuresView(this);
  title = () => say("operations.failures");
  wrong = () => false;

  wake(): void {
    this.redriven = null;
    this.look();
  }

  tick(): void {
    if (this.#around.isVisible() && !this.looking.busy && !this.asked && this.#around.now() - this.#at > FRESH_MILLISECONDS) {
      this.look();
    }
  }

  /** Ask the service for what failed. */
  look(): void {
    this.#at = this.#around.now();
    void this.looking.run(async (signal) => {
      const { body } = await this.#around.ask<Failures>("GET", "/v1/operations/failures?limit=100", { signal });
      this.found = body;
    });
  }

  /** Ask whether the failed messages should be sent again, or no longer. */
  ask(asked: boolean): void {
    this.asked = asked;
    this.redriven = null;
    this.#around.draw();
    this.#around.focus(asked ? "#redrive-title" : '[data-action="redrive"]');
  }

  /** Send them again. It is not done twice by itself: an answer that was lost may have done the work. */
  redrive(): void {
    void this.redriving.run(
      async (signal) => {
        const { body } = await this.#around.ask<Redriven>("POST", "/v1/operations/failures/redrive", { signal });
        this.redriven = body.redriven;
        this.asked = false;
        this.#around.announce(say("operations.redriven", { count: body.redriven }));
        this.look();
        this.#around.focus("#redriven");
      },
      { again: false },
    );
  }
}
