/** The seal of a receipt: where it stands in the PDF, what it covers, whose it is, and when it was made. */
import type { Pdf } from "./pdf.ts";
import { isName, isText, latin1 } from "./values.ts";
import type { Dictionary } from "./values.ts";
import type { FoundCertificate } from "./certificate.ts";
import type { Signature, Stamp } from "./cms.ts";
import { NotCheckable } from "./refusal.ts";
import type { Reason } from "./refusal.ts";

/** The signature field that the service seals. */
const FIELD = "Seal";
const LARGEST_SIGNATURE = 128 * 1024;

/**
 * Intact covers the whole file; changed: its bytes are others; added_to: what was sealed is as it was, but the file
 * holds more; broken: the signature itself or what stands around it is wrong.
 */
export type Integrity = "intact" | "changed" | "added_to" | "broken";

/** Of the certificate, at the time of the seal. */
export type Validity = "valid" | "expired" | "not_yet_valid";

export interface Seal {
  integrity: Integrity;
  certificate: FoundCertificate;
  validity: Validity;
  /** The time that the sealer claims; null where none is stated. */
  claimedAt: Date | null;
  stamp: Stamp | null;
}

/** Verifies a CMS of a content: `cms.ts`, which is loaded only when asked for. */
export type Verify = (cms: Uint8Array, content: Uint8Array) => Promise<Signature>;

/** Where a signature stands, and the bytes that it covers: two runs with the signature between them. */
interface Place {
  cms: Uint8Array;
  covered: Uint8Array;
  /** Whether nothing but the signature's own place is left out, from the first byte of the file to the last. */
  coversAll: boolean;
  /** Whether that place holds the signature and nothing else. */
  fillsItsPlace: boolean;
  claimedAt: Date | null;
}

/** Judge the seal. `pdf` is null where the file's tables cannot be read. */
export async function sealOf(bytes: Uint8Array, pdf: Pdf | null, verify: Verify): Promise<Seal> {
  const place = placeOf(bytes, pdf);
  const signature = await verify(place.cms, place.covered);
  const stamp = signature.stamp;
  const claimedAt = place.claimedAt ?? signature.claimedAt;
  const at = stamp?.state === "sound" ? stamp.at : claimedAt;
  return {
    integrity: integrityOf(signature, place),
    certificate: signature.certificate,
    validity: at ? validityAt(signature.certificate, at) : "not_yet_valid",
    claimedAt,
    stamp,
  };
}

function integrityOf(signature: Signature, place: Place): Integrity {
  if (!signature.sound) return "broken";
  if (!signature.intact) return "changed";
  if (!place.coversAll) return "added_to";
  return place.fillsItsPlace && signature.stamp?.state !== "broken" ? "intact" : "broken";
}

function validityAt(certificate: FoundCertificate, at: Date): Validity {
  if (at < certificate.notBefore) return "not_yet_valid";
  return at > certificate.notAfter ? "expired" : "valid";
}

function placeOf(bytes: Uint8Array, pdf: Pdf | null): Place {
  // A whole PDF of another make never had a seal; one without an end was cut off, and its seal with it.
  let reason: Reason = latin1(bytes.subarray(-1024)).includes("%%EOF") ? "no_seal" : "damaged";
  try {
    if (pdf) return placeIn(pdf);
  } catch (error) {
    if (!(error instanceof NotCheckable) || error.reason === "foreign_signature") throw error;
    reason = error.reason;
  }
  const place = placeByText(bytes);
  if (!place) throw new NotCheckable(reason);
  return place;
}

function placeIn(pdf: Pdf): Place {
  const fields = pdf.array(pdf.root.has("AcroForm") ? pdf.dictionary(pdf.root.get("AcroForm")).get("Fields") : null);
  const signatures = fields.map((each) => pdf.dictionary(each)).filter((each) => isName(pdf.resolve(each.get("FT")), "Sig") && each.has("V"));
  if (signatures.length === 0) throw new NotCheckable("no_seal");
  const field = signatures.find((each) => {
    const title = pdf.resolve(each.get("T"));
    return isText(title) && latin1(title.bytes) === FIELD;
  });
  if (!field) throw new NotCheckable("foreign_signature");
  const value = pdf.dictionary(field.get("V"));
  const range = pdf.array(value.get("ByteRange")).map((each) => pdf.resolve(each));
  return placeAt(pdf.bytes, range, value, pdf);
}

function placeAt(bytes: Uint8Array, range: readonly unknown[], value: Dictionary, pdf: Pdf): Place {
  const contents = pdf.resolve(value.get("Contents"));
  if (!isText(contents)) throw new NotCheckable("seal_unreadable");
  const made = pdf.resolve(value.get("M"));
  const place = placed(bytes, range, isText(made) ? latin1(made.bytes) : "");
  // What a reader takes for the signature must be what the range leaves out.
  const [, length, rest] = range;
  return { ...place, fillsItsPlace: place.fillsItsPlace && contents.start === length && contents.end === rest };
}

/**
 * The last byte range in the file, where the tables no longer lead to it. It tells a file that was changed from one that
 * never had a seal; a seal found in this way is never intact.
 */
function placeByText(bytes: Uint8Array): Place | null {
  const found = [...latin1(bytes).matchAll(/\/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]/g)].pop();
  return found ? { ...placed(bytes, found.slice(1).map(Number), ""), fillsItsPlace: false } : null;
}

function placed(bytes: Uint8Array, range: readonly unknown[], made: string): Place {
  const [start, length, rest, last] = range;
  if (range.length !== 4 || start !== 0 || typeof length !== "number" || typeof rest !== "number" || typeof last !== "number") {
    throw new NotCheckable("seal_unreadable");
  }
  const end = rest + last;
  // A file that ends before its seal does was cut off.
  if (length >= rest || end > bytes.length || rest - length > 2 * LARGEST_SIGNATURE) throw new NotCheckable("seal_unreadable");
  const covered = new Uint8Array(length + last);
  covered.set(bytes.subarray(0, length));
  covered.set(bytes.subarray(rest, end), length);
  const hole = latin1(bytes.subarray(length, rest));
  const digits = hole.slice(1, -1);
  if (!/^<[0-9a-fA-F]*>$/.test(hole) || digits.length % 2) throw new NotCheckable("seal_unreadable");
  const filled = Uint8Array.from({ length: digits.length / 2 }, (_, index) => parseInt(digits.slice(2 * index, 2 * index + 2), 16));
  const size = sizeOfDer(filled);
  return {
    cms: filled.subarray(0, size),
    covered,
    coversAll: end === bytes.length,
    fillsItsPlace: filled.subarray(size).every((byte) => byte === 0) && digits === digits.toUpperCase(),
    claimedAt: instantOf(made),
  };
}

/** Bytes of the DER value at the beginning. */
function sizeOfDer(bytes: Uint8Array): number {
  const first = bytes[1] ?? 0;
  if (bytes[0] !== 0x30 || first === 0x80 || first > 0x83) throw new NotCheckable("seal_unreadable");
  if (first < 0x80) return 2 + first;
  let length = 0;
  for (let index = 0; index < first - 0x80; index += 1) length = length * 256 + (bytes[2 + index] ?? 0);
  const size = 2 + (first - 0x80) + length;
  if (size > bytes.length) throw new NotCheckable("seal_unreadable");
  return size;
}

/** PDF's dates (ISO 32000-1, 7.9.4), as the service writes them: to the second, in UTC or with an offset. */
function instantOf(text: string): Date | null {
  const parts = /^D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:Z|([+-]\d\d)'(\d\d)'?)?/.exec(text);
  if (!parts) return null;
  const [, year, month, day, hour, minute, second, ahead, minutes] = parts;
  const instant = new Date(`${year ?? ""}-${month ?? ""}-${day ?? ""}T${hour ?? ""}:${minute ?? ""}:${second ?? ""}${ahead ? `${ahead}:${minutes ?? "00"}` : "Z"}`);
  return Number.isNaN(instant.getTime()) ? null : instant;
}
