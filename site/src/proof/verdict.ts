/** What it comes to: the one sentence that a person reads first. It follows from the file and from the register's answer. */
import type { Findings } from "./receipt.ts";
import type { Seal } from "./seal.ts";

/** What the register says of a receipt: the answer of `GET /v1/receipts/{code}`, as far as a verdict needs it. */
export interface Statement {
  attachments: readonly { sha256: string; size: number }[];
  record_sha256: string;
  receipt_sha256: string | null;
  versions: readonly string[];
  copies: readonly string[];
}

/** What the register answered about the code in a file; not_asked: no network, or no code to ask about. */
export type Register<S extends Statement = Statement> = { state: "found"; statement: S } | { state: "unknown" } | { state: "not_asked" };

/** Whether the seal's key is one of those that the service publishes; not_checked where the list could not be had. */
export type Sealer = "expected" | "unexpected" | "not_checked";

export type Verdict =
  | "genuine" // the service made this file, byte for byte
  | "altered" // it was sealed, and is not what was sealed
  | "other_file" // the code is right, and the file is not its receipt
  | "other_code" // the code in the file is that of another mail
  | "other_receipt" // a receipt, of another mail than the one whose code was asked for
  | "unknown_code" // no receipt has the code in it
  | "seal_holds" // off line: whole, and the seal is the service's
  | "seal_unproven" // off line: whole, but nothing here says whose seal it is
  | "seal_of_others" // off line: the seal is not the service's, or it seals no record
  | "not_yet" // the register knows the mail, and its receipt is still being made
  | "attachment" // one of the mail's attachments
  | "not_checkable"; // no receipt, or nothing to judge it by: the seal's reason says why

/** Judge a file by itself: by the code in its record, its digests, its seal. */
export function verdictOn(found: Findings, register: Register, sealer: Sealer): Verdict {
  const { record, seal } = found;
  if (register.state === "found" && isKnown(register.statement, found.sha256)) return "genuine";
  if (wasChanged(seal)) return "altered";
  if (register.state === "unknown") return "unknown_code";
  if (register.state === "found") {
    if (record.state === "intact" && record.sha256 !== register.statement.record_sha256) return "other_code";
    // A version whose digest the register does not name: the service's seal is as good.
    if (isOurs(seal, sealer)) return "genuine";
    return register.statement.receipt_sha256 === null ? "not_yet" : "other_file";
  }
  if ("reason" in seal) return "not_checkable";
  if (record.state !== "intact" || sealer === "unexpected" || !isFit(seal)) return "seal_of_others";
  return sealer === "expected" ? "seal_holds" : "seal_unproven";
}

/**
 * Judge a file beside a code that was typed or came with a link. `statement` is the register's answer on that code;
 * `found` and `own` are there where the file could be read as a receipt.
 */
export function verdictBeside(statement: Statement, sha256: string, found: Findings | null, own: Verdict | null): Verdict {
  if (isKnown(statement, sha256)) return "genuine";
  if (statement.attachments.some((each) => each.sha256 === sha256)) return "attachment";
  if (own === "altered") return "altered";
  if (found?.record.state === "intact" && own) return found.record.sha256 === statement.record_sha256 ? own : "other_receipt";
  return statement.receipt_sha256 === null ? "not_yet" : "other_file";
}

/** Whether the service made a file of this digest as the receipt: with a time stamp or without, or a copy of it. */
const isKnown = (statement: Statement, sha256: string): boolean =>
  [statement.receipt_sha256, ...statement.versions, ...statement.copies].includes(sha256);

/** Its seal no longer holds or cannot be read, or the file is cut off. A whole PDF of another make has no seal to lose. */
const wasChanged = (seal: Findings["seal"]): boolean =>
  "integrity" in seal ? seal.integrity !== "intact" : seal.reason === "seal_unreadable" || seal.reason === "damaged";

const isFit = (seal: Seal): boolean => seal.certificate.forSeals && seal.validity === "valid";

const isOurs = (seal: Findings["seal"], sealer: Sealer): boolean =>
  "integrity" in seal && seal.integrity === "intact" && sealer === "expected" && isFit(seal);
