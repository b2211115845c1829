/** A QR code as a path of SVG. It is loaded only when a page draws one. */

import encodeQR from "qr";

export interface QrPath {
  /** Modules on each side, the quiet zone of four included (ISO/IEC 18004). */
  readonly side: number;
  readonly path: string;
}

const QUIET = 4;

/** The code of an address. Runs of dark modules are one rectangle each: a third of the text. */
export function qrPath(text: string): QrPath {
  const rows = encodeQR(text, "raw", { ecc: "medium", border: QUIET });
  const path = rows
    .map((row, y) => {
      let drawn = "";
      for (let x = 0; x < row.length; x += 1) {
        const start = x;
        while (row[x]) {
          x += 1;
        }
        if (x > start) {
          drawn += `M${start} ${y}h${x - start}v1h-${x - start}z`;
        }
      }
      return drawn;
    })
    .join("");
  return { side: rows.length, path };
}
