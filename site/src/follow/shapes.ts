/** What the follow-up page knows: the mail as the API shows it, and where the reader is. */

import type { components } from "../../generated/contract.ts";
import type { WordKey } from "../frame/words.ts";
import type { Session } from "./session.ts";

type Schemas = components["schemas"];

export type Mail = Schemas["MailView"] & { readonly channel?: "online" | "counter" };
export type Outcome = Schemas["OutcomeView"];
export type AnswerFile = Schemas["AnswerFileView"];
export type Attachment = Schemas["AttachmentView"];
export type Sender = Schemas["SenderView"];
export type Names = Schemas["ElsewhereView"]["name"];
export type Returned = Schemas["Returned"];
export type NewCodes = Schemas["NewCodes"];
export type ReceiptAnswer = Schemas["ReceiptIssued"] | Schemas["ReceiptPending"];

/** The number and the code, as they were typed or as a link brought them. */
export interface Paper {
  readonly number: string;
  readonly code: string;
}

/** A failure in words. */
export interface Trouble {
  readonly message: string;
  /** Does the same again; absent where that cannot help. */
  readonly again?: () => void;
  /** Whether the page tries again without being asked. */
  readonly byItself: boolean;
}

/** The receipt's addresses, or why there are none yet. */
export interface Receipt {
  readonly state: "none" | "preparing" | "ready" | "late" | "failed";
  readonly url: string;
  /** Empty where the reader has no slip. */
  readonly slip: string;
  /** Until when the addresses work, in milliseconds of this device's clock. */
  readonly until: number;
  readonly trouble: string;
}

export const NO_RECEIPT: Receipt = { state: "none", url: "", slip: "", until: 0, trouble: "" };

export interface State {
  view: "form" | "mail" | "stranger";
  typed: Paper;
  /** The form's faults, by field. */
  wrong: { readonly number?: string; readonly code?: string };
  /** What is under way. */
  busy: WordKey | null;
  slow: boolean;
  trouble: Trouble | null;
  /** A kind sentence above the form. */
  notice: "follow.not_mine_done" | "follow.access_ended" | "follow.codes_lost" | null;
  /** The link that a reader says is not theirs. */
  link: Paper | null;
  session: Session | null;
  mail: Mail | null;
  /** Until when the addresses of the answer's files work. */
  filesUntil: number;
  /** The answer's file that was pressed after its address had ended, and what became of it. */
  wanted: { readonly id: string; readonly state: "preparing" | "ready" | "failed" } | null;
  receipt: Receipt;
  codes: "closed" | "asked" | "by_link";
}

export function emptyState(): State {
  return {
    view: "form",
    typed: { number: "", code: "" },
    wrong: {},
    busy: null,
    slow: false,
    trouble: null,
    notice: null,
    link: null,
    session: null,
    mail: null,
    filesUntil: 0,
    wanted: null,
    receipt: NO_RECEIPT,
    codes: "closed",
  };
}
