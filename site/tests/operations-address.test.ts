import assert from "node:assert/strict";
import { test } from "node:test";

import { addressOf, placeOf, type Place } from "../src/operations/address.ts";

const PLACES: readonly (readonly [string, Place])[] = [
  ["/fr/operations/", { section: "failures" }],
  ["/fr/operations/organisms", { section: "organisms", q: "", status: null }],
  ["/fr/operations/organisms?q=%D8%A7%D9%84%D8%B1%D8%A8%D8%A7%D8%B7&status=suspended", { section: "organisms", q: "الرباط", status: "suspended" }],
  ["/fr/operations/organisms/anam", { section: "organism", id: "anam" }],
  ["/fr/operations/new-organism", { section: "organism", id: null }],
  ["/fr/operations/people", { section: "people", organism: null }],
  ["/fr/operations/people?organism_id=anam", { section: "people", organism: "anam" }],
  ["/fr/operations/directory", { section: "directory" }],
];

for (const [address, place] of PLACES) {
  test(`${address} is an address of its own place`, () => {
    const [path = "", query = ""] = address.split("?");
    assert.deepEqual(placeOf(path, query), place);
    assert.equal(addressOf(place), address);
  });
}

for (const [address, section] of [
  ["/ar/operations", "failures"],
  ["/en/operations/nothing/here", "failures"],
  ["/ar/operations/organisms/", "organisms"],
] as const) {
  test(`${address} leads to ${section}`, () => {
    assert.equal(placeOf(address).section, section);
  });
}

test("a status that does not exist filters nothing", () => {
  assert.deepEqual(placeOf("/fr/operations/organisms", "?status=deleted"), { section: "organisms", q: "", status: null });
});
