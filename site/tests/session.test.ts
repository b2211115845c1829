import assert from "node:assert/strict";
import { test } from "node:test";

import { Problem, type Ask } from "../src/api/client.ts";
import { usePageData } from "../src/frame/words.ts";
import { IDLE_MILLISECONDS, WARNED_MILLISECONDS } from "../src/session/idle.ts";
import { Session } from "../src/session/session.ts";
import type { Person, Role } from "../src/session/shapes.ts";

usePageData({ page: "desk", workers: {}, words: {}, amazigh: {} });

const NADIA: Person = { state: "signed_in", role: "agent", name: "Nadia", organism: null, expires_at: "2026-11-28T02:00:00.000Z" };
const AT = Date.UTC(2026, 10, 28, 1);

function refusal(status: number, slug: string, errors: { field: string; message: string }[] = []): Problem {
  return new Problem(status, { type: `/problems/${slug}`, detail: "D", errors }, null);
}

/** A page whose service answers from `answers`, by method and path. */
function world(answers: Record<string, unknown>, role: Role = "agent") {
  const asked: { place: string; body: unknown; signedIn: boolean }[] = [];
  const said: string[] = [];
  let now = AT;
  let again = 0;
  const ask = ((method: string, path: string, options: { body?: unknown; signedIn?: boolean } = {}) => {
    const place = `${method} ${path}`;
    asked.push({ place, body: options.body, signedIn: options.signedIn === true });
    const answer = answers[place];
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve({ status: 200, body: answer, retryAfter: null, at: now });
  }) as Ask;
  const session = new Session(role, {
    ask,
    now: () => now,
    draw: () => undefined,
    focus: () => undefined,
    announce: () => undefined,
    startOver: () => (again += 1),
    channel: { postMessage: (word: string) => void said.push(word) },
  });
  const pass = (milliseconds: number): void => {
    now += milliseconds;
    session.tick();
  };
  return { session, answers, asked, said, pass, startedOver: () => again };
}

async function signedIn(answers: Record<string, unknown> = {}) {
  const made = world({ "GET /v1/session": NADIA, ...answers });
  await made.session.begin();
  return made;
}

const STEPS = [
  ["a password that is enough", NADIA, "in"],
  ["a first password", { state: "new_password", challenge: "c" }, "new_password"],
  ["a second factor to set up", { state: "second_factor_setup", challenge: "c", setup: { secret: "S", uri: "otpauth://x" } }, "second_factor_setup"],
  ["a code", { state: "second_factor", challenge: "c" }, "second_factor"],
  ["an operator's account", { ...NADIA, role: "operator" }, "other_role"],
] as const;

for (const [name, answer, stage] of STEPS) {
  test(`after the password: ${name}`, async () => {
    const { session } = world({ "GET /v1/session": refusal(401, "not-signed-in"), "POST /v1/session": answer });
    await session.begin();
    assert.equal(session.state.stage, "password");
    Object.assign(session.state.typed, { username: " nadia ", password: " p " });
    await session.submit();
    assert.equal(session.state.stage, stage);
  });
}

test("a name loses its blanks, a password keeps its own, a code is read in Arabic digits", async () => {
  const { session, asked } = world({
    "POST /v1/session": { state: "second_factor", challenge: "c1" },
    "POST /v1/session/challenge": NADIA,
  });
  session.turnTo("password");
  Object.assign(session.state.typed, { username: " nadia ", password: " p " });
  await session.submit();
  session.state.typed.code = "١٢٣ ٤٥٦";
  await session.submit();
  assert.deepEqual(asked.map((each) => each.body), [
    { username: "nadia", password: " p " },
    { challenge: "c1", code: "123456" },
  ]);
  assert(asked.every((each) => each.signedIn));
  assert.deepEqual(session.state.typed, { username: " nadia ", password: "", new_password: "", code: "" });
});

test("an empty form asks nothing of the service", async () => {
  const { session, asked } = world({});
  session.turnTo("password");
  await session.submit();
  assert.deepEqual(Object.keys(session.state.wrong), ["username", "password"]);
  assert.deepEqual(asked, []);
});

const REFUSALS = [
  ["a wrong password", "password", refusal(401, "sign-in-refused"), { wrong: ["password"], trouble: "" }],
  ["a weak password", "new_password", refusal(422, "fields-wrong", [{ field: "new_password", message: "M" }]), { wrong: ["new_password"], trouble: "" }],
  ["a wrong code", "second_factor", refusal(401, "code-wrong"), { wrong: ["code"], trouble: "" }],
  ["too many tries", "password", refusal(429, "too-fast"), { wrong: [], trouble: "problems.slow" }],
  ["too many tries for one account", "second_factor", refusal(429, "too-many-tries"), { wrong: [], trouble: "D" }],
] as const;

for (const [name, stage, error, expected] of REFUSALS) {
  test(`${name} is said where it can be mended`, async () => {
    const { session } = world({ "POST /v1/session": error, "POST /v1/session/challenge": error });
    Object.assign(session.state, { stage });
    Object.assign(session.state.typed, { username: "n", password: "p", new_password: "w", code: "1" });
    await session.submit();
    assert.deepEqual(Object.keys(session.state.wrong), expected.wrong);
    assert.equal(session.state.trouble, expected.trouble);
    assert.equal(session.state.stage, stage);
  });
}

test("all that a weak password lacks is said at once", async () => {
  const errors = ["Longer.", "Add a sign."].map((message) => ({ field: "new_password", message }));
  const { session } = world({ "POST /v1/session/challenge": refusal(422, "fields-wrong", errors) });
  Object.assign(session.state, { stage: "new_password" });
  session.state.typed.new_password = "w";
  await session.submit();
  assert.deepEqual(session.state.wrong, { new_password: "Longer. Add a sign." });
});

test("a sign-in that took too long begins again with the password", async () => {
  const { session } = world({ "POST /v1/session/challenge": refusal(401, "sign-in-ended") });
  Object.assign(session.state, { stage: "second_factor" });
  session.state.typed.code = "123456";
  await session.submit();
  assert.equal(session.state.stage, "password");
  assert.equal(session.state.trouble, "D");
});

test("fifteen idle minutes end the session here, in other tabs and at the service, after a warning", async () => {
  const { session, asked, said, pass } = await signedIn();
  pass(IDLE_MILLISECONDS - WARNED_MILLISECONDS - 1000);
  assert.equal(session.state.endsIn, null);
  pass(1000);
  assert.equal(session.state.endsIn, 120);
  pass(WARNED_MILLISECONDS);
  assert.equal(session.state.stage, "password");
  assert.equal(session.state.notice, "session.ended_idle");
  assert(session.state.interrupted);
  assert.equal(asked.at(-1)?.place, "DELETE /v1/session");
  assert.deepEqual(said.slice(-1), ["signed-out"]);
});

const SHORT: Person = { ...NADIA, expires_at: "2026-11-28T01:15:00.000Z" };

test("a session that ended is not renewed, though its token would be due", async () => {
  const { session, asked, pass } = await signedIn({ "GET /v1/session": SHORT });
  pass(IDLE_MILLISECONDS);
  assert.equal(session.state.stage, "password");
  assert.equal(asked.at(-1)?.place, "DELETE /v1/session");
});

test("a renewal by the page itself is no work of the person's", async () => {
  const { session, pass } = await signedIn({ "GET /v1/session": SHORT });
  pass(3 * 60_000);
  session.touch();
  pass(IDLE_MILLISECONDS - WARNED_MILLISECONDS - 1000);
  await Promise.resolve();
  pass(WARNED_MILLISECONDS + 1000);
  assert.equal(session.state.notice, "session.ended_idle");
});

test("an answer that was on its way when the session ended brings nobody back", async () => {
  for (const end of ["idle", "signed-out", "another tab"]) {
    const { session, pass } = await signedIn({ "GET /v1/session": SHORT });
    session.stay();
    const renewal = session.begin();
    if (end === "idle") {
      pass(IDLE_MILLISECONDS);
    } else if (end === "another tab") {
      session.heard("signed-out");
    } else {
      session.signOut();
    }
    await renewal;
    assert.equal(session.state.stage, "password", end);
  }
});

test("a failure that was on its way when the session ended leaves the form as it is", async () => {
  const { session, answers } = await signedIn();
  answers["GET /v1/session"] = refusal(503, "try-again");
  const renewal = session.begin();
  session.signOut();
  await renewal;
  assert.equal(session.state.stage, "password");
  assert.equal(session.state.notice, "session.signed_out");
});

test("who works stays signed in; who was warned has to say so", async () => {
  const { session, pass } = await signedIn();
  for (let minutes = 0; minutes < 30; minutes += 10) {
    pass(10 * 60_000);
    session.touch();
  }
  assert.equal(session.state.stage, "in");
  pass(IDLE_MILLISECONDS - WARNED_MILLISECONDS);
  session.touch();
  assert.equal(session.state.endsIn, 120);
  session.stay();
  pass(1000);
  assert.equal(session.state.endsIn, null);
});

test("work in another tab keeps this one signed in", async () => {
  const { session, pass } = await signedIn();
  pass(10 * 60_000);
  session.heard("active");
  pass(10 * 60_000);
  assert.equal(session.state.stage, "in");
});

test("a session that the service ended shows the form, and what was typed comes back for the same person alone", async () => {
  const { session, answers, startedOver } = await signedIn({ "GET /v1/inbox": refusal(401, "not-signed-in") });
  await assert.rejects(session.ask("GET", "/v1/inbox"));
  assert.equal(session.state.stage, "password");
  assert(session.state.interrupted);
  answers["POST /v1/session"] = NADIA;
  Object.assign(session.state.typed, { username: "nadia", password: "p" });
  await session.submit();
  assert.equal(session.state.stage, "in");
  assert.equal(startedOver(), 0);
  await assert.rejects(session.ask("GET", "/v1/inbox"));
  answers["POST /v1/session"] = { ...NADIA, name: "Omar" };
  Object.assign(session.state.typed, { username: "omar", password: "p" });
  await session.submit();
  assert.equal(startedOver(), 1);
});

test("signing out revokes the tokens and tells the other tabs; another person may come", async () => {
  const { session, asked, said, answers, startedOver } = await signedIn();
  session.signOut();
  assert.equal(asked.at(-1)?.place, "DELETE /v1/session");
  assert.equal(said.at(-1), "signed-out");
  assert(!session.state.interrupted);
  answers["POST /v1/session"] = { ...NADIA, name: "Omar" };
  Object.assign(session.state.typed, { username: "omar", password: "p" });
  await session.submit();
  assert.equal(startedOver(), 0);
});

test("without an answer of the service nobody is asked for a password", async () => {
  const { session } = world({ "GET /v1/session": refusal(503, "busy") });
  await session.begin();
  assert.equal(session.state.stage, "unknown");
});

test("a forgotten password: a code, then a new one, then the form again", async () => {
  const { session, asked } = world({ "POST /v1/session/forgotten": {}, "POST /v1/session/reset": undefined });
  session.turnTo("forgotten");
  session.state.typed.username = "nadia";
  await session.submit();
  assert.equal(session.state.stage, "reset");
  Object.assign(session.state.typed, { code: "654 321", new_password: "Nouveau-2026!x" });
  await session.submit();
  assert.deepEqual(asked.at(-1)?.body, { username: "nadia", code: "654321", new_password: "Nouveau-2026!x" });
  assert.equal(session.state.stage, "password");
  assert.equal(session.state.notice, "session.reset_done");
});
