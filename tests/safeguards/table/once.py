"""Once: nobody gets a message twice, and nobody gets so many."""

from tests.safeguards.safeguard import Safeguard

_PUT_ONCE = Safeguard(
    name="a receipt is written once",
    place="Files.put_receipt",
    taken=', IfNoneMatch="*"',
    left="",
)

SAFEGUARDS = (
    Safeguard(
        name="a notification is sent once for its id",
        place="PostOffice.__init__",
        taken=")(self._send)",
        left=") and self._send",
        test="tests/unit/test_send_notification.py::test_the_same_message_twice_in_one_batch_sends_once",
    ),
    Safeguard(
        name="what was sent is remembered as long as queues bring it back",
        place="PostOffice.__init__",
        taken="expires_after_seconds=_REMEMBERED_SECONDS,",
        left="",
        test="tests/unit/test_send_notification.py::test_what_went_out_is_remembered_for_thirty_days",
    ),
    Safeguard(
        name="a process that dies while it sends keeps another from sending",
        place="send_notification/handler.py::handler",
        taken="office.idempotency.register_lambda_context(context)",
        left="pass",
        test="tests/unit/test_send_notification.py::test_a_process_killed_after_the_send_does_not_send_again_while_its_time_runs",
    ),
    Safeguard(
        name="the same address is informed of the same under the same id",
        place="notification_id",
        taken='f"{mail_id}|{template}|{channel}|{to}"',
        left="f\"{mail_id}|{template}|{channel}|{to}|{__import__('time').perf_counter_ns()}\"",
        test="tests/unit/test_notifications.py::test_the_id_depends_on_what_is_told_to_whom_and_on_nothing_else",
    ),
    Safeguard(
        name="an address that stands twice is informed once",
        place="notifications.py::_distinct",
        taken="return list(first_of_each.values())",
        left="return list(addresses)",
        test="tests/unit/test_notifications.py::test_an_address_that_stands_twice_is_told_once",
    ),
    Safeguard(
        name="reminders of one day have one id",
        place="reminder_id",
        taken='f"{organism_id}|{day}"',
        left="f\"{organism_id}|{__import__('time').perf_counter_ns()}\"",
        test="tests/integration/test_reminders.py::test_the_schedule_may_fire_as_often_as_it_likes tests/integration/test_reminders.py::test_a_run_that_dies_is_finished_by_the_next_and_says_nothing_twice",
    ),
    Safeguard(
        name="a call to a program has one id over all attempts",
        place="call_for",
        taken='f"{mail.mail_id}|{event}|{organism_id}"',
        left="f\"{mail.mail_id}|{event}|{__import__('time').perf_counter_ns()}\"",
        test="tests/unit/test_webhooks.py::test_a_mail_has_one_call_however_often_it_is_queued",
    ),
    Safeguard(
        name="nobody is informed again of what was done before",
        place="completion.py::_waiting",
        taken=' and item.get("waiting") == Waiting.NEWS',
        left="",
        test="tests/integration/test_collection.py::test_the_sender_is_told_once_by_e_mail_alone",
    ),
    Safeguard(
        name="a receipt that was made is not made again",
        place="Issuing.issue_receipt",
        taken="self._files.receipt_sha256(self._mail.mail_id) if were_locked else None",
        left="None",
        test="tests/integration/test_bad_luck.py::test_a_receipt_that_dies_after_any_write_is_finished_by_the_next tests/integration/test_objects_put_once.py::test_a_receipt_that_a_run_left_is_taken_as_it_is",
    ),
    Safeguard(
        name="a receipt that is there is not replaced by a copy, as it is looked for and as it is put once",
        place="Issuing.replace_lost_receipt",
        taken="self._files.receipt_sha256(self._mail.mail_id) or ",
        left="",
        backup=_PUT_ONCE,
        test="tests/integration/test_lost_receipt.py::test_a_receipt_that_is_there_is_left_alone",
    ),
    Safeguard(
        name="a stamp that is being added makes no copy",
        place="Issuing.replace_lost_receipt",
        taken=" or stored == announced(table, self._mail.mail_id)",
        left="",
        test="tests/integration/test_time_stamp_races.py::test_a_stamped_receipt_whose_digest_is_not_noted_yet_is_no_copy",
    ),
    Safeguard(
        name="a message after `not mine` is not sent",
        place="PostOffice._send",
        taken="if is_foreign(notification, mail):",
        left="if False:",
        test="tests/attacks/test_foreign_addresses.py::test_messages_after_not_mine",
    ),
    Safeguard(
        name="messages are counted before they are sent",
        place="PostOffice._send",
        taken="self._count_against_caps(notification, mail.organism.organism_id)",
        left="pass",
        test="tests/attacks/test_messages_to_others.py::test_sms_to_one_number_without_end",
    ),
    Safeguard(
        name="SMS go to mobiles of the countries served",
        place="PostOffice._send",
        taken="self._outbox.require_deliverable(notification)",
        left="pass",
        test="tests/unit/test_send_notification_refused.py::test_what_is_no_mobile_of_a_country_served_is_sent_nothing",
    ),
    Safeguard(
        name="new addresses wait while too many bounce",
        place="PostOffice._count_against_caps",
        taken="if is_email_to_sender and self._sending.is_held_back(notification.to, now):",
        left="if False:",
        test="tests/attacks/test_bounces_by_the_hundred.py::test_mail_from_hundreds_of_made_up_addresses",
    ),
)
