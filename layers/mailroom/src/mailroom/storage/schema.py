"""The data model on one page: what the table holds, under which keys, who writes it, and what waits for whom.

One table. `ITEMS` lists the kinds of items, the indexes follow, then `Waiting`: the states in which an item waits for
the next step, which `waits` explains. `item_keys` builds each key of the table; `object_keys` lists what is in the
bucket and builds each key there. No other module builds a key, and none names a state of waiting or an attribute that
is not here.

A second table holds the ids of the notifications that were sent, for `send_notification`: it is Powertools' own.
"""

from enum import StrEnum
from typing import Final, Literal, NamedTuple

type Key = tuple[str, str]
"""Partition key and sort key of one item."""

ORGANISMS: Final = "ORGANISM"
CODES: Final = "CODE#"
REGISTERS: Final = "REGISTER#"
MAILS: Final = "MAIL#"
STATEMENTS: Final = "RECEIPT#"
CLIENTS: Final = "CLIENT#"
CAPS: Final = "CAP#"
WORDS: Final = "WORDS#"
DESK_TEMPLATES: Final = "TEMPLATES#"
TRIES: Final = "TRIES#"
"""Partition keys begin so; roles are bound to those they need (`dynamodb:LeadingKeys`). `CODES` are organisms' (ANAM):
no code that opens a mail is stored. A counter's `head` is its last entry's digest; nightly heads are in the bucket."""

ENTRIES: Final = "ENTRY#"
EVENTS: Final = "EVENT#"
ACCESSES: Final = "ACCESS#"
TEMPLATE: Final = "TEMPLATE#"
"""What sort keys begin with, where a partition holds many items of one kind."""

PUBLIC_HISTORY: Final = ("pk", "sk", "event", "at")
"""The attributes of events that the functions for anyone may read: not who did it."""

NUMBER_OF_A_MAIL: Final = ("pk", "sk", "submission")
"""The attributes of a mail that the function for operators may read: its number, with the codes of its receipt."""

REFUSALS: Final = f"{CAPS}REFUSED"
"""The partition of messages that caps kept from being sent."""

Folder = Literal["attachments", "answers"]
"""The two lists of files of a mail: those that came with it, and those of its answer."""


class ItemKind(NamedTuple):
    """A kind of item: its key, with what varies in angle brackets, its attributes, and the functions that write it."""

    meaning: str
    pk: str
    sk: str
    attributes: str
    written_by: str


ITEMS: Final = (
    ItemKind(
        "an organism, and which of its addresses fail",
        pk="ORGANISM",
        sk="<organism_id>",
        attributes="organism_id code category name city status language alerts accepts reminders sms_to_senders "
        "webhook webhook_secret_shown is_test failing",
        written_by="enrol_organism enrol_organisms note_bounce send_notification",
    ),
    ItemKind(
        "the claim of one organism on a code",
        pk="CODE#<code>",
        sk="CODE",
        attributes="organism_id",
        written_by="enrol_organism enrol_organisms",
    ),
    ItemKind(
        "a register's last number, and the digest of that entry",
        pk="REGISTER#<organism_id>#<year>",
        sk="COUNTER",
        attributes="last head",
        written_by="submit_mail close_mail",
    ),
    ItemKind(
        "a register's entry: what the inbox shows of a mail, and the entry's link of the chain",
        pk="REGISTER#<organism_id>#<year>",
        sk="ENTRY#<rank>",
        attributes="mail_id organism_id number submitted_at status kind subject sender attachments channel entered_by "
        "record_sha256 previous digest desk desk_status arrived opened_at collected_at outcome_at reminded_at "
        "escalated_at waiting waiting_since",
        written_by="submit_mail close_mail collect_mail open_mail remind_organisms",
    ),
    ItemKind(
        "a mail in a list of an inbox's search: those with a word that begins so, and all words of this one",
        pk="WORDS#<organism_id>#<beginning>",
        sk="<at>#<number>",
        attributes="words",
        written_by="submit_mail close_mail resume_stalled",
    ),
    ItemKind(
        "a template of answers",
        pk="TEMPLATES#<organism_id>",
        sk="TEMPLATE#<template_id>",
        attributes="template_id name text",
        written_by="keep_templates",
    ),
    ItemKind(
        "the number of an organism's templates",
        pk="TEMPLATES#<organism_id>",
        sk="NUMBER_OF_TEMPLATES",
        attributes="templates",
        written_by="keep_templates",
    ),
    ItemKind(
        "a mail, from draft to outcome",
        pk="MAIL#<mail_id>",
        sk="MAIL",
        attributes="mail_id organism accepts language channel entered_by status started_at expires_at ttl revision "
        "letter sender attachments announced announced_bytes most_announced most_announced_bytes submission receipt "
        "first_receipt has_slip slip_version codes turned_by collection outcome answers redirected_from "
        "email_failure sms_failure organism_alerted_at sender_informed_at sender_not_informed_at waiting "
        "waiting_since",
        written_by="start_mail enter_mail write_letter attach_file identify_sender submit_mail render_receipt "
        "stamp_receipts collect_mail close_mail turn_codes note_scan chase_scans send_notification note_bounce "
        "resume_stalled",
    ),
    ItemKind(
        "an event of a mail's history",
        pk="MAIL#<mail_id>",
        sk="EVENT#<at>#<event>",
        attributes="event at by waiting waiting_since",
        written_by="submit_mail render_receipt collect_mail close_mail send_notification note_bounce remind_organisms "
        "resume_stalled",
    ),
    ItemKind(
        "a look that somebody of the organism took at a mail, or a step: written and never changed",
        pk="MAIL#<mail_id>",
        sk="ACCESS#<at>#<access_id>",
        attributes="action by at attachment_id unchecked",
        written_by="open_mail collect_mail close_mail",
    ),
    ItemKind(
        "that the files of a mail wait, for their scan or for an agent",
        pk="MAIL#<mail_id>",
        sk="SCAN",
        attributes="tries waiting waiting_since",
        written_by="submit_mail close_mail resume_stalled note_scan chase_scans",
    ),
    ItemKind(
        "the same, for the files of its answer",
        pk="MAIL#<mail_id>",
        sk="SCAN#ANSWERS",
        attributes="tries waiting waiting_since",
        written_by="close_mail note_scan chase_scans",
    ),
    ItemKind(
        "that a mail's receipt waits for its time stamp, and the one that it is about to bear",
        pk="MAIL#<mail_id>",
        sk="STAMP",
        attributes="sha256 is_copy token stamped_sha256 waiting waiting_since",
        written_by="render_receipt stamp_receipts",
    ),
    ItemKind(
        "what anyone who holds a receipt may learn of it: no name, no subject, no text",
        pk="RECEIPT#<verification_code>",
        sk="RECEIPT",
        attributes="mail_id number organism submitted_at channel sender_kind attachments record_sha256 entry_sha256 "
        "receipt_sha256 versions copies",
        written_by="submit_mail close_mail render_receipt stamp_receipts",
    ),
    ItemKind(
        "the organism for which a program acts",
        pk="CLIENT#<client_id>",
        sk="CLIENT",
        attributes="organism_id",
        written_by="make:machine",
    ),
    ItemKind(
        "the messages of a day to one address, known by its keyed hash: the ids of each hour and of the day",
        pk="CAP#<channel>#address#<pseudonym>",
        sk="<day>",
        attributes="day hour_<hour> ttl",
        written_by="send_notification",
    ),
    ItemKind(
        "the messages of a day for one organism's mails: how many in each hour and in the day",
        pk="CAP#<channel>#organism#<organism_id>",
        sk="<day>",
        attributes="day hour_<hour> ttl",
        written_by="send_notification",
    ),
    ItemKind(
        "the SMS of a month",
        pk="CAP#sms#month",
        sk="<month>",
        attributes="sent ttl",
        written_by="send_notification",
    ),
    ItemKind(
        "the messages of a day that one cap kept from being sent",
        pk="CAP#REFUSED",
        sk="<day>#<organism_id>#<channel>#<cap>",
        attributes="refused ttl",
        written_by="send_notification",
    ),
    ItemKind(
        "the e-mails of a day: sent, returned, called spam",
        pk="CAP#email#health",
        sk="<day>",
        attributes="sent bounced complained ttl",
        written_by="send_notification note_bounce",
    ),
    ItemKind(
        "a sender's address to which an e-mail went before, known by its keyed hash",
        pk="CAP#email#known#<pseudonym>",
        sk="KNOWN",
        attributes="first_sent_at ttl",
        written_by="send_notification",
    ),
    ItemKind(
        "the passwords and codes that were tried for one account in a quarter of an hour, from one address or from all",
        pk="TRIES#<digest>",
        sk="<window>",
        attributes="tries ttl",
        written_by="open_session",
    ),
)

MAPS: Final = {
    "accepts": "national_id max_attachments max_attachment_bytes",
    "attachments answers": "attachment_id file_name media_type size sha256 version_id key scan scanned_at "
    "detected_media_type warnings",
    "receipt first_receipt": "sha256 issued_at",
    "codes": "access slip email sms",
    "name text": "fr ar",
    "failing": "reason since until",
    "email_failure sms_failure": "reason at until",
}
"""What is within attributes that updates change in part; of each file by its id, of each failing address by itself."""

WAITING_INDEX: Final = "waiting"
"""Items by what they wait for, the longest waiting first: `waiting`, then `waiting_since`. It holds keys alone."""

DESK_INDEX: Final = "desk"
DESK_STATUS_INDEX: Final = "desk_status"
"""Register entries by organism, or by organism and status (`item_keys.desk_status`), then by `arrived`."""


class Waiting(StrEnum):
    """What an item waits for: the attribute `waiting`, with `waiting_since` beside it. `waits` says who acts on each.

    An item that waits for nothing has neither attribute, and so does not stand in the index.
    """

    RECEIPT = "RECEIPT"
    ALERT = "ALERT"
    SLIP = "SLIP"
    NEWS = "NEWS"
    STAMP = "STAMP"
    SCAN = "SCAN"
    SCAN_ASKED = "SCAN_ASKED"
    UNSCANNED = "UNSCANNED"
    UNCHECKED = "UNCHECKED"
    COLLECTION = "COLLECTION"
    WORDS = "WORDS"


WAITS_NO_MORE: Final = "REMOVE waiting, waiting_since"
