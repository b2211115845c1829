/** The pages of operators. */

import { keepPlaceAcrossLanguages, loadFonts, show, title } from "./frame/page.ts";
import { language, say } from "./frame/words.ts";
import { Night } from "./operations/night.ts";
import { entrance } from "./session/entrance.ts";
import { openSession } from "./session/opening.ts";
import type { Session } from "./session/session.ts";

let night: Night | null = null;
let wasInside = false;

function draw(session: Session): void {
  const isInside = session.state.stage === "in";
  const arrived = isInside && !wasInside;
  wasInside = isInside;
  if (arrived) {
    night ??= new Night(session, () => draw(session));
    night.arrive();
  }
  show(night && isInside ? night.view() : entrance(session, `/${language}/desk/`));
  const wrong = night && isInside ? night.wrong() : Object.keys(session.state.wrong).length > 0;
  title(night && isInside ? night.title() : say("session.title"), wrong);
}

openSession("operator", draw);

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[data-inside]") : null;
  if (night && link && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    night.follow(link.pathname + link.search);
  }
});
addEventListener("popstate", () => night?.arrive());
setInterval(() => night?.tick(), 1000);
keepPlaceAcrossLanguages();
loadFonts();
