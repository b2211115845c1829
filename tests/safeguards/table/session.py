"""Signing in on the pages: tries are counted, answers tell nothing, and a copied cookie is worth little."""

from tests.safeguards.safeguard import Safeguard, conditions

_SESSION = "tests/integration/test_session.py"
_PACE = "tests/unit/test_pace.py"
_HANDLER = "open_session/handler.py"

SAFEGUARDS = (
    *conditions(
        "Pace.count",
        _PACE,
        (
            "attribute_not_exists(tries) OR tries < :most",
            "one account is tried so often",
            "one_address_tries_one_name_so_often",
        ),
    ),
    *conditions(
        "Pace.forget",
        _PACE,
        (
            "attribute_exists(pk)",
            "no counter is made that has no end",
            "what_was_not_counted_is_not_forgotten_into_the_table",
        ),
    ),
    Safeguard(
        name="many addresses together try one account so often",
        place="Pace._counters",
        taken="        yield tries_key(_digest(name), window), MOST_FROM_ANYWHERE\n",
        left="",
        test=f"{_PACE}::test_many_addresses_together_try_one_name_so_often",
    ),
    Safeguard(
        name="a stranger's tries do not shut the person out",
        place="Pace._counters",
        taken="_digest(name, address)",
        left="_digest(name)",
        test=f"{_SESSION}::test_a_stranger_who_tries_a_name_does_not_shut_the_person_out",
    ),
    Safeguard(
        name="a name is counted however it is written",
        place="Pace._counters",
        taken="username.casefold()",
        left="username",
        test=f"{_SESSION}::test_who_tries_too_often_waits_whether_the_name_exists_or_not",
    ),
    Safeguard(
        name="names and addresses are kept as digests",
        place="open_session/pace.py::_digest",
        taken='hashlib.sha256("\\n".join(parts).encode()).hexdigest()[:40]',
        left='"\\n".join(parts)',
        test=f"{_SESSION}::test_neither_log_nor_table_holds_a_name_a_password_or_a_token",
    ),
    Safeguard(
        name="the address that is counted is not the caller's to choose",
        place="address_of",
        taken="forwarded[-1] if forwarded and",
        left="forwarded[0] if forwarded and",
        test=f"{_PACE}::test_the_address_is_the_one_that_the_distribution_saw",
    ),
    Safeguard(
        name="without the distribution, no header says whence a caller calls",
        place="address_of",
        taken='if event.get("stageVariables"):',
        left="if True:",
        test=f"{_PACE}::test_the_address_is_the_one_that_the_distribution_saw",
    ),
    Safeguard(
        name="passwords are counted before they are tried",
        place=f"{_HANDLER}::sign_in",
        taken="process().pace.count(credentials.username, browser.address, now)",
        left="pass",
        test=f"{_SESSION}::test_who_tries_too_often_waits_whether_the_name_exists_or_not",
    ),
    Safeguard(
        name="codes are counted before they are tried",
        place=f"{_HANDLER}::answer",
        taken="process().pace.count(asked.username, browser.address, now)",
        left="pass",
        test=f"{_SESSION}::test_codes_are_counted_too",
    ),
    Safeguard(
        name="a refused password takes as long whether or not the account exists",
        place=f"{_HANDLER}::sign_in",
        taken="with unhurried():",
        left="if True:",
        test=f"{_SESSION}::test_a_refusal_takes_its_time_whether_the_name_exists_or_not",
    ),
    Safeguard(
        name="a code that is asked for takes as long whether or not the account exists",
        place=f"{_HANDLER}::forget",
        taken="with unhurried(every=True):",
        left="if True:",
        test=f"{_SESSION}::test_a_refusal_takes_its_time_whether_the_name_exists_or_not",
    ),
    Safeguard(
        name="a session that was not used for a quarter of an hour is over for a copy of its cookies too",
        place=f"{_HANDLER}::renew",
        taken=' or kept["until"] <= clock.iso(now)',
        left="",
        test=f"{_SESSION}::test_a_session_ends_after_a_quarter_of_an_hour_without_use",
    ),
    Safeguard(
        name="a step of the sign-in ends after a quarter of an hour",
        place=f"{_HANDLER}::_asked",
        taken='or kept["until"] <= clock.iso(clock.now())',
        left="",
        test=f"{_SESSION}::test_steps_that_take_too_long_begin_again",
    ),
    Safeguard(
        name="a challenge belongs to its cookie",
        place=f"{_HANDLER}::_asked",
        taken='or not hmac.compare_digest(kept["nonce"].encode(), challenge.encode(errors="replace"))',
        left="",
        test=f"{_SESSION}::test_a_challenge_is_worth_nothing_without_its_cookie_nor_with_anothers",
    ),
    Safeguard(
        name="one cookie is worth nothing as another",
        place="Cipher.deciphered",
        taken='EncryptionContext={"purpose": purpose}',
        left='EncryptionContext={"purpose": "any"}',
        backup=Safeguard(
            name="a cookie is enciphered for its purpose",
            place="Cipher.enciphered",
            taken='EncryptionContext={"purpose": purpose}',
            left='EncryptionContext={"purpose": "any"}',
        ),
        test=f"{_SESSION}::test_no_cookie_stands_in_for_another",
    ),
    Safeguard(
        name="an account of no organism opens no session",
        place=f"{_HANDLER}::_signed_in",
        taken='if role == "agent" and len(organism_ids) != 1:',
        left="if False:",
        test=f"{_SESSION}::test_an_account_of_no_organism_opens_nothing_and_keeps_no_session",
    ),
    Safeguard(
        name="what was signed out renews nothing",
        place=f"{_HANDLER}::end",
        taken='process().people.sign_out(kept["token"])',
        left="pass",
        test=f"{_SESSION}::test_what_was_signed_out_renews_nothing_and_other_sessions_go_on",
    ),
)
