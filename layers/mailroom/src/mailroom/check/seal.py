"""The seal of a receipt, judged without a network: what it covers, whose it is, and when it was made."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

from asn1crypto import cms, x509
from cryptography.x509 import Certificate, load_der_x509_certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.general import CMSExtractionError, CMSStructuralError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel, TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from mailroom.check.findings import (
    AuthorityFound,
    FoundSealer,
    Identity,
    Integrity,
    NotCheckableError,
    Proof,
    SealFindings,
    Time,
    Validity,
)
from mailroom.check.fitness import is_fit, key_digest
from mailroom.check.sealers import Sealers
from mailroom.signatures.cms import encoded, is_exact, unsigned_in

FIELD = "Seal"
"""The signature field that `render_receipt` seals."""

_USAGE = KeyUsageConstraints(key_usage=set())
"""Any (None would mean pyHanko's own): what a certificate is for is a finding of its own (`mailroom.check.fitness`)."""
_FORBIDDEN_ALGORITHM = {
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE,
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
}


def seal_of(
    reader: PdfFileReader, content: bytes, authorities: Sequence[x509.Certificate], expected: Sealers
) -> SealFindings:
    """Judge the seal of the PDF that `reader` reads from `content`.

    A certificate is judged at the time of the seal, since receipts outlive certificates: at the time stamp's
    time where there is a sound one, at the time that the sealer claims otherwise.

    Raises NotCheckableError where there is no seal of a receipt, or none that can be read.
    """
    signature = _signature(reader)
    try:
        claimed, status = _validated(signature, authorities)
    except (SignatureValidationError, CMSExtractionError, CMSStructuralError) as error:
        raise NotCheckableError("seal_unreadable") from error
    stamp = status.timestamp_validity
    time = _time(claimed, stamp, authorities)
    signer = status.signing_cert
    certificate = load_der_x509_certificate(encoded(signer))
    integrity = _integrity(status, signature, content)
    return SealFindings(
        integrity=integrity,
        sealer=FoundSealer(
            name=signer.subject.human_friendly,
            subject=certificate.subject.rfc4514_string(),
            issuer=signer.issuer.human_friendly,
            not_before=signer.not_valid_before,
            not_after=signer.not_valid_after,
            sha256=signer.sha256.hex(),
            key_sha256=key_digest(certificate),
        ),
        authority=_authority(status, authorities),
        identity=_identity(certificate, expected),
        purpose="seals" if is_fit(certificate) else "other",
        certificate=_validity(signer, time.at),
        time=time,
        notes=unsigned_in(_message(signature)) if integrity == "intact" else (),
    )


def _signature(reader: PdfFileReader) -> EmbeddedPdfSignature:
    signatures: list[EmbeddedPdfSignature] = reader.embedded_signatures
    if not signatures:
        raise NotCheckableError("no_seal")
    seal = next((each for each in signatures if each.field_name == FIELD), None)
    if seal is None:
        raise NotCheckableError("foreign_signature")
    return seal


def _validated(
    signature: EmbeddedPdfSignature, authorities: Sequence[x509.Certificate]
) -> tuple[datetime, PdfSignatureStatus]:
    """The time that the sealer claims, and how everything stood at the time of the seal."""
    claimed = signature.self_reported_timestamp
    if claimed is None:
        raise NotCheckableError("seal_unreadable")
    first = _at(signature, authorities, sealed=claimed, stamped=claimed)
    stamp = first.timestamp_validity
    if stamp is None:
        return claimed, first
    return claimed, _at(signature, authorities, sealed=stamp.timestamp, stamped=stamp.timestamp)


def _at(
    signature: EmbeddedPdfSignature, authorities: Sequence[x509.Certificate], *, sealed: datetime, stamped: datetime
) -> PdfSignatureStatus:
    # Whether an authority stands behind a certificate is one question and its dates are another (`_validity`):
    # asked for at a moment within the dates, the first is answered alone.
    certificate = signature.signer_cert
    within = min(max(sealed, certificate.not_valid_before), certificate.not_valid_after)
    context = partial(
        ValidationContext, trust_roots=list(authorities), allow_fetching=False, revocation_mode="soft-fail"
    )
    return asyncio.run(
        async_validate_pdf_signature(
            signature,
            signer_validation_context=context(moment=within),
            ts_validation_context=context(moment=stamped),
            key_usage_settings=_USAGE,
            skip_diff=True,
        )
    )


def _integrity(status: PdfSignatureStatus, signature: EmbeddedPdfSignature, content: bytes) -> Integrity:
    if not status.valid or status.trust_problem_indic in _FORBIDDEN_ALGORITHM:
        return "broken"
    if not status.intact:
        return "changed"
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        return "added_to"
    stamp = status.timestamp_validity
    if stamp is not None and not (stamp.intact and stamp.valid):
        return "broken"
    # The seal cannot cover its place in the file: that place must hold the signature and not one byte more. Only a
    # sound signature is encoded again: asn1crypto can take minutes for a damaged one.
    message = _message(signature)
    written = message.ljust(len(signature.pkcs7_content), b"\0").hex().upper().encode()  # as pyHanko writes it
    _, length, rest, _ = signature.byte_range
    fills_its_place = content[length:rest] == b"".join((b"<", written, b">"))
    return "intact" if fills_its_place and is_exact(message) else "broken"


def _message(signature: EmbeddedPdfSignature) -> bytes:
    """The signature's CMS without the padding behind it."""
    return encoded(cms.ContentInfo.load(signature.pkcs7_content))


def _authority(
    status: PdfSignatureStatus | TimestampSignatureStatus, authorities: Sequence[x509.Certificate]
) -> AuthorityFound:
    if not authorities:
        return "not_checked"
    return "trusted" if status.trusted else "unknown"


def _time(claimed: datetime, stamp: TimestampSignatureStatus | None, authorities: Sequence[x509.Certificate]) -> Time:
    if stamp is None or not (stamp.intact and stamp.valid):
        return Time(at=claimed.astimezone(UTC), proof="claimed", authority=None)
    proofs: dict[AuthorityFound, Proof] = {
        "trusted": "proven",
        "not_checked": "not_checked",
        "unknown": "unknown_authority",
    }
    proof = proofs[_authority(stamp, authorities)]
    at = stamp.timestamp if proof == "proven" else claimed
    return Time(at=at.astimezone(UTC), proof=proof, authority=stamp.signing_cert.subject.human_friendly)


def _validity(certificate: x509.Certificate, at: datetime) -> Validity:
    if at < certificate.not_valid_before:
        return "not_yet_valid"
    return "expired" if at > certificate.not_valid_after else "valid"


def _identity(certificate: Certificate, expected: Sealers) -> Identity:
    if not expected:
        return "not_checked"
    return "expected" if expected.include(certificate) else "unexpected"
