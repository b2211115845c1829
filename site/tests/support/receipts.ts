/** Receipts and forgeries, made by the project's own code (tests/support/signed/receipts_for_pages.py). */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { ChosenFile, Findings } from "../../src/proof/receipt.ts";
import { findingsOn } from "../../src/proof/receipt.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PATHS = [".", "functions", "layers/mailroom/src", "layers/receipt/src"];

export interface Facts {
  readonly code: string;
  readonly number: string;
  readonly record_sha256: string;
  readonly key_sha256: string;
  readonly attachments: readonly { sha256: string; size: number }[];
  /** Where the signature stands in `sealed`, with its brackets. */
  readonly signature_place: readonly [number, number];
  /** What `mailroom.check` found in each file. */
  readonly checked: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface Receipts {
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly facts: Facts;
}

export function makeReceipts(): Receipts {
  const folder = mkdtempSync(join(tmpdir(), "receipts-"));
  try {
    execFileSync(join(ROOT, ".venv/bin/python"), ["-m", "tests.support.signed.receipts_for_pages", folder], {
      cwd: ROOT,
      env: { ...process.env, PYTHONPATH: PATHS.join(":") },
      stdio: ["ignore", "ignore", "inherit"],
    });
    const facts = JSON.parse(readFileSync(join(folder, "facts.json"), "utf8")) as Facts;
    const named = Object.keys(facts.checked).map((name) => [name, new Uint8Array(readFileSync(join(folder, `${name}.pdf`)))]);
    return { facts, files: Object.fromEntries(named) as Record<string, Uint8Array> };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const chosen = (bytes: Uint8Array): ChosenFile => ({
  size: bytes.length,
  arrayBuffer: () => Promise.resolve(bytes.slice().buffer),
});

export const verifier = async () => (await import("../../src/proof/cms.ts")).signatureOf;

export const findings = (bytes: Uint8Array): Promise<Findings> => findingsOn(chosen(bytes), verifier);
