"""(c) AWS calls: what each route asks for, and why it cannot do without."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

type Reasons = Mapping[str, str | tuple[str, ...]]

_FILES = {"ListObjectsV2": "which of its files arrived, when it announced any"}
_TOKEN = {"GetSecretValue": "the key of tokens, once in a process"}

NEEDED: Mapping[str, Reasons] = {
    "GET /v1/organisms": {"Query": "the directory, once a minute"},
    "GET /v1/organisms/{organism_id}": {"GetItem": "the organism as it stands now"},
    "POST /v1/mails": {"GetItem": "the organism, which may be suspended", "PutItem": "the draft", **_TOKEN},
    "PUT /v1/mails/{mail_id}/letter": {"UpdateItem": "the letter, if still a draft", **_FILES, **_TOKEN},
    "POST /v1/mails/{mail_id}/attachments": {"UpdateItem": "the file, within the organism's limits", **_TOKEN},
    "DELETE /v1/mails/{mail_id}/attachments/{attachment_id}": {"UpdateItem": "without the file", **_TOKEN},
    "PUT /v1/mails/{mail_id}/sender": {"UpdateItem": "the sender, if still a draft", **_FILES, **_TOKEN},
    "POST /v1/mails/{mail_id}/submission": {
        "GetItem": "the draft",
        "HeadObject": "each file's version and checksum",
        "BatchGetItem": "the organism and its register's last number",
        "TransactWriteItems": "number, entry, status, event, receipt's place",
        "PutObject": "the sealed record, which makes the receipt",
        **_TOKEN,
    },
    "GET /v1/mails/{mail_id}": {"Query": "the mail and its history", **_TOKEN},
    "GET /v1/mails/{mail_id}/receipt": {"GetItem": "the mail", **_TOKEN},
    "POST /v1/follow-up": {
        "Query": "the directory, once a minute",
        "GetItem": ("the register's entry", "which codes open the mail now"),
        **_TOKEN,
    },
    "GET /v1/receipts/{verification_code}": {"GetItem": "the statement", "Query": "the history"},
}
"""Each call of a route, and what for: one reason, or one for each call. A route that is not here asks for nothing."""

OF_A_MAIL: Mapping[str, Mapping[str, int]] = {
    "start_mail": {"GetItem": 1, "PutItem": 1},
    "write_letter": {"UpdateItem": 1},
    "attach_file": {"UpdateItem": 1},
    "identify_sender": {"UpdateItem": 1, "ListObjectsV2": 1},
    "submit_mail": {"GetItem": 1, "HeadObject": 1, "BatchGetItem": 1, "TransactWriteItems": 1, "PutObject": 1},
    "render_receipt": {
        "GetObject": 2,  # the sealed record; the seal's certificates, once in five minutes
        "GetItem": 2,  # the mail, and whom the organism wants to be told
        "PutObjectRetention": 1,  # of each file
        "GetObjectTagging": 1,  # tags are replaced as a whole, and the scan's finding is one
        "PutObjectTagging": 1,
        "Sign": 1,
        "PutObject": 2,  # the receipt, which anyone may see, and the slip, which opens the mail
        "TransactWriteItems": 1,
        "SendMessageBatch": 1,
        "UpdateItem": 1,  # nothing waits any more
    },
    "send_notification": {
        "PutItem": 4,  # claimed, so that nobody else sends it
        "GetItem": 6,  # what to say, for each; whether sending is paused, each half minute
        "SendEmail": 2,
        "Publish": 2,
        "UpdateItem": 15,  # sent; counted for its address, its organism and the stage, within caps
        "TransactWriteItems": 2,  # the organism was told, the sender was told
    },
    "follow_mail": {"GetItem": 1},
}
"""What a mail with one file needs, from the first step to its receipt, with an e-mail and an SMS for each side."""


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What somebody asks of AWS, and what of it is not needed."""

    who: str
    first: Sequence[str]
    """At the first request in a process, by operation."""
    later: Sequence[str]
    why: str
    surplus: Counter[str]


def of_route(route: str, first: Sequence[str], later: Sequence[str]) -> Tally:
    """Hold the calls of a route against the needed ones."""
    reasons = NEEDED.get(route, {})
    whys = {name: (reason,) if isinstance(reason, str) else reason for name, reason in reasons.items()}
    why = "; ".join(f"{name}: {', and '.join(each)}" for name, each in whys.items() if name in first)
    surplus = (Counter(first) | Counter(later)) - Counter({name: len(each) for name, each in whys.items()})
    return Tally(who=route, first=first, later=later, why=why, surplus=surplus)


def of_mail(asked: Mapping[str, Iterable[str]]) -> Counter[str]:
    """The calls of a whole mail beyond the needed ones, each under its function's name."""
    surplus: Counter[str] = Counter()
    for who, operations in asked.items():
        beyond = Counter(operations) - Counter(OF_A_MAIL.get(who, {}))
        surplus.update({f"{who}: {operation}": count for operation, count in beyond.items()})
    return surplus
