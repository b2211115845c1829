"""The distribution: one address for the pages and the API.

What it does is said in `infra.door`, which the local proxy reads too.
"""

from collections.abc import Sequence

from aws_cdk import Aws, Duration
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from constructs import Construct

from infra import addresses, door, session_door
from infra.constructs.acknowledgements import acknowledge
from infra.constructs.origin_secret import secret_sent
from infra.constructs.pages_bucket import PagesBucket
from infra.page_headers import PageHeaders, page_headers
from infra.stage import Stage

_NO_LONGER_THAN = Duration.days(1)

_CACHED_ERRORS = (400, 403, 404, 405, 414, 500, 501, 502, 503, 504)
"""The statuses that CloudFront would keep for ten seconds for everyone who asks the same address, whatever their token
and `Cache-Control: no-store`, which it minds for 404, 414 and 501 alone.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html
"""


class Distribution(Construct):
    """CloudFront before the pages' bucket and the API, under the stage's domain."""

    def __init__(  # noqa: PLR0913 - what it stands before, by keyword
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        domain: str,
        certificate: str,
        api_id: str,
        pages: PagesBucket,
        web_acl_arn: str | None,
    ) -> None:
        super().__init__(scope, construct_id)
        self._stage = stage
        api = _api_origin(stage, api_id)
        behaviors = self._pages_behaviors(pages, api)
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=stage.name_of("site"),
            domain_names=[domain],
            certificate=acm.Certificate.from_certificate_arn(self, "Certificate", certificate),
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            enable_ipv6=True,
            price_class=cloudfront.PriceClass.PRICE_CLASS_100,  # Morocco's nearest locations are in Europe
            default_behavior=behaviors[None],
            additional_behaviors=self._api_behaviors(api) | {path: each for path, each in behaviors.items() if path},
            error_responses=[_error_response(status) for status in _CACHED_ERRORS],
            web_acl_id=web_acl_arn,
        )
        acknowledge(self, "AwsSolutions-CFR1", "Mail to Morocco's public bodies comes from anywhere.")
        acknowledge(self, "AwsSolutions-CFR3", "Access logs would keep visitors' addresses, and codes in paths.")

    def _pages_behaviors(
        self, pages: PagesBucket, api: cloudfront.IOrigin
    ) -> dict[str | None, cloudfront.BehaviorOptions]:
        """The pages by the pattern of their addresses, and for an address that is none of them the API's words.

        The bucket refuses what it does not hold with 403, since the distribution may not list it. The behaviors differ
        in the headers alone.
        """
        origin = origins.OriginGroup(
            primary_origin=origins.S3BucketOrigin.with_origin_access_control(pages.bucket),
            fallback_origin=api,
            fallback_status_codes=[403, 404],
        )
        before = cloudfront.FunctionAssociation(
            event_type=cloudfront.FunctionEventType.VIEWER_REQUEST, function=self._addresses()
        )
        cache = self._cache_policy("Pages", query=cloudfront.CacheQueryStringBehavior.none())
        asked = cloudfront.OriginRequestPolicy(
            self,
            "PagesAsked",
            origin_request_policy_name=self._stage.name_of("pages-asked"),
            header_behavior=cloudfront.OriginRequestHeaderBehavior.allow_list(*door.REFUSAL_VARIES_WITH),
        )
        storage = f"https://{self._stage.files_bucket}.s3.{self._stage.region}.amazonaws.com"
        return {
            headers.path: cloudfront.BehaviorOptions(
                origin=origin,
                function_associations=[before],
                allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD,
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                compress=True,
                cache_policy=cache,
                origin_request_policy=asked,
                response_headers_policy=self._headers_policy(headers, override=True),
            )
            for headers in page_headers(storage)
        }

    def _addresses(self) -> cloudfront.Function:
        """What answers redirects and finds the file of a page, before the cache."""
        return cloudfront.Function(
            self,
            "Addresses",
            function_name=self._stage.name_of("addresses"),
            comment="The addresses of the pages (infra/addresses.py)",
            code=cloudfront.FunctionCode.from_inline(addresses.function_source()),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
        )

    def _session(self) -> cloudfront.Function:
        """What makes the session's cookie a token for the API, and refuses other sites' pages, before the cache."""
        return cloudfront.Function(
            self,
            "Session",
            function_name=self._stage.name_of("session"),
            comment="The session at the door (infra/session_door.py)",
            code=cloudfront.FunctionCode.from_inline(session_door.function_source()),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
        )

    def _api_behaviors(self, api: cloudfront.IOrigin) -> dict[str, cloudfront.BehaviorOptions]:
        """The API's addresses, those first whose answers may be kept: the first pattern that fits counts."""
        kept = self._cache_policy(
            "Api", query=cloudfront.CacheQueryStringBehavior.all(), varies_with=door.CACHE_VARIES_WITH
        )
        headers = self._headers_policy(PageHeaders(name="Api", path=None, policy=door.API_POLICY), override=False)
        session = cloudfront.FunctionAssociation(
            event_type=cloudfront.FunctionEventType.VIEWER_REQUEST, function=self._session()
        )
        return {
            path: cloudfront.BehaviorOptions(
                origin=api,
                allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                # a redirect from http:// would come after a token was sent in the clear
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY
                if path.startswith("/v1/")
                else cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                compress=True,
                cache_policy=kept if path in door.CACHED_PATHS else cloudfront.CachePolicy.CACHING_DISABLED,
                origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
                response_headers_policy=headers,
                function_associations=[session],
            )
            for path in dict.fromkeys((*door.CACHED_PATHS, *door.API_PATHS))
        }

    def _cache_policy(
        self, name: str, *, query: cloudfront.CacheQueryStringBehavior, varies_with: Sequence[str] = ()
    ) -> cloudfront.CachePolicy:
        """Keep an answer for as long as its `Cache-Control` says, and not at all where it says nothing.

        What the cache varies with is sent to the origin too.
        """
        return cloudfront.CachePolicy(
            self,
            f"{name}Cache",
            cache_policy_name=self._stage.name_of(f"{name.lower()}-cache"),
            min_ttl=Duration.seconds(0),
            default_ttl=Duration.seconds(0),
            max_ttl=_NO_LONGER_THAN,
            query_string_behavior=query,
            header_behavior=cloudfront.CacheHeaderBehavior.allow_list(*varies_with)
            if varies_with
            else cloudfront.CacheHeaderBehavior.none(),
            enable_accept_encoding_gzip=True,
            enable_accept_encoding_brotli=True,
        )

    def _headers_policy(self, headers: PageHeaders, *, override: bool) -> cloudfront.ResponseHeadersPolicy:
        """The security headers: in place of the origin's where `override`, else where it gave none."""
        return cloudfront.ResponseHeadersPolicy(
            self,
            f"{headers.name}Headers",
            response_headers_policy_name=self._stage.name_of(f"{headers.name.lower()}-headers"),
            cors_behavior=_for_any_origin() if headers.for_any_origin else None,
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy=headers.policy, override=override
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=override),
                frame_options=cloudfront.ResponseHeadersFrameOptions(
                    frame_option=cloudfront.HeadersFrameOption[headers.frame_option], override=override
                ),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=override
                ),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=Duration.seconds(door.HSTS_SECONDS),
                    include_subdomains=True,
                    override=override,
                ),
            ),
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    cloudfront.ResponseCustomHeader(header=header, value=value, override=override)
                    for header, value in headers.more.items()
                ]
            )
            if headers.more
            else None,
        )


def _for_any_origin() -> cloudfront.ResponseHeadersCorsBehavior:
    return cloudfront.ResponseHeadersCorsBehavior(
        access_control_allow_credentials=False,
        access_control_allow_headers=["*"],
        access_control_allow_methods=["GET", "HEAD"],
        access_control_allow_origins=["*"],
        origin_override=True,
    )


def _api_origin(stage: Stage, api_id: str) -> cloudfront.IOrigin:
    return origins.HttpOrigin(
        f"{api_id}.execute-api.{stage.region}.{Aws.URL_SUFFIX}",
        protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
        origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
        read_timeout=Duration.seconds(door.MOST_SECONDS),
        connection_attempts=3,
        custom_headers={door.ORIGIN_HEADER: secret_sent(stage)},
    )


def _error_response(status: int) -> cloudfront.ErrorResponse:
    """Keep no error; and where the API could not be reached, say so in words."""
    if status in door.UNAVAILABLE_STATUSES:
        return cloudfront.ErrorResponse(
            http_status=status,
            response_http_status=status,
            response_page_path=door.UNAVAILABLE_PAGE,
            ttl=Duration.seconds(0),
        )
    return cloudfront.ErrorResponse(http_status=status, ttl=Duration.seconds(0))
