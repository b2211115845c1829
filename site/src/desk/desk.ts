/** The desk: which part of it is shown, and the way between them. */

import { html, nothing, type TemplateResult } from "lit-html";
import { ask } from "../api/client.ts";
import { announce, focusOn } from "../frame/page.ts";
import { problemWords } from "../frame/problems.ts";
import { say } from "../frame/words.ts";
import { tabStorage, type Store } from "../follow/session.ts";
import { warningView, whoView } from "../session/around-work.ts";
import type { Session } from "../session/session.ts";
import type { Around } from "./around.ts";
import type { CounterPart } from "./counter-part.ts";
import { InboxPart, type Way } from "./inbox-part.ts";
import { Keys } from "./keys.ts";
import { keysView } from "./keys-view.ts";
import type { MailPart } from "./mail-part.ts";
import type { DeskPart } from "./part.ts";
import { DESK, placeOf, type Place } from "./place.ts";
import type { Item } from "./shapes.ts";
import type { StatisticsPart } from "./statistics-part.ts";

const RETRY_MILLISECONDS = 5000;

export class Desk {
  readonly keys: Keys;
  readonly #session: Session;
  readonly #draw: () => void;
  readonly #around: Around;
  readonly #way: Way;
  readonly #inbox: InboxPart;
  #mail: { readonly number: string; readonly part: MailPart } | null = null;
  #counter: CounterPart | null = null;
  #statistics: StatisticsPart | null = null;
  #place: Place = { part: "inbox" };
  #shown: DeskPart | null = null;

  constructor(session: Session, draw: () => void) {
    this.#session = session;
    this.#draw = draw;
    this.keys = new Keys(deviceStorage());
    const way: Way = {
      query: () => location.search,
      fragment: () => location.hash,
      go: (address) => this.go(address),
      replace: (address) => history.replaceState(history.state, "", address),
    };
    this.#around = {
      ask: session.ask,
      now: () => Date.now(),
      isVisible: () => document.visibilityState === "visible",
      draw,
      focus: focusOn,
      announce,
      save,
      who: () => session.state.person?.name ?? "",
      organism: () => session.state.person?.organism?.organism_id ?? "",
      store: deviceStorage(),
    };
    this.#way = way;
    this.#inbox = new InboxPart(this.#around, way);
  }

  get title(): string {
    return this.#shown?.title() ?? say("agents.title");
  }

  get wrong(): boolean {
    return this.#shown?.wrong() ?? false;
  }

  /** Go to another address of the desk. */
  go(address: string): void {
    history.pushState(null, "", address);
    this.arrive();
    scrollTo(0, 0);
    focusOn("h1");
  }

  /** Show what the address names. */
  arrive(): void {
    const place = placeOf(location.pathname, location.search);
    this.#place = place;
    this.#draw();
    this.#partFor(place).then(
      (part) => {
        if (this.#place === place) {
          this.#show(part);
        }
      },
      (error: unknown) => {
        // The part's script did not come.
        announce(problemWords(error));
        setTimeout(() => this.arrive(), RETRY_MILLISECONDS);
      },
    );
  }

  #show(part: DeskPart): void {
    if (part !== this.#shown) {
      this.#shown?.leave();
      this.#shown = part;
    }
    part.wake();
    this.#draw();
  }

  /** The scripts of further parts come when they are needed first. */
  async #partFor(place: Place): Promise<DeskPart> {
    if (place.part === "counter") {
      const { CounterPart } = await import("./counter-part.ts");
      return (this.#counter ??= new CounterPart(this.#around, ask));
    }
    if (place.part === "statistics") {
      const { StatisticsPart } = await import("./statistics-part.ts");
      return (this.#statistics ??= new StatisticsPart(this.#around, this.#way));
    }
    if (place.part === "inbox") {
      return this.#inbox;
    }
    const { MailPart } = await import("./mail-part.ts");
    if (this.#mail?.number !== place.number) {
      const changed = (number: string, changes: Partial<Item>): void => this.#inbox.inbox.changed(number, changes);
      this.#mail = { number: place.number, part: new MailPart(place.number, this.#around, this.#way, changed) };
    }
    this.#mail.part.open(place.form);
    return this.#mail.part;
  }

  tick(): void {
    if (this.#session.state.stage === "in") {
      this.#shown?.tick();
    }
  }

  pressed(event: KeyboardEvent): void {
    const key = this.#session.state.stage === "in" ? this.keys.pressed(event) : null;
    if (key === "?") {
      this.keys.shown = !this.keys.shown;
      this.#draw();
    } else if (key !== null) {
      this.#shown?.press(key);
    }
    if (key !== null) {
      event.preventDefault();
    }
  }

  view(): TemplateResult {
    return html`${whoView(this.#session)} ${this.#menu()} ${warningView(this.#session)}
    ${this.#shown?.view() ?? html`<h1>${say("agents.title")}</h1>`} ${keysView(this.keys, this.#draw)}`;
  }

  #menu(): TemplateResult | typeof nothing {
    const link = (part: Place["part"], address: string, label: string): TemplateResult =>
      html`<li><a data-inside href=${address} aria-current=${this.#place.part === part ? "page" : "false"}>${label}</a></li>`;
    return html`<nav class="desk-menu no-print" aria-label=${say("agents.menu")}>
      <ul>
        ${link("inbox", DESK, say("inbox.title"))} ${link("counter", `${DESK}counter`, say("inbox.counter"))}
        ${link("statistics", `${DESK}statistics`, say("figures.title"))}
      </ul>
    </nav>`;
  }
}

function deviceStorage(): Store | null {
  try {
    return globalThis.localStorage;
  } catch {
    return tabStorage();
  }
}

/** A link that is pressed by the script: what it leads to is saved under its own name, and never shown. */
function save(address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.rel = "noopener noreferrer";
  link.click();
}
