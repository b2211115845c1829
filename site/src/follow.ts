/** The follow-up page. */

import { ask } from "./api/client.ts";
import { afterwards, announce, focusOn, keepPlaceAcrossLanguages, show, takeFragment, title } from "./frame/page.ts";
import { say } from "./frame/words.ts";
import { Following } from "./follow/following.ts";
import { errorsOf, formView, strangerView } from "./follow/form-view.ts";
import { mailView } from "./follow/mail-view.ts";
import { tabStorage } from "./follow/session.ts";

const VIEWS = { form: formView, mail: mailView, stranger: strangerView };
/** No title holds a number: titles stay in the browser's history. */
const TITLES = { form: "follow.title", mail: "follow.mail_title", stranger: "follow.not_mine" } as const;

const following = new Following({
  ask,
  store: tabStorage(),
  now: () => Date.now(),
  isVisible: () => document.visibilityState === "visible",
  draw,
  focus: focusOn,
  announce,
});

function draw(): void {
  const { view } = following.state;
  show(VIEWS[view](following));
  title(say(TITLES[view]), errorsOf(following).length > 0);
}

function begin(): void {
  following.begin(takeFragment());
}

// Another link in the same tab.
addEventListener("hashchange", () => {
  const parts = takeFragment();
  if (parts.length) {
    following.openLink(parts);
  }
});
addEventListener("pagehide", () => following.leave());
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    begin();
  }
});
addEventListener("online", () => following.online());
addEventListener("pointerdown", () => following.touch(), { passive: true });
addEventListener("keydown", () => following.touch());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") {
    following.seen();
  }
});
// On paper everything is open.
let opened: HTMLDetailsElement[] = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details")].filter((each) => !each.open);
  opened.forEach((each) => (each.open = true));
});
addEventListener("afterprint", () => opened.forEach((each) => (each.open = false)));
setInterval(() => following.tick(), 1000);

keepPlaceAcrossLanguages(() => {
  following.handOver();
  return Promise.resolve();
});
begin();
afterwards();
