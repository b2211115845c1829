"""The stage's time stamp authority: a third party, which may be slow, down or wrong, and never holds up a receipt."""

import time

from mailroom.domain import clock
from mailroom.timestamps.exchange import answer_to
from mailroom.timestamps.refusal import NoStampError
from mailroom.timestamps.signature import Signature
from mailroom.timestamps.time_stamp_token import Question, Token

RESTS_SECONDS = 60.0
"""How long a process that saw the authority fail does not ask it again: of a flood, one receipt waits and not each."""


class TimeStampAuthority:
    """Somebody who states that something existed at a time."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._rests_until = float("-inf")

    def token_for(self, signature: Signature) -> Token:
        """A time stamp of a seal's signature, to be put into it.

        Raises:
            CannotBeStampedError: the seal's certificate does not hold now, so that a time stamp would spoil it.
            NoStampError: the authority did not give one that holds, or did not a moment ago.

        """
        signature.require_certified(clock.now())
        if time.monotonic() < self._rests_until:
            raise NoStampError("resting")
        question = Question(signature.value)
        try:
            token = question.token_in(answer_to(question.written(), self._url))
        except NoStampError:
            self._rests_until = time.monotonic() + RESTS_SECONDS
            raise
        signature.require_certified(token.at)
        return token
