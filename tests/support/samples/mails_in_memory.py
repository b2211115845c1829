"""Mails of one organism in a table in memory, as far as a test needs them."""

from datetime import UTC, datetime, timedelta

from mailroom.domain import clock
from mailroom.domain.letter import Attachment
from mailroom.domain.mail import Closed, Draft, Submitted
from mailroom.mails.outcome import Decision, Outcomes
from mailroom.mails.submission import Submissions
from mailroom.organisms.admission import Admission
from mailroom.storage.issued_receipts import IssuedReceipts
from mailroom.storage.item_keys import mail_key
from mailroom.storage.mails import Store
from mailroom.storage.table import Item
from tests.support.fakes.table_in_memory import TableInMemory
from tests.support.samples.notified_mail import CITIZEN, ORGANISM, mail

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
"""The time at which these mails are written."""

LATER = AT + timedelta(minutes=5)
FILE = Attachment(
    attachment_id="file-1", file_name="plan.pdf", media_type="application/pdf", size=1, sha256="a" * 64, scan="clean"
)


class MailsInMemory:
    """A table with an organism, and a mail at any stage."""

    def __init__(self) -> None:
        self.table = TableInMemory()
        self.store = Store(self.table)
        self.receipts = IssuedReceipts(self.table)
        self.submissions = Submissions(self.table, lambda mail_id: f"code of {mail_id}")
        self.outcomes = Outcomes(self.table, lambda mail_id: f"code of {mail_id}")
        Admission(self.table).admit(ORGANISM)

    def draft(self, mail_id: str = "mail-1", *, file: Attachment | None = None) -> Draft:
        """A draft with all it needs."""
        now = clock.now()
        self.store.start(mail_id, ORGANISM, "fr", now)
        self.store.write_letter(mail_id, mail().letter, now)
        self.store.identify_sender(mail_id, CITIZEN, now)
        if file:
            self.store.announce(mail_id, file, now)
        return self.as_draft(mail_id)

    def as_draft(self, mail_id: str = "mail-1") -> Draft:
        """A draft as it stands now."""
        found = self.store.mail(mail_id)
        assert isinstance(found, Draft)
        return found

    def submit(self, draft: Draft) -> Submitted:
        """The mail as it stands after a submission."""
        return self.submissions.submit(draft, lambda found: found.completed(found.attachments))[0]

    def submitted(self, mail_id: str = "mail-1", *, file: Attachment | None = None) -> Submitted:
        """A submitted mail without a receipt."""
        return self.submit(self.draft(mail_id, file=file))

    def with_receipt(self, mail_id: str = "mail-1") -> Submitted:
        """A submitted mail with receipt and slip."""
        assert self.receipts.note(self.submitted(mail_id), "1" * 64, AT)
        return self.store.submitted(mail_id)

    def close(self, found: Submitted, message: str = "Voici.") -> Closed:
        """A mail after it was answered."""
        return self.outcomes.close(found, Decision("answered", message), "nadia", lambda as_read: as_read)[0]

    def item(self, mail_id: str = "mail-1") -> Item:
        """The mail's item."""
        found = self.table.get(*mail_key(mail_id))
        assert found is not None
        return found

    def statement(self, mail_id: str = "mail-1") -> Item:
        """The item of the public statement on the mail's receipt."""
        found = self.table.get(f"RECEIPT#code of {mail_id}", "RECEIPT")
        assert found is not None
        return found
