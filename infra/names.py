"""Names that the stack gives and that the commands look things up by.

The constructs and the commands both import this module, and neither imports the other.
"""

from enum import StrEnum

OPERATORS_GROUP = "operators"
"""The group of the user pool whose members run the service."""
RESOURCE_SERVER = "mailroom"
READ_SCOPE, WRITE_SCOPE = f"{RESOURCE_SERVER}/inbox.read", f"{RESOURCE_SERVER}/inbox.write"
BOTH_SCOPES = f"{RESOURCE_SERVER}/inbox"
"""The only scope that programs had before reading and writing became two scopes: it stands for both."""
WRITABLE_ATTRIBUTE = "locale"
"""The one attribute of the user pool that people may write. Nothing reads it.

A client without a list may write every standard attribute, among them the e-mail address that a forgotten password
goes to; an empty list counts as no list.
"""
ENROLMENT_SECONDS = 300
"""The time that `enrol_organisms` has for a directory: `make organisms` waits for longer."""
MACHINES_PARAMETER = "MachineClients"
"""The service stack's parameter that lists the programs' clients, separated by commas."""
NO_MACHINES = "none"
"""The parameter's value while there is no program: a parameter cannot be an empty list, and no client has this id."""
MOST_MACHINES = 49
"""An authorizer of API Gateway takes 50 clients; people sign in with the fiftieth."""

ROLLBACK_ALARMS_OUTPUT = "RollbackAlarms"
"""The watching stack's output that lists the alarms which undo a change of the service, separated by commas."""
COMMIT_OUTPUT, PREVIOUS_COMMIT_OUTPUT = "Commit", "PreviousCommit"
"""The watching stack's outputs of the commit that is deployed, and of the one before it.

That stack changes after the service. Tags would say the same, but CloudFormation passes them on to every resource, so
that each deployment would touch them all.
"""


class Part(StrEnum):
    """The stacks of a stage, in the order in which they are deployed; each has its module in `infra.stacks`."""

    COPY = "Copy"
    """In the second region; only a stage that names one has it."""
    DATA = "Data"
    SERVICE = "Service"
    WATCHING = "Watching"
    FIREWALL = "Firewall"
    EDGE = "Edge"


def stack_name(stage: str, part: Part) -> str:
    """The CloudFormation stack of a part of a stage.

    The data's has no ending: it is the name that a stage's only stack had, so that what holds state has not moved.
    """
    return f"BureauOrdre-{stage}" if part is Part.DATA else f"BureauOrdre-{stage}-{part}"


def organism_group(organism_id: str) -> str:
    """The group of the user pool whose members open this organism's inbox."""
    return f"organism:{organism_id}"


LIVE = "live"
"""The alias of each function, by which everything invokes it."""
