"""Every state of every page."""

from typing import Final

from tests.browser.states import developers, follow, frame, send, verify
from tests.browser.states.state import State

STATES: Final[tuple[State, ...]] = (*frame.STATES, *send.STATES, *follow.STATES, *verify.STATES, *developers.STATES)
