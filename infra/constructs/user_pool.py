"""Who may sign in: the user pool of agents and operators, and the programs of organisms.

An organism's group (`organism:<id>`) is made with its first agent, since organisms join without a deployment:
`make agent`. So are the clients of programs: `make machine`. An API's JWT authorizer takes a token of a client
only if it names that client in its list (awsdocs/amazon-api-gateway-developer-guide#89: there is no "any client"),
and the stack must not forget the ones that were made since its last deployment. Hence the parameter: it is a
value of the stack itself, `make machine` changes it by an update of the stack, and `cdk deploy` keeps it.

Rejected: a list in the code (each program would wait for a deployment); calling UpdateAuthorizer (the next
deployment undoes it); one client that programs share (one leak is everyone's); a Lambda authorizer (code of
ours where API Gateway checks tokens itself, and a cold start before every function's own). An authorizer
names 50 clients at most, which AWS does not raise: past that, a Lambda authorizer that asks the table for
`CLIENT#<id>` is the way on, and `make machine` says so.
"""

from aws_cdk import Acknowledgment, Aws, CfnParameter, Duration, Fn, Stack, Validations
from aws_cdk import aws_cognito as cognito
from aws_cdk.aws_apigatewayv2_authorizers import HttpJwtAuthorizer
from constructs import Construct

from infra.commands.access import (
    BOTH_SCOPES,
    HARMLESS,
    MACHINES_PARAMETER,
    NO_MACHINES,
    OPERATORS,
    READ_SCOPE,
    RESOURCE_SERVER,
    WRITE_SCOPE,
)
from infra.stage import Stage

_SCOPES = {
    READ_SCOPE: "Read the inbox of the client's organism",
    WRITE_SCOPE: "Collect, answer, reject and redirect its mail",
    BOTH_SCOPES: "Both",
}


class Identity(Construct):
    """The user pool, the client that people sign in with, and the token endpoint of programs."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        self._pool = self._make_pool(stage)
        self.pool_id = self._pool.user_pool_id
        cognito.CfnUserPoolGroup(
            self,
            "Operators",
            user_pool_id=self.pool_id,
            group_name=OPERATORS,
            description="Enrol organisms, see and redrive what failed",
        )
        people = self._pool.add_client(
            "People",
            user_pool_client_name=stage.name_of("people"),
            auth_flows=cognito.AuthFlow(user_srp=True, user_password=not stage.second_factor),
            disable_o_auth=True,
            access_token_validity=Duration.hours(1),
            id_token_validity=Duration.hours(1),
            refresh_token_validity=Duration.hours(12),  # a working day
            enable_token_revocation=True,
            write_attributes=cognito.ClientAttributes().with_standard_attributes(**{HARMLESS: True}),
            prevent_user_existence_errors=True,
        )
        self.people_client_id = people.user_pool_client_id
        self._pool.add_resource_server(
            "Mailroom",
            identifier=RESOURCE_SERVER,
            user_pool_resource_server_name="Mailroom",
            scopes=[
                cognito.ResourceServerScope(
                    scope_name=scope.removeprefix(f"{RESOURCE_SERVER}/"), scope_description=description
                )
                for scope, description in _SCOPES.items()
            ],
        )
        # prefixes are shared by all of a region's customers
        prefix = stage.name_of(Aws.ACCOUNT_ID)
        self._pool.add_domain("Domain", cognito_domain=cognito.CognitoDomainOptions(domain_prefix=prefix))
        self.token_url = f"https://{prefix}.auth.{stage.region}.amazoncognito.com/oauth2/token"
        self.authorizer = self._make_authorizer(stage)

    def _make_pool(self, stage: Stage) -> cognito.UserPool:
        pool = cognito.UserPool(
            self,
            "Pool",
            user_pool_name=stage.name_of("people"),
            self_sign_up_enabled=False,
            # the e-mail address is the name itself: an audit trail of generated names says nothing
            sign_in_aliases=cognito.SignInAliases(username=True),
            sign_in_case_sensitive=False,
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            password_policy=cognito.PasswordPolicy(
                min_length=14,
                require_digits=True,
                require_lowercase=True,
                require_uppercase=True,
                require_symbols=True,
                password_history_size=5,
                temp_password_validity=Duration.days(3),
            ),
            mfa=cognito.Mfa.REQUIRED if stage.second_factor else cognito.Mfa.OFF,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False) if stage.second_factor else None,
            feature_plan=cognito.FeaturePlan.PLUS,
            standard_threat_protection_mode=cognito.StandardThreatProtectionMode.FULL_FUNCTION,
            deletion_protection=stage.is_lasting,
            removal_policy=stage.removal_policy,
        )
        if not stage.second_factor:
            Validations.of(pool).acknowledge(
                Acknowledgment(
                    id="AwsSolutions-COG2",
                    reason="The local cloud alone: programs and tests sign in there, and nobody's mail is in it.",
                )
            )
        return pool

    def _make_authorizer(self, stage: Stage) -> HttpJwtAuthorizer:
        machines = CfnParameter(
            Stack.of(self),
            MACHINES_PARAMETER,
            default=NO_MACHINES,
            description="The programs' clients, separated by commas; `make machine` adds to it, deployments keep it",
        )
        issuer = f"https://cognito-idp.{stage.region}.amazonaws.com/{self.pool_id}"
        return HttpJwtAuthorizer(
            "SignedIn",
            issuer,
            authorizer_name=stage.name_of("signed-in"),
            jwt_audience=Fn.split(",", Fn.join(",", [self.people_client_id, machines.value_as_string])),
        )
