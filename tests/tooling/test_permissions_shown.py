"""Each permission was shown to be needed by `make permissions`, or cannot be shown, with the reason."""

from tests.permissions.grant import all_grants, matching
from tests.permissions.probes import PROBES
from tests.permissions.results import noticed, unenforced
from tests.permissions.unenforced import UNENFORCED


def test_each_permission_was_shown_to_be_needed_or_cannot_be() -> None:
    """A permission that is new needs a new run; one that is gone, too."""
    left_out = {str(grant) for grant in unenforced()}
    shown = noticed().keys()
    assert shown | left_out == {str(grant) for grant in all_grants()}
    assert shown & left_out == set()


def test_what_cannot_be_shown_is_a_permission_of_the_templates_and_says_why() -> None:
    grants = all_grants()
    for each in UNENFORCED:
        assert matching(grants, each.pattern), each.pattern
        assert len(each.reason) > 30
    assert len({each.pattern for each in UNENFORCED}) == len(UNENFORCED)


def test_each_function_that_may_do_anything_has_probes() -> None:
    assert PROBES.keys() == {grant.operation for grant in all_grants()}
    named = {probe.__name__ for probes in PROBES.values() for probe in probes}
    assert set(noticed().values()) <= named


def test_a_permission_is_one_action_of_one_line() -> None:
    lines = [str(grant) for grant in all_grants()]
    assert len(lines) == len(set(lines))
    assert "list_organisms: dynamodb:Query | table | on ORGANISM" in lines
    assert not [line for line in lines if "logs:" in line or "xray:" in line]
