"""The outcome that an agent gives a mail, as it is sent to the API."""

from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from mailroom.domain.mail import OutcomeName
from mailroom.domain.organism import OrganismId
from mailroom.domain.refusals import FieldError, FieldsWrong
from mailroom.fields.forms import Form
from mailroom.fields.text import Paragraphs, is_blank
from mailroom.mails.outcome import Decision


def _seen(value: str) -> str:
    if is_blank(value):
        raise PydanticCustomError("blank", "blank")
    return value


Message = Annotated[Paragraphs, StringConstraints(min_length=1, max_length=20_000), AfterValidator(_seen)]


class Closing(Form):
    """The outcome of a mail. `redirect_to` is required for a redirection and refused otherwise."""

    model_config = ConfigDict(
        strict=True,
        json_schema_extra={
            "examples": [
                {"outcome": "answered", "message": "Votre attestation est jointe."},
                {"outcome": "redirected", "message": "Cela relève d'un autre organisme.", "redirect_to": "adm"},
            ]
        },
    )

    outcome: OutcomeName
    message: Annotated[Message, Field(description="A message shown to the sender on the follow-up page.")]
    redirect_to: Annotated[OrganismId | None, Field(examples=["adm"])] = None

    def decision(self) -> Decision:
        """The outcome with all that belongs to it. Raises FieldsWrong where `redirect_to` and the outcome disagree."""
        if self.outcome == "redirected" and self.redirect_to is None:
            raise FieldsWrong(FieldError("redirect_to", "missing"))
        if self.outcome != "redirected" and self.redirect_to is not None:
            raise FieldsWrong(FieldError("redirect_to", "redirect_to_needless"))
        return Decision(self.outcome, self.message, self.redirect_to)
