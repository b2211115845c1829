/** What happens on the follow-up page: a mail is opened, acted upon, and forgotten. */

import { Problem, randomText } from "../api/client.ts";
import { say } from "../frame/words.ts";
import type { Around } from "./around.ts";
import { MailKeeper } from "./mail-keeper.ts";
import { paperOf, paperOfLink } from "./paper.ts";
import { ReceiptKeeper } from "./receipt-keeper.ts";
import { forget, handOver, keep, kept, takeHanded, type Session } from "./session.ts";
import { emptyState, type NewCodes, type Paper, type Returned, type State } from "./shapes.ts";
import { opensNothing, wrongFields } from "./troubles.ts";
import { Work } from "./work.ts";

/** Addresses are kept fresh as long as somebody does something on the page. */
const MOST_IDLE_MILLISECONDS = 5 * 60_000;

export class Following {
  readonly state: State = emptyState();
  readonly mails: MailKeeper;
  readonly receipts: ReceiptKeeper;
  readonly #around: Around;
  readonly #work: Work;
  #touched = 0;

  constructor(around: Around) {
    const accessEnded = (): void => this.#end("follow.access_ended");
    const shown = (): void => {
      if (this.state.receipt.state === "none" && this.state.mail?.status !== "draft") {
        this.receipts.fetch();
      }
    };
    this.#around = around;
    this.#work = new Work(this.state, around);
    this.mails = new MailKeeper(this.state, around, this.#work, { shown, accessEnded });
    this.receipts = new ReceiptKeeper(this.state, around, accessEnded);
  }

  /** Begin with what the address brought, what another language handed over, or the mail that was open in this tab. */
  begin(parts: readonly string[]): void {
    this.touch();
    const handed = takeHanded(this.#around.store);
    const session = kept(this.#around.store, this.#around.now());
    if (parts.length) {
      this.openLink(parts);
    } else if (handed?.stranger) {
      this.askWhose(handed.stranger);
    } else if (session) {
      this.#restore(session);
    } else {
      this.state.typed = handed?.typed ?? this.state.typed;
      this.#around.draw();
    }
  }

  /** A link of a message: `number/code`, or `number/code/not-mine`. */
  openLink(parts: readonly string[]): void {
    const { number, code, notMine } = paperOfLink(parts);
    this.#clear();
    forget(this.#around.store);
    this.state.typed = { number, code };
    if (number && code && notMine) {
      this.askWhose({ number, code });
    } else if (number && code) {
      this.#open({ number, code }, { number, code });
    } else {
      this.submit(number, code);
    }
  }

  /** The form was sent. */
  submit(number: string, code: string): void {
    if (this.state.busy) {
      return;
    }
    const paper = paperOf(number, code);
    this.state.typed = { number, code };
    this.state.notice = null;
    this.state.wrong = {
      ...(paper.number ? {} : { number: say("follow.number_missing") }),
      ...(paper.code ? {} : { code: say("follow.code_missing") }),
    };
    if (paper.number && paper.code) {
      this.#open(paper, null);
    } else {
      this.#around.draw();
      this.#around.focus("#errors");
    }
  }

  /** The mail as it was redirected, at the organism that has it now. */
  followThere(): void {
    const there = this.state.mail?.outcome?.redirected_to;
    if (!there || this.state.busy) {
      return;
    }
    const paper = { number: there.number, code: there.follow_up_code };
    const cameByLink = this.state.session?.link;
    this.#clear();
    forget(this.#around.store);
    this.#open(paper, cameByLink ? paper : null);
  }

  #open(paper: Paper, link: Paper | null): void {
    this.#work.begin("follow.searching", async (signal) => {
      try {
        const body = { number: paper.number, follow_up_code: paper.code };
        const returned = await this.#around.ask<Returned>("POST", "/v1/follow-up", { body, signal });
        const { mail_id: mailId, access_token: token } = returned.body;
        await this.mails.fetch({ mailId, token, link, newCode: "" }, signal);
        this.#around.focus("h1");
      } catch (error) {
        const wrong = wrongFields(error);
        if (signal.aborted || !wrong) {
          throw error;
        }
        if (link) {
          this.state.typed = { number: link.number, code: "" };
          this.state.trouble = { message: say("follow.link_ended"), byItself: false };
        } else {
          this.state.wrong = wrong;
          this.#around.focus("#errors");
        }
      }
    });
  }

  #restore(session: Session): void {
    this.state.view = "mail";
    this.state.session = session;
    this.#work.begin("follow.searching", (signal) => this.mails.fetch(session, signal));
  }

  /** Once a second: addresses of files and of the receipt are asked for again before they end. */
  tick(): void {
    if (this.state.view === "mail" && this.state.mail) {
      const active = this.#around.isVisible() && this.#around.now() - this.#touched < MOST_IDLE_MILLISECONDS;
      this.mails.tick(active);
      this.receipts.tick(active);
    }
  }

  /** Somebody did something. */
  touch(): void {
    this.#touched = this.#around.now();
  }

  /** The page is seen again: what it shows may be old. */
  seen(): void {
    this.touch();
    this.mails.refreshIfStale();
  }

  /** The network is back. */
  online(): void {
    if (this.state.trouble?.byItself) {
      this.state.trouble.again?.();
    }
  }

  /** Ask whether the codes should be replaced, or no longer. */
  askCodes(asked: boolean): void {
    this.state.codes = asked ? "asked" : "closed";
    this.#around.draw();
    this.#around.focus(asked ? "#codes-title" : '[data-action="codes"]');
  }

  /** Replace the codes: the old ones and every link that was sent end at once. */
  turnCodes(): void {
    const { session } = this.state;
    if (!session || this.state.busy) {
      return;
    }
    let doubtful = false;
    const key = randomText(16);
    const path = `/v1/mails/${encodeURIComponent(session.mailId)}/codes` as const;
    this.#work.begin("follow.codes_turning", async (signal) => {
      try {
        const { body } = await this.#around.ask<NewCodes>("POST", path, { token: session.token, key, signal });
        this.state.session = { ...session, token: body.access_token, newCode: body.follow_up_code, link: null };
        keep(this.state.session, this.#around.store, this.#around.now());
        this.state.codes = "closed";
        this.receipts.fetch(true);
        this.#around.focus("#new-code-title");
      } catch (error) {
        if (signal.aborted) {
          throw error;
        }
        if (error instanceof Problem && error.slug === "not-by-code") {
          this.state.codes = "by_link";
        } else if (opensNothing(error) && doubtful) {
          // The answer to an earlier try was lost on its way, and the codes were replaced once more since.
          this.#end("follow.codes_lost");
        } else if (opensNothing(error)) {
          this.#end("follow.access_ended");
        } else {
          doubtful = true;
          throw error;
        }
      }
    });
  }

  /** Ask whose mail it is; nothing of it is shown meanwhile. */
  askWhose(link: Paper): void {
    this.#clear();
    forget(this.#around.store);
    this.state.view = "stranger";
    this.state.link = link;
    this.#around.draw();
    this.#around.focus("h1");
  }

  /** End the link. Nothing of the mail is asked for; a link that opens nothing has ended already. */
  endLink(): void {
    const { link } = this.state;
    if (!link || this.state.busy) {
      return;
    }
    this.#work.begin("follow.not_mine_ending", async (signal) => {
      try {
        const body = { number: link.number, follow_up_code: link.code };
        const { body: found } = await this.#around.ask<Returned>("POST", "/v1/follow-up", { body, signal });
        const path = `/v1/mails/${encodeURIComponent(found.mail_id)}/not-mine` as const;
        await this.#around.ask("POST", path, { token: found.access_token, signal });
      } catch (error) {
        if (signal.aborted || !opensNothing(error)) {
          throw error;
        }
      }
      this.#end("follow.not_mine_done");
    });
  }

  /** Close the mail: nothing of it stays here. */
  close(): void {
    this.#clear();
    forget(this.#around.store);
    this.#around.draw();
    this.#around.focus("#number");
  }

  /** Keep what was typed for the page in another language. */
  handOver(): void {
    const stranger = this.state.view === "stranger" ? this.state.link : null;
    handOver({ typed: this.state.typed, stranger }, this.#around.store);
  }

  /** The page is left: a browser that keeps it as it was must have nothing of the mail. */
  leave(): void {
    if (this.state.session) {
      keep(this.state.session, this.#around.store, this.#around.now());
    }
    this.#clear();
    this.#around.draw();
  }

  #end(notice: NonNullable<State["notice"]>): void {
    this.#clear();
    forget(this.#around.store);
    this.state.notice = notice;
    this.#around.draw();
    this.#around.focus("h1");
  }

  /** Nothing of the mail stays in the page, and nothing that is under way will be shown. */
  #clear(): void {
    this.#work.stop();
    this.mails.stop();
    this.receipts.stop();
    Object.assign(this.state, emptyState());
  }
}
