/** Copying a text with one press. */

import { announce } from "./page.ts";
import { say } from "./words.ts";

/**
 * Copy `text` and say so. Where the browser refuses, the text of the element `shown` is selected, so that it can be
 * copied by hand.
 */
export async function copy(text: string, label: string, shown?: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    announce(say("frame.copied_label", { label }));
    return true;
  } catch {
    const element = shown === undefined ? null : document.getElementById(shown);
    if (element) {
      getSelection()?.selectAllChildren(element);
    }
    announce(say("frame.not_copied"));
    return false;
  }
}
