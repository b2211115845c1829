"""Every state of every page."""

from typing import Final

from tests.browser.states import (
    choose,
    desk,
    developers,
    follow,
    frame,
    open_data,
    operations,
    receipt,
    send,
    verify,
    wizard,
)
from tests.browser.states.state import State

STATES: Final[tuple[State, ...]] = (
    *frame.STATES,
    *choose.STATES,
    *send.STATES,
    *wizard.STATES,
    *receipt.STATES,
    *follow.STATES,
    *verify.STATES,
    *developers.STATES,
    *open_data.STATES,
    *operations.STATES,
    *desk.STATES,
)
