/**
 * Signatures (CMS, RFC 5652) and the time stamps in them (RFC 3161), verified by pkijs and Web Crypto.
 *
 * pkijs is large: pages import this module only once a file is there to be checked.
 */
import { Certificate, ContentInfo, CryptoEngine, SignedData, TSTInfo } from "pkijs";
import type { AlgorithmIdentifier, Attribute, RelativeDistinguishedNames, SignerInfo } from "pkijs";
import { encoded, found, nameOf } from "./certificate.ts";
import type { Asn1, FoundCertificate } from "./certificate.ts";
import { digest, hexadecimal } from "./digest.ts";
import { NotCheckable } from "./refusal.ts";

const OID = {
  messageDigest: "1.2.840.113549.1.9.4",
  contentType: "1.2.840.113549.1.9.3",
  signingTime: "1.2.840.113549.1.9.5",
  signingCertificate: "1.2.840.113549.1.9.16.2.47", // version 2, RFC 5035
  signingCertificateByHash1: "1.2.840.113549.1.9.16.2.12",
  timeStamp: "1.2.840.113549.1.9.16.2.14",
  timeStampInfo: "1.2.840.113549.1.9.16.1.4",
  data: ContentInfo.DATA,
} as const;

const DIGESTS: Record<string, "SHA-256" | "SHA-384" | "SHA-512" | undefined> = {
  "2.16.840.1.101.3.4.2.1": "SHA-256",
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
};

const PSS = "1.2.840.113549.1.1.10";
const RSA = ["1.2.840.113549.1.1.1", PSS];
/** The algorithms of signatures that go with each digest. */
const SIGNATURES: Record<string, string[] | undefined> = {
  "2.16.840.1.101.3.4.2.1": ["1.2.840.10045.4.3.2", "1.2.840.113549.1.1.11", ...RSA],
  "2.16.840.1.101.3.4.2.2": ["1.2.840.10045.4.3.3", "1.2.840.113549.1.1.12", ...RSA],
  "2.16.840.1.101.3.4.2.3": ["1.2.840.10045.4.3.4", "1.2.840.113549.1.1.13", ...RSA],
};


export interface Stamp {
  /** Sound: it is of this signature, and its own signature holds. Unsupported: this browser lacks its algorithm. */
  state: "sound" | "broken" | "unsupported";
  at: Date;
  authority: string;
}

export interface Signature {
  /** Whether what it signs is what was given. */
  intact: boolean;
  /** Whether the signature itself holds. */
  sound: boolean;
  certificate: FoundCertificate;
  /** The time that the signer claims within the signature; most leave it to the PDF. */
  claimedAt: Date | null;
  stamp: Stamp | null;
}

/** Verify a detached signature of one signer. Throws NotCheckable("seal_unreadable") for what is none. */
export async function signatureOf(cms: Uint8Array, content: Uint8Array): Promise<Signature> {
  try {
    const { signed, signer, certificate } = opened(cms);
    if (signed.encapContentInfo.eContentType !== OID.data || signed.encapContentInfo.eContent) throw new NotCheckable("seal_unreadable");
    const own = await found(certificate);
    const verified = await verify(signer, certificate, content, OID.data);
    const exact = isExact(signed, signer) && !signed.crls?.length && isAllOf(cms, signed);
    return { ...verified, sound: verified.sound && exact, certificate: own, claimedAt: signingTime(signer), stamp: await stampOf(signer) };
  } catch (error) {
    if (error instanceof NotCheckable) throw error;
    throw new NotCheckable("seal_unreadable"); // what pkijs throws at what is no signature is of many kinds
  }
}

interface Opened {
  signed: SignedData;
  signer: SignerInfo;
  certificate: Certificate;
}

function opened(cms: Uint8Array): Opened {
  const info = ContentInfo.fromBER(cms as BufferSource);
  if (info.contentType !== ContentInfo.SIGNED_DATA) throw new NotCheckable("seal_unreadable");
  const signed = new SignedData({ schema: info.content as unknown });
  const [signer] = signed.signerInfos;
  if (signer === undefined || signed.signerInfos.length > 1) throw new NotCheckable("seal_unreadable");
  const certificates = (signed.certificates ?? []).filter((each) => each instanceof Certificate);
  const certificate = certificates.find((each) => isOf(signer, each));
  if (!certificate) throw new NotCheckable("seal_unreadable");
  return { signed, signer, certificate };
}

/**
 * Whether the parts that the signature does not cover are the ones that follow from what it covers, as
 * `mailroom.signatures.cms` has it: no change of a seal goes unnoticed.
 */
function isExact(signed: SignedData, signer: SignerInfo): boolean {
  const [digested, ...more] = signed.digestAlgorithms;
  const own = signer.digestAlgorithm.algorithmId;
  const unsigned = signer.unsignedAttrs?.attributes ?? [];
  const kind = signed.encapContentInfo.eContentType;
  return (
    digested?.algorithmId === own &&
    more.length === 0 &&
    [digested, signer.digestAlgorithm, signer.signatureAlgorithm].every(isPlain) &&
    (SIGNATURES[own] ?? []).includes(signer.signatureAlgorithm.algorithmId) &&
    signed.version === (kind === OID.data ? 1 : 3) && // RFC 5652, 5.1, for certificates of X.509 alone
    signer.version === 1 &&
    (isRsa(signer) || fillsItself(signer.signature.valueBlock.valueHexView)) &&
    (kind !== OID.data || unsigned.length === (signer.unsignedAttrs ? 1 : 0)) &&
    (kind !== OID.data || unsigned.every((each) => each.type === OID.timeStamp))
  );
}

const isRsa = (signer: SignerInfo): boolean => signer.signatureAlgorithm.algorithmId.startsWith("1.2.840.113549.1.1.");

/** Whether a short DER value says its own length: that of an ECDSA signature on curves up to P-384. */
const fillsItself = (der: Uint8Array): boolean => (der[1] ?? 0) === der.length - 2;

/** An algorithm's parameters may be left out, or null (RFC 5754, 2); those of PSS say how it is verified. */
const isPlain = (algorithm: AlgorithmIdentifier): boolean =>
  algorithm.algorithmId === PSS || algorithm.algorithmParams === undefined || (algorithm.algorithmParams as { idBlock: { tagNumber: number } }).idBlock.tagNumber === 5;

/** Whether the signature, encoded again, is the same: no byte in it is passed over, and no length lies. */
function isAllOf(cms: Uint8Array, signed: SignedData): boolean {
  const again = new ContentInfo({ contentType: ContentInfo.SIGNED_DATA, content: signed.toSchema(false) as unknown });
  return hexadecimal(new Uint8Array(again.toSchema().toBER(false))) === hexadecimal(cms);
}

/** Whether the signer is named by this certificate's issuer and serial number. */
function isOf(signer: SignerInfo, certificate: Certificate): boolean {
  const named = signer.sid as { issuer?: RelativeDistinguishedNames; serialNumber?: Certificate["serialNumber"] };
  if (!named.issuer || !named.serialNumber) return false;
  const der = (name: RelativeDistinguishedNames): string => hexadecimal(new Uint8Array(name.toSchema().toBER(false)));
  return der(named.issuer) === der(certificate.issuer) && named.serialNumber.isEqual(certificate.serialNumber);
}

/** Whether the signature is of that content, and holds. */
async function verify(
  signer: SignerInfo,
  certificate: Certificate,
  content: Uint8Array,
  kind: string,
): Promise<{ intact: boolean; sound: boolean }> {
  const algorithm = digestAlgorithm(signer.digestAlgorithm);
  const attributes = signer.signedAttrs;
  if (!attributes) throw new NotCheckable("seal_unreadable");
  const claimed = octets(only(attributes.attributes, OID.messageDigest));
  const intact = hexadecimal(claimed) === hexadecimal(await digest(algorithm, content));
  const rightKind = dotted(only(attributes.attributes, OID.contentType)) === kind;
  if (!rightKind || !(await namesCertificate(attributes.attributes, certificate))) return { intact, sound: false };
  const signatureHolds = await engine().verifyWithPublicKey(
    attributes.encodedValue,
    signer.signature,
    certificate.subjectPublicKeyInfo,
    signer.signatureAlgorithm,
    algorithm,
  ).catch((error: unknown) => {
    if (isUnsupported(error)) throw error;
    return false;
  });
  return { intact, sound: signatureHolds };
}

const engine = (): CryptoEngine => new CryptoEngine({ crypto: globalThis.crypto });

/** Web Crypto says so of curves and digests that it lacks; other errors mean a malformed key or signature. */
const isUnsupported = (error: unknown): boolean => error instanceof Error && (error.name === "NotSupportedError" || error.message.includes('nsupported'));

function digestAlgorithm(identifier: AlgorithmIdentifier): "SHA-256" | "SHA-384" | "SHA-512" {
  const algorithm = DIGESTS[identifier.algorithmId];
  if (!algorithm) throw new NotCheckable("seal_unreadable"); // SHA-1 and older can be forged
  return algorithm;
}

/** The one value of an attribute that is there once. */
function only(attributes: readonly Attribute[], type: string): Asn1 {
  const found = attributes.filter((each) => each.type === type);
  const value = found[0]?.values[0] as Asn1 | undefined;
  if (found.length !== 1 || found[0]?.values.length !== 1 || !value) throw new NotCheckable("seal_unreadable");
  return value;
}

/** An object identifier, as "1.2.840". */
const dotted = (value: Asn1): string => value.valueBlock.toString();

function octets(value: Asn1): Uint8Array {
  if (!value.valueBlock.valueHexView) throw new NotCheckable("seal_unreadable");
  return value.valueBlock.valueHexView;
}

const OCTET_STRING = 4;

/** Whether the signed attributes name this certificate: another one with the same key may say other things (RFC 5035). */
async function namesCertificate(attributes: readonly Attribute[], certificate: Certificate): Promise<boolean> {
  const first = (type: string): Asn1[] => only(attributes, type).valueBlock.value?.[0]?.valueBlock.value?.[0]?.valueBlock.value ?? [];
  const der = encoded(certificate);
  if (attributes.some((each) => each.type === OID.signingCertificate)) {
    const parts = first(OID.signingCertificate);
    // The algorithm stands before the digest unless it is SHA-256. The tag tells them apart: asn1js gives an octet string
    // inner values, too, wherever its bytes happen to read as such.
    const identifier = parts[0]?.idBlock.tagNumber === OCTET_STRING ? undefined : parts[0]?.valueBlock.value?.[0];
    const named = identifier ? dotted(identifier) : null;
    const algorithm = named === null ? "SHA-256" : DIGESTS[named];
    const hash = parts[named === null ? 0 : 1];
    return algorithm !== undefined && hash !== undefined && hexadecimal(octets(hash)) === hexadecimal(await digest(algorithm, der));
  }
  // Time stamps of authorities that know only RFC 2634 name their certificate by SHA-1.
  const hash = first(OID.signingCertificateByHash1)[0];
  return hash !== undefined && hexadecimal(octets(hash)) === hexadecimal(await digest("SHA-1", der));
}

function signingTime(signer: SignerInfo): Date | null {
  const attributes = signer.signedAttrs?.attributes ?? [];
  if (!attributes.some((each) => each.type === OID.signingTime)) return null;
  return only(attributes, OID.signingTime).toDate?.() ?? null;
}

async function stampOf(signer: SignerInfo): Promise<Stamp | null> {
  const attributes = signer.unsignedAttrs?.attributes ?? [];
  if (!attributes.some((each) => each.type === OID.timeStamp)) return null;
  const token = only(attributes, OID.timeStamp) as unknown as { toBER: (sizeOnly: boolean) => ArrayBuffer };
  const { signed, signer: by, certificate } = opened(new Uint8Array(token.toBER(false)));
  const content = signed.encapContentInfo.eContent;
  if (signed.encapContentInfo.eContentType !== OID.timeStampInfo || !content) throw new NotCheckable("seal_unreadable");
  const information = new Uint8Array(content.getValue());
  const stamp = TSTInfo.fromBER(information);
  const about = { at: stamp.genTime, authority: nameOf(certificate.subject) };
  const imprint = stamp.messageImprint;
  const algorithm = DIGESTS[imprint.hashAlgorithm.algorithmId];
  try {
    const { intact, sound } = await verify(by, certificate, information, OID.timeStampInfo);
    if (!intact || !sound || !isExact(signed, by) || !(await found(certificate)).forTimeStamps) return { ...about, state: "broken" };
    if (!algorithm) return { ...about, state: "unsupported" };
    const stamped = await digest(algorithm, signer.signature.valueBlock.valueHexView);
    const isOfThis = hexadecimal(imprint.hashedMessage.valueBlock.valueHexView) === hexadecimal(stamped);
    return { ...about, state: isOfThis ? "sound" : "broken" };
  } catch (error) {
    if (isUnsupported(error)) return { ...about, state: "unsupported" };
    throw error;
  }
}
