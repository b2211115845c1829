"""Which tokens the API takes: those of the user pool that were made for people, or for a program that is listed.

`make machine` makes the clients of programs, because organisms join without a deployment. An API's JWT authorizer takes
a token of a client only if its list names that client (awsdocs/amazon-api-gateway-developer-guide#89: there is no "any
client"), and a deployment must not drop the clients that were made since the last one. Hence the stack's parameter:
`make machine` changes its value by an update of the stack, and `cdk deploy` keeps it. The parameter is in the service
stack, beside the authorizer: CloudFormation refuses to change a value of another stack while it is in use.

Rejected: a list in the code (each program would wait for a deployment); calling UpdateAuthorizer (the next
deployment undoes it); one client that programs share (a leak would open every inbox); a Lambda authorizer (own code
where API Gateway checks tokens itself, and a cold start before every function's own). An authorizer names 50 clients
at most, a limit that AWS does not raise. Past it, a Lambda authorizer that reads `CLIENT#<id>` from the table is the
way on, and `make machine` says so.
"""

from aws_cdk import CfnParameter, Fn, Stack
from aws_cdk.aws_apigatewayv2_authorizers import HttpJwtAuthorizer

from infra.constructs.user_pool import UserPool
from infra.names import MACHINES_PARAMETER, NO_MACHINES
from infra.stage import Stage


def signed_in(stack: Stack, *, stage: Stage, user_pool: UserPool) -> HttpJwtAuthorizer:
    """Make the authorizer of people and programs, and the stack's parameter that lists the programs' clients."""
    machines = CfnParameter(
        stack,
        MACHINES_PARAMETER,
        default=NO_MACHINES,
        description="The programs' clients, separated by commas; `make machine` adds to it, deployments keep it",
    )
    return HttpJwtAuthorizer(
        "SignedIn",
        f"https://cognito-idp.{stage.region}.amazonaws.com/{user_pool.pool_id}",
        authorizer_name=stage.name_of("signed-in"),
        jwt_audience=Fn.split(",", Fn.join(",", [user_pool.people_client_id, machines.value_as_string])),
    )
