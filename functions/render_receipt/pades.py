"""The seal of a receipt: a PAdES signature (ETSI EN 319 142-1) over the whole file, made with the stage's key in KMS.

KMS receives only the bytes that a signature signs, the document's digest among them, and never the document. pyHanko
writes the revision that holds the signature, and makes the CMS. All seals of one certificate share a CMS but for a
digest and a signature: making the rest once takes a seal from 25 ms to 5.
"""

import asyncio
from collections.abc import Callable, Generator, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.generic import (
    DictionaryObject,
    IndirectObject,
    NumberObject,
    PdfObject,
    pdf_name,
    pdf_string,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.sign.signers.pdf_cms import ExternalSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from render_receipt import printed_words

FIELD = "Seal"
"""The signature field's name."""

CLOCK_MAY_BE_OFF = timedelta(minutes=5)
"""A certificate is used only this long after its validity begins and before it ends: a seal made by a clock that is off
by less still falls within the validity for every verifier."""

_DIGEST = "sha256"
_INVISIBLE = PdfCMSEmbedder(
    # Printed, for PDF/A, and outside the page, for PDF/UA: the visible frame of the seal is drawn on the page.
    SigFieldSpec(FIELD, invis_sig_settings=InvisSigSettings(set_print_flag=True, box_out_of_bounds=True))
)
_NOTHING_MAY_CHANGE = SigMDPSetup(md_algorithm=_DIGEST, certify=True, docmdp_perms=MDPPerm.NO_CHANGES)
_LONGEST_SIGNATURE = 72
"""Bytes of an ECDSA signature on P-256 in DER."""
_TO_SPARE = 64
"""Bytes kept free, as lengths in DER may grow."""

type Sign = Callable[[bytes], bytes]
"""Signs a short message (ECDSA on P-256 with SHA-256, in DER); the caller never holds the key."""


class SealError(Exception):
    """The receipt cannot be sealed until an operator acts: `reason` is one word for logs."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Seal:
    """A key that signs, and the certificate that says whose it is."""

    def __init__(self, sign: Sign, chain: bytes, *, room: int = 0) -> None:
        """`chain` is PEM: the key's certificate, then those of the authorities above it; a root may be absent.

        `room` bytes are left free beside the signature for a time stamp.

        Raises:
            SealError: it holds no certificate, or one of another kind of key.

        """
        self._sign = sign
        self._room = room
        try:
            self._certificates = x509.load_pem_x509_certificates(chain)
        except ValueError:
            raise SealError("certificate_unreadable") from None
        self._certificate = self._certificates[0]
        key = self._certificate.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
            raise SealError("certificate_not_of_this_key")
        self._public_key = key
        self._unsigned = _unsigned(self._certificates)

    def seal(self, pdf: bytes, at: datetime) -> bytes:
        """The document with the seal at its end, without a time stamp. Raises SealError as `begin` does."""
        begun = self.begin(pdf, at)
        return begun.finish(begun.signature)

    def begin(self, pdf: bytes, at: datetime) -> "BegunSeal":
        """The signature of a document, which is still to be put into its place; `at` is the time that the seal states.

        Raises:
            SealError: the certificate is not valid now, or is another key's.

        """
        self.require_valid(at)
        revision = _Revision(BytesIO(pdf))
        written = _INVISIBLE.write_cms(FIELD, revision)
        revision.add_accessible_name(next(written))
        place = SignatureObject(
            timestamp=at,
            subfilter=SigSeedSubFilter.PADES,
            name="Bureau d’ordre digital",
            location="Maroc",
            reason="Accusé de réception scellé par le Bureau d’ordre digital",
            bytes_reserved=2 * (len(self._unsigned) + _TO_SPARE + self._room),
        )
        written.send(SigObjSetup(sig_placeholder=place, mdp_setup=_NOTHING_MAY_CHANGE))
        prepared, output = written.send(SigIOSetup(md_algorithm=_DIGEST, in_place=True))
        return BegunSeal(self._signed(prepared.document_digest), written, output)

    def require_valid(self, at: datetime) -> None:
        """Raise SealError unless the certificate is valid at that time, with some minutes to spare."""
        if at < self._certificate.not_valid_before_utc + CLOCK_MAY_BE_OFF:
            raise SealError("certificate_not_yet_valid")
        if at > self._certificate.not_valid_after_utc - CLOCK_MAY_BE_OFF:
            raise SealError("certificate_expired")

    def _signed(self, digest: bytes) -> bytes:
        """The signature of a document of this digest, in CMS."""
        message = cms.ContentInfo.load(self._unsigned)
        (signer,) = message["content"]["signer_infos"]
        attributes = signer["signed_attrs"]
        (place,) = (each for each in attributes if each["type"].native == "message_digest")
        place["values"] = [digest]
        to_sign = attributes.untag().dump()
        signature = self._sign(to_sign)
        try:
            self._public_key.verify(signature, to_sign, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            raise SealError("certificate_not_of_this_key") from None
        signer["signature"] = signature
        return bytes(message.dump())


class BegunSeal:
    """A document with a seal's place in it, and the signature (CMS, DER) that belongs there."""

    def __init__(self, signature: bytes, place: Generator[Any, Any, Any], document: BytesIO) -> None:
        self.signature = signature
        self._place = place
        self._document = document

    def finish(self, signature: bytes) -> bytes:
        """The document with that signature in its place: the same, or with a time stamp where the seal has room."""
        self._place.send(signature)
        return self._document.getvalue()


class _Revision(IncrementalPdfFileWriter):
    def _update_meta(self) -> None:
        """Leave the document's description as the page made it: its two forms say the same, as PDF/A asks."""

    def add_accessible_name(self, place: IndirectObject) -> None:
        """Name the signature's field, and put it at the end of the order of reading (PDF/UA-1, 7.18)."""
        field, tree = place.get_object(), self.root["/StructTreeRoot"]  # type: ignore[no-untyped-call]  # pyHanko left its types out here, too
        page = field.raw_get("/P")
        page.get_object()["/Tabs"] = pdf_name("/S")
        field["/TU"] = pdf_string(f"{printed_words.SEAL.fr} — {printed_words.SEAL.ar}")
        field["/StructParent"] = number = tree["/ParentTreeNextKey"]
        whole = tree["/K"]
        stands_at = _dictionary({"/Type": pdf_name("/OBJR"), "/Obj": place, "/Pg": page})
        form = {"/S": pdf_name("/Form"), "/P": tree.raw_get("/K"), "/Pg": page, "/K": stands_at}
        heard = self.add_object(_dictionary(form))
        whole["/K"].append(heard)
        tree["/ParentTree"]["/Nums"].extend([number, heard])
        tree["/ParentTreeNextKey"] = NumberObject(number + 1)  # type: ignore[no-untyped-call]  # pyHanko left its types out here, too
        for changed in (whole, tree):
            self.update_container(changed)


def _dictionary(values: dict[str, PdfObject]) -> DictionaryObject:
    named = {pdf_name(name): value for name, value in values.items()}
    return DictionaryObject(named)  # type: ignore[no-untyped-call]  # pyHanko left its types out here, too


def _unsigned(certificates: Sequence[x509.Certificate]) -> bytes:
    """The CMS of a seal without digest and signature. Roots are left out: a verifier must have them anyway."""
    own, *above = (asn1_x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in certificates)
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko left its types out here
    store.register_multiple(above)
    signer = ExternalSigner(
        signing_cert=own,
        cert_registry=store,
        embed_roots=False,
        signature_value=bytes(_LONGEST_SIGNATURE),
    )
    made = asyncio.run(signer.async_sign(bytes(hashes.SHA256.digest_size), _DIGEST, use_pades=True))
    return bytes(made.dump())
