"""`make check RECEIPT=…` checks a receipt without a further step."""

import shutil

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mailroom.check.findings import ReceiptVerdict
from tests.support.programs.checkout import Checkout
from tests.support.signed.receipts_to_check import KEY, SENT, ours, sealed, stranger

MADE_BY_RUN = ("seal-ca.pem", "sealer.pem")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A project with receipts to check in it."""
    made = Checkout(tmp_path_factory.mktemp("checkout"))
    sealer = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    files = {
        "receipt.pdf": sealed(),
        'l\'accusé de "réception".pdf': sealed(),
        "forged.pdf": sealed() + b"%",
        "plan.jpg": SENT["plan.jpg"],
        "another plan.jpg": b"another",
        "ca.pem": ours().certificate.public_bytes(Encoding.PEM),
        "stranger.pem": stranger().certificate.public_bytes(Encoding.PEM),
        "sealer.pem": sealer,
    }
    for name, content in files.items():
        (made.folder / name).write_bytes(content)
    return made


@pytest.fixture
def after_run(checkout: Checkout) -> Checkout:
    """The project after `make run`."""
    for name, source in zip(MADE_BY_RUN, ("ca.pem", "sealer.pem"), strict=True):
        shutil.copy(checkout.folder / source, checkout.local / name)
    return checkout


@pytest.fixture
def before_run(checkout: Checkout) -> Checkout:
    """The project before any `make run`."""
    for name in MADE_BY_RUN:
        (checkout.local / name).unlink(missing_ok=True)
    return checkout


KNOWN = "TRUST=ca.pem SEALER=sealer.pem"
CASES = {
    "genuine": (f"RECEIPT=receipt.pdf {KNOWN}", ReceiptVerdict.GENUINE),
    "with a file": (f"RECEIPT=receipt.pdf FILES=plan.jpg {KNOWN}", ReceiptVerdict.GENUINE),
    "a file that was not sent": (f"RECEIPT=receipt.pdf FILES='plan.jpg Makefile' {KNOWN}", ReceiptVerdict.FILES_DIFFER),
    "a file whose name has a blank": (
        f"""RECEIPT=receipt.pdf FILES="plan.jpg 'another plan.jpg'" {KNOWN}""",
        ReceiptVerdict.FILES_DIFFER,
    ),
    "a receipt whose name has blanks and quotes": (
        f"""RECEIPT="l'accusé de \\"réception\\".pdf" {KNOWN}""",
        ReceiptVerdict.GENUINE,
    ),
    "another authority": ("RECEIPT=receipt.pdf TRUST=stranger.pem SEALER=sealer.pem", ReceiptVerdict.AUTHORITY_UNKNOWN),
    "an authority alone": ("RECEIPT=receipt.pdf TRUST=ca.pem", ReceiptVerdict.SEALER_NOT_CHECKED),
    "a sealer named by its subject": (
        "RECEIPT=receipt.pdf TRUST=ca.pem SEALER='CN=Un autre sceau,O=Bureau,C=MA'",
        ReceiptVerdict.SEALER_UNKNOWN,
    ),
    "something added": (f"RECEIPT=forged.pdf {KNOWN}", ReceiptVerdict.SEAL_INVALID),
    "no receipt": (f"RECEIPT=README.md {KNOWN}", ReceiptVerdict.NOT_CHECKABLE),
}


@pytest.mark.parametrize(("arguments", "verdict"), CASES.values(), ids=CASES)
def test_it_says_what_the_check_says(before_run: Checkout, arguments: str, verdict: ReceiptVerdict) -> None:
    """GNU make turns every code but 0 into 2, and names the check's own in its last line."""
    done = before_run.bash(f"make check {arguments} ARGS=--json")
    assert f'"verdict": "{verdict.name.lower()}"' in done.stdout
    assert done.returncode == (2 if verdict else 0)
    assert not verdict or done.stdout.splitlines()[-1].endswith(f"Error {verdict.value}")


def test_after_make_run_it_knows_whose_seal_to_expect(after_run: Checkout) -> None:
    done = after_run.bash("make check RECEIPT=receipt.pdf")
    assert done.stdout.splitlines()[-1] == "→ This receipt is genuine."
    assert done.returncode == 0


def test_before_make_run_it_says_that_nothing_vouches_for_the_name(before_run: Checkout) -> None:
    done = before_run.bash("make check RECEIPT=receipt.pdf ARGS=--json")
    assert '"authority_not_checked"' in done.stdout


def test_what_is_named_takes_the_place_of_what_make_run_left(after_run: Checkout) -> None:
    """A receipt of another stage is not held against the local sealer."""
    done = after_run.bash("make check RECEIPT=receipt.pdf TRUST=ca.pem ARGS=--json")
    assert '"sealer_not_checked"' in done.stdout


def test_without_a_receipt_it_says_what_is_missing(checkout: Checkout) -> None:
    done = checkout.bash("make check")
    assert "Say which: RECEIPT=receipt.pdf" in done.stdout
    assert done.returncode == 2


def test_it_is_listed_among_the_commands(checkout: Checkout) -> None:
    assert "  make check " in checkout.bash("make help").stdout
