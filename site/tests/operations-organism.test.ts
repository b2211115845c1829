import assert from "node:assert/strict";
import { test } from "node:test";

import fr from "../words/fr.json" with { type: "json" };
import { usePageData } from "../src/frame/words.ts";
import { OrganismSection } from "../src/operations/organism.ts";
import { bodyOf, emptyTyped, missing, typedOf, wrongOf } from "../src/operations/organism-fields.ts";
import { OFFLINE, refusal, settled } from "./support/asked.ts";
import { markup } from "./support/markup.ts";
import { ANAM, world, type World } from "./support/operations.ts";

usePageData({ page: "operations", workers: {}, words: fr, amazigh: {} });

const SHOWN_ALONE = new Set(["organism_id", "version", "failing", "unreachable", "code_fixed"]);
/** What the service keeps of an organism: the body of a request. */
const KEPT = Object.fromEntries(Object.entries(ANAM).filter(([name]) => !SHOWN_ALONE.has(name)));
const ENROLLED = { ...KEPT, organism_id: "anam", webhook_secret: null, email_suggestions: {} };

test("an organism that nobody changed is sent back to the byte, also what has no control", () => {
  assert.deepEqual(bodyOf(typedOf(ANAM), ANAM, "active"), KEPT);
});

for (const [typed, emails] of [
  ["a@x.ma\nb@x.ma", ["a@x.ma", "b@x.ma"]],
  ["a@x.ma; b@x.ma, c@x.ma", ["a@x.ma", "b@x.ma", "c@x.ma"]],
  ["  a@x.ma،b@x.ma \n\n", ["a@x.ma", "b@x.ma"]],
] as const) {
  test(`${JSON.stringify(typed)} are ${emails.length} addresses`, () => {
    assert.deepEqual(bodyOf({ ...emptyTyped(), emails: typed }, null, "active").alerts.emails, emails);
  });
}

test("spaces within a telephone number do not part it", () => {
  assert.deepEqual(bodyOf({ ...emptyTyped(), phones: "06 12 34 56 78\n+212 6 11 11 11 11" }, null, "active").alerts.phones, [
    "06 12 34 56 78",
    "+212 6 11 11 11 11",
  ]);
});

for (const [typed, bytes] of [
  ["10", 10 * 1024 * 1024],
  ["٢٥", 25 * 1024 * 1024],
  ["0,5", 512 * 1024],
] as const) {
  test(`${typed} megabytes are ${bytes} bytes`, () => {
    assert.equal(bodyOf({ ...emptyTyped(), max_attachment_bytes: typed }, null, "active").accepts.max_attachment_bytes, bytes);
  });
}

test("the service's errors stand at their controls", () => {
  assert.deepEqual(
    wrongOf([
      { field: "name.ar", message: "ar" },
      { field: "alerts.emails.1", message: "second address" },
      { field: "alerts.emails.2", message: "third address" },
      { field: "reminders.after_working_days", message: "days" },
      { field: "nowhere", message: "lost" },
    ]),
    { name_ar: "ar", emails: "second address", after_working_days: "days" },
  );
});

test("what is missing is said before the service is asked", async () => {
  const around = world(ENROLLED);
  const section = new OrganismSection(around);
  section.save();
  await settled();
  assert.deepEqual(Object.keys(section.faults), ["organism_id", "code", "category", "name_fr", "name_ar", "emails"]);
  assert.deepEqual(around.asked, []);
  assert.deepEqual(around.focused, ["#errors"]);
  assert.deepEqual(missing({ ...typedOf(ANAM), name_ar: " " }, false), { name_ar: "Ce champ est obligatoire\u00a0: remplissez-le." });
});

test("a new organism never overwrites one that has its identifier", async () => {
  const around = world(refusal(409, "organism-exists"));
  const section = new OrganismSection(around);
  section.typed = typedOf(ANAM);
  section.save();
  await settled();
  assert.equal(around.asked[0]?.options.unless, "*");
  assert.equal(section.faults.organism_id, "detail of organism-exists");
});

test("a change rests on the version that was read, and a change since is not overwritten", async () => {
  const { around, section } = await opened(ANAM, refusal(409, "organism-changed"));
  section.type("city", "Salé");
  section.save();
  await settled();
  assert.equal(around.asked.at(-1)?.options.match, '"v7"');
  assert.equal(section.changed, true);
  assert.equal(section.typed.city, "Salé", "what was typed stays");
  assert.match(markup(section.view()), /data-action="reread"/);
});

test("suspending asks first, and sends the rest as it stands", async () => {
  const { around, section } = await opened(ANAM, { ...ENROLLED, status: "suspended" });
  section.ask(true);
  assert.match(markup(section.view()), /id=suspend-title[^]*data-action="sure"/);
  assert.equal(around.asked.length, 1, "nothing was sent yet");
  section.turn("suspended");
  await settled();
  assert.deepEqual(around.asked[1]?.options.body, { ...KEPT, status: "suspended" });
  assert.equal(section.done, "suspended");
});

test("a press that did not arrive can be made again, and two presses make one request", async () => {
  const { around, section } = await opened(ANAM, OFFLINE);
  section.save();
  section.save();
  await settled();
  assert.equal(around.asked.length, 2);
  assert.ok(section.saving.trouble);
  assert.match(markup(section.saving.view("")), /data-action="retry"/);
});

test("addresses that look mistyped are named after saving", async () => {
  const { section } = await opened(ANAM, { ...ENROLLED, email_suggestions: { "a@gmail.con": "a@gmail.com" } });
  section.save();
  await settled();
  assert.match(markup(section.view()), /a@gmail\.con[^]*a@gmail\.com/);
});

test("both names are shown as the receipt prints them while they are typed: French left, Arabic right", () => {
  const section = new OrganismSection(world(ENROLLED));
  section.type("name_fr", "Commune de Rabat");
  section.type("name_ar", "جماعة الرباط");
  const [, sheet = ""] = markup(section.view()).split('class="sheet" dir="ltr"');
  assert.match(sheet, /Royaume du Maroc[^]*Commune de Rabat[^]*المملكة المغربية[^]*جماعة الرباط/);
});

test("text that was typed survives a new sign-in", async () => {
  const { around, section } = await opened(ANAM);
  section.type("city", "Salé");
  section.open({ section: "organism", id: "anam" });
  section.wake();
  await settled();
  assert.equal(section.typed.city, "Salé");
  assert.equal(around.asked.length, 1);
});

async function opened(...replies: Parameters<typeof world>): Promise<{ around: World; section: OrganismSection }> {
  const around = world(...replies);
  const section = new OrganismSection(around);
  section.open({ section: "organism", id: "anam" });
  section.wake();
  await settled();
  return { around, section };
}
