/** What lies around the page's script: tests put others in their place. */

import type { Ask } from "../api/client.ts";
import type { Store } from "./session.ts";

export interface Around {
  readonly ask: Ask;
  readonly store: Store | null;
  /** Milliseconds on the device's clock. */
  readonly now: () => number;
  readonly isVisible: () => boolean;
  readonly draw: () => void;
  readonly focus: (selector: string) => void;
  readonly announce: (words: string) => void;
}
