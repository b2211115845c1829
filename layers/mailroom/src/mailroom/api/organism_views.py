"""Organisms as the API answers them."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field

from mailroom.domain.organism import Accepts, Organism, OrganismStatus, OrganismSummary
from mailroom.domain.privacy_notice import PrivacyNotice
from mailroom.fields.forms import Form
from mailroom.fields.text import without_surrogates

MOST_WRONG = 1000
"""Wrong cells that one answer names."""


class OrganismPage(BaseModel):
    """A page of the directory: the best matches of a search first, otherwise in the order of French names."""

    items: list[OrganismSummary]
    next_cursor: str | None


class OrganismDetails(OrganismSummary):
    """An organism, its limits, and the privacy notice to show before contact details are entered."""

    status: OrganismStatus
    accepts: Accepts
    privacy_notice: PrivacyNotice


class FailingContact(BaseModel):
    """An address of an organism that rejects messages; `FailingAddress` lists the reasons."""

    address: str
    reason: str
    since: str
    until: Annotated[str | None, Field(description="When the failure expires; null if it is permanent.")]


class EnrolledOrganism(Organism):
    """An organism as operators entered it."""

    version: Annotated[
        str,
        Field(
            description="The version of the organism, to be sent in `If-Match` with a change.",
            examples=["6c1d1c9f4b0f4d0e8f1a2b3c4d5e6f70"],
        ),
    ]
    failing: Annotated[list[FailingContact], Field(description="Its addresses that reject messages at present.")]
    unreachable: Annotated[bool, Field(description="True if none of its addresses works: contact it by telephone.")]


class EnrolledPage(BaseModel):
    """A page of all organisms: the best matches of a search first, otherwise in the order of French names."""

    items: list[EnrolledOrganism]
    next_cursor: str | None
    total: Annotated[int, Field(description="The number of organisms that match.")]


class EnrolledDetails(EnrolledOrganism):
    """An organism as operators entered it, and whether its code is fixed."""

    code_fixed: Annotated[
        bool, Field(description="True if its register has entries: neither `code` nor `is_test` can change.")
    ]


class DirectoryFile(Form):
    """A directory in CSV, of 5,000 organisms at most."""

    csv: Annotated[
        str,
        BeforeValidator(without_surrogates),
        Field(
            description=(
                "Columns `organism_id`, `code`, `category`, `name_fr`, `name_ar`, `alert_emails`, and optionally "
                "`city`, `language`, `alert_phones`, `national_id`, `is_test` (`yes` or `no`), separated by commas, "
                "semicolons or tabs. Several addresses in a cell are separated by spaces. Without an optional column, "
                "its field stays."
            ),
            examples=["organism_id,code,category,name_fr,name_ar,alert_emails\n…"],
        ),
    ]


class WrongRow(BaseModel):
    """A cell of the directory that is wrong."""

    row: Annotated[int, Field(description="The row as a spreadsheet counts it: the heading is row 1.")]
    field: Annotated[
        str, Field(description="The column; empty where the whole row is wrong.", examples=["alert_emails"])
    ]
    message: Annotated[str, Field(description="What to do, in the language of `Accept-Language`.")]


class DirectoryCheck(BaseModel):
    """What loading a directory would do. Nothing was written."""

    rows: Annotated[int, Field(description="The organisms in the file, if nothing is wrong.")]
    new: int
    changed: int
    unchanged: int
    wrong: Annotated[int, Field(description="The number of cells that are wrong.")]
    errors: Annotated[list[WrongRow], Field(description="The first thousand of them, by row.", max_length=MOST_WRONG)]


class DirectoryLoad(BaseModel):
    """What was written of a directory. Send the same file again until none is left: nothing is written twice."""

    rows: int
    written: Annotated[int, Field(description="The organisms that were created or changed by this request.")]
    unchanged: Annotated[int, Field(description="The organisms that are as the file says already.")]
    left: Annotated[int, Field(description="The organisms that are not written yet: send the file again.")]


class Enrolled(Organism):
    """An organism after its enrolment or update."""

    webhook_secret: Annotated[
        str | None,
        Field(
            description=(
                "The secret that signs the calls to the webhook (Standard Webhooks). It is shown once, in the answer "
                "to a request whose `secret_version` is higher than any before, and null otherwise. To replace the "
                "secret, send the next version."
            ),
            examples=["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"],
        ),
    ]
    email_suggestions: Annotated[
        dict[str, str],
        Field(
            description="Alert addresses whose domain looks mistyped, with the addresses that may be meant.",
            examples=[{"bureau@gmail.con": "bureau@gmail.com"}],
        ),
    ]
