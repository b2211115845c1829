"""Strings in the product's source that say what only the data model may say."""

import ast
import re
from collections.abc import Iterator
from typing import get_args

from mailroom.domain.mail import EventName, OutcomeName
from mailroom.domain.mail import Status as MailStatus
from mailroom.domain.organism import OrganismStatus
from mailroom.storage import object_keys
from mailroom.storage.schema import ITEMS, MAPS, Waiting

_FILLED_IN = "{}"
"""What stands in an f-string for a value."""

_FIXED = {pattern.partition("<")[0] for kind in ITEMS for pattern in (kind.pk, kind.sk)} - {""}
_BEGINNINGS = {text[: text.index("#") + 1] for text in _FIXED if "#" in text}
_WHOLE = {text for text in _FIXED if "#" not in text} | set(Waiting)
_NAMED = ({*get_args(MailStatus), *get_args(EventName)} - {*get_args(OutcomeName)}) | {*get_args(OrganismStatus)}
"""Statuses and events. An outcome's name is a caller's decision: it is of a type that admits no other."""

_PREFIXES = tuple(value for value in vars(object_keys).values() if isinstance(value, str) and value.endswith("/"))

ATTRIBUTES = {"pk", "sk"} | {name for kind in ITEMS for name in kind.attributes.split()}
_KNOWN = ATTRIBUTES | {name for parts in MAPS.values() for name in parts.split()}

_EXPRESSION = re.compile(
    r"^(SET|REMOVE|ADD|DELETE) |[ (]:[a-z_]|\b(attribute_(not_)?exists|if_not_exists|list_append|size|contains)\("
)
_NO_NAMES = re.compile(r"[:#]\w+|\w+\(|\b[A-Z]+\b")
"""What an expression holds beside names: values and names by placeholder, functions, keywords."""

_NAME = re.compile(r"[a-z_][a-z0-9_]*")


def literals_of_the_data_model(source: str) -> Iterator[str]:
    """The faults of a module: each line, and the key, the state or the unknown attribute that is written there."""
    tree = ast.parse(source)
    for line, text in _strings(tree):
        if text in _WHOLE | _NAMED or any(beginning in text for beginning in _BEGINNINGS) or text.startswith(_PREFIXES):
            yield f"line {line}: {text!r}"
        if _EXPRESSION.search(text):
            yield from (f"line {line}: attribute {name}" for name in names_in(text) if name not in _KNOWN)
    for line, name in _named_attributes(tree):
        if name not in _KNOWN and not name.startswith("hour_"):
            yield f"line {line}: attribute {name}"


def names_in(expression: str) -> list[str]:
    """The attributes that an expression of DynamoDB names itself, without a placeholder."""
    return _NAME.findall(_NO_NAMES.sub(" ", expression.replace(_FILLED_IN, " ")))


def _strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """All strings, f-strings as a whole, but docstrings and those that make a type (`Literal["draft"]`)."""
    for child in ast.iter_child_nodes(tree):
        match child:
            case ast.Expr(value=ast.Constant()) | ast.Subscript(value=ast.Name(id="Literal")):
                continue
            case ast.Constant(value=str(text)):
                yield child.lineno, text
            case ast.JoinedStr(values=parts):
                texts = (part.value if isinstance(part, ast.Constant) else _FILLED_IN for part in parts)
                yield child.lineno, "".join(map(str, texts))
                for part in parts:
                    if isinstance(part, ast.FormattedValue):
                        yield from _strings(part)
            case _:
                yield from _strings(child)


def _named_attributes(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The attributes behind placeholders (`{"#status": "status"}`), and those that reads ask for (`attributes=`)."""
    assigned = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and str(key.value).startswith("#"):
                        yield from _constants(value)
            case ast.keyword(arg="attributes", value=ast.Name(id=name)) if name in assigned:
                yield from _constants(assigned[name])
            case ast.keyword(arg="attributes", value=ast.Tuple() as named):
                yield from _constants(named)


def _constants(node: ast.expr) -> Iterator[tuple[int, str]]:
    for part in node.elts if isinstance(node, ast.Tuple) else [node]:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.lineno, part.value
