"""The beginning of XML and of web pages, distinguished as their readers do.

XML's names are case-sensitive, of any script, and live in namespaces (XML 1.0, Namespaces in XML 1.0); `expat` reads
them up to the first element and expands nothing. A page is recognised by the signs that browsers look for (WHATWG,
MIME Sniffing, section 7.1), unless XML's own rules say that it is another vocabulary.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from xml.parsers import expat

PAGE_NAMESPACES = frozenset({"http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"})
_PAGE_DOCTYPES = frozenset({"html", "svg"})
_PAGE_ROOTS_IN_ANY_CASE = frozenset({"html", "script", "iframe"})
_PAGE_ROOTS = frozenset({"head", "body", "svg", "img"})
"""In lower case and without a namespace; a browser draws them where a program says "HTML", and ``<Body>`` is XML."""

_PAGE_START = re.compile(
    r"<(?:!doctype[ \t\r\n\f]{1,64}(?:html|svg)|html|head|body|script|iframe|svg|img)(?=[\s/>])", re.IGNORECASE
)
_LINK_START = re.compile(r"<a\s[^<>]{0,2000}(?:href|\bon[a-z]{3,20})\s{0,8}=", re.IGNORECASE)

_NOT_SPACE = re.compile(r"\S")
_COMMENT_END = re.compile(r"--!?>")

_SEPARATOR = " "
"""Separates a namespace from a name in the names of expat; neither holds a blank."""


@dataclass(frozen=True)
class Root:
    """The first element of an XML document, with its doctype's name if it has one."""

    doctype: str | None
    namespace: str | None
    name: str
    attributes: frozenset[str]


class _Found(Exception):  # noqa: N818 - ends the parser early, and is no error
    """The first element was read."""


def root_of(text: str) -> Root | None:
    """The root of the XML document that begins with `text`; None where it is no XML up to there.

    A declared encoding is not looked at: `text` is decoded. White space before the declaration is overlooked.
    """
    doctype: list[str] = []
    roots: list[Root] = []

    def start(qualified: str, attributes: dict[str, str]) -> None:
        namespace, _, name = qualified.rpartition(_SEPARATOR)
        names = frozenset(attribute.rpartition(_SEPARATOR)[2] for attribute in attributes)
        roots.append(Root(doctype[0] if doctype else None, namespace or None, name, names))
        raise _Found

    parser = expat.ParserCreate("utf-8", _SEPARATOR)
    parser.StartDoctypeDeclHandler = lambda name, *_: doctype.append(name)
    parser.StartElementHandler = start
    with suppress(_Found, expat.ExpatError):
        parser.Parse(text.lstrip().encode("utf-8", "replace"), False)  # noqa: FBT003 - "not the last part": positional
    return roots[0] if roots else None


def is_page(text: str) -> bool:
    """Whether a browser takes what begins with `text` for a page or a drawing that may run scripts."""
    root = root_of(text)
    if root:
        return _is_page_root(root)
    at = _after_prolog(text)
    return bool(_PAGE_START.match(text, at) or _LINK_START.match(text, at))


def _is_page_root(root: Root) -> bool:
    if root.namespace:
        return root.namespace in PAGE_NAMESPACES
    return (
        (root.doctype or "").casefold() in _PAGE_DOCTYPES
        or root.name.casefold() in _PAGE_ROOTS_IN_ANY_CASE
        or root.name in _PAGE_ROOTS
        or (root.name == "a" and any(name == "href" or name.startswith("on") for name in root.attributes))
    )


def _after_prolog(text: str) -> int:
    """Position of the first character that belongs to no white space, comment or instruction."""
    at = 0
    while found := _NOT_SPACE.search(text, at):
        at = found.start()
        if text.startswith("<!--", at):
            # A page's comment ends at ``-->`` or ``--!>``, and ``<!-->`` is a whole comment.
            comment_end = _COMMENT_END.search(text, at + 2)
            end = comment_end.end() if comment_end else 0
        elif text.startswith("<?", at):
            end = text.find(">", at) + 1
        else:
            return at
        if not end:
            return at
        at = end
    return len(text)
