"""Which private door of fpdf2 an upgrade closed: it is tried here by itself, before a receipt is set.

Nothing of the product is imported, so that this says which door is closed where the product could not be imported.
"""

import ast
import io
import re
from collections.abc import Callable
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import fpdf
import pikepdf
import pytest
from fpdf import FPDF
from fpdf.output import OutputProducer
from fpdf.syntax import PDFObject

_TYPESET = Path(__file__).parents[2] / "layers/receipt/src/typeset"
_INTERNALS = _TYPESET / "fpdf2_internals.py"


def _document() -> FPDF:
    document = FPDF(unit="pt", format="A4")
    document.add_page()
    return document


def _opened(document: FPDF, producer: type[OutputProducer] = OutputProducer) -> Any:  # noqa: ANN401 - its objects have no types
    return pikepdf.open(io.BytesIO(bytes(document.output(output_producer_class=producer))))


class _Part(PDFObject):
    def serialize(self, obj_dict: object = None, _security_handler: object = None) -> str:  # noqa: ARG002 - fpdf2's
        return f"{self.id} 0 obj\n<</Type/StructTreeRoot/Own (ours)>>\nendobj"


def _try_operators() -> None:
    document = _document()
    document._out("q 1 0 0 rg Q")
    opened = _opened(document)
    assert b"q 1 0 0 rg Q" in opened.pages[0].Contents.read_bytes()


def _try_fonts() -> None:
    assert callable(OutputProducer._add_fonts)

    class Producer(OutputProducer):
        def _add_fonts(self, _images: object, _states: object, _patterns: object) -> Any:  # noqa: ANN401 - fpdf2's
            font = _Part()
            self._add_pdf_obj(font)
            return {7: font}

    document = _document()
    document._resource_catalog.add(fpdf.enums.PDFResourceType.FONT, 7, document.page)
    opened = _opened(document, Producer)
    assert opened.pages[0].Resources.Font.F7.Own == "ours"


def _try_structure() -> None:
    assert callable(OutputProducer._add_structure_tree)

    class Producer(OutputProducer):
        def _add_structure_tree(self) -> PDFObject:
            root = _Part()
            self._add_pdf_obj(root)
            return root

    opened = _opened(_document(), Producer)
    assert opened.Root.StructTreeRoot.Own == "ours"


def _try_numbers() -> None:
    class Producer(OutputProducer):
        def _add_structure_tree(self) -> PDFObject:
            first, second = _Part(), _Part()
            self._add_pdf_obj(first)
            self._add_pdf_obj(second)
            assert second.id == first.id + 1
            assert second.ref == f"{second.id} 0 R"
            return first

    _opened(_document(), Producer)


def _try_page_entries() -> None:
    document = _document()
    assert isinstance(document.pages[document.page], fpdf.output.PDFPage)
    page: Any = document.pages[document.page]
    page.struct_parents = 0
    page.tabs = fpdf.syntax.Name("S")
    opened = _opened(document)
    assert (opened.pages[0].StructParents, opened.pages[0].Tabs) == (0, "/S")


def _try_colours() -> None:
    document = _document()
    document.pdf_version = "1.7"
    document.allow_images_transparency = False
    profile = fpdf.output.PDFICCProfile(contents=fpdf.util.builtin_srgb2014_bytes(), n=3, alternate="DeviceRGB")
    document.add_output_intent(fpdf.enums.OutputIntentSubType.PDFA, "sRGB", dest_output_profile=profile)
    opened = _opened(document)
    (intent,) = opened.Root.OutputIntents
    assert opened.pdf_version == "1.7"
    assert intent.S == "/GTS_PDFA1"
    assert b"sRGB" in intent.DestOutputProfile.read_bytes()


def _try_preferences() -> None:
    document = _document()
    document.viewer_preferences = fpdf.prefs.ViewerPreferences(display_doc_title=True)
    opened = _opened(document)
    assert opened.Root.ViewerPreferences.DisplayDocTitle is True


def _try_strings() -> None:
    assert fpdf.syntax.PDFString("é (a)").serialize() == "<feff00e90020002800610029>"
    assert fpdf.syntax.PDFString("(a)").serialize() == r"(\(a\))"


def _try_levels() -> None:
    text = "ا12\u202e"
    levels: list[int | None] = [None] * len(text)
    base = fpdf.enums.TextDirection.LTR
    for char in fpdf.bidi.BidiParagraph(text, base_direction=base).get_characters():
        levels[char.character_index] = char.embedding_level
    assert levels == [1, 2, 2, None]
    assert base != fpdf.enums.TextDirection.RTL


DOORS: dict[str, Callable[[], None]] = {
    "fpdf.FPDF._out": _try_operators,
    "fpdf.FPDF._resource_catalog": _try_fonts,
    "fpdf.FPDF.allow_images_transparency": _try_colours,
    "fpdf.FPDF.page": _try_operators,
    "fpdf.FPDF.pages": _try_page_entries,
    "fpdf.bidi.BidiParagraph": _try_levels,
    "fpdf.enums.OutputIntentSubType": _try_colours,
    "fpdf.enums.PDFResourceType": _try_fonts,
    "fpdf.enums.TextDirection": _try_levels,
    "fpdf.output.OutputProducer._add_fonts": _try_fonts,
    "fpdf.output.OutputProducer._add_pdf_obj": _try_numbers,
    "fpdf.output.OutputProducer._add_structure_tree": _try_structure,
    "fpdf.output.PDFICCProfile": _try_colours,
    "fpdf.output.PDFPage": _try_page_entries,
    "fpdf.output.ResourceCatalog.add": _try_fonts,
    "fpdf.prefs.ViewerPreferences": _try_preferences,
    "fpdf.syntax.Name": _try_page_entries,
    "fpdf.syntax.PDFObject.id": _try_numbers,
    "fpdf.syntax.PDFObject.ref": _try_numbers,
    "fpdf.syntax.PDFString.serialize": _try_strings,
    "fpdf.util.builtin_srgb2014_bytes": _try_colours,
}
"""Each door, and the trial of what the product needs of it."""


def _require_open(door: str) -> None:
    failure: Exception | None = None
    try:
        DOORS[door]()
    except Exception as error:  # noqa: BLE001 - however it fails, it is closed
        failure = error
    if failure is not None:
        pytest.fail(f"fpdf2 {fpdf.FPDF_VERSION} closed {door} ({failure!r}): see {_INTERNALS.name}", pytrace=False)


@pytest.mark.parametrize("door", DOORS)
def test_a_private_door_of_fpdf2_is_open(door: str) -> None:
    _require_open(door)


@pytest.mark.parametrize("door", DOORS)
def test_a_door_that_an_upgrade_closes_is_named(door: str, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, _, name = door.rpartition(".")
    holder = resolve_name(owner)
    if callable(getattr(holder, name, None)):
        monkeypatch.delattr(holder, name)
    else:  # an attribute that each document gets when it is made: it can be set no more
        monkeypatch.setattr(holder, name, property(), raising=False)
    with pytest.raises(pytest.fail.Exception, match=f"closed {re.escape(door)}"):
        _require_open(door)


def test_every_door_that_the_product_uses_is_tried() -> None:
    """What is imported from fpdf2's modules, and each name with an underscore."""
    tree = ast.parse(_INTERNALS.read_text(encoding="utf-8"))
    imported = {
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("fpdf.")
        for alias in node.names
    }
    untried = {name for name in imported if not any(f"{door}.".startswith(f"{name}.") for door in DOORS)}
    assert imported
    assert not untried
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    hooks = {node.name for each in ast.walk(tree) if isinstance(each, ast.ClassDef) for node in _methods(each)}
    private = {name for name in used | hooks if name.startswith("_") and not name.startswith("__")}
    assert private == {door.rpartition(".")[2] for door in DOORS if "._" in door}


def _methods(node: ast.ClassDef) -> list[ast.FunctionDef]:
    return [each for each in node.body if isinstance(each, ast.FunctionDef)]
