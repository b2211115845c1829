"""What people type and paste, and what is understood: one table for each kind of field.

`tests/unit/test_typed_forms.py` reads the tables with each kind's own rule; `tests/integration/test_typed_forms.py`
sends every line to every field of that kind, in every route.
"""

LRM, RLM, ALM, LRE, PDF, LRI, FSI, PDI, BOM, ZWSP, SHY, WJ = (
    "\u200e\u200f\u061c\u202a\u202c\u2066\u2068\u2069\ufeff\u200b\u00ad\u2060"
)
"""Marks that messengers, keyboards and text processors add and nobody sees."""

NBSP, THIN, NARROW, IDEOGRAPHIC = "\u00a0\u2009\u202f\u3000"
"""Blanks other than the space bar's."""

NOTHING: list[object] = [None, "", "   ", NBSP, RLM, ZWSP, BOM, "\u3164", f" {LRI}{PDI} "]
"""What a form sends for a field that nobody filled in."""

EMAILS = {
    "amina@exemple.ma": "amina@exemple.ma",
    "  amina@exemple.ma  ": "amina@exemple.ma",
    f"{NBSP}amina@exemple.ma{THIN}": "amina@exemple.ma",
    f"{LRM}amina@exemple.ma": "amina@exemple.ma",
    f"{LRE}amina@exemple.ma{PDF}": "amina@exemple.ma",
    f"{LRI}amina@exemple.ma{PDI}": "amina@exemple.ma",
    f"{FSI}amina@exemple.ma{PDI}": "amina@exemple.ma",
    f"{BOM}amina@exemple.ma": "amina@exemple.ma",
    f"amina{ZWSP}@{WJ}exemple{SHY}.ma{RLM}{ALM}": "amina@exemple.ma",
    "amina\uff20exemple\uff0ema": "amina@exemple.ma",
    "ａｍｉｎａ@exemple.ma": "amina@exemple.ma",
    "amina٤٥@exemple.ma": "amina45@exemple.ma",
    "amina۴۵@exemple.ma": "amina45@exemple.ma",
    "amina–alaoui@mon−exemple.ma": "amina-alaoui@mon-exemple.ma",
    "amina@EXEMPLE.MA": "amina@exemple.ma",
    "mailto:amina@exemple.ma": "amina@exemple.ma",
    "<amina@exemple.ma>": "amina@exemple.ma",
    "amina@exemple.ma.": "amina@exemple.ma",
    "amina @exemple.ma": "amina@exemple.ma",
    "amina@ exemple. ma": "amina@exemple.ma",
    "amina+bo@exemple.ma": "amina+bo@exemple.ma",
}
NO_EMAILS = [
    "amina",
    "amina@",
    "@exemple.ma",
    "a b@exemple.ma",
    "a@b@exemple.ma",
    "a@exemple.ma b@exemple.ma",
    "a²@b.ma",
]

PHONES = {
    "0612345678": "+212612345678",
    " 06 12 34 56 78 ": "+212612345678",
    f"06{NBSP}12{NARROW}34{THIN}56{NBSP}78": "+212612345678",
    f"{LRE}+212 612-345678{PDF}": "+212612345678",
    f"{LRI}+212 612-345678{PDI}": "+212612345678",
    f"{LRM}+212612345678{RLM}": "+212612345678",
    f"{BOM}0612{ZWSP}345678": "+212612345678",
    "٠٦١٢٣٤٥٦٧٨": "+212612345678",
    "+٢١٢ ٦١٢ ٣٤٥ ٦٧٨": "+212612345678",
    "۰۶۱۲۳۴۵۶۷۸": "+212612345678",
    "０６１２３４５６７８": "+212612345678",
    "＋212612345678": "+212612345678",
    "06‐12‑34‒56–78": "+212612345678",
    "06—12−34ـ56-78": "+212612345678",
    "06.12.34.56.78": "+212612345678",
    "06/12/34/56/78": "+212612345678",
    "06_12_34_56_78": "+212612345678",
    "O6I2345678": "+212612345678",
    "o6l2345678": "+212612345678",
    "612345678": "+212612345678",
    "212612345678": "+212612345678",
    "00212612345678": "+212612345678",
    "+212 (0)6 12 34 56 78": "+212612345678",
    "tel:+212612345678": "+212612345678",
    "+33 6 12 34 56 78": "+33612345678",
}
NO_PHONES = ["12", "0000000000", "061234567", "06123456789", "0612345678 ext 5", "0612345678 / 0537712345", "نعم"]

ICES = {
    "001531097000035": "001531097000035",
    " 001531097000035 ": "001531097000035",
    "001531097 0000 35": "001531097000035",
    f"001531097{NBSP}0000{NARROW}35": "001531097000035",
    "001531097-0000-35": "001531097000035",
    "001531097–0000—35": "001531097000035",
    f"{LRM}001531097000035{RLM}": "001531097000035",
    f"{LRI}001531097000035{PDI}": "001531097000035",
    f"{BOM}001531{ZWSP}097000035": "001531097000035",
    "٠٠١٥٣١٠٩٧٠٠٠٠٣٥": "001531097000035",
    "۰۰۱۵۳۱۰۹۷۰۰۰۰۳۵": "001531097000035",
    "００１５３１０９７００００３５": "001531097000035",
    "OO1531O97OOOO35": "001531097000035",
    "00I53l097000035": "001531097000035",
    "1531097000035": "001531097000035",
    "84426000192": "000084426000192",
    "ICE : 001531097000035": "001531097000035",
}
NO_ICES = [
    "000000000000000",
    "0000000",
    "٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠",
    "OOOOOOOOOOOOOOO",
    "001531097000036",
    "12345",
    "97",
    "00153109700002A",
]

NATIONAL_IDS = {
    "AB123456": "AB123456",
    "ab123456": "AB123456",
    " AB123456 ": "AB123456",
    "AB 123 456": "AB123456",
    f"AB{NBSP}123456": "AB123456",
    f"{RLM}AB123456{LRM}": "AB123456",
    f"{LRE}AB123456{PDF}": "AB123456",
    f"{BOM}A{ZWSP}B123456": "AB123456",
    "AB١٢٣٤٥٦": "AB123456",
    "AB۱۲۳۴۵۶": "AB123456",
    "ＡＢ１２３４５６": "AB123456",
    "AB123O56": "AB123056",
    "AB1234I6": "AB123416",
    "ab1234l6": "AB123416",
    "K12345": "K12345",
    "IO123456": "IO123456",
}
NO_NATIONAL_IDS = [
    "123456",
    "ABCD123",
    "AB-123456",
    "AB–123456",
    "AB",
    "ABOIL",
    "AB000000",
    "A0",
    "ß123456",
    "AB12345678",
]

DAYS = {
    "2026-11-20": "2026-11-20",
    " 2026-11-20 ": "2026-11-20",
    f"{LRM}2026-11-20": "2026-11-20",
    "2026–11–20": "2026-11-20",
    "2026‑11−20": "2026-11-20",
    "٢٠٢٦-١١-٢٠": "2026-11-20",
    "۲۰۲۶-۱۱-۲۰": "2026-11-20",
    "２０２６－１１－２０": "2026-11-20",
}
NO_DAYS = ["20/11/2026", "2026-02-30", "20261120", "2026-11-20T00", "demain"]

FREE_NUMBERS = {
    "45/2026": "45/2026",
    "  45 / 2026  ": "45 / 2026",
    f"{RLM}45/2026{LRM}": "45/2026",
    "٤٥/٢٠٢٦": "45/2026",
    "۴۵/۲۰۲۶": "45/2026",
    "４５／２０２６": "45/2026",
    "45–2026": "45-2026",
    f"45{NBSP}{NBSP}2026": "45 2026",
    "12/1445 هـ": "12/1445 هـ",
}
"""Numbers of other registers: of any form, so they are only written plainly."""

NAMES = {
    "العلوي": "العلوي",
    "  Alaoui ": "Alaoui",
    f"{NBSP}Alaoui{IDEOGRAPHIC}": "Alaoui",
    f"{RLM}العلوي{RLM}": "العلوي",
    f"{LRI}Alaoui{PDI}": "Alaoui",
    f"{BOM}Alaoui": "Alaoui",
    "Be\u0301nani": "Bénani",
    "\u0627\u0653\u0645\u0646\u0629": "آمنة",
    "El  Alaoui": "El  Alaoui",
    "می\u200cخواهم": "می\u200cخواهم",
    "Alaoui–Idrissi": "Alaoui–Idrissi",
    "Section ٣": "Section ٣",
}
"""Names are trimmed and composed; all between their ends is theirs."""

CODES = {
    "7Q2M-4C9T-XV3E-8K0A": "7Q2M-4C9T-XV3E-8K0A",
    "7q2m-4c9t-xv3e-8k0a": "7Q2M-4C9T-XV3E-8K0A",
    "7Q2M4C9TXV3E8K0A": "7Q2M-4C9T-XV3E-8K0A",
    " 7Q2M 4C9T XV3E 8K0A ": "7Q2M-4C9T-XV3E-8K0A",
    f"7Q2M{NBSP}4C9T{THIN}XV3E{NARROW}8K0A": "7Q2M-4C9T-XV3E-8K0A",
    "7Q2M‐4C9T‑XV3E–8K0A": "7Q2M-4C9T-XV3E-8K0A",
    "7Q2M—4C9T−XV3E_8K0A": "7Q2M-4C9T-XV3E-8K0A",
    "7Q2M.4C9T.XV3E.8K0A.": "7Q2M-4C9T-XV3E-8K0A",
    f"{LRI}7Q2M-4C9T-XV3E-8K0A{PDI}": "7Q2M-4C9T-XV3E-8K0A",
    f"{LRE}7Q2M-4C9T{ZWSP}-XV3E-8K0A{PDF}{BOM}": "7Q2M-4C9T-XV3E-8K0A",
    "٧Q٢M-٤C٩T-XV٣E-٨K٠A": "7Q2M-4C9T-XV3E-8K0A",
    "۷Q۲M-۴C۹T-XV۳E-۸K۰A": "7Q2M-4C9T-XV3E-8K0A",
    "７Ｑ２Ｍ－４Ｃ９Ｔ－ＸＶ３Ｅ－８Ｋ０Ａ": "7Q2M-4C9T-XV3E-8K0A",
    "7Q2M-4C9T-XV3E-8KOA": "7Q2M-4C9T-XV3E-8K0A",
    "7q2m-4c9t-xv3e-8koa": "7Q2M-4C9T-XV3E-8K0A",
    "(7Q2M-4C9T-XV3E-8K0A),": "7Q2M-4C9T-XV3E-8K0A",
    f"«{NBSP}7Q2M-4C9T-XV3E-8K0A{NBSP}»": "7Q2M-4C9T-XV3E-8K0A",
    "#7Q2M:4C9T:XV3E:8K0A;": "7Q2M-4C9T-XV3E-8K0A",
}

NUMBERS = {
    "ANAM-2026-000001": "ANAM-2026-000001",
    "anam-2026-000001": "ANAM-2026-000001",
    " ANAM-2026-000001 ": "ANAM-2026-000001",
    "ANAM 2026 000001": "ANAM-2026-000001",
    "anam 2026 1": "ANAM-2026-000001",
    "ANAM-2026-1": "ANAM-2026-000001",
    "ANAM-2026-0000001": "ANAM-2026-000001",
    "ANAM2026000001": "ANAM-2026-000001",
    "anam2026-1": "ANAM-2026-000001",
    "ANAM-2026 000 001": "ANAM-2026-000001",
    "ANAM.2026.000001": "ANAM-2026-000001",
    "ANAM_2026_000001": "ANAM-2026-000001",
    "ANAM–2026—000001": "ANAM-2026-000001",
    "ANAM‑2026−000001": "ANAM-2026-000001",
    f"ANAM{NBSP}2026{NARROW}000001": "ANAM-2026-000001",
    f"{LRI}ANAM-2026-000001{PDI}": "ANAM-2026-000001",
    f"{RLM}ANAM{ZWSP}-2026-000001{BOM}": "ANAM-2026-000001",
    "ANAM-٢٠٢٦-٠٠٠٠٠١": "ANAM-2026-000001",
    "ANAM-۲۰۲۶-۰۰۰۰۰۱": "ANAM-2026-000001",
    "ＡＮＡＭ－２０２６－０００００１": "ANAM-2026-000001",
    "ANAM-2O26-OOOOOI": "ANAM-2026-000001",
    "anam-2o26-oooool": "ANAM-2026-000001",
    "ANAM-2026-000001.": "ANAM-2026-000001",
    "(ANAM-2026-000001),": "ANAM-2026-000001",
    f"«{NBSP}ANAM-2026-000001{NBSP}»": "ANAM-2026-000001",
    '"anam-2026-1";': "ANAM-2026-000001",
    "#ANAM:2026:1": "ANAM-2026-000001",
}
NO_NUMBERS = [
    "",
    "ANAM",
    "ANAM-2026",
    "2026-000001",
    "ANAM-2026-0",
    "ANAM-26-1",
    "ANAM-2026-000001-5",
    "ANAM-2026-1234567890",
    "رقم",
]

FILE_NAMES = {
    "plan.pdf": "plan.pdf",
    "PLAN.PDF": "PLAN.PDF",
    "شهادة السكنى.pdf": "شهادة السكنى.pdf",
    "plan.pdf ": "plan.pdf",
    f"plan.pdf{NBSP}": "plan.pdf",
    "plan.pdf.": "plan.pdf",
    "plan.pdf. .": "plan.pdf",
    f"plan.pdf{RLM}": "plan.pdf",
    f"{LRM}plan.pdf{LRM}": "plan.pdf",
    f"{LRE}plan.pdf{PDF}": "plan.pdf",
    f"{LRI}plan.pdf{PDI}": "plan.pdf",
    f"{BOM}plan.pdf": "plan.pdf",
    f"plan.{LRM}pdf": "plan.pdf",
    f"plan.p{ZWSP}d{SHY}f": "plan.pdf",
    "plan. pdf": "plan.pdf",
    "plan.ｐｄｆ": "plan.pdf",
    "e\u0301te\u0301.pdf": "été.pdf",
    "a b;'\"%&.PDF": "a b;'\"%&.PDF",
    "..pdf": "..pdf",
    "plan v1.2 (final).pdf": "plan v1.2 (final).pdf",
}
"""The marks at the ends and in the ending go, the name's letters stay."""

NO_FILE_NAMES = {
    "../plan.pdf": "file_name_path",
    "/etc/plan.pdf": "file_name_path",
    "C:\\plan.pdf": "file_name_path",
    "fdp\u202e.pdf": "bidi_override",
    f"a\u202efdp.exe{PDF}.pdf": "bidi_override",
    "plan": "file_name_ending",
    "plan.exe": "file_name_ending",
    "plan.pdf.exe": "file_name_ending",
    f"plan.exe{RLM}": "file_name_ending",
    ".pdf": "file_name_missing",
    f"{RLM}.pdf": "file_name_missing",
    "": "blank",
    RLM: "blank",
    "plan\n.pdf": "line_break",
    "plan\x00.pdf": "control_character",
    "plan\ud83d.pdf": "surrogate",
    "x" * 147 + ".pdf": "too_long",
    "\U0001d160" * 140 + ".pdf": "too_long",
}
"""What is refused, and the cause that the sender is told."""

MEDIA_TYPES = {
    "application/pdf": "pdf",
    "Application/PDF": "pdf",
    " application/pdf ": "pdf",
    'application/pdf; charset=binary; name="a;b.pdf"': "pdf",
    "APPLICATION/PDF ;\tcharset=x": "pdf",
    f"{LRM}application/pdf": "pdf",
    "application/x-pdf": "pdf",
    "image/jpeg": "jpg",
    "image/jpg": "jpg",
    "IMAGE/JPG; q=1": "jpg",
    "image/pjpeg": "jpeg",
    "image/jpg ": "jfif",
    "image/jpe": "jpe",
    "image/x-png": "png",
    "image/tif": "tif",
    "image/x-tiff": "tiff",
    "application/msword": "docx",
    "application/zip": "docx",
    "application/x-zip-compressed": "xlsx",
    "application/x-vnd.oasis.opendocument.text": "odt",
    "text/plain; charset=utf-8": "txt",
    "application/vnd.ms-excel": "csv",
    "text/comma-separated-values": "csv",
    "text/x-csv": "csv",
    "application/csv": "csv",
    "text/csv; header=present": "csv",
    "text/xml": "xml",
    "Text/XML; charset=windows-1256": "xml",
}
"""A media type as programs announce it, and an ending that it agrees with."""

UNKNOWN_TYPES = ["", "  ", "application/octet-stream", "Application/Octet-Stream; x=y", "binary/octet-stream"]
"""What is said of a file whose type is not known: it agrees with every ending."""

NO_MEDIA_TYPES = [
    ("image/png", "jpg"),
    ("application/pdf", "txt"),
    ("pdf", "pdf"),
    ("text/html", "txt"),
    ("*/*", "pdf"),
]
