"""Every state of every page."""

from typing import Final

from tests.browser.states import choose, developers, follow, frame, receipt, send, verify
from tests.browser.states.state import State

STATES: Final[tuple[State, ...]] = (
    *frame.STATES,
    *choose.STATES,
    *send.STATES,
    *receipt.STATES,
    *follow.STATES,
    *verify.STATES,
    *developers.STATES,
)
