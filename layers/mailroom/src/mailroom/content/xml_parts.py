"""Reading the small XML parts that say what a document is."""

from collections.abc import Callable
from xml.parsers import expat

from mailroom.content.archives import Refused

_SEPARATOR = " "


def elements(content: bytes, take: Callable[[str, dict[str, str]], None]) -> None:
    """Hand the local name and the attributes of each element of a part to `take`, in order.

    Attributes are named by their local names too. Raises `Refused` for a part that is no XML or declares entities:
    the standards of both families forbid a document type in them.
    """

    def start(qualified: str, attributes: dict[str, str]) -> None:
        take(_local(qualified), {_local(name): value for name, value in attributes.items()})

    def entity(*_: object) -> None:
        raise Refused

    parser = expat.ParserCreate(None, _SEPARATOR)
    parser.StartElementHandler = start
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(content, True)  # noqa: FBT003 - "the last part": expat takes it by position
    except expat.ExpatError as error:
        raise Refused from error


def _local(qualified: str) -> str:
    return qualified.rpartition(_SEPARATOR)[2]
