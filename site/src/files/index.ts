/** The files engine: check, hash, send and follow the attachments of one mail. */

export type * from "./types.ts";
