/** What the desk shows of the API's answers. */

import type { components } from "../../generated/contract.ts";
import type { Status } from "./filters.ts";

type Schemas = components["schemas"];

export type Item = Schemas["InboxItem"] & {
  readonly channel?: "online" | "counter";
  readonly unread?: boolean;
  readonly late?: boolean;
};

export interface InboxPage {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
}

/** The work of an inbox, each number counted up to `at_most`. */
export interface Counts {
  readonly submitted: number;
  readonly unread: number;
  readonly late: number;
  readonly collected: number;
  readonly at_most: number;
}

export type { Status };
