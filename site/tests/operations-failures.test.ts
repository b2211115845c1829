import assert from "node:assert/strict";
import { test } from "node:test";

import fr from "../words/fr.json" with { type: "json" };
import { usePageData } from "../src/frame/words.ts";
import { FailuresSection } from "../src/operations/failures.ts";
import { OFFLINE, settled } from "./support/asked.ts";
import { markup } from "./support/markup.ts";
import { world } from "./support/operations.ts";

usePageData({ page: "operations", workers: {}, words: fr, amazigh: {} });

const QUIET = {
  dead_letters: [{ queue: "notifications", messages: 0, sample: [] }],
  mails: { items: [], more: false },
  waiting: { items: [], kinds: [{ kind: "STAMP", count: 0, more: false }] },
  addresses: { items: [], more: false },
  capped: [],
  sending: { sent: 12, bounced: 1, complained: 0, paused: false },
  uncollected: { after_days: 14, count: 0, more: false },
};
const since = "2026-11-27T20:00:00.000Z";
const FAILED = {
  ...QUIET,
  dead_letters: [
    {
      queue: "notifications",
      messages: 2,
      sample: [
        {
          ...{ mail_id: "m1", notification_id: null, webhook_id: null, function: null, template: "organism_alert" },
          ...{ cause: "attempts_spent", since, age_seconds: 7200 },
        },
      ],
    },
    { queue: "events", messages: 1, sample: [] },
  ],
  waiting: {
    items: [
      {
        ...{ kind: "STAMP", cause: "no_time_stamp", acts: "service", number: "ANAM-2026-000012", mail_id: "m2", organism_id: "anam" },
        ...{ since, age_seconds: 300 },
      },
    ],
    kinds: [{ kind: "STAMP", count: 1, more: false }],
  },
};

test("nothing that waits is said in one sentence", async () => {
  const { section } = await looked(QUIET);
  const drawn = markup(section.view());
  assert.match(drawn, /id="quiet"/);
  assert.doesNotMatch(drawn, /data-action="redrive"/);
});

test("each failure has its age, its cause in words, and what it concerns", async () => {
  const drawn = markup((await looked(FAILED)).section.view());
  assert.match(drawn, /3 opérations en échec/);
  assert.match(drawn, /2 heures[^]*toutes les tentatives ont échoué[^]*m1/);
});

test("each mail that waits says why, and who can end it", async () => {
  const drawn = markup((await looked(FAILED)).section.view());
  assert.match(drawn, /ANAM-2026-000012[^]*5 minutes[^]*horodatage[^]*le service, seul/);
});

test("a cause without words is shown as the service names it", async () => {
  const unknown = structuredClone(FAILED);
  const [queue] = unknown.dead_letters;
  Object.assign(queue?.sample[0] ?? {}, { cause: "ClientError" });
  assert.match(markup((await looked(unknown)).section.view()), /ClientError/);
});

test("a redrive asks and says how many, and then says how many went", async () => {
  const { around, section } = await looked(FAILED, { status: 202, body: { redriven: 3, queues: {} } }, QUIET);
  section.ask(true);
  assert.match(markup(section.view()), /Relancer 3 opérations/);
  assert.equal(around.asked.length, 1, "nothing was sent yet");
  section.redrive();
  await settled();
  assert.deepEqual([around.asked[1]?.method, around.asked[1]?.path], ["POST", "/v1/operations/failures/redrive"]);
  assert.match(markup(section.view()), /3 opérations relancées/);
});

test("a redrive whose answer was lost is not sent again by one press: the question comes first", async () => {
  const { section } = await looked(FAILED, OFFLINE);
  section.ask(true);
  section.redrive();
  await settled();
  const drawn = markup(section.redriving.view(""));
  assert.match(drawn, /id="problem"/);
  assert.doesNotMatch(drawn, /data-action="retry"/);
});

test("what is shown is looked at again every half minute, but not while a question is open", async () => {
  const { around, section } = await looked(FAILED);
  Object.assign(around, { now: () => 31_000 });
  section.asked = true;
  section.tick();
  assert.equal(around.asked.length, 1);
  section.asked = false;
  section.tick();
  section.tick();
  assert.equal(around.asked.length, 2);
});

async function looked(...replies: Parameters<typeof world>): Promise<{ around: ReturnType<typeof world>; section: FailuresSection }> {
  const around = world(...replies);
  const section = new FailuresSection(around);
  section.wake();
  await settled();
  return { around, section };
}
