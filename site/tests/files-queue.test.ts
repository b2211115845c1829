import assert from "node:assert/strict";
import { test } from "node:test";

import { bench, digestOf, PDF, pdf, refusal, rest, type Service, type Stored, STALLED } from "./files-support.ts";
import { waitsFor } from "../src/files/rows.ts";
import type { QueuedFile } from "../src/files/types.ts";

const only = (rows: readonly QueuedFile[]): QueuedFile => {
  const [row, ...others] = rows;
  assert(row && others.length === 0, `${rows.length} rows`);
  return row;
};

test("a file goes when it is chosen, and is sent only after storage's answer", async () => {
  const { queue, service, shown, puts } = bench();
  await queue.add([pdf()]);
  await rest();
  assert.deepEqual(service.asked.slice(0, 1), ["POST /attachments"]);
  assert.deepEqual(puts, ["/a1"]);
  const row = only(queue.files);
  assert.deepEqual([row.state, row.sha256, row.attachment_id], ["sent", digestOf(PDF), "a1"]);
  const states = shown.map((rows) => rows[0]?.state).filter((state, at, all) => state !== all[at - 1]);
  assert.deepEqual(states, ["checking", "hashing", "waiting", "sending", "sent"]);
  assert.deepEqual(queue.total, { files: 1, sentFiles: 1, bytes: row.size, sentBytes: row.size });
});

test("one after the other, each announced when its turn has come", async () => {
  const { queue, service, outcomes, puts, states } = bench();
  let answer: (stored: ReturnType<typeof refusal>) => void = () => undefined;
  outcomes.push(new Promise((resolve) => (answer = resolve)));
  await queue.add([pdf("a.pdf", "a"), pdf("b.pdf", "b")]);
  await rest();
  assert.deepEqual(states(), ["a.pdf sending", "b.pdf waiting"]);
  assert.deepEqual(service.asked, ["POST /attachments"]);
  answer(refusal(200));
  await rest();
  assert.deepEqual(puts, ["/a1", "/a2"]);
  assert.deepEqual(states(), ["a.pdf sent", "b.pdf sent"]);
});

test("complaint 5: a file with a problem touches no other", async () => {
  const { queue, outcomes, states } = bench();
  outcomes.push(refusal(400));
  await queue.add([new File([""], "empty.pdf"), pdf("refused.pdf", "r"), pdf("good.pdf")]);
  await rest();
  assert.deepEqual(states(), ["empty.pdf empty", "refused.pdf storage", "good.pdf sent"]);
  assert.deepEqual(
    waitsFor(queue.files).map((row) => row.name),
    ["empty.pdf", "refused.pdf"],
  );
});

for (const [name, outcome, cause] of [
  ["no network", refusal(0), "network"],
  ["slow down", refusal(429), "busy"],
  ["storage is busy", refusal(503), "busy"],
  ["storage fails", refusal(500), "busy"],
  ["no byte for 30 seconds", STALLED, "stalled"],
] as const) {
  test(`complaints 6 and 14: ${name}: again by itself, and said why`, async () => {
    const { queue, outcomes, clock, puts } = bench();
    outcomes.push(outcome);
    await queue.add([pdf()]);
    await rest();
    const waiting = only(queue.files);
    assert.equal(waiting.state, "retrying");
    assert.deepEqual(waiting.again, { at: clock.now() + 1000, cause });
    assert(queue.canRetry(waiting));
    await clock.pass(999);
    assert.equal(puts.length, 1);
    await clock.pass(1);
    assert.equal(only(queue.files).state, "sent");
    // The same address serves: nothing is announced twice.
    assert.deepEqual(puts, ["/a1", "/a1"]);
  });
}

test("complaint 6: waits double up to a minute, and never end before Retry-After", async () => {
  const { queue, outcomes, clock } = bench();
  for (let time = 0; time < 8; time += 1) outcomes.push(refusal(0));
  outcomes.push(refusal(503, 120), refusal(200));
  await queue.add([pdf()]);
  await rest();
  const waits: number[] = [];
  while (only(queue.files).state === "retrying") {
    const wait = (only(queue.files).again?.at ?? 0) - clock.now();
    waits.push(wait / 1000);
    await clock.pass(wait);
  }
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 60, 60, 121]);
});

for (const [name, fault, cause] of [
  ["no answer", "late", "network"],
  ["slow down", { status: 429, slug: "too-fast", retryAfter: 7 }, "busy"],
  ["try again", { status: 503, slug: "try-again", retryAfter: 2 }, "busy"],
] as const) {
  test(`the announcement meets "${name}": again by itself`, async () => {
    const { queue, service, clock } = bench();
    service.faults["POST"] = [fault];
    await queue.add([pdf()]);
    await rest();
    assert.equal(only(queue.files).again?.cause, cause);
    await clock.pass(9000);
    assert.equal(only(queue.files).state, "sent");
    assert.equal(service.attachments.length, 1);
  });
}

test("complaint 15: the announcement's answer was lost: what it left is taken back, nothing is doubled", async () => {
  const { queue, service, clock, puts } = bench();
  service.faults["POST"] = ["lost"];
  await queue.add([pdf()]);
  await clock.pass(1000);
  assert.deepEqual(service.asked.slice(0, 4), ["POST /attachments", "GET ", "DELETE /attachments/a1", "POST /attachments"]);
  assert.deepEqual(puts, ["/a2"]);
  assert.deepEqual(
    service.attachments.map((each) => [each.attachment_id, each.uploaded]),
    [["a2", true]],
  );
});

test("complaint 15: the address expired: announced again, the orphan taken back", async () => {
  const { queue, service, outcomes, puts } = bench();
  outcomes.push(refusal(403));
  await queue.add([pdf()]);
  await rest();
  assert.deepEqual(puts, ["/a1", "/a2"]);
  assert.deepEqual(
    service.attachments.map((each) => each.attachment_id),
    ["a2"],
  );
  assert.equal(only(queue.files).state, "sent");
});

test("complaint 15: the phone slept until the address had expired: not even tried", async () => {
  const { queue, outcomes, clock, puts } = bench();
  outcomes.push(refusal(0));
  await queue.add([pdf()]);
  await rest();
  clock.sleep(20 * 60_000);
  queue.wake();
  await rest();
  assert.equal(only(queue.files).state, "sent");
  assert.deepEqual(puts, ["/a1", "/a2"]);
});

test("complaint 15: the bytes arrived, but the answer was lost: 412 says that they are there", async () => {
  const { queue, service, outcomes, clock } = bench();
  outcomes.push("answer lost", refusal(412));
  await queue.add([pdf()]);
  await clock.pass(1000);
  assert.equal(only(queue.files).state, "sent");
  assert(!service.asked.includes("DELETE /attachments/a1"));
});

test("complaint 15: bytes arrived, the answer was lost and the address expired: they count", async () => {
  const { queue, service, outcomes, clock, puts } = bench();
  outcomes.push("answer lost", refusal(403));
  await queue.add([pdf()]);
  await clock.pass(1000);
  assert.equal(only(queue.files).state, "sent");
  assert.deepEqual(puts, ["/a1", "/a1"]);
  assert.equal(service.attachments.length, 1);
});

test("storage that refuses every address is not asked for ever", async () => {
  const { queue, service, outcomes } = bench();
  outcomes.push(...Array.from({ length: 9 }, () => refusal(403)));
  await queue.add([pdf()]);
  await rest();
  assert.equal(only(queue.files).problem?.code, "storage");
  assert(service.asked.filter((each) => each.startsWith("POST")).length <= 3);
  assert(queue.canRetry(only(queue.files)));
});

test("complaint 10: a file that changed while it was being sent", async () => {
  let times = 0;
  const digest = (): Promise<string> => Promise.resolve(digestOf(String((times += 1))));
  const { queue, service, outcomes } = bench({ digest });
  outcomes.push(refusal(400));
  await queue.add([pdf()]);
  await rest();
  assert.equal(only(queue.files).problem?.code, "changed");
  assert(!queue.canRetry(only(queue.files)));
  assert.deepEqual(service.attachments, []);
});

test("complaint 10: a file that can no longer be read once it is being sent", async () => {
  const { queue, outcomes } = bench();
  const file = pdf();
  let answer: (stored: ReturnType<typeof refusal>) => void = () => undefined;
  outcomes.push(new Promise((resolve) => (answer = resolve)));
  await queue.add([file]);
  await rest();
  file.slice = () => {
    throw new DOMException("", "NotReadableError");
  };
  answer(refusal(0));
  await rest();
  assert.equal(only(queue.files).problem?.code, "changed");
});

test("complaint 13: a file that cannot be read is tried once more, then said in words; a press tries again", async () => {
  const { queue } = bench();
  const file = pdf();
  let reads = 0;
  file.slice = () => {
    reads += 1;
    throw new DOMException("", "NotReadableError");
  };
  await queue.add([file]);
  assert.deepEqual([only(queue.files).problem?.code, reads], ["unreadable", 2]);
  Reflect.deleteProperty(file, "slice");
  queue.retry(only(queue.files).key);
  await rest();
  assert.equal(only(queue.files).state, "sent");
});

test("complaint 14: patience grows for a file that stalls, so that a slow network gets it through", async () => {
  const { queue, outcomes, clock, patience } = bench();
  outcomes.push(STALLED, STALLED, STALLED, STALLED, STALLED);
  await queue.add([pdf()]);
  await clock.pass(60_000);
  assert.deepEqual(patience, [30_000, 60_000, 120_000, 240_000, 240_000, 240_000]);
});

test("complaint 14: the queue goes on at once when the page wakes", async () => {
  const { queue, outcomes } = bench();
  outcomes.push(refusal(0));
  await queue.add([pdf()]);
  await rest();
  assert.equal(only(queue.files).state, "retrying");
  queue.wake();
  await rest();
  assert.equal(only(queue.files).state, "sent");
});

test("a file that fails in passing lets the others go first", async () => {
  const { queue, outcomes, clock, service } = bench();
  outcomes.push(refusal(500));
  await queue.add([pdf("a.pdf", "a"), pdf("b.pdf", "b")]);
  await clock.pass(1000);
  assert.deepEqual(
    service.attachments.map((each) => each.file_name),
    ["a.pdf", "b.pdf"],
  );
  assert.deepEqual(
    queue.files.map((row) => row.state),
    ["sent", "sent"],
  );
});

test("the same file chosen twice goes once, and its row says so", async () => {
  const { queue, puts } = bench();
  await queue.add([pdf(), pdf()]);
  await queue.add([pdf()]);
  await rest();
  assert.equal(only(queue.files).note?.code, "twice");
  assert.equal(puts.length, 1);
});

test("too many, with the limit; a removed one makes room", async () => {
  const { queue, states } = bench();
  await queue.add(["a", "b", "c", "d"].map((name) => pdf(`${name}.pdf`, name)));
  await rest();
  assert.deepEqual(states(), ["a.pdf sent", "b.pdf sent", "c.pdf sent", "d.pdf too_many"]);
  assert.deepEqual(queue.files[3]?.problem?.values, { name: "d.pdf", limit: 3, actual: 4 });
  queue.remove(queue.files[0]?.key ?? "");
  await rest();
  queue.retry(queue.files[2]?.key ?? "");
  await rest();
  assert.deepEqual(states(), ["b.pdf sent", "c.pdf sent", "d.pdf sent"]);
});

test("removing deletes on the server, once, however often it is pressed", async () => {
  const { queue, service, states } = bench();
  await queue.add([pdf()]);
  await rest();
  const { key } = only(queue.files);
  queue.remove(key);
  queue.remove(key);
  await rest();
  assert.deepEqual(states(), []);
  assert.deepEqual(service.attachments, []);
  assert.equal(service.asked.filter((each) => each.startsWith("DELETE")).length, 1);
});

for (const [name, faults] of [
  ["the answer was lost", ["lost"]],
  ["there is no network for a while", ["late", "late"]],
] as const) {
  test(`removing while ${name}: in the end the server has nothing, and the row is gone`, async () => {
    const { queue, service, clock, states } = bench();
    await queue.add([pdf()]);
    await rest();
    service.faults["DELETE"] = [...faults];
    queue.remove(only(queue.files).key);
    await rest();
    assert.deepEqual(states(), ["plan.pdf removing"]);
    await clock.pass(10_000);
    assert.deepEqual(states(), []);
    assert.deepEqual(service.attachments, []);
  });
}

test("cancelled while its bytes are on the way: aborted, and taken back", async () => {
  const { queue, service, outcomes, states } = bench();
  outcomes.push(new Promise(() => undefined));
  await queue.add([pdf("a.pdf", "a"), pdf("b.pdf", "b")]);
  await rest();
  queue.remove(queue.files[0]?.key ?? "");
  await rest();
  assert.deepEqual(states(), ["b.pdf sent"]);
  assert.deepEqual(
    service.attachments.map((each) => each.file_name),
    ["b.pdf"],
  );
});

test("cancelled while its announcement is under way: the orphan is found and taken back", async () => {
  const { queue, service, clock, states } = bench();
  service.faults["POST"] = ["lost"];
  const adding = queue.add([pdf()]);
  await adding;
  while (!service.asked.includes("POST /attachments")) await Promise.resolve();
  queue.remove(only(queue.files).key);
  await clock.pass(5000);
  assert.deepEqual(states(), []);
  assert.deepEqual(service.attachments, []);
});

async function visited(files: File[], outcomes: Stored[] = []): Promise<{ service: Service; saved: QueuedFile[] }> {
  const first = bench();
  first.outcomes.push(...outcomes);
  await first.queue.add(files);
  await rest();
  const saved = JSON.parse(JSON.stringify(first.queue.files)) as QueuedFile[];
  first.queue.close();
  return { service: first.service, saved };
}

test("complaint 9: files sent on an earlier visit are listed from the server, with their check", async () => {
  const { service } = await visited([pdf()]);
  Object.assign(service.attachments[0] ?? {}, { check: "refused", reason: "Retirez-le.", reason_code: "infected" });
  const { queue } = bench({ saved: [] }, service);
  await queue.refresh();
  const row = only(queue.files);
  assert.deepEqual([row.name, row.state, row.check, row.reason], ["plan.pdf", "sent", "refused", "Retirez-le."]);
  assert.deepEqual(waitsFor(queue.files), queue.files);
});

test("complaint 9: an unsent file is named, and recognised when it is chosen again", async () => {
  const { service, saved } = await visited([pdf()], [refusal(0)]);
  const { queue, states, puts } = bench({ saved }, service);
  await queue.refresh();
  assert.deepEqual(states(), ["plan.pdf missing"]);
  await queue.add([pdf()]);
  await rest();
  assert.deepEqual(states(), ["plan.pdf sent"]);
  assert.deepEqual(
    service.attachments.map((each) => each.uploaded),
    [true],
  );
  assert.deepEqual(puts, ["/a2"]);
});

test("complaint 9: another file under the name of a missing one takes its place", async () => {
  const { service, saved } = await visited([pdf()], [refusal(0)]);
  const { queue, states } = bench({ saved }, service);
  await queue.add([pdf("plan.pdf", "changed since")]);
  await rest();
  assert.deepEqual(states(), ["plan.pdf sent"]);
  assert.equal(service.attachments.length, 1);
});

test("complaint 9: its bytes had arrived although the page was closed: nothing to choose again", async () => {
  const { service, saved } = await visited([pdf()], ["answer lost"]);
  assert.equal(saved[0]?.state, "retrying");
  const { queue, states } = bench({ saved }, service);
  await queue.refresh();
  assert.deepEqual(states(), ["plan.pdf sent"]);
});

test("a page closed in the middle of a removal ends it on the next visit", async () => {
  const { service, saved } = await visited([pdf()]);
  const removing = saved.map((row) => ({ ...row, state: "removing" as const }));
  const { states } = bench({ saved: removing }, service);
  await rest();
  assert.deepEqual(states(), []);
  assert.deepEqual(service.attachments, []);
});

for (const [slug, status, stopped] of [
  ["mail-not-found", 404, "ended"],
  ["token-wrong", 401, "ended"],
  ["already-submitted", 409, "submitted"],
] as const) {
  test(`"${slug}" stops all sending, and no file is lost`, async () => {
    const { queue, service, clock, states } = bench();
    service.faults["POST"] = [{ status, slug }];
    await queue.add([pdf("a.pdf", "a"), pdf("b.pdf", "b")]);
    await clock.pass(60_000);
    assert.equal(queue.stopped, stopped);
    assert.deepEqual(states(), ["a.pdf waiting", "b.pdf waiting"]);
    assert.equal(service.asked.length, 1);
  });
}

test("complaint 27: the draft ended: one press sends every file to a new one", async () => {
  let mail_id = "old";
  const { queue, service, states, clock } = bench({ mail: () => Promise.resolve({ mail_id, access_token: "t" }) });
  await queue.add([pdf("a.pdf", "a")]);
  await rest();
  service.attachments.length = 0;
  service.faults["POST"] = [{ status: 404, slug: "mail-not-found" }];
  await queue.add([pdf("b.pdf", "b")]);
  await rest();
  assert.equal(queue.stopped, "ended");
  mail_id = "new";
  queue.restart();
  await clock.pass(1000);
  assert.deepEqual(states(), ["a.pdf sent", "b.pdf sent"]);
  assert.equal(service.attachments.length, 2);
});

test("a refusal of the service is shown in its own words", async () => {
  const { queue, service } = bench();
  service.faults["POST"] = [{ status: 413, slug: "attachment-too-large", detail: "Taille maximale : 100 Mio." }];
  await queue.add([pdf()]);
  await rest();
  const { problem } = only(queue.files);
  assert.deepEqual([problem?.code, problem?.values["detail"]], ["refused", "Taille maximale : 100 Mio."]);
});

test("the draft cannot be made for now: the files wait for it", async () => {
  let tries = 0;
  const { NoAnswer } = await import("../src/api/client.ts");
  const mail = (): Promise<{ mail_id: string; access_token: string }> => {
    tries += 1;
    return tries < 3 ? Promise.reject(new NoAnswer("offline")) : Promise.resolve({ mail_id: "m", access_token: "t" });
  };
  const { queue, clock, states } = bench({ mail });
  await queue.add([pdf()]);
  await clock.pass(5000);
  assert.deepEqual(states(), ["plan.pdf sent"]);
});

test("the security check is asked for until it is known, and no longer", async () => {
  const { queue, service, clock } = bench();
  await queue.add([pdf()]);
  await clock.pass(2000);
  assert.equal(only(queue.files).check, "pending");
  Object.assign(service.attachments[0] ?? {}, { check: "clean" });
  await clock.pass(3000);
  assert.equal(only(queue.files).check, "clean");
  const asked = service.asked.length;
  await clock.pass(600_000);
  assert.equal(service.asked.length, asked);
});

test("progress is shown at most four times a second, and its end always", async () => {
  const shown: number[] = [];
  const { queue, clock } = bench({
    put: async (_, file, step) => {
      for (let bytes = 1; bytes <= file.size; bytes += 1) {
        step.progress(bytes);
        await clock.pass(10);
      }
      return refusal(200);
    },
    changed: () => {
      const row = queue.files[0];
      if (row?.state === "sending" && row.done > 0 && row.done !== shown.at(-1)) shown.push(row.done);
    },
  });
  await queue.add([pdf()]);
  while (only(queue.files).state !== "sent") await rest();
  const { size } = only(queue.files);
  assert.equal(shown.at(-1), size);
  assert(shown.length <= 1 + size / 25 + 1, String(shown));
});
