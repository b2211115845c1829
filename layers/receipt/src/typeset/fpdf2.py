"""fpdf2 as far as receipts need it: their fonts are read and cut down by HarfBuzz.

What fpdf2 does that with, fontTools, would be a seventh of the work of a cold start.
"""

import warnings

from mailroom.later import brought_later

_UNUSED = (
    "fontTools.pens.ttGlyphPen",
    "fontTools.subset",
    "fontTools.varLib",
    "fontTools.varLib.instancer",
    "fpdf.font_type_3",
    "fpdf.sign",
)

with brought_later(_UNUSED), warnings.catch_warnings():
    # That pictures can't be read without Pillow: a receipt has none, and each cold start would log it.
    warnings.filterwarnings("ignore", "Pillow", UserWarning)
    from fpdf import FPDF, FPDF_VERSION
    from fpdf.bidi import BidiParagraph
    from fpdf.enums import OutputIntentSubType, PDFResourceType, TextDirection
    from fpdf.output import OutputProducer, PDFExtGState, PDFICCProfile, PDFPage, PDFXObject
    from fpdf.pattern import Pattern
    from fpdf.prefs import ViewerPreferences
    from fpdf.syntax import Name, PDFObject, PDFString
    from fpdf.util import builtin_srgb2014_bytes

__all__ = [
    "FPDF",
    "FPDF_VERSION",
    "BidiParagraph",
    "Name",
    "OutputIntentSubType",
    "OutputProducer",
    "PDFExtGState",
    "PDFICCProfile",
    "PDFObject",
    "PDFPage",
    "PDFResourceType",
    "PDFString",
    "PDFXObject",
    "Pattern",
    "TextDirection",
    "ViewerPreferences",
    "builtin_srgb2014_bytes",
]
