"""The reasons for which a file is not taken, not sent or not handed over."""

from typing import ClassVar

from mailroom.domain.file_states import FileReason
from mailroom.domain.refusals import AlreadyClosed, OrganismSuspended, RedirectedTooOften, Refusal, StepsMissing


class AttachmentNotFound(Refusal):
    """The mail has no such attachment."""

    slug, status = "attachment-not-found", 404


class TooManyAttachments(Refusal):
    """The draft holds as many attachments as the organism takes (value: `most`)."""

    slug, status = "too-many-attachments", 409


class TooManyAnnouncements(Refusal):
    """Files were announced in this draft as often as may be (value: `most`), those withdrawn again included."""

    slug, status = "too-many-announcements", 409


class TooManyAnswerFiles(Refusal):
    """The answer holds as many files as an answer may (value: `most`)."""

    slug, status = "too-many-answer-files", 409


class FileNotChecked(Refusal):
    """It is not known yet whether the file is free of malware."""

    slug, status, retry_after = "file-not-checked", 409, 10


class FileInfected(Refusal):
    """Malware was found in the file. It is kept as evidence, and handed to no one."""

    slug, status = "file-infected", 410


class FileNotTrusted(Refusal):
    """The file's content is not what its name says. It is kept as evidence, and handed to no one."""

    slug, status = "file-not-trusted", 410


class AnswerFileRefused(Refusal):
    """The file of the agent's own answer is infected or of no allowed type, and handed to no one."""

    slug, status = "answer-file-refused", 410


class FileUnchecked(Refusal):
    """No scanner can look into the file (`reason` says why); an agent gets it only by accepting that."""

    slug, status = "file-unchecked", 409

    def __init__(self, reason: FileReason) -> None:
        super().__init__()
        self.reason = reason

    @property
    def members(self) -> dict[str, object]:
        """``reason_code``, as the mail shows it."""
        return {"reason_code": self.reason}


class FilesRefused(StepsMissing):
    """The mail can't be sent with files that are infected or of no allowed type; other steps may be missing too."""

    slug = "files-refused"


class AnswerFilesRefused(Refusal):
    """The answer can't be given with files that are refused, or that no scanner can look into."""

    slug: ClassVar[str] = "answer-files-refused"
    status = 409

    def __init__(self, pending: list[str], unchecked: list[str], refused: list[str]) -> None:
        super().__init__()
        self.files = {"pending": pending, "unchecked": unchecked, "refused": refused}

    @property
    def members(self) -> dict[str, object]:
        """``pending``, ``unchecked`` and ``refused``: ``attachments/<id>`` each."""
        return dict(self.files)


class AnswerFilesPending(AnswerFilesRefused):
    """The answer can't be given yet: the check of its files goes on."""

    slug, retry_after = "answer-files-pending", 5


class AttachmentTooLarge(Refusal):
    """The file is larger than the organism takes (value: `most` mebibytes)."""

    slug, status = "attachment-too-large", 413


class DraftTooLarge(Refusal):
    """The files announced in this draft, those withdrawn again included, reach its bound (value: `most` mebibytes)."""

    slug, status = "draft-too-large", 413


OF_AN_ANNOUNCEMENT = (TooManyAttachments, TooManyAnnouncements, AttachmentTooLarge, DraftTooLarge)
"""How a route that takes an announcement of a sender's file may refuse it."""

OF_AN_OUTCOME = (
    AlreadyClosed,
    StepsMissing,
    AnswerFilesPending,
    AnswerFilesRefused,
    OrganismSuspended,
    RedirectedTooOften,
)
"""How the route that closes a mail may refuse an outcome."""
