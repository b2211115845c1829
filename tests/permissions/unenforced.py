"""Permissions that no probe can show to be needed on the local cloud, each with the reason.

The list of the template's permissions holds them all the same (`tests/infra/permissions.py`), and so does each reason's
test where one is named. `*` stands for anything in a pattern.
"""

from typing import NamedTuple


class Unenforced(NamedTuple):
    """Permissions of one kind."""

    pattern: str
    """Of `Grant`'s text: `operation: action | on what | under which conditions`."""
    reason: str


UNENFORCED: tuple[Unenforced, ...] = (
    Unenforced(
        "*: kms:* | key | for *",
        "the emulator demands no use of the key through another service; tests/infra/test_permissions.py::"
        "test_whoever_touches_what_is_encrypted_may_use_the_key_through_that_service",
    ),
    Unenforced(
        "*: s3:PutObjectRetention | bucket/[!a]*",
        "the emulator does not demand it of PutObject with a retention; AWS does",
    ),
    Unenforced("*: s3:PutObjectTagging | *", "the emulator does not demand it of PutObject with tags; AWS does"),
    Unenforced(
        "manage_people: cognito-idp:AdminDeleteSoftwareToken | user pool",
        "the emulator does not know this call, and its people have no second factor to forget",
    ),
    Unenforced(
        "call_webhook: sqs:[DGR]* | webhooks",
        "the emulator reads queues for a function without asking its role",
    ),
    Unenforced(
        "send_notification: sqs:[DGR]* | notifications",
        "the emulator reads queues for a function without asking its role",
    ),
    Unenforced(
        "render_receipt: s3:ListBucket | bucket | under *",
        "without it S3 answers 403 for a key that is not there, and the emulator 404",
    ),
    Unenforced(
        "submit_mail: s3:ListBucket | bucket | under *",
        "without it S3 answers 403 for a key that is not there, and the emulator 404",
    ),
    Unenforced(
        "*e_scan*: s3:ListBucket | bucket | under *",
        "without it S3 answers 403 for a version that is not there, and the emulator 404",
    ),
    Unenforced(
        "stamp_receipts: s3:ListBucket | bucket | under *",
        "without it S3 answers 403 for a receipt that is not there, and the emulator 404",
    ),
    Unenforced(
        "close_mail: s3:ListBucket | bucket | under *",
        "without it S3 answers 403 for a key that is not there, and the emulator 404",
    ),
    Unenforced(
        "*: sqs:SendMessage | *failed",
        "the emulator sends what Lambda gave up without asking the role",
    ),
    Unenforced(
        "*: guardduty:SendObjectMalwareScan | *",
        "the local stage has no GuardDuty and invokes a stand-in",
    ),
    Unenforced(
        "send_notification: sqs:SendMessage | notifications",
        'used only when AWS says "not now": tests/integration/test_not_now.py',
    ),
    Unenforced(
        "send_notification: dynamodb:GetItem | sent once",
        "used only when another process sent the same message: tests/integration/test_bad_luck.py",
    ),
    Unenforced(
        "chase_scans: s3:GetObject | bucket/answers/*",
        "a HEAD that is refused leaves the mail to the next run, and its log does not say AccessDenied",
    ),
    Unenforced(
        "call_webhook: sqs:SendMessage | webhooks",
        'used only when AWS says "not now": tests/integration/test_not_now.py',
    ),
)
