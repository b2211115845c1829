/** Photographs: made smaller, upright, without what the camera wrote about place and device; several as one PDF. */

import { pdfOf } from "./photos-pdf.ts";
import type { Note } from "./types.ts";

/** Pixels of the longer side: a page of A4 at 170 dots per inch, in which small print is still read. */
export const LONGEST_SIDE = 2000;
const QUALITY = 0.82;

/** A file made on this device, and what its sender should know of it. */
export interface Made {
  readonly file: File;
  readonly note: Note;
}

/** Whether a file is a photograph that `smaller` may help. */
export function isPhoto(file: File): boolean {
  return /^image\/(?:jpe?g|pjpeg|png|heic|heif|webp)$/u.test(file.type) || /\.(?:jpe?g|jfif|png|hei[cf])$/iu.test(file.name);
}

/**
 * A photograph as a smaller JPEG; null where this browser cannot read the picture, or it would not become smaller.
 * A picture drawn again keeps its pixels alone: place, date and device are gone, and it stands upright.
 */
export async function smaller(file: File): Promise<Made | null> {
  const blob = await redrawn(file).catch(() => null);
  if (!blob || blob.size >= file.size) return null;
  const name = file.name.replace(/\.[^.]*$/u, "") + ".jpg";
  const made = new File([blob], name, { type: "image/jpeg", lastModified: file.lastModified });
  return { file: made, note: { code: "smaller", values: { before: file.size, after: made.size } } };
}

/** Several photographed pages as one PDF. Rejects where one of them cannot be read: `name` of its error's cause. */
export async function pagesAsPdf(files: readonly File[], name: string): Promise<Made> {
  const photos: Uint8Array[] = [];
  // One after the other: a phone cannot hold many pictures at once.
  for (const file of files) {
    const blob = await redrawn(file).catch((error: unknown) => {
      throw new UnreadablePhoto(file.name, { cause: error });
    });
    photos.push(new Uint8Array(await blob.arrayBuffer()));
  }
  const made = new File([pdfOf(photos)], name, { type: "application/pdf" });
  return { file: made, note: { code: "pages", values: { count: files.length } } };
}

/** A photograph that this browser cannot open; the message is its name. */
export class UnreadablePhoto extends Error {
  override readonly name = "UnreadablePhoto";
}

/** A JPEG of the picture. An `img` element turns it as the camera held it, in every browser of the last years. */
async function redrawn(file: File): Promise<Blob> {
  const address = URL.createObjectURL(file);
  const picture = new Image();
  const canvas = document.createElement("canvas");
  try {
    picture.src = address;
    await picture.decode();
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.naturalWidth, picture.naturalHeight));
    canvas.width = Math.max(1, Math.round(picture.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(picture.naturalHeight * scale));
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    // JPEG has no transparency: what is see-through becomes paper.
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise<Blob>((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no JPEG"))), "image/jpeg", QUALITY);
    });
  } finally {
    URL.revokeObjectURL(address);
    // Safari keeps a canvas's memory until it is collected, unless it is empty.
    canvas.width = 0;
    canvas.height = 0;
  }
}
