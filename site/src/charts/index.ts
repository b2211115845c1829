/** Charts as SVG, made from counts, with their figures as a table. */

export { bars } from "./bars.ts";
export { line, type Course } from "./line.ts";
export { every } from "./days.ts";
export type { Chart, Figure } from "./table.ts";
