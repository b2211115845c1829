"""A time limit for work on input from strangers."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TookTooLong(BaseException):
    """The work did not end in time. It is no `Exception`: libraries catch those to go on."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """End the work of the block after `seconds`.

    Signals reach the main thread alone, in which Lambda calls a function: in any other thread nothing is limited.

    Raises:
        TookTooLong: the work did not end in time.

    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    otherwise = signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, otherwise)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise TookTooLong
