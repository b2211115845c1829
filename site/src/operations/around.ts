/** What lies around the operators' sections: tests put others in their place. */

import type { TemplateResult } from "lit-html";
import type { Ask } from "../api/client.ts";
import type { Place } from "./address.ts";

export interface Around {
  /** Asks in the name of the operator who is signed in. */
  readonly ask: Ask;
  /** The user name of the operator who is signed in. */
  readonly who: () => string;
  readonly now: () => number;
  readonly isVisible: () => boolean;
  readonly draw: () => void;
  readonly focus: (selector: string) => void;
  readonly announce: (words: string) => void;
  /** Show another place; `replaced`: in place of this one in the browser's history. */
  readonly go: (place: Place, replaced?: boolean) => void;
}

/** One section of the operators' pages. What it holds stays while another is shown. */
export interface Section {
  view(): TemplateResult;
  title(): string;
  /** Whether something has to be corrected. */
  wrong(): boolean;
  /** The address asks for this place in it. */
  open?(place: Place): void;
  /** It is shown, or its operator signed in again: what it shows may be old. */
  wake(): void;
  /** Once a second, while it is shown. */
  tick?(): void;
}
