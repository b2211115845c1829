"""A template of answers: a text in Arabic and in French that an organism's agents begin an answer with."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from mailroom.fields.text import Name, Paragraphs, Read, not_blank

MOST_TEMPLATES = 100
"""Of one organism: all of them are read for the list."""

TemplateId = Annotated[str, Read, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$")]
"""Also a UUID."""

Title = Annotated[Name, StringConstraints(max_length=100)]
AnswerText = Annotated[Paragraphs, StringConstraints(min_length=1, max_length=5_000), AfterValidator(not_blank)]
"""Plain text. A hundred of the longest in both languages are 3 MB, and an answer of Lambda has room for 6."""


class BilingualTitle(BaseModel):
    """A template's name in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    fr: Annotated[Title, Field(examples=["Attestation jointe"])]
    ar: Annotated[Title, Field(examples=["الشهادة مرفقة"])]


class BilingualText(BaseModel):
    """A template's text in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    fr: Annotated[AnswerText, Field(examples=["Votre attestation est jointe."])]
    ar: Annotated[AnswerText, Field(examples=["شهادتكم مرفقة."])]


class AnswerTemplate(BaseModel):
    """A template under its id."""

    model_config = ConfigDict(frozen=True)

    template_id: str
    name: BilingualTitle
    text: BilingualText
