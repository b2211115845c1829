"""The distribution: one address for the pages and the API, whose own address is closed to everyone else.

What the local proxy plays is tried in `tests/tooling/test_site_proxy.py` and `tests/e2e/test_site.py`; what it cannot
show, AWS's documentation promises of the template.
"""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from infra import door, session_door
from infra.addresses import function_source
from infra.names import Part
from infra.page_headers import DESK_PATH, PREVIEW_PATH, page_headers
from mailroom.api import resolver
from tests.support.inspection.stages import SYNTHESISED
from tests.support.inspection.synthesised import Synthesised

CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
"""https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html"""


@pytest.fixture(scope="session")
def edge(prod: Synthesised) -> Synthesised:
    return prod.only(Part.EDGE)


@pytest.fixture(scope="session")
def distribution(edge: Synthesised) -> Mapping[str, Any]:
    config: Mapping[str, Any] = edge.the("AWS::CloudFront::Distribution")["DistributionConfig"]
    return config


@pytest.fixture(scope="session")
def behaviors(distribution: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    return {each["PathPattern"]: each for each in distribution["CacheBehaviors"]}


def test_a_stage_without_a_domain_has_neither_distribution_nor_firewall(stages: Mapping[str, Synthesised]) -> None:
    for name in ("local", "dev"):
        assert stages[name].parts.keys() == {Part.DATA, Part.SERVICE, Part.WATCHING}


def test_the_domain_is_served_over_todays_tls_and_by_either_protocol_of_the_internet(
    distribution: Mapping[str, Any],
) -> None:
    """https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html."""
    assert distribution["Aliases"] == ["courrier.example.ma"]
    certificate = distribution["ViewerCertificate"]
    assert certificate["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert ":us-east-1:" in certificate["AcmCertificateArn"]
    assert (distribution["HttpVersion"], distribution["IPV6Enabled"]) == ("http2and3", True)


def test_the_firewall_stands_before_it(distribution: Mapping[str, Any]) -> None:
    """The web ACL is in us-east-1, the distribution's stack in the stage's region: its ARN is read from there."""
    assert re.search("cdk/exports/BureauOrdre-prod-Edge/.*Firewalluseast1.*WebAcl", str(distribution["WebACLId"]))


def test_the_api_answers_its_addresses_and_those_come_first_that_are_kept(
    behaviors: Mapping[str, Mapping[str, Any]],
) -> None:
    """CloudFront takes the first pattern that fits.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html
    """
    of_api = list(dict.fromkeys([*door.CACHED_PATHS, *door.API_PATHS]))
    assert list(behaviors) == [*of_api, DESK_PATH, PREVIEW_PATH]
    for path in of_api:
        behavior = behaviors[path]
        assert behavior["OriginRequestPolicyId"] == ALL_VIEWER_EXCEPT_HOST, "the API needs the token, not our host"
        assert (behavior["CachePolicyId"] == CACHING_DISABLED) == (path not in door.CACHED_PATHS)
        assert {"GET", "POST", "PUT", "DELETE", "OPTIONS"} <= set(behavior["AllowedMethods"])
        assert "CachedMethods" not in behavior, "nothing but GET and HEAD is kept"
        assert behavior["ViewerProtocolPolicy"] == ("https-only" if path.startswith("/v1/") else "redirect-to-https")


@pytest.mark.parametrize("path", [*door.API_PATHS, *door.CACHED_PATHS, DESK_PATH, PREVIEW_PATH])
def test_a_path_pattern_holds_what_cloudfront_takes(path: str) -> None:
    """https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html."""
    assert re.fullmatch(r"[A-Za-z0-9_\-.*$/~\"'@:+&?]{1,255}", path)


def test_an_answer_is_kept_for_as_long_as_the_api_says_and_errors_never(
    edge: Synthesised, distribution: Mapping[str, Any]
) -> None:
    """Without this CloudFront keeps 403 or 503 of one caller for all, for ten seconds, `no-store` or not.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html
    """
    policies = {
        each["CachePolicyConfig"]["Name"]: each["CachePolicyConfig"]
        for each in edge.of_type("AWS::CloudFront::CachePolicy").values()
    }
    varies = {"bureau-ordre-prod-api-cache": list(door.CACHE_VARIES_WITH), "bureau-ordre-prod-pages-cache": None}
    assert policies.keys() == varies.keys()
    for name, policy in policies.items():
        assert (policy["MinTTL"], policy["DefaultTTL"]) == (0, 0)
        parameters = policy["ParametersInCacheKeyAndForwardedToOrigin"]
        assert parameters["HeadersConfig"].get("Headers") == varies[name]
        assert (parameters["EnableAcceptEncodingBrotli"], parameters["EnableAcceptEncodingGzip"]) == (True, True)
        assert parameters["CookiesConfig"]["CookieBehavior"] == "none"
    kept = {each["ErrorCode"]: each["ErrorCachingMinTTL"] for each in distribution["CustomErrorResponses"]}
    assert kept == dict.fromkeys((400, 403, 404, 405, 414, 500, 501, 502, 503, 504), 0)


def test_no_error_page_hides_a_problem_of_the_api(distribution: Mapping[str, Any]) -> None:
    """Error pages replace an answer of that status whichever origin gave it: the API itself gives no 502 and no 504."""
    pages = {each["ErrorCode"]: each for each in distribution["CustomErrorResponses"] if "ResponsePagePath" in each}
    assert pages.keys() == set(door.UNAVAILABLE_STATUSES)
    for status, page in pages.items():
        assert (page["ResponsePagePath"], page["ResponseCode"]) == (door.UNAVAILABLE_PAGE, status)


def test_an_address_that_is_no_page_is_answered_by_the_api(edge: Synthesised, distribution: Mapping[str, Any]) -> None:
    """The bucket answers 403 for what it does not hold, since nobody may list it.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html
    """
    default = distribution["DefaultCacheBehavior"]
    assert default["AllowedMethods"] == ["GET", "HEAD"], "CloudFront fails over for these alone"
    (group,) = distribution["OriginGroups"]["Items"]
    assert default["TargetOriginId"] == group["Id"]
    assert group["FailoverCriteria"]["StatusCodes"]["Items"] == [403, 404]
    origins = {origin["Id"]: origin for origin in distribution["Origins"]}
    pages, api = (origins[member["OriginId"]] for member in group["Members"]["Items"])
    assert "S3OriginConfig" in pages
    assert "execute-api" in str(api["DomainName"])
    asked = edge.the("AWS::CloudFront::OriginRequestPolicy")["OriginRequestPolicyConfig"]
    assert asked["HeadersConfig"]["Headers"] == ["Accept", "Accept-Language"], "the refusal is in the reader's language"


def test_the_function_of_the_addresses_stands_before_the_cache_of_the_pages(
    edge: Synthesised, distribution: Mapping[str, Any]
) -> None:
    """What it answers is tried in `tests/infra/test_addresses.py`."""
    functions = edge.of_type("AWS::CloudFront::Function")
    (logical,) = [name for name, each in functions.items() if each["FunctionCode"] == function_source()]
    assert all(
        (each["FunctionConfig"]["Runtime"], each["AutoPublish"]) == ("cloudfront-js-2.0", True)
        for each in functions.values()
    )
    default = distribution["DefaultCacheBehavior"]
    (association,) = default["FunctionAssociations"]
    assert association == {"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": [logical, "FunctionARN"]}}
    assert default["Compress"] is True
    assert "DefaultRootObject" not in distribution


def test_the_function_of_the_session_stands_before_each_address_of_the_api(
    edge: Synthesised, behaviors: Mapping[str, Mapping[str, Any]]
) -> None:
    """Those whose answers are kept too: operators change organisms there. Its answers: `test_session_door.py`."""
    functions = edge.of_type("AWS::CloudFront::Function")
    (logical,) = [name for name, each in functions.items() if each["FunctionCode"] == session_door.function_source()]
    for path in {*door.API_PATHS, *door.CACHED_PATHS}:
        assert behaviors[path]["FunctionAssociations"] == [
            {"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": [logical, "FunctionARN"]}}
        ]


def test_the_distribution_tells_the_api_who_it_is_over_tls(distribution: Mapping[str, Any]) -> None:
    """https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html."""
    of_api = [origin for origin in distribution["Origins"] if "CustomOriginConfig" in origin]
    assert of_api
    for origin in of_api:
        (header,) = origin["OriginCustomHeaders"]
        assert header["HeaderName"] == door.ORIGIN_HEADER
        assert "{{resolve:secretsmanager:" in str(header["HeaderValue"])
        assert "bureau-ordre-prod-origin-2026" in str(header["HeaderValue"])
        config = origin["CustomOriginConfig"]
        assert (config["OriginProtocolPolicy"], config["OriginSSLProtocols"]) == ("https-only", ["TLSv1.2"])
        assert config["OriginReadTimeout"] == door.MOST_SECONDS


def test_the_api_knows_the_same_secret_and_the_functions_compare_it(
    prod: Synthesised, stages: Mapping[str, Synthesised]
) -> None:
    variables = prod.the("AWS::ApiGatewayV2::Stage")["StageVariables"]
    assert variables.keys() == {"origin_secrets"}
    assert "bureau-ordre-prod-origin-2026" in str(variables["origin_secrets"])
    assert str(variables["origin_secrets"]).count("resolve:secretsmanager") == 1
    assert resolver.ORIGIN_SECRETS == "origin_secrets"
    assert door.ORIGIN_HEADER.lower() == resolver.ORIGIN_HEADER
    names = [each["Name"] for each in prod.of_type("AWS::SecretsManager::Secret").values()]
    assert "bureau-ordre-prod-origin-2026" in names
    for name in ("local", "dev"):
        assert "StageVariables" not in stages[name].the("AWS::ApiGatewayV2::Stage")


def test_pages_get_the_headers_of_their_address_and_the_api_keeps_its_own(
    edge: Synthesised, distribution: Mapping[str, Any], behaviors: Mapping[str, Mapping[str, Any]]
) -> None:
    policies = edge.of_type("AWS::CloudFront::ResponseHeadersPolicy")
    by_path: dict[str | None, Mapping[str, Any]] = {None: distribution["DefaultCacheBehavior"]}
    by_path |= dict(behaviors.items())
    storage = f"https://{SYNTHESISED['prod'].files_bucket}.s3.eu-west-3.amazonaws.com"
    kinds = {kind.path: (kind.all, True) for kind in page_headers(storage)}
    api = door.SECURITY_HEADERS | {"Content-Security-Policy": door.API_POLICY}
    kinds |= dict.fromkeys(door.API_PATHS + door.CACHED_PATHS, (api, False))
    assert by_path.keys() == kinds.keys()
    for path, (headers, override) in kinds.items():
        (config,) = [
            each["ResponseHeadersPolicyConfig"]
            for logical, each in policies.items()
            if by_path[path]["ResponseHeadersPolicyId"] == {"Ref": logical}
        ]
        assert sent_by(config) == headers, path
        parts = [*config["SecurityHeadersConfig"].values(), *config.get("CustomHeadersConfig", {}).get("Items", [])]
        assert {part["Override"] for part in parts} == {override}


def sent_by(config: Mapping[str, Any]) -> dict[str, str]:
    """The headers that a policy of CloudFront sets."""
    security = config["SecurityHeadersConfig"]
    hsts = security["StrictTransportSecurity"]
    assert hsts["IncludeSubdomains"] is True
    sent = {
        "Strict-Transport-Security": f"max-age={hsts['AccessControlMaxAgeSec']}; includeSubDomains",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": security["FrameOptions"]["FrameOption"],
        "Referrer-Policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        "Content-Security-Policy": security["ContentSecurityPolicy"]["ContentSecurityPolicy"],
    }
    sent |= {item["Header"]: item["Value"] for item in config.get("CustomHeadersConfig", {}).get("Items", [])}
    if cors := config.get("CorsConfig"):
        assert (cors["AccessControlAllowCredentials"], cors["OriginOverride"]) == (False, True)
        assert cors["AccessControlAllowMethods"]["Items"] == ["GET", "HEAD"]
        sent["Access-Control-Allow-Origin"] = ", ".join(cors["AccessControlAllowOrigins"]["Items"])
    return sent


def test_pages_of_other_headers_are_pages_in_all_else(
    distribution: Mapping[str, Any], behaviors: Mapping[str, Mapping[str, Any]]
) -> None:
    """The desk may frame the preview, and nothing else differs: same bucket, same addresses, same cache."""

    def without(behavior: Mapping[str, Any]) -> dict[str, Any]:
        return {name: held for name, held in behavior.items() if name not in {"PathPattern", "ResponseHeadersPolicyId"}}

    for path in (DESK_PATH, PREVIEW_PATH):
        assert without(behaviors[path]) == without(distribution["DefaultCacheBehavior"])


def test_the_pages_bucket_is_private_versioned_and_read_by_this_distribution_over_tls(edge: Synthesised) -> None:
    """https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html."""
    bucket = edge.the("AWS::S3::Bucket")
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    statements = edge.the("AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]
    allowed = [each for each in statements if each["Effect"] == "Allow"]
    assert [each["Action"] for each in allowed] == ["s3:GetObject"]
    assert allowed[0]["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert "AWS:SourceArn" in allowed[0]["Condition"]["StringEquals"]
    denied = [each["Condition"] for each in statements if each["Effect"] == "Deny"]
    assert {"Bool": {"aws:SecureTransport": "false"}} in denied
    assert "s3:TlsVersion" in str(denied)
    control = edge.the("AWS::CloudFront::OriginAccessControl")["OriginAccessControlConfig"]
    assert control["SigningBehavior"] == "always"


def test_what_the_domain_is_pointed_at_is_among_the_outputs(edge: Synthesised) -> None:
    assert {"DistributionDomainName", "DistributionId", "PagesBucketName"} <= edge.template["Outputs"].keys()
