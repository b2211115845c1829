/** What a certificate (X.509) says: whose it is, for how long, and what it may be used for. */
import type { Certificate, RelativeDistinguishedNames } from "pkijs";
import { sha256 } from "./digest.ts";

const OID = {
  keyUsage: "2.5.29.15",
  basicConstraints: "2.5.29.19",
  extendedKeyUsage: "2.5.29.37",
  timeStamping: "1.3.6.1.5.5.7.3.8",
} as const;

/** Extended purposes that allow sealing documents, as in `mailroom.check.fitness`. */
const FOR_DOCUMENTS = new Set([
  "1.3.6.1.5.5.7.3.36", // documents (RFC 9336)
  "1.3.6.1.4.1.311.10.3.12", // documents, as authorities wrote before RFC 9336
  "1.2.840.113583.1.1.5", // PDF, likewise
  "1.3.6.1.5.5.7.3.4", // e-mail, as older certificates have
  "2.5.29.37.0", // any
]);

const CONTENT_COMMITMENT = 0x40;
const NAMES: Record<string, string | undefined> = { "2.5.4.3": "CN", "2.5.4.10": "O", "2.5.4.6": "C" };

/** The certificate that a signature was made with; its names are true as far as its authority is. */
export interface FoundCertificate {
  /** Common name, organisation, country: what a person reads. */
  name: string;
  issuer: string;
  notBefore: Date;
  notAfter: Date;
  sha256: string;
  /** Of its public key (SubjectPublicKeyInfo), which a renewed certificate keeps. */
  keySha256: string;
  forSeals: boolean;
  forTimeStamps: boolean;
}

/** Values of ASN.1, as far as they are looked into here. */
export interface Asn1 {
  idBlock: { tagNumber: number };
  valueBlock: { value?: Asn1[]; valueHexView?: Uint8Array; toString: () => string };
  toDate?: () => Date;
}

export const encoded = (certificate: Certificate): Uint8Array => new Uint8Array(certificate.toSchema(false).toBER(false));

export async function found(certificate: Certificate): Promise<FoundCertificate> {
  const purposes = extendedPurposes(certificate);
  return {
    name: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    notBefore: certificate.notBefore.value,
    notAfter: certificate.notAfter.value,
    sha256: await sha256(encoded(certificate)),
    keySha256: await sha256(new Uint8Array(certificate.subjectPublicKeyInfo.toSchema().toBER(false))),
    forSeals: commitsToContent(certificate) && !isAuthority(certificate) && (purposes === null || purposes.some((each) => FOR_DOCUMENTS.has(each))),
    forTimeStamps: purposes?.includes(OID.timeStamping) ?? false,
  };
}

const extension = (certificate: Certificate, oid: string): unknown => certificate.extensions?.find((each) => each.extnID === oid)?.parsedValue;

function extendedPurposes(certificate: Certificate): string[] | null {
  return (extension(certificate, OID.extendedKeyUsage) as { keyPurposes: string[] } | undefined)?.keyPurposes ?? null;
}

function commitsToContent(certificate: Certificate): boolean {
  const usage = extension(certificate, OID.keyUsage) as Asn1 | undefined;
  return ((usage?.valueBlock.valueHexView?.[0] ?? 0) & CONTENT_COMMITMENT) !== 0;
}

const isAuthority = (certificate: Certificate): boolean => (extension(certificate, OID.basicConstraints) as { cA?: boolean } | undefined)?.cA === true;

export function nameOf(name: RelativeDistinguishedNames): string {
  const parts = name.typesAndValues.map((each) => [NAMES[each.type], each.value.valueBlock.value] as const);
  const order = ["CN", "O", "C"];
  const shown = order.flatMap((label) => parts.filter(([type]) => type === label).map(([, value]) => value));
  return (shown.length ? shown : parts.map(([, value]) => value)).join(", ");
}
