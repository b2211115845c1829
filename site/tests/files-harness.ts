/** A page for tests of the files engine in a browser: it has the engine itself in `engine`, and no view. */

import { createHasher } from "../src/files/hash.ts";
import {
  announcementInWords,
  announcements,
  checkInWords,
  noteInWords,
  openQueue,
  pagesAsPdf,
  smaller,
  stateInWords,
  waitsFor,
} from "../src/files/index.ts";
import { createPut } from "../src/files/put.ts";
import { SYSTEM_CLOCK } from "../src/files/queue.ts";
import { laterWords } from "../src/frame/later-words.ts";
import { trustedScript } from "../src/frame/trusted.ts";
import { usePageData } from "../src/frame/words.ts";

const violations: string[] = [];
addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));

const engine = {
  announcementInWords,
  announcements,
  checkInWords,
  createHasher,
  createPut,
  laterWords,
  noteInWords,
  openQueue,
  pagesAsPdf,
  smaller,
  stateInWords,
  SYSTEM_CLOCK,
  trustedScript,
  usePageData,
  violations,
  waitsFor,
};
export type Engine = typeof engine;
Object.assign(globalThis, { engine });
