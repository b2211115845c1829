"""The API's reference on the page for developers: the HTTP contract, put in order for reading.

The texts are the contract's own, in English. What the contract repeats, such as a problem, stands once on the page.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup

from infra.paths import CONTRACT
from infra.site.types_in_words import type_in_words

GROUPS = ("choose", "write", "identify", "submit", "follow", "check", "desk", "operate")
"""Who uses an operation, and for what: `developers.group_<group>` is its heading."""

_GROUP_OF_PATH = {
    "/v1/organisms": "choose",
    r"/v1/mails\Z": "choose",
    "/v1/mails/{mail_id}/letter": "write",
    "/v1/mails/{mail_id}/attachments": "write",
    "/v1/mails/{mail_id}/sender": "identify",
    "/v1/mails/{mail_id}/submission": "submit",
    "/v1/mails/{mail_id}/receipt": "submit",
    "/v1/follow-up": "follow",
    "/v1/mails/{mail_id}": "follow",
    "/v1/receipts": "check",
    "/v1/register-heads": "check",
    r"/\.well-known/": "check",
    "/v1/open-data": "check",
    "/v1/health": "check",
    r"/v1/openapi\.json": "check",
}
"""The group of the operations whose path begins so, unless agents or operators use them; in the order of the page."""
_GROUP_OF_SCHEME = {"agent": "desk", "operator": "operate"}
_FOR_PAGES = re.compile("/v1/session")
"""Addresses that only the service's own pages use."""

_markdown = MarkdownIt("zero").enable("backticks")


@dataclass(frozen=True, kw_only=True)
class Field:
    """A parameter of an operation, or a field of a shape."""

    name: str
    type: Markup
    required: bool
    note: Markup


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What comes back when an operation succeeds."""

    status: str
    note: Markup
    type: Markup


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A refusal, by the last part of its `type`."""

    slug: str
    status: int
    title: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class Operation:
    """A method of a path."""

    anchor: str
    method: str
    path: str
    summary: Markup
    scheme: str | None
    """The security scheme whose token it needs."""
    parameters: tuple[Field, ...]
    body: Markup | None
    """The type of the body."""
    bodies: tuple[str, ...]
    """The shapes of the body that stand here: the first operation that takes one shows it."""
    answers: tuple[Answer, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A JSON object of requests or answers."""

    name: str
    note: Markup
    fields: tuple[Field, ...]
    example: str | None


@dataclass(frozen=True, kw_only=True)
class Reference:
    """The whole contract."""

    version: str
    groups: Mapping[str, tuple[Operation, ...]]
    schemes: Mapping[str, Markup]
    shapes: Mapping[str, Shape]
    problems: tuple[Problem, ...]

    @property
    def by_anchor(self) -> Mapping[str, Operation]:
        """The operations by their place on the page."""
        return {operation.anchor: operation for group in self.groups.values() for operation in group}

    @property
    def other_shapes(self) -> tuple[Shape, ...]:
        """The shapes that no operation shows itself."""
        shown = {name for group in self.groups.values() for operation in group for name in operation.bodies}
        return tuple(shape for name, shape in self.shapes.items() if name not in shown)


@cache
def reference() -> Reference:
    """The contract in order. Raises IndexError for an operation that no group takes."""
    contract = json.loads(CONTRACT.read_text(encoding="utf-8"))
    groups: dict[str, list[Operation]] = {group: [] for group in GROUPS}
    shown: set[str] = set()
    for path, method, described in sorted(operations(contract), key=lambda each: _place(each[0])):
        bodies = tuple(name for name in _shapes_of_body(described) if name not in shown)
        shown.update(bodies)
        groups[group_of(path, described)].append(_operation(path, method, described, bodies))
    problems = {each.slug: each for group in groups.values() for operation in group for each in operation.problems}
    return Reference(
        version=contract["info"]["version"],
        groups={group: tuple(members) for group, members in groups.items()},
        schemes={name: _line(each) for name, each in contract["components"]["securitySchemes"].items()},
        shapes={name: _shape(name, schema) for name, schema in sorted(contract["components"]["schemas"].items())},
        problems=tuple(sorted(problems.values(), key=lambda each: (each.status, each.slug))),
    )


def operations(contract: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Path, method and description of what programs call: neither pages nor what pages alone call."""
    for path, methods in contract["paths"].items():
        for method, described in methods.items():
            types = {each for status in described["responses"].values() for each in status.get("content", {})}
            if "text/html" not in types and not _FOR_PAGES.match(path):
                yield path, method, described


def group_of(path: str, described: Mapping[str, Any]) -> str:
    """The group of an operation. Raises IndexError where none takes it."""
    return _GROUP_OF_SCHEME.get(_scheme(described) or "") or list(_GROUP_OF_PATH.values())[_place(path)]


def _place(path: str) -> int:
    """Where the path stands in the order of the page."""
    return next((at for at, begin in enumerate(_GROUP_OF_PATH) if re.match(begin, path)), len(_GROUP_OF_PATH))


def _scheme(described: Mapping[str, Any]) -> str | None:
    return next((name for need in described.get("security", ()) for name in need), None)


def _shapes_of_body(described: Mapping[str, Any]) -> Iterator[str]:
    for content in described.get("requestBody", {}).get("content", {}).values():
        for schema in content["schema"].get("oneOf", [content["schema"]]):
            yield schema["$ref"].rpartition("/")[2]


def _operation(path: str, method: str, described: Mapping[str, Any], bodies: tuple[str, ...]) -> Operation:
    body = described.get("requestBody")
    return Operation(
        anchor=described["operationId"].replace(".", "-"),
        method=method.upper(),
        path=path,
        summary=_line({"description": described["summary"]}),
        scheme=_scheme(described),
        parameters=tuple(
            Field(
                name=each["name"],
                type=type_in_words(each["schema"]),
                required=each.get("required", False),
                note=_line(each),
            )
            for each in described.get("parameters", ())
        ),
        body=_type_of_content(body) if body else None,
        bodies=bodies,
        answers=tuple(
            Answer(status=status, note=_line(each), type=_type_of_content(each))
            for status, each in described["responses"].items()
            if status < "400"
        ),
        problems=tuple(_problems(described)),
    )


def _type_of_content(described: Mapping[str, Any]) -> Markup:
    return next((type_in_words(each["schema"]) for each in described.get("content", {}).values()), Markup())


def _problems(described: Mapping[str, Any]) -> Iterator[Problem]:
    for status, answer in described["responses"].items():
        for content in answer.get("content", {}).values():
            for slug, example in content.get("examples", {}).items() if status >= "400" else ():
                said = example["value"]
                yield Problem(slug=slug, status=int(status), title=said["title"], detail=said["detail"])


def _shape(name: str, schema: Mapping[str, Any]) -> Shape:
    required = schema.get("required", ())
    example = next(iter(schema.get("examples", ())), None)
    return Shape(
        name=name,
        note=_line(schema),
        fields=tuple(
            Field(name=each, type=type_in_words(of), required=each in required, note=_line(of))
            for each, of in schema.get("properties", {}).items()
        ),
        example=json.dumps(example, ensure_ascii=False, indent=2) if example else None,
    )


def _line(described: Mapping[str, Any]) -> Markup:
    """The description, whose only markup is code between backticks."""
    return Markup(_markdown.renderInline(described.get("description", "")))  # noqa: S704 - escaped by the renderer
