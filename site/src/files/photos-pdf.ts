/** Photographed pages as one PDF: each page an A4 sheet with its JPEG as it is (PDF 1.7, ISO 32000-1). */

import { latin } from "./bytes.ts";

/** A4 in points. */
const SHORT = 595.28;
const LONG = 841.89;

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly components: number;
}

/**
 * The PDF of these JPEG files, one on each page, upright as their pixels are. The same pictures make the same bytes.
 * Throws RangeError for bytes that are no JPEG.
 */
export function pdfOf(photos: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  if (photos.length === 0) throw new RangeError("no page");
  const file = new Writer();
  const pages = photos.map((_, index) => 3 + index * 3);
  file.object(1, "<< /Type /Catalog /Pages 2 0 R >>");
  file.object(2, `<< /Type /Pages /Count ${photos.length} /Kids [${pages.map((id) => `${id} 0 R`).join(" ")}] >>`);
  photos.forEach((jpeg, index) => {
    const id = 3 + index * 3;
    const picture = pictureOf(jpeg);
    const [width, height] = picture.width > picture.height ? [LONG, SHORT] : [SHORT, LONG];
    file.object(
      id,
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Contents ${id + 1} 0 R ` +
        `/Resources << /XObject << /Photo ${id + 2} 0 R >> >> >>`,
    );
    file.stream(id + 1, "", new TextEncoder().encode(placed(picture, width, height)));
    file.stream(id + 2, imageOf(picture), jpeg);
  });
  return file.end();
}

/** As large as the sheet allows, in its middle. */
function placed({ width, height }: Picture, sheetWidth: number, sheetHeight: number): string {
  const scale = Math.min(sheetWidth / width, sheetHeight / height);
  const [x, y] = [(sheetWidth - width * scale) / 2, (sheetHeight - height * scale) / 2];
  const numbers = [width * scale, 0, 0, height * scale, x, y].map((each) => Number(each.toFixed(2)));
  return `q ${numbers.join(" ")} cm /Photo Do Q`;
}

function imageOf({ width, height, components }: Picture): string {
  // A JPEG of four colours holds them inverted, as Adobe writes it.
  const colours =
    { 1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK /Decode [1 0 1 0 1 0 1 0]" }[components] ?? "/DeviceRGB";
  return (
    `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} ` +
    `/ColorSpace ${colours} /BitsPerComponent 8 /Filter /DCTDecode`
  );
}

/** Width, height and colours, from the start of the frame (ITU-T T.81, B.2.2). */
function pictureOf(jpeg: Uint8Array): Picture {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  if (jpeg.length < 4 || view.getUint16(0) !== 0xffd8) throw new RangeError("no JPEG");
  for (let at = 2; at + 9 < jpeg.length;) {
    const marker = view.getUint16(at);
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (isFrame) {
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7), components: view.getUint8(at + 9) };
    }
    at += marker === 0xffff ? 1 : 2 + view.getUint16(at + 2);
  }
  throw new RangeError("no picture in this JPEG");
}

/** Writes objects and remembers where each begins. */
class Writer {
  readonly #parts: Uint8Array[] = [];
  readonly #starts: number[] = [];
  #length = 0;

  constructor() {
    this.#write("%PDF-1.7\n%\u00b5\u00b6\u00e2\u00e3\n");
  }

  object(id: number, content: string): void {
    this.#starts[id] = this.#length;
    this.#write(`${id} 0 obj\n${content}\nendobj\n`);
  }

  stream(id: number, entries: string, content: Uint8Array): void {
    this.#starts[id] = this.#length;
    this.#write(`${id} 0 obj\n<< ${entries} /Length ${content.length} >>\nstream\n`);
    this.#add(content);
    this.#write("\nendstream\nendobj\n");
  }

  end(): Uint8Array<ArrayBuffer> {
    const at = this.#length;
    const rows = this.#starts.slice(1).map((start) => `${String(start).padStart(10, "0")} 00000 n \n`);
    const size = this.#starts.length;
    this.#write(`xref\n0 ${size}\n0000000000 65535 f \n${rows.join("")}`);
    this.#write(`trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${at}\n%%EOF\n`);
    const whole = new Uint8Array(this.#length);
    let written = 0;
    for (const part of this.#parts) {
      whole.set(part, written);
      written += part.length;
    }
    return whole;
  }

  #write(text: string): void {
    this.#add(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
  }

  #add(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#length += bytes.length;
  }
}

/** Whether a JPEG holds data beside the picture, such as the place where it was taken (Exif). */
export function holdsCameraData(jpeg: Uint8Array): boolean {
  return latin(jpeg.subarray(0, 64 * 1024)).includes("Exif\u0000");
}
