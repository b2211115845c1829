/** The last step at work: asks for the PDF, draws the QR codes, copies and prints. */

import type { TemplateResult } from "lit-html";
import type { Ask } from "../api/client.ts";
import type { Clock } from "../files/types.ts";
import { copy } from "../frame/copying.ts";
import { announce } from "../frame/page.ts";
import { say } from "../frame/words.ts";
import { receiptView, type CopiedId, type ReceiptState, type SentMail } from "./receipt.ts";
import { ReceiptWatch } from "./receipt-file.ts";

export interface Parts {
  readonly ask: Ask;
  readonly clock: Clock;
  readonly sent: SentMail;
  readonly kept: boolean;
  readonly shared: boolean | null;
  /** Keep number and codes on this device, or forget them. It fails where the browser keeps nothing. */
  readonly keep: (kept: boolean) => Promise<void>;
  readonly another: (event: MouseEvent) => void;
  readonly changed: () => void;
}

export class ReceiptStep {
  readonly #parts: Parts;
  readonly #watch: ReceiptWatch;
  #codes: ReceiptState["codes"] = null;
  #kept: boolean;
  #isOffline = false;
  readonly #wake = (): void => {
    if (document.visibilityState === "visible") {
      this.#isOffline &&= !navigator.onLine;
      this.#parts.changed();
      this.#watch.wake();
    }
  };

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#kept = parts.kept;
    let known = "making";
    this.#watch = new ReceiptWatch({
      ask: parts.ask,
      clock: parts.clock,
      mail: parts.sent,
      changed: ({ name }) => {
        parts.changed();
        // A new address of the same file is no news.
        if (name !== known && name !== "making") {
          announce(say(name === "ready" ? "receipt.ready" : name === "ended" ? "receipt.ended" : "receipt.late"));
          known = name;
        }
      },
    });
  }

  /** Ask for the PDF, and draw the QR codes once there is time. */
  begin(): void {
    document.addEventListener("visibilitychange", this.#wake);
    addEventListener("online", this.#wake);
    addEventListener("pageshow", this.#wake);
    this.#watch.begin();
    void this.#draw();
  }

  /** The step is left. */
  end(): void {
    document.removeEventListener("visibilitychange", this.#wake);
    removeEventListener("online", this.#wake);
    removeEventListener("pageshow", this.#wake);
    this.#watch.stop();
  }

  view(): TemplateResult {
    const { sent, shared, another } = this.#parts;
    return receiptView(
      { sent, file: this.#watch.state, isOffline: this.#isOffline, codes: this.#codes, kept: this.#kept, shared },
      {
        copy: (id, label) => void this.#copy(id, label),
        print: () => void this.#print(),
        retry: () => this.#watch.begin(),
        opens: () => this.#opens(),
        keep: (kept) => void this.#keep(kept),
        another,
      },
    );
  }

  /** Without a network the browser's own page of errors would take the place of number and codes. */
  #opens(): boolean {
    this.#isOffline = !navigator.onLine;
    this.#parts.changed();
    return !this.#isOffline && this.#watch.holds();
  }

  async #copy(id: CopiedId | null, label: string): Promise<void> {
    const { sent } = this.#parts;
    const all = (["number", "follow_up_code", "verification_code"] as const).map(
      (each) => `${say(`receipt.${each}`)} : ${sent[each]}`,
    );
    await copy(id === null ? all.join("\n") : sent[id], label, id ?? undefined);
  }

  async #print(): Promise<void> {
    if (this.#codes === null) {
      await this.#draw();
    }
    print();
  }

  async #keep(kept: boolean): Promise<void> {
    this.#kept = kept;
    try {
      await this.#parts.keep(kept);
    } catch {
      this.#kept = !kept;
    }
    this.#parts.changed();
  }

  /** The sheet is whole without the codes: a part of the script that does not come is no fault to show. */
  async #draw(): Promise<void> {
    const { number, follow_up_code, verification_code } = this.#parts.sent;
    try {
      const { qrPath } = await import("../frame/qr-code.ts");
      this.#codes = {
        follow: qrPath(`${location.origin}/suivi#${number}/${follow_up_code}`),
        verify: qrPath(`${location.origin}/verifier#${verification_code}`),
      };
      this.#parts.changed();
    } catch {
      this.#codes = null;
    }
  }
}
