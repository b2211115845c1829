/** The wizard's page: the desks at `/{lang}/`, and one mail's steps at `/{lang}/{organism_id}`. */

import { ask } from "./api/client.ts";
import { realClock } from "./draft/clock.ts";
import type { Draft } from "./draft/draft.ts";
import type { Parts } from "./draft/session.ts";
import { afterwards, firstTitle, focusOn, keepPlaceAcrossLanguages, show, title } from "./frame/page.ts";
import { takeOver, typedBefore } from "./frame/taking-over.ts";
import { language } from "./frame/words.ts";
import { arrivalOfPage, type Arrival } from "./send/beginning.ts";
import { Choosing } from "./send/choosing.ts";
import { deskInAddress, deskTitle, deskView, readDesk, type DeskState } from "./send/desk.ts";
import { isInApp } from "./send/in-app.ts";
import type { Tools } from "./send/tools.ts";
import type { Wizard } from "./send/wizard.ts";
import { html, type TemplateResult } from "lit-html";

/** What is kept on the device, loaded beside the page: nothing that is shown first waits for it. */
interface Kept {
  readonly parts: Parts;
  readonly tools: Tools;
  readonly resuming: typeof import("./send/resuming.ts");
}

const choosing = new Choosing({ ask, clock: realClock, choose, changed: draw }, typedBefore().get("q"));
let desk: { readonly id: string; state: DeskState } | null = null;
let wizard: Wizard | null = null;
const inApp = isInApp(navigator.userAgent);
let kept: Kept | null = null;
let drafts: readonly Draft[] = [];
let arriving: TemplateResult | null = null;
const opening = openKept();

async function openKept(): Promise<Kept> {
  const [browser, resuming, { Tools: ToolsOf }] = await Promise.all([
    import("./draft/browser.ts"),
    import("./send/resuming.ts"),
    import("./send/tools.ts"),
  ]);
  const parts = await browser.openParts();
  const tools = new ToolsOf({ parts, session: () => wizard?.session ?? null, changed: draw, erased, restored });
  browser.attach(() => wizard, parts);
  kept = { parts, tools, resuming };
  return kept;
}

function draw(): void {
  if (arriving !== null) {
    show(arriving);
  } else if (desk === null) {
    show(html`${kept?.tools.erasedNotice()}${kept?.resuming.drafts(drafts, kept.parts, choose)}${choosing.view()}${kept?.tools.view()}`);
    document.title = firstTitle();
  } else if (wizard !== null) {
    show(wizard.view());
    wizard.setTitle();
  } else {
    show(deskView(desk.state, { retry: () => read(true, "chosen"), other }));
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
  void readDesk(ask, reading.id).then(async (state) => {
    if (desk !== reading) {
      return;
    }
    reading.state = state;
    if (state.name === "open") {
      const [{ Wizard: WizardOf }, { parts, tools }] = await Promise.all([module, opening]);
      const opened = await WizardOf.open({ parts, tools, isInApp: inApp, changed: draw, leave, again }, state.desk, arrival);
      // Another desk may have been chosen meanwhile.
      if (desk !== reading) {
        opened.close();
        return;
      }
      wizard = opened;
    }
    draw();
    if (moves) {
      focusOn("h1");
    }
  });
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
    draw();
    void lookBack();
  }
}

/** The desks used lately, and the mail that was begun. */
async function lookBack(): Promise<void> {
  const { parts } = await opening;
  drafts = await parts.device.drafts().catch(() => []);
  choosing.showRecent(await parts.device.desks().catch(() => []));
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
  const { parts, resuming } = await opening;
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
choosing.begin();
void takeOverMail();
addEventListener("popstate", () => route(true));
addEventListener("hashchange", () => void takeOverMail());
keepPlaceAcrossLanguages(async () => {
  choosing.keepWords();
  await wizard?.leave();
});
afterwards();
