/** Reading parts of a file: no file is ever held in memory as a whole. */

/** Bytes looked at from the beginning and from the end, as the API does. */
export const SAMPLE = 64 * 1024;

/** A file's bytes could not be read: cloud storage that hands over nothing, a file that changed or went. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
}

/** Milliseconds for one read: iOS may stop answering. */
const LONGEST_READ = 20_000;

/** Bytes from `start` to `end`. Rejects with `Unreadable`, also where fewer bytes come than the file claims. */
export async function bytesOf(file: Blob, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  const wanted = Math.max(0, Math.min(end, file.size) - start);
  if (wanted === 0) return new Uint8Array(0);
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(await inTime(file.slice(start, start + wanted).arrayBuffer()));
  } catch (error) {
    throw new Unreadable("the file cannot be read", { cause: error });
  }
  if (bytes.length !== wanted) throw new Unreadable("the file is shorter than it claims");
  return bytes;
}

async function inTime<T>(reading: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("reading stopped")), LONGEST_READ);
  });
  try {
    return await Promise.race([reading, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A file, with the parts at which its type shows. */
export interface Source {
  readonly size: number;
  readonly head: Uint8Array<ArrayBuffer>;
  readonly tail: Uint8Array<ArrayBuffer>;
  at(start: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Reads the beginning and the end of a file. */
export async function open(file: Blob): Promise<Source> {
  const head = await bytesOf(file, 0, SAMPLE);
  const tail = await bytesOf(file, Math.max(0, file.size - SAMPLE), file.size);
  return { size: file.size, head, tail, at: (start, length) => bytesOf(file, start, start + length) };
}

/** One letter for each byte: patterns of bytes are searched as text. */
export function latin(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

/** An unsigned number of two or four bytes, the lowest first; 0 beyond the end. */
export function number(bytes: Uint8Array, at: number, length: 2 | 4): number {
  let value = 0;
  for (let index = length - 1; index >= 0; index -= 1) value = value * 256 + (bytes[at + index] ?? 0);
  return value;
}
