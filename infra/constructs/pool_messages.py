"""The e-mails that the user pool sends to agents and operators, in Arabic, in French and in English.

Cognito sends two: the invitation with a first password, and a code, for a forgotten password or a changed address. It
puts the name of the user in place of `{username}` and the password or the code in place of `{####}`. It refuses a text
that holds anything but letters, marks, symbols, numbers, punctuation and plain white space
(https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_MessageTemplateType.html): no-break
spaces are written as entities of HTML, and elements isolate what reads from left to right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

USERNAME, CODE = "{username}", "{####}"
"""What Cognito fills in."""

type Language = Literal["ar", "fr", "en"]


@dataclass(frozen=True, kw_only=True)
class Words:
    """What both e-mails say in one language."""

    service: str
    automatic: str
    sign_in: str
    """Before the link."""
    sign_in_elsewhere: str
    """Where the stage has no address of its own yet."""
    invited: str
    invitation: str
    username: str
    first_password: str
    how_to_begin: str
    second_factor: str
    secret: str
    unexpected: str
    code: str
    code_is_for: str
    code_ends: str
    unasked: str


WORDS: dict[Language, Words] = {
    "ar": Words(
        service="مكتب الضبط الرقمي",
        automatic="هذا بريد آلي، لا تجيبوا عليه.",
        sign_in="للدخول إلى فضاء الموظف:",
        sign_in_elsewhere="ادخلوا إلى فضاء الموظف على العنوان الذي يوافيكم به المشرفون على الخدمة.",
        invited="حسابكم في مكتب الضبط الرقمي",
        invitation="فُتح لكم حساب في مكتب الضبط الرقمي.",
        username="اسم المستخدم",
        first_password="كلمة المرور المؤقتة",  # noqa: S106 - the words for it
        how_to_begin="كلمة المرور المؤقتة صالحة لثلاثة أيام. عند أول دخول، تختارون كلمة مرور خاصة بكم.",
        second_factor="ثم تربطون الحساب بتطبيق مصادقة على هاتفكم: يُطلب منكم رمز هذا التطبيق عند كل دخول.",
        secret="لا تعطوا كلمة المرور لأحد: المشرفون على الخدمة لا يطلبونها أبدا.",  # noqa: S106 - a warning
        unexpected="لم تكونوا تنتظرون هذا البريد الإلكتروني؟ لا تفتحوا الرابط واحذفوا هذا البريد الإلكتروني.",
        code="رمز حسابكم في مكتب الضبط الرقمي",
        code_is_for="اكتبوا هذا الرمز لاختيار كلمة مرور جديدة، أو لتأكيد عنوان بريدكم الإلكتروني:",
        code_ends="يُستعمل الرمز مرة واحدة خلال ساعة. لا تعطوه لأحد.",
        unasked="لم تطلبوا أي رمز؟ احذفوا هذا البريد الإلكتروني: لا يتغير أي شيء بدون هذا الرمز.",
    ),
    "fr": Words(
        service="Bureau d’ordre digital",
        automatic="Ne répondez pas à ce message automatique.",
        sign_in="Pour vous connecter à votre espace agent :",
        sign_in_elsewhere="Connectez-vous à votre espace agent, à l’adresse que vous donnent les responsables du "
        "service.",
        invited="Votre compte au Bureau d’ordre digital",
        invitation="Un compte vous a été ouvert au Bureau d’ordre digital.",
        username="Identifiant",
        first_password="Mot de passe provisoire",  # noqa: S106 - the words for it
        how_to_begin="Ce mot de passe provisoire est valable trois jours. À la première connexion, vous choisissez "
        "votre propre mot de passe.",
        second_factor="Vous associez ensuite au compte une application d’authentification sur votre téléphone : son "
        "code vous est demandé à chaque connexion.",
        secret="Ne donnez ce mot de passe à personne : les responsables du service ne le "  # noqa: S106 - a warning
        "demandent jamais.",
        unexpected="Vous n’attendiez pas ce message ? N’ouvrez pas le lien et supprimez ce message.",
        code="Le code de votre compte au Bureau d’ordre digital",
        code_is_for="Saisissez ce code pour choisir un nouveau mot de passe, ou pour confirmer votre adresse "
        "électronique :",
        code_ends="Le code sert une fois, dans l’heure qui suit. Ne le donnez à personne.",
        unasked="Vous n’avez demandé aucun code ? Supprimez ce message : sans le code, rien ne change.",
    ),
    "en": Words(
        service="Bureau d’ordre digital (digital mail office)",
        automatic="Do not reply to this automatic message.",
        sign_in="To sign in to your agent pages:",
        sign_in_elsewhere="Sign in to your agent pages, at the address that the service team gives you.",
        invited="Your account at the digital mail office",
        invitation="An account was opened for you at the Bureau d’ordre digital, the digital mail office.",
        username="User name",
        first_password="Temporary password",  # noqa: S106 - the words for it
        how_to_begin="This temporary password is valid for three days. When you first sign in, you choose a password "
        "that only you know.",
        second_factor="Then you connect an authenticator app on your telephone to the account: its code is asked for "
        "each time you sign in.",
        secret="Do not give this password to anyone: the service team never asks for it.",  # noqa: S106 - a warning
        unexpected="You did not expect this message? Do not open the link, and delete this message.",
        code="The code for your account at the digital mail office",
        code_is_for="Enter this code to choose a new password, or to confirm your e-mail address:",
        code_ends="The code works once, within an hour. Do not give it to anyone.",
        unasked="You did not ask for a code? Delete this message: without the code, nothing changes.",
    ),
}
"""In the order of the e-mails."""

_DIRECTION = {"ar": "rtl", "fr": "ltr", "en": "ltr"}

_STYLE = """\
body { margin: 0; padding: 16px; background: #ffffff; color: #1a1a1a; font: 16px/1.6 Arial, Tahoma, sans-serif; }
section { max-width: 36em; margin: 0 auto 32px; }
.service { padding-bottom: 8px; border-bottom: 3px solid #0b5d46; color: #0b5d46; font-weight: bold; }
h1 { font-size: 22px; line-height: 1.3; }
a { color: #0b4f8a; overflow-wrap: anywhere; }
.given { white-space: nowrap; font-weight: bold; }
.note { color: #444444; font-size: 14px; }"""


@dataclass(frozen=True, kw_only=True)
class PoolMessage:
    """One of Cognito's messages, in all three languages."""

    subject: str
    """At most 140 characters."""
    html: str
    """At most 20,000 characters."""
    sms: str
    """At most 140 characters. Cognito demands it; the pool has no telephone numbers, and sends none."""


def invitation(public_url: str | None, *, second_factor: bool) -> PoolMessage:
    """The message that a first password comes with."""
    sections = []
    for language, words in WORDS.items():
        given = _labelled(words.username, USERNAME), _labelled(words.first_password, CODE)
        said = [words.how_to_begin, words.second_factor] if second_factor else [words.how_to_begin]
        notes = [words.secret, words.unexpected, words.automatic]
        shown = [_paragraph(words.invitation), *given, *map(_paragraph, said), _door(language, public_url)]
        sections.append(_section(language, words.invited, [*shown, *map(_note, notes)]))
    return PoolMessage(
        subject=_subject([words.invited for words in WORDS.values()]),
        html=_document(sections),
        sms=_sms(f"{USERNAME} {CODE}"),
    )


def code(public_url: str | None) -> PoolMessage:
    """The message that a code comes with: for a forgotten password, or to confirm an address."""
    sections = []
    for language, words in WORDS.items():
        shown = [_paragraph(words.code_is_for), f"<p>{_given(CODE)}</p>", _paragraph(words.code_ends)]
        notes = [words.unasked, words.automatic]
        sections.append(_section(language, words.code, [*shown, _door(language, public_url), *map(_note, notes)]))
    return PoolMessage(
        subject=_subject([words.code for words in WORDS.values()]), html=_document(sections), sms=_sms(CODE)
    )


def _subject(titles: Sequence[str]) -> str:
    return " | ".join(titles)


def _sms(filled_in: str) -> str:
    return f"{WORDS['ar'].service} / {WORDS['fr'].service}\n{filled_in}"


def _document(sections: Sequence[str]) -> str:
    head = f'<head><meta charset="utf-8"><title>{_text(WORDS["fr"].service)}</title><style>\n{_STYLE}\n</style></head>'
    return f'<!doctype html>\n<html lang="ar" dir="rtl">\n{head}\n<body>\n{"\n".join(sections)}\n</body>\n</html>'


def _section(language: Language, title: str, shown: Sequence[str]) -> str:
    opening = f'<section lang="{language}" dir="{_DIRECTION[language]}">'
    service = f'<p class="service">{_text(WORDS[language].service)}</p>'
    return "\n".join([opening, service, f"<h1>{_text(title)}</h1>", *shown, "</section>"])


def _door(language: Language, public_url: str | None) -> str:
    words = WORDS[language]
    if public_url is None:
        return _paragraph(words.sign_in_elsewhere)
    address = escape(f"{public_url}/{language}/desk/")
    return f'<p>{_text(words.sign_in)}<br><a href="{address}"><bdi dir="ltr">{address}</bdi></a></p>'


def _labelled(label: str, filled_in: str) -> str:
    return f"<p>{_text(label)}<br>{_given(filled_in)}</p>"


def _given(filled_in: str) -> str:
    return f'<bdi class="given" dir="ltr">{filled_in}</bdi>'


def _paragraph(text: str) -> str:
    return f"<p>{_text(text)}</p>"


def _note(text: str) -> str:
    return f'<p class="note">{_text(text)}</p>'


def _text(text: str) -> str:
    return escape(text).replace("\u00a0", "&#160;")
