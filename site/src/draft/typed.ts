/** Texts as the API counts and reads them (`layers/mailroom/src/mailroom/fields`), so that page and API never differ. */

const BLANK = /^[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\u2800]*$/u;

/** Length in code points, a Windows line break counted as one. */
export function characters(text: string): number {
  let count = 0;
  for (const character of text) if (character !== "\r") count += 1;
  return count + (text.match(/\r(?!\n)/g)?.length ?? 0);
}

/** Whether a text has no visible character: the API takes such a text for an empty one. */
export function isBlank(text: string): boolean {
  return BLANK.test(text);
}

/** Arabic and Persian digits as Western ones. */
export function westernDigits(text: string): string {
  return text.replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 0x0f));
}

/** What keeps a typed ICE from being one: its length, or the two digits that check the others; `null` if nothing does. */
export function iceFault(text: string): { digits: number } | "key" | null {
  const typed = westernDigits(text)
    .replace(/^\s*ICE\b\s*:?/i, "")
    .replace(/[\p{Cf}\s\-./\u2010-\u2015]/gu, "")
    .replace(/o/gi, "0")
    .replace(/[il]/gi, "1");
  if (!/^[0-9]*$/.test(typed)) return { digits: typed.replace(/[^0-9]/g, "").length };
  // Spreadsheets drop zeros at the beginning; the API puts them back from seven digits on.
  if (typed.length < 7 || typed.length > 15) return { digits: typed.length };
  return typed !== "" && BigInt(typed) % 97n === 0n && BigInt(typed) !== 0n ? null : "key";
}
