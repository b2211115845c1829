"""The receipt that a sender downloads is sealed by the key in KMS: two checkers that know nothing of us say so."""

import subprocess
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from infra.commands.seal_certificates import Authority
from infra.local.local_stack import LocalStack
from infra.local.samples import ORGANISM, a_pdf
from infra.local.sender_client import SenderClient
from tests.support.signed.authorities import checked


def _receipt(sender: SenderClient) -> bytes:
    started = sender.start(ORGANISM, "fr")
    sender.write(started)
    sender.attach(started, a_pdf())
    sender.identify(started)
    return sender.receipt(sender.submit(started))


def test_the_receipt_is_sealed_over_the_entire_file_by_this_stages_key(sender: SenderClient, stack: LocalStack) -> None:
    certificate = x509.load_pem_x509_certificate(stack.seal_ca_file.read_bytes())
    trusted = Authority(key=ec.generate_private_key(ec.SECP256R1()), certificate=certificate)
    status = checked(_receipt(sender), only=trusted)
    assert status.bottom_line
    key = stack.session().client("kms").get_public_key(KeyId=f"alias/{stack.outputs['SealKeyNames']}")["PublicKey"]
    assert status.signing_cert.public_key.dump() == key


def test_pdfsig_says_that_the_whole_document_is_signed(sender: SenderClient, tmp_path: Path) -> None:
    file = tmp_path / "receipt.pdf"
    file.write_bytes(_receipt(sender))
    said = subprocess.run(
        ["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False, env={"HOME": str(tmp_path)}
    ).stdout
    assert "Signature Validation: Signature is Valid." in said
    assert "Total document signed" in said
    assert "Seal" in said
