"""Active content in texts: scripts by another name, formulas in tables, what XML has fetched or run."""

import codecs
import re
from contextlib import suppress
from xml.parsers import expat

from mailroom.content.finding import ActiveContent
from mailroom.content.markup import PAGE_NAMESPACES
from mailroom.content.reading import MOST_SCANNED, Source

_CHUNK = 1024 * 1024
_OVERLAP = 1024

_FORMULA = re.compile(
    r"""(?:^|[;,\t|\r\n])[\ '"\ufeff]{0,4}
    (?:[=＝][^\s=＝;,"'>]
    |@[A-Za-z]{2,20}\(
    |[+-][^;,\t\r\n]{0,80}(?:[A-Za-z]{2,20}\(|\|[^;,\r\n]{0,80}!))""",
    re.VERBOSE,
)
"""A cell that spreadsheets compute: it begins with a sign, quotes apart. ``+212 661`` and ``-5`` are numbers."""

_SCRIPT = re.compile(
    r"""\A\s{0,64}(?:\#!|@echo\b|<\?php\b|<%|<job\b|<package\b|windows\ registry\ editor|::|rem\ )
    | \b(?=[abcdefgimnoprsw])(?:wscript\.(?:shell|createobject)|createobject\s?\(|activexobject|getobject\s?\(
    | shellexecute
    | powershell(?:\.exe)?\s{1,4}[-/]|invoke-expression|invoke-webrequest|set-executionpolicy|downloadstring
    | net\.webclient|frombase64string|cmd(?:\.exe)?\s{1,4}/c|mshta(?:\.exe)?\s|rundll32|regsvr32|certutil\s{1,4}-
    | bitsadmin|document\.write\s?\(|eval\s?\(|os\.system\s?\(|subprocess\.|autoopen\s?\(|auto_open\s?\()""",
    re.IGNORECASE | re.VERBOSE,
)
"""How scripts begin, and what they call: programs that Windows brings and attackers use (lolbas-project.github.io)."""


def in_text(text: str) -> set[ActiveContent]:
    """The kinds of active content of a text, by its beginning."""
    return {"script"} if _SCRIPT.search(text) else set()


def in_table(source: Source, encoding: str) -> set[ActiveContent]:
    """The kinds of active content of a table, all of which is read."""
    if source.size > MOST_SCANNED:
        return {"formula", "unexamined"}
    chunks = source.chunks(_CHUNK, _OVERLAP)
    return {"formula"} if any(_FORMULA.search(chunk.decode(encoding, "replace")) for chunk in chunks) else set()


def in_xml(source: Source, encoding: str) -> set[ActiveContent]:
    """The kinds of active content of an XML document: what parsers fetch, and what browsers run."""
    found: set[ActiveContent] = set()

    def doctype(_name: str, system_id: str | None, public_id: str | None, _has_subset: int) -> None:
        if system_id or public_id:
            found.add("external_entity")

    def entity(
        _name: str, _is_parameter: int, _value: str | None, _base: str | None, system_id: str | None, *_: object
    ) -> None:
        if system_id:
            found.add("external_entity")

    def instruction(target: str, _data: str) -> None:
        if target == "xml-stylesheet":
            found.add("stylesheet")

    def start(qualified: str, _attributes: object) -> None:
        namespace, _, name = qualified.rpartition(" ")
        if namespace in PAGE_NAMESPACES or name.casefold() == "script":
            found.add("script")

    # The declared encoding may be wrong; with a mark or without, it is the one that was found.
    parser = expat.ParserCreate("utf-8", " ")
    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = entity
    parser.ProcessingInstructionHandler = instruction
    parser.StartElementHandler = start
    with suppress(expat.ExpatError):  # a browser stops there too
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        for at, chunk in enumerate(source.chunks(_CHUNK, 0)):
            text = decoder.decode(chunk)
            text = text if at else text.removeprefix("\ufeff").lstrip()
            parser.Parse(text.encode("utf-8", "replace"), False)  # noqa: FBT003 - "not the last part", by position
    return found if source.size <= MOST_SCANNED else found | {"unexamined"}
