"""A sender as it is shown again: one flat shape for all kinds, identity numbers masked.

Kept apart from `sender`, which loads the libraries that check identifiers: showing needs none of them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from mailroom.domain.mail import Mail

SenderKind = Literal["citizen", "enterprise", "administration", "association"]

_SHOWN = 2
_PHONE_BEGINS = 5


class TradeRegisterView(BaseModel):
    """An entry in the trade register, and the court that keeps it."""

    model_config = ConfigDict(frozen=True)

    number: str
    court: str


class ForeignRegistrationView(BaseModel):
    """An enterprise's registration in its own country (ISO 3166-1 alpha-2)."""

    model_config = ConfigDict(frozen=True)

    country: Annotated[str, Field(examples=["FR"])]
    number: str


class SenderView(BaseModel):
    """The contact details of a sender. Fields that do not apply or were left empty are null."""

    model_config = ConfigDict(frozen=True)

    kind: SenderKind
    email: Annotated[str | None, Field(examples=["amina.alaoui@exemple.ma"])] = None
    email_suggestion: Annotated[
        str | None,
        Field(
            description=(
                "The address that may be meant, when the domain of the e-mail address looks mistyped. Present only in"
                " the answer to new contact details; ask the sender."
            ),
            examples=["amina.alaoui@gmail.com"],
        ),
    ] = None
    phone: Annotated[str | None, Field(examples=["+212612345678"])] = None
    sms: Annotated[bool | None, Field(description="Whether to inform the sender by SMS, if the sender chose.")] = None
    reachable_by_email: Annotated[
        bool, Field(description="False without an e-mail address, or when messages to it bounce.")
    ] = False
    reachable_by_sms: Annotated[
        bool,
        Field(
            description=(
                "False without a telephone, when it cannot receive SMS (a landline, a country not served, a number "
                "that refused messages), or when the sender declined SMS."
            )
        ),
    ] = False
    address: str | None = None
    privacy_notice_version: Annotated[str, Field(examples=["1"])]
    first_name: str | None = None
    last_name: str | None = None
    national_id: Annotated[str | None, Field(description="Masked identity number.", examples=["AB••••56"])] = None
    legal_name: str | None = None
    ice: str | None = None
    foreign_registration: ForeignRegistrationView | None = None
    trade_register: TradeRegisterView | None = None
    name: str | None = None
    service: str | None = None
    declaration_number: str | None = None
    contact_name: str | None = None


def shown(sender: Mapping[str, object]) -> SenderView:
    """A stored sender with its identity number masked."""
    view = SenderView.model_validate(dict(sender))
    return view.model_copy(update={"national_id": masked(view.national_id)}) if view.national_id else view


def reach_of(mail: Mail, now: datetime) -> dict[str, object]:
    """By which ways messages reach a mail's sender, as `SenderView` has it."""
    return {
        "reachable_by_email": mail.reaches_sender_by("email", now),
        "reachable_by_sms": mail.reaches_sender_by("sms", now),
    }


def with_contacts_masked(view: SenderView) -> SenderView:
    """The view for who comes by a code or a link, which may be a stranger: how to reach the sender is masked.

    That it was given is seen, and enough for its owner to recognise it. Names stay: the receipt has them, for anyone.
    """
    hidden = {
        "email": masked_email(view.email) if view.email else None,
        "phone": masked_phone(view.phone) if view.phone else None,
        "address": "…" if view.address else None,
    }
    return view.model_copy(update=hidden)


def masked_email(email: str) -> str:
    """``amina@exemple.ma`` becomes ``a…@e….ma``: one letter before, one behind, and the last label."""
    local, _, domain = email.rpartition("@")
    host, _, top = domain.rpartition(".")
    return f"{local[:1]}…@{host[:1]}….{top}"


def masked_phone(phone: str) -> str:
    """``+212612345678`` becomes ``+2126••••••78``: as much as tells a sender's telephones apart."""
    hidden = max(len(phone) - _PHONE_BEGINS - _SHOWN, 0)
    return phone[:_PHONE_BEGINS] + "•" * hidden + phone[len(phone) - _SHOWN :] if hidden > _SHOWN else "•" * len(phone)


def masked(identifier: str) -> str:
    """An identity number with all but its ends hidden: ``AB123456`` becomes ``AB••••56``."""
    if len(identifier) <= 2 * _SHOWN:
        return "•" * len(identifier)
    return identifier[:_SHOWN] + "•" * (len(identifier) - 2 * _SHOWN) + identifier[-_SHOWN:]


def display_name(sender: Mapping[str, object]) -> str:
    """The name a stored sender goes by in the register and on the receipt."""
    match sender["kind"]:
        case "citizen":
            return " ".join(str(sender[part]) for part in ("first_name", "last_name") if sender.get(part))
        case "enterprise":
            return str(sender["legal_name"])
        case _:
            return str(sender["name"])
