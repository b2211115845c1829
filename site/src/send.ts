/** The wizard's page. */

import { ask } from "./api/client.ts";
import { focusOn, keepPlaceAcrossLanguages, show, title, firstTitle, whenIdle, workOffline } from "./frame/page.ts";
import { takeOver, typedBefore } from "./frame/taking-over.ts";
import { language } from "./frame/words.ts";
import { Choosing } from "./send/choosing.ts";
import { deskInAddress, deskTitle, deskView, readDesk, type DeskState } from "./send/desk.ts";
import { isInApp } from "./send/in-app.ts";

const clock = {
  now: () => Date.now(),
  after(milliseconds: number, action: () => void) {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

const choosing = new Choosing({ ask, clock, recent: [], choose, changed: draw }, typedBefore().get("q"));
let desk: { readonly id: string; state: DeskState } | null = null;

function draw(): void {
  if (desk) {
    show(deskView(desk.state, { next: () => undefined, retry: () => read(true), other }, isInApp(navigator.userAgent)));
    title(deskTitle(desk.state));
  } else {
    show(choosing.view());
    document.title = firstTitle();
  }
}

/** Read the desk. On a page just opened the focus stays where the reader put it. */
function read(moves: boolean): void {
  const reading = desk;
  if (!reading) {
    return;
  }
  reading.state = { name: "reading" };
  draw();
  void readDesk(ask, reading.id).then((state) => {
    reading.state = state;
    if (desk === reading) {
      draw();
      if (moves) {
        focusOn("h1");
      }
    }
  });
}

function other(event: MouseEvent): void {
  event.preventDefault();
  history.pushState(null, "", `/${language}/`);
  route(true);
  focusOn("h1");
}

function choose(organism_id: string): void {
  history.pushState(null, "", `/${language}/${organism_id}`);
  route(true);
}

function route(moves: boolean): void {
  const id = deskInAddress(location.pathname);
  desk = id === null ? null : { id, state: { name: "reading" } };
  if (desk) {
    read(moves);
  } else {
    draw();
  }
}

takeOver(() => route(false));
choosing.begin();
addEventListener("popstate", () => route(true));
keepPlaceAcrossLanguages(() => {
  choosing.keepWords();
  return Promise.resolve();
});
whenIdle(workOffline);
