"""A mistyped domain gets a suggestion; a right one, however like another, gets none."""

import pytest

from mailroom.fields.mistyped_domains import suggestion

MEANT = {
    "gmail.com": "gmail.con gmail.cm gmail.co gmail.om gmail.comm gmail.c gmail.vom gmail.fr gmail.ma gmial.com "
    "gamil.com gmai.com gmal.com gmaill.com gmeil.com gnail.com gmailc.om gmial.con Gmail.Con",
    "hotmail.com": "hotmail.con hotmail.cm hotmail.co hotmal.com hotmial.com hotmil.com hotmaill.com hotnail.com "
    "jotmail.com otmail.com homtail.com",
    "hotmail.fr": "hotmial.fr hotmail.f hotmail.ft hotmail.rf hotmai.fr",
    "yahoo.fr": "yahooo.fr yaho.fr yahou.fr yhaoo.fr yahoo.rf yahoo.ft",
    "yahoo.com": "yahoo.con yaho.com yahoo.cm",
    "outlook.fr": "outlok.fr oulook.fr outloook.fr outlook.ft",
    "outlook.com": "outlook.con outlok.com outlook.cmo",
    "live.fr": "live.f live.ft",
    "live.com": "live.con",
    "icloud.com": "iclould.com icoud.com icloud.fr icloud.con",
    "exemple.com": "exemple.con exemple.cmo exemple.vom exemple.comm EXEMPLE.CON",
    "msn.com": "msn.con msn.cpm",
    "mail.exemple.net": "mail.exemple.nte",
    "amal.org": "amal.ogr",
    "menara.ma": "menara.m menara.na menera.ma menara.mq",
}
RIGHT = (
    "gmail.com hotmail.com hotmail.fr hotmail.co.uk yahoo.com yahoo.fr yahoo.ca yahoo.co.in outlook.com "
    "outlook.fr outlook.sa live.com live.fr live.be icloud.com menara.ma iam.ma ram.ma cam.ma gov.ma "
    "anam.ma um5.ac.ma exemple.ma gmx.com gmx.fr mail.com mail.ru mail.ma email.com ymail.com hmail.com "
    "rocketmail.com googlemail.com aol.com me.com msn.com mac.com proton.me protonmail.com zoho.com "
    "yandex.com laposte.net wanadoo.fr wanadoo.net.ma orange.fr free.fr sfr.fr cloud.com manara.ma "
    "menara.com exemple.co exemple.cm exemple.om exemple.ne exemple.company "
    "gail.co.in life.com love.com hotel.com outdoor.com xn--ngbof4h.xn--mgbc0a9azcg "
)


@pytest.mark.parametrize(
    ("domain", "meant"), [(typed, meant) for meant, all_of in MEANT.items() for typed in all_of.split()]
)
def test_a_mistyped_domain_gets_the_one_that_is_meant(domain: str, meant: str) -> None:
    assert suggestion(f"amina.alaoui@{domain}") == f"amina.alaoui@{meant}"


@pytest.mark.parametrize("domain", RIGHT.split())
def test_a_right_domain_gets_no_suggestion(domain: str) -> None:
    assert suggestion(f"amina@{domain}") is None


@pytest.mark.parametrize("domain", ["a" * 60 + ".com", "x.y.z.ma", "m.a", "gmail.com." + "x" * 60])
def test_any_domain_is_read_without_a_fall(domain: str) -> None:
    assert suggestion(f"x@{domain}") in {None, "x@gmail.com"}
