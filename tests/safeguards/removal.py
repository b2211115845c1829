"""Takes a safeguard out of a process that has imported the product, so that no source file is touched.

What follows is done in a fork of a warm process, which ends with its test. So a safeguard costs the time of its test
alone, and the checkout stays as it is whatever happens.
"""

import ast
import gc
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from tests.safeguards.safeguard import DoesNotApplyError, Safeguard

type Functions = Mapping[str, Sequence[FunctionType]]
"""The functions of this process by the file that they came from."""


def functions_in_memory() -> Functions:
    """Every function, closures included: a guard that a handler holds was made when the handler was imported."""
    found: defaultdict[str, list[FunctionType]] = defaultdict(list)
    for function in gc.get_objects():
        if isinstance(function, FunctionType):
            found[function.__code__.co_filename].append(function)
    return found


def take_out(safeguard: Safeguard, functions: Functions) -> None:
    """Let this process go on without a safeguard.

    Raises:
        DoesNotApplyError: the text is not where the table says, or nothing in memory came from there.

    """
    for part in filter(None, (safeguard, safeguard.backup)):
        path = part.path
        without = (safeguard if path == safeguard.path else part).removed()
        if part.within:
            changed = _replace_functions(path, without, part.within, functions.get(str(path), ()))
        else:
            changed = _run_changed_statements(path, without)
        if not changed:
            raise DoesNotApplyError(f"{part.name}: no module that the tests import came from {part.place}")


def _replace_functions(path: Path, source: str, within: str, functions: Sequence[FunctionType]) -> int:
    """Give every function made from a place its new code, with those inside it; how many it was."""
    inside = {code.co_qualname: code for code in _codes(compile(source, str(path), "exec"))}
    changed = 0
    for function in functions:
        name = function.__code__.co_qualname
        if _is_inside(name, within) and "<lambda>" not in name:
            function.__code__ = inside[name]
            changed += 1
    return changed


def _is_inside(name: str, within: str) -> bool:
    plain = name.replace(".<locals>", "")
    return plain == within or plain.startswith(f"{within}.")


def _codes(code: CodeType) -> Iterator[CodeType]:
    for found in code.co_consts:
        if isinstance(found, CodeType):
            yield found
            yield from _codes(found)


def _run_changed_statements(path: Path, source: str) -> int:
    """Carry out a module's changed statements once more, and let every module have the values; how many it was."""
    module = _module_of(path)
    if module is None:
        return 0
    before = {ast.dump(each) for each in ast.parse(path.read_text(encoding="utf-8")).body}
    changed = [each for each in ast.parse(source).body if ast.dump(each) not in before]
    former = dict(vars(module))
    exec(compile(ast.Module(changed, []), str(path), "exec"), vars(module))  # noqa: S102 - the product's own source
    for name, value in vars(module).items():
        if name in former and former[name] is not value:
            _hand_on(name, former[name], value)
    return len(changed)


def _module_of(path: Path) -> ModuleType | None:
    return next((each for each in list(sys.modules.values()) if getattr(each, "__file__", None) == str(path)), None)


def _hand_on(name: str, former: object, value: object) -> None:
    """Replace a name that other modules imported from the changed one."""
    for module in list(sys.modules.values()):
        names: dict[str, Any] = getattr(module, "__dict__", {})
        if names.get(name) is former:
            names[name] = value
