/** Countries other than Morocco, by their names in the page's language. */

import { language } from "../frame/words.ts";

/** ISO 3166-1 alpha-2. */
const CODES =
  "AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

let named: readonly { value: string; label: string }[] | null = null;

export function countries(): readonly { readonly value: string; readonly label: string }[] {
  if (named === null) {
    const names = new Intl.DisplayNames([language], { type: "region" });
    named = CODES.split(" ")
      .map((value) => ({ value, label: countryName(value, names) }))
      .sort((one, other) => one.label.localeCompare(other.label, language));
  }
  return named;
}

/** The country's name, or its code where the browser knows none. */
export function countryName(code: string, names = new Intl.DisplayNames([language], { type: "region" })): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}
