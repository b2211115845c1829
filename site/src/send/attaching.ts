/** The files of the mail at work: the upload queue, what the draft keeps of it, and what is said aloud. */

import type { Ask } from "../api/client.ts";
import {
  announcementInWords,
  announcements,
  type Heard,
  isPhoto,
  type MailAccess,
  openQueue,
  pagesAsPdf,
  type QueuedFile,
  smaller,
  UnreadablePhoto,
  type UploadQueue,
} from "../files/index.ts";
import { announce } from "../frame/page.ts";
import { say } from "../frame/words.ts";
import type { OrganismDetails } from "./desk.ts";

/** What the files belong to: a draft that keeps them, or a mail that an agent answers. */
export interface FilesOwner {
  readonly mail: () => Promise<MailAccess>;
  readonly savedFiles: () => readonly QueuedFile[];
  readonly setFiles: (rows: readonly QueuedFile[]) => Promise<void>;
  /** Its value is null until the service knows the mail. */
  readonly draft: { readonly mail: { readonly value: unknown } };
  /** The mail once it is sent; null before. */
  readonly sent: unknown;
  readonly pushing: { readonly end: () => void; readonly submitted: () => void };
}

export class Attaching {
  readonly queue: UploadQueue;
  readonly desk: Pick<OrganismDetails, "accepts">;
  /** Whether photos are made smaller before they are sent. */
  makesSmaller = false;
  /** Photographed pages that are to become one PDF; `null` until the sender asks for it. */
  pages: readonly File[] | null = null;
  /** What was wrong with a page. */
  pagesFault: string | null = null;
  isDraggedOver = false;
  readonly #session: FilesOwner;
  readonly #changed: () => void;
  #heard: Heard;

  /** `ask` where requests are not those of a sender. */
  constructor(session: FilesOwner, desk: Pick<OrganismDetails, "accepts">, changed: () => void, ask?: Ask) {
    this.#session = session;
    this.desk = desk;
    this.#changed = changed;
    this.queue = openQueue({
      mail: () => session.mail(),
      limits: () => desk.accepts,
      saved: session.savedFiles(),
      changed: () => this.#take(),
      ...(ask ? { ask } : {}),
    });
    this.#heard = announcements(null, this.queue.files).heard;
    this.refresh();
  }

  get files(): readonly QueuedFile[] {
    return this.queue.files;
  }

  /** Ask the server for the files that it has; what passes is asked again when the page wakes. */
  refresh(): void {
    if (this.#session.draft.mail.value !== null && this.#session.sent === null) {
      this.queue.refresh().catch(() => undefined);
    }
  }

  /** Another tab or device changed the files on the server. */
  follow(attachments: readonly { readonly attachment_id: string }[]): void {
    const known = new Set(this.files.map((row) => row.attachment_id));
    const sent = this.files.filter((row) => row.state === "sent");
    const isNew = attachments.some(({ attachment_id }) => !known.has(attachment_id));
    const isGone = sent.some((row) => !attachments.some(({ attachment_id }) => attachment_id === row.attachment_id));
    if (isNew || isGone) {
      this.refresh();
    }
  }

  async add(files: Iterable<File>): Promise<void> {
    for (const file of files) {
      const made = this.makesSmaller && isPhoto(file) ? await smaller(file) : null;
      await this.queue.add([made?.file ?? file], made?.note);
    }
  }

  addPages(files: Iterable<File>): void {
    this.pages = [...(this.pages ?? []), ...files];
    this.pagesFault = null;
    this.#changed();
  }

  removePage(index: number): void {
    this.pages = (this.pages ?? []).filter((_, each) => each !== index);
    this.#changed();
  }

  /** The pages become one PDF, which goes like any file. */
  async joinPages(): Promise<void> {
    const pages = this.pages ?? [];
    try {
      const made = await pagesAsPdf(pages, `${say("attach.pages_name")}.pdf`);
      this.pages = null;
      this.pagesFault = null;
      await this.queue.add([made.file], made.note);
    } catch (error) {
      if (!(error instanceof UnreadablePhoto)) {
        throw error;
      }
      this.pagesFault = say("attach.pages_failed", { name: error.message });
      announce(this.pagesFault);
    }
    this.#changed();
  }

  collectPages(wanted: boolean): void {
    this.pages = wanted ? [] : null;
    this.pagesFault = null;
    this.#changed();
  }

  close(): void {
    this.queue.close();
  }

  #take(): void {
    void this.#session.setFiles(this.queue.files);
    const { heard, said } = announcements(this.#heard, this.queue.files);
    this.#heard = heard;
    for (const each of said) {
      announce(announcementInWords(each));
    }
    if (this.queue.stopped === "ended") {
      this.#session.pushing.end();
    } else if (this.queue.stopped === "submitted" && this.#session.sent === null) {
      this.#session.pushing.submitted();
    }
    this.#changed();
  }
}
