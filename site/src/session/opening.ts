/** A session as a page has it: with the browser's clock, its other tabs, and what its person does. */

import { ask } from "../api/client.ts";
import { announce, focusOn } from "../frame/page.ts";
import { Session } from "./session.ts";
import type { Role } from "./shapes.ts";

/** Open the session of this page. `draw` draws the page: the way in, or the work of who is signed in. */
export function openSession(role: Role, draw: (session: Session) => void): Session {
  const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("session");
  const session: Session = new Session(role, {
    ask,
    now: () => Date.now(),
    draw: () => draw(session),
    focus: focusOn,
    announce,
    startOver: () => location.reload(),
    channel,
  });
  channel?.addEventListener("message", (event) => session.heard(event.data));
  for (const event of ["pointerdown", "keydown", "wheel", "input"] as const) {
    addEventListener(event, () => session.touch(), { passive: true });
  }
  document.addEventListener("visibilitychange", () => session.tick());
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      session.tick();
      void session.begin();
    }
  });
  setInterval(() => session.tick(), 1000);
  draw(session);
  void session.begin();
  return session;
}
