"""An organism: a public body that has joined and keeps its bureau d'ordre here."""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from mailroom.fields.forms import Form
from mailroom.fields.text import Name, Read
from mailroom.fields.web_address import WebAddress

Category = Literal["ministry", "public_establishment", "territorial_collectivity"]
Language = Literal["ar", "fr", "en"]
OrganismStatus = Literal["active", "suspended"]
ACTIVE: Final = "active"
SUSPENDED: Final = "suspended"

OrganismId = Annotated[str, Read, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$")]
RESERVED_IDS: Final = frozenset(
    (
        "about",
        "accessibility",
        "api",
        "ar",
        "assets",
        "contact",
        "desk",
        "desks",
        "developers",
        "draft",
        "drafts",
        "en",
        "follow",
        "fr",
        "help",
        "index",
        "languages",
        "legal",
        "licences",
        "mail",
        "mails",
        "news",
        "not-found",
        "offline",
        "open-data",
        "operations",
        "organisms",
        "phone",
        "print",
        "privacy",
        "receipt",
        "receipts",
        "s",
        "search",
        "security",
        "send",
        "sign-in",
        "sign-out",
        "statistics",
        "status",
        "suivi",
        "terms",
        "unavailable",
        "v1",
        "verifier",
        "verify",
    )
)
"""Names of pages, which stand where an organism's own page does (`/fr/<organism_id>`): no organism is enrolled so."""

Code = Annotated[str, Read, StringConstraints(pattern=r"^[A-Z0-9]([A-Z0-9-]{0,30}[A-Z0-9])?$")]


class Bilingual(BaseModel):
    """A name in Arabic and in French."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fr: Annotated[Name, Field(examples=["Agence nationale de l'assurance maladie"])]
    ar: Annotated[Name, Field(examples=["الوكالة الوطنية للتأمين الصحي"])]


class Accepts(Form):
    """The limits of an organism.

    Collecting national identity numbers needs prior authorisation (law 09-08, art. 12).
    """

    national_id: Annotated[bool, Field(strict=True)] = False
    max_attachments: Annotated[int, Field(strict=True, ge=0, le=50)] = 20
    max_attachment_bytes: Annotated[
        int, Field(strict=True, ge=1, le=1024**3, description="Maximum size of each file, in bytes.")
    ] = 104_857_600


class Alerts(Form):
    """Where an organism is alerted when mail arrives: e-mail addresses, and telephone numbers in E.164."""

    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


class Reminders(Form):
    """When reminders of uncollected mail are sent: first to the organism, later to operators."""

    after_working_days: Annotated[int, Field(strict=True, ge=1, le=60)] = 3
    escalate_after_days: Annotated[int, Field(strict=True, ge=1, le=365)] = 14


class Webhook(Form):
    """The webhook of an organism's program. A higher `secret_version` replaces the signing secret."""

    url: Annotated[WebAddress, Field(examples=["https://courrier.anam.example/mailroom"])]
    secret_version: Annotated[int, Field(strict=True, ge=1, le=10_000)] = 1


class OrganismSummary(BaseModel):
    """An organism as listed in the directory."""

    model_config = ConfigDict(frozen=True)

    organism_id: Annotated[OrganismId, Field(examples=["anam"])]
    code: Annotated[Code, Field(examples=["ANAM"])]
    category: Category
    name: Bilingual
    city: Name | None = None


class Organism(OrganismSummary):
    """An organism with all that the system keeps about it."""

    status: OrganismStatus = ACTIVE
    language: Literal["ar", "fr"] = "fr"
    alerts: Alerts = Alerts()
    accepts: Accepts = Accepts()
    reminders: Reminders = Reminders()
    sms_to_senders: bool = True
    webhook: Webhook | None = None
    is_test: bool = False
    """Whether only tests write to it: senders are not offered it, its mail waits for no agent, and no count has it."""

    @property
    def summary(self) -> OrganismSummary:
        """The part that everybody may see."""
        return OrganismSummary.model_construct(
            organism_id=self.organism_id, code=self.code, category=self.category, name=self.name, city=self.city
        )
