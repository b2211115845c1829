"""The names of what is stored, as grants, lifecycle rules and commands use them: the data model's, said once more.

The CDK and the commands run where the functions' layer is not on the path. `mailroom.storage.schema` and
`mailroom.storage.object_keys` explain these names, and a test holds each of them to theirs.
"""

type Key = tuple[str, str]
"""Partition key and sort key of one item."""

PARTITION_KEY = "pk"
SORT_KEY = "sk"
TIME_TO_LIVE = "ttl"

ORGANISMS = "ORGANISM"
CODES = "CODE#"
REGISTERS = "REGISTER#"
MAILS = "MAIL#"
STATEMENTS = "RECEIPT#"
CLIENTS = "CLIENT#"
CAPS = "CAP#"
WORDS = "WORDS#"
DESK_TEMPLATES = "TEMPLATES#"
TRIES = "TRIES#"
"""What partition keys begin with."""

ENTRIES = "ENTRY#"
"""What the sort keys of a register's entries begin with."""

PUBLIC_HISTORY = ("pk", "sk", "event", "at")
"""The attributes of events that the functions for anyone may read: not who did it."""

NUMBER_OF_A_MAIL = ("pk", "sk", "submission")
"""The attributes of a mail that the function for operators may read: its number, with the codes of its receipt."""

EVENTS = "EVENT#"
"""What the sort keys of a mail's events begin with."""

WAITING_FOR_WORDS = "WORDS"
"""The state of a submission whose mail is not in the lists of the inbox's search."""

WAITING_INDEX = "waiting"
WAITING_SINCE = "waiting_since"
DESK_INDEX = "desk"
DESK_STATUS_INDEX = "desk_status"
ARRIVED = "arrived"
"""The indexes, each named after its partition key, and their sort keys."""

ATTACHMENTS = "attachments/"
ANSWERS = "answers/"
SUBMISSIONS = "submissions/"
RECEIPTS = "receipts/"
SLIPS = "slips/"
HEADS = "heads/"
SEALS = "seal/"
OPEN_DATA = "open_data/"
"""What the keys of objects in the bucket begin with."""

RECORD_ENDS = ".json"
"""What the key of a sealed record ends with."""

STATE_TAG = "state"
DRAFT_STATE = "draft"
SUBMITTED_STATE = "submitted"
"""The tag of a file, before and after a submission or an outcome has fixed it."""


def organism_key(organism_id: str) -> Key:
    """The item of an organism."""
    return ORGANISMS, organism_id


def client_key(client_id: str) -> Key:
    """The item that says for which organism a program acts."""
    return f"{CLIENTS}{client_id}", "CLIENT"


def mail_key(mail_id: str) -> Key:
    """The item of a mail."""
    return f"{MAILS}{mail_id}", "MAIL"


def submission_key(mail_id: str, at: str) -> Key:
    """The event of a mail's submission."""
    return f"{MAILS}{mail_id}", f"{EVENTS}{at}#submitted"


def register_partition(organism_id: str, year: int) -> str:
    """The partition of one organism's register of one year."""
    return f"{REGISTERS}{organism_id}#{year}"


def chain_object(key_name: str) -> str:
    """The object in the stage's bucket that holds the certificates of the seal key of this name (PEM)."""
    return f"{SEALS}{key_name}.pem"
