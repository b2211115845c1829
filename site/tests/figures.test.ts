import assert from "node:assert/strict";
import { test } from "node:test";

import fr from "../words/fr.json" with { type: "json" };
import { foldedWords, matches } from "../src/figures/folding.ts";
import { Published, type OpenData } from "../src/figures/published.ts";
import { openDataView, quarterName } from "../src/figures/view.ts";
import { usePageData } from "../src/frame/words.ts";
import { OFFLINE, service } from "./support/asked.ts";
import { markup } from "./support/markup.ts";

usePageData({ page: "open-data", workers: {}, words: fr, amazigh: {} });

const NAMES: readonly (readonly [string, string, string])[] = [
  ["anam", "Agence nationale de l'assurance maladie", "الوكالة الوطنية للتأمين الصحي"],
  ["rabat", "Commune de Rabat", "جماعة الرباط"],
  ["sale", "Commune de Salé", "جماعة سلا"],
];
const DATA: OpenData = {
  period: { quarter: "2026-Q3", from: "2026-07-01", to: "2026-09-30" },
  quarters: ["2026-Q3", "2026-Q2"],
  organisms: NAMES.map(([organism_id, name, arabic], index) => ({
    organism_id,
    name: { fr: name, ar: arabic },
    received: index === 2 ? { total: null, online: null, counter: null } : { total: 1200 - index, online: 1000, counter: 200 - index },
    answered: null,
    median_hours_to_collection: 5,
    median_hours_to_outcome: 120,
  })),
};

for (const [typed, found] of [
  ["", ["anam", "rabat", "sale"]],
  ["sale", ["sale"]],
  ["SALÉ", ["sale"]],
  ["commune rabat", ["rabat"]],
  ["maladie l’assurance", ["anam"]],
  ["التأمين", ["anam"]],
  ["تأمين", ["anam"]],
  ["تامين صحى", ["anam"]],
  ["الرباط", ["rabat"]],
  ["nowhere", []],
] as const) {
  test(`"${typed}" finds ${found.join(", ") || "nothing"}`, async () => {
    const published = await opened(DATA);
    published.search(typed);
    assert.deepEqual(
      published.found.map((each) => each.organism_id),
      found,
    );
  });
}

test("words of one or two letters must begin a word", () => {
  assert.equal(matches(foldedWords("ab"), foldedWords("Rabat")), false);
  assert.equal(matches(foldedWords("aba"), foldedWords("Rabat")), true);
});

test("a number that is not shown says so, in chart and table, and why stands above", async () => {
  const drawn = markup(openDataView(await opened(DATA)));
  assert.match(drawn, /Un nombre inférieur à 10 n’est pas montré/);
  assert.equal(drawn.match(/non montré/g)?.length, 3 + 3, "three answers, and the three counts of one organism");
  assert.match(drawn, /1\s200/);
  assert.match(drawn, /5 heures[^]*5 jours/);
});

test("an organism whose total is not shown is in no chart: its bar would place it", async () => {
  const [charts = ""] = markup(openDataView(await opened(DATA))).split('id="figures-title"');
  assert.ok(charts.includes("Commune de Rabat"));
  assert.ok(!charts.includes("Commune de Salé"));
});

test("before the first quarter a sentence says when it comes", async () => {
  const drawn = markup(openDataView(await opened({ period: null, quarters: [], organisms: [] })));
  assert.match(drawn, /id="none"/);
  assert.doesNotMatch(drawn, /<table|data-action="csv"/);
});

test("the download is that of the quarter which is shown", async () => {
  assert.match(markup(openDataView(await opened(DATA))), /href="\/v1\/open-data\.csv\?quarter=2026-Q3"/);
  assert.equal(quarterName("2026-Q3"), "juillet à septembre 2026");
});

test("a failure is said in words and can be tried again", async () => {
  assert.match(markup(openDataView(await opened(OFFLINE))), /id="problem"[^]*data-action="retry"/);
});

async function opened(reply: OpenData | typeof OFFLINE): Promise<Published> {
  const { ask } = service(reply);
  const ignore = (): void => undefined;
  const published = new Published({ ask, draw: ignore, announce: ignore, focus: ignore, keep: ignore });
  await published.begin("", "");
  return published;
}
