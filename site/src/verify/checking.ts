/**
 * What the verification page does: it asks the register about a code, reads files on the device, and says what it comes
 * to. It draws nothing, so that it is tested without a browser.
 */
import { NoAnswer, Problem } from "../api/client.ts";
import type { Findings } from "../proof/receipt.ts";
import { findingsOn, LARGEST } from "../proof/receipt.ts";
import type { Said } from "../proof/record.ts";
import { NotCheckable, type Reason } from "../proof/refusal.ts";
import type { Verify } from "../proof/seal.ts";
import type { ReceiptStatement, Service, SignatureOfAnswer } from "../proof/service.ts";
import type { Register, Sealer, Verdict } from "../proof/verdict.ts";
import { verdictBeside, verdictOn } from "../proof/verdict.ts";
import { typedCode } from "./code.ts";

export interface Tools {
  readonly service: Service;
  /** Loads what verifies signatures. */
  readonly verifier: () => Promise<Verify>;
  /** The digest of a file of any size, read in slices; `progress` gets the bytes that were read. */
  readonly digest: (file: File, progress: (bytes: number) => void) => Promise<string>;
  readonly changed: () => void;
}

/** Why the register gave no statement. */
export type Trouble = "missing" | "malformed" | "unknown" | "network" | "slow" | "service";

/** The mail that all is compared with. */
export interface Subject {
  readonly code: string;
  /** Asked for by its code, or by a file with the code in it. */
  readonly by: "code" | "file";
  /** The register's answer; null where it could not be asked: then the record in the file is all there is. */
  readonly statement: ReceiptStatement | null;
  readonly said: Said | null;
  readonly signature: SignatureOfAnswer | "waiting";
}

/** A file and what it turned out to be. */
export interface Checked {
  readonly file: File;
  readonly verdict: Verdict;
  readonly sha256: string | null;
  /** What was read in it; null where it cannot be a receipt: `reason` says why. */
  readonly findings: Findings | null;
  readonly reason: Reason | null;
  readonly sealer: Sealer;
  /** What the register says of the code in the file. */
  readonly register: Register<ReceiptStatement>;
  /** Its place among the attachments, from 1; 0 where it is none. */
  readonly rank: number;
}

export interface State {
  readonly busy: "asking" | "reading" | null;
  /** Of the file that is being read. */
  readonly percent: number;
  readonly trouble: Trouble | null;
  readonly subject: Subject | null;
  readonly files: readonly Checked[];
}

interface Read {
  readonly file: File;
  readonly sha256: string | null;
  readonly findings: Findings | null;
  readonly reason: Reason | null;
}

const AT_REST: State = { busy: null, percent: 0, trouble: null, subject: null, files: [] };
const NOT_ASKED: Register<ReceiptStatement> = { state: "not_asked" };

export class Checking {
  readonly #tools: Tools;
  #turn = 0;
  #again: (() => Promise<void>) | null = null;
  state: State = AT_REST;

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  /** Do again what the register did not answer. */
  retry(): Promise<void> {
    return this.#again?.() ?? Promise.resolve();
  }

  /** Ask about a code as it was typed, scanned or linked. */
  async askFor(typed: string): Promise<void> {
    const code = typedCode(typed);
    const mine = this.#begin(() => this.askFor(typed));
    if (!code) {
      this.#set({ ...AT_REST, trouble: "missing" });
      return;
    }
    // An earlier verdict never stays beside a new question.
    this.#set({ ...AT_REST, busy: "asking" });
    const found = await this.#ask(code);
    if (mine !== this.#turn) return;
    if (typeof found === "string") this.#set({ ...AT_REST, trouble: found });
    else this.#about({ code, by: "code", statement: found, said: null, signature: "waiting" }, []);
  }

  /** Check files beside what was asked for, or by themselves. */
  async check(files: readonly File[], alone = false): Promise<void> {
    if (files.length === 0) return;
    const mine = this.#begin(() => this.check(files, alone));
    const before = alone ? null : this.state.subject;
    this.#set({ ...AT_REST, subject: before, busy: "reading" });
    const read: Read[] = [];
    for (const file of files) {
      read.push(await this.#read(file, mine));
      if (mine !== this.#turn) return;
    }
    await this.#judge(read, before, mine);
  }

  #begin(again: () => Promise<void>): number {
    this.#again = again;
    this.#turn += 1;
    return this.#turn;
  }

  #set(state: State): void {
    this.state = state;
    this.#tools.changed();
  }

  /** Show the subject, and look for the service's signature under what the register answered. */
  #about(subject: Subject, files: readonly Checked[], trouble: Trouble | null = null): void {
    this.#set({ ...AT_REST, subject, files, trouble });
    const mine = this.#turn;
    const { statement } = subject;
    if (!statement || subject.signature !== "waiting") return;
    void this.#tools.service.signatureOf(subject.code, statement).then((signature) => {
      if (mine === this.#turn) this.#set({ ...this.state, subject: { ...subject, signature } });
    });
  }

  async #read(file: File, mine: number): Promise<Read> {
    try {
      const findings = await findingsOn(file, this.#tools.verifier);
      return { file, sha256: findings.sha256, findings, reason: null };
    } catch (error) {
      if (!(error instanceof NotCheckable)) throw error;
      // No receipt: its digest still tells whether it is an attachment.
      const sha256 = error.reason === "unreadable" || error.reason === "empty" ? null : await this.#digest(file, mine);
      return { file, sha256, findings: null, reason: sha256 === null && error.reason !== "empty" ? "unreadable" : error.reason };
    }
  }

  async #digest(file: File, mine: number): Promise<string | null> {
    const progress = (bytes: number): void => {
      const percent = Math.floor((100 * bytes) / file.size);
      if (mine === this.#turn && file.size > LARGEST && percent !== this.state.percent) this.#set({ ...this.state, percent });
    };
    return this.#tools.digest(file, progress).catch(() => null);
  }

  async #judge(read: readonly Read[], before: Subject | null, mine: number): Promise<void> {
    const codes = new Set(read.flatMap((each) => codeIn(each) ?? []));
    const known = new Map<string, Register<ReceiptStatement>>();
    let trouble: Trouble | null = null;
    for (const code of codes) {
      const isAsked = before?.by === "code" && before.code === code;
      const found = isAsked && before.statement ? before.statement : await this.#ask(code);
      if (mine !== this.#turn) return;
      if (typeof found !== "string") known.set(code, { state: "found", statement: found });
      else if (found === "unknown" || found === "malformed") known.set(code, { state: "unknown" });
      else trouble = found;
    }
    const sealers = read.some((each) => each.findings && "integrity" in each.findings.seal) ? await this.#tools.service.sealers() : null;
    if (mine !== this.#turn) return;
    const subject = subjectOf(read, before, known);
    const files = read.map((each) => checked(each, subject, known, sealers));
    if (subject) this.#about(subject, files, trouble);
    else this.#set({ ...AT_REST, files, trouble });
  }

  async #ask(code: string): Promise<ReceiptStatement | Trouble> {
    try {
      const answer = await this.#tools.service.register(code);
      return answer.state === "found" ? answer.statement : "unknown";
    } catch (error) {
      if (error instanceof NoAnswer) return error.reason === "foreign" ? "service" : "network";
      if (!(error instanceof Problem)) throw error;
      if (error.status === 400 || error.status === 422) return "malformed";
      return error.status === 429 ? "slow" : "service";
    }
  }
}

const codeIn = ({ findings }: Read): string | null => (findings?.record.state === "intact" ? findings.record.said.verification_code : null);

/** The mail to compare with: the one that was asked for, else that of the first file which says whose it is. */
function subjectOf(read: readonly Read[], before: Subject | null, known: ReadonlyMap<string, Register<ReceiptStatement>>): Subject | null {
  if (before?.by === "code") return before;
  const first = read.find((each) => codeIn(each) !== null);
  if (first?.findings?.record.state !== "intact") return before;
  const { said } = first.findings.record;
  const code = said.verification_code;
  const register = known.get(code) ?? NOT_ASKED;
  if (register.state === "unknown") return null;
  const statement = register.state === "found" ? register.statement : null;
  return { code, by: "file", statement, said, signature: statement ? "waiting" : "not_checked" };
}

function checked(
  read: Read,
  subject: Subject | null,
  known: ReadonlyMap<string, Register<ReceiptStatement>>,
  sealers: ReadonlySet<string> | null,
): Checked {
  const { findings, sha256 } = read;
  const register = known.get(codeIn(read) ?? "") ?? NOT_ASKED;
  const sealer = sealerIn(findings, sealers);
  const own = findings && verdictOn(findings, register, sealer);
  const sent: readonly { sha256: string }[] = subject?.statement?.attachments ?? subject?.said?.attachments ?? [];
  const rank = sha256 === null ? 0 : sent.findIndex((each) => each.sha256 === sha256) + 1;
  return { ...read, register, sealer, rank, verdict: verdictWith(read, subject, own, rank) };
}

function verdictWith({ findings, sha256 }: Read, subject: Subject | null, own: Verdict | null, rank: number): Verdict {
  const isOwn = subject?.by === "file" && findings?.record.state === "intact";
  if (sha256 === null) return "not_checkable";
  if (subject?.statement && !isOwn) return verdictBeside(subject.statement, sha256, findings, own);
  return rank ? "attachment" : (own ?? "not_checkable");
}

function sealerIn(findings: Findings | null, sealers: ReadonlySet<string> | null): Sealer {
  if (!findings || !("integrity" in findings.seal) || sealers === null) return "not_checked";
  return sealers.has(findings.seal.certificate.keySha256) ? "expected" : "unexpected";
}
