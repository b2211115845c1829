/** What brings a draft to the server, sends it, and sees what other devices write: loaded once its first field takes letters. */

import type { Sent } from "./device.ts";
import { type Draft, withConfirmed } from "./draft.ts";
import { Elsewhere } from "./elsewhere.ts";
import { masked } from "./fields.ts";
import { Pushing } from "./pushing.ts";
import type { Parts } from "./session.ts";
import { Submission, type Submitted } from "./submission.ts";

/** What a session lets its server see and change. */
export interface Client {
  readonly parts: Parts;
  readonly draft: () => Draft;
  readonly sent: () => Sent | null;
  /** Whether there is nothing more to be seen: the mail was sent, or the tab left it. */
  readonly isOver: () => boolean;
  readonly keep: (draft: Draft) => Promise<void>;
  readonly keepSent: (sent: Sent) => Promise<Sent>;
  readonly changed: () => void;
}

export class Server {
  readonly pushing: Pushing;
  readonly submission: Submission;
  readonly elsewhere: Elsewhere;

  constructor({ parts, draft, sent, isOver, keep, keepSent, changed }: Client) {
    const { ask, clock, locks, device } = parts;
    this.pushing = new Pushing({
      ask,
      clock,
      locks,
      draft,
      keep,
      refresh: () => this.elsewhere.refresh(),
      understood: (view) => {
        this.elsewhere.view = view;
      },
      submitted: () => void this.submission.recover(),
      changed,
    });
    this.elsewhere = new Elsewhere({ ask, clock, draft, isOver, keep, submitted: () => this.pushing.submitted() });
    this.submission = new Submission({
      ask,
      clock,
      locks,
      pushing: this.pushing,
      draft,
      sent: async () => sent() ?? (await device.sentOf(draft().id)),
      doubt: (part) => keep(withConfirmed(draft(), part, null, clock.now())),
      keep: (answer) => keepSent(sentMail(draft(), answer)),
      changed,
    });
  }
}

/** What is kept of a mail that was sent. */
function sentMail({ id, mail, organism, fields }: Draft, answer: Submitted): Sent {
  const { mail_id, number, submitted_at, verification_code, follow_up_code } = answer;
  return {
    draft_id: id,
    mail_id,
    access_token: mail.value?.access_token ?? "",
    organism,
    number,
    submitted_at,
    verification_code,
    follow_up_code,
    email: masked(fields.email?.value ?? ""),
  };
}
