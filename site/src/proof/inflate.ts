/**
 * Decompression of what PDFs call FlateDecode: zlib (RFC 1950) around DEFLATE (RFC 1951), within a limit.
 *
 * Browsers have DecompressionStream, but Safari only since 16.4; the pages run on 15.4. These lines run everywhere,
 * and stop at a limit of bytes.
 */

/** The data is no zlib stream, ends too early, fails its checksum, or holds more than the limit. */
export class InflateError extends Error {}

const LENGTH_BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193,
  12289, 16385, 24577,
];
const DISTANCE_BITS = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const LONGEST_CODE = 15;
const END_OF_BLOCK = 256;

/** A canonical Huffman code: how many codes have each length, and the symbols in the order of their codes. */
interface Code {
  counts: Uint16Array;
  symbols: Uint16Array;
}

function codeOf(lengths: readonly number[]): Code {
  const counts = new Uint16Array(LONGEST_CODE + 1);
  for (const length of lengths) counts[length] = at(counts, length) + 1;
  counts[0] = 0;
  const offsets = new Uint16Array(LONGEST_CODE + 2);
  for (let length = 1; length <= LONGEST_CODE; length += 1) offsets[length + 1] = at(offsets, length) + at(counts, length);
  const symbols = new Uint16Array(lengths.length);
  lengths.forEach((length, symbol) => {
    if (length > 0) {
      symbols[at(offsets, length)] = symbol;
      offsets[length] = at(offsets, length) + 1;
    }
  });
  return { counts, symbols };
}

/** An element that must be there: beyond the end, the data is not what it claims. */
function at(list: ArrayLike<number>, index: number): number {
  const found = list[index];
  if (found === undefined) throw new InflateError();
  return found;
}

const FIXED_LITERALS = codeOf(Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8)));
const FIXED_DISTANCES = codeOf(Array.from({ length: 30 }, () => 5));

class Bits {
  readonly #bytes: Uint8Array;
  #position: number;
  #held = 0;
  #count = 0;

  constructor(bytes: Uint8Array, position: number) {
    this.#bytes = bytes;
    this.#position = position;
  }

  take(count: number): number {
    while (this.#count < count) {
      this.#held |= at(this.#bytes, this.#position) << this.#count;
      this.#position += 1;
      this.#count += 8;
    }
    const value = this.#held & ((1 << count) - 1);
    this.#held >>>= count;
    this.#count -= count;
    return value;
  }

  symbol({ counts, symbols }: Code): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= LONGEST_CODE; length += 1) {
      code |= this.take(1);
      const count = at(counts, length);
      if (code - count < first) return at(symbols, index + code - first);
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new InflateError();
  }

  /** Skip to the next whole byte, and return its position. */
  toByte(): number {
    this.#position -= this.#count >> 3; // whole bytes that were taken ahead
    this.#held = 0;
    this.#count = 0;
    return this.#position;
  }

  skip(bytes: number): void {
    this.#position += bytes;
  }
}

class Output {
  readonly #limit: number;
  #bytes = new Uint8Array(4096);
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(byte: number): void {
    if (this.#size >= this.#limit) throw new InflateError();
    if (this.#size === this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#size] = byte;
    this.#size += 1;
  }

  repeat(distance: number, length: number): void {
    if (distance > this.#size) throw new InflateError();
    for (let count = 0; count < length; count += 1) this.push(at(this.#bytes, this.#size - distance));
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#size);
  }
}

/** Decompress a zlib stream of at most `limit` bytes of content. Bytes behind its end are ignored. Throws InflateError. */
export function inflate(bytes: Uint8Array, limit: number): Uint8Array {
  const method = at(bytes, 0);
  const flags = at(bytes, 1);
  if ((method & 15) !== 8 || ((method << 8) | flags) % 31 !== 0 || (flags & 32) !== 0) throw new InflateError();
  const bits = new Bits(bytes, 2);
  const output = new Output(limit);
  let last = false;
  while (!last) {
    last = bits.take(1) === 1;
    const kind = bits.take(2);
    if (kind === 0) stored(bits, bytes, output);
    else if (kind === 1) block(bits, output, FIXED_LITERALS, FIXED_DISTANCES);
    else if (kind === 2) block(bits, output, ...codesOf(bits));
    else throw new InflateError();
  }
  const content = output.finish();
  const sum = bits.toByte();
  let expected = 0;
  for (let index = 0; index < 4; index += 1) expected = expected * 256 + at(bytes, sum + index);
  if (adler32(content) !== expected) throw new InflateError();
  return content;
}

function stored(bits: Bits, bytes: Uint8Array, output: Output): void {
  const start = bits.toByte();
  const length = at(bytes, start) | (at(bytes, start + 1) << 8);
  if ((length ^ 0xffff) !== (at(bytes, start + 2) | (at(bytes, start + 3) << 8))) throw new InflateError();
  for (let index = 0; index < length; index += 1) output.push(at(bytes, start + 4 + index));
  bits.skip(4 + length);
}

function codesOf(bits: Bits): [Code, Code] {
  const literals = bits.take(5) + 257;
  const distances = bits.take(5) + 1;
  const lengthCodes = bits.take(4) + 4;
  const short = new Array<number>(CODE_LENGTH_ORDER.length).fill(0);
  for (const place of CODE_LENGTH_ORDER.slice(0, lengthCodes)) short[place] = bits.take(3);
  const code = codeOf(short);
  const lengths: number[] = [];
  while (lengths.length < literals + distances) {
    const symbol = bits.symbol(code);
    if (symbol < 16) lengths.push(symbol);
    else if (symbol === 16) repeat(lengths, at(lengths, lengths.length - 1), bits.take(2) + 3);
    else if (symbol === 17) repeat(lengths, 0, bits.take(3) + 3);
    else repeat(lengths, 0, bits.take(7) + 11);
  }
  if (lengths.length > literals + distances) throw new InflateError();
  return [codeOf(lengths.slice(0, literals)), codeOf(lengths.slice(literals))];
}

function repeat(lengths: number[], value: number, times: number): void {
  for (let count = 0; count < times; count += 1) lengths.push(value);
}

function block(bits: Bits, output: Output, literals: Code, distances: Code): void {
  for (;;) {
    const symbol = bits.symbol(literals);
    if (symbol === END_OF_BLOCK) return;
    if (symbol < END_OF_BLOCK) output.push(symbol);
    else {
      const length = at(LENGTH_BASE, symbol - 257) + bits.take(at(LENGTH_BITS, symbol - 257));
      const place = bits.symbol(distances);
      output.repeat(at(DISTANCE_BASE, place) + bits.take(at(DISTANCE_BITS, place)), length);
    }
  }
}

function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  return high * 65536 + low;
}
