/** What a template says, without a browser: its markup with the values in their places. */

interface Template {
  readonly strings: readonly string[];
  readonly values: readonly unknown[];
}

/** The markup of a template of lit-html and of all within; functions that answer events are left out. */
export function markup(part: unknown): string {
  if (Array.isArray(part)) {
    return part.map(markup).join("");
  }
  if (isTemplate(part)) {
    return part.strings.map((text, index) => text + markup(part.values[index])).join("");
  }
  return typeof part === "string" || typeof part === "number" ? String(part) : "";
}

function isTemplate(part: unknown): part is Template {
  return typeof part === "object" && part !== null && "strings" in part && "values" in part;
}
