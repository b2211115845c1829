/** How large a picture or a page may be, before and after it is drawn. */

/** Points of a photograph, and of a picture within a PDF: 256 MB once decoded. Cameras of telephones take up to 50 million. */
export const MOST_POINTS = 64_000_000;
/** Points of what is drawn, and of one side of it: what a telephone's canvas holds. */
const MOST_DRAWN = 16_000_000;
const LONGEST_SIDE = 8_192;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Whether a picture of this size may be decoded. */
export function isDecodable({ width, height }: Size): boolean {
  return width > 0 && height > 0 && width * height <= MOST_POINTS;
}

/** By how much a page is enlarged to be about `width` points wide; null for a page without a size. */
export function scaleOf(page: Size, width: number): number | null {
  const points = page.width * page.height;
  if (!(points > 0) || !Number.isFinite(points)) {
    return null;
  }
  const longest = LONGEST_SIDE / Math.max(page.width, page.height);
  return Math.min(Math.max(width, 1) / page.width, longest, Math.sqrt(MOST_DRAWN / points));
}
