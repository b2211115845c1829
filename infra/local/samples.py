"""A mail to send: its organism, letter, sender and files, none of which is real."""

import io
from dataclasses import dataclass
from typing import Any

from fpdf import FPDF
from PIL import Image, ImageDraw

ORGANISM = "anam"

LETTER = {
    "kind": "request",
    "subject": "طلب توضيح حول التغطية الصحية — Demande d'information sur la couverture médicale",
    "body": (
        "السلام عليكم ورحمة الله،\n\n"
        "أتشرف بأن أطلب منكم توضيحات حول ملف التغطية الصحية الخاص بي، "
        "وقد أرفقت الوثائق اللازمة.\n\n"
        "Madame, Monsieur,\n\n"
        "Je vous prie de bien vouloir m'indiquer où en est mon dossier de couverture médicale ; "
        "vous trouverez ci-joint les pièces demandées.\n\n"
        "Avec mes remerciements. مع خالص الشكر."
    ),
    "reference": "DOSSIER-2026/15",
}
SENDER: dict[str, Any] = {
    "kind": "citizen",
    "first_name": "Fatima-Zahra",
    "last_name": "El Amrani",
    "email": "fatima.zahra@usager.example",
    "phone": "+212661234567",
    "sms": True,
    "address": "12, rue des Orangers, Rabat",
}


@dataclass(frozen=True, kw_only=True)
class SampleFile:
    """A file to send with a mail."""

    name: str
    media_type: str
    content: bytes


def a_pdf() -> SampleFile:
    """Make a small PDF of one page."""
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=20)
    pdf.cell(text="Attestation de résidence", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("Helvetica", size=11)
    pdf.multi_cell(0, 7, "Document fictif, joint au courrier pour la démonstration.")
    pdf.rect(20, 60, 100, 60)
    return SampleFile(name="شهادة السكنى.pdf", media_type="application/pdf", content=bytes(pdf.output()))


def a_jpeg() -> SampleFile:
    """Make a small picture that looks like an identity document."""
    image = Image.new("RGB", (640, 400), "#dfe9e4")
    draw = ImageDraw.Draw(image)
    draw.rectangle((30, 60, 230, 340), fill="#8fa89b")
    draw.ellipse((80, 110, 180, 230), fill="#e8d3bd")
    for line in range(6):
        draw.rectangle((270, 80 + line * 45, 600 - line * 30, 100 + line * 45), fill="#6b7f76")
    written = io.BytesIO()
    image.save(written, "JPEG", quality=85)
    return SampleFile(name="Carte (recto).jpg", media_type="image/jpeg", content=written.getvalue())
