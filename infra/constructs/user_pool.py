"""Who may sign in: the user pool of agents and operators, and the programs of organisms.

An organism's group (`organism:<id>`) is made with its first agent by `make agent`, and the clients of programs by
`make machine`, because organisms join without a deployment. Which clients' tokens the API takes, `authorizer` says.

API Gateway checks tokens by their signature and never asks Cognito: an agent who was shut out reads on until the token
ends. Hence a quarter of an hour for the tokens of people, which a session renews without a question for a working day.

People sign in through one client, in two ways. The command line proves the password by SRP, and asks Cognito as anyone
may. The pages send it to `open_session`, which asks with its role: passwords cannot be tried so without it, there
is no secret of a client to keep, and threat protection learns the address of the person. Rejected: a client of the
pages' own with a secret (one more secret to change, for what the role does already).

Rejected: a list of people who were shut out, read at each call (a read more for every call of every agent, for a few
calls a year); Cognito's shortest, five minutes (a renewal every few clicks).
"""

from aws_cdk import Aws, Duration, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs import pool_messages
from infra.constructs.acknowledgements import acknowledge
from infra.constructs.channels import EMail
from infra.constructs.permission import Permission
from infra.constructs.retention import removal_policy
from infra.names import (
    BOTH_SCOPES,
    OPERATORS_GROUP,
    READ_SCOPE,
    RESOURCE_SERVER,
    WRITABLE_ATTRIBUTE,
    WRITE_SCOPE,
)
from infra.stage import Stage

SIGN_IN_LASTS = Duration.minutes(15)
"""From one step of a sign-in to the next: to set an authenticator up takes a while. Cognito allows no more."""

_SCOPES = [
    cognito.ResourceServerScope(
        scope_name=scope.removeprefix(f"{RESOURCE_SERVER}/"),
        scope_description=description,
    )
    for scope, description in (
        (READ_SCOPE, "Read the inbox of the client's organism"),
        (WRITE_SCOPE, "Collect, answer, reject and redirect its mail"),
        (BOTH_SCOPES, "Both"),
    )
]


class UserPool(Construct):
    """The user pool, the client that people sign in with, and the token endpoint of programs."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, email: EMail) -> None:
        super().__init__(scope, construct_id)
        pool = _pool(self, stage)
        if stage.sender_verified:
            _send_by(pool, email)
        cognito.CfnUserPoolGroup(
            self,
            "Operators",
            user_pool_id=pool.user_pool_id,
            group_name=OPERATORS_GROUP,
            description="Enrol organisms, see and redrive what failed",
        )
        people = _people_client(pool, stage)
        pool.add_resource_server(
            "Mailroom",
            identifier=RESOURCE_SERVER,
            user_pool_resource_server_name="Mailroom",
            scopes=_SCOPES,
        )
        # all customers of a region share one space of prefixes
        prefix = stage.name_of(Aws.ACCOUNT_ID)
        pool.add_domain("Domain", cognito_domain=cognito.CognitoDomainOptions(domain_prefix=prefix))
        self.pool_id = pool.user_pool_id
        self.people_client_id = people.user_pool_client_id
        self.outputs = {
            "UserPoolId": self.pool_id,
            "UserPoolClientId": self.people_client_id,
            "TokenUrl": f"https://{prefix}.auth.{stage.region}.amazoncognito.com/oauth2/token",
        }
        """The stack's outputs that people and programs sign in with."""
        self.settings = {"USER_POOL_ID": self.pool_id}
        self.client_settings = {"USER_POOL_CLIENT_ID": self.people_client_id}

    def may(self, *actions: str) -> Permission:
        """Allow these actions (`AdminGetUser` …) on the pool."""
        arn = Stack.of(self).format_arn(service="cognito-idp", resource="userpool", resource_name=self.pool_id)
        return Permission(
            statement=iam.PolicyStatement(actions=[f"cognito-idp:{action}" for action in actions], resources=[arn])
        )


def _people_client(pool: cognito.UserPool, stage: Stage) -> cognito.UserPoolClient:
    # programs and tests of the local cloud hold one token for a whole run
    validity = Duration.minutes(15 if stage.second_factor else 60)
    return pool.add_client(
        "People",
        user_pool_client_name=stage.name_of("people"),
        auth_flows=cognito.AuthFlow(user_srp=True, admin_user_password=True, user_password=not stage.second_factor),
        auth_session_validity=SIGN_IN_LASTS,
        disable_o_auth=True,
        access_token_validity=validity,
        id_token_validity=validity,
        refresh_token_validity=Duration.hours(12),  # a working day
        enable_token_revocation=True,
        write_attributes=cognito.ClientAttributes().with_standard_attributes(**{WRITABLE_ATTRIBUTE: True}),
        prevent_user_existence_errors=True,
    )


def _send_by(pool: cognito.UserPool, email: EMail) -> None:
    """Send Cognito's e-mails by SES: its own sender takes about fifty a day."""
    resource = pool.node.default_child
    if not isinstance(resource, cognito.CfnUserPool):
        raise TypeError("A user pool is made of one CloudFormation resource.")
    resource.email_configuration = cognito.CfnUserPool.EmailConfigurationProperty(
        email_sending_account="DEVELOPER",
        source_arn=email.identity_arn,
        from_=f"Bureau d'ordre digital <{email.address}>",  # a header: letters of ASCII alone
        configuration_set=email.configuration_set_name,
    )


def _pool(scope: Construct, stage: Stage) -> cognito.UserPool:
    invitation = pool_messages.invitation(stage.public_url, second_factor=stage.second_factor)
    code = pool_messages.code(stage.public_url)
    pool = cognito.UserPool(
        scope,
        "Pool",
        user_pool_name=stage.name_of("people"),
        self_sign_up_enabled=False,
        # the username is the e-mail address: an audit trail of generated names would identify no person
        sign_in_aliases=cognito.SignInAliases(username=True),
        sign_in_case_sensitive=False,
        account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
        user_invitation=cognito.UserInvitationConfig(
            email_subject=invitation.subject, email_body=invitation.html, sms_message=invitation.sms
        ),
        user_verification=cognito.UserVerificationConfig(
            email_style=cognito.VerificationEmailStyle.CODE,
            email_subject=code.subject,
            email_body=code.html,
            sms_message=code.sms,
        ),
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
        feature_plan=cognito.FeaturePlan.PLUS,  # the only one with threat protection
        standard_threat_protection_mode=cognito.StandardThreatProtectionMode.FULL_FUNCTION,
        deletion_protection=stage.is_lasting,
        removal_policy=removal_policy(stage),
    )
    if not stage.second_factor:
        acknowledge(
            pool,
            "AwsSolutions-COG2",
            "The local cloud alone: programs and tests sign in there, and no real mail is in it.",
        )
    return pool
