/** The values of PDF (ISO 32000-1, 7.3), read from one place of a file on. */
import { NotCheckable } from "./refusal.ts";

export interface Name {
  name: string;
}
export interface Reference {
  number: number;
}
export type Dictionary = Map<string, Value>;
export interface Stream {
  dictionary: Dictionary;
  /** Where its bytes begin in the file. */
  start: number;
}
/** A string is its bytes; where in the file it stands is kept for the one string that a seal does not cover. */
export interface Text {
  bytes: Uint8Array;
  start: number;
  end: number;
}
export type Value = null | boolean | number | Name | Reference | Text | Value[] | Dictionary | Stream;

const DEEPEST = 32;

const SPACE = new Set([0, 9, 10, 12, 13, 32]);
const DELIMITER = new Set(Array.from("()<>[]{}/%", (each) => each.charCodeAt(0)));

export const isName = (value: Value | undefined, name: string): boolean =>
  typeof value === "object" && value !== null && "name" in value && value.name === name;
export const isText = (value: Value | undefined): value is Text =>
  typeof value === "object" && value !== null && "bytes" in value;
export const isReference = (value: Value | undefined): value is Reference =>
  typeof value === "object" && value !== null && "number" in value;
export const isStream = (value: Value | undefined): value is Stream =>
  typeof value === "object" && value !== null && "dictionary" in value;

export function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += 4096) text += String.fromCharCode(...bytes.subarray(start, start + 4096));
  return text;
}

/** Reads values from one place of the file on. */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #step: () => void;
  position: number;

  constructor(bytes: Uint8Array, position: number, step: () => void) {
    this.#bytes = bytes;
    this.position = position;
    this.#step = step;
  }

  #peek(ahead = 0): number {
    return this.#bytes[this.position + ahead] ?? -1;
  }

  skipSpace(): void {
    for (;;) {
      if (SPACE.has(this.#peek())) this.position += 1;
      else if (this.#peek() === 0x25) while (this.#peek() >= 0 && this.#peek() !== 10 && this.#peek() !== 13) this.position += 1;
      else return;
    }
  }

  /** The next run of regular characters. */
  word(): string {
    this.#step();
    this.skipSpace();
    const start = this.position;
    while (this.#peek() >= 0 && !SPACE.has(this.#peek()) && !DELIMITER.has(this.#peek())) this.position += 1;
    return latin1(this.#bytes.subarray(start, Math.min(this.position, start + 64)));
  }

  expect(word: string): void {
    if (this.word() !== word) throw new NotCheckable("damaged");
  }

  natural(): number {
    const word = this.word();
    if (!/^\d{1,10}$/.test(word)) throw new NotCheckable("damaged");
    return Number(word);
  }

  value(depth = 0): Value {
    this.#step();
    if (depth > DEEPEST) throw new NotCheckable("damaged");
    this.skipSpace();
    const first = this.#peek();
    if (first === 0x2f) return { name: this.#name() };
    if (first === 0x28) return this.#literal();
    if (first === 0x5b) return this.#array(depth);
    if (first === 0x3c) return this.#peek(1) === 0x3c ? this.dictionary(depth) : this.#hexadecimal();
    return this.#plain();
  }

  #name(): string {
    this.position += 1;
    const start = this.position;
    while (this.#peek() >= 0 && !SPACE.has(this.#peek()) && !DELIMITER.has(this.#peek())) this.position += 1;
    const written = latin1(this.#bytes.subarray(start, Math.min(this.position, start + 127)));
    return written.replace(/#([0-9a-fA-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
  }

  #plain(): Value {
    const word = this.word();
    if (word === "null") return null;
    if (word === "true" || word === "false") return word === "true";
    if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(word)) throw new NotCheckable("damaged");
    if (/^\d+$/.test(word)) {
      const behind = this.position;
      if (/^\d{1,5}$/.test(this.word()) && this.word() === "R") return { number: Number(word) };
      this.position = behind;
    }
    return Number(word);
  }

  #array(depth: number): Value[] {
    this.position += 1;
    const values: Value[] = [];
    for (;;) {
      this.skipSpace();
      if (this.#peek() === 0x5d) {
        this.position += 1;
        return values;
      }
      values.push(this.value(depth + 1));
    }
  }

  dictionary(depth: number): Dictionary {
    if (this.#peek() !== 0x3c || this.#peek(1) !== 0x3c) throw new NotCheckable("damaged");
    this.position += 2;
    const entries: Dictionary = new Map();
    for (;;) {
      this.#step();
      this.skipSpace();
      if (this.#peek() === 0x3e && this.#peek(1) === 0x3e) {
        this.position += 2;
        return entries;
      }
      if (this.#peek() !== 0x2f) throw new NotCheckable("damaged");
      const key = this.#name();
      if (entries.has(key)) throw new NotCheckable("damaged"); // two readers would see two things
      entries.set(key, this.value(depth + 1));
    }
  }

  #hexadecimal(): Text {
    const start = this.position;
    const end = this.#bytes.indexOf(0x3e, start);
    if (end < 0) throw new NotCheckable("damaged");
    const digits = latin1(this.#bytes.subarray(start + 1, end)).replace(/[\0\t\n\f\r ]+/g, "");
    if (!/^[0-9a-fA-F]*$/.test(digits)) throw new NotCheckable("damaged");
    this.position = end + 1;
    const even = digits.length % 2 ? `${digits}0` : digits;
    const bytes = new Uint8Array(even.length / 2);
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = parseInt(even.slice(2 * index, 2 * index + 2), 16);
    return { bytes, start, end: this.position };
  }

  #literal(): Text {
    const start = this.position;
    const bytes: number[] = [];
    let open = 0;
    for (;;) {
      const byte = this.#peek();
      if (byte < 0) throw new NotCheckable("damaged");
      this.position += 1;
      if (byte === 0x5c) {
        const escaped = this.#escaped();
        if (escaped >= 0) bytes.push(escaped);
        continue;
      }
      if (byte === 0x28) open += 1;
      if (byte === 0x29) open -= 1;
      if (open === 0) return { bytes: Uint8Array.from(bytes.slice(1)), start, end: this.position };
      bytes.push(byte);
    }
  }

  /** The byte behind a backslash; -1 for a line's end, which is none. */
  #escaped(): number {
    const octal = /^[0-7]{1,3}/.exec(latin1(this.#bytes.subarray(this.position, this.position + 3)))?.[0];
    if (octal !== undefined) {
      this.position += octal.length;
      return parseInt(octal, 8) & 255;
    }
    const byte = this.#peek();
    this.position += byte === 13 && this.#peek(1) === 10 ? 2 : 1;
    if (byte === 10 || byte === 13) return -1;
    const meant = "nrtbf".indexOf(String.fromCharCode(byte));
    return meant < 0 ? byte : (([10, 13, 9, 8, 12] as const)[meant] ?? byte);
  }
}
