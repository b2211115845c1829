/** The wizard's page: the desks at `/{lang}/`, and one mail's steps at `/{lang}/{organism_id}`. */

import { ask, NoAnswer } from "./api/client.ts";
import { realClock } from "./draft/clock.ts";
import type { Draft } from "./draft/draft.ts";
import type { Parts } from "./draft/session.ts";
import { laterWords } from "./frame/later-words.ts";
import { afterwards, firstTitle, focusOn, keepPlaceAcrossLanguages, show, title } from "./frame/page.ts";
import { takeOver, typedBefore } from "./frame/taking-over.ts";
import { language, pageData } from "./frame/words.ts";
import { arrivalOfPage, type Arrival } from "./send/beginning.ts";
import { Choosing } from "./send/choosing.ts";
import { deskInAddress, deskTitle, deskView, isDetailed, readDesk, type DeskState } from "./send/desk.ts";
import { isInApp } from "./send/in-app.ts";
import type { Tools } from "./send/tools.ts";
import type { Wizard } from "./send/wizard.ts";
import { html, type TemplateResult } from "lit-html";

/** What stands beside the desks and the letter: no field waits for it. */
interface Aside {
  readonly parts: Parts;
  readonly tools: Tools;
  readonly resuming: Pick<typeof import("./send/aside.ts"), "continued" | "drafts">;
}

const choosing = new Choosing({ ask, clock: realClock, choose, changed: draw }, typedBefore().get("q"));
let desk: { readonly id: string; state: DeskState } | null = null;
let wizard: Wizard | null = null;
const inApp = isInApp(navigator.userAgent);
let aside: Aside | null = null;
/** Why it is not there. */
let asideFault: unknown = null;
let asking: Promise<Aside> | null = null;
let drafts: readonly Draft[] = [];
let arriving: TemplateResult | null = null;
askAhead();
/** What is kept on the device, loaded beside the page: nothing that is shown first waits for it. */
const opening = openKept();
opening.catch(() => undefined);
/** How long (ms) the service is waited for where the device knows the desk. */
const PATIENCE = 4_000;

/** At a desk that is linked to directly, ask for the letter's parts together: else each is asked for when one that imports it is there. */
function askAhead(): void {
  if (deskInAddress(location.pathname) === null) {
    return;
  }
  for (const address of pageData().ahead ?? []) {
    const link = document.createElement("link");
    link.rel = "modulepreload";
    link.href = address;
    document.head.append(link);
  }
}

async function openKept(): Promise<Parts> {
  const browser = await import("./draft/browser.ts");
  const parts = await browser.openParts();
  browser.attach(() => ({ wake, leave: () => wizard?.leave() ?? Promise.resolve() }), parts);
  return parts;
}

/** The page is seen again, or the network is back. */
function wake(): void {
  wizard?.wake();
  if (asideFault !== null) {
    void askForAside().catch(() => undefined);
  }
}

/** Loaded once; asked for again where it did not come. */
function askForAside(): Promise<Aside> {
  asking ??= loadAside().catch((error: unknown) => {
    asking = null;
    asideFault = error;
    draw();
    throw error;
  });
  return asking;
}

async function loadAside(): Promise<Aside> {
  const [parts, { Tools: ToolsOf, ...resuming }] = await Promise.all([opening, import("./send/aside.ts"), laterWords()]);
  const tools = new ToolsOf({ parts, session: () => wizard?.session ?? null, changed: draw, erased, restored });
  aside = { parts, tools, resuming };
  asideFault = null;
  draw();
  return aside;
}

function draw(): void {
  if (arriving !== null) {
    show(arriving);
  } else if (desk === null) {
    show(html`${aside?.tools.erasedNotice()}${aside?.resuming.drafts(drafts, aside.parts, choose)}${choosing.view()}${aside?.tools.view()}`);
    document.title = firstTitle();
  } else if (wizard !== null) {
    show(wizard.view());
    wizard.setTitle();
  } else {
    show(deskView(desk.state, { retry, other }));
    title(deskTitle(desk.state));
  }
}

/** Read the desk, and open the mail that is written to it. On a page just opened the focus stays where the reader put it. */
function read(moves: boolean, arrival: Arrival): void {
  const reading = desk;
  if (!reading) {
    return;
  }
  reading.state = { name: "reading" };
  draw();
  const module = import("./send/wizard.ts");
  // Whether it came is seen where it is used.
  module.catch(() => undefined);
  void deskOrKnown(reading.id)
    .then(async (state) => {
      if (state.name !== "open" || desk !== reading) {
        return state;
      }
      const [{ Wizard: WizardOf }, parts] = await Promise.all([module, opening]);
      const beside = () => ({ tools: aside?.tools ?? null, fault: asideFault });
      const opened = await WizardOf.open({ parts, aside: beside, isInApp: inApp, changed: draw, leave, again }, state.desk, arrival);
      // Another desk may have been chosen meanwhile.
      if (desk === reading) {
        wizard = opened;
      } else {
        opened.close();
      }
      return state;
    })
    .catch((): DeskState => ({ name: "fault", fault: new NoAnswer("offline") }))
    .then((state) => {
      reading.state = state;
      if (desk === reading) {
        draw();
        if (moves) {
          focusOn("h1");
        }
      }
      void askForAside().catch(() => undefined);
    });
}

/** The desk, or what a letter that was begun knows of it: without the service, its text must be seen and written on. */
async function deskOrKnown(organism_id: string): Promise<DeskState> {
  const asked = readDesk(ask, organism_id);
  const kept = await opening.then(({ device }) => device.drafts()).catch(() => []);
  const known = kept.map((draft) => draft.organism).find((organism) => organism.organism_id === organism_id);
  if (known === undefined || !isDetailed(known)) {
    return asked;
  }
  const late = new Promise<null>((resolve) => realClock.after(PATIENCE, () => resolve(null)));
  const state = await Promise.race([asked, late]);
  return state === null || state.name === "fault" ? { name: "open", desk: known } : state;
}

/** The page is loaded again, since browsers do not ask again for a part of a script that failed once. */
function retry(): void {
  if (desk?.state.name === "fault") {
    location.reload();
  }
}

function other(event: MouseEvent): void {
  event.preventDefault();
  leave();
}

/** To all desks. */
function leave(): void {
  history.pushState(null, "", `/${language}/`);
  route(true);
  scrollTo(0, 0);
  focusOn("h1");
}

/** Another mail to the same desk. */
function again(): void {
  history.pushState(null, "", location.pathname);
  closeWizard();
  read(true, "again");
}

function choose(organism_id: string): void {
  history.pushState(null, "", `/${language}/${organism_id}`);
  scrollTo(0, 0);
  route(true, "chosen");
}

function erased(): void {
  closeWizard();
  drafts = [];
  choosing.showRecent([]);
  history.replaceState(null, "", `/${language}/`);
  route(true);
}

function restored(): void {
  void lookBack();
}

function closeWizard(): void {
  wizard?.close();
  wizard = null;
}

function route(moves: boolean, arrival: Arrival = "back"): void {
  const id = deskInAddress(location.pathname);
  if (id !== null && id === desk?.id && wizard !== null) {
    wizard.arrive();
    return;
  }
  closeWizard();
  desk = id === null ? null : { id, state: { name: "reading" } };
  if (desk) {
    read(moves, arrival);
  } else {
    choosing.begin();
    draw();
    void lookBack();
  }
}

/** The desks used lately, and the mail that was begun. */
async function lookBack(): Promise<void> {
  void askForAside().catch(() => undefined);
  const found = await opening.catch(() => null);
  if (found === null) {
    return;
  }
  drafts = await found.device.drafts().catch(() => []);
  choosing.showRecent(await found.device.desks().catch(() => []));
  if (desk === null) {
    draw();
  }
}

/** A link from another device hands a mail over: what opens it is taken out of the address at once. */
async function takeOverMail(): Promise<void> {
  const fragment = location.hash;
  if (!/continue/i.test(fragment)) {
    return;
  }
  history.replaceState(null, "", location.pathname);
  const { parts, resuming } = await askForAside();
  const found = await resuming.continued(fragment, parts, (view) => {
    arriving = view;
    draw();
  });
  arriving = null;
  if (found !== null) {
    history.replaceState(null, "", `/${language}/${found.organism_id}#${found.place}`);
  }
  route(true);
}

takeOver(() => route(false, arrivalOfPage(location.hash)));
void takeOverMail();
addEventListener("popstate", () => route(true));
addEventListener("hashchange", () => void takeOverMail());
keepPlaceAcrossLanguages(async () => {
  choosing.keepWords();
  await wizard?.leave();
});
afterwards();
