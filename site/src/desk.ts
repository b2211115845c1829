/** The pages of a public body's agents. */

import { Desk } from "./desk/desk.ts";
import { keepPlaceAcrossLanguages, loadFonts, show, title } from "./frame/page.ts";
import { language, say } from "./frame/words.ts";
import { entrance } from "./session/entrance.ts";
import { openSession } from "./session/opening.ts";
import type { Session } from "./session/session.ts";

let desk: Desk | null = null;
let wasInside = false;

function draw(session: Session): void {
  const inside = session.state.stage === "in";
  const arrived = inside && !wasInside;
  wasInside = inside;
  if (arrived) {
    desk ??= new Desk(session, () => draw(session));
    desk.arrive();
    return;
  }
  show(desk && inside ? desk.view() : entrance(session, `/${language}/operations/`));
  const wrong = desk && inside ? desk.wrong : Object.keys(session.state.wrong).length > 0;
  title(desk && inside ? desk.title : say("session.title"), wrong);
}

openSession("agent", draw);

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[data-inside]") : null;
  if (desk && link && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    desk.go(link.pathname + link.search + link.hash);
  }
});
document.addEventListener("keydown", (event) => desk?.pressed(event));
document.addEventListener("visibilitychange", () => desk?.tick());
addEventListener("popstate", () => desk?.arrive());
setInterval(() => desk?.tick(), 1000);
keepPlaceAcrossLanguages();
loadFonts();
