/** Public bodies as the directory lists them, and their names in the reader's language. */

import { language, type Language } from "./words.ts";

export const CATEGORIES = ["ministry", "public_establishment", "territorial_collectivity"] as const;
export type Category = (typeof CATEGORIES)[number];

export interface Organism {
  readonly organism_id: string;
  readonly code: string;
  readonly category: Category;
  readonly name: Name;
  readonly city?: string | null;
}

interface Name {
  readonly fr: string;
  readonly ar: string;
  /** Few public bodies have one. */
  readonly en?: string | null;
}

/** A name and the language that it is in, for a screen reader's voice. */
export interface SpokenName {
  readonly text: string;
  readonly lang: Language;
}

/** The name in the reader's language, else in French. */
export function nameOf(organism: { readonly name: Name }, wanted: Language = language): SpokenName {
  const text = organism.name[wanted];
  return text ? { text, lang: wanted } : { text: organism.name.fr, lang: "fr" };
}

/** The other official name: Arabic beside French or English, French beside Arabic. */
export function otherNameOf(organism: { readonly name: Name }, shown: Language = language): SpokenName {
  return nameOf(organism, shown === "ar" ? "fr" : "ar");
}
