/** Failures in words. */

import { NoAnswer, Problem } from "../api/client.ts";
import { say } from "../frame/words.ts";

/** What to do about a failure, in the reader's language. */
export function inWords(error: unknown): string {
  if (error instanceof NoAnswer && error.reason === "offline") {
    return say("problems.network");
  }
  if (error instanceof Problem && error.status === 429) {
    return error.retryAfter === null ? say("problems.slow") : say("follow.too_fast", { count: error.retryAfter });
  }
  if (error instanceof Problem && error.status < 500 && error.detail) {
    return error.detail;
  }
  return say("problems.service");
}

/** Whether the service says that this token, or this pair of number and code, opens nothing. */
export function opensNothing(error: unknown): boolean {
  return error instanceof Problem && (error.status === 401 || error.status === 404);
}

/** What is wrong with each of the two fields; null where the failure is not about them. */
export function wrongFields(error: unknown): { readonly number?: string; readonly code?: string } | null {
  if (!(error instanceof Problem)) {
    return null;
  }
  if (error.status === 404) {
    return { code: say("follow.not_together") };
  }
  if (error.status !== 422 && error.status !== 400) {
    return null;
  }
  const number = error.errors.find((each) => each.field === "number")?.message;
  const code = error.errors.find((each) => each.field === "follow_up_code")?.message;
  if (number === undefined && code === undefined) {
    return { number: say("follow.mistyped") };
  }
  return { ...(number === undefined ? {} : { number }), ...(code === undefined ? {} : { code }) };
}
