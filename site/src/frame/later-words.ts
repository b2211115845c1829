/** The words that only later parts of the script say: a file beside the page. */

import { pageData, type Sections, usePageData } from "./words.ts";

let coming: Promise<void> | null = null;

/** Until they are there; before that, no later part is shown. Rejects where they do not come, and may be called again. */
export function laterWords(): Promise<void> {
  coming ??= read().catch((error: unknown) => {
    coming = null;
    throw error;
  });
  return coming;
}

async function read(): Promise<void> {
  const { later } = pageData();
  if (later === undefined) {
    return;
  }
  const answer = await fetch(later.address, { integrity: later.integrity });
  const more = (await answer.json()) as Sections;
  const { words } = pageData();
  const both = Object.fromEntries(Object.entries(words).map(([section, keys]) => [section, { ...keys, ...more[section] }]));
  usePageData({ ...pageData(), words: both });
}
