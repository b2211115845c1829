/** From the page as it came to the page as its script draws it: what was typed, looked at or focused meanwhile stays. */

interface Kept {
  readonly focused: string | null;
  readonly selection: readonly [number | null, number | null] | null;
  readonly anchor: { readonly selector: string; readonly top: number } | null;
}

/** The text of the fields that stand in the page itself, by name. */
export function typedBefore(): ReadonlyMap<string, string> {
  const fields = document.querySelectorAll<HTMLInputElement>("#static input[name]");
  return new Map([...fields].map((field) => [field.name, field.value]));
}

/** Draw the page for the first time: focus, selection and what is in sight stay where they were. */
export function takeOver(draw: () => void): void {
  const kept = found();
  draw();
  const focused = kept.focused === null ? null : document.querySelector<HTMLElement>(kept.focused);
  focused?.focus({ preventScroll: true });
  if (focused instanceof HTMLInputElement && kept.selection) {
    focused.setSelectionRange(...kept.selection);
  }
  const anchor = kept.anchor && document.querySelector(kept.anchor.selector);
  if (kept.anchor && anchor) {
    scrollBy(0, anchor.getBoundingClientRect().top - kept.anchor.top);
  }
}

function found(): Kept {
  const active = document.activeElement?.closest("#static") ? document.activeElement : null;
  const field = active instanceof HTMLInputElement ? active : null;
  return {
    focused: active && selectorOf(active),
    selection: field && [field.selectionStart, field.selectionEnd],
    anchor: scrollY > 0 ? firstInSight() : null,
  };
}

/** The same control in both pages has the same name, or leads to the same desk. */
function selectorOf(element: Element): string | null {
  const name = element.getAttribute("name");
  const organism = element.getAttribute("data-organism");
  if (name !== null) {
    return `#page [name="${CSS.escape(name)}"]`;
  }
  return organism === null ? null : `#page [data-organism="${CSS.escape(organism)}"]`;
}

function firstInSight(): Kept["anchor"] {
  for (const link of document.querySelectorAll("#static [data-organism]")) {
    const { top } = link.getBoundingClientRect();
    const selector = selectorOf(link);
    if (top >= 0 && selector !== null) {
      return { selector, top };
    }
  }
  return null;
}
