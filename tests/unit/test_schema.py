"""The data model stands on one page: no other module of the product says what is on it."""

from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from mailroom.domain.codes import Codes
from mailroom.domain.letter import Attachment
from mailroom.domain.mail import EventName
from mailroom.domain.mail import Status as MailStatus
from mailroom.domain.organism import Accepts, OrganismStatus
from mailroom.domain.reach import DeliveryFailure
from mailroom.domain.register_number import Number
from mailroom.storage import item_keys
from mailroom.storage.schema import ITEMS, MAPS, Waiting
from mailroom.storage.waits import WAITS
from tests.support.in_process.service import ROOT
from tests.support.in_process.table_writes import kind_of
from tests.support.inspection.literals import literals_of_the_data_model, names_in

_PAGES = {
    "layers/mailroom/src/mailroom/storage/schema.py",
    "layers/mailroom/src/mailroom/storage/item_keys.py",
    "layers/mailroom/src/mailroom/storage/object_keys.py",
    "infra/stored_names.py",
}
"""The data model, and its names as the infrastructure uses them (`tests/infra/test_stored_names.py`)."""

MODULES = [
    path
    for folder in ("layers/mailroom/src", "functions", "infra")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if str(path.relative_to(ROOT)) not in _PAGES
]

_MAY_SAY: dict[str, tuple[str, ...]] = {
    # the domain's own words for statuses and events
    "layers/mailroom/src/mailroom/domain/mail.py": (*get_args(MailStatus), *get_args(EventName)),
    # and a name that no organism has, since a page may: not the status of a mail
    "layers/mailroom/src/mailroom/domain/organism.py": (*get_args(OrganismStatus), "draft"),
    "infra/addresses.py": ("draft",),
    # people are active too
    "layers/mailroom/src/mailroom/operating/members.py": ("active",),
    # `attachments/<id>` is what a problem document names, as the contract says
    "layers/mailroom/src/mailroom/domain/letter.py": ("attachments/",),
    "layers/mailroom/src/mailroom/domain/problems.py": ("attachments/",),
    # a caller of the API, who reads the contract's words in its answers
    "infra/local/sender_client.py": ("organism_alerted", "sender_informed"),
}


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) > 200
    assert all((ROOT / page).exists() for page in _PAGES | _MAY_SAY.keys())


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_builds_no_key_and_names_no_state_or_unknown_attribute(path: Path) -> None:
    found = literals_of_the_data_model(path.read_text(encoding="utf-8"))
    may_say = _MAY_SAY.get(str(path.relative_to(ROOT)), ())
    assert [fault for fault in found if not any(f": '{text}" in fault for text in may_say)] == []


@pytest.mark.parametrize(
    "source",
    [
        'key = f"MAIL#{mail_id}", sort',
        'key = ("x", "MAIL")',
        'entry = sk.removeprefix("ENTRY#")',
        'pk = "REGISTER#" + organism_id',
        'table.query("ORGANISM")',
        'health = "CAP#email#health"',
        'values = {":alert": "ALERT"}',
        'if item.get("waiting") == "NEWS": ...',
        'for item in table.waiting("SCAN_ASKED", until=now): ...',
        'values = {":was": "draft"}',
        'if mail.status == "submitted": ...',
        'table.new(event_item(mail_id, "collected", at))',
        'if organism.status == "suspended": ...',
        'prefix = f"attachments/{mail_id}/"',
        'table.change(*key, update="SET waits_for = :what")',
        'table.change(*key, condition="attribute_not_exists(recipt)")',
        'table.change(*key, update=f"SET {path}.scaned_at = :at")',
        'condition = "receipt.sha265 = :known"',
        'names = {"#status": "state_of_mail"}',
        'table.get(*key, attributes=("mail_idd",))',
        '_READ = ("organism_id", "failling")\ntable.query(partition, attributes=_READ)',
        'adding = ", anounced :one"',
    ],
)
def test_a_literal_that_is_put_back_is_found(source: str) -> None:
    assert len([*literals_of_the_data_model(source)]) == 1


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring may say `MAIL#<mail_id>`."""',
        'LATE = 1\n"""A mail waits for its RECEIPT."""',
        'log = "mail submitted: receipt made"',
        'status: Literal["draft", "submitted"]',
        'table.change(*mail_key(mail_id), update="SET receipt = :receipt, waiting = :alert")',
        'condition = "attribute_exists(submission) AND size(answers) < :most"',
        'names = {"#status": "status", "#id": attachment_id}',
        'table.change(*key, update=f"SET {path}.scanned_at = :at ADD revision :one")',
    ],
)
def test_what_names_the_data_model_rightly_is_let_pass(source: str) -> None:
    assert [*literals_of_the_data_model(source)] == []


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("SET #status = :submitted, waiting = :receipt REMOVE #ttl", ["waiting"]),
        ("NOT announced >= most_announced AND size(attachments) < accepts.max_attachments", None),
        ("copies = list_append(if_not_exists(copies, :none), :copies)", ["copies", "copies"]),
        ("codes.slip = slip_version", ["codes", "slip", "slip_version"]),
    ],
)
def test_names_in_an_expression(expression: str, names: list[str] | None) -> None:
    expected = names or ["announced", "most_announced", "attachments", "accepts", "max_attachments"]
    assert names_in(expression) == expected


_BUILT = {
    "ORGANISM <organism_id>": item_keys.organism_key("anam"),
    "CODE#<code> CODE": item_keys.code_key("ANAM"),
    "REGISTER#<organism_id>#<year> COUNTER": item_keys.counter_key("anam", 2026),
    "REGISTER#<organism_id>#<year> ENTRY#<rank>": item_keys.entry_key("anam", Number("ANAM", 2026, 1)),
    "WORDS#<organism_id>#<beginning> <at>#<number>": item_keys.word_key(
        "anam", "attest", item_keys.arrived("2026-11-27T10:00:00.000Z", "ANAM-2026-000001")
    ),
    "TEMPLATES#<organism_id> TEMPLATE#<template_id>": item_keys.template_key("anam", "attestation-jointe"),
    "TEMPLATES#<organism_id> NUMBER_OF_TEMPLATES": item_keys.template_count_key("anam"),
    "MAIL#<mail_id> MAIL": item_keys.mail_key("0199"),
    "MAIL#<mail_id> EVENT#<at>#<event>": item_keys.event_key("0199", "2026-11-27T10:00:00.000Z", "collected"),
    "MAIL#<mail_id> ACCESS#<at>#<access_id>": item_keys.access_key("0199", "2026-11-27T10:00:00.000Z", "019a"),
    "MAIL#<mail_id> SCAN": item_keys.scan_key("0199", "attachments"),
    "MAIL#<mail_id> SCAN#ANSWERS": item_keys.scan_key("0199", "answers"),
    "MAIL#<mail_id> STAMP": item_keys.stamp_key("0199"),
    "RECEIPT#<verification_code> RECEIPT": item_keys.statement_key("0000-0000-0000-0000"),
    "CLIENT#<client_id> CLIENT": item_keys.client_key("1a2b"),
    "CAP#<channel>#address#<pseudonym> <day>": item_keys.address_cap_key("sms", "ab12", "2026-11-27"),
    "CAP#<channel>#organism#<organism_id> <day>": item_keys.organism_cap_key("sms", "anam", "2026-11-27"),
    "CAP#sms#month <month>": item_keys.month_cap_key("2026-11"),
    "CAP#REFUSED <day>#<organism_id>#<channel>#<cap>": item_keys.refusal_key("2026-11-27", "anam", "sms", "address"),
    "CAP#email#health <day>": item_keys.health_key("2026-11-27"),
    "CAP#email#known#<pseudonym> KNOWN": item_keys.known_address_key("ab12"),
    "TRIES#<digest> <window>": item_keys.tries_key("ab12", "1994820"),
}


def test_each_kind_of_item_has_the_key_that_the_page_says() -> None:
    for kind in ITEMS:
        assert kind_of(*_BUILT[f"{kind.pk} {kind.sk}"]) == kind
    assert len(_BUILT) == len(ITEMS)
    builders = {name for name, value in vars(item_keys).items() if name.endswith("_key") and callable(value)}
    assert len(builders) == len(ITEMS) - 1  # `scan_key` builds two


def test_what_is_read_from_a_key_is_what_it_was_built_of() -> None:
    entry = dict(zip(("pk", "sk"), item_keys.entry_key("caisse-nationale", Number("CN", 2026, 42)), strict=True))
    event = dict(zip(("pk", "sk"), item_keys.event_key("0199", "2026-11-27T10:00:00.000Z", "collected"), strict=True))
    refusal = dict(zip(("pk", "sk"), item_keys.refusal_key("2026-11-27", "anam", "sms", "month"), strict=True))
    answers = dict(zip(("pk", "sk"), item_keys.scan_key("0199", "answers"), strict=True))
    assert item_keys.organism_of_entry(entry) == "caisse-nationale"
    assert (item_keys.mail_id_in(event), item_keys.event_in(event)) == ("0199", "collected")
    assert item_keys.refusal_in(refusal) == ("2026-11-27", "anam", "sms", "month")
    assert (item_keys.mail_id_in(answers), item_keys.folder_in(answers)) == ("0199", "answers")


def test_each_state_of_waiting_is_set_and_ended_by_functions_and_looked_for_by_a_schedule() -> None:
    """But `UNCHECKED`, which the outcome ends."""
    functions = {path.name for path in (ROOT / "functions").iterdir()}
    assert WAITS.keys() == set(Waiting)
    for state, wait in WAITS.items():
        assert set(wait.set_by.split()) | set(wait.ended_by.split()) | set(wait.pushed_on_by.split()) <= functions
        assert wait.set_by
        assert wait.ended_by
        assert bool(wait.pushed_on_by) == (state is not Waiting.UNCHECKED)


def test_what_is_within_a_map_is_what_the_domain_keeps_there() -> None:
    assert set(MAPS["attachments answers"].split()) == set(Attachment.model_fields)
    assert set(MAPS["accepts"].split()) == set(Accepts.model_fields)
    assert set(MAPS["codes"].split()) == {field.name for field in fields(Codes)}
    assert set(MAPS["email_failure sms_failure"].split()) == {field.name for field in fields(DeliveryFailure)}
