/** Where values stand in a drawing. Places are percentages, so that a drawing fits any width and its text keeps its size. */

export interface Point {
  /** From the left edge, in percent. */
  readonly x: number;
  /** From the upper edge, in percent. */
  readonly y: number;
}

const STEPS = [1, 2, 5, 10];
/** Percent of the height that stays free above the highest value, for the number that stands there. */
const HEAD = 14;
/** Percent of the height below zero, so that a point on the ground is whole. */
const GROUND = 4;

/** The least round number (1, 2 or 5 and zeros) that no value exceeds; 1 where there is none above zero. */
export function ceiling(values: readonly number[]): number {
  const most = Math.max(1, ...values);
  const power = 10 ** Math.floor(Math.log10(most));
  return power * (STEPS.find((step) => step * power >= most) ?? 10);
}

/** A part of the whole in percent, to one decimal; something above zero is never drawn as nothing. */
export function share(value: number, whole: number): number {
  if (value <= 0 || whole <= 0) {
    return 0;
  }
  return Math.max(0.5, Math.round((value / whole) * 1000) / 10);
}

/** The height of a value, for a drawing that ends at `most`. */
export function height(value: number, most: number): number {
  return round(100 - GROUND - (value / most) * (100 - GROUND - HEAD));
}

/**
 * The place of each value, evenly spaced in the direction of reading; null where a value is unknown. The first and last
 * keep a little away from the edges.
 */
export function places(values: readonly (number | null)[], most: number, mirrored: boolean): (Point | null)[] {
  const step = values.length > 1 ? 96 / (values.length - 1) : 0;
  return values.map((value, index) => {
    const along = values.length > 1 ? 2 + index * step : 50;
    return value === null ? null : { x: round(mirrored ? 100 - along : along), y: height(value, most) };
  });
}

/** The pairs of neighbours that are both known: the pieces of the line. */
export function pieces(points: readonly (Point | null)[]): [Point, Point][] {
  return points.flatMap((to, index): [Point, Point][] => {
    const from = points[index - 1];
    return from && to ? [[from, to]] : [];
  });
}

function round(percent: number): number {
  return Math.round(percent * 100) / 100;
}
