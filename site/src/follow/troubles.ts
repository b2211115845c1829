/** Failures in words. */

import { Problem } from "../api/client.ts";
import { problemWords } from "../frame/problems.ts";
import { say } from "../frame/words.ts";

/** What to do about a failure, with the seconds where the service asks to wait. */
export function inWords(error: unknown): string {
  return error instanceof Problem && error.status === 429 && error.retryAfter !== null
    ? say("follow.too_fast", { count: error.retryAfter })
    : problemWords(error);
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
