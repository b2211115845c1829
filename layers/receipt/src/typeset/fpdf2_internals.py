"""The private doors of fpdf2: the one module that knows them, and that imports fpdf2 at all.

fpdf2 keeps the pages, the drawing's content streams, the embedded files and the structure of a PDF. Its layout of text,
its fonts and its structure tree are replaced by this package's own, for which fpdf2 has no public interface. So this
module overrides two hooks of its producer, writes operators past its drawing functions, and uses classes that its
documentation does not name. `tests/unit/test_fpdf2_doors.py` tries each door against the installed fpdf2, and names the
one that an upgrade closes.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import cache
from typing import Literal

from fpdf import FPDF, FPDF_VERSION
from fpdf.bidi import BidiParagraph
from fpdf.enums import OutputIntentSubType, PDFResourceType, TextDirection
from fpdf.output import OutputProducer, PDFICCProfile, PDFPage
from fpdf.prefs import ViewerPreferences
from fpdf.syntax import Name, PDFObject, PDFString
from fpdf.util import builtin_srgb2014_bytes

PRODUCER = f"fpdf2 {FPDF_VERSION}"

type Add = Callable[[PDFObject], object]
"""Puts an object into the file, which gives it its number."""

type Page = PDFPage


class WrittenObject(PDFObject, ABC):
    """An object of the file that writes itself.

    fpdf2 looks at each attribute of its own objects in turn to write them, which takes longer than all the rest.
    """

    @abstractmethod
    def body(self) -> str:
        """The object as it stands between `obj` and `endobj` (ISO 32000-1, 7.3.10)."""

    def serialize(self, obj_dict: object = None, _security_handler: object = None) -> str:  # noqa: ARG002 - fpdf2's
        """The object with its number."""
        return f"{self.id} 0 obj\n{self.body()}\nendobj"


class Canvas(FPDF):
    """An A4 document measured in points, on whose pages PDF operators are written as they are."""

    def __init__(self) -> None:
        super().__init__(unit="pt", format="A4")
        self.set_auto_page_break(auto=False)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)

    @property
    def current_page(self) -> Page:
        """The page that is drawn on."""
        return self.pages[self.page]

    def operate(self, operators: str) -> None:
        """Append operators to the content of the current page."""
        self._out(operators)

    def use_font(self, number: int) -> None:
        """Make `/F{number}` known to the current page."""
        self._resource_catalog.add(PDFResourceType.FONT, number, self.page)

    def keep_colours(self) -> None:
        """Tie the document's colours to sRGB, as PDF/A asks (ISO 19005-3, 6.2.3), without transparency."""
        self.pdf_version = "1.7"
        self.allow_images_transparency = False
        self.add_output_intent(OutputIntentSubType.PDFA, "sRGB IEC61966-2.1", dest_output_profile=_srgb())

    def file(
        self, *, add_fonts: Callable[[Add], dict[int, WrittenObject]], add_structure: Callable[[Add], WrittenObject]
    ) -> bytes:
        """The finished file; the document takes nothing more afterwards.

        `add_fonts` puts the fonts into the file, and returns them by the numbers that `use_font` was given;
        `add_structure` does so with the structure tree, and returns its root.
        """

        class Producer(OutputProducer):
            def _add_fonts(  # type: ignore[override]  # fpdf2 only asks for their references
                self,
                image_objects_per_index: object,  # noqa: ARG002 - for fonts made of drawings
                gfxstate_objs_per_name: object,  # noqa: ARG002 - the same
                pattern_objs_per_name: object,  # noqa: ARG002 - the same
            ) -> dict[int, WrittenObject]:
                return add_fonts(self._add_pdf_obj)

            def _add_structure_tree(self) -> WrittenObject:
                return add_structure(self._add_pdf_obj)

        return bytes(self.output(output_producer_class=Producer))


@cache
def _srgb() -> PDFICCProfile:
    """The colours' profile, compressed once: IEC 61966-2-1 as the International Color Consortium gives it away."""
    return PDFICCProfile(contents=builtin_srgb2014_bytes(), n=3, alternate="DeviceRGB")


def link_to_structure(page: Page, number: int) -> None:
    """Number a page in the structure's parent tree; viewers go from field to field in the order of that tree.

    fpdf2 writes each attribute of a page as an entry of its dictionary: `struct_parents` as `/StructParents`.
    """
    page.struct_parents = number
    page.tabs = Name("S")  # type: ignore[attr-defined]  # fpdf2 knows no such entry


def string(text: str) -> str:
    """A text as a string of the file (ISO 32000-1, 7.9.2.2)."""
    return PDFString(text).serialize()


def embedding_levels(text: str, *, base: Literal["ltr", "rtl"]) -> Sequence[int | None]:
    """The embedding level of each character by UAX #9; None where the algorithm removes the character (rule X9)."""
    direction = TextDirection.RTL if base == "rtl" else TextDirection.LTR
    found: list[int | None] = [None] * len(text)
    for char in BidiParagraph(text, base_direction=direction).get_characters():
        found[char.character_index] = char.embedding_level
    return found
