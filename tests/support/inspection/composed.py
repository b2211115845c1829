"""Notifications worded for tests, and an e-mail as its reader gets it."""

import itertools
from datetime import datetime
from html.parser import HTMLParser
from typing import get_args

from mailroom.domain import clock
from mailroom.domain.organism import Language
from mailroom.notifying.notifications import Template
from mailroom.notifying.wording import Values, WordedEmail, WordedSms, compose

LANGUAGES: tuple[Language, ...] = ("ar", "fr", "en")


TEMPLATES: tuple[Template, ...] = get_args(Template)

EMAIL_ALONE: tuple[Template, ...] = (
    "organism_reminder",
    "organism_warned_file",
    "organism_unchecked_file",
    "organism_answer_blocked",
)

BY_SMS: tuple[Template, ...] = tuple(template for template in TEMPLATES if template not in EMAIL_ALONE)

EACH = list(itertools.product(TEMPLATES, LANGUAGES))

EACH_SMS = list(itertools.product(BY_SMS, LANGUAGES))


def values(template: Template = "organism_alert", **changed: str | datetime) -> Values:
    number = str(changed.get("number", "ANAM-2026-000001"))
    site = "https://courrier.exemple.ma"
    told: dict[str, str | datetime] = {
        "number": number,
        "organism": "Agence nationale de l'assurance maladie",
        "submitted_at": clock.parse("2026-07-22T10:15:03.123Z"),
    }
    if template == "organism_alert":
        told |= {"sender_kind": "citizen", "subject": "Ma demande"}
    elif template in {"organism_warned_file", "organism_unchecked_file", "organism_answer_blocked"}:
        pass
    elif template == "organism_reminder":
        told |= {"count": "10000", "numbers": f"{number}, ANAM-2026-000007"}
    elif template == "sender_redirected":
        told |= {
            "follow_up_url": f"{site}/suivi#{number}/7KQ2-9XWV-3MNP-4RTY",
            "new_organism": "Ministère de la santé",
            "new_number": "SANTE-2026-000012",
            "new_follow_up_url": f"{site}/suivi#SANTE-2026-000012/8KQ2-9XWV-3MNP-4RTY",
        }
    elif template in {"sender_collected", "sender_answered", "sender_rejected", "sender_file_blocked"}:
        told |= {"follow_up_url": f"{site}/suivi#{number}/7KQ2-9XWV-3MNP-4RTY"}
    else:
        told |= {
            "follow_up_url": f"{site}/suivi#{number}/7KQ2-9XWV-3MNP-4RTY",
            "verification_code": "ABCD-EFGH-JKMN-PQRS",
            "verification_page": f"{site}/verifier#ABCD-EFGH-JKMN-PQRS",
            "letter_kind": "request",
        }
    if template.startswith("sender_"):
        told |= {"not_mine_url": f"{site}/s#{number}/7KQ2-9XWV-3MNP-4RTY/not-mine"}
    return told | changed


def an_email(template: Template, language: Language, **changed: str | datetime) -> WordedEmail:
    composed = compose(template, "email", language, values(template, **changed))
    assert isinstance(composed, WordedEmail)
    return composed


def an_sms(template: Template, language: Language, **changed: str | datetime) -> str:
    composed = compose(template, "sms", language, values(template, **changed))
    assert isinstance(composed, WordedSms)
    return composed.text


class Page(HTMLParser):
    """An HTML text as a reader gets it: its elements, their attributes, its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]
