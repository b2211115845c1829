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

export type Mail = Schemas["InboxMail"] & { readonly channel?: "online" | "counter" };
export type FileOfMail = Schemas["FileView"];
export type Download = Schemas["DownloadView"];
export type Collected = Schemas["CollectedView"];
export type Closed = Schemas["ClosedView"];
export type Outcome = Schemas["DeskOutcome"];
export type Sender = Schemas["FullSenderView"];

/** An answer that a public body uses again and again. */
export interface Template {
  readonly template_id: string;
  readonly name: { readonly fr: string; readonly ar: string };
  readonly text: { readonly fr: string; readonly ar: string };
}

export type Statistics = Schemas["Statistics"];
