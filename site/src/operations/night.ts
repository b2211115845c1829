/** The operators' pages: which section is shown, and the way between them. */

import { html, type TemplateResult } from "lit-html";
import { announce, focusOn } from "../frame/page.ts";
import { say } from "../frame/words.ts";
import { warningView, whoView } from "../session/around-work.ts";
import type { Session } from "../session/session.ts";
import { addressOf, placeOf, type Place } from "./address.ts";
import type { Around, Section } from "./around.ts";
import { DirectorySection } from "./directory.ts";
import { FailuresSection } from "./failures.ts";
import { OrganismSection } from "./organism.ts";
import { OrganismsSection } from "./organisms.ts";
import { inside } from "./parts.ts";
import { PeopleSection } from "./people.ts";

/** The sections that the menu leads to. */
const MENU: readonly (readonly [Place, "failures" | "organisms" | "people" | "directory"])[] = [
  [{ section: "failures" }, "failures"],
  [{ section: "organisms", q: "", status: null }, "organisms"],
  [{ section: "people", organism: null }, "people"],
  [{ section: "directory" }, "directory"],
];

export class Night {
  readonly #session: Session;
  readonly #sections: {
    readonly failures: FailuresSection;
    readonly organisms: OrganismsSection;
    readonly organism: OrganismSection;
    readonly people: PeopleSection;
    readonly directory: DirectorySection;
  };
  #place: Place = { section: "failures" };

  constructor(session: Session, draw: () => void) {
    this.#session = session;
    const around: Around = {
      ask: session.ask,
      now: () => Date.now(),
      isVisible: () => document.visibilityState === "visible",
      draw,
      focus: focusOn,
      announce,
      go: (place, replaced) => this.go(place, replaced),
    };
    this.#sections = {
      failures: new FailuresSection(around),
      organisms: new OrganismsSection(around),
      organism: new OrganismSection(around),
      people: new PeopleSection(around),
      directory: new DirectorySection(around),
    };
  }

  get #section(): Section {
    return this.#sections[this.#place.section];
  }

  /** Show the section that the address names: at the beginning, after the browser's "back", or signed in again. */
  arrive(): void {
    const place = placeOf(location.pathname, location.search);
    this.#place = place;
    if (place.section === "organisms") {
      this.#sections.organisms.open(place.q, place.status);
    } else if (place.section === "organism") {
      this.#sections.organism.open(place.id);
    } else if (place.section === "people") {
      this.#sections.people.open(place.organism);
    }
    this.#section.wake();
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
      this.#section.tick?.();
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
      <div class="section">${this.#section.view()}</div>`;
  }

  #isIn(place: Place): boolean {
    const { section } = this.#place;
    return section === place.section || (section === "organism" && place.section === "organisms");
  }

  title(): string {
    return this.#section.title();
  }

  wrong(): boolean {
    return this.#section.wrong();
  }
}
