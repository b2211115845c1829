/** What lies around the desk: tests put others in their place. */

import type { Ask } from "../api/client.ts";
import type { Store } from "../follow/session.ts";

export interface Around {
  /** Asks in the name of the agent who is signed in. */
  readonly ask: Ask;
  readonly now: () => number;
  readonly isVisible: () => boolean;
  readonly draw: () => void;
  readonly focus: (selector: string) => void;
  readonly announce: (words: string) => void;
  /** What stays on this device; null where the browser refuses. */
  readonly store: Store | null;
}
