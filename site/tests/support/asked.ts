/** A service that answers as a test says, and remembers what it was asked. */

import { NoAnswer, Problem, type Answer, type Ask, type Options } from "../../src/api/client.ts";

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly options: Options;
}
type Reply = Readonly<Record<string, unknown>> | Problem | NoAnswer | null;

/** `replies` are given in turn; the last one again and again. A status beside a body: `{ status: 201, body: {…} }`. */
export function service(...replies: Reply[]): { readonly ask: Ask; readonly asked: Request[] } {
  const asked: Request[] = [];
  const ask = (method: string, path: string, options: Options = {}): Promise<Answer<unknown>> => {
    asked.push({ method, path, options });
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    if (reply instanceof Error) {
      return Promise.reject(reply);
    }
    const status = Number(reply?.["status"] ?? 200);
    return Promise.resolve({ status, body: reply?.["body"] ?? reply, retryAfter: null, at: 0 });
  };
  return { ask: ask as Ask, asked };
}

/** A refusal of the service. */
export function refusal(status: number, slug: string, more: Readonly<Record<string, unknown>> = {}): Problem {
  return new Problem(status, { type: `/problems/${slug}`, detail: `detail of ${slug}`, ...more }, null);
}

/** The network is gone. */
export const OFFLINE = new NoAnswer("offline");

/** Let answers that are under way arrive. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    await Promise.resolve();
  }
}
