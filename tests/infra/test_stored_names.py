"""The infrastructure's names of what is stored are those of the data model, which it cannot import where it runs."""

import pytest

from infra import stored_names
from mailroom.domain.mail import SUBMITTED
from mailroom.storage import item_keys, object_keys, schema
from tests.infra.permissions import MAY

_NAMES = [name for name in vars(stored_names) if name.isupper()]
_OWN = {"PARTITION_KEY": "pk", "SORT_KEY": "sk", "TIME_TO_LIVE": "ttl", "WAITING_SINCE": "waiting_since"}
"""Attributes: the data model lists them with the items."""


def test_there_are_names_to_compare() -> None:
    assert len(_NAMES) > 20


@pytest.mark.parametrize("name", _NAMES)
def test_a_name_is_that_of_the_data_model(name: str) -> None:
    of_the_model = {**vars(object_keys), **vars(schema), **_OWN, "ARRIVED": "arrived"}
    of_the_model["WAITING_FOR_WORDS"] = schema.Waiting.WORDS
    assert getattr(stored_names, name) == of_the_model[name]


@pytest.mark.parametrize(
    ("built", "as_the_model_does"),
    [
        (stored_names.organism_key("anam"), item_keys.organism_key("anam")),
        (stored_names.client_key("1a2b"), item_keys.client_key("1a2b")),
        (stored_names.mail_key("0199"), item_keys.mail_key("0199")),
        (stored_names.submission_key("0199", "2026"), item_keys.event_key("0199", "2026", SUBMITTED)),
        (stored_names.register_partition("anam", 2026), item_keys.register_partition("anam", 2026)),
        (stored_names.chain_object("seal-2026"), f"{object_keys.SEALS}seal-2026.pem"),
    ],
)
def test_a_key_is_built_as_the_data_model_does(built: object, as_the_model_does: object) -> None:
    assert built == as_the_model_does


@pytest.mark.parametrize("kind", schema.ITEMS, ids=lambda kind: f"{kind.pk} {kind.sk}")
def test_who_writes_a_kind_of_item_is_granted_it(kind: schema.ItemKind) -> None:
    """The data model names no function that could not write such an item."""
    beginning, hash_sign, _ = kind.pk.partition("#")
    pattern = f"{beginning}#*" if hash_sign else beginning
    for function in kind.written_by.split():
        if not function.startswith("make:"):
            assert any(_grants_writing(line, pattern) for line in MAY[function].splitlines()), function


def _grants_writing(line: str, pattern: str) -> bool:
    actions, _, on = line.partition("|")
    writes = ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
    return any(action in actions for action in writes) and pattern in on.split()
