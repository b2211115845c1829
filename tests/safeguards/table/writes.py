"""Conditions of writes: drafts, submission, receipt, collection, outcome, codes."""

from tests.safeguards.safeguard import Safeguard, always, conditions

_MAILS = "tests/unit/test_conditions_of_mails.py"
_REFUSED = "tests/integration/test_steps_refused.py"
_INPUT = "tests/integration/test_bad_input.py"
_COST = "tests/attacks/test_cost.py"

_ONE_STATEMENT = Safeguard(
    name="a mail has one statement",
    place="Registrar.prepare",
    taken="self._table.new(statement_item(",
    left="self._table.put_anyway(statement_item(",
)
_STATUS_OF_OUTCOME = Safeguard(
    name="an outcome follows the status that was read",
    place="Outcomes._closed",
    taken="#status = :was",
    left=always("#status = :was"),
)

SAFEGUARDS = (
    *conditions(
        "Table.put_new", _MAILS, ("attribute_not_exists(pk)", "a new item replaces none", "a_mail_is_started_once")
    ),
    *conditions(
        "Table.new",
        "tests/unit/test_conditions_of_organisms.py",
        ("attribute_not_exists(pk)", "a new item of a transaction replaces none", "a_code_belongs_to_one_organism"),
    ),
    *conditions(
        "storage/mails.py",
        _REFUSED,
        (
            '_IS_OPEN_DRAFT = "#status = :draft',
            "a submitted mail is not written",
            "after_submission_letter_attachments_and_sender_are_409",
        ),
        (
            "expires_at > :now",
            "an expired draft is not written",
            "an_expired_draft_is_404_even_while_the_table_still_holds_it",
        ),
    ),
    *conditions(
        "Store.identify_sender",
        _MAILS,
        (
            "accepts.national_id = :true",
            "identity numbers go to organisms that may hold them",
            "an_identity_number_at_an_organism_that_may_not_hold_it",
        ),
    ),
    *conditions(
        "Store.announce",
        _INPUT,
        (
            "size(attachments) < accepts.max_attachments",
            "a draft has so many files",
            "one_file_more_than_the_organism_takes_is_409",
        ),
        ("accepts.max_attachment_bytes >= :size", "a file is so large", "a_file_over_the_organisms_size_is_413"),
    ),
    *conditions(
        "Store.announce",
        _COST,
        (
            "NOT announced >= most_announced",
            "so many files are announced and withdrawn",
            "announcing_and_withdrawing_without_end",
        ),
        (
            "NOT announced_bytes >= most_announced_bytes",
            "so many bytes are announced and withdrawn",
            "bytes_withdrawn_are_bytes_all_the_same",
        ),
    ),
    *conditions(
        "Store.withdraw",
        _INPUT,
        (
            "attribute_exists(attachments.#id)",
            "only a file that is there is withdrawn",
            "taking_back_a_file_that_is_not_there_is_404",
        ),
    ),
    *conditions(
        "Store.record_event_once",
        _MAILS,
        ("attribute_exists(pk)", "no event makes a mail", "an_event_of_a_mail_that_is_gone"),
        (
            "attribute_not_exists(#flag)",
            "the history says once that people were informed",
            "an_event_is_told_once_in_the_history",
        ),
    ),
    *conditions(
        "IssuedReceipts.note",
        _MAILS,
        (
            "attribute_exists(submission)",
            "no receipt of a mail without its submission",
            "a_receipt_of_a_mail_without_its_submission",
        ),
        ("attribute_not_exists(receipt)", "a receipt is noted once", "a_receipt_is_noted_once"),
        (
            'condition="attribute_exists(pk)',
            "a receipt is noted where its statement is",
            "a_receipt_whose_statement_is_lost",
        ),
    ),
    *conditions(
        "IssuedReceipts.note_copy",
        _MAILS,
        (
            "receipt.sha256 = :known",
            "a copy replaces the lost receipt alone",
            "of_two_copies_of_a_lost_receipt_the_first_stays",
        ),
        ('condition="attribute_exists(pk)', "a copy is noted where its statement is", "a_copy_whose_statement_is_lost"),
    ),
    *conditions(
        "IssuedReceipts.note_slip",
        _MAILS,
        ("attribute_exists(receipt)", "a slip belongs to a receipt", "a_slip_before_its_receipt"),
        (
            "attribute_not_exists(slip_version) OR slip_version <= :slip",
            "an older slip does not replace a newer one",
            "a_slip_with_an_older_code_after_a_newer_one",
        ),
        ("waiting = :what", "a slip ends no other wait", "a_slip_ends_no_other_wait"),
        ("codes.slip = slip_version", "a mail waits for the slip in force", "a_slip_whose_code_was_turned_once_more"),
    ),
    *conditions(
        "IssuedReceipts.end_waiting",
        _MAILS,
        (
            "attribute_exists(receipt)",
            "a mail without a receipt goes on waiting",
            "a_mail_without_a_receipt_goes_on_waiting_for_it",
        ),
    ),
    *conditions(
        "Submissions._submitted",
        _MAILS,
        (
            "expires_at > :at",
            "an expired draft is not submitted",
            "a_draft_that_expires_while_its_files_are_looked_at",
        ),
    ),
    *conditions(
        "Submissions._submitted",
        _MAILS,
        (
            "revision = :revision",
            "what is submitted is what was looked at",
            "a_letter_that_is_written_again_while_its_mail_is_submitted",
        ),
    ),
    Safeguard(
        name="a mail is submitted once, by its status or by its statement, which is new once",
        place="Submissions._submitted",
        taken="#status = :draft",
        left=always("#status = :draft"),
        backup=_ONE_STATEMENT,
        test=f"{_MAILS}::test_two_submissions_of_one_mail_around_new_year",
    ),
    *conditions(
        "collect",
        _MAILS,
        ("#status = :submitted", "one agent collects a mail", "of_two_agents_one_collects"),
    ),
    *conditions(
        "entry_moved",
        _MAILS,
        (
            "attribute_exists(pk)",
            "no register entry is made of a status alone",
            "a_collected_mail_whose_register_entry_is_lost",
        ),
    ),
    *conditions(
        "Outcomes._closed",
        _MAILS,
        ("#status = :was", "an outcome follows the status that was read", "an_outcome_that_meets_a_collection"),
        (
            "revision = :revision",
            "an outcome rests on the files that were looked at",
            "an_outcome_that_meets_a_file_of_the_answer",
        ),
    ),
    Safeguard(
        name="a mail has one outcome, by its absence or by the status, which an outcome always changes",
        place="Outcomes._closed",
        taken="attribute_not_exists(#outcome)",
        left=always("attribute_not_exists(#outcome)"),
        backup=_STATUS_OF_OUTCOME,
        test=f"{_MAILS}::test_of_two_outcomes_one_stands",
    ),
    *conditions(
        "Turning._write",
        _MAILS,
        (
            '["attribute_exists(submission)',
            "only a submitted mail's codes are turned",
            "backed by the type: a submitted mail never becomes a draft again",
        ),
        (
            "(attribute_not_exists(codes) OR codes = :was)",
            "codes are turned once for the first time",
            "of_two_who_turn_codes_at_once_one_wins",
        ),
        (
            'conditions.append("codes = :was',
            "codes are turned once from one version to the next",
            "of_two_who_turn_codes_at_once_one_wins",
        ),
        (
            "attribute_not_exists(#outcome)",
            "codes of a mail that is redirected at that moment are turned with it",
            "codes_of_a_mail_that_is_closed_at_that_moment",
        ),
        (
            "attribute_exists(#outcome)",
            "a closed mail stays closed",
            "backed by the type: a closed mail has no other status",
        ),
    ),
    *conditions(
        "completion.py::_tell",
        _MAILS,
        ("attribute_exists(pk)", "no event is made", "backed by the query: events are never deleted"),
    ),
)
