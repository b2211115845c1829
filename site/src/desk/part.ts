/** One part of the desk, such as the inbox or a mail. */

import type { TemplateResult } from "lit-html";
import type { Key } from "./keys.ts";

export interface DeskPart {
  view(): TemplateResult;
  title(): string;
  /** Whether something has to be corrected. */
  wrong(): boolean;
  /** Once a second, while it is shown. */
  tick(): void;
  /** A single key was pressed. */
  press(key: Key): void;
  /** It is shown again, or its agent signed in again: what it shows may be old. */
  wake(): void;
  /** Another part is shown. */
  leave(): void;
}
