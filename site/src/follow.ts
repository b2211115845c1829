/** The follow-up page. */

import { keepPlaceAcrossLanguages, whenIdle, workOffline } from "./frame/page.ts";

keepPlaceAcrossLanguages();
whenIdle(workOffline);
