/** The pages of a public body's agents. */

import { html } from "lit-html";
import { keepPlaceAcrossLanguages, loadFonts, show, title } from "./frame/page.ts";
import { language, say } from "./frame/words.ts";
import { warningView, whoView } from "./session/around-work.ts";
import { entrance } from "./session/entrance.ts";
import { openSession } from "./session/opening.ts";

openSession("agent", (session) => {
  const inside = session.state.stage === "in";
  show(
    inside
      ? html`${whoView(session)} ${warningView(session)}
          <h1>${say("agents.title")}</h1>`
      : entrance(session, `/${language}/operations/`),
  );
  title(say(inside ? "agents.title" : "session.title"), Object.keys(session.state.wrong).length > 0);
});
keepPlaceAcrossLanguages();
loadFonts();
