"""What the routes of an organism's desk share."""

from mailroom.api.resolver import Api
from mailroom.mails.inbox import Inbox
from mailroom.organisms.callers import Caller, caller
from mailroom.storage.table import Table


def caller_of(app: Api) -> Caller:
    """The agent, the program or the operator whose request is being answered, as the guard let it through."""
    return caller(app.current_event.raw_event)


def inbox_of(app: Api, table: Table) -> Inbox:
    """The inbox of the caller's organism."""
    return Inbox(table, caller_of(app))
