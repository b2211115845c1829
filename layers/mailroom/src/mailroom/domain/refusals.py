"""The reasons for which a request is not carried out; those about files are in `file_refusals`.

A refusal changes nothing and says what to do.

The words are not here: ``problem_words/<language>.json`` holds a title and a detail for each `slug`.
"""

import dataclasses
from dataclasses import dataclass
from typing import ClassVar


class Refusal(Exception):  # noqa: N818 - a refusal is the word of the field, and not an error of anything
    """A request that is not carried out: `slug` names the problem, `status` is its HTTP status (RFC 9457)."""

    slug: ClassVar[str]
    status: ClassVar[int]
    retry_after: int | None = None

    def __init__(self, **values: object) -> None:
        super().__init__(self.slug)
        self.values = values
        """What the words of the problem mention, such as a limit; never what a person entered."""

    @property
    def members(self) -> dict[str, object]:
        """Extension members of the problem document."""
        return {}


class NotJson(Refusal):
    """The body is not JSON in UTF-8."""

    slug, status = "not-json", 400


class TokenMissing(Refusal):
    """No bearer token came with a request that needs one."""

    slug, status = "token-missing", 401


class TokenWrong(Refusal):
    """The bearer token is not this mail's. Said alike whether or not the mail exists."""

    slug, status = "token-wrong", 401


class NotByCode(Refusal):
    """The token was given for a message's link, which is not enough for this."""

    slug, status = "not-by-code", 403


class NotSignedIn(Refusal):
    """No claims of a signed-in agent, program or operator came with a request that needs them."""

    slug, status = "not-signed-in", 401


class SignInRefused(Refusal):
    """Name and password do not belong together; which of the two is wrong is not said."""

    slug, status = "sign-in-refused", 401


class CodeWrong(Refusal):
    """The code is not the authenticator's, or not the one of the e-mail, or was used before."""

    slug, status = "code-wrong", 401


class SignInEnded(Refusal):
    """The steps of a sign-in took too long, or were begun elsewhere since: it begins with the password again."""

    slug, status = "sign-in-ended", 401


class SessionEnded(Refusal):
    """There is no session, or it ended: signed out, idle for too long, or the account was shut."""

    slug, status = "session-ended", 401


class ForeignOrigin(Refusal):
    """A page of another site sent the request with the session's cookie. The door says so (`infra/door.py`)."""

    slug, status = "foreign-origin", 403


class IdentityTokenNeeded(Refusal):
    """A person's access token came where people are known by their identity token."""

    slug, status = "identity-token-needed", 401


class ScopeMissing(Refusal):
    """The program's token lacks the scope that this needs."""

    slug, status = "scope-missing", 403


class NotYourOrganism(Refusal):
    """The caller is signed in, and acts for no organism, for several, or is no operator where one is needed."""

    slug, status = "not-your-organism", 403


class RouteNotFound(Refusal):
    """The contract has no such path."""

    slug, status = "route-not-found", 404


class OrganismNotFound(Refusal):
    """No organism has this id."""

    slug, status = "organism-not-found", 404


class MailNotFound(Refusal):
    """No mail has this id, or it was a draft that expired."""

    slug, status = "mail-not-found", 404


class NumberNotFound(Refusal):
    """The caller's organism has no mail under this number; what another's register holds is not said."""

    slug, status = "number-not-found", 404


class FollowUpNotFound(Refusal):
    """Number and follow-up code do not belong together; which of the two is wrong is not said."""

    slug, status = "follow-up-not-found", 404


class PersonNotFound(Refusal):
    """No person of the service has this id."""

    slug, status = "person-not-found", 404


class ReceiptNotFound(Refusal):
    """No receipt has this verification code."""

    slug, status = "receipt-not-found", 404

    @property
    def members(self) -> dict[str, object]:
        """``genuine``: false, which a program that checks a receipt looks for."""
        return {"genuine": False}


class HeadNotFound(Refusal):
    """No head of the registers was published for this day."""

    slug, status = "head-not-found", 404


class OpenDataNotFound(Refusal):
    """No open data is published for this quarter."""

    slug, status = "open-data-not-found", 404


class MethodNotAllowed(Refusal):
    """The path exists, for other methods."""

    slug, status = "method-not-allowed", 405


class OrganismSuspended(Refusal):
    """The organism takes no new mail for now."""

    slug, status = "organism-suspended", 409


class CodeFixed(Refusal):
    """The organism's register has entries: their numbers, on paper already, begin with its code."""

    slug, status = "code-fixed", 409


class TestFixed(Refusal):
    """The organism's register has entries: those of a test organism wait for no agent, those of others do."""

    __test__ = False  # pytest takes it for a test by its name

    slug, status = "test-fixed", 409


class CodeTaken(Refusal):
    """Another organism has this code: two would give out the same numbers."""

    slug, status = "code-taken", 409


class PersonElsewhere(Refusal):
    """The person has access already, in another role or for another organism: a person has one of them at a time."""

    slug, status = "person-elsewhere", 409


class NotYourself(Refusal):
    """Operators do not shut themselves out, nor reset their own second factor: another operator does."""

    slug, status = "not-yourself", 409


class AlreadySubmitted(Refusal):
    """The mail was sent; its content is fixed for good."""

    slug, status = "already-submitted", 409


class NotYetSubmitted(Refusal):
    """A draft has no receipt."""

    slug, status = "not-yet-submitted", 409


class RedirectedTooOften(Refusal):
    """The mail went through as many organisms as a mail may be redirected to (value: `most`)."""

    slug, status = "redirected-too-often", 409


class AlreadyClosed(Refusal):
    """The mail has its outcome, which is final: a second agent gets the first one's (value: `by`)."""

    slug, status = "already-closed", 409

    def __init__(self, outcome: str, at: str, by: str) -> None:
        super().__init__(by=by)
        self.outcome = {"outcome": outcome, "at": at, "by": by}

    @property
    def members(self) -> dict[str, object]:
        """``outcome``: which one the mail has, since when, and from which agent or program."""
        return {"outcome": self.outcome}


class TemplateNotFound(Refusal):
    """The caller's organism has no template of answers under this id."""

    slug, status = "template-not-found", 404


class TooManyTemplates(Refusal):
    """The organism has as many templates of answers as it may keep (value: `most`)."""

    slug, status = "too-many-templates", 409


class StepsMissing(Refusal):
    """The mail can't be sent yet: steps are missing, or announced files never arrived."""

    slug, status = "steps-missing", 409

    def __init__(self, missing: list[str], refused: list[str] | None = None) -> None:
        super().__init__()
        self.missing = missing
        self.refused = refused or []

    @property
    def members(self) -> dict[str, object]:
        """``missing``: ``letter``, ``sender``, ``attachments/<id>``; ``refused``: ``attachments/<id>``."""
        return {"missing": self.missing, "refused": self.refused}


class OrganismChanged(Refusal):
    """The organism is not as the caller last saw it (`If-Match`): somebody changed it meanwhile."""

    slug, status = "organism-changed", 412


class OrganismExists(Refusal):
    """An organism has this id already, and the caller meant a new one (`If-None-Match: *`)."""

    slug, status = "organism-exists", 412


class DirectoryRefused(Refusal):
    """A directory in CSV is wrong in some cells; its check names them."""

    slug, status = "directory-refused", 409


class BodyTooLarge(Refusal):
    """The request's body is larger than any true request (value: `most` kibibytes)."""

    slug, status = "body-too-large", 413


class UnsupportedMediaType(Refusal):
    """The body is declared as something else than JSON."""

    slug, status = "unsupported-media-type", 415


@dataclass(frozen=True)
class FieldError:
    """One field that is wrong: its dotted name, the kind of error, and what the words of that kind mention."""

    field: str
    code: str
    values: dict[str, object] = dataclasses.field(default_factory=dict)


class FieldsWrong(Refusal):
    """Fields or query parameters are wrong; each is named with what is wrong about it."""

    slug, status = "fields-wrong", 422

    def __init__(self, *errors: FieldError) -> None:
        super().__init__()
        self.errors = errors


class InternalError(Refusal):
    """A bug of ours. Ops see it by the request's id."""

    slug, status = "internal-error", 500


class TooFast(Refusal):
    """One address sends more requests than one may. The firewall says so (`infra/door.py`), and no function."""

    slug, status, retry_after = "too-fast", 429, 60


class TooManyTries(Refusal):
    """Too many passwords or codes were tried for one account."""

    slug, status = "too-many-tries", 429

    def __init__(self, retry_after: int = 15 * 60, **values: object) -> None:
        super().__init__(minutes=-(-retry_after // 60), **values)
        self.retry_after = retry_after
        """Seconds."""


class RequestRefused(Refusal):
    """A request looks like an attack. The firewall says so (`infra/door.py`), and no function."""

    slug, status = "request-refused", 403


class AddressClosed(Refusal):
    """A request came to the API's own address, past the distribution and its firewall."""

    slug, status = "address-closed", 403


class TryAgain(Refusal):
    """A store is busy or throttled. Nothing was lost, and the same request may be sent again."""

    slug, status, retry_after = "try-again", 503, 2


OF_A_BODY = (NotJson, BodyTooLarge, UnsupportedMediaType, FieldsWrong)
"""How any route that takes JSON may refuse it."""

OF_A_TOKEN = (TokenMissing, TokenWrong, MailNotFound)
"""The refusals of callers that each route of one mail has."""

OF_AN_OPERATOR = (NotSignedIn, IdentityTokenNeeded, NotYourOrganism)
"""The refusals of callers that each route for operators has."""

OF_AN_INBOX = (*OF_AN_OPERATOR, ScopeMissing)
"""The refusals of callers that each route of the inbox has."""

OF_AN_AGENT = (*OF_AN_INBOX, NumberNotFound)
"""The refusals of callers that each route of one mail in the inbox has."""
