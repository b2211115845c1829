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
  /** Save what an address leads to as a file; the page stays. */
  readonly save: (address: string) => void;
  /** The agent who is signed in. */
  readonly who: () => string;
  /** The public body of the agent. */
  readonly organism: () => string;
  /** What stays on this device; null where the browser refuses. */
  readonly store: Store | null;
}
