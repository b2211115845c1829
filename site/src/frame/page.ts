/** What every page with a script does: start, announce, move the focus, keep the place when the language changes. */

import { html, render, type TemplateResult } from "lit-html";
import { trustedScript } from "./trusted.ts";
import { language, pageData, say } from "./words.ts";

const TITLE = typeof document === "undefined" ? "" : document.title;

/** Draw the page's own part; the first time, the words for people without script go. */
export function show(view: TemplateResult): void {
  const root = byId("page");
  render(view, root);
  document.getElementById("static")?.remove();
  moveFocus();
}

/** The element with this id, which the page is known to have. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) {
    throw new Error(`#${id}`);
  }
  return found;
}

interface Wanted {
  readonly selector: string;
  /** Where the focus was when it was last looked at. A reader who has moved it since is not called back. */
  at: Element | null;
}

let wanted: Wanted | undefined;

/**
 * Move the focus to an element once it is drawn; an element that is no control is made reachable for it.
 *
 * It moves before the next key or touch is heard, so that who is quick types into the field that was just shown. What
 * is not there yet gets it when it is drawn, until the next frame.
 */
export function focusOn(selector: string): void {
  const mine: Wanted = { selector, at: document.activeElement };
  wanted = mine;
  queueMicrotask(() => {
    if (wanted === mine) {
      moveFocus();
    }
  });
  requestAnimationFrame(() => {
    if (wanted === mine) {
      moveFocus();
      wanted = undefined;
    }
  });
}

function moveFocus(): void {
  const now = document.activeElement;
  if (!wanted) {
    return;
  }
  if (now !== null && now !== document.body && now !== wanted.at) {
    wanted = undefined;
    return;
  }
  const found = document.querySelector<HTMLElement>(wanted.selector);
  if (found && !found.matches("a[href], button, input, select, textarea, [tabindex]")) {
    found.tabIndex = -1;
  }
  found?.focus();
  wanted.at = document.activeElement;
}

/** Put the page's title, with "Error:" before it where something has to be corrected. */
export function title(name: string, wrong = false): void {
  document.title = `${wrong ? say("frame.error_prefix") : ""}${name} – ${say("frame.service")}`;
}

/** The title that the page came with. */
export function firstTitle(): string {
  return TITLE;
}

/** Say something to screen readers, politely; the same words twice are said twice. */
export function announce(words: string): void {
  const live = document.getElementById("live") ?? appendLive();
  const line = document.createElement("p");
  line.textContent = words;
  live.append(line);
  // Old lines go, so that reading on does not meet a log.
  setTimeout(() => line.remove(), 10_000);
}

function appendLive(): HTMLElement {
  const live = document.createElement("div");
  live.id = "live";
  live.className = "unseen";
  live.setAttribute("aria-live", "polite");
  live.setAttribute("role", "status");
  document.body.append(live);
  return live;
}

export interface FieldError {
  /** The id of the control that the line leads to. */
  readonly id: string;
  readonly message: string;
}

/** The errors of a form in one place, each leading to its control. It takes the focus when it appears. */
export function errorSummary(errors: readonly FieldError[]): TemplateResult | "" {
  if (!errors.length) {
    return "";
  }
  return html`<div class="errors" id="errors" role="alert" tabindex="-1" aria-labelledby="errors-title">
    <h2 id="errors-title">${say("frame.errors_title")}</h2>
    <ul>
      ${errors.map(
        (each) =>
          html`<li>
            <a
              href="#${each.id}"
              @click=${(event: Event) => {
                event.preventDefault();
                focusOn(`#${CSS.escape(each.id)}`);
              }}
              >${each.message}</a
            >
          </li>`,
      )}
    </ul>
  </div>`;
}

/**
 * What stands behind `#` in the address, split at slashes, once: it is taken out of the address and the history.
 * Mailers encode it again, and some put parameters of their own behind it.
 */
export function takeFragment(): string[] {
  let fragment = location.hash.slice(1);
  if (!fragment || fragment === "main") {
    return [];
  }
  history.replaceState(history.state, "", location.pathname);
  try {
    for (let times = 0; times < 3; times += 1) {
      fragment = decodeURIComponent(fragment);
    }
  } catch {
    return [];
  }
  return (fragment.replace(/^#+/, "").split(/[?&]/)[0] ?? "").split("/");
}

/** Keep the place when another language is chosen. `before` saves what was typed. */
export function keepPlaceAcrossLanguages(before: () => Promise<void> = () => Promise.resolve()): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-language]")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) {
        return;
      }
      event.preventDefault();
      const path = location.pathname.replace(/^\/(ar|fr|en)(?=\/|$)/, `/${link.dataset["language"] ?? "fr"}`);
      void before().finally(() => location.assign(path + location.search + location.hash));
    });
  }
}

/** Let this page open without a network from now on. A browser that keeps nothing goes on without. */
function workOffline(): void {
  if (!("serviceWorker" in navigator)) {
    return;
  }
  const loaded = performance
    .getEntriesByType("resource")
    .map((entry) => new URL(entry.name))
    .filter((address) => address.origin === location.origin && address.pathname.startsWith("/assets/"))
    .map((address) => address.pathname);
  const verifies = pageData().page === "verify";
  const here = verifies || location.pathname.endsWith("/follow") ? location.pathname : `/${language}/`;
  navigator.serviceWorker
    .register(trustedScript("/service-worker.js"))
    .then(() => navigator.serviceWorker.ready)
    .then((registration) => registration.active?.postMessage({ loaded: [here, ...loaded], verifies }))
    .catch(() => undefined);
}

/**
 * What waits until the page is used. Its fonts: on a slow network they would come before the script, and delay the first
 * letter by a second. Then its use without a network.
 */
export function afterwards(): void {
  loadFonts(workOffline);
}

/** Ask for the fonts late, and do `then` once they are there. */
export function loadFonts(then: () => void = () => undefined): void {
  whenIdle(() => {
    document.documentElement.classList.add("fonts");
    requestAnimationFrame(() => void document.fonts.ready.then(then));
  });
}

/** Do it when the page has nothing more urgent to do. */
export function whenIdle(work: () => void): void {
  addEventListener("load", () => setTimeout(work, 1000));
}
