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

OF_THE_SITE: Final[tuple[State, ...]] = (
    *frame.STATES,
    *choose.STATES,
    *send.STATES,
    *wizard.STATES,
    *receipt.STATES,
    *follow.STATES,
    *verify.STATES,
    *developers.STATES,
    *open_data.STATES,
)
AT_THE_DESK: Final[tuple[State, ...]] = (*operations.STATES, *desk.STATES)
"""States of the pages of agents and operators."""
