/**
 * The few parts of PDF (ISO 32000-1) that reading a receipt takes: objects, and the tables that say where they are.
 *
 * Receipts have classic cross-reference tables and objects that stand alone; a PDF of another make is refused, not
 * misread. All work is bounded: objects are read only when asked for, nesting and steps have limits.
 */
import { inflate, InflateError } from "./inflate.ts";
import { NotCheckable } from "./refusal.ts";
import { isName, isReference, isStream, latin1, Reader } from "./values.ts";
import type { Dictionary, Value } from "./values.ts";

const MOST_STEPS = 400_000;
const MOST_SECTIONS = 32;
const FREED = -1;
const LARGEST_CONTENT = 1024 * 1024;

/** A PDF whose objects are found by its cross-reference tables. Its methods throw NotCheckable. */
export class Pdf {
  readonly bytes: Uint8Array;
  readonly #places = new Map<number, number>();
  #steps = 0;
  readonly #trailer: Dictionary;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#trailer = this.#tables();
    if (this.#trailer.has("Encrypt")) throw new NotCheckable("encrypted");
  }

  readonly #step = (): void => {
    this.#steps += 1;
    if (this.#steps > MOST_STEPS) throw new NotCheckable("damaged");
  };

  /** The document's catalogue. */
  get root(): Dictionary {
    return this.dictionary(this.#trailer.get("Root"));
  }

  /** The value itself where a reference stands for it. */
  resolve(value: Value | undefined): Value | undefined {
    let found = value;
    for (let hops = 0; isReference(found); hops += 1) {
      if (hops > 8) throw new NotCheckable("damaged");
      found = this.#object(found.number);
    }
    return found;
  }

  dictionary(value: Value | undefined): Dictionary {
    const found = this.resolve(value);
    if (!(found instanceof Map)) throw new NotCheckable("damaged");
    return found;
  }

  array(value: Value | undefined): Value[] {
    const found = this.resolve(value) ?? [];
    if (!Array.isArray(found)) throw new NotCheckable("damaged");
    return found;
  }

  /** A stream's content, unpacked. */
  content(value: Value | undefined): Uint8Array {
    const stream = this.resolve(value);
    if (!isStream(stream)) throw new NotCheckable("damaged");
    const length = this.resolve(stream.dictionary.get("Length"));
    if (typeof length !== "number" || length < 0 || stream.start + length > this.bytes.length) throw new NotCheckable("damaged");
    const packed = this.bytes.subarray(stream.start, stream.start + length);
    const filter = this.resolve(stream.dictionary.get("Filter"));
    const filters = filter === undefined || filter === null ? [] : Array.isArray(filter) ? filter : [filter];
    if (filters.length === 0) return packed;
    if (filters.length > 1 || !isName(filters[0], "FlateDecode") || stream.dictionary.has("DecodeParms")) throw new NotCheckable("damaged");
    try {
      return inflate(packed, LARGEST_CONTENT);
    } catch (error) {
      if (error instanceof InflateError) throw new NotCheckable("damaged");
      throw error;
    }
  }

  #object(number: number): Value {
    const place = this.#places.get(number);
    if (place === undefined || place === FREED) return null;
    const reader = new Reader(this.bytes, place, this.#step);
    if (reader.natural() !== number) throw new NotCheckable("damaged");
    reader.natural();
    reader.expect("obj");
    const value = reader.value();
    if (!(value instanceof Map)) return value;
    if (reader.word() !== "stream") return value;
    const [first, second] = [this.bytes[reader.position], this.bytes[reader.position + 1]];
    return { dictionary: value, start: reader.position + (first === 13 && second === 10 ? 2 : 1) };
  }

  /** Read the tables, the newest first, and return the newest trailer. */
  #tables(): Dictionary {
    const tail = latin1(this.bytes.subarray(-1024));
    const last = [...tail.matchAll(/startxref\s+(\d{1,10})/g)].pop()?.[1];
    if (last === undefined) throw new NotCheckable("damaged");
    let place: number | undefined = Number(last);
    let newest: Dictionary | undefined;
    for (let sections = 0; place !== undefined; sections += 1) {
      if (sections > MOST_SECTIONS) throw new NotCheckable("damaged");
      const trailer = this.#table(place);
      newest ??= trailer;
      const before = trailer.get("Prev");
      place = typeof before === "number" ? before : undefined;
    }
    if (newest === undefined) throw new NotCheckable("damaged");
    return newest;
  }

  #table(place: number): Dictionary {
    const reader = new Reader(this.bytes, place, this.#step);
    reader.expect("xref");
    for (;;) {
      reader.skipSpace();
      const behind = reader.position;
      if (reader.word() === "trailer") break;
      reader.position = behind;
      const first = reader.natural();
      const count = reader.natural();
      for (let index = 0; index < count; index += 1) {
        const offset = reader.natural();
        reader.natural();
        const number = first + index;
        const used = reader.word() === "n";
        if (!this.#places.has(number)) this.#places.set(number, used ? offset : FREED);
      }
    }
    reader.skipSpace();
    const trailer = reader.dictionary(0);
    if (trailer.has("XRefStm")) throw new NotCheckable("damaged");
    return trailer;
  }
}
