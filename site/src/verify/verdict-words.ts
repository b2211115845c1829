/** Verdicts and findings in words. */
import { day, moment } from "../frame/moments.ts";
import { say, type WordKey } from "../frame/words.ts";
import type { Reason } from "../proof/refusal.ts";
import type { Seal } from "../proof/seal.ts";
import type { SignatureOfAnswer } from "../proof/service.ts";
import type { Verdict } from "../proof/verdict.ts";
import type { Checked } from "./checking.ts";

/** How good the news is: the colour and the mark that go with the words. */
export type Mark = "good" | "bad" | "open";

export interface Finding {
  readonly mark: Mark;
  readonly text: string;
}

const MARKS: Readonly<Record<Verdict, Mark>> = {
  genuine: "good",
  attachment: "good",
  seal_holds: "open",
  seal_unproven: "open",
  not_yet: "open",
  not_checkable: "open",
  altered: "bad",
  other_file: "bad",
  other_code: "bad",
  other_receipt: "bad",
  unknown_code: "bad",
  seal_of_others: "bad",
};

const MEANINGS: Readonly<Record<Exclude<Verdict, "genuine" | "attachment" | "other_receipt" | "not_checkable">, WordKey>> = {
  altered: "verify.altered_means",
  other_file: "verify.other_file_means",
  other_code: "verify.other_code_means",
  unknown_code: "verify.unknown_code_means",
  seal_holds: "verify.seal_holds_means",
  seal_unproven: "verify.seal_unproven_means",
  seal_of_others: "verify.seal_of_others_means",
  not_yet: "verify.not_yet_means",
};

export interface VerdictInWords extends Finding {
  readonly title: string;
}

export function verdictInWords(checked: Checked): VerdictInWords {
  const { verdict } = checked;
  return { mark: MARKS[verdict], title: say(`verify.${verdict}`), text: meaning(checked) };
}

function meaning(checked: Checked): string {
  const { verdict, findings, reason, register, rank, sha256 } = checked;
  switch (verdict) {
    case "genuine":
      return register.state === "found" && register.statement.copies.includes(sha256 ?? "")
        ? say("verify.copy_means")
        : say("verify.genuine_means");
    case "attachment":
      return say("verify.attachment_means", { rank });
    case "other_receipt":
      return findings?.record.state === "intact" ? say("verify.other_receipt_means", { code: findings.record.said.verification_code }) : "";
    case "not_checkable": {
      const why = reason ?? (findings && "reason" in findings.seal ? findings.seal.reason : null);
      return [...(why ? [reasonInWords(why)] : []), ...(findings ? [] : [say("verify.not_checkable_alone")])].join(" ");
    }
    default:
      return say(MEANINGS[verdict]);
  }
}

const reasonInWords = (reason: Reason): string => say(`verify.reason_${reason}`);

/** What was looked at, line by line. */
export function findingsInWords(checked: Checked, signature: SignatureOfAnswer | "waiting" | null): Finding[] {
  const { findings, register } = checked;
  if (!findings) return [];
  const lines: Finding[] = [];
  const add = (mark: Mark, text: string): number => lines.push({ mark, text });
  if (register.state === "found") {
    const { receipt_sha256, versions, copies } = register.statement;
    const isKnown = [receipt_sha256, ...versions, ...copies].includes(findings.sha256);
    add(isKnown ? "good" : "bad", say(isKnown ? "verify.file_known" : "verify.file_unknown"));
  } else if (register.state === "not_asked") {
    add("open", say("verify.file_not_asked"));
  }
  lines.push(recordInWords(checked));
  if ("reason" in findings.seal) add(findings.seal.reason === "not_loaded" || findings.seal.reason === "browser_too_old" ? "open" : "bad", reasonInWords(findings.seal.reason));
  else lines.push(...sealInWords(findings.seal, checked.sealer));
  if (signature) add(signature === "holds" ? "good" : signature === "broken" ? "bad" : "open", say(`verify.statement_${signature}`));
  return lines;
}

function recordInWords({ findings, register }: Checked): Finding {
  const record = findings?.record ?? { state: "missing" };
  if (record.state !== "intact") return { mark: "bad", text: say(`verify.record_${record.state}`) };
  if (register.state !== "found") return { mark: "good", text: say("verify.record_intact") };
  return record.sha256 === register.statement.record_sha256
    ? { mark: "good", text: say("verify.record_same") }
    : { mark: "bad", text: say("verify.record_other") };
}

function sealInWords(seal: Seal, sealer: Checked["sealer"]): Finding[] {
  const { certificate, validity, integrity, stamp, claimedAt } = seal;
  const dates = { from: dayOf(certificate.notBefore), to: dayOf(certificate.notAfter) };
  return [
    { mark: integrity === "intact" ? "good" : "bad", text: say(`verify.seal_${integrity}`) },
    { mark: sealer === "expected" ? "good" : sealer === "unexpected" ? "bad" : "open", text: say(`verify.sealer_${sealer}`) },
    { mark: "open", text: say("verify.certificate", { name: plain(certificate.name), issuer: plain(certificate.issuer) }) },
    { mark: validity === "valid" ? "good" : "bad", text: say(`verify.certificate_${validity}`, dates) },
    ...(certificate.forSeals ? [] : [{ mark: "bad", text: say("verify.certificate_for_others") } as const]),
    ...(stamp ? [stampInWords(stamp)] : claimedAt ? [{ mark: "open", text: say("verify.stamp_none", { at: moment(claimedAt.toISOString()) }) } as const] : []),
  ];
}

function stampInWords(stamp: NonNullable<Seal["stamp"]>): Finding {
  if (stamp.state === "broken") return { mark: "bad", text: say("verify.stamp_broken") };
  if (stamp.state === "unsupported") return { mark: "open", text: say("verify.stamp_unsupported") };
  return { mark: "open", text: say("verify.stamp_sound", { at: moment(stamp.at.toISOString()), authority: plain(stamp.authority) }) };
}

const dayOf = (date: Date): string => day(date.toISOString().slice(0, 10));

/** A stranger's text on one line, which turns nothing round beside it. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
}
