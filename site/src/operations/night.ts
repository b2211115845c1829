/** The operators' pages: which section is shown, and the way between them. */

import { html, type TemplateResult } from "lit-html";
import { announce, focusOn } from "../frame/page.ts";
import { say } from "../frame/words.ts";
import { warningView, whoView } from "../session/around-work.ts";
import type { Session } from "../session/session.ts";
import { addressOf, placeOf, type Place } from "./address.ts";
import type { Around, Section } from "./around.ts";
import { FailuresSection } from "./failures.ts";
import { inside } from "./parts.ts";
import { Task } from "./task.ts";

/** The sections that the menu leads to. */
const MENU: readonly (readonly [Place, "failures" | "organisms" | "people" | "directory"])[] = [
  [{ section: "failures" }, "failures"],
  [{ section: "organisms", q: "", status: null }, "organisms"],
  [{ section: "people", organism: null }, "people"],
  [{ section: "directory" }, "directory"],
];

/** Each section is loaded when it is first opened: who looks at failures at night need not wait for the others. */
const LOADED: Readonly<Record<Place["section"], (around: Around) => Promise<Section>>> = {
  failures: (around) => Promise.resolve(new FailuresSection(around)),
  organisms: async (around) => new (await import("./organisms.ts")).OrganismsSection(around),
  organism: async (around) => new (await import("./organism.ts")).OrganismSection(around),
  people: async (around) => new (await import("./people.ts")).PeopleSection(around),
  directory: async (around) => new (await import("./directory.ts")).DirectorySection(around),
};

export class Night {
  readonly #session: Session;
  readonly #around: Around;
  readonly #sections = new Map<Place["section"], Section>();
  readonly #loading: Task;
  #place: Place = { section: "failures" };

  constructor(session: Session, draw: () => void) {
    this.#session = session;
    this.#loading = new Task(draw);
    this.#around = {
      ask: session.ask,
      who: () => session.state.person?.name ?? "",
      now: () => Date.now(),
      isVisible: () => document.visibilityState === "visible",
      draw,
      focus: focusOn,
      announce,
      go: (place, replaced) => this.go(place, replaced),
    };
  }

  get #section(): Section | undefined {
    return this.#sections.get(this.#place.section);
  }

  /** Show the section that the address names: at the beginning, after the browser's "back", or signed in again. */
  arrive(): void {
    const place = placeOf(location.pathname, location.search);
    this.#place = place;
    void this.#loading.run(async (signal) => {
      const section = this.#section ?? (await LOADED[place.section](this.#around));
      if (!signal.aborted) {
        this.#sections.set(place.section, section);
        section.open?.(place);
        section.wake();
        this.#around.draw();
      }
    });
  }

  /** Follow a link within these pages. */
  follow(address: string): void {
    history.pushState(null, "", address);
    this.arrive();
    scrollTo(0, 0);
    focusOn("h1");
  }

  /** Show another place, or the same with another address. */
  go(place: Place, replaced = false): void {
    if (replaced) {
      history.replaceState(null, "", addressOf(place));
      this.arrive();
    } else {
      this.follow(addressOf(place));
    }
  }

  /** Once a second. */
  tick(): void {
    if (this.#session.state.stage === "in") {
      this.#section?.tick?.();
    }
  }

  view(): TemplateResult {
    return html`${whoView(this.#session)} ${warningView(this.#session)}
      <nav class="sections" aria-label=${say("operations.menu")}>
        <ul>
          ${MENU.map(
            ([place, name]) => html`<li>${inside(place, say(`operations.menu_${name}`), { current: this.#isIn(place) })}</li>`,
          )}
        </ul>
      </nav>
      <div class="section">
        ${this.#section?.view() ?? html`<h1>${say("operations.title")}</h1>`} ${this.#loading.view("")}
      </div>`;
  }

  #isIn(place: Place): boolean {
    const { section } = this.#place;
    return section === place.section || (section === "organism" && place.section === "organisms");
  }

  title(): string {
    return this.#section?.title() ?? say("operations.title");
  }

  wrong(): boolean {
    return this.#section?.wrong() ?? false;
  }
}
