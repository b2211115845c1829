"""A submitted mail and its organism, for the tests of who is told what."""

from mailroom.domain import clock
from mailroom.domain.letter import Letter
from mailroom.domain.mail import Submission, Submitted
from mailroom.domain.organism import Accepts, Alerts, Bilingual, Language, Organism

MAIL_ID = "0193540a-7c1e-7d2a-9f3b-5a1c2e4d6f80"
NUMBER = "ANAM-2026-000001"
SUBMITTED_AT = "2026-07-22T10:15:03.123Z"
VERIFICATION_CODE = "7KQ2-9XWV-3MNP-4RTY"

ORGANISM = Organism(
    organism_id="anam",
    code="ANAM",
    category="public_establishment",
    name=Bilingual(fr="Agence nationale de l'assurance maladie", ar="الوكالة الوطنية للتأمين الصحي"),
    language="fr",
    alerts=Alerts(emails=("desk@anam.example",), phones=("+212612345678",)),
)

CITIZEN: dict[str, object] = {
    "kind": "citizen",
    "first_name": "Amina",
    "last_name": "Alaoui",
    "email": "amina.alaoui@exemple.ma",
    "phone": "+212661223344",
    "sms": True,
    "privacy_notice_version": "1",
}


def organism(
    *,
    emails: tuple[str, ...] = ("desk@anam.example",),
    phones: tuple[str, ...] = ("+212612345678",),
) -> Organism:
    return ORGANISM.model_copy(update={"alerts": Alerts(emails=emails, phones=phones)})


def mail(
    *,
    subject: str = "Demande d'attestation",
    language: Language = "fr",
    sender: dict[str, object] | None = None,
) -> Submitted:
    instant = clock.iso(clock.parse(SUBMITTED_AT))
    return Submitted(
        mail_id=MAIL_ID,
        organism=ORGANISM.summary,
        accepts=Accepts(),
        language=language,
        started_at=instant,
        revision=3,
        letter=Letter(kind="request", subject=subject, body=""),
        sender=CITIZEN | (sender or {}),
        attachments=(),
        submission=Submission(
            number=NUMBER,
            submitted_at=instant,
            verification_code=VERIFICATION_CODE,
            record_sha256="0" * 64,
            salt="5a" * 16,
        ),
    )
