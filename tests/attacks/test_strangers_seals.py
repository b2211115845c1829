"""Receipts that are sealed well, under the very authority that certifies the service, by somebody else."""

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
import rfc8785
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from infra.commands.seal_certificates import ChainError, require_fit
from mailroom.check.findings import ReceiptVerdict
from render_receipt.pades import Seal
from tests.support.signed.receipts_to_check import KEY, NOW, RECORD, SEALER, VALUES, YEAR, Desk, ours, page

REPLACED = rfc8785.dumps(VALUES | {"number": "ANAM-2026-999999"})
OTHER_KEY = ec.generate_private_key(ec.SECP256R1())
DOCUMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
SERVICE = "CN=Sceau d'essai,O=Bureau d'Ordre Digital,C=MA"


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def certificate(
    name: str = "Sceau d'essai",
    key: ec.EllipticCurvePrivateKey = KEY,
    *,
    usage: frozenset[str] | None = frozenset({"digital_signature", "content_commitment"}),
    wider: tuple[x509.ObjectIdentifier, ...] = (),
    is_authority: bool = False,
) -> bytes:
    """A certificate of the authority that everybody trusts, and the authority's own, in PEM."""
    subject = [(NameOID.COUNTRY_NAME, "MA"), (NameOID.ORGANIZATION_NAME, "Bureau d'Ordre Digital")]
    named = [*subject, (NameOID.COMMON_NAME, name)] if name == "Sceau d'essai" else [(NameOID.COMMON_NAME, name)]
    wanted = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(*each) for each in named]))
        .issuer_name(ours().certificate.subject)
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - YEAR)
        .not_valid_after(NOW + 20 * YEAR)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )
    if usage is not None:
        wanted = wanted.add_extension(usages(usage), critical=True)
    if wider:
        wanted = wanted.add_extension(x509.ExtendedKeyUsage(wider), critical=False)
    own = wanted.sign(ours().key, hashes.SHA256())
    return own.public_bytes(Encoding.PEM) + ours().certificate.public_bytes(Encoding.PEM)


def usages(named: frozenset[str]) -> x509.KeyUsage:
    known = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    more = ("key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{name: name in named for name in (*known, *more)})


def sealed(chain: bytes, key: ec.EllipticCurvePrivateKey = KEY, record: bytes = RECORD) -> bytes:
    return Seal(lambda message: key.sign(message, ec.ECDSA(hashes.SHA256())), chain).seal(page(record), NOW)


@cache
def mallorys() -> bytes:
    """A receipt with another record, sealed by a citizen whom the same authority certified for signing."""
    return sealed(certificate("Mallory Citizen", OTHER_KEY), OTHER_KEY, REPLACED)


def judged(desk: Desk, receipt: bytes, *arguments: str) -> str:
    """The verdict, by the authority that everybody trusts."""
    kept = desk.keep("receipt.pdf", receipt)
    answer = desk.run(kept, "--trust", desk.authority, "--json", *arguments)
    verdict = str(json.loads(answer.text)["verdict"])
    assert ReceiptVerdict(answer.code).name.lower() == verdict
    return verdict


def test_a_citizens_own_seal(desk: Desk) -> None:
    """A citizen with a certificate of the same authority wants a receipt of their own making called genuine."""
    assert judged(desk, mallorys()) == "sealer_not_checked"
    assert judged(desk, mallorys(), "--sealer", SEALER) == "sealer_unknown"
    assert judged(desk, mallorys(), "--sealer", SERVICE) == "sealer_unknown"


@pytest.mark.parametrize(("language", "mark"), [("fr", "\u202f?"), ("en", "?"), ("ar", "؟")])
def test_the_holder_stands_in_the_verdict_as_a_question(desk: Desk, language: str, mark: str) -> None:
    """A forger wants a verdict in which their name does not stand."""
    kept = desk.keep("receipt.pdf", mallorys())
    told = desk.run(kept, "--trust", desk.authority, "--language", language).text.splitlines()[-1]
    assert "Mallory Citizen" in told
    assert mark in told


UNFIT = {
    "a web server's": certificate(
        usage=frozenset({"digital_signature", "key_encipherment"}), wider=(ExtendedKeyUsageOID.SERVER_AUTH,)
    ),
    "a web server's that claims non-repudiation": certificate(wider=(ExtendedKeyUsageOID.SERVER_AUTH,)),
    "for signing in": certificate(wider=(ExtendedKeyUsageOID.CLIENT_AUTH,)),
    "for code": certificate(wider=(ExtendedKeyUsageOID.CODE_SIGNING,)),
    "for time stamps": certificate(wider=(ExtendedKeyUsageOID.TIME_STAMPING,)),
    "for lists of revocations": certificate(usage=frozenset({"crl_sign"})),
    "for signing in, by its key usage": certificate(usage=frozenset({"digital_signature"}), wider=(DOCUMENTS,)),
    "an authority's": certificate(usage=frozenset({"content_commitment", "key_cert_sign"}), is_authority=True),
    "without a purpose": certificate(usage=None),
}


@pytest.mark.parametrize("chain", UNFIT.values(), ids=UNFIT)
def test_a_certificate_for_something_else(desk: Desk, chain: bytes) -> None:
    """Whoever got hold of the service's web server wants to seal with its certificate, even in the service's name."""
    assert judged(desk, sealed(chain), "--sealer", SEALER) == "not_for_seals"


@pytest.mark.parametrize(
    "wider", [(), (DOCUMENTS,), (DOCUMENTS, ExtendedKeyUsageOID.CLIENT_AUTH), (ExtendedKeyUsageOID.EMAIL_PROTECTION,)]
)
@pytest.mark.parametrize("usage", [{"content_commitment"}, {"content_commitment", "digital_signature"}])
def test_the_services_own_seal_is_not_cried_down(
    desk: Desk, usage: set[str], wider: tuple[x509.ObjectIdentifier, ...]
) -> None:
    """A forger wants genuine receipts to look as doubtful as theirs."""
    assert judged(desk, sealed(certificate(usage=frozenset(usage), wider=wider)), "--sealer", SEALER) == "genuine"


@pytest.mark.parametrize(
    "subject",
    [
        "CN=Sceau d'essai",
        "CN=Sceau d'essai,O=Bureau d'Ordre Digital",
        "C=MA,O=Bureau d'Ordre Digital,CN=Sceau d'essai",
        "CN=Sceau d'essai ,O=Bureau d'Ordre Digital,C=MA".replace(" ,", "\\ ,"),
        "CN=SCEAU D'ESSAI,O=Bureau d'Ordre Digital,C=MA",
        "CN=Sceau d'essai,O=Bureau d'Ordre Digital,C=MA,DC=example",
    ],
)
def test_a_subject_is_the_whole_subject(desk: Desk, subject: str) -> None:
    """A forger wants a name that is part of the service's, or like it, to pass for it."""
    assert judged(desk, sealed(certificate()), "--sealer", subject) == "sealer_unknown"


def test_each_way_to_name_the_sealer(desk: Desk) -> None:
    """A forger wants whoever checks to give up on naming the sealer: each way that people have at hand works."""
    chain = certificate()
    own, authority = x509.load_pem_x509_certificates(chain)
    spaced = ":".join(SEALER[index : index + 2] for index in range(0, 64, 2)).upper()
    files = {
        "chain.pem": chain,
        "own.pem": own.public_bytes(Encoding.PEM),
        "own.der": own.public_bytes(Encoding.DER),
        "key.pem": KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    }
    ways = [SERVICE, SEALER, spaced, own.fingerprint(hashes.SHA256()).hex()]
    ways += [desk.keep(name, content) for name, content in files.items()]
    receipt = sealed(chain)
    assert {way: judged(desk, receipt, "--sealer", way) for way in ways} == dict.fromkeys(ways, "genuine")
    assert judged(desk, receipt, "--sealer", "CN=somebody", "--sealer", SEALER) == "genuine"
    with pytest.raises(SystemExit):
        judged(desk, receipt, "--sealer", desk.keep("ca.pem", authority.public_bytes(Encoding.PEM)))


def test_a_certificate_in_der_may_end_with_any_byte(desk: Desk) -> None:
    """A forger wants one sealer in forty refused: a signature may end with a byte that is white space in a text."""
    signed = (x509.load_pem_x509_certificates(certificate())[0].public_bytes(Encoding.DER) for _ in range(5000))
    ends_like_text = next(der for der in signed if der != der.strip())
    assert judged(desk, sealed(certificate()), "--sealer", desk.keep("own.der", ends_like_text)) == "genuine"


def test_a_renewed_certificate_of_the_same_key_is_the_same_sealer(desk: Desk) -> None:
    """A forger wants last year's receipts doubted because the certificate was renewed since."""
    renewed = ours().certify(KEY.public_key(), "Sceau renouvelé", begins=NOW, lasts=timedelta(days=1))
    assert judged(desk, sealed(certificate()), "--sealer", desk.keep("new.pem", renewed)) == "genuine"


@pytest.mark.parametrize("nobody", ["", " ", "mallory", "ab" * 31, "no-such-file.pem", "CN=", "=x"])
def test_naming_nobody_is_no_way_round(desk: Desk, nobody: str) -> None:
    """A forger hands over a command whose sealer is empty or broken, and wants the question left out."""
    with pytest.raises(SystemExit) as refused:
        judged(desk, mallorys(), "--sealer", nobody)
    assert refused.value.code == 2


@pytest.mark.parametrize("chain", UNFIT.values(), ids=UNFIT)
def test_such_a_certificate_is_not_installed_either(chain: bytes) -> None:
    """An authority's clerk wants the service itself to seal what nobody will call genuine."""
    with pytest.raises(ChainError, match=r"not for seals|may be used for"):
        require_fit(chain, KEY.public_key(), datetime.now(UTC))
