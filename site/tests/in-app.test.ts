import assert from "node:assert/strict";
import { test } from "node:test";

import { isInApp } from "../src/send/in-app.ts";

const IOS = "Mozilla/5.0 (iPhone; CPU iPhone OS 15_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const ANDROID = "Mozilla/5.0 (Linux; Android 12; SM-A127F";
const CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/109.0.0.0 Mobile Safari/537.36";

for (const [name, userAgent, inApp] of [
  ["Facebook on iOS", `${IOS} Mobile/15E148 [FBAN/FBIOS;FBAV/440.0.0.31.116]`, true],
  ["Messenger on Android", `${ANDROID}; wv) ${CHROME} [FB_IAB/Orca-Android;FBAV/440.0;]`, true],
  ["Instagram on iOS", `${IOS} Mobile/15E148 Instagram 301.0`, true],
  ["any view inside an app on Android", `${ANDROID} Build/SP1A; wv) ${CHROME}`, true],
  ["any view inside an app on iOS", `${IOS} Mobile/15E148`, true],
  ["TikTok on Android", `${ANDROID}) ${CHROME} musical_ly_2022 BytedanceWebview/d8a21c6`, true],
  ["Safari on iOS", `${IOS} Version/15.4 Mobile/15E148 Safari/604.1`, false],
  ["Chrome on iOS", `${IOS} CriOS/109.0.5414.83 Mobile/15E148 Safari/604.1`, false],
  ["Firefox on iOS", `${IOS} FxiOS/115.0 Mobile/15E148 Safari/605.1.15`, false],
  ["Chrome on Android", `${ANDROID}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Mobile Safari/537.36`, false],
  ["Firefox on Android", "Mozilla/5.0 (Android 12; Mobile; rv:115.0) Gecko/115.0 Firefox/115.0", false],
  ["Firefox on Linux", "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0", false],
  ["Safari on a Mac", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.4 Safari/605.1.15", false],
] as const) {
  test(`${name} ${inApp ? "lies inside an app" : "is a browser"}`, () => {
    assert.equal(isInApp(userAgent), inApp);
  });
}
