"""Addresses at domains that take no mail: each e-mail there bounces, until SES stops the service's own mail."""

import time

import dns.rcode
import pytest

from mailroom.notifying import mail_domains
from mailroom.notifying.mail_domains import takes_no_mail
from tests.support.fakes.name_server import Zone, name_server
from tests.support.in_process.refused import wrong_fields
from tests.support.in_process.service import CITIZEN, Service

ZONE: Zone = {
    ("exchanger.example", "MX"): ["10 mx.exchanger.example."],
    ("address.example", "A"): ["192.0.2.1"],
    ("address-6.example", "AAAA"): ["2001:db8::1"],
    ("null.example", "MX"): ["0 ."],
    ("null.example", "A"): ["192.0.2.1"],
    ("nothing.example", "TXT"): ['"v=spf1 -all"'],
    ("xn--mgbx4cd0ab.example", "MX"): ["10 mx.exchanger.example."],
    ("broken.example", "MX"): dns.rcode.SERVFAIL,
    ("refusing.example", "MX"): dns.rcode.REFUSED,
    ("silent.example", "*"): None,
    ("half-silent.example", "MX"): [],
    ("half-silent.example", "A"): None,
}

TAKE_NO_MAIL = ["null.example", "nothing.example", "no-such-domain.example", "sub.no-such-domain.example"]
TAKEN = [
    "exchanger.example",
    "address.example",
    "address-6.example",
    "xn--mgbx4cd0ab.example",
    "broken.example",
    "refusing.example",
    "silent.example",
    "half-silent.example",
]


@pytest.mark.parametrize(("domain", "refused"), [*((d, True) for d in TAKE_NO_MAIL), *((d, False) for d in TAKEN)])
def test_writing_to_domains_without_a_mail_exchanger(
    service: Service, monkeypatch: pytest.MonkeyPatch, domain: str, refused: bool
) -> None:
    """The attacker has e-mails sent that all bounce; a slow or broken name server refuses nobody."""
    monkeypatch.setenv("CHECK_EMAIL_DOMAINS", "true")
    with name_server(ZONE) as resolver:
        monkeypatch.setattr("mailroom.mails.identification.system_resolver", lambda: resolver)
        begun = time.monotonic()
        answer = service.identify(service.start(), CITIZEN | {"email": f"amina@{domain}"})
        assert time.monotonic() - begun < 4
    assert (wrong_fields(answer) if refused else answer.status) == (["email"] if refused else 200)
    assert domain not in answer.body or not refused


def test_a_name_server_that_never_answers() -> None:
    """The attacker owns the domain's name server and has each request wait for it: the look-up ends."""
    with name_server(ZONE) as resolver:
        for domain in ("silent.example", "half-silent.example"):
            begun = time.monotonic()
            assert takes_no_mail(domain, resolver) is False
            assert time.monotonic() - begun < mail_domains.SECONDS + 0.5


def test_a_machine_without_dns() -> None:
    """Bad luck: no resolver is set up; nobody is refused."""
    assert takes_no_mail("no-such-domain.example", None) is False


def test_a_mistyped_domain_is_asked_about_and_not_refused(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Honest mistake: gmail.con does not exist, and the answer says which domain may be meant."""
    monkeypatch.setenv("CHECK_EMAIL_DOMAINS", "true")
    with name_server(ZONE) as resolver:
        monkeypatch.setattr("mailroom.mails.identification.system_resolver", lambda: resolver)
        answer = service.identify(service.start(), CITIZEN | {"email": "amina@gmail.con"})
    assert answer.status == 200
    assert answer.json["sender"]["email_suggestion"] == "amina@gmail.com"
