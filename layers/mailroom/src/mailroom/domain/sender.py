"""Who sends: the contact details of step 3, one shape for each kind of sender."""

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from mailroom.fields.email_address import Email
from mailroom.fields.forms import Form
from mailroom.fields.identifiers import Country, Ice, NationalId
from mailroom.fields.telephone import Phone
from mailroom.fields.text import Name, Paragraphs, Typed
from mailroom.fields.typed import trimmed


class _Contact(Form):
    """How to reach a sender: by e-mail or by telephone. Whether one is needed depends on how the mail comes in."""

    model_config = ConfigDict(strict=True)

    email: Annotated[Email | None, Field(examples=["amina.alaoui@exemple.ma"])] = None
    phone: Annotated[Phone | None, Field(examples=["0612345678"])] = None
    sms: Annotated[
        bool | None,
        Field(
            description=(
                "Whether to inform the sender by SMS. When absent, only a sender without an e-mail address is "
                "informed by SMS."
            )
        ),
    ] = None
    address: Annotated[Paragraphs, AfterValidator(trimmed), StringConstraints(max_length=500)] | None = None
    privacy_notice_version: Annotated[Typed, StringConstraints(max_length=20), Field(examples=["1"])]
    """The version of the privacy notice that was read."""


class Citizen(_Contact):
    """A person. The identity number is accepted only by organisms authorised to collect it."""

    kind: Literal["citizen"]
    first_name: Annotated[
        Name | None, Field(examples=["Amina"], description=("May be absent: some people have a single name."))
    ] = None
    last_name: Annotated[Name, Field(examples=["Alaoui"])]
    national_id: NationalId | None = None


class TradeRegister(Form):
    """An entry in the trade register, with the court that keeps it."""

    model_config = ConfigDict(strict=True)

    number: Annotated[Typed, StringConstraints(max_length=20), Field(examples=["12345"])]
    court: Annotated[Name, Field(examples=["Casablanca"])]


class ForeignRegistration(Form):
    """The registration of an enterprise in its own country. Any form of number is accepted."""

    model_config = ConfigDict(strict=True)

    country: Annotated[
        Country, Field(examples=["FR"], description=("ISO 3166-1 alpha-2 code of a country other than Morocco."))
    ]
    number: Annotated[Typed, StringConstraints(max_length=50), Field(examples=["552 100 554"])]


class Enterprise(_Contact):
    """A company, identified by its ICE or by its registration abroad."""

    kind: Literal["enterprise"]
    legal_name: Name
    foreign_registration: ForeignRegistration | None = None
    ice: Annotated[
        Ice | None,
        Field(
            examples=["001531097000035"],
            description="Required unless `foreign_registration` is given.",
            validate_default=True,
        ),
    ] = None
    trade_register: TradeRegister | None = None
    contact_name: Name

    @field_validator("ice")
    @classmethod
    def _is_known_by_something(cls, ice: str | None, info: ValidationInfo) -> str | None:
        # A wrong foreign registration is absent from `data`, and said to be wrong already.
        if ice is None and info.data.get("foreign_registration", "wrong") is None:
            raise PydanticCustomError("ice_missing", "ICE")
        return ice


class Administration(_Contact):
    """A public body writing to another."""

    kind: Literal["administration"]
    name: Name
    service: Name
    contact_name: Name


class Association(_Contact):
    """An association, with its declaration number if it has one."""

    kind: Literal["association"]
    name: Name
    declaration_number: Annotated[Typed, StringConstraints(max_length=50)] | None = None
    contact_name: Name


Sender = Annotated[Citizen | Enterprise | Administration | Association, Discriminator("kind")]
