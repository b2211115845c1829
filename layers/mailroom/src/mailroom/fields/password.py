"""Passwords of agents and operators: taken as typed, and checked against the user pool's policy before it is asked.

`infra.constructs.user_pool` sets the same policy, and a test holds the two together.
"""

from typing import Annotated, Final

from pydantic import BeforeValidator, StringConstraints

from mailroom.fields.text import without_surrogates

LEAST_CHARACTERS: Final = 14
MOST_CHARACTERS: Final = 256
_SIGNS: Final = frozenset("^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- ")
"""What Cognito counts as a sign; a blank at either end is none.
https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html"""

Password = Annotated[
    str, BeforeValidator(without_surrogates), StringConstraints(min_length=1, max_length=MOST_CHARACTERS)
]
"""A password, to the letter: blanks and marks are part of it."""


def weaknesses(password: str) -> list[str]:
    """The kinds of field errors by which a new password falls short of the policy."""
    found = {
        "password_short": len(password) >= LEAST_CHARACTERS,
        "password_lowercase": any("a" <= character <= "z" for character in password),
        "password_uppercase": any("A" <= character <= "Z" for character in password),
        "password_digit": any("0" <= character <= "9" for character in password),
        "password_sign": not _SIGNS.isdisjoint(password.strip(" ")),
    }
    return [kind for kind, is_met in found.items() if not is_met]
