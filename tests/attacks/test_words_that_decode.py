"""What a stranger types is written so that mail programs decode it, or make a link of it."""

import pytest
from pydantic import TypeAdapter, ValidationError

from mailroom.domain.organism import Language
from mailroom.fields.email_address import Email
from tests.support.inspection.composed import LANGUAGES, an_email

ENCODED = ["=?utf-8?Q?=0D=0ABcc:_x?=", "=?utf-8?B?4oCu?=", "=?UTF-8?q?x?=", "x=?utf-8?q?y", "a?=b"]


@pytest.mark.parametrize("local_part", ENCODED)
def test_an_encoded_word_as_an_address(local_part: str) -> None:
    """A sender wants line breaks and turned text in the headers of the service's e-mails."""
    with pytest.raises(ValidationError):
        TypeAdapter(Email).validate_python(f"{local_part}@exemple.ma")
    assert TypeAdapter(Email).validate_python("amina=x?y@exemple.ma") == "amina=x?y@exemple.ma"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("subject", [*ENCODED, "URGENT https://evil.example", "x@evil.example", "www.evil.example"])
def test_an_official_emails_words(subject: str, language: Language) -> None:
    """Anyone wants their own words in the subject line of the service's e-mail, or a link in its body."""
    message, honest = (an_email("organism_alert", language, subject=each) for each in (subject, "Demande"))
    assert (message.subject, message.sender_name) == (honest.subject, honest.sender_name)
    for text in (message.text, message.html):
        assert subject not in text
        assert "=?" not in text
        assert "?=" not in text
        assert "://" not in text
        assert "evil.example" not in text
