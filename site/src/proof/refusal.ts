/** Why a file cannot be judged as a receipt; each reason is a key of the words `verify.not_checkable_*`. */
export type Reason =
  | "unreadable" // the device could not read it
  | "empty"
  | "too_large"
  | "not_pdf"
  | "encrypted"
  | "damaged" // cut off, or not what a PDF is inside
  | "no_seal"
  | "foreign_signature" // signed, but not by a receipt's seal
  | "seal_unreadable"
  | "not_loaded" // the part of the page that verifies signatures did not arrive
  | "browser_too_old"; // no Web Crypto, or it lacks an algorithm

/** The file is no sealed receipt, or cannot be read as one. The engine throws nothing else at a file. */
export class NotCheckable extends Error {
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(reason);
    this.name = "NotCheckable";
    this.reason = reason;
  }
}
