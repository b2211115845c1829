import assert from "node:assert/strict";
import { test } from "node:test";

import { scannedCode, typedCode } from "../src/verify/code.ts";

const CODE = "5642-CMRR-AB66-H5QJ";

for (const written of [
  CODE,
  CODE.toLowerCase(),
  `  ${CODE}\n`,
  `\u200f${CODE}\u200e`,
  CODE.replaceAll("-", "\u2013"),
  CODE.replaceAll("-", "\u2011"),
  CODE.replaceAll("-", "\u2212"),
  CODE.replaceAll("-", "\u0640"),
  CODE.replace(/\d/g, (digit) => String.fromCharCode(0x0660 + Number(digit))),
  CODE.replace(/\d/g, (digit) => String.fromCharCode(0x06f0 + Number(digit))),
  CODE.replace(/[0-9A-Z]/g, (each) => String.fromCharCode(each.charCodeAt(0) + 0xfee0)),
  CODE.replace("-", "\u00ad-\u200b"),
]) {
  test(`${JSON.stringify(written)} is read as it stands on paper`, () => {
    assert.equal(typedCode(written), CODE);
  });
}

test("a field of blanks and invisible marks is empty", () => {
  assert.equal(typedCode(" \u200f\u2066\u2069 \u00a0"), "");
});

for (const content of [
  CODE,
  CODE.toLowerCase(),
  CODE.replaceAll("-", ""),
  `https://bod.example.org/v1/receipts/${CODE}`,
  `https://bod.example.org/v1/receipts/${CODE}?lang=ar`,
  `https://bod.example.org/stage/v1/receipts/${CODE}`,
  `https://bod.example.org/verifier#${CODE}`,
  `https://bod.example.org/verifier%23${CODE}`,
  `https://bod.example.org/ar/verify#${CODE}`,
  `HTTPS://BOD.EXAMPLE.ORG/VERIFIER#${CODE}`,
]) {
  test(`the QR "${content}" holds a code to verify`, () => {
    const scanned = scannedCode(content);
    assert(typeof scanned === "object");
    assert.equal(scanned.code.replaceAll("-", ""), CODE.replaceAll("-", ""));
  });
}

for (const content of [
  `https://bod.example.org/suivi#ANAM-2026-000001/${CODE}`,
  `https://bod.example.org/s#ANAM-2026-000001/${CODE}`,
  `https://bod.example.org/suivi%23ANAM-2026-000001/${CODE}`,
  `https://bod.example.org/fr/follow#ANAM-2026-000001/${CODE}`,
]) {
  test(`the QR "${content}" opens somebody's mail: nothing of it is asked about`, () => {
    assert.equal(scannedCode(content), "slip");
  });
}

for (const content of ["", "https://elsewhere.example/menu", "WIFI:T:WPA;S:cafe;P:secret;;", "%E0%A4%A", "1234", "javascript:alert(1)", `tel:${CODE}`]) {
  test(`the QR "${content}" is another's`, () => {
    assert.equal(scannedCode(content), "other");
  });
}
