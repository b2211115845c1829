"""The states of waiting, one by one: what waits for what, and which functions act on it. It belongs to `schema`."""

from typing import Final, NamedTuple

from mailroom.storage.schema import Waiting


class Wait(NamedTuple):
    """One state of waiting: what waits for what, and the functions that set it, end it, and push on what stays."""

    meaning: str
    set_by: str
    ended_by: str
    pushed_on_by: str


WAITS: Final = {
    Waiting.RECEIPT: Wait(
        "a submitted mail, for its receipt",
        set_by="submit_mail close_mail",
        ended_by="render_receipt",
        pushed_on_by="resume_stalled",
    ),
    Waiting.ALERT: Wait(
        "a mail with its receipt, until its organism and its sender have their messages on the queue",
        set_by="render_receipt",
        ended_by="render_receipt",
        pushed_on_by="resume_stalled",
    ),
    Waiting.SLIP: Wait(
        "a mail whose codes were turned, for the slip with the new one",
        set_by="turn_codes",
        ended_by="render_receipt",
        pushed_on_by="resume_stalled",
    ),
    Waiting.NEWS: Wait(
        "the event of a collection or an outcome, until its sender has the message on the queue",
        set_by="collect_mail close_mail",
        ended_by="collect_mail close_mail resume_stalled",
        pushed_on_by="resume_stalled",
    ),
    Waiting.STAMP: Wait(
        "a receipt that was issued without its time stamp",
        set_by="render_receipt",
        ended_by="stamp_receipts",
        pushed_on_by="stamp_receipts",
    ),
    Waiting.SCAN: Wait(
        "the files of a mail, or of its answer, for the result of the scan",
        set_by="submit_mail close_mail chase_scans",
        ended_by="close_mail note_scan chase_scans",
        pushed_on_by="chase_scans",
    ),
    Waiting.SCAN_ASKED: Wait(
        "the same files, for the result that was asked for once more",
        set_by="chase_scans",
        ended_by="close_mail note_scan chase_scans",
        pushed_on_by="chase_scans",
    ),
    Waiting.UNSCANNED: Wait(
        "the same files, for operators, who know that no result came and have it asked for again",
        set_by="note_scan chase_scans",
        ended_by="close_mail note_scan chase_scans",
        pushed_on_by="chase_scans",
    ),
    Waiting.UNCHECKED: Wait(
        "the files of a mail that no scanner can look into, for the outcome: agents decide about them",
        set_by="submit_mail close_mail note_scan chase_scans",
        ended_by="close_mail resume_stalled note_scan",
        pushed_on_by="",
    ),
    Waiting.COLLECTION: Wait(
        "a register entry, for an agent who collects the mail",
        set_by="submit_mail close_mail",
        ended_by="collect_mail close_mail",
        pushed_on_by="remind_organisms",
    ),
    Waiting.WORDS: Wait(
        "the event of a submission, until the mail stands in the lists of the inbox's search, where it has more words "
        "than a transaction has room for",
        set_by="submit_mail close_mail",
        ended_by="resume_stalled",
        pushed_on_by="resume_stalled",
    ),
}
