/** Reading QR codes in pictures: by the browser where it can, else by the library `qr`, loaded when asked for. */

interface Detector {
  detect(image: ImageBitmapSource): Promise<{ rawValue: string }[]>;
}
interface Detecting {
  BarcodeDetector?: {
    new (options: { formats: string[] }): Detector;
    getSupportedFormats(): Promise<string[]>;
  };
}

/** The reader could not be loaded: no network. */
export class NotLoaded extends Error {}

/** The picture is none that this browser knows. */
export class UnreadablePicture extends Error {}

/** What stands in the QR code of a picture; null where none is found. */
export type ReadQr = (picture: ImageBitmap | HTMLVideoElement) => Promise<string | null>;

/** Sides in pixels that a picture is tried at: a code that fills a large photo is found in a smaller one. */
const SIDES = [1000, 1800, 500];

/** A reader of QR codes. Throws NotLoaded. */
export async function qrReader(): Promise<ReadQr> {
  const byBrowser = await detector();
  return byBrowser ?? byLibrary();
}

async function detector(): Promise<ReadQr | null> {
  const { BarcodeDetector } = globalThis as Detecting;
  try {
    if (!BarcodeDetector || !(await BarcodeDetector.getSupportedFormats()).includes("qr_code")) return null;
    const made = new BarcodeDetector({ formats: ["qr_code"] });
    return async (picture) => (await made.detect(picture))[0]?.rawValue ?? null;
  } catch {
    return null; // named, but not there, as on some desktops
  }
}

async function byLibrary(): Promise<ReadQr> {
  const { default: decode } = await import("qr/decode.js").catch(() => {
    throw new NotLoaded();
  });
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return (picture) => {
    const isVideo = picture instanceof HTMLVideoElement;
    const [width, height] = isVideo ? [picture.videoWidth, picture.videoHeight] : [picture.width, picture.height];
    for (const side of isVideo ? [800] : SIDES) {
      const scale = Math.min(1, side / Math.max(width, height));
      canvas.width = Math.max(1, Math.round(width * scale));
      canvas.height = Math.max(1, Math.round(height * scale));
      context?.drawImage(picture, 0, 0, canvas.width, canvas.height);
      const pixels = context?.getImageData(0, 0, canvas.width, canvas.height);
      try {
        if (pixels) return Promise.resolve(decode(pixels, { timeLimit: isVideo ? 50 : 1000 }));
      } catch {
        // no code at this size
      }
    }
    return Promise.resolve(null);
  };
}

/** A file as a picture. Throws UnreadablePicture. */
export async function pictureOf(file: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file);
  } catch {
    throw new UnreadablePicture();
  }
}
