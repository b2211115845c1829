import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { ask, NoAnswer, passes, Problem } from "../src/api/client.ts";

const real = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = real;
});

function answering(status: number, body: string, headers: Record<string, string> = {}): void {
  globalThis.fetch = () => Promise.resolve(new Response(status === 204 ? null : body, { status, headers }));
}

const JSON_TYPE = { "Content-Type": "application/json" };

test("an answer carries its body, its wish to wait and the service's clock", async () => {
  answering(202, '{"status":"pending"}', { ...JSON_TYPE, "Retry-After": "1", Date: "Fri, 27 Nov 2026 21:00:00 GMT" });
  const answer = await ask<{ status: string }>("GET", "/v1/health");
  assert.deepEqual(answer, { status: 202, body: { status: "pending" }, retryAfter: 1, at: Date.UTC(2026, 10, 27, 21) });
});

test("a 202 of the service may have nothing to say; an empty answer of something else is none", async () => {
  const silence = (headers: Record<string, string>): void => {
    globalThis.fetch = () => Promise.resolve(new Response(null, { status: 202, headers }));
  };
  silence({ "X-Request-Id": "r" });
  const answer = await ask("POST", "/v1/session/forgotten", { body: { username: "n" } });
  assert.deepEqual([answer.status, answer.body], [202, undefined]);
  silence({});
  await assert.rejects(ask("POST", "/v1/session/forgotten"), (error) => error instanceof NoAnswer && error.reason === "foreign");
});

test("a refusal of the service is a problem with its fields", async () => {
  const body = { type: "/problems/fields-wrong", title: "T", detail: "D", errors: [{ field: "subject", message: "M" }] };
  answering(422, JSON.stringify(body), { "Content-Type": "application/problem+json" });
  await assert.rejects(ask("PUT", "/v1/x", { body: {} }), (error) => {
    assert(error instanceof Problem);
    assert.equal(error.slug, "fields-wrong");
    assert.deepEqual(error.errors, body.errors);
    assert(!passes(error));
    return true;
  });
});

for (const [name, status, body, headers] of [
  ["a proxy's 404", 404, "<h1>Not found</h1>", { "Content-Type": "text/html" }],
  ["a JSON 404 of something else", 404, '{"message":"Not Found"}', JSON_TYPE],
  ["a sign-in page of a hotel", 200, "<form>", { "Content-Type": "text/html" }],
  ["half a JSON", 200, '{"a":', JSON_TYPE],
] as const) {
  test(`${name} is nobody's refusal: the request may be sent again`, async () => {
    answering(status, body, headers);
    await assert.rejects(ask("GET", "/v1/x"), (error) => error instanceof NoAnswer && error.reason === "foreign" && passes(error));
  });
}

for (const status of [429, 502, 503, 504]) {
  test(`a ${status} by what stands before the service says to wait`, async () => {
    answering(status, '{"message":"Too Many Requests"}', { ...JSON_TYPE, "Retry-After": "7" });
    await assert.rejects(ask("GET", "/v1/x"), (error) => error instanceof Problem && error.retryAfter === 7 && passes(error));
  });
}

test("no network and a late answer are told apart", async () => {
  globalThis.fetch = () => Promise.reject(new TypeError("network"));
  await assert.rejects(ask("GET", "/v1/x"), (error) => error instanceof NoAnswer && error.reason === "offline");
  globalThis.fetch = (_, init) =>
    new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(new Error("aborted"))));
  await assert.rejects(
    ask("GET", "/v1/x", { milliseconds: 10 }),
    (error) => error instanceof NoAnswer && error.reason === "timeout",
  );
});

test("a request that is called off is no failure of the network", async () => {
  const stopper = new AbortController();
  stopper.abort();
  answering(200, "{}", JSON_TYPE);
  await assert.rejects(ask("GET", "/v1/x", { signal: stopper.signal }), { name: "AbortError" });
});
