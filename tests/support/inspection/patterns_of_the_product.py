"""Every regular expression of the product, found in its source, and texts that make a backtracking engine slow."""

import ast
import importlib
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pydantic

_ROOT = Path(__file__).parents[3]
_SOURCES = ("functions", "layers/mailroom/src", "layers/receipt/src")
_FUNCTIONS = frozenset({"match", "fullmatch", "search", "split", "sub", "subn", "findall", "finditer"})
_ANCHORED = frozenset({"match", "fullmatch"})

NOT_OF_STRANGERS = {
    (
        "describe_service.served_contract",
        "pattern",
    ): "made of the contract's own routes: one group of [^/]+ for each parameter",
    ("mailroom.content.active_pdf", "pattern"): "made while the module is loaded: found in it, and tried",
    ("describe_service.served_contract", "'\\\\{[^/]+\\\\}'"): "looks at the contract's own routes",
}
"""Patterns that are no constants, or that no stranger's text comes to; and why."""


@dataclass(frozen=True)
class Pattern:
    """A pattern of one module, and how it is used on a text."""

    module: str
    line: int
    source: str | bytes
    flags: int
    use: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.use}"

    def on_text(self) -> Callable[[Any], object]:
        """What the product does with a text."""
        if self.use == "pydantic":
            return _validation(str(self.source))
        compiled = re.compile(self.source, self.flags)
        if self.use in _ANCHORED:
            return getattr(compiled, self.use)  # type: ignore[no-any-return]
        return lambda text: sum(1 for _ in compiled.finditer(text))


def _validation(source: str) -> Callable[[Any], object]:
    adapter = pydantic.TypeAdapter(Annotated[str, pydantic.StringConstraints(pattern=source)])

    def validate(text: str) -> object:
        try:
            return adapter.validate_python(text)
        except pydantic.ValidationError:
            return None

    return validate


def modules() -> dict[str, ast.Module]:
    """The product's modules that use patterns, by their names."""
    found: dict[str, ast.Module] = {}
    for source in _SOURCES:
        for path in sorted((_ROOT / source).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            if any(_pattern_of(node) for node in ast.walk(tree)):
                name = ".".join(path.relative_to(_ROOT / source).with_suffix("").parts)
                found[name] = tree
    return found


def patterns() -> tuple[list[Pattern], set[tuple[str, str]]]:
    """All patterns, and those that are no constants of their module."""
    found: list[Pattern] = []
    unknown: set[tuple[str, str]] = set()
    trees = modules()
    for name, tree in trees.items():
        module = importlib.import_module(name)
        assigned = _names(tree)
        for node in ast.walk(tree):
            expression = _pattern_of(node)
            if expression is None or not isinstance(node, ast.Call):
                continue
            if (name, ast.unparse(expression)) in NOT_OF_STRANGERS:
                unknown.add((name, ast.unparse(expression)))
                continue
            try:
                source = _value(expression, vars(module))
            except NameError:
                unknown.add((name, ast.unparse(expression)))
                continue
            uses = _uses(node, assigned.get(node), trees)
            flags = _value(_flags_of(node), vars(module))
            found += [Pattern(name, node.lineno, source, int(flags), use) for use in sorted(uses)]
        found += _made_while_loading(name, vars(module), {pattern.source for pattern in found})
    return found, unknown


def _made_while_loading(name: str, values: dict[str, Any], known: set[str | bytes]) -> Iterator[Pattern]:
    """The patterns that a module holds and whose text stands nowhere in it, alone or in a dictionary."""
    for value in list(values.values()):
        for held in value.values() if isinstance(value, dict) else (value,):
            if isinstance(held, re.Pattern) and held.pattern not in known:
                yield Pattern(name, 0, held.pattern, held.flags, "search")


def _pattern_of(node: ast.AST) -> ast.expr | None:
    if not isinstance(node, ast.Call):
        return None
    if _is_of_re(node.func) and node.args:
        return node.args[0]
    return next((keyword.value for keyword in node.keywords if keyword.arg == "pattern"), None)


def _is_of_re(called: ast.expr) -> bool:
    return (
        isinstance(called, ast.Attribute)
        and isinstance(called.value, ast.Name)
        and called.value.id == "re"
        and called.attr in {"compile", *_FUNCTIONS}
    )


def _flags_of(node: ast.Call) -> ast.expr:
    if isinstance(node.func, ast.Attribute) and node.func.attr == "compile" and len(node.args) > 1:
        return node.args[1]
    return next((keyword.value for keyword in node.keywords if keyword.arg == "flags"), ast.Constant(0))


def _value(expression: ast.expr, names: dict[str, Any]) -> Any:  # noqa: ANN401 - a text, bytes or a number
    code = compile(ast.fix_missing_locations(ast.Expression(expression)), "<pattern>", "eval")
    return eval(code, dict(names))  # noqa: S307 - the product's own source


def _names(tree: ast.Module) -> dict[ast.AST, str]:
    return {
        node.value: node.targets[0].id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    } | _names_in_lists(tree)


def _names_in_lists(tree: ast.Module) -> dict[ast.AST, str]:
    """The patterns of a list, by the name that a loop gives to each: ``for form in _FORMS``."""
    lists = {
        node.targets[0].id: node.value.elts
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.List | ast.Tuple)
    }
    return {
        pattern: loop.target.id
        for loop in ast.walk(tree)
        if isinstance(loop, ast.For | ast.comprehension)
        and isinstance(loop.target, ast.Name)
        and isinstance(loop.iter, ast.Name)
        for pattern in lists.get(loop.iter.id, ())
    }


def _uses(node: ast.Call, name: str | None, trees: dict[str, ast.Module]) -> set[str]:
    """How a pattern is used: in the call itself, or by its name anywhere; in every way if that cannot be told."""
    if not _is_of_re(node.func):
        return {"pydantic"}
    assert isinstance(node.func, ast.Attribute)
    if node.func.attr != "compile":
        return {node.func.attr}
    used = {
        found.attr
        for tree in trees.values()
        for found in ast.walk(tree)
        if isinstance(found, ast.Attribute) and isinstance(found.value, ast.Name) and found.value.id == name
    }
    return used & _FUNCTIONS or {"fullmatch", "search"}


_ESCAPES = re.compile(r"\\[a-zA-Z]")
_WORDS = re.compile(r"[\w<!?/=.@#:-]{1,12}")
_SPECIAL = re.compile(r"[^\w\s]")
_MOST = 10


def pumps(source: str | bytes) -> Iterator[tuple[Any, Any, Any]]:
    """Beginnings, pieces to be repeated, and ends that fail: made of what the pattern itself holds."""
    text = source.decode("latin-1") if isinstance(source, bytes) else source
    plain = _ESCAPES.sub("", text)
    words = sorted(set(_WORDS.findall(plain)), key=len, reverse=True)
    letters = dict.fromkeys([*"a0A ", *_SPECIAL.findall(plain), *(word[0] for word in words), "\t", "é"])
    atoms = [*words[:6], *letters][:_MOST]
    pieces = [*atoms, *(one + other for one, other in itertools.permutations(atoms, 2)), "<!---->", "<!-- -->", "<? ?>"]
    for beginning, piece in itertools.product(["", *words[:1]], pieces):
        for end in ("\x01", "x"):
            made = (beginning, piece, end)
            yield tuple(part.encode("utf-8") for part in made) if isinstance(source, bytes) else made  # type: ignore[misc]
