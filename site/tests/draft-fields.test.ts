import assert from "node:assert/strict";
import { test } from "node:test";

import { datedOf, letterBody, letterFaults, masked, senderBody, senderFaults, type Values } from "../src/draft/fields.ts";
import { characters, iceFault, isBlank, westernDigits } from "../src/draft/typed.ts";

// Complaint 22: the page's counter differed from the server's.
for (const [text, count] of [
  ["", 0],
  ["abc", 3],
  ["é", 1],
  ["e\u0301", 2],
  ["😀", 1],
  ["👩‍👩‍👧", 5],
  ["سلام", 4],
  ["سَلام", 5],
  ["one\r\ntwo", 7],
  ["one\ntwo", 7],
  ["one\rtwo", 7],
  ["\r\n\r\n", 2],
  ["😀".repeat(255), 255],
] as const) {
  test(`${JSON.stringify(text.slice(0, 20))} counts ${count} characters`, () => {
    assert.equal(characters(text), count);
  });
}

// Complaint 20: Arabic digits refused.
for (const [text, western] of [
  ["٠١٢٣٤٥٦٧٨٩", "0123456789"],
  ["۰۱۲۳۴۵۶۷۸۹", "0123456789"],
  ["٢٠۲۶", "2026"],
  ["12", "12"],
  ["غشت", "غشت"],
] as const) {
  test(`${text} reads ${western}`, () => assert.equal(westernDigits(text), western));
}

for (const text of ["", "  ", "\u00a0\u200f\n", "\u3164", "\u2800\t"]) {
  test(`${JSON.stringify(text)} says nothing`, () => assert(isBlank(text)));
}
test("a letter says something", () => assert(!isBlank(" . ")));

// Complaint 30: dates in three fields.
for (const [day, month, year, dated] of [
  ["", "", "", null],
  ["20", "11", "2026", "2026-11-20"],
  ["٢٠", "11", "٢٠٢٦", "2026-11-20"],
  ["۵", "2", "۲۰۲۶", "2026-02-05"],
  [" 5 ", "2", "2026", "2026-02-05"],
  ["29", "2", "2024", "2024-02-29"],
  ["29", "2", "2026", false],
  ["31", "4", "2026", false],
  ["0", "4", "2026", false],
  ["5", "", "2026", false],
  ["5", "4", "26", false],
  ["x", "4", "2026", false],
] as const) {
  test(`the date ${day}/${month}/${year} is ${dated}`, () => {
    assert.equal(datedOf({ "dated.day": day, "dated.month": month, "dated.year": year }), dated);
  });
}

for (const [typed, fault] of [
  ["001531097000035", null],
  ["ICE : 001531097000035", null],
  ["001 531 097 000 035", null],
  ["٠٠١٥٣١٠٩٧٠٠٠٠٣٥", null],
  ["1531097000035", null],
  ["OO1531O97OOOO35", null],
  ["001531097000036", "key"],
  ["000000000000000", "key"],
  ["12345", { digits: 5 }],
  ["0015310970000351", { digits: 16 }],
  ["", { digits: 0 }],
] as const) {
  test(`the ICE ${typed || "of no digit"} gets its hint`, () => assert.deepEqual(iceFault(typed), fault));
}

test("the letter goes as the API takes it: LF, optional fields only where they are given", () => {
  assert.deepEqual(letterBody({ kind: "other", subject: " s ", body: "a\r\nb" }), { kind: "other", subject: " s ", body: "a\nb" });
  const values = { kind: "reply", subject: "s", reference: "R-1", "dated.day": "1", "dated.month": "2", "dated.year": "2026" };
  assert.deepEqual(letterBody(values), { kind: "reply", subject: "s", body: "", reference: "R-1", dated: "2026-02-01" });
});

for (const [name, values, fields] of [
  ["nothing", {}, ["kind", "subject"]],
  ["blanks", { kind: "other", subject: " \u200f" }, ["subject"]],
  ["too much", { kind: "other", subject: "😀".repeat(256), body: "x".repeat(20_001) }, ["subject", "body"]],
  ["as much as goes", { kind: "other", subject: "😀".repeat(255), body: "x".repeat(20_000) }, []],
  ["no such day", { kind: "other", subject: "s", "dated.day": "31" }, ["dated.day"]],
] as [string, Values, string[]][]) {
  test(`a letter with ${name} lacks ${fields.join(", ") || "nothing"}`, () => {
    assert.deepEqual(letterFaults(values).map(({ field }) => field), fields);
  });
}

const CONTACT = { email: "a@b.ma", privacy_notice_version: "1", phone: " " };
for (const [values, body] of [
  [{ sender_kind: "citizen", last_name: "Alaoui", legal_name: "of another kind" }, { kind: "citizen", last_name: "Alaoui" }],
  [
    { sender_kind: "enterprise", legal_name: "L", contact_name: "C", ice: "1", "foreign_registration.country": "FR" },
    { kind: "enterprise", legal_name: "L", contact_name: "C", ice: "1" },
  ],
  [
    { sender_kind: "enterprise", abroad: "true", legal_name: "L", contact_name: "C", ice: "1", "foreign_registration.country": "FR", "foreign_registration.number": "5" },
    { kind: "enterprise", legal_name: "L", contact_name: "C", foreign_registration: { country: "FR", number: "5" } },
  ],
  [
    { sender_kind: "enterprise", legal_name: "L", contact_name: "C", ice: "1", "trade_register.number": "7", "trade_register.court": "Rabat" },
    { kind: "enterprise", legal_name: "L", contact_name: "C", ice: "1", trade_register: { number: "7", court: "Rabat" } },
  ],
  [{ sender_kind: "administration", name: "N", service: "S", contact_name: "C", sms: "false" }, { kind: "administration", name: "N", service: "S", contact_name: "C", sms: false }],
  [{ sender_kind: "association", name: "N", contact_name: "C", sms: "true", address: "a\nb" }, { kind: "association", name: "N", contact_name: "C", sms: true, address: "a\nb" }],
] as [Values, Record<string, unknown>][]) {
  test(`contact details of ${values.sender_kind ?? ""} hold what that kind has, and no more`, () => {
    assert.deepEqual(senderBody({ ...CONTACT, ...values }), { ...body, email: "a@b.ma", privacy_notice_version: "1" });
    assert.deepEqual(senderFaults({ ...CONTACT, ...values }), []);
  });
}

for (const [values, fields] of [
  [{}, ["sender_kind"]],
  [{ sender_kind: "citizen" }, ["last_name", "email"]],
  [{ sender_kind: "citizen", last_name: "A", phone: "06" }, []],
  [{ sender_kind: "enterprise", email: "a@b.ma" }, ["legal_name", "contact_name", "ice"]],
  [{ sender_kind: "enterprise", email: "a@b.ma", legal_name: "L", contact_name: "C", abroad: "true" }, ["foreign_registration.country", "foreign_registration.number"]],
  [{ sender_kind: "enterprise", email: "a@b.ma", legal_name: "L", contact_name: "C", ice: "1", "trade_register.court": "Fès" }, ["trade_register.number"]],
  [{ sender_kind: "administration", email: "a@b.ma" }, ["name", "service", "contact_name"]],
  [{ sender_kind: "association", email: "a@b.ma", name: "x".repeat(201), contact_name: "C" }, ["name"]],
] as [Values, string[]][]) {
  test(`contact details ${JSON.stringify(values).slice(0, 60)} lack ${fields.join(", ") || "nothing"}`, () => {
    assert.deepEqual(senderFaults(values).map(({ field }) => field), fields);
  });
}

for (const [email, shown] of [
  ["fatima@exemple.ma", "f…@e….ma"],
  ["f@a.gov.ma", "f…@a….ma"],
  ['"a@b"@exemple.ma', '"…@e….ma'],
  ["", null],
] as const) {
  test(`${email || "no address"} is shown as ${shown}`, () => assert.equal(masked(email), shown));
}
