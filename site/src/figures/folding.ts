/** Names as the service compares them in searches (`mailroom.fields.text.folded`): here the whole list is at hand. */

const VARIANTS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Array.from("ـء").map((letter) => [letter, ""])),
  ...Object.fromEntries(Array.from("ىیېے").map((letter) => [letter, "ي"])),
  ...Object.fromEntries(Array.from("کگڭݣ").map((letter) => [letter, "ك"])),
  ...Object.fromEntries(Array.from("ەہھۃة").map((letter) => [letter, "ه"])),
  ...{ ٱ: "ا", ڤ: "ف", پ: "ب", چ: "ج", ژ: "ز" },
};
/** The article with what grows together with it. */
const ARTICLE = /^[وف]?(?:[بك]?ال|لل)(?=..)/;

/** The words of a text without case, accents, diacritics, variants of letters, and the Arabic article. */
export function foldedWords(text: string): string[] {
  return text
    .replace(/œ/gi, "oe")
    .normalize("NFKD")
    .replace(/[\p{Mn}\p{Cf}]/gu, "")
    .toLowerCase()
    .replace(/./gsu, (letter) => VARIANTS[letter] ?? letter)
    .replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 0x0f))
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .map((word) => word.replace(ARTICLE, ""));
}

/** Whether each word that was typed begins a word of the names, or stands within one from three letters on. */
export function matches(typed: readonly string[], names: readonly string[]): boolean {
  return typed.every((word) => names.some((name) => name.startsWith(word) || (word.length > 2 && name.includes(word))));
}
