import assert from "node:assert/strict";
import { test } from "node:test";

import { bench, pdf, refusal, rest } from "./files-support.ts";
import { announcements, type Heard } from "../src/files/announcements.ts";
import type { QueuedFile } from "../src/files/types.ts";

/** The live region's log of a run of the queue, a line for each announcement. */
function logOf(shown: readonly (readonly QueuedFile[])[], visited: readonly QueuedFile[] = []): string[] {
  let heard: Heard = announcements(null, visited).heard;
  const log: string[] = [];
  for (const rows of shown) {
    const next = announcements(heard, rows);
    heard = next.heard;
    log.push(...next.said.map(({ event, row }) => `${row.name}: ${event}${row.problem ? ` ${row.problem.code}` : ""}`));
  }
  return log;
}

const row = (state: QueuedFile["state"], done = 0): QueuedFile => ({
  key: "file-1",
  name: "plan.pdf",
  size: 100,
  mediaType: "application/pdf",
  sha256: null,
  attachment_id: null,
  maybeAnnounced: false,
  state,
  done,
  again: null,
  problem: null,
  note: null,
  check: null,
  reason: null,
  reasonCode: null,
});

test("complaint 18: start, half, end; nothing after the end, whatever is drawn again", () => {
  const sent = row("sent", 100);
  const shown = [
    [row("checking")],
    [row("hashing", 50)],
    [row("waiting")],
    ...[0, 10, 49, 50, 51, 75, 99, 100].map((done) => [row("sending", done)]),
    [sent],
    [{ ...sent, check: "pending" as const }],
    [{ ...sent, check: "clean" as const }],
  ];
  assert.deepEqual(logOf(shown), ["plan.pdf: started", "plan.pdf: half", "plan.pdf: sent"]);
});

test("complaint 18: a connection that breaks is said once until bytes move again; start and half are never repeated", () => {
  const retrying = { ...row("retrying"), again: { at: 0, cause: "network" as const } };
  const shown = [
    [row("sending", 60)],
    [retrying],
    [row("sending", 0)],
    [retrying],
    [row("sending", 0)],
    [row("sending", 70)],
    [retrying],
    [row("sending", 80)],
    [row("sent", 100)],
  ];
  assert.deepEqual(logOf(shown), [
    "plan.pdf: started",
    "plan.pdf: half",
    "plan.pdf: again",
    "plan.pdf: again",
    "plan.pdf: sent",
  ]);
});

test("complaint 18: a failure is said once, and again when another try fails", () => {
  const failed = { ...row("failed"), problem: { code: "unreadable" as const, values: {} } };
  const shown = [[row("checking")], [failed], [failed], [row("checking")], [failed]];
  assert.deepEqual(logOf(shown), ["plan.pdf: failed unreadable", "plan.pdf: failed unreadable"]);
});

test("files of an earlier visit are not announced; a refusal by the security check is", () => {
  const visited = [row("sent", 100)];
  const refused = { ...row("sent", 100), check: "refused" as const };
  assert.deepEqual(logOf([visited, [refused], [refused]], visited), ["plan.pdf: refused"]);
});

test("the log of a real upload of three files equals its script", async () => {
  const { queue, outcomes, clock, shown } = bench();
  outcomes.push(refusal(0), "stored", "stored");
  await queue.add([pdf("a.pdf", "a"), new File([""], "empty.pdf"), pdf("b.pdf", "b")]);
  await clock.pass(10_000);
  await queue.add([pdf("a.pdf", "a")]);
  await rest();
  assert.deepEqual(logOf(shown), [
    "empty.pdf: failed empty",
    "a.pdf: started",
    "a.pdf: half",
    "a.pdf: again",
    "b.pdf: started",
    "b.pdf: half",
    "b.pdf: sent",
    "a.pdf: sent",
    "a.pdf: twice",
  ]);
});
