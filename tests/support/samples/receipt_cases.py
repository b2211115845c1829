"""Receipts whose pages are kept as pictures; `python -m tests.support.samples.receipt_cases` draws them anew.

Look at each picture before it is committed: the test only says that nothing has changed since.
"""

import hashlib
import zoneinfo
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pypdfium2
import rfc8785
from PIL import Image

from render_receipt.page import render
from render_receipt.printed import Origin, PrintedAttachment, PrintedReceipt, PrintedSlip
from render_receipt.slip import render_slip

HERE = Path(__file__).parents[2] / "golden"
PICTURE = HERE / "receipt.png"
"""The one that the README shows."""

ZALGO = "".join(chr(0x300 + mark) for mark in range(100)) * 2
FAMILY = "👨\u200d👩\u200d👧"


SEALED = rfc8785.dumps({"version": 1, "letter": {"subject": "Demande « طلب »"}, "attachments": []})
"""A record; the pictures do not show what is in it."""


def attachment(file_name: str, size: int = 482_113) -> PrintedAttachment:
    """Make an attachment whose digest follows from its name."""
    digest = hashlib.sha256(file_name.encode("utf-8", "surrogatepass")).hexdigest()
    return PrintedAttachment(file_name=file_name, size=size, sha256=digest)


FRENCH = PrintedReceipt(
    organism_fr="Agence Nationale de l'Assurance Maladie",
    organism_ar="الوكالة الوطنية للتأمين الصحي",
    city="Rabat",
    number="ANAM-2026-000001",
    submitted_at=datetime(2026, 5, 22, 13, 5, 9, tzinfo=UTC),
    language="fr",
    letter_kind="request",
    subject="Demande de prise en charge des soins de l'année 2025",
    reference="DRH/2026/117",
    dated=date(2026, 5, 3),
    sender_kind="citizen",
    sender_name="Fatima Zahra El Amrani",
    identity="CNIE ****56",
    attachments=(attachment("Relevé d'identité bancaire.pdf"), attachment("façade-œuvre.jpg", 97)),
    record_sha256=hashlib.sha256(SEALED).hexdigest(),
    verification_code="7KQ2-X9TD-4HRB-PC8V",
    verification_url="https://x7k2q9.execute-api.eu-west-3.amazonaws.com/v1/receipts/7KQ2-X9TD-4HRB-PC8V",
)
SLIP = PrintedSlip(
    organism_fr=FRENCH.organism_fr,
    organism_ar=FRENCH.organism_ar,
    number=FRENCH.number,
    submitted_at=FRENCH.submitted_at,
    language="fr",
    follow_up_url="https://x7k2q9.execute-api.eu-west-3.amazonaws.com/suivi",
    follow_up_code="H4XN-92KD-QW7M-TB3F",
)
ARABIC = replace(
    FRENCH,
    language="ar",
    subject="طلب رخصة رقم 45/2025 بتاريخ 03-11-2025 في شأن الملف الصحي",
    reference="م.ص/117/2026",
    sender_name="فاطمة الزهراء العمراني",
    attachments=(attachment("شهادة السكنى رقم 12.pdf", 1_203_557), attachment("تصريح بالشرف.pdf")),
)
CASES = {
    "french": FRENCH,
    "arabic": ARABIC,
    "mixed": replace(
        ARABIC,
        letter_kind="complaint",
        subject="Suite à ma demande « طلب رخصة رقم 45/2025 », appel au 06 12 34 56 78, loi 55-19",
        sender_kind="association",
        sender_name="جمعية الأمل AMAL للتنمية 2020",
        identity=None,
    ),
    "twenty": replace(
        FRENCH,
        sender_kind="enterprise",
        sender_name="Société Générale des Travaux du Maroc SARL",
        identity="ICE 00152******0034",
        attachments=tuple(
            attachment(f"وثيقة رقم {number} من الملف التقني.pdf", number * 98_765)
            if number % 2
            else attachment(f"{number:02}-pièce justificative du dossier.pdf", number * 98_765)
            for number in range(1, 21)
        ),
    ),
    "longest": replace(
        ARABIC,
        organism_fr="Ministère de l'Aménagement du territoire national, de l'Urbanisme, de "
        "l'Habitat et de la Politique de la ville",
        organism_ar="وزارة الشؤون الخارجية والتعاون الإفريقي والمغاربة المقيمين بالخارج",
        city="Casablanca",
        number="MATNUHPV-2026-000001",
        subject="W" * 255,
        sender_kind="administration",
        sender_name="المديرية الجهوية للتجهيز والنقل واللوجستيك والماء لجهة طنجة تطوان الحسيمة، "
        "مصلحة الصفقات والتتبع والشؤون الإدارية والمالية",
        identity=None,
        attachments=(attachment("وثيقة-" * 24 + "1.pdf"), attachment("x" * 146 + ".pdf")),
    ),
    "hostile": replace(
        ARABIC,
        subject=f"\u202eevil\u202c {FAMILY} 中文 Z{ZALGO}algo \u2067\u2067(a] [ب)\t\u2066 ⵜⴰⴳⵍⴷⵉⵜ 55-19",
        sender_name="\u202dAli\u202e بنعلي Привет ḥṭɣ",
        reference="\u202e\u200f12-34",
        attachments=(attachment("\u202efdp.exe" + "م" * 120 + ".pdf", 1), attachment("🙂.pdf")),
    ),
    "redirected": replace(
        FRENCH,
        organism_fr="Ministère de l'Intérieur",
        organism_ar="وزارة الداخلية",
        number="MI-2026-000341",
        redirected_from=Origin(
            organism_fr=FRENCH.organism_fr, organism_ar=FRENCH.organism_ar, number="ANAM-2026-000001"
        ),
    ),
    "association": replace(
        FRENCH,
        letter_kind="complaint",
        subject="Réclamation relative au rejet du dossier n° 2026/88",
        sender_kind="association",
        sender_name="Association Amal pour le développement",
        identity=None,
    ),
    "copy": FRENCH,
    "numbers": replace(
        ARABIC,
        subject="أداء مبلغ 12 500 درهم (١٢ ٥٠٠) في الحساب البنكي 007 780 0001234567890123 45 بتاريخ 22/11/2026، "
        "الهاتف +212 6 12 34 56 78 والبريد a.b2@exemple.ma، خصم 50 %، المواد 1, 2, 3",
        reference="45/2026-REF",
        attachments=(attachment("plan (نسخة 2).pdf"), attachment("شهادة رقم 12 (1).pdf"), attachment("تقرير plan.pdf")),
    ),
    "some-arabic": replace(
        FRENCH,
        subject="Facture 2025 de la société النور SARL, Casablanca, 12 500 درهم, « طلب رخصة رقم 45/2025 »",
        sender_name="Fatima الزهراء",
    ),
    "other-scripts": replace(
        FRENCH,
        subject="王伟, やまだ花子, 김민수, Олександр, יוסף, राजेश, নাম, நடராஜன், สมชาย, አበበ, Հայկ, გიორგი 🙂 𓀀 ✔",
        sender_name="王伟 Wang Wei",
        attachments=(attachment("合同 2026.pdf"), attachment("יוסף 12.pdf"), attachment("پښتو ڭ ڤ ߡߊߡߊߘߎ.pdf")),
    ),
    "counter": replace(
        ARABIC,
        channel="counter",
        attachments=(attachment("مسح ضوئي 1.pdf", 1_203_557), attachment("scan-2.jpg", 804_113)),
    ),
    "first-counter": replace(
        FRENCH,
        channel="counter",
        organism_fr="Ministère de l'Intérieur",
        organism_ar="وزارة الداخلية",
        number="MI-2026-000341",
        redirected_from=Origin(
            organism_fr=FRENCH.organism_fr, organism_ar=FRENCH.organism_ar, number="ANAM-2026-000001"
        ),
    ),
    "one-word": replace(ARABIC, subject="م" * 255, attachments=()),
}


COPIED_AT = datetime(2026, 9, 1, 9, 30, tzinfo=UTC)
"""When the case `copy` was made."""


@cache
def made(record: PrintedReceipt, copied_at: datetime | None = None) -> bytes:
    """Make the PDF of a receipt, once for all tests that look at it."""
    return render(record, sealed_record=SEALED, copied_at=copied_at)


@cache
def made_slip(slip: PrintedSlip = SLIP) -> bytes:
    """Make the PDF of a slip, once for all tests that look at it."""
    return render_slip(slip)


def drawn(name: str) -> bytes:
    """Make the PDF of a case, or of the slip."""
    if name == "slip":
        return made_slip()
    return made(CASES[name], COPIED_AT if name == "copy" else None)


def pages(pdf: bytes) -> Iterator[Image.Image]:
    """Draw the pages of a receipt at 72 dots per inch, in greys."""
    for page in pypdfium2.PdfDocument(pdf):
        yield page.render(scale=1, grayscale=True).to_pil()


def golden(name: str, number: int) -> Path:
    """Say where the picture of a page is kept."""
    return HERE / f"receipt-{name}-{number}.png"


def picture() -> Image.Image:
    """Draw the receipt that the README shows, in few colours."""
    drawn_large: Image.Image = pypdfium2.PdfDocument(made(FRENCH))[0].render(scale=1.7).to_pil()
    return drawn_large.quantize(64)


def draw_anew() -> None:
    """Replace every picture by what is drawn today, by the clocks of the locked tzdata."""
    zoneinfo.reset_tzpath(to=())
    for name in (*CASES, "slip"):
        for number, page in enumerate(pages(drawn(name)), start=1):
            page.save(golden(name, number), optimize=True)
    picture().save(PICTURE, optimize=True)


if __name__ == "__main__":
    draw_anew()
