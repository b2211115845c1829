"""Enrolment: the description of an organism that joins. Requests and the directory in CSV follow the same rules."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from mailroom.domain.organism import (
    ACTIVE,
    RESERVED_IDS,
    Accepts,
    Alerts,
    Bilingual,
    Category,
    Code,
    Organism,
    OrganismId,
    OrganismStatus,
    Reminders,
    Webhook,
)
from mailroom.domain.refusals import FieldError, FieldsWrong
from mailroom.fields import web_address
from mailroom.fields.email_address import Email
from mailroom.fields.forms import FilledIn, Form
from mailroom.fields.telephone import Phone
from mailroom.fields.text import Name, is_arabic

_MOST_ADDRESSES = 10


def without_arabic(name: str) -> str:
    """Refuse a French name that holds Arabic letters."""
    if is_arabic(name):
        raise PydanticCustomError("arabic_astray", "Arabic")
    return name


def with_arabic(name: str) -> str:
    """Refuse an Arabic name without Arabic letters."""
    if not is_arabic(name):
        raise PydanticCustomError("arabic_expected", "no Arabic")
    return name


def at_least_one(emails: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse an organism without an e-mail address for alerts."""
    if not emails:
        raise PydanticCustomError("no_alert_address", "an e-mail address for alerts is required")
    return emails


def not_reserved(organism_id: str) -> str:
    """Refuse an identifier that is the name of a page."""
    if organism_id in RESERVED_IDS:
        raise PydanticCustomError("organism_id_reserved", "the name of a page")
    return organism_id


NewOrganismId = Annotated[OrganismId, AfterValidator(not_reserved)]


class Names(Bilingual):
    """The Arabic and French names of an organism, each in its script."""

    fr: Annotated[Name, AfterValidator(without_arabic), Field(examples=["Agence nationale de l'assurance maladie"])]
    ar: Annotated[Name, AfterValidator(with_arabic), Field(examples=["الوكالة الوطنية للتأمين الصحي"])]


class Desk(Alerts):
    """Where the organism is alerted when mail arrives.

    At least one address is required, so that no mail waits unseen.
    """

    emails: Annotated[tuple[Email, ...], FilledIn, Field(max_length=_MOST_ADDRESSES), AfterValidator(at_least_one)]
    phones: Annotated[tuple[Phone, ...], FilledIn, Field(max_length=_MOST_ADDRESSES)] = ()


class Enrolment(Form):
    """The description of an organism, given at enrolment."""

    code: Annotated[Code, Field(examples=["ANAM"], description="The prefix of the organism's register numbers.")]
    category: Category
    name: Names
    city: Name | None = None
    status: OrganismStatus = ACTIVE
    alerts: Desk
    accepts: Accepts = Accepts()
    language: Literal["ar", "fr"] = "fr"
    reminders: Reminders = Reminders()
    sms_to_senders: Annotated[bool, Field(strict=True)] = True
    webhook: Webhook | None = None
    is_test: Annotated[
        bool, Field(strict=True, description="Whether only tests write to it: the list for senders leaves it out.")
    ] = False

    def of(self, organism_id: str) -> Organism:
        """The organism with that id."""
        values = self.model_dump(include=set(Enrolment.model_fields))
        return Organism.model_validate({"organism_id": organism_id} | values)


def require_reachable(webhook: Webhook, *, loopback: bool) -> None:
    """Raise FieldsWrong for a webhook whose name has no public address; with `loopback`, this machine's own will do."""
    try:
        web_address.reachable(webhook.url, loopback=loopback)
    except web_address.NotReachableError:
        raise FieldsWrong(FieldError("webhook.url", "not_reachable")) from None
