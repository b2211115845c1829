"""`python -m mailroom.check register EXPORT.jsonl --heads heads/*.jose --keys jwks.json` checks a register."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from mailroom.check.language import LANGUAGES, language_of_this_machine
from mailroom.check.register_entries import Register, RegisterFault
from mailroom.check.register_heads import Heads, dates


class RegisterVerdict(IntEnum):
    """The verdict; its number is the exit code (2 is a wrong command line)."""

    WHOLE = 0
    REWRITTEN = 1
    HEADS_WRONG = 3
    NOT_PROVEN = 4
    NOT_CHECKABLE = 8


@dataclass(frozen=True)
class RegisterFindings:
    """The findings about a register."""

    register: tuple[str, int] | None
    entries: int
    proven: int
    """The rank up to which the heads prove the register."""
    heads: int
    issuer: str | None
    dates: tuple[str, str] | None
    rewritten: list[RegisterFault]
    heads_wrong: list[RegisterFault]
    notes: list[RegisterFault]

    @property
    def verdict(self) -> RegisterVerdict:
        """The gravest finding."""
        if self.rewritten:
            return RegisterVerdict.REWRITTEN
        if self.heads_wrong:
            return RegisterVerdict.HEADS_WRONG
        return RegisterVerdict.WHOLE if self.proven else RegisterVerdict.NOT_PROVEN


def check(register: Register, heads: Heads) -> RegisterFindings:
    """Check the chain of a register, and the register against the heads."""
    against, proven = heads.held_against(register)
    notes = list(heads.notes)
    if 0 < proven < register.last:
        notes.append(RegisterFault("not_yet_proven", {"first": str(proven + 1), "last": str(register.last)}))
    return RegisterFindings(
        register=register.name,
        entries=len(register.entries),
        proven=proven,
        heads=len(heads.all),
        issuer=heads.all[0].claims.iss if heads.all else None,
        dates=dates(heads.all),
        rewritten=register.faults + against,
        heads_wrong=heads.faults,
        notes=notes,
    )


def main(arguments: Sequence[str]) -> int:
    """Check, say what was found, and return the exit code: a number of `Verdict`."""
    asked = _parser().parse_args(arguments)
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # Arabic comes out whole on any machine
    words = words_of(asked.language)
    try:
        with asked.export.open(encoding="utf-8") as lines:
            register = Register(lines)
        keys = KeySet.import_key_set(json.loads(asked.keys.read_text(encoding="utf-8")))
        heads = Heads({str(path): path.read_bytes() for path in asked.heads}, keys, asked.issuer)
    except (OSError, ValueError, TypeError, KeyError, JoseError):
        # What JSON that is no set of keys raises is JoseError, TypeError or KeyError, by how it is wrong.
        return _said(
            {"verdict": RegisterVerdict.NOT_CHECKABLE.name.lower()},
            words["not_checkable"],
            RegisterVerdict.NOT_CHECKABLE,
            asked,
        )
    found = check(register, heads)
    return _said(plain(found), in_words(found, words), found.verdict, asked)


def _said(answer: dict[str, object], text: str, verdict: RegisterVerdict, asked: argparse.Namespace) -> int:
    print(json.dumps(answer, ensure_ascii=False, indent=2) if asked.json else text)  # noqa: T201 - its purpose
    return verdict


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mailroom.check register",
        description="Check, without a network, that a register was not rewritten since heads of it were published.",
        epilog="Exit codes: "
        + ", ".join(f"{verdict.value} {verdict.name.lower()}" for verdict in RegisterVerdict)
        + ", 2 wrong command line.",
    )
    parser.add_argument("export", type=Path, help="the register: one line of JSON for each entry")
    parser.add_argument("--heads", type=Path, nargs="+", required=True, metavar="HEAD.JOSE", help="heads you kept")
    parser.add_argument("--keys", type=Path, required=True, metavar="JWKS.JSON", help="the service's public keys")
    parser.add_argument("--issuer", metavar="URL", help="the only service whose heads count")
    parser.add_argument("--json", action="store_true", help="answer as JSON, for programs")
    parser.add_argument("--language", choices=LANGUAGES, default=language_of_this_machine())
    return parser


@cache
def words_of(language: str) -> dict[str, str]:
    """The sentences of a language."""
    path = Path(__file__).parent / "register_words" / f"{language}.json"
    words: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return words


def plain(found: RegisterFindings) -> dict[str, object]:
    """The findings for programs."""
    named = dict(zip(("organism_id", "year"), found.register, strict=True)) if found.register else None

    def listed(faults: list[RegisterFault]) -> list[dict[str, str]]:
        return [{"what": fault.what, **fault.where} for fault in faults]

    return {
        "verdict": found.verdict.name.lower(),
        "register": named,
        "entries": found.entries,
        "proven": found.proven,
        "heads": found.heads,
        "issuer": found.issuer,
        "dates": found.dates,
        "rewritten": listed(found.rewritten),
        "heads_wrong": listed(found.heads_wrong),
        "notes": listed(found.notes),
    }


def in_words(found: RegisterFindings, words: dict[str, str]) -> str:
    """The findings in plain words, the verdict last."""
    organism_id, year = found.register or ("?", "?")
    first, last = found.dates or ("?", "?")
    issuer = found.issuer or "?"
    lines = [
        words["register"].format(organism_id=organism_id, year=year, entries=found.entries),
        words["heads"].format(heads=found.heads, first=first, last=last, issuer=issuer),
        *(f"✘ {_in_words(fault, words)}" for fault in (*found.rewritten, *found.heads_wrong)),
        *(f"? {_in_words(fault, words)}" for fault in found.notes),
        f"→ {words[found.verdict.name.lower()].format(proven=found.proven)}",
    ]
    return "\n".join(lines)


def _in_words(fault: RegisterFault, words: dict[str, str]) -> str:
    # A stranger may have written a name: it must neither break the line nor turn it round.
    printable = {
        name: "".join(each if each.isprintable() else "\ufffd" for each in value) for name, value in fault.where.items()
    }
    return words[fault.what].format_map(printable)
