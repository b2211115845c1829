/**
 * Signing in on the pages, and how long it lasts. The tokens stay in a cookie that no script sees; the page knows the
 * person's name alone. When a session ends, what was typed stays in the page until the same person is back.
 */

import { Problem, type Ask, type Options } from "../api/client.ts";
import { problemWords } from "../frame/problems.ts";
import { say, type WordKey } from "../frame/words.ts";
import { westernDigits } from "../draft/typed.ts";
import { Idle, type Channel } from "./idle.ts";
import { firstState, type Field, type Person, type Role, type SessionState, type Stage, type Step } from "./shapes.ts";

/** What lies around: tests put others in their place. */
export interface Surroundings {
  readonly ask: Ask;
  readonly now: () => number;
  readonly draw: () => void;
  readonly focus: (selector: string) => void;
  readonly announce: (words: string) => void;
  /** Begin with an empty page: what another person typed must not be seen. */
  readonly startOver: () => void;
  readonly channel: Channel;
}

/** Fields that each form has; all of them must be filled in. */
const FIELDS: Partial<Record<Stage, readonly Field[]>> = {
  password: ["username", "password"],
  new_password: ["new_password"],
  second_factor_setup: ["code"],
  second_factor: ["code"],
  forgotten: ["username"],
  reset: ["code", "new_password"],
};
/** Renewed so long before its end, while somebody works. */
const RENEWED_MILLISECONDS = 60_000;
const RETRY_MILLISECONDS = 10_000;

export class Session {
  readonly state: SessionState = firstState();
  readonly #around: Surroundings;
  readonly #role: Role;
  readonly #idle: Idle;
  #until = Number.POSITIVE_INFINITY;
  #renewing = false;
  /** How often a session ended here: what was asked before that brings nobody back. */
  #ends = 0;
  /** Who worked here before the session ended. */
  #last: Person | null = null;
  #revoked: ReturnType<typeof setTimeout> | undefined;

  constructor(role: Role, around: Surroundings) {
    this.#role = role;
    this.#around = around;
    this.#idle = new Idle(around.now, around.channel);
  }

  /** A request in the name of who is signed in. Once the service says that the session ended, the form is shown. */
  readonly ask: Ask = async <T>(method: string, path: `/v1/${string}`, options: Options = {}) => {
    try {
      return await this.#around.ask<T>(method, path, { ...options, signedIn: true });
    } catch (error) {
      if (error instanceof Problem && error.status === 401 && this.state.stage === "in") {
        this.#leave("session.ended_elsewhere");
      }
      throw error;
    }
  };

  /** Ask whether somebody is signed in. */
  async begin(): Promise<void> {
    const ends = this.#ends;
    try {
      const answer = await this.#around.ask<Person>("GET", "/v1/session", { signedIn: true });
      if (ends !== this.#ends) {
        return;
      }
      this.#enter(answer.body, answer.at);
    } catch (error) {
      if (ends !== this.#ends) {
        return;
      }
      const signedOut = error instanceof Problem && (error.status === 401 || error.status === 403);
      if (this.state.stage !== "in") {
        this.state.stage = signedOut ? "password" : "unknown";
        this.state.trouble = signedOut ? "" : problemWords(error);
      } else if (signedOut) {
        this.#leave("session.ended_elsewhere");
      }
    }
    this.#around.draw();
  }

  /** Show another form: from the password to the forgotten one, and back. */
  turnTo(stage: "password" | "forgotten" | "reset"): void {
    Object.assign(this.state, { stage, wrong: {}, trouble: "", notice: null });
    this.#around.draw();
    this.#around.focus("#page form input");
  }

  /** Show passwords as they are typed, or no longer. */
  makeLegible(legible: boolean): void {
    this.state.legible = legible;
    this.#around.draw();
  }

  /** A form was sent. */
  async submit(): Promise<void> {
    const { state } = this;
    if (state.busy) {
      return;
    }
    const missing = (FIELDS[state.stage] ?? []).filter((field) => state.typed[field].trim() === "");
    state.wrong = Object.fromEntries(missing.map((field) => [field, say(`session.missing_${field}`)]));
    state.trouble = "";
    if (missing.length > 0) {
      this.#around.draw();
      this.#around.focus("#errors");
      return;
    }
    state.busy = true;
    this.#around.draw();
    try {
      await this.#send(state.stage);
    } catch (error) {
      this.#refused(error);
    } finally {
      state.busy = false;
      this.#around.draw();
    }
  }

  async #send(stage: Stage): Promise<void> {
    const { typed, challenge } = this.state;
    const code = westernDigits(typed.code).replace(/[\s-]/g, "");
    if (stage === "forgotten") {
      await this.#around.ask("POST", "/v1/session/forgotten", { body: { username: typed.username.trim() }, signedIn: true });
      this.turnTo("reset");
      this.state.notice = "session.reset_sent";
    } else if (stage === "reset") {
      const body = { username: typed.username.trim(), code, new_password: typed.new_password };
      await this.#around.ask("POST", "/v1/session/reset", { body, signedIn: true });
      Object.assign(typed, { password: "", new_password: "", code: "" });
      this.turnTo("password");
      this.state.notice = "session.reset_done";
    } else {
      const path = stage === "password" ? "/v1/session" : "/v1/session/challenge";
      const body =
        stage === "password"
          ? { username: typed.username.trim(), password: typed.password }
          : { challenge, ...(stage === "new_password" ? { new_password: typed.new_password } : { code }) };
      const answer = await this.#around.ask<Step>("POST", path, { body, signedIn: true });
      this.#enter(answer.body, answer.at);
    }
  }

  /** What a refusal means for the form that was sent. */
  #refused(error: unknown): void {
    const { state } = this;
    const words = problemWords(error);
    const fields = FIELDS[state.stage] ?? [];
    if (!(error instanceof Problem) || error.status === 429 || error.status >= 500) {
      // How long to wait for an account is many minutes; the service says how many.
      state.trouble = error instanceof Problem && error.slug === "too-many-tries" ? error.detail : words;
      return;
    }
    const known = fields.map((field) => ({ field, messages: error.errors.filter((each) => each.field === field) }));
    const faulty = known.filter(({ messages }) => messages.length > 0);
    // A weak password may lack several things: all of them are said at once.
    state.wrong = Object.fromEntries(faulty.map(({ field, messages }) => [field, messages.map(({ message }) => message).join(" ")]));
    if (error.slug === "sign-in-ended") {
      // The challenge is over: the password is asked for again.
      state.typed.password = "";
      this.turnTo("password");
      state.trouble = words;
    } else if (faulty.length === 0) {
      const field = fields.includes("code") ? "code" : fields.at(-1);
      state.wrong = field === undefined ? {} : { [field]: words };
      state.trouble = field === undefined ? words : "";
    }
    if (state.stage === "second_factor" || state.stage === "second_factor_setup") {
      state.typed.code = "";
    }
    this.#around.focus("#errors");
  }

  #enter(step: Step, at: number): void {
    const { state } = this;
    Object.assign(state, { wrong: {}, trouble: "", notice: null });
    state.typed.code = "";
    if (step.state !== "signed_in") {
      state.challenge = step.challenge;
      state.setup = step.state === "second_factor_setup" ? step.setup : null;
      state.stage = step.state;
      this.#around.focus(step.state === "second_factor_setup" ? "h1" : "#page form input");
      return;
    }
    const again = state.stage === "in";
    Object.assign(state.typed, { password: "", new_password: "" });
    Object.assign(state, { challenge: "", setup: null, person: step, legible: false });
    const left = new Date(step.expires_at).getTime() - at;
    this.#until = this.#around.now() + (Number.isFinite(left) ? left : RENEWED_MILLISECONDS * 10);
    if (step.role !== this.#role) {
      state.stage = "other_role";
      this.#around.focus("h1");
      return;
    }
    if (this.#last && !isSame(this.#last, step)) {
      this.#around.startOver();
      return;
    }
    clearTimeout(this.#revoked);
    this.#last = step;
    state.stage = "in";
    state.interrupted = false;
    state.endsIn = null;
    if (!again) {
      this.#idle.touch();
      this.#around.channel?.postMessage("signed-in");
      this.#around.focus("h1");
    }
  }

  /** The person leaves. Nothing of what was typed stays in the page. */
  signOut(): void {
    this.#last = null;
    this.#leave("session.signed_out");
    this.#around.channel?.postMessage("signed-out");
    this.#revoke();
    this.state.interrupted = false;
    this.#around.draw();
  }

  /** Once a second. */
  tick(): void {
    const { state } = this;
    if (state.stage !== "in") {
      return;
    }
    const before = state.endsIn;
    state.endsIn = this.#idle.endsIn();
    if (state.endsIn === 0) {
      this.#leave("session.ended_idle");
      this.#around.channel?.postMessage("signed-out");
      this.#revoke();
      return;
    }
    if (state.endsIn !== before) {
      this.#around.draw();
      if (before === null) {
        this.#around.announce(say("session.ending_soon"));
      }
    }
    if (this.#around.now() > this.#until - RENEWED_MILLISECONDS && !this.#renewing && state.endsIn === null) {
      this.#renewing = true;
      void this.begin().finally(() => (this.#renewing = false));
    }
  }

  /** Somebody did something: the end moves away. Once it was announced, only `stay` does that. */
  touch(): void {
    if (this.state.stage === "in" && this.state.endsIn === null) {
      this.#idle.touch();
    }
  }

  /** Stay signed in, after the warning. */
  stay(): void {
    this.#idle.touch();
    this.state.endsIn = null;
    void this.begin();
  }

  /** What another tab said. */
  heard(word: unknown): void {
    if (word === "active") {
      this.#idle.touchedElsewhere();
    } else if (word === "signed-out" && this.state.stage === "in") {
      this.#leave("session.signed_out");
    } else if (word === "signed-in" && this.state.stage !== "in") {
      void this.begin();
    }
  }

  #leave(notice: WordKey): void {
    this.#ends += 1;
    Object.assign(this.state, { stage: "password", person: null, endsIn: null, wrong: {}, trouble: "", notice });
    this.state.interrupted = this.#last !== null;
    Object.assign(this.state.typed, { password: "", new_password: "", code: "" });
    this.#around.draw();
    this.#around.focus("h1");
  }

  /** End the session at the service too; without a network as soon as there is one. */
  #revoke(): void {
    clearTimeout(this.#revoked);
    this.#around.ask("DELETE", "/v1/session", { signedIn: true }).catch((error: unknown) => {
      if (!(error instanceof Problem && error.status < 500)) {
        this.#revoked = setTimeout(() => this.#revoke(), RETRY_MILLISECONDS);
      }
    });
  }
}

function isSame(one: Person, other: Person): boolean {
  return one.name === other.name && one.organism?.organism_id === other.organism?.organism_id;
}
