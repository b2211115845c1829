"""Compound files (MS-CFB): how Office keeps a document with a password, and how it kept all of them until 2007."""

import olefile

from mailroom.content.reading import Source

_BEGINNING = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_OF_A_PROTECTED_DOCUMENT = frozenset(
    {"encryptedpackage", "encryptioninfo", "\x06dataspaces", "\x05summaryinformation", "\x05documentsummaryinformation"}
)
"""All entries that the root of an encrypted document may have (MS-OFFCRYPTO, 2.1)."""


def is_compound_file(head: bytes) -> bool:
    """Whether a file begins as a compound file does."""
    return head.startswith(_BEGINNING)


def is_protected_document(source: Source) -> bool:
    """Whether a compound file holds an Office Open XML document with a password, and nothing else.

    The documents of Office 97 to 2003 are compound files too, and may hold macros.
    """
    try:
        with olefile.OleFileIO(source.opened()) as file:
            names = {entry[0].casefold() for entry in file.listdir(streams=True, storages=True)}
    except (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        return False
    return {"encryptedpackage", "encryptioninfo"} <= names <= _OF_A_PROTECTED_DOCUMENT
