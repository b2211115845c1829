/** Step 1 at work: its search, the list that came with the page, and the desks used lately. */

import type { TemplateResult } from "lit-html";
import type { Ask } from "../api/client.ts";
import type { Clock } from "../files/types.ts";
import type { Category, Organism } from "../frame/organisms.ts";
import { announce, byId } from "../frame/page.ts";
import { language } from "../frame/words.ts";
import { chooseView, countWords } from "./choose.ts";
import { DeskSearch } from "./desk-search.ts";
import { isInApp } from "./in-app.ts";

/** As many desks as the page itself holds at most. */
const MOST_LISTED = 100;
/** Under the prefix that an erasure of the device empties. */
const WORDS_KEY = "bureau-ordre:search";

export interface Parts {
  readonly ask: Ask;
  readonly clock: Clock;
  /** A desk's link was pressed, to be opened here. */
  readonly choose: (organism_id: string) => void;
  readonly changed: () => void;
}

export class Choosing {
  readonly search: DeskSearch;
  readonly #parts: Parts;
  readonly #list = document.getElementById("every-desk");
  readonly #inApp = isInApp(navigator.userAgent);
  #listed: readonly Organism[] | null = null;
  #recent: readonly Organism[] = [];

  /** `typed` is what the search field held before the script was ready. */
  constructor(parts: Parts, typed = "") {
    this.#parts = parts;
    this.search = new DeskSearch({
      ask: parts.ask,
      clock: parts.clock,
      changed: parts.changed,
      found: (shown, more) => announce(countWords(shown, more)),
    });
    this.search.words = typed || takeWords();
    addEventListener("online", () => this.search.retry());
    byId("page").addEventListener("click", (event) => this.#pressed(event));
  }

  /** Begin what needs the network. */
  begin(): void {
    if (this.search.asked) {
      this.search.now();
    }
    void this.#readList();
  }

  /** Show the desks used lately on this device, by id, the last one first. */
  showRecent(ids: readonly string[]): void {
    this.#recent = ids.map((id) => this.#organismInPage(id) ?? unnamed(id));
    this.#parts.changed();
    void this.#nameRecent();
  }

  view(): TemplateResult {
    return chooseView({
      search: this.search,
      list: this.#list,
      listed: this.#listed,
      recent: this.#recent,
      inApp: this.#inApp,
    });
  }

  /** Keep the words for the page in another language. */
  keepWords(): void {
    try {
      sessionStorage.setItem(WORDS_KEY, JSON.stringify(this.search.words));
    } catch {
      // A browser that keeps nothing loses a word of search.
    }
  }

  /** The page's own list is as old as the page: where all desks fit, the service's list takes its place if it differs. */
  async #readList(): Promise<void> {
    try {
      const { body } = await this.#parts.ask<{ items: Organism[]; next_cursor: string | null }>(
        "GET",
        `/v1/organisms?limit=${MOST_LISTED}`,
        { cache: "default" },
      );
      const here = [...(this.#list?.querySelectorAll("[data-organism]") ?? [])].map((link) => link.getAttribute("data-organism"));
      const same = here.length === body.items.length && body.items.every(({ organism_id }) => here.includes(organism_id));
      if (here.length === 0 || (body.next_cursor === null && !same)) {
        this.#listed = body.items;
        this.#parts.changed();
      }
    } catch {
      // The page's own list stays; the search has its own words for a fault.
    }
  }

  async #nameRecent(): Promise<void> {
    const named = await Promise.all(
      this.#recent.map(async (desk) => {
        if (desk.name.fr !== desk.code) {
          return desk;
        }
        const answer = await this.#parts
          .ask<Organism & { status: string }>("GET", `/v1/organisms/${desk.organism_id}`, { cache: "default" })
          .catch(() => null);
        return answer ? answer.body : desk;
      }),
    );
    if (named.some((desk, index) => desk !== this.#recent[index])) {
      this.#recent = named;
      this.#parts.changed();
    }
  }

  /** A press that opens another tab or window is the browser's own. */
  #pressed(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest<HTMLElement>("a[data-organism]") : null;
    const organism_id = link?.dataset["organism"];
    if (organism_id && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      this.#parts.choose(organism_id);
    }
  }

  #organismInPage(organism_id: string): Organism | null {
    const link = this.#list?.querySelector(`[data-organism="${CSS.escape(organism_id)}"]`);
    const name = link?.querySelector("bdi");
    const [code, city] = link?.querySelectorAll(".where bdi") ?? [];
    if (!name) {
      return null;
    }
    const text = name.textContent;
    return {
      organism_id,
      code: code?.textContent ?? "",
      category: (link?.closest("[data-category]")?.getAttribute("data-category") ?? "ministry") as Category,
      name: { fr: text, ar: text, [language]: text },
      city: city?.textContent ?? null,
    };
  }
}

/** A desk used lately whose name is not known yet. */
function unnamed(organism_id: string): Organism {
  const code = organism_id.toUpperCase();
  return { organism_id, code, category: "ministry", name: { fr: code, ar: code } };
}

function takeWords(): string {
  try {
    const kept = sessionStorage.getItem(WORDS_KEY);
    sessionStorage.removeItem(WORDS_KEY);
    return kept === null ? "" : String(JSON.parse(kept));
  } catch {
    return "";
  }
}
