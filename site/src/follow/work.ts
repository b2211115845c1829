/** The one thing that the reader waits for: its progress, its failure in words, and its next try. */

import type { Around } from "./around.ts";
import { pause } from "./patience.ts";
import type { State } from "./shapes.ts";
import { inWords } from "./troubles.ts";

const SLOW_MILLISECONDS = 4000;

type Task = (signal: AbortSignal) => Promise<void>;

export class Work {
  readonly #state: State;
  readonly #around: Around;
  /** An answer that comes after its request was called off is dropped. */
  #call = new AbortController();
  #again: ReturnType<typeof setTimeout> | undefined;
  #slow: ReturnType<typeof setTimeout> | undefined;

  constructor(state: State, around: Around) {
    this.#state = state;
    this.#around = around;
  }

  /** The signal of what is under way, or was last: aborted by `stop` and by the next `begin`. */
  get signal(): AbortSignal {
    return this.#call.signal;
  }

  /** Call off what is under way, and its next try. */
  stop(): void {
    this.#call.abort();
    this.#call = new AbortController();
    clearTimeout(this.#again);
    clearTimeout(this.#slow);
  }

  /** Do it; what may pass is tried again without being asked, and whenever the reader wishes. */
  begin(progress: NonNullable<State["busy"]>, task: Task): void {
    this.#try(progress, task, 0);
  }

  #try(progress: NonNullable<State["busy"]>, task: Task, tried: number): void {
    this.stop();
    const { signal } = this.#call;
    // Words about a failure stay while the page tries again by itself: they would flicker.
    Object.assign(this.#state, { busy: progress, slow: false }, tried ? {} : { trouble: null, wrong: {} });
    this.#slow = setTimeout(() => {
      this.#state.slow = true;
      this.#around.draw();
    }, SLOW_MILLISECONDS);
    this.#around.draw();
    task(signal).then(
      () => this.#done(signal, () => this.#succeeded()),
      (error: unknown) => this.#done(signal, () => this.#failed(error, progress, task, tried)),
    );
  }

  #done(signal: AbortSignal, then: () => void): void {
    if (signal.aborted) {
      return;
    }
    clearTimeout(this.#slow);
    Object.assign(this.#state, { busy: null, slow: false });
    then();
    this.#around.draw();
  }

  #succeeded(): void {
    // What a task itself has to say stays.
    if (this.#state.trouble?.again) {
      this.#state.trouble = null;
    }
  }

  #failed(error: unknown, progress: NonNullable<State["busy"]>, task: Task, tried: number): void {
    const wait = pause(error, tried);
    const again = pause(error, 0) === null ? {} : { again: () => this.begin(progress, task) };
    this.#state.trouble = { message: inWords(error), byItself: wait !== null, ...again };
    if (wait !== null) {
      this.#again = setTimeout(() => this.#try(progress, task, tried + 1), wait);
    }
  }
}
