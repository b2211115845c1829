/** The wizard's page. */

import { ask } from "./api/client.ts";
import { openParts, realClock } from "./draft/browser.ts";
import type { Sent } from "./draft/device.ts";
import { firstTitle, focusOn, keepPlaceAcrossLanguages, show, title, whenIdle, workOffline } from "./frame/page.ts";
import { takeOver, typedBefore } from "./frame/taking-over.ts";
import { language, say } from "./frame/words.ts";
import { Choosing } from "./send/choosing.ts";
import { deskInAddress, deskTitle, deskView, readDesk, type DeskState } from "./send/desk.ts";
import { isInApp } from "./send/in-app.ts";
import { ReceiptStep } from "./send/receipt-step.ts";

const opening = openParts();
const choosing = new Choosing({ ask, clock: realClock, choose, changed: draw }, typedBefore().get("q"));
let desk: { readonly id: string; state: DeskState } | null = null;
let receipt: ReceiptStep | null = null;

function draw(): void {
  if (receipt) {
    show(receipt.view());
    title(say("receipt.title"));
  } else if (desk) {
    show(deskView(desk.state, { next, retry: () => read(true), other }, isInApp(navigator.userAgent)));
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

function next(): void {
  const id = desk?.id;
  if (id) {
    void opening.then(({ device }) => device.useDesk(id)).finally(() => location.assign("#write"));
  }
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
  receipt?.end();
  receipt = null;
  const id = deskInAddress(location.pathname);
  desk = id === null ? null : { id, state: { name: "reading" } };
  if (desk) {
    read(moves);
  } else {
    draw();
  }
}

async function showReceipt(): Promise<void> {
  const { device } = await opening;
  const id = await device.current();
  const sent = id === null ? null : await device.sentOf(id);
  if (!sent) {
    takeOver(() => route(false));
    return;
  }
  receipt = stepFor(sent, device.shared, (await device.keptSent()).some(({ number }) => number === sent.number));
  draw();
  receipt.begin();
}

function stepFor(sent: Sent, shared: boolean | null, kept: boolean): ReceiptStep {
  const keep = async (wanted: boolean): Promise<void> => {
    const { device } = await opening;
    await (wanted ? device.keepSent(sent) : device.dropSent(sent.number));
  };
  const another = (event: MouseEvent): void => {
    event.preventDefault();
    void opening.then(({ device }) => device.setCurrent(null)).finally(() => location.assign(`/${language}/`));
  };
  return new ReceiptStep({ ask, clock: realClock, sent, kept, shared, keep, another, changed: draw });
}

if (location.hash === "#receipt") {
  void showReceipt();
} else {
  takeOver(() => route(false));
  choosing.begin();
  void opening.then(async ({ device }) => choosing.showRecent(await device.desks()));
}
addEventListener("popstate", () => route(true));
keepPlaceAcrossLanguages(() => {
  choosing.keepWords();
  return Promise.resolve();
});
whenIdle(workOffline);
