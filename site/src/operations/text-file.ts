/** The text of a file that a spreadsheet wrote. */

/**
 * UTF-8, or UTF-16 where a mark at the beginning says so ("Unicode text" of Excel). What is neither is read with signs in
 * place of its damaged letters, so that the check can name the cells.
 */
export function textOf(content: ArrayBuffer): string {
  const [first, second] = new Uint8Array(content, 0, Math.min(2, content.byteLength));
  if (first === 0xff && second === 0xfe) {
    return new TextDecoder("utf-16le").decode(content);
  }
  return new TextDecoder(first === 0xfe && second === 0xff ? "utf-16be" : "utf-8").decode(content);
}
