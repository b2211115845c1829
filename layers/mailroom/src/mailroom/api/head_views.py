"""The registers' heads as the API lists them."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

HeadDate = Annotated[str, Field(examples=["2026-11-22"], json_schema_extra={"format": "date"})]


class HeadView(BaseModel):
    """The head of one day, and its address."""

    model_config = ConfigDict(frozen=True)

    date: HeadDate
    url: Annotated[str, Field(examples=["/v1/register-heads/2026-11-22"])]


class HeadPage(BaseModel):
    """A page of heads, newest first."""

    items: list[HeadView]
    next_cursor: str | None
