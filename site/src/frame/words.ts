/** The words of the page's language, which stand in the page itself. */

import type { WordKey, WordValues } from "../../generated/words.ts";

export type Language = "ar" | "fr" | "en";
export type { WordKey };

type Word = string | Readonly<Record<string, string>>;
export type Sections = Readonly<Record<string, Readonly<Record<string, Word>>>>;
interface PageData {
  readonly page: string;
  readonly workers: Readonly<Record<string, string>>;
  /** The script that the desk hands to the frame of the preview. */
  readonly engine?: { readonly address: string; readonly integrity: string };
  /** The parts of the script that a desk linked to directly waits for. */
  readonly ahead?: readonly string[];
  readonly words: Sections;
  /** The words that only later parts of the script say. */
  readonly later?: { readonly address: string; readonly integrity: string };
  readonly amazigh: Readonly<Record<string, string>>;
}
type Values = Readonly<Record<string, string | number>>;

const FIRST_STRONG_ISOLATE = "\u2068";
const RIGHT_TO_LEFT_ISOLATE = "\u2067";
const POP_ISOLATE = "\u2069";
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** The page's language; `fr` where there is no page, as in unit tests. */
export const language: Language =
  typeof document === "undefined" ? "fr" : ((document.documentElement.lang || "fr") as Language);

let read: PageData | undefined;

/** What the builder wrote into the page for its script. */
export function pageData(): PageData {
  read ??= JSON.parse(document.getElementById("page-data")?.textContent ?? "{}") as PageData;
  return read;
}

/** Take other words: those that came later, or a test's, which has no page. */
export function usePageData(data: PageData): void {
  read = data;
}

/**
 * The word of that key with its values. Text of people is set apart, so that it cannot turn the direction of the
 * sentence around it. With `count`, the form that the language has for this number.
 */
export function say<K extends WordKey>(
  key: K,
  ...values: keyof WordValues[K] extends never ? [] : [WordValues[K]]
): string {
  return filled(key, values[0] as Values | undefined)
    .map((part) => (typeof part === "string" ? part : isolated(part.value)))
    .join("");
}

/** The same in parts, for values that are markup: `phrase("send.to", { name: html`<b>…</b>` })`. */
export function phrase<K extends WordKey>(key: K, values: Readonly<Record<keyof WordValues[K], unknown>>): unknown[] {
  return filled(key, values).map((part) => (typeof part === "string" ? part : part.value));
}

/** The Amazigh term, where a speaker of the standard vouched for one. */
export function amazigh(term: string): string {
  return pageData().amazigh[term] ?? "";
}

function filled(key: string, values: Readonly<Record<string, unknown>> = {}): (string | { value: unknown })[] {
  const [section = "", name = ""] = key.split(".");
  const word = pageData().words[section]?.[name] ?? key;
  const text = typeof word === "string" ? word : formFor(word, Number(values["count"]));
  return text
    .split(/\{([a-z_]+)\}/)
    .map((part, index) => (index % 2 ? { value: values[part] } : part))
    .filter((part) => part !== "");
}

function formFor(word: Readonly<Record<string, string>>, count: number): string {
  return word[new Intl.PluralRules(language).select(count)] ?? word["other"] ?? "";
}

function isolated(value: unknown): string {
  const text = String(value);
  const turns = typeof value === "string" && (language === "ar" || RIGHT_TO_LEFT.test(text));
  return turns ? `${isolateFor(text)}${text}${POP_ISOLATE}` : text;
}

/**
 * The mark that sets a text apart in the direction of its first letter. A browser that looks for that letter leaves out
 * what is set apart within (UAX #9, P2): a date, whose month is, would be turned around.
 */
function isolateFor(text: string): string {
  const [letter = ""] = text.includes(POP_ISOLATE) ? (/\p{L}/u.exec(text) ?? []) : [];
  return RIGHT_TO_LEFT.test(letter) ? RIGHT_TO_LEFT_ISOLATE : FIRST_STRONG_ISOLATE;
}
