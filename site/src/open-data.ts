/** The page of open data, for anyone. */

import { ask } from "./api/client.ts";
import { Published } from "./figures/published.ts";
import { openDataView } from "./figures/view.ts";
import { announce, focusOn, keepPlaceAcrossLanguages, loadFonts, show } from "./frame/page.ts";

const published = new Published({
  ask,
  draw,
  announce,
  focus: focusOn,
  keep: (quarter, q) => {
    const asked = new URLSearchParams([...(quarter ? [["quarter", quarter]] : []), ...(q ? [["q", q]] : [])]);
    history.replaceState(null, "", `${location.pathname}${asked.size ? `?${asked.toString()}` : ""}`);
  },
});

function draw(): void {
  show(openDataView(published));
}

const asked = new URLSearchParams(location.search);
void published.begin(asked.get("quarter") ?? "", asked.get("q") ?? "");
keepPlaceAcrossLanguages();
loadFonts();
