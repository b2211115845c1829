"""Who sends: the contact details of step 3, one shape for each kind of sender."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints

from mailroom.identifiers import Email, Ice, NationalId, Phone
from mailroom.text import Name, Paragraphs, Words


class _Contact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    email: Annotated[Email, Field(examples=["amina.alaoui@exemple.ma"])]
    phone: Annotated[Phone, Field(examples=["0612345678"])]
    address: Annotated[Paragraphs, StringConstraints(max_length=500)] | None = None
    privacy_notice_version: Annotated[Words, StringConstraints(max_length=20), Field(examples=["1"])]
    """The version of the privacy notice that was read."""


class Citizen(_Contact):
    """A person; the identity number only where the organism is authorised to take it."""

    kind: Literal["citizen"]
    first_name: Annotated[Name, Field(examples=["Amina"])]
    last_name: Annotated[Name, Field(examples=["Alaoui"])]
    national_id: NationalId | None = None


class TradeRegister(BaseModel):
    """An entry of the trade register means something only with the court that keeps it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    number: Annotated[Words, StringConstraints(max_length=20), Field(examples=["12345"])]
    court: Annotated[Name, Field(examples=["Casablanca"])]


class Enterprise(_Contact):
    """A company, known by its common identifier."""

    kind: Literal["enterprise"]
    legal_name: Name
    ice: Annotated[Ice, Field(examples=["001531097000035"])]
    trade_register: TradeRegister | None = None
    contact_name: Name


class Administration(_Contact):
    """A public body writing to another."""

    kind: Literal["administration"]
    name: Name
    service: Name
    contact_name: Name


class Association(_Contact):
    """An association, with the number of its declaration where it has one."""

    kind: Literal["association"]
    name: Name
    declaration_number: Annotated[Words, StringConstraints(max_length=50)] | None = None
    contact_name: Name


Sender = Annotated[Citizen | Enterprise | Administration | Association, Discriminator("kind")]
