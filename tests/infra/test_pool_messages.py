"""What the user pool writes to agents and operators."""

import re
import unicodedata
from html.parser import HTMLParser

import pytest

from infra.constructs import pool_messages
from infra.constructs.pool_messages import CODE, USERNAME, WORDS, PoolMessage
from tests.support.inspection.synthesised import Properties, Synthesised, spelled

ADDRESS = "https://courrier.example.ma"
MESSAGES = {
    "invitation": pool_messages.invitation(ADDRESS, second_factor=True),
    "invitation, no second factor": pool_messages.invitation(ADDRESS, second_factor=False),
    "invitation, no address": pool_messages.invitation(None, second_factor=True),
    "code": pool_messages.code(ADDRESS),
    "code, no address": pool_messages.code(None),
}


class Sections(HTMLParser):
    """The words of each language, and the direction and links of its part of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: dict[str, str] = {}
        self.directions: dict[str, str | None] = {}
        self.links: dict[str, list[str | None]] = {}
        self._language = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "section":
            self._language = str(given["lang"])
            self.directions[self._language] = given["dir"]
            self.words[self._language] = ""
            self.links[self._language] = []
        elif tag == "a":
            self.links[self._language].append(given["href"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "section":
            self._language = ""

    def handle_data(self, data: str) -> None:
        if self._language:
            self.words[self._language] += data


def pool(synthesised: Synthesised) -> Properties:
    return synthesised.the("AWS::Cognito::UserPool")


def taken_by_cognito(text: str) -> bool:
    r"""Whether a text is of Cognito's pattern, `[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*`.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_MessageTemplateType.html: Java's
    `\s` is plain white space, so that no-break spaces and the marks that isolate a direction are refused.
    """
    return all(letter in " \t\n\r\f\v" or unicodedata.category(letter)[0] in "LMSNP" for letter in text)


def test_the_pattern_refuses_what_cognito_refuses() -> None:
    assert taken_by_cognito("Votre code : {####} <b>“|”</b>\nرمزكم")
    refused = {"no-break space": "\u00a0", "narrow no-break space": "\u202f", "isolate": "\u2066", "mark": "\u200e"}
    assert [name for name, letter in refused.items() if taken_by_cognito(f"code{letter}")] == []


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_cognito_takes_each_message(message: PoolMessage) -> None:
    """Its limits: 20,000 characters, a subject and an SMS of 140."""
    assert taken_by_cognito(message.html)
    assert taken_by_cognito(message.subject)
    assert (6 <= len(message.html) <= 20_000, 1 <= len(message.subject) <= 140) == (True, True)
    assert 6 <= len(message.sms) <= 140


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_each_message_holds_the_code_in_each_language_and_in_the_direction_of_each(message: PoolMessage) -> None:
    sections = Sections(message.html)
    assert sections.directions == {"ar": "rtl", "fr": "ltr", "en": "ltr"}
    for words in sections.words.values():
        assert words.count(CODE) == 1
    assert message.html.count(f'<bdi class="given" dir="ltr">{CODE}</bdi>') == 3
    assert re.search("[\u0600-\u06ff]", message.subject)
    assert "Bureau d’ordre digital" in message.subject
    assert CODE in message.sms


@pytest.mark.parametrize("name", ["invitation", "invitation, no second factor", "invitation, no address"])
def test_an_invitation_holds_the_name_of_the_user(name: str) -> None:
    """Cognito demands both placeholders of an invitation, in the SMS too."""
    message = MESSAGES[name]
    for words in Sections(message.html).words.values():
        assert words.count(USERNAME) == 1
    assert USERNAME in message.sms


@pytest.mark.parametrize("name", ["code", "code, no address"])
def test_a_code_names_no_user(name: str) -> None:
    """Cognito fills the name in for invitations alone; elsewhere it would stand there in braces."""
    assert USERNAME not in MESSAGES[name].html


@pytest.mark.parametrize("name", ["invitation", "code"])
def test_each_language_leads_to_the_desk_in_its_own(name: str) -> None:
    sections = Sections(MESSAGES[name].html)
    assert sections.links == {language: [f"{ADDRESS}/{language}/desk/"] for language in WORDS}
    for language in WORDS:
        assert f"{ADDRESS}/{language}/desk/" in sections.words[language], (
            "an address that is seen is one that can be judged"
        )


@pytest.mark.parametrize("name", ["invitation, no address", "code, no address"])
def test_a_stage_without_an_address_says_who_gives_it(name: str) -> None:
    sections = Sections(MESSAGES[name].html)
    assert sections.links == {"ar": [], "fr": [], "en": []}
    for language, words in WORDS.items():
        assert words.sign_in_elsewhere in sections.words[language]


def test_an_invitation_announces_the_authenticator_where_one_is_asked_for() -> None:
    announced = {
        name: WORDS["fr"].second_factor in Sections(MESSAGES[name].html).words["fr"]
        for name in ("invitation", "invitation, no second factor")
    }
    assert announced == {"invitation": True, "invitation, no second factor": False}


def test_the_pool_has_these_messages(synthesised: Synthesised) -> None:
    invitation = pool(synthesised)["AdminCreateUserConfig"]["InviteMessageTemplate"]
    code = pool(synthesised)["VerificationMessageTemplate"]
    assert WORDS["ar"].invited in invitation["EmailSubject"]
    assert (USERNAME in invitation["EmailMessage"], CODE in invitation["EmailMessage"]) == (True, True)
    assert WORDS["ar"].code_is_for in code["EmailMessage"]
    assert code["DefaultEmailOption"] == "CONFIRM_WITH_CODE"
    for message in (invitation["SMSMessage"], code["SmsMessage"]):
        assert WORDS["ar"].service in message


def test_a_first_password_lasts_as_long_as_the_invitation_says(synthesised: Synthesised) -> None:
    assert pool(synthesised)["Policies"]["PasswordPolicy"]["TemporaryPasswordValidityDays"] == 3
    assert "trois jours" in WORDS["fr"].how_to_begin
    assert "three days" in WORDS["en"].how_to_begin
    assert "لثلاثة أيام" in WORDS["ar"].how_to_begin


def test_the_pool_sends_by_the_stage_s_own_identity_in_ses(stages: dict[str, Synthesised]) -> None:
    """Cognito's own sender takes about fifty e-mails a day.

    https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html. Through the identity's `Ref`, the
    pool is made after the identity.
    """
    verified = {name: each for name, each in stages.items() if "EmailConfiguration" in pool(each)}
    assert verified.keys() >= {"local"}
    for name, synthesised in verified.items():
        configuration = pool(synthesised)["EmailConfiguration"]
        (identity,) = synthesised.of_type("AWS::SES::EmailIdentity")
        assert configuration["EmailSendingAccount"] == "DEVELOPER"
        assert spelled(configuration["SourceArn"]).endswith(f":identity/<{identity}>")
        assert configuration["ConfigurationSet"] == f"bureau-ordre-{name}-email"
        sender = spelled(synthesised.template["Outputs"]["EmailFrom"]["Value"])
        assert configuration["From"] == f"Bureau d'ordre digital <{sender}>"
