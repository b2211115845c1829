"""Build the public pages: `python -m infra.site.build`.

HTML for each page and language by Jinja2, scripts and style by esbuild, types from the HTTP contract and the words.
(It does not lie in `site/`, since Python's own library has a module of that name.)
"""

import argparse
import hashlib
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from infra import door
from infra.paths import CONTRACT
from infra.site import bundles, clocks, later_words, page_fonts, third_party, words
from infra.site.bundles import Bundles, BundlingError
from infra.site.examples import examples
from infra.site.places import DIST, GENERATED, SITE, TEMPLATES, run_node
from infra.site.reference import reference
from infra.site.words import LANGUAGES, Language

type Organism = Mapping[str, object]
"""A desk, as `GET /v1/organisms` lists it."""

MOST_DESKS = 100
"""The desks that stand in the first page itself, for people without script; `desks` has all."""

CATEGORIES = ("ministry", "public_establishment", "territorial_collectivity")
"""The kinds of organisms, in the order in which the pages show them."""

PAGES = {"send": "index.html"}
"""The file of a page whose address is not its name."""


def build(destination: Path = DIST, *, organisms: Sequence[Organism] = ()) -> None:
    """Make all pages in place of those that are there. Raises BundlingError.

    `organisms` are the desks that take mail now; the pages ask the API for them again.
    """
    write_generated()
    with TemporaryDirectory(dir=_beside(destination)) as folder:
        made = Path(folder) / "pages"
        made.mkdir()
        bundled = bundles.bundle(made)
        _render(made, bundled, organisms)
        _copy_rest(made)
        # for pages that are not made here, and know no digest
        shutil.copyfile(made / bundled.style.address.removeprefix("/"), made / "style.css")
        bundles.service_worker(made, _kept(bundled))
        shutil.rmtree(destination, ignore_errors=True)
        made.rename(destination)


def write_generated() -> None:
    """Write what is made of sources: TypeScript from the contract, the words and the time zone, and a font."""
    words.write_types()
    clocks.write_offsets()
    page_fonts.write_amazigh()
    done = run_node("openapi-typescript", str(CONTRACT), "--output", str(GENERATED / "contract.ts"))
    if done.returncode:
        raise BundlingError(done.stdout + done.stderr)


def _beside(destination: Path) -> Path:
    """The folder above, so that the last step is a rename."""
    destination.parent.mkdir(parents=True, exist_ok=True)
    return destination.parent


def _render(destination: Path, bundled: Bundles, organisms: Sequence[Organism]) -> None:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["json_block"] = _json_block
    environment.globals |= {"examples": examples, "reference": reference}
    for template in sorted(TEMPLATES.glob("*.html.j2")):
        name = template.name.removesuffix(".html.j2")
        if name.startswith("_"):
            continue
        for language in LANGUAGES:
            file = destination / language / PAGES.get(name, f"{name}.html")
            file.parent.mkdir(exist_ok=True)
            text = environment.get_template(template.name).render(
                page=name,
                language=language,
                direction=words.DIRECTIONS[language],
                languages={each: words.words(each)["frame"] for each in LANGUAGES},
                words=words.words(language),
                parts=later_words.parts(destination, bundled, name, language),
                say=_Say(language),
                amazigh=words.amazigh(),
                bundles=bundled,
                categories=CATEGORIES,
                organisms=organisms[:MOST_DESKS],
                all_organisms=organisms,
            )
            file.write_text(text, encoding="utf-8")
    unavailable = environment.get_template("_unavailable.html.j2")
    every = {each: words.words(each)["frame"] for each in LANGUAGES}
    (destination / "unavailable.html").write_text(
        unavailable.render(languages=every, directions=words.DIRECTIONS, bundles=bundled), encoding="utf-8"
    )
    for language in LANGUAGES:
        text = environment.get_template("_preview.html.j2").render(
            language=language, direction=words.DIRECTIONS[language], say=_Say(language), preview=bundled.preview
        )
        (destination / door.PREVIEW / f"{language}.html").write_text(text, encoding="utf-8")


class _Say:
    """`say("send.title", name=…)` in a template."""

    def __init__(self, language: Language) -> None:
        self._words = words.flat(words.words(language))

    def __call__(self, key: str, **values: object) -> str:
        word = self._words[key]
        if not isinstance(word, str):
            raise TypeError(f"{key} says a number: templates have none")
        return word.format(**values) if values else word


def _json_block(value: object) -> Markup:
    """A block of JSON in HTML; "</script>" in a word would end it."""
    return Markup(json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"))  # noqa: S704 - no markup is left


def _copy_rest(destination: Path) -> None:
    (destination / "licences.txt").write_text(third_party.notice(), encoding="utf-8")
    for file in sorted((SITE / "files").iterdir()):
        shutil.copyfile(file, destination / file.name)


def _kept(bundled: Bundles) -> dict[str, object]:
    """What the service worker keeps for a verification without a network."""
    verify = bundled.scripts["verify"]
    addresses = [f"/{language}/verify" for language in LANGUAGES]
    addresses += [bundled.style.address, verify.entry.address, *verify.all_chunks]
    name = hashlib.sha256("".join(bundled.every).encode()).hexdigest()[:12]
    return {"name": name, "verification": addresses}


def main() -> int:
    """Return 0 when the pages are made, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--organisms", type=Path, help="the desks, as a JSON list of what GET /v1/organisms answers")
    parser.add_argument("--only-types", action="store_true", help="make what the type checker needs, and no page")
    arguments = parser.parse_args()
    try:
        if arguments.only_types:
            write_generated()
        else:
            build(organisms=json.loads(arguments.organisms.read_text()) if arguments.organisms else ())
    except BundlingError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
