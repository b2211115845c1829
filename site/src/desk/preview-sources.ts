/** Where the preview takes its parts from: the engine from the site, the file from storage. */

import { NoAnswer } from "../api/client.ts";
import { pageData } from "../frame/words.ts";

export interface Sources {
  /** The source of the frame's engine. Throws `NoAnswer`. */
  engine(): Promise<string>;
  /** A file of this size, at a presigned address. Throws `NoAnswer`. */
  bytes(address: string, size: number, signal: AbortSignal): Promise<ArrayBuffer>;
}

export const SOURCES: Sources = {
  async engine() {
    const { address = "", integrity = "" } = pageData().engine ?? {};
    return (await answerTo(address, { integrity, credentials: "omit" })).text();
  },

  async bytes(address, size, signal) {
    const answer = await answerTo(address, { signal, credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" });
    const bytes = await answer.arrayBuffer().catch(offline);
    if (bytes.byteLength !== size) {
      throw new NoAnswer("foreign");
    }
    return bytes;
  },
};

async function answerTo(address: string, options: RequestInit): Promise<Response> {
  const answer = await fetch(address, options).catch(offline);
  if (!answer.ok) {
    throw new NoAnswer("foreign");
  }
  return answer;
}

function offline(): never {
  throw new NoAnswer("offline");
}
