/** What a file is by its bytes, and how large its picture is, without decoding it. */

import type { Size } from "./limits.ts";

export type Kind = { readonly type: "application/pdf" } | { readonly type: "image/png" | "image/jpeg"; readonly size: Size };

/** Where the header of a PDF may stand, as readers of PDF have it (ISO 32000-1, annex H.3.4.1). */
const HEADER_WITHIN = 1024;
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52];

/** The kind of a file that can be shown; null for any other. */
export function kindOf(bytes: Uint8Array): Kind | null {
  if (PNG.every((each, at) => bytes[at] === each) && bytes.length > 24) {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    return { type: "image/png", size: { width: view.getUint32(16), height: view.getUint32(20) } };
  }
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) {
    const size = sizeOfJpeg(bytes);
    return size && { type: "image/jpeg", size };
  }
  const head = String.fromCharCode(...bytes.subarray(0, HEADER_WITHIN));
  return head.includes("%PDF-") ? { type: "application/pdf" } : null;
}

/** The size in the first frame header (ITU-T T.81, B.2.2): markers C0 to CF but C4, C8 and CC. */
function sizeOfJpeg(bytes: Uint8Array): Size | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 9 <= bytes.length; ) {
    if (bytes[at] !== 0xff) {
      return null;
    }
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1; // a byte that fills up
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    }
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}
