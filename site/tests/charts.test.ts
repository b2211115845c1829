import assert from "node:assert/strict";
import { test } from "node:test";

import fr from "../words/fr.json" with { type: "json" };
import { bars, every, line, type Chart } from "../src/charts/index.ts";
import { ceiling, pieces, places, share } from "../src/charts/scale.ts";
import { count, span } from "../src/frame/numbers.ts";
import { usePageData } from "../src/frame/words.ts";
import { markup } from "./support/markup.ts";

usePageData({ page: "open-data", workers: {}, words: fr, amazigh: {} });

const STATUSES: Chart = {
  id: "by-status",
  title: "Par statut",
  by: "Statut",
  unit: "Courriers",
  figures: [
    { label: "Déposé", value: 1000 },
    { label: "Réponse donnée", value: 250 },
    { label: "Non accepté", value: 0 },
    { label: "Transmis", value: null },
  ],
};

for (const [values, most] of [
  [[], 1],
  [[0, 0], 1],
  [[1], 1],
  [[3, 2], 5],
  [[11], 20],
  [[50], 50],
  [[51], 100],
  [[999_999], 1_000_000],
] as const) {
  test(`a drawing of ${JSON.stringify(values)} ends at ${most}`, () => {
    assert.equal(ceiling(values), most);
  });
}

for (const [value, whole, percent] of [
  [0, 10, 0],
  [1, 100_000, 0.5],
  [1, 3, 33.3],
  [10, 10, 100],
  [5, 0, 0],
] as const) {
  test(`${value} of ${whole} is ${percent} %`, () => {
    assert.equal(share(value, whole), percent);
  });
}

test("an Arabic line begins at the right, and is else the same", () => {
  const values = [1, null, 4, 2];
  const forward = places(values, 5, false);
  const mirrored = places(values, 5, true);
  assert.deepEqual(
    mirrored.map((point) => point && { x: Math.round((100 - point.x) * 100) / 100, y: point.y }),
    forward,
  );
  assert.ok((mirrored[0]?.x ?? 0) > 90);
});

test("every point stays within the drawing, and higher values stand higher", () => {
  const points = places([0, 5, 10], 10, false);
  assert.ok(points.every((point) => point && point.x >= 0 && point.x <= 100 && point.y >= 0 && point.y <= 100));
  assert.deepEqual([...points].sort((one, other) => (other?.y ?? 0) - (one?.y ?? 0)), points);
});

test("a day that is not known interrupts the line", () => {
  assert.equal(pieces(places([1, 2, null, 3, 4], 5, false)).length, 2);
  assert.equal(pieces(places([1], 5, false)).length, 0);
});

test("the table has every figure with its name, and a masked one says why it has no number", () => {
  const drawn = markup(bars(STATUSES));
  assert.match(drawn, /<figure[^>]*aria-labelledby="by-status-title"/);
  assert.match(drawn, /<th scope="row">Déposé/);
  assert.match(drawn, /<td class="number">1\s000<\/td>/);
  assert.match(drawn, /<td class="number">non montré<\/td>/);
});

test("a bar has the length of its share, none has no bar, and a masked one is hatched", () => {
  const drawn = markup(bars(STATUSES));
  assert.deepEqual(
    [...drawn.matchAll(/<rect[^>]*width="([\d.]+)%"[^>]*fill=([^>]+)>/g)].map((found) => [found[1], found[2]]),
    [
      ["100", "currentColor"],
      ["25", "currentColor"],
      ["4", "url(#by-status-hatch)"],
    ],
  );
});

test("bars are for the eyes alone: a screen reader has the table", () => {
  const drawn = markup(bars(STATUSES));
  assert.equal(drawn.match(/<svg class="bar"[^>]*aria-hidden="true"/g)?.length, 4);
});

test("without figures a sentence stands in place of the drawing", () => {
  for (const drawn of [markup(bars({ ...STATUSES, figures: [] })), markup(line({ ...STATUSES, figures: [] }))]) {
    assert.ok(drawn.includes("Pas encore de chiffres."));
    assert.doesNotMatch(drawn, /<svg|<table/);
  }
});

test("days without mail count as zero, over months and years", () => {
  const days = every({ "2026-12-31": 4, "2027-01-02": 7 }, "2026-12-30", "2027-01-02");
  assert.deepEqual(days, [
    { label: "30 décembre 2026", value: 0 },
    { label: "31 décembre 2026", value: 4 },
    { label: "1 janvier 2027", value: 0 },
    { label: "2 janvier 2027", value: 7 },
  ]);
});

for (const [first, last] of [
  ["2026-01-02", "2026-01-01"],
  ["", "2026-01-01"],
  ["nonsense", "nonsense"],
] as const) {
  test(`there are no days from "${first}" to "${last}"`, () => {
    assert.deepEqual(every({ "2026-01-01": 1 }, first, last), []);
  });
}

test("a wrong period does not freeze the page", () => {
  assert.ok(every({}, "0001-01-01", "9999-12-31").length < 4000);
});

test("a line says in a sentence from when to when, and where it is highest", () => {
  const figures = every({ "2026-11-02": 12 }, "2026-11-01", "2026-11-03");
  const drawn = markup(line({ id: "by-day", title: "Courriers par jour", by: "Jour", unit: "Courriers", figures }));
  assert.match(
    drawn,
    /role="img"[^>]*aria-label=Courriers par jour, du 1 novembre 2026 au 3 novembre 2026\. Le plus haut\u00a0: 12, le 2 novembre 2026\./,
  );
  assert.equal(drawn.match(/<line class="piece"/g)?.length, 2);
});

test("a long table waits behind a press, a short one stands beside the line", () => {
  const chart = { id: "by-day", title: "Courriers par jour", by: "Jour", unit: "Courriers" };
  assert.doesNotMatch(markup(line({ ...chart, figures: every({}, "2026-11-01", "2026-11-07") })), /<details>/);
  assert.match(markup(line({ ...chart, figures: every({}, "2026-11-01", "2026-11-30") })), /<details>[^]*<table/);
});

for (const [seconds, said] of [
  [0, "moins d’une minute"],
  [60, "1 minute"],
  [89 * 60, "89 minutes"],
  [90 * 60, "2 heures"],
  [47 * 3600, "47 heures"],
  [3 * 86_400, "3 jours"],
] as const) {
  test(`${seconds} seconds are ${said}`, () => {
    assert.equal(span(seconds), said);
  });
}

test("counts are grouped as the language does", () => {
  assert.match(count(1_234_567), /^1\s234\s567$/);
});
