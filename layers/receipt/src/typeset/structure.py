"""The structure tree (ISO 32000-1, 14.7): the order in which a document is read aloud, and each part's language.

Each drawing bears a number, and an element of the tree names the numbers it consists of. So the parts may be drawn in
an order other than that of reading. PDF/UA-1 (ISO 14289-1) requires the tree.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from typeset.fpdf2_internals import Add, Page, WrittenObject, link_to_structure, string

_ATTRIBUTES = {"TH": "/A<</O/Table/Scope/Row>>", "L": "/A<</O/List/ListNumbering/Decimal>>"}
"""The attributes of every element of a role (14.8.5)."""


class Element(WrittenObject):
    """A heading, a paragraph, a cell …; `role` is one of the standard ones (14.8.4)."""

    def __init__(self, role: str, parent: WrittenObject, more: str = "") -> None:
        super().__init__()
        self.role = role
        self.children: list[Element] = []
        self.marks: list[int] = []
        self.page: Page | None = None
        self._parent = parent
        self._more = _ATTRIBUTES.get(role, "") + more

    def body(self) -> str:
        """The element's dictionary (14.7.2)."""
        page = f"/Pg {self.page.ref}" if self.page else ""
        kids = " ".join(map(str, self.marks) if self.page else (child.ref for child in self.children))
        return f"<</S/{self.role}/P {self._parent.ref}{page}{self._more}/K[{kids}]>>"


class Structure(WrittenObject):
    """The tree of a document in `language`; a part in another language says so."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language
        self._open = [Element("Document", self)]
        self._elements = self._open[:]
        self._owners: dict[Page, list[Element]] = {}

    def add(self, role: str, *, language: str, more: str = "") -> Element:
        """Add a part to the element that is open."""
        if language != self._language:
            more += f"/Lang({language})"
        element = Element(role, self._open[-1], more)
        self._open[-1].children.append(element)
        self._elements.append(element)
        return element

    @contextmanager
    def within(self, role: str, *, goes_on: bool = False) -> Iterator[None]:
        """Add parts within an element; `goes_on` continues the last element where that has the same role."""
        before = self._open[-1].children[-1:]
        if goes_on and before and before[0].role == role:
            self._open.append(before[0])
        else:
            self._open.append(self.add(role, language=self._language))
        yield
        self._open.pop()

    def mark(self, element: Element, page: Page) -> int:
        """The number that the next drawing on a page bears, as a part of an element."""
        owners = self._owners.setdefault(page, [])
        element.page = page
        element.marks.append(len(owners))
        owners.append(element)
        return element.marks[-1]

    def add_to_file(self, add: Add) -> "Structure":
        """Add the tree's objects to the file, and number its pages; return the root."""
        for number, page in enumerate(self._owners):
            link_to_structure(page, number)
        for item in (self, *self._elements):
            add(item)
        return self

    def body(self) -> str:
        """The root's dictionary, with the way back from each number to its element (14.7.4.4)."""
        owners = " ".join(
            f"{number} [{' '.join(element.ref for element in owners)}]"
            for number, owners in enumerate(self._owners.values())
        )
        return (
            f"<</Type/StructTreeRoot/K {self._elements[0].ref}"
            f"/ParentTree<</Nums[{owners}]>>/ParentTreeNextKey {len(self._owners)}>>"
        )


def alternative(text: str, box: tuple[float, float, float, float]) -> str:
    """The entries of a figure: the text read aloud instead of it; its left, bottom, right and top, as PDF counts."""
    corners = " ".join(f"{side:.2f}" for side in box)
    return f"/Alt {string(text)}/A<</O/Layout/Placement/Block/BBox[{corners}]>>"


def actual_text(text: str) -> str:
    """The entry of the text read aloud instead of the glyphs (14.9.4): Arabic is drawn from its last letter on."""
    return f"/ActualText {string(text)}"
