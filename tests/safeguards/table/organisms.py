"""Conditions of writes about organisms, and the caps on messages."""

from tests.safeguards.safeguard import ALWAYS, Safeguard, conditions

_ORGANISMS = "tests/unit/test_conditions_of_organisms.py"
_OPERATORS = "tests/integration/test_organisms_of_operators.py"
_CAPS = "tests/unit/test_conditions_of_caps.py"
_MAILS = "tests/unit/test_conditions_of_mails.py"
_THIRD = "the_third_message_of_two"

SAFEGUARDS = (
    *conditions(
        "Admission.shows_secret",
        _ORGANISMS,
        ("attribute_exists(pk)", "no secret makes an organism", "no_secret_makes_an_organism"),
        ("NOT webhook_secret_shown >= :version", "a secret is shown once", "a_secret_is_shown_once_for_each_version"),
    ),
    *conditions(
        "Admission._writes",
        _ORGANISMS,
        ("#code = :was", "a code changes from the one that was read", "a_code_that_another_call_changed_meanwhile"),
        (
            'condition="attribute_not_exists(pk) OR organism_id = :organism_id',
            "another organism's code is not given free",
            "a_claim_that_is_not_the_organisms_own_is_left_alone",
        ),
        (
            'empty = "attribute_not_exists(pk)',
            "a code stays once its register has entries",
            "a_code_stays_once_a_mail_bears_it",
        ),
    ),
    Safeguard(
        name="an organism is created once, by its own absence or by the claim on its code",
        place="Admission._writes",
        taken='"attribute_not_exists(pk)"), self._claimed(organism)]',
        left=f'"{ALWAYS}")]',
        test=f"{_ORGANISMS}::test_of_two_who_enrol_an_organism_at_once_one_creates_it",
    ),
    Safeguard(
        name="a change is of the version that the operator saw",
        place="admission.py::_require_as_seen",
        taken="elif item is None or version_of(organism_in(item)) != seen:",
        left="elif False:",
        test=f"{_OPERATORS}::test_of_two_operators_who_change_an_organism_the_second_sees_it",
    ),
    Safeguard(
        name="a change made between look and write is not undone",
        place="Admission._writes",
        taken="if is_seen:",
        left="if False:",
        test=f"{_OPERATORS}::test_a_change_between_look_and_write_is_not_undone",
    ),
    *conditions(
        "Bounces.fails",
        _ORGANISMS,
        ('"attribute_exists(pk)', "no mark makes an organism", "no_mark_makes_an_organism"),
        (
            "attribute_not_exists(failing)",
            "a first mark removes no other",
            "addresses_that_fail_stand_beside_each_other",
        ),
        (
            "attribute_exists(failing)",
            "a mark needs a place",
            "no_mark_makes_an_organism",
        ),
        (
            "(attribute_not_exists(failing.#address) OR {passing})",
            "a mark that lasts is not replaced",
            "a_mark_that_lasts_stays",
        ),
    ),
    *conditions(
        "note_failure",
        _MAILS,
        ('f"attribute_exists(submission)', "no failure is noted of a draft", "no_failure_is_noted_of_a_draft"),
        ("({known} OR {replaced})", "a failure that lasts is not replaced", "the_failure_that_lasts_longest_is_known"),
        (
            "#failure.#until < :until",
            "a failure that counts longer is not replaced by a shorter one",
            "the_failure_that_lasts_longest_is_known",
        ),
    ),
    *conditions(
        "Counters._to_address",
        _CAPS,
        (
            "NOT contains(#day, :id)",
            "a message counts once against an address",
            "a_message_that_is_tried_again_counts_once",
        ),
        ("size(#day) < :of_day", "an address gets so many messages in a day", _THIRD),
        ("size(#hour) < :of_hour", "an address gets so many messages in an hour", _THIRD),
    ),
    *conditions(
        "Counters._for_organism",
        _CAPS,
        ("#day < :of_day", "an organism's mails send so many messages in a day", _THIRD),
        ("#hour < :of_hour", "an organism's mails send so many messages in an hour", _THIRD),
    ),
    *conditions("Counters._of_month", _CAPS, ("sent < :most", "a stage sends so many SMS in a month", _THIRD)),
)
