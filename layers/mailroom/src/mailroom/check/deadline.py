"""A limit of time for work that a hostile file could make endless."""

import _thread
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TookTooLongError(Exception):
    """The time was over."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Break off what is done inside after so many seconds by TookTooLongError; for the main thread of a command.

    It works by the interrupt of the keyboard, the one that every system has.
    """
    over = threading.Event()

    def interrupt() -> None:
        over.set()
        _thread.interrupt_main()

    def interrupted(_number: int, _frame: FrameType | None) -> None:
        if over.is_set():
            raise TookTooLongError
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupted)
    timer = threading.Timer(seconds, interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        signal.signal(signal.SIGINT, before)
