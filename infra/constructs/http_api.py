"""The HTTP API: one route for each operation of the contract, and one function for the rest."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from aws_cdk import Duration, Tags
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from infra.constructs.acknowledgements import acknowledge
from infra.constructs.origin_secret import SECRETS_VARIABLE, secrets_accepted
from infra.constructs.retention import LogGroup, removal_policy
from infra.paths import CONTRACT
from infra.stage import Stage
from infra.stage_settings import Throttle

_SIGNED_IN = {"agent", "operator"}
"""The contract's security schemes whose tokens the API checks; functions check a mail's own token themselves."""
_GUARDED = {
    "POST /v1/follow-up",
    "GET /v1/receipts/{verification_code}",
    "GET /v1/receipts/{verification_code}/statement",
    "POST /v1/session",
    "POST /v1/session/challenge",
    "POST /v1/session/forgotten",
    "POST /v1/session/reset",
}
"""The routes that a code or a password opens: they have a throttle of their own, which makes guessing slow."""

_ACCESS_LOG_LINE = {
    "request_id": "$context.requestId",
    "time": "$context.requestTime",
    "route": "$context.routeKey",
    "status": "$context.status",
    "response_bytes": "$context.responseLength",
    "milliseconds": "$context.responseLatency",
    "function_status": "$context.integrationStatus",
    "error": "$context.error.responseType",
    "error_message": "$context.error.message",
    "integration_error": "$context.integrationErrorMessage",
    "authorizer_error": "$context.authorizer.error",
}
"""No address, path, query or user agent: the address identifies a person, the others may hold codes. The errors are the
gateway's own sentences, such as "Forbidden" or why a token was refused; no part of the token is in them:
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html"""


@dataclass(frozen=True, kw_only=True)
class Route:
    """One line of the contract: a method, a path, and the folder of the function that answers."""

    method: str
    path: str
    operation: str
    signed_in: bool
    """Whether the API asks for a token of the user pool."""

    @property
    def key(self) -> str:
        """API Gateway's name for the route."""
        return f"{self.method} {self.path}"


def routes() -> Iterator[Route]:
    """List the contract's routes. An operationId is `<folder>` or `<folder>.<method>`."""
    for path, methods in json.loads(CONTRACT.read_text())["paths"].items():
        for method, operation in methods.items():
            folder, _, _ = operation["operationId"].partition(".")
            named = {name for way in operation.get("security", ()) for name in way}
            yield Route(method=method.upper(), path=path, operation=folder, signed_in=bool(named & _SIGNED_IN))


class HttpApi(Construct):
    """The HTTP API: its routes are those of the contract."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self._stage = stage
        self._key = key
        self.http_api = apigatewayv2.HttpApi(
            self,
            "HttpApi",
            api_name=stage.name_of("api"),
            create_default_stage=False,  # `serve` makes it, with throttles and an access log
            cors_preflight=_cors(stage.page_origins) if stage.page_origins else None,
        )
        # an address that was once printed or written into a program leads here: it is not made a second time
        self.http_api.apply_removal_policy(removal_policy(stage))
        if stage.api_id:
            Tags.of(self.http_api).add("ms-custom-id", stage.api_id)
        acknowledge(
            self,
            "AwsSolutions-APIG4",
            "Senders have no account: each mail has its own token, which the function "
            "checks. The other routes are public.",
        )

    @property
    def endpoint(self) -> str:
        """The API's address, without a slash at its end."""
        return self.http_api.api_endpoint

    @property
    def api_id(self) -> str:
        """The API's id, which CloudFormation gives."""
        return self.http_api.api_id

    def serve(
        self,
        functions: Mapping[str, lambda_.IFunction],
        *,
        signed_in: apigatewayv2.IHttpRouteAuthorizer,
        otherwise: str,
    ) -> None:
        """Route the contract to these functions, by operation; `otherwise` answers every other path.

        Raises KeyError where an operation has no function.
        """
        integrations = {
            # One permission for a function, not one for each of its routes: a stack has room for 500 resources. That
            # one (`/*/*/*`) does not hold for the route that takes the rest (`/*/$default`).
            operation: HttpLambdaIntegration(
                operation, functions[operation], scope_permission_to_route=operation == otherwise
            )
            for operation in sorted({route.operation for route in routes()} | {otherwise})
        }
        served = [
            made
            for route in routes()
            for made in self.http_api.add_routes(
                path=route.path,
                methods=[apigatewayv2.HttpMethod(route.method)],
                integration=integrations[route.operation],
                authorizer=signed_in if route.signed_in else None,
            )
        ]
        rest = apigatewayv2.HttpRoute(
            self,
            "Otherwise",
            http_api=self.http_api,
            route_key=apigatewayv2.HttpRouteKey.DEFAULT,
            integration=integrations[otherwise],
        )
        self._deploy([*served, rest])

    def _deploy(self, served: Iterable[apigatewayv2.HttpRoute]) -> None:
        throttle = self._stage.throttle
        deployed = apigatewayv2.HttpStage(
            self,
            "Stage",
            http_api=self.http_api,
            auto_deploy=True,
            detailed_metrics_enabled=True,
            throttle=apigatewayv2.ThrottleSettings(rate_limit=throttle.rate, burst_limit=throttle.burst),
        )
        resource = deployed.node.default_child
        if not isinstance(resource, apigatewayv2.CfnStage):
            raise TypeError("A stage is made of one CloudFormation resource.")
        name = f"/aws/vendedlogs/{self._stage.name_of('api')}"
        resource.access_log_settings = apigatewayv2.CfnStage.AccessLogSettingsProperty(
            destination_arn=LogGroup(self, "AccessLogs", name=name, stage=self._stage, key=self._key).log_group_arn,
            format=json.dumps(_ACCESS_LOG_LINE),
        )
        resource.route_settings = {
            key: _route_settings(self._stage.guarded_throttle if key in _GUARDED else throttle)
            for key in (*(route.key for route in routes()), "$default")
        }
        if self._stage.origin_secrets:
            resource.stage_variables = {SECRETS_VARIABLE: secrets_accepted(self._stage)}
        for route in served:  # AWS refuses settings for a route that does not exist yet
            resource.node.add_dependency(route)


def _cors(origins: Iterable[str]) -> apigatewayv2.CorsPreflightOptions:
    methods = apigatewayv2.CorsHttpMethod
    return apigatewayv2.CorsPreflightOptions(
        allow_origins=list(origins),
        allow_methods=[methods.GET, methods.POST, methods.PUT, methods.DELETE],
        allow_headers=[
            "Authorization",
            "Content-Type",
            "If-Match",
            "If-None-Match",
            "Accept-Language",
            "Idempotency-Key",
        ],
        expose_headers=["ETag", "Location", "Retry-After", "X-Request-Id"],
        max_age=Duration.hours(1),
    )


def _route_settings(throttle: Throttle) -> dict[str, object]:
    return {
        "ThrottlingRateLimit": throttle.rate,
        "ThrottlingBurstLimit": throttle.burst,
        "DetailedMetricsEnabled": True,
    }
