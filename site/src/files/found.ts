/** What a look into a file's content found. */

import type { ProblemCode } from "./types.ts";

/** Its type (null: undecided here, the declared one is believed) and whether a password locks it, or why not. */
export type Found =
  { readonly mediaType: string | null; readonly isProtected?: boolean } | { readonly refused: ProblemCode };
