/** The verification code as people type it, and as QR codes hold it. */

/** As on paper: capitals, Western digits, nothing around. The API reads all else that people type. */
export function typedCode(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replace(/[\p{Cf}\u034f\ufe00-\ufe0f]/gu, "")
    .replace(/[\p{Pd}\u2043\u2212\u0640]/gu, "-")
    .trim()
    .toUpperCase();
}

/** What a QR code says: a verification code; or it opens somebody's mail, and its secret goes nowhere; or neither. */
export type Scanned = { code: string } | "slip" | "other";

const CODE = /^[0-9A-Z]{4}(?:-?[0-9A-Z]{4}){3}$/;

/** Receipts bear the address `…/v1/receipts/{code}`; links to this page hold the code behind `#`. */
export function scannedCode(content: string): Scanned {
  const text = decoded(content.trim());
  if (/^[a-z]+:\/\/[^/]+\/+(?:(?:ar|fr|en)\/+)?(?:suivi|s|follow)\/*#/i.test(text)) return "slip";
  const found = /^https?:\/\/[^/]+\/(?:.*\/)?(?:v1\/receipts\/|(?:verifier|verify)\/*#)([^/?#&]+)/i.exec(text)?.[1] ?? text;
  const code = typedCode(found);
  return CODE.test(code) ? { code } : "other";
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
