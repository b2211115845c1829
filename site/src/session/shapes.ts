/** Who is signed in, and where in signing in somebody is. */

import type { WordKey } from "../frame/words.ts";

export type Role = "agent" | "operator";

/** Who is signed in, as the service says. Tokens stay in a cookie that no script sees. */
export interface Person {
  readonly state: "signed_in";
  readonly role: Role;
  readonly name: string;
  readonly organism: { readonly organism_id: string; readonly name: { readonly fr: string; readonly ar: string } } | null;
  readonly expires_at: string;
}

/** What the service answers to a name, a password or a code. */
export type Step =
  | Person
  | { readonly state: "new_password" | "second_factor"; readonly challenge: string }
  | { readonly state: "second_factor_setup"; readonly challenge: string; readonly setup: Setup };

/** The secret of a second factor, as a program for codes takes it: typed, or by QR code. */
export interface Setup {
  readonly secret: string;
  readonly uri: string;
}

export type Field = "username" | "password" | "new_password" | "code";

/** `asking`: whether somebody is signed in already. `unknown`: no answer came. `in`: signed in. */
export type Stage =
  | "asking"
  | "unknown"
  | "password"
  | "new_password"
  | "second_factor_setup"
  | "second_factor"
  | "forgotten"
  | "reset"
  | "other_role"
  | "in";

export interface SessionState {
  stage: Stage;
  typed: Record<Field, string>;
  wrong: Partial<Record<Field, string>>;
  busy: boolean;
  /** A failure in words that is no field's. */
  trouble: string;
  /** A sentence above the form: how the last session ended, or what was done. */
  notice: WordKey | null;
  challenge: string;
  setup: Setup | null;
  /** Whether the password can be read as it is typed. */
  legible: boolean;
  person: Person | null;
  /** Seconds until the session ends by itself; null while there is no need to say so. */
  endsIn: number | null;
  /** Whether work waits behind the form: it comes back when the same person signs in. */
  interrupted: boolean;
}

export function firstState(): SessionState {
  return {
    stage: "asking",
    typed: { username: "", password: "", new_password: "", code: "" },
    wrong: {},
    busy: false,
    trouble: "",
    notice: null,
    challenge: "",
    setup: null,
    legible: false,
    person: null,
    endsIn: null,
    interrupted: false,
  };
}
