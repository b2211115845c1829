"""Every safeguard, with the test that fails without it."""

from tests.safeguards.table import (
    desk,
    files,
    once,
    organisms,
    proofs,
    register,
    routes,
    session,
    snapshots,
    waits,
    writes,
)

SAFEGUARDS = (
    *writes.SAFEGUARDS,
    *organisms.SAFEGUARDS,
    *register.SAFEGUARDS,
    *files.SAFEGUARDS,
    *waits.SAFEGUARDS,
    *once.SAFEGUARDS,
    *routes.SAFEGUARDS,
    *desk.SAFEGUARDS,
    *session.SAFEGUARDS,
    *proofs.SAFEGUARDS,
    *snapshots.SAFEGUARDS,
)
