/** What a failed request is called on a page. */

import { NoAnswer, Problem } from "../api/client.ts";
import { say } from "./words.ts";

/** A sentence in the reader's language: the page's own where waiting helps, else the service's. */
export function problemWords(error: unknown): string {
  if (error instanceof NoAnswer) {
    return say(error.reason === "timeout" ? "problems.service" : "problems.network");
  }
  if (error instanceof Problem && error.status === 429) {
    return say("problems.slow");
  }
  return error instanceof Problem && error.status < 500 && error.detail ? error.detail : say("problems.service");
}
