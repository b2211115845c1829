"""`python -m mailroom.check receipt.pdf [files…]`: its arguments and its answer."""

import argparse
import dataclasses
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from asn1crypto import x509
from pyhanko.keys import load_certs_from_pemder

from mailroom.check import findings_in_words
from mailroom.check.findings import NotCheckableError, ReceiptFindings, ReceiptVerdict
from mailroom.check.language import LANGUAGES, language_of_this_machine
from mailroom.check.receipt import check
from mailroom.check.sealers import SealerError, keys_in, named
from mailroom.domain import clock


def main(arguments: Sequence[str]) -> int:
    """Check, say what was found, and return the exit code: a number of `Verdict`."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    try:
        expected = named(asked.sealer, asked.keys)
    except SealerError as error:
        parser.error(f"argument --sealer: {error}")
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # what it would log, the findings say
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    # Arabic has to come out whole also where the machine's own encoding has none of it.
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    words = findings_in_words.words_of(asked.language)
    try:
        findings = check(asked.receipt, asked.files, asked.trust, expected)
    except NotCheckableError as error:
        verdict = ReceiptVerdict.NOT_CHECKABLE
        answer: dict[str, object] = {
            "verdict": verdict.name.lower(),
            "receipt": str(asked.receipt),
            "reason": error.reason,
        }
        text = findings_in_words.not_checkable(error.reason, words)
    else:
        verdict = findings.verdict
        answer = _plain(findings, everything=asked.all)
        text = findings_in_words.findings(findings, words, everything=asked.all)
    print(json.dumps(answer, ensure_ascii=False, indent=2, default=clock.iso) if asked.json else text)  # noqa: T201 - its purpose
    return verdict


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mailroom.check",
        description="Check a receipt, without a network: its seal, the record inside it, and the files sent with it.",
        epilog="Exit codes: "
        + ", ".join(f"{verdict.value} {verdict.name.lower()}" for verdict in ReceiptVerdict)
        + ", 2 wrong command line. `python -m mailroom.check register …` checks a register.",
    )
    parser.add_argument("receipt", type=Path, help="the PDF")
    parser.add_argument("files", type=Path, nargs="*", help="files that are said to have been sent with it")
    parser.add_argument(
        "--trust",
        type=_authorities,
        action="extend",
        default=[],
        metavar="CA.PEM",
        help="certificates of the authorities that you trust to name the sealer and the time; may be given again",
    )
    parser.add_argument(
        "--sealer",
        action="append",
        default=[],
        metavar="SEALER",
        help="who is expected to seal: the certificate or public key (a file), its SHA-256, the certificate's exact "
        "subject (CN=…,O=…,C=MA), or what the service publishes of its seal (with --keys); may be given again",
    )
    parser.add_argument(
        "--keys", type=keys_in, metavar="JWKS.JSON", help="the service's public keys, for a published --sealer"
    )
    parser.add_argument("--json", action="store_true", help="answer as JSON, for programs")
    parser.add_argument("--language", choices=LANGUAGES, default=language_of_this_machine())
    parser.add_argument("--all", action="store_true", help="also the sender, the subject and the names of all files")
    return parser


def _authorities(path: str) -> list[x509.Certificate]:
    try:
        return list(load_certs_from_pemder([path]))  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"no certificate can be read from {path}") from error


_PERSONAL = ("sender", "subject", "reference", "attachments")


def _plain(findings: ReceiptFindings, *, everything: bool) -> dict[str, object]:
    answer = {"verdict": findings.verdict.name.lower()} | dataclasses.asdict(findings)
    said = answer["record"]["said"]
    if said and not everything:
        count = len(said["attachments"])
        said = {name: value for name, value in said.items() if name not in _PERSONAL} | {"attachment_count": count}
        answer["record"]["said"] = said
    return answer
