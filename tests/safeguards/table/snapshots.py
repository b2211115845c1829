"""Copies of a process that SnapStart makes: what each of them makes again for itself."""

from tests.safeguards.safeguard import Safeguard

_COPIES = (
    "tests/unit/test_snapshots.py::test_copies_of_one_snapshot_share_no_random_number_and_keep_no_client_or_secret"
)

SAFEGUARDS = (
    Safeguard(
        name="a copy drops the secrets, settings and clients of the snapshot",
        place="snapshots.py::renew",
        taken="Settings.reset()",
        left="",
        test=_COPIES,
    ),
    Safeguard(
        name="a copy drops the credentials of the snapshot",
        place="snapshots.py::renew",
        taken="_begin_session()",
        left="",
        test=_COPIES,
    ),
    Safeguard(
        name="a copy draws jitter that no other one draws",
        place="snapshots.py::renew",
        taken="random.seed()",
        left="",
        test=_COPIES,
    ),
    Safeguard(
        name="a copy makes ids that no other one makes",
        place="snapshots.py::renew",
        taken="uuid_utils.reseed_rng()",
        left="",
        test=_COPIES,
    ),
    Safeguard(
        name="a copy takes its keys for TLS from a generator that no other one has",
        place="snapshots.py::renew",
        taken="ssl.RAND_add(os.urandom(_SEED_BYTES), _SEED_BYTES)",
        left="",
        backed_by="OpenSSL, which seeds its generator again in a process with another pid: copies of a snapshot have "
        "the same one, those of the test do not",
    ),
)
