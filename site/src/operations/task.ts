/** One request that an operator waits for: its progress, its failure in words, and its next try. */

import { html, nothing, type TemplateResult } from "lit-html";
import { problemWords } from "../frame/problems.ts";
import { say } from "../frame/words.ts";

type Work = (signal: AbortSignal) => Promise<void>;

export class Task {
  busy = false;
  /** The failure in words; empty where there is none. */
  trouble = "";
  readonly #draw: () => void;
  #call = new AbortController();
  #again: (() => void) | null = null;

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  /**
   * Do it, in place of what is under way. `handled` says whether it dealt with a failure itself. `again: false` is for
   * what must be looked at before it is done once more.
   */
  async run(work: Work, { handled, again = true }: { handled?: (error: unknown) => boolean; again?: boolean } = {}): Promise<void> {
    this.stop();
    const { signal } = this.#call;
    this.busy = true;
    this.trouble = "";
    this.#again = again ? (): void => void this.run(work, handled ? { handled } : {}) : null;
    this.#draw();
    try {
      await work(signal);
    } catch (error) {
      if (!signal.aborted && !handled?.(error)) {
        this.trouble = problemWords(error);
      }
    }
    if (!signal.aborted) {
      this.busy = false;
      this.#draw();
    }
  }

  /** Call off what is under way: its answer is dropped. */
  stop(): void {
    this.#call.abort();
    this.#call = new AbortController();
    this.busy = false;
  }

  /** What is under way, said to screen readers too, and what went wrong. */
  view(doing: string): TemplateResult {
    return html`<p role="status" class=${this.busy ? "notice" : "unseen"}>${this.busy ? doing : ""}</p>
      <div role="alert">
        ${this.trouble
          ? html`<div class="errors" id="problem">
              <p>${this.trouble}</p>
              ${this.#again
                ? html`<button type="button" data-action="retry" @click=${this.#again}>${say("frame.retry")}</button>`
                : nothing}
            </div>`
          : nothing}
      </div>`;
  }
}
