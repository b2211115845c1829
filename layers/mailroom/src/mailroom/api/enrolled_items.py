"""Stored organisms as the API shows them to operators."""

from mailroom.api.organism_views import EnrolledOrganism, FailingContact
from mailroom.domain import clock
from mailroom.notifying.bounces import failing_in, is_unreachable
from mailroom.organisms.admission import version_of
from mailroom.storage.organism_items import organism_in
from mailroom.storage.table import Item


def enrolled_organism(item: Item) -> EnrolledOrganism:
    """A stored organism with its version, and those of its addresses that fail at present."""
    organism, failing = organism_in(item), failing_in(item, clock.now())
    return EnrolledOrganism(
        **dict(organism),
        version=version_of(organism),
        failing=[
            FailingContact(address=address, reason=found.reason, since=found.at, until=found.until)
            for address, found in sorted(failing.items())
        ],
        unreachable=bool(failing) and is_unreachable(item, set(failing)),
    )
