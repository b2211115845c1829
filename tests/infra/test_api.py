"""The HTTP API: the contract's routes and no other, throttled, logged without personal data."""

import json

from infra.constructs.http_api import routes
from tests.support.inspection.synthesised import Synthesised, spelled

_KNOWN_ABOUT_A_REQUEST = {
    "$context.requestId",
    "$context.requestTime",
    "$context.routeKey",
    "$context.status",
    "$context.responseLength",
    "$context.responseLatency",
    "$context.integrationStatus",
    "$context.error.responseType",
    "$context.error.message",
    "$context.integrationErrorMessage",
    "$context.authorizer.error",
}


def _served(synthesised: Synthesised) -> dict[str, str]:
    """The operation that answers, by route."""
    integrations = synthesised.of_type("AWS::ApiGatewayV2::Integration")
    answers = {}
    for route in synthesised.of_type("AWS::ApiGatewayV2::Route").values():
        integration = integrations[spelled(route["Target"]).removeprefix("integrations/<").removesuffix(">")]
        assert integration["PayloadFormatVersion"] == "2.0"
        answers[route["RouteKey"]] = synthesised.operation_of(integration["IntegrationUri"])
    return answers


def test_each_route_of_the_contract_is_answered_by_its_folder(
    synthesised: Synthesised,
) -> None:
    """Any other route answers that there is none."""
    contract = {route.key: route.operation for route in routes()}
    assert _served(synthesised) == contract | {"$default": "describe_service"}


def test_a_route_whose_contract_names_agents_or_operators_opens_to_tokens_of_the_pool_alone(
    synthesised: Synthesised,
) -> None:
    signed_in = {route.key for route in routes() if route.signed_in}
    for route in synthesised.of_type("AWS::ApiGatewayV2::Route").values():
        if route["RouteKey"] in signed_in:
            assert route["AuthorizationType"] == "JWT"
            assert route["AuthorizerId"]["Ref"] in synthesised.of_type("AWS::ApiGatewayV2::Authorizer")
        else:
            assert route["AuthorizationType"] == "NONE"


def test_inboxes_and_operations_are_never_open() -> None:
    """Go by the paths, whatever a handler's own words about its security."""
    for route in routes():
        inbox = route.path.startswith(("/v1/inbox", "/v1/operations"))
        assert route.signed_in == (inbox or route.key == "PUT /v1/organisms/{organism_id}"), route.key


def test_the_api_may_invoke_each_function_that_answers(synthesised: Synthesised) -> None:
    """One permission for a function is enough, but `/*/*/*` does not hold for the route that takes the rest.

    docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html: `…:<api>/<stage>/$default`.
    """
    (api,) = synthesised.of_type("AWS::ApiGatewayV2::Api")
    of_api = f"arn:<AWS::Partition>:execute-api:eu-west-3:<AWS::AccountId>:<{api}>"
    allowed: dict[str, list[str]] = {}
    for permission in synthesised.of_type("AWS::Lambda::Permission").values():
        if permission["Principal"] == "apigateway.amazonaws.com":
            operation = synthesised.operation_of(permission["FunctionName"])
            allowed.setdefault(operation, []).append(spelled(permission["SourceArn"]).removeprefix(of_api))
    assert set(allowed) == set(_served(synthesised).values())
    assert "/*/*" in allowed.pop("describe_service")
    assert list(allowed.values()) == [["/*/*/*"]] * len(allowed)


def test_every_route_is_throttled_and_those_that_take_a_code_more_than_the_rest(synthesised: Synthesised) -> None:
    settings = synthesised.the("AWS::ApiGatewayV2::Stage")["RouteSettings"]
    assert set(settings) == {*(route.key for route in routes()), "$default"}
    for setting in settings.values():
        assert setting["ThrottlingRateLimit"] > 0
        assert setting["ThrottlingBurstLimit"] > 0
    usual = settings["POST /v1/mails"]["ThrottlingRateLimit"]
    receipt = "GET /v1/receipts/{verification_code}"
    for guessable in ("POST /v1/follow-up", receipt, f"{receipt}/statement"):
        assert settings[guessable]["ThrottlingRateLimit"] < usual


def test_settings_of_a_route_wait_for_the_route(synthesised: Synthesised) -> None:
    (deployed,) = [
        resource
        for resource in synthesised.template["Resources"].values()
        if resource["Type"] == "AWS::ApiGatewayV2::Stage"
    ]
    assert set(deployed["DependsOn"]) >= set(synthesised.of_type("AWS::ApiGatewayV2::Route"))


def test_the_access_log_holds_neither_addresses_nor_paths_nor_queries(synthesised: Synthesised) -> None:
    log = synthesised.the("AWS::ApiGatewayV2::Stage")["AccessLogSettings"]
    assert set(json.loads(log["Format"]).values()) == _KNOWN_ABOUT_A_REQUEST


def test_pages_of_the_site_may_call_the_api_and_read_its_headers(prod: Synthesised) -> None:
    cors = prod.the("AWS::ApiGatewayV2::Api")["CorsConfiguration"]
    assert cors["AllowOrigins"] == ["https://courrier.example.ma", "https://portail.example.ma"]
    assert set(cors["AllowMethods"]) == {"GET", "POST", "PUT", "DELETE"}
    wanted = {"Authorization", "Content-Type", "If-Match", "If-None-Match", "Accept-Language", "Idempotency-Key"}
    assert set(cors["AllowHeaders"]) == wanted
    assert set(cors["ExposeHeaders"]) == {"ETag", "Location", "Retry-After", "X-Request-Id"}


def test_only_the_local_clouds_api_has_an_address_that_is_known_before(synthesised: Synthesised) -> None:
    tags = synthesised.the("AWS::ApiGatewayV2::Api").get("Tags", {})
    assert ("ms-custom-id" in tags) == (synthesised.stage == "local")


def test_the_api_of_a_stage_that_lasts_outlives_its_stack(prod: Synthesised) -> None:
    """Its address cannot be had again: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api.html."""
    (api,) = [each for each in prod.template["Resources"].values() if each["Type"] == "AWS::ApiGatewayV2::Api"]
    assert api["DeletionPolicy"] == "RetainExceptOnCreate"
