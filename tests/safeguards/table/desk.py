"""An organism's desk: its inbox and the search of it, the trace of who looked, its templates of answers."""

from tests.safeguards.safeguard import Safeguard, conditions

_ISOLATION = "tests/attacks/test_isolation.py"
_LISTS = "tests/integration/test_inbox.py"
_SEARCH = "tests/unit/test_inbox_search.py"
_FOUND = "tests/integration/test_inbox_search.py"
_OPEN = "tests/integration/test_open_mail.py"
_TEMPLATES = "tests/integration/test_answer_templates.py"

SAFEGUARDS = (
    Safeguard(
        name="an agent finds mails in the organism's own register",
        place="Inbox.entry",
        taken="entry_key(self._caller.organism_id, typed)",
        left="entry_key(typed.code.lower(), typed)",
        test=f"{_ISOLATION}::test_another_organisms_mail_stays_shut {_OPEN}::test_another_organisms_numbers_are_not_found_whatever_is_tried",
    ),
    Safeguard(
        name="an agent lists and searches the organism's own mails",
        place="InboxSearch.__init__",
        taken="self._organism_id = organism.organism_id",
        left='self._organism_id = "anam"',
        test=f"{_ISOLATION}::test_another_organisms_list_shows_nothing",
    ),
    Safeguard(
        name="a cursor is of its own list",
        place="inbox_search.py::_place_of",
        taken="binding != bound or ",
        left="",
        test=f"{_LISTS}::test_a_cursor_is_good_for_the_very_list_it_came_from",
    ),
    Safeguard(
        name="one request reads a bounded part of a list",
        place="InboxSearch._found",
        taken="while read < MOST_READ:",
        left="while True:",
        test=f"{_SEARCH}::test_two_words_that_are_in_all_mails_but_never_together_cost_one_bound_a_page",
    ),
    Safeguard(
        name="the shortest list is read",
        place="InboxSearch._shortest",
        taken="if len(lists) == 1:",
        left="if lists:",
        test=f"{_SEARCH}::test_the_shortest_list_is_read",
    ),
    Safeguard(
        name="the mail at which a page ended is not on the next one",
        place="InboxSearch._found",
        taken=" if _place_in(item, shortest) != place",
        left="",
        test=f"{_FOUND}::test_a_search_goes_on_page_by_page",
    ),
    Safeguard(
        name="what a word finds passes the other filters too",
        place="InboxSearch._matching",
        taken="(entry for entry in self._read(some) if sought.takes(entry))",
        left="self._read(some)",
        test=f"{_SEARCH}::test_a_rare_word_within_a_status_that_most_mails_have_passes_the_filters_too",
    ),
    Safeguard(
        name="a mail is in the search from its registration on",
        place="Registrar.prepare",
        taken="for item in words if not later",
        left="for item in words if later",
        test=f"{_SEARCH}::test_a_submitted_mail_is_in_the_search_at_once",
    ),
    Safeguard(
        name="a mail of many words waits until it is in the search",
        place="Registrar.prepare",
        taken='{"waiting": Waiting.WORDS, "waiting_since": clock.iso(at)}',
        left='{"by": ""}',
        test=f"{_FOUND}::test_a_mail_of_more_words_than_a_transaction_takes_is_found_a_minute_later",
    ),
    Safeguard(
        name="the schedule enters mails of many words into the search",
        place="functions/resume_stalled/handler.py",
        taken="    run.list_words()\n",
        left="",
        test=f"{_FOUND}::test_a_mail_of_more_words_than_a_transaction_takes_is_found_a_minute_later",
    ),
    *conditions(
        "list_words",
        "tests/unit/test_inbox_search.py",
        (
            "attribute_exists(pk)",
            "a submission that is gone is not written again",
            "a_submission_that_is_gone_stays_gone",
        ),
    ),
    Safeguard(
        name="who opens a mail leaves a trace",
        place="Inbox.open",
        taken='self._note(entry, "opened")',
        left="pass",
        test=f"{_OPEN}::test_an_agent_sees_the_whole_mail_and_who_else_has",
    ),
    Safeguard(
        name="a poll that shows nothing leaves no trace",
        place="functions/open_mail/handler.py",
        taken='_NOT_COUNTED = frozenset({"accesses"})',
        left="_NOT_COUNTED = frozenset[str]()",
        test=f"{_OPEN}::test_who_polls_an_open_mail_leaves_no_trace_until_something_changes",
    ),
    Safeguard(
        name="who downloads a file leaves a trace",
        place="Inbox.file",
        taken='self._note(entry, "downloaded", attachment_id, unchecked=is_unchecked or None)',
        left="pass",
        test="tests/integration/test_open_mail.py::test_an_agent_sees_the_whole_mail_and_who_else_has tests/integration/test_open_mail.py::test_a_clean_file_has_an_address_for_one_minute_that_saves_it_under_its_name",
    ),
    Safeguard(
        name="the first look at a mail is kept",
        place="Inbox._note",
        taken='condition="attribute_not_exists(opened_at)"',
        left='condition="attribute_exists(pk) OR attribute_not_exists(opened_at)"',
        backed_by="a later look writes nothing, as it reads the entry first; the condition is for two at once",
    ),
    Safeguard(
        name="keep_templates has its organism guard",
        place="functions/keep_templates/handler.py",
        taken=", callers.organism_guard(lambda: Process.current().table)",
        left="",
        test=f"{_TEMPLATES}::test_who_acts_for_no_organism_is_refused",
    ),
    Safeguard(
        name="templates are of the caller's organism",
        place="functions/keep_templates/handler.py",
        taken="AnswerTemplates(Process.current().table, caller_of(app).organism_id)",
        left='AnswerTemplates(Process.current().table, "anam")',
        test=f"{_TEMPLATES}::test_another_organism_sees_and_changes_nothing_of_it",
    ),
    *conditions(
        "AnswerTemplates.write",
        _TEMPLATES,
        (
            "attribute_exists(pk)",
            "a template that is new is counted",
            "a_template_is_written_changed_listed_and_deleted",
        ),
    ),
    *conditions(
        "AnswerTemplates._added",
        _TEMPLATES,
        (
            "templates < :most",
            "there are a hundred templates at most",
            "there_are_a_hundred_at_most_also_when_two_write_at_once",
        ),
    ),
    Safeguard(
        name="a template that is not there is not deleted",
        place="AnswerTemplates.delete",
        taken='template_id), condition="attribute_exists(pk)"',
        left='template_id), condition="attribute_exists(pk) OR attribute_not_exists(pk)"',
        test=f"{_TEMPLATES}::test_a_template_is_written_changed_listed_and_deleted",
    ),
)
