import assert from "node:assert/strict";
import { test } from "node:test";

import fr from "../words/fr.json" with { type: "json" };
import { usePageData } from "../src/frame/words.ts";
import { PeopleSection } from "../src/operations/people.ts";
import type { Person } from "../src/operations/shapes.ts";
import { refusal, settled } from "./support/asked.ts";
import { markup } from "./support/markup.ts";
import { world } from "./support/operations.ts";

usePageData({ page: "operations", workers: {}, words: fr, amazigh: {} });

const NADIA: Person = {
  ...{ person_id: "p/1", username: "nadia@anam.example", name: null, role: "agent", organism_id: "anam" },
  ...{ state: "active", second_factor: true, changed_at: "2026-11-20T08:00:00.000Z" },
};
const PAGE = { items: [NADIA], next_cursor: null };

for (const [act, method, path] of [
  ["shut_out", "DELETE", "/v1/operations/people/p%2F1"],
  ["reset_factor", "POST", "/v1/operations/people/p%2F1/factor-reset"],
] as const) {
  test(`${act} asks first, names the person, and is done once`, async () => {
    const around = world(PAGE, null, PAGE);
    const section = new PeopleSection(around);
    section.wake();
    await settled();
    section.ask({ person: NADIA, act });
    assert.match(markup(section.view()), /id=person-question[^]*nadia@anam\.example/);
    assert.equal(around.asked.length, 1);
    section.act();
    await settled();
    assert.deepEqual([around.asked[1]?.method, around.asked[1]?.path], [method, path]);
    assert.match(section.done, /nadia@anam\.example/);
    assert.equal(section.asked, null);
  });
}

test("a refusal stands beside the question, and the question stays", async () => {
  const section = new PeopleSection(world(PAGE, refusal(409, "not-yourself")));
  section.wake();
  await settled();
  section.ask({ person: NADIA, act: "shut_out" });
  section.act();
  await settled();
  assert.match(markup(section.view()), /detail of not-yourself[^]*id=person-question/);
});

test("who is shut out can be neither shut out nor reset", async () => {
  const section = new PeopleSection(world({ items: [{ ...NADIA, state: "shut_out", role: null }], next_cursor: null }));
  section.wake();
  await settled();
  assert.doesNotMatch(markup(section.view()), /data-action="(shut-out|reset-factor)"/);
});

test("operators can do nothing to themselves: their own line says so", async () => {
  const section = new PeopleSection(world({ items: [{ ...NADIA, username: "operator@example.org", role: "operator" }, NADIA], next_cursor: null }));
  section.wake();
  await settled();
  const [own, other] = markup(section.view()).split("nadia@anam");
  assert.match(own ?? "", new RegExp(`>${fr.operations.you}<`));
  assert.doesNotMatch(own ?? "", /data-action="(shut-out|reset-factor)"/);
  assert.match(other ?? "", /data-action="shut-out"/);
});

test("an agent is invited to the organism of the address, an operator to none", async () => {
  const around = world(PAGE, { status: 201, body: { ...NADIA, state: "invited" } }, PAGE);
  const section = new PeopleSection(around);
  section.open({ section: "people", organism: "anam" });
  section.wake();
  await settled();
  assert.match(around.asked[0]?.path ?? "", /organism_id=anam/);
  section.type("email", " nadia@anam.example ");
  section.invite();
  await settled();
  assert.deepEqual(around.asked[1]?.options.body, { email: "nadia@anam.example", role: "agent", organism_id: "anam" });
  section.type("email", "karim@bod.example");
  section.type("role", "operator");
  section.invite();
  await settled();
  assert.deepEqual(around.asked[3]?.options.body, { email: "karim@bod.example", role: "operator", organism_id: null });
});

test("an agent needs an organism, and everybody an address", () => {
  const around = world(PAGE);
  const section = new PeopleSection(around);
  section.invite();
  assert.deepEqual(Object.keys(section.faults), ["email", "organism_id"]);
  assert.deepEqual(around.asked, []);
});

test("the service's errors stand at their fields", async () => {
  const section = new PeopleSection(world(refusal(422, "fields-wrong", { errors: [{ field: "email", message: "Adresse fausse." }] })));
  section.type("role", "operator");
  section.type("email", "nobody");
  section.invite();
  await settled();
  assert.deepEqual(section.faults, { email: "Adresse fausse." });
});
