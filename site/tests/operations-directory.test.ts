import assert from "node:assert/strict";
import { test } from "node:test";

import fr from "../words/fr.json" with { type: "json" };
import { usePageData } from "../src/frame/words.ts";
import { DirectorySection, MOST_BYTES } from "../src/operations/directory.ts";
import { textOf } from "../src/operations/text-file.ts";
import { OFFLINE, refusal, settled } from "./support/asked.ts";
import { markup } from "./support/markup.ts";
import { world } from "./support/operations.ts";

usePageData({ page: "operations", workers: {}, words: fr, amazigh: {} });

const RIGHT = { rows: 3, new: 2, changed: 1, unchanged: 0, wrong: 0, errors: [] };
const WRONG = {
  ...{ rows: 0, new: 0, changed: 0, unchanged: 0, wrong: 2 },
  errors: [
    { row: 3, field: "alert_emails", message: "Écrivez une adresse." },
    { row: 7, field: "", message: "Cette ligne n’est pas au format CSV." },
  ],
};
const CSV = "organism_id,code\nanam,ANAM\n";
const file = (content: BlobPart = CSV): File => new File([content], "organismes.csv");

test("nothing is written before the whole file was checked", async () => {
  const around = world(RIGHT);
  const section = new DirectorySection(around);
  section.load();
  await section.choose(file());
  assert.deepEqual(
    around.asked.map(({ method, path, options }) => [method, path, options.body]),
    [["POST", "/v1/operations/organisms/check", { csv: CSV }]],
  );
  assert.match(markup(section.view()), /data-action="load"/);
});

test("what is wrong is said by row and column, and the file cannot be written", async () => {
  const around = world(WRONG);
  const section = new DirectorySection(around);
  await section.choose(file());
  section.load();
  await settled();
  assert.equal(around.asked.length, 1);
  const drawn = markup(section.view());
  assert.match(drawn, />3<[^]*alert_emails[^]*Écrivez une adresse\.[^]*>7<[^]*toute la ligne/);
  assert.doesNotMatch(drawn, /data-action="load"/);
});

test("the file is sent again until no organism is left, and progress is said", async () => {
  const around = world(
    RIGHT,
    { rows: 3, written: 1, unchanged: 0, left: 2 },
    { rows: 3, written: 2, unchanged: 1, left: 0 },
  );
  const section = new DirectorySection(around);
  await section.choose(file());
  section.load();
  section.load();
  await settled();
  assert.equal(around.asked.length, 3);
  assert.deepEqual(around.said, ["Enregistrés\u00a0: 1 sur 3.", "Enregistrés\u00a0: 3 sur 3."]);
  assert.equal(section.finished, true);
});

test("an interruption keeps what was written, and one press goes on", async () => {
  const around = world(RIGHT, { rows: 3, written: 1, unchanged: 0, left: 2 }, OFFLINE, { rows: 3, written: 2, unchanged: 1, left: 0 });
  const section = new DirectorySection(around);
  await section.choose(file());
  section.load();
  await settled();
  assert.equal(section.written, 1);
  assert.match(markup(section.view()), /data-action="retry"/);
  section.load();
  await settled();
  assert.equal(section.finished, true);
});

test("a directory that changed since its check is checked again", async () => {
  const around = world(RIGHT, refusal(409, "directory-refused"), WRONG);
  const section = new DirectorySection(around);
  await section.choose(file());
  section.load();
  for (let turn = 0; turn < 50 && !section.check?.wrong; turn += 1) {
    await new Promise((done) => setTimeout(done, 1));
  }
  assert.equal(section.check?.wrong, 2);
});

test("a file that is too large is refused with both sizes, before a byte leaves", async () => {
  const around = world(RIGHT);
  const section = new DirectorySection(around);
  await section.choose(file(new Uint8Array(MOST_BYTES + 1)));
  assert.match(section.fault, /950 Ko/);
  assert.deepEqual(around.asked, []);
});

for (const [name, bytes, text] of [
  ["UTF-8", new TextEncoder().encode("الرباط"), "الرباط"],
  ["UTF-8 with a mark", new Uint8Array([0xef, 0xbb, 0xbf, 0x61]), "a"],
  ["Unicode text of Excel", new Uint8Array([0xff, 0xfe, 0x61, 0, 0x27, 0x06]), "aا"],
  ["big-endian UTF-16", new Uint8Array([0xfe, 0xff, 0, 0x61]), "a"],
  ["Windows-1252", new Uint8Array([0x46, 0xe8, 0x73]), "F\ufffds"],
  ["nothing", new Uint8Array(), ""],
] as const) {
  test(`${name} is read`, () => {
    assert.equal(textOf(bytes.buffer), text);
  });
}
