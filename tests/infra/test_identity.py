"""Who may sign in, and which tokens the API takes."""

import pytest

from infra.constructs.http_api import routes
from infra.names import MACHINES_PARAMETER, MOST_MACHINES, NO_MACHINES
from mailroom.fields.password import LEAST_CHARACTERS
from tests.support.inspection.synthesised import Properties, Synthesised, spelled


def _people(synthesised: Synthesised) -> Properties:
    return synthesised.the("AWS::Cognito::UserPoolClient")


def test_passwords_are_strong_and_nobody_registers_themselves(synthesised: Synthesised) -> None:
    pool = synthesised.the("AWS::Cognito::UserPool")
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    policy = pool["Policies"]["PasswordPolicy"]
    assert policy["MinimumLength"] == LEAST_CHARACTERS, "the page says why a password is not taken"
    assert {name for name in policy if name.startswith("Require")} == {
        "RequireLowercase",
        "RequireNumbers",
        "RequireSymbols",
        "RequireUppercase",
    }
    assert all(value is True for name, value in policy.items() if name.startswith("Require"))
    assert policy["PasswordHistorySize"] == 5


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_outside_the_local_stage_a_second_factor_is_required(stages: dict[str, Synthesised], stage: str) -> None:
    """A password alone signs nobody in."""
    pool = stages[stage].the("AWS::Cognito::UserPool")
    assert pool["MfaConfiguration"] == "ON"
    assert pool["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]
    assert _people(stages[stage])["ExplicitAuthFlows"] == [
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",  # with the role of `open_session` alone
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
    ]


def test_on_the_local_stage_programs_can_sign_in_by_password(stages: dict[str, Synthesised]) -> None:
    assert stages["local"].the("AWS::Cognito::UserPool")["MfaConfiguration"] == "OFF"
    assert "ALLOW_USER_PASSWORD_AUTH" in _people(stages["local"])["ExplicitAuthFlows"]


def test_stolen_passwords_are_watched_for_and_names_are_not_given_away(synthesised: Synthesised) -> None:
    pool = synthesised.the("AWS::Cognito::UserPool")
    assert pool["UserPoolAddOns"]["AdvancedSecurityMode"] == "ENFORCED"
    assert pool["UserPoolTier"] == "PLUS"
    people = _people(synthesised)
    assert people["PreventUserExistenceErrors"] == "ENABLED"
    assert people["EnableTokenRevocation"] is True
    assert people["AllowedOAuthFlowsUserPoolClient"] is False
    # API Gateway asks nobody whether a person was shut out since: the local cloud's tests alone hold one token for long
    lifetime = 60 if synthesised.stage == "local" else 15
    assert people["AccessTokenValidity"] == people["IdTokenValidity"] == lifetime
    assert people["TokenValidityUnits"] == {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "minutes"}
    assert people["RefreshTokenValidity"] <= 12 * 60


def test_people_write_nothing_of_what_the_pool_keeps_of_them(synthesised: Synthesised) -> None:
    """Without a list, every standard attribute: the e-mail address that a forgotten password goes to, too."""
    assert _people(synthesised)["WriteAttributes"] == ["locale"]


def test_productions_pool_cannot_be_deleted_by_mistake(prod: Synthesised) -> None:
    assert prod.the("AWS::Cognito::UserPool")["DeletionProtection"] == "ACTIVE"


def test_there_is_a_group_of_operators_and_a_scope_for_programs(synthesised: Synthesised) -> None:
    assert synthesised.the("AWS::Cognito::UserPoolGroup")["GroupName"] == "operators"
    server = synthesised.the("AWS::Cognito::UserPoolResourceServer")
    assert server["Identifier"] == "mailroom"
    assert [scope["ScopeName"] for scope in server["Scopes"]] == ["inbox.read", "inbox.write", "inbox"]
    domain = synthesised.the("AWS::Cognito::UserPoolDomain")["Domain"]
    assert spelled(domain) == f"bureau-ordre-{synthesised.stage}-<AWS::AccountId>"
    told = spelled(synthesised.template["Outputs"]["TokenUrl"]["Value"])
    assert told == f"https://{spelled(domain)}.auth.eu-west-3.amazoncognito.com/oauth2/token"


def test_the_api_takes_tokens_of_this_pool_alone(
    synthesised: Synthesised,
) -> None:
    """They were made for people, or for a program that the stack lists."""
    authorizer = synthesised.the("AWS::ApiGatewayV2::Authorizer")
    (pool,) = synthesised.of_type("AWS::Cognito::UserPool")
    (people,) = synthesised.of_type("AWS::Cognito::UserPoolClient")
    assert authorizer["AuthorizerType"] == "JWT"
    assert authorizer["IdentitySource"] == ["$request.header.Authorization"]
    configuration = authorizer["JwtConfiguration"]
    assert spelled(configuration["Issuer"]) == f"https://cognito-idp.eu-west-3.amazonaws.com/<{pool}>"
    split = configuration["Audience"]["Fn::Split"]
    assert split[0] == ","
    assert spelled(split[1]) == f"<{people}>,<{MACHINES_PARAMETER}>"
    assert synthesised.template["Parameters"][MACHINES_PARAMETER]["Default"] == NO_MACHINES


def test_an_authorizer_is_never_asked_to_list_more_clients_than_it_can() -> None:
    """AWS's quota is 50, and it is not raised."""
    assert MOST_MACHINES + 1 <= 50
    assert any(route.signed_in for route in routes())
