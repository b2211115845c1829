"""The receipt's fixed words, in French and Arabic, and how it writes dates and sizes."""

from datetime import date, datetime
from typing import NamedTuple

from bidirectional.direction import isolate
from mailroom.domain.clock import in_casablanca
from render_receipt.printed import LetterKind, SenderKind


class Words(NamedTuple):
    """The same words in the two languages."""

    fr: str
    ar: str


CREATOR = "Bureau d’ordre digital"
"""The program that the file says it was made with."""
KINGDOM = Words("ROYAUME DU MAROC", "المملكة المغربية")
KINGDOM_AMAZIGH = "ⵜⴰⴳⵍⴷⵉⵜ ⵏ ⵍⵎⵖⵔⵉⴱ"
TITLE = Words("Accusé de réception", "إشعار بالتوصل")
OFFICE = Words("Bureau d’ordre digital", "مكتب الضبط الرقمي")
CONTINUED = Words("Accusé de réception (suite)", "إشعار بالتوصل (تتمة)")

NUMBER = Words("Numéro d’ordre", "رقم التسجيل")
SUBMITTED_AT = Words("Déposé le", "تاريخ الإيداع")
ORGANISM = Words("Organisme destinataire", "الهيئة المرسل إليها")
REDIRECTED_FROM = Words("Transmis par", "أحيلت من طرف")
CHANNEL = Words("Mode de dépôt", "طريقة الإيداع")
AT_COUNTER = Words("Remis sur papier au guichet de l’organisme.", "سُلمت المراسلة ورقيا في شباك الهيئة.")
AT_FIRST_COUNTER = Words(
    "Remis sur papier au guichet de l’organisme qui l’a transmis.",
    "سُلمت المراسلة ورقيا في شباك الهيئة التي أحالتها.",
)
SENDER = Words("Expéditeur", "المرسل")
LETTER_KIND = Words("Nature du courrier", "نوع المراسلة")
REFERENCE = Words("Référence de l’expéditeur", "مرجع المرسل")
SUBJECT = Words("Objet", "الموضوع")
ATTACHMENTS = Words("Pièces jointes", "المرفقات")
BYTES = Words("octets", "بايت")
RECORD = Words(
    "Empreinte SHA-256 du relevé de dépôt scellé",
    f"بصمة بيان الإيداع المختوم ({isolate('SHA-256')})",
)

SENDER_KINDS: dict[SenderKind, Words] = {
    "citizen": Words("Citoyen(ne)", "مواطن(ة)"),
    "enterprise": Words("Entreprise", "مقاولة"),
    "administration": Words("Administration", "إدارة"),
    "association": Words("Association", "جمعية"),
}
LETTER_KINDS: dict[LetterKind, Words] = {
    "request": Words("Demande", "طلب"),
    "complaint": Words("Réclamation", "شكاية"),
    "information": Words("Information", "إخبار"),
    "invoice": Words("Facture", "فاتورة"),
    "reply": Words("Réponse", "جواب"),
    "other": Words("Autre", "أخرى"),
}

MEANING = Words(
    "Cet accusé de réception atteste que l’organisme a reçu, à la date et à l’heure indiquées, le courrier "
    "et les pièces jointes décrits ci-dessus. Il ne se prononce ni sur le caractère complet du "
    "dossier, ni sur la suite qui lui sera donnée, et ne vaut pas acceptation.",
    "يشهد هذا الإشعار بأن الهيئة توصلت، في التاريخ والساعة المبينين، بالمراسلة والمرفقات "
    "الموصوفة أعلاه. ولا يفيد اكتمال الملف ولا المآل الذي سيخصص له، ولا يعد قبولا.",
)
COMPLAINT = Words(
    " Pour une réclamation, il existe aussi le portail national chikaya.ma (décret n°\xa02-17-265).",
    f" ولتقديم شكاية، توجد أيضا البوابة الوطنية للشكايات {isolate('chikaya.ma')} (المرسوم رقم {isolate('2-17-265')}).",
)
"""For the sender of a complaint: complaints also have the national portal."""

VERIFY = Words("Vérifier cet accusé de réception", "التحقق من هذا الإشعار")
HOW_TO_VERIFY = Words(
    "Scannez le code QR ou ouvrez l’adresse imprimée ci-dessous.",
    f"امسحوا رمز {isolate('QR')} ضوئيا أو افتحوا العنوان المطبوع أسفله.",
)
VERIFICATION_CODE = Words("Code de vérification", "رمز التحقق")
FOLLOW = Words("Suivre le courrier", "تتبع المراسلة")
HOW_TO_FOLLOW = Words(
    "Ouvrez l’adresse du coupon de suivi, qui est un fichier à part. Saisissez le numéro d’ordre et le code de suivi.",
    "افتحوا العنوان المطبوع على قسيمة التتبع، وهي ملف مستقل، ثم أدخلوا رقم التسجيل ورمز التتبع.",
)
SEAL = Words("Cachet électronique", "الختم الإلكتروني")
SEALED = Words(
    "Ce document est scellé. Le cachet se voit dans le panneau des signatures du lecteur PDF.",
    f"هذه الوثيقة مختومة إلكترونيا. يظهر الختم في لوحة التوقيعات بقارئ {isolate('PDF')}.",
)
ENCLOSED = Words(
    "Le fichier PDF contient aussi le relevé de dépôt scellé (record.json). "
    "Il ne contient pas les coordonnées de l’expéditeur.",
    f"يتضمن ملف {isolate('PDF')} أيضا بيان الإيداع المختوم ({isolate('record.json')}). "
    "ولا يتضمن هذا البيان بيانات الاتصال بالمرسل.",
)
"""The file holds more than the page shows: the sender must know before passing it on."""
QR = Words("Code QR de l’adresse de vérification", f"رمز {isolate('QR')} يحمل عنوان التحقق")
"""Read aloud instead of the code."""

CONFIDENTIAL = Words("CONFIDENTIEL", "سري")
SLIP = Words("Coupon de suivi", "قسيمة التتبع")
SLIP_WARNING = Words(
    "Le code de suivi donne accès à tout le courrier. Gardez ce coupon pour vous. "
    "Pour prouver votre dépôt, montrez l’accusé de réception, qui est un fichier à part.",
    "يتيح رمز التتبع الاطلاع على المراسلة كاملة. احتفظوا بهذه القسيمة لأنفسكم. "
    "ولإثبات الإيداع، قدموا الإشعار بالتوصل، وهو ملف مستقل.",
)
HOW_TO_RETURN = Words(
    "Ouvrez cette adresse, puis saisissez le numéro d’ordre et le code de suivi.",
    "افتحوا هذا العنوان، ثم أدخلوا رقم التسجيل ورمز التتبع.",
)
FOLLOW_UP_CODE = Words("Code de suivi", "رمز التتبع")
UNPRINTABLE = Words(
    "Un caractère que ce document ne peut pas imprimer est remplacé par son numéro Unicode, comme [U+13000].",
    f"كل حرف يتعذر طبعه في هذه الوثيقة معوض برقمه في يونيكود، مثل {isolate('[U+13000]')}.",
)

_MONTHS = Words(
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر",
)


def day(value: date) -> Words:
    """A date; Arabic names the months as they are named in Morocco."""
    fr, ar = (months.split()[value.month - 1] for months in _MONTHS)
    first = "1er" if value.day == 1 else str(value.day)
    return Words(f"{first} {fr} {value.year}", f"{isolate(str(value.day))} {ar} {isolate(str(value.year))}")


def moment(value: datetime) -> tuple[Words, Words]:
    """The date and the time of day in Casablanca.

    The time states its offset from UTC, which changes during Ramadan.
    """
    local = in_casablanca(value)
    offset = local.strftime("%z")
    clock = f"{local:%H:%M:%S} (UTC{offset[:3]}:{offset[3:]})"
    return day(local.date()), Words(f"à {clock}", f"على الساعة {isolate(clock)}")


def copied(value: datetime) -> Words:
    """The notice that a receipt is a copy, made at that time."""
    date, clock = moment(value)
    return Words(
        f"DUPLICATA établi le {date.fr} {clock.fr}\xa0: l’original n’est plus disponible. "
        "Le contenu est celui du relevé de dépôt scellé.",
        f"نسخة محررة في {date.ar} {clock.ar} لعدم توفر الأصل. مضمونها مأخوذ من بيان الإيداع المختوم.",
    )


def numbered(number: str) -> Words:
    """The mail's number in another register."""
    return Words(f"sous le numéro d’ordre {number}", f"تحت رقم التسجيل {isolate(number)}")


def dated(value: date) -> Words:
    """The date that a letter bears."""
    fr, ar = day(value)
    return Words(f"du {fr}", f"بتاريخ {ar}")


def size(value: int) -> str:
    """A number of bytes, its digits grouped by threes."""
    return f"{value:,}".replace(",", "\xa0")


def page(number: int, count: int) -> Words:
    """The number of a page, and of all pages."""
    return Words(f"Page {number}/{count}", f"الصفحة {isolate(f'{number}/{count}')}")
