"""`make pages-check` names each tool that refuses the pages, and what it said."""

import gzip
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.paths import ROOT
from infra.site import check, weights
from infra.site.build import write_generated
from infra.site.places import SITE

PAGE = """<!doctype html>
<html lang="fr" dir="ltr">
<head>
{head}<title>x</title>
</head>
<body>{body}</body>
</html>
"""


@pytest.fixture(autouse=True)
def node(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the sources, without those of the pages: the tools' own settings are what is tested."""
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    write_generated()
    root = tmp_path_factory.mktemp("pages")
    shutil.copytree(SITE, root / "site", ignore=shutil.ignore_patterns("dist", "src", "tests", "style"))
    (root / "node_modules").symlink_to(ROOT / "node_modules")
    (root / "package.json").symlink_to(ROOT / "package.json")
    yield root / "site"
    shutil.rmtree(root)


MARKUP_BY_HAND = """import { unsafeHTML } from "lit-html/directives/unsafe-html.js";
export var one = unsafeHTML;
"""
FAILING_TEST = """import { test } from "node:test";
test("one", () => { throw new Error("no"); });
"""


@pytest.mark.parametrize(
    ("tool", "file", "content", "said"),
    [
        ("tsc", "site/src/one.ts", 'export const one: number = "1";\n', ["TS2322"]),
        ("eslint", "site/src/one.ts", MARKUP_BY_HAND, ["no-var", "no-restricted-imports"]),
        ("stylelint", "site/style/one.css", "p {\n  margin-left: 1px;\n}\n", ["use-logical"]),
        ("unit tests", "site/tests/one.test.ts", FAILING_TEST, ["Error: no"]),
        (
            "html-validate",
            "pages/one.html",
            PAGE.format(head="", body="<ul><p>x</p></ul>"),
            ["element-permitted-content"],
        ),
        ("es-check", "pages/assets/one.js", "export const one = [1].toSorted();\n", ["ArrayToSorted"]),
        ("es-check", "pages/service-worker.js", "export const one = 1;\n", ["service-worker.js"]),
    ],
)
def test_a_tool_that_refuses_is_named(  # noqa: PLR0913, PLR0917 - a case's parts
    copied: Path, tmp_path: Path, tool: str, file: str, content: str, said: list[str]
) -> None:
    """That it lets good sources pass, `make pages-check` shows."""
    folder, _, name = file.partition("/")
    path = {"site": copied, "pages": tmp_path}[folder] / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")
    of_that_name = [each for each in check.tools(copied, tmp_path) if each.name == tool]
    chosen = next((each for each in of_that_name if name == each.command[-1]), of_that_name[0])
    fault = chosen.fault()
    path.unlink()
    assert fault is not None
    assert fault.startswith(f"{tool}:")
    assert [word for word in said if word not in fault] == [], fault


@pytest.mark.parametrize(
    ("file", "size", "budget"),
    [
        ("assets/send.js", weights.CRITICAL, "before the first letter"),
        ("assets/part.js", weights.CRITICAL, "before the first letter"),
        ("assets/plex-AB.woff2", weights.FIRST_PAGE, "the whole page"),
        ("assets/main.css", weights.STYLE, "its style"),
    ],
)
def test_a_page_over_its_budget_is_named(tmp_path: Path, file: str, size: int, budget: str) -> None:
    head = (
        '<link rel="stylesheet" href="/assets/main.css">\n<link rel="modulepreload" href="/assets/part.js">\n'
        '<script type="module" src="/assets/send.js"></script>\n'
    )
    font = "@font-face { src: url(/assets/plex-AB.woff2); }"
    (tmp_path / "assets").mkdir()
    (tmp_path / "ar").mkdir()
    (tmp_path / "ar" / "index.html").write_text(PAGE.format(head=head, body=""))
    for name in ("main.css", "part.js", "send.js", "plex-AB.woff2"):
        (tmp_path / "assets" / name).write_text(font if name == "main.css" else "")
    (weight,) = weights.weights(tmp_path)
    assert list(weight.faults) == []
    content = os.urandom(size)
    assert len(gzip.compress(content, 9)) > size
    (tmp_path / file).write_bytes(font.encode() + content if file.endswith(".css") else content)
    if file.endswith(".css"):
        (tmp_path / file).write_text(font + content.hex(), encoding="ascii")
    (weight,) = weights.weights(tmp_path)
    assert f"ar/index.html: {budget} weighs" in "\n".join(weight.faults)


WIZARD = 'import{a}from"./part-chunk-AB.js";import("./part-later-AB.js")'


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("send.js", True),
        ("part-wizard-AB.js", True),
        ("part-chunk-AB.js", True),
        ("part-browser-AB.js", True),
        ("part-aside-AB.js", False),
        ("part-later-AB.js", False),
    ],
)
def test_a_desk_that_is_linked_to_directly_is_weighed_with_what_its_letter_waits_for(
    tmp_path: Path, file: str, counts: bool
) -> None:
    entry = (
        'import("/assets/part-wizard-AB.js");import("/assets/part-browser-AB.js");import("/assets/part-aside-AB.js")'
    )
    scripts = {"send.js": entry, "part-wizard-AB.js": WIZARD}
    (tmp_path / "assets").mkdir()
    (tmp_path / "ar").mkdir()
    head = '<script type="module" src="/assets/send.js"></script>\n'
    (tmp_path / "ar" / "index.html").write_text(PAGE.format(head=head, body=""))
    for name in ("send", "part-wizard-AB", "part-chunk-AB", "part-browser-AB", "part-aside-AB", "part-later-AB"):
        (tmp_path / "assets" / f"{name}.js").write_text(scripts.get(f"{name}.js", ""))
    assert [fault for weight in weights.weights(tmp_path) for fault in weight.faults] == []
    grown = scripts.get(file, "") + "//" + os.urandom(weights.CRITICAL).hex()
    (tmp_path / "assets" / file).write_text(grown)
    faults = [fault for weight in weights.weights(tmp_path) for fault in weight.faults]
    assert any(fault.startswith("ar/<desk>: before the first letter weighs") for fault in faults) == counts


def test_without_node_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert check.main() == 1
    assert "run `make environment`" in capsys.readouterr().err
