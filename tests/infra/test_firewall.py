"""The firewall (AWS WAF): what it counts, what it refuses and in which words, and what it must let through."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from infra import door
from infra.constructs.web_acl import MANAGED_GROUPS
from infra.door import FirewallRefusal
from infra.names import Part
from infra.paths import ROOT
from mailroom.api.request import MOST_BODY_BYTES, MOST_DIRECTORY_BYTES
from mailroom.domain import problems
from mailroom.domain.refusals import BodyTooLarge, RequestRefused, TooFast
from tests.support.inspection.stages import SYNTHESISED
from tests.support.inspection.synthesised import Synthesised

type Rules = Mapping[str, Mapping[str, Any]]

LETTER_RULES = {
    "SizeRestrictions_BODY",
    "CrossSiteScripting_BODY",
    "GenericLFI_BODY",
    "GenericRFI_BODY",
    "EC2MetaDataSSRF_BODY",
    "JavaDeserializationRCE_BODY",
    "Log4JRCE_BODY",
    "ReactJSRCE_BODY",
}
"""The rules on bodies, as AWS spells them: it passes over a name that it does not know in silence.

https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
https://docs.aws.amazon.com/waf/latest/APIReference/API_RuleActionOverride.html
"""


@pytest.fixture(scope="session")
def acl(prod: Synthesised) -> Mapping[str, Any]:
    return prod.only(Part.FIREWALL).the("AWS::WAFv2::WebACL")


@pytest.fixture(scope="session")
def rules(acl: Mapping[str, Any]) -> Rules:
    return {rule["Name"]: rule for rule in sorted(acl["Rules"], key=lambda rule: int(rule["Priority"]))}


def test_it_is_where_cloudfront_takes_it_from(prod: Synthesised, acl: Mapping[str, Any]) -> None:
    """https://docs.aws.amazon.com/waf/latest/developerguide/cloudfront-features.html."""
    assert acl["Scope"] == "CLOUDFRONT"
    assert acl["DefaultAction"] == {"Allow": {}}
    assert prod.artifacts["BureauOrdre-prod-Firewall"]["environment"] == "aws://111122223333/us-east-1"


def test_each_address_has_a_limit_on_all_on_codes_on_signing_in_and_on_drafts(rules: Rules) -> None:
    """https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html."""
    callers = SYNTHESISED["prod"].callers
    limits = {
        name.removeprefix("TooFast").lower(): rule["Statement"]["RateBasedStatement"]
        for name, rule in rules.items()
        if "RateBasedStatement" in rule["Statement"]
    }
    assert {name: each["Limit"] for name, each in limits.items()} == callers.model_dump()
    for each in limits.values():
        assert (each["AggregateKeyType"], each["EvaluationWindowSec"]) == ("IP", door.RATE_SECONDS)
    assert "ScopeDownStatement" not in limits["each"]
    assert _searched(limits["guarded"]) == {"/v1/follow-up", "/v1/receipts/"}
    assert _searched(limits["session"]) == {"POST", "/v1/session"}
    assert _searched(limits["drafts"]) == {"POST", "/v1/mails"}


def _searched(value: object) -> set[str]:
    """The texts that a statement looks for."""
    found: set[str] = set()

    def noted(pairs: dict[str, object]) -> dict[str, object]:
        found.update(str(text) for key, text in pairs.items() if key == "SearchString")
        return pairs

    json.loads(json.dumps(value), object_hook=noted)
    return found


def test_a_path_is_compared_however_it_was_encoded(rules: Rules) -> None:
    for name in ("TooFastGuarded", "TooFastSession", "TooFastDrafts", "TooLarge", "TooLargeDirectory"):
        text = json.dumps(rules[name]["Statement"])
        assert text.count('"URL_DECODE"') == text.count('"NORMALIZE_PATH"') == text.count('"UriPath"') > 0


@pytest.mark.parametrize(
    ("label", "refusal"),
    [
        ("too-large", door.TOO_LARGE),
        ("too-large-directory", door.TOO_LARGE_DIRECTORY),
        ("too-fast", door.TOO_FAST),
    ],
)
def test_what_is_labelled_is_refused_afterwards_in_the_readers_language(
    rules: Rules, acl: Mapping[str, Any], label: str, refusal: FirewallRefusal
) -> None:
    """A rate rule labels only requests over its limit, and a custom response may have this status.

    https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-label-add.html
    https://docs.aws.amazon.com/waf/latest/developerguide/customizing-the-response-status-codes.html
    """
    names = list(rules)
    labelling = [name for name, rule in rules.items() if {"Name": f"door:{label}"} in rule.get("RuleLabels", [])]
    refusing = [name for name, rule in rules.items() if f'"Key": "door:{label}"' in json.dumps(rule["Statement"])]
    assert {tuple(rules[name]["Action"]) for name in labelling} == {("Count",)}
    assert max(map(names.index, labelling)) < min(map(names.index, refusing))
    assert [_searched(rules[name]["Statement"]) for name in refusing] == [{"ar"}, {"en"}, set()], "else French"
    for name, language in zip(refusing, ("ar", "en", "fr"), strict=True):
        response = rules[name]["Action"]["Block"]["CustomResponse"]
        assert response["ResponseCode"] == refusal.status
        headers = {header["Name"]: header["Value"] for header in response["ResponseHeaders"]}
        assert headers["Content-Language"] == language
        assert headers["Cache-Control"] == "no-store"
        assert headers.get("Retry-After") == (str(refusal.retry_after) if refusal.retry_after else None)
        assert "content-type" not in {header.lower() for header in headers}, "WAF refuses it among the headers"
        body = acl["CustomResponseBodies"][response["CustomResponseBodyKey"]]
        assert body["ContentType"] == "APPLICATION_JSON"
        assert body["Content"] == refusal.document(language)  # type: ignore[arg-type]  # one of the languages
        assert problems.words(language, refusal.slug)["title"] == json.loads(body["Content"])["title"]


def test_a_body_that_is_too_large_is_answered_with_the_limit_of_its_route(rules: Rules) -> None:
    """A body that is cut to what the firewall's words name is taken by the API."""
    assert door.TOO_LARGE.values == {"most": MOST_BODY_BYTES // 1024}
    assert door.TOO_LARGE_DIRECTORY.values == {"most": MOST_DIRECTORY_BYTES // 1024}
    routes = json.loads((ROOT / "infra/openapi.json").read_text())["paths"]
    of_directory = {
        path
        for path, methods in routes.items()
        if any(each["operationId"].startswith("enrol_organism") for each in methods.values() if "requestBody" in each)
    }
    assert of_directory
    assert {path for path in routes if door.too_large(path) is door.TOO_LARGE_DIRECTORY} >= of_directory
    both = [rules["TooLargeDirectory"], rules["TooLarge"]]
    assert [_searched(rule["Statement"]) for rule in both] == [set(door.DIRECTORY_PATHS)] * 2
    assert ["NotStatement" in json.dumps(rule["Statement"]) for rule in both] == [False, True]


WITHIN_THE_PRICE = 1500
"""The capacity units that the price of a web ACL includes: https://aws.amazon.com/waf/pricing/."""
OF_MANAGED_GROUPS = {
    "AWSManagedRulesAmazonIpReputationList": 25,
    "AWSManagedRulesKnownBadInputsRuleSet": 200,
    "AWSManagedRulesCommonRuleSet": 700,
    "AWSManagedRulesAnonymousIpList": 50,
}
"""https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html"""
OF_STATEMENTS = {
    "RateBasedStatement": 2,
    "ByteMatchStatement": 2,
    "RegexMatchStatement": 3,
    "LabelMatchStatement": 1,
    **dict.fromkeys(("AndStatement", "OrStatement", "NotStatement"), 0),
}
"""Each text transformation takes ten more."""


def test_all_rules_together_need_no_more_capacity_than_the_price_includes(rules: Rules) -> None:
    """https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html."""
    needed = sum(_capacity(rule["Statement"]) for rule in rules.values())
    assert sum(OF_MANAGED_GROUPS.values()) < needed <= WITHIN_THE_PRICE


def _capacity(statement: Mapping[str, Any]) -> int:
    ((kind, given),) = statement.items()
    assert given.get("PositionalConstraint", "EXACTLY") in {"EXACTLY", "STARTS_WITH"}, "others cost more"
    if kind == "ManagedRuleGroupStatement":
        return OF_MANAGED_GROUPS[given["Name"]]
    within = [given[key] for key in ("Statement", "ScopeDownStatement") if key in given] + given.get("Statements", [])
    transformed = 10 * sum(each["Type"] != "NONE" for each in given.get("TextTransformations", ()))
    return OF_STATEMENTS[kind] + int(transformed) + sum(map(_capacity, within))


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (door.TOO_FAST, TooFast),
        (door.TOO_LARGE, BodyTooLarge),
        (door.TOO_LARGE_DIRECTORY, BodyTooLarge),
        (door.LOOKS_LIKE_ATTACK, RequestRefused),
    ],
)
def test_the_firewalls_refusals_are_the_apis(refusal: FirewallRefusal, kind: type[Any]) -> None:
    assert (refusal.slug, refusal.status, refusal.retry_after) == (kind.slug, kind.status, kind.retry_after)
    for language in ("ar", "fr", "en"):
        document = json.loads(refusal.document(language))
        assert document.keys() == {"type", "title", "status", "detail", "instance"}
        assert "{" not in document["detail"]


@pytest.mark.parametrize("header", ["ar", "ar-MA,ar;q=0.9,fr;q=0.8", "en-GB", "EN", "fr-FR,en;q=0.5", "de", "*", ""])
def test_the_firewall_reads_accept_language_as_the_api_does(header: str) -> None:
    """But for a header whose first language is not its best, or none of ours: the firewall knows no weights."""
    assert door.language_of(header) == problems.language_of(header)


def test_bodies_fit_into_waf(acl: Mapping[str, Any]) -> None:
    """https://docs.aws.amazon.com/waf/latest/developerguide/limits.html: 4 KB for each, 50 KB together."""
    sizes = [len(body["Content"].encode()) for body in acl["CustomResponseBodies"].values()]
    assert max(sizes) <= 4096
    assert sum(sizes) <= 50 * 1024


def test_a_letter_may_quote_anything(rules: Rules) -> None:
    """Arabic and French letters, markup, SQL and paths pass: rules on bodies count, and none on SQL is there at all."""
    counted = set()
    for group in MANAGED_GROUPS:
        statement = rules[group.name]["Statement"]["ManagedRuleGroupStatement"]
        actions = {each["Name"]: set(each["ActionToUse"]) for each in statement.get("RuleActionOverrides", [])}
        counted |= {name for name, action in actions.items() if action == {"Count"}}
        refused = {name for name, action in actions.items() if action == {"Block"}}
        assert not any(name.endswith("_BODY") for name in refused)
        assert all(group.only_counts.values()), "each has its reason"
    assert counted == LETTER_RULES | {"NoUserAgent_HEADER"}
    assert "AWSManagedRulesSQLiRuleSet" not in rules


def test_networks_that_hide_their_users_are_counted_and_not_refused(rules: Rules) -> None:
    assert rules["AWSManagedRulesAnonymousIpList"]["OverrideAction"] == {"Count": {}}
    for name in ("AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet"):
        assert rules[name]["OverrideAction"] == {"None": {}}


def test_what_a_managed_rule_refuses_is_said_in_three_languages(rules: Rules, acl: Mapping[str, Any]) -> None:
    statement = rules["AWSManagedRulesCommonRuleSet"]["Statement"]["ManagedRuleGroupStatement"]
    (key,) = {
        each["ActionToUse"]["Block"]["CustomResponse"]["CustomResponseBodyKey"]
        for each in statement["RuleActionOverrides"]
        if "Block" in each["ActionToUse"]
    }
    problem = json.loads(acl["CustomResponseBodies"][key]["Content"])
    assert problem["status"] == 403
    for words in ("pare-feu", "جدار حماية", "firewall"):
        assert words in problem["detail"]


def test_nothing_personal_is_kept(prod: Synthesised, acl: Mapping[str, Any], rules: Rules) -> None:
    """A log or a sampled request would hold the caller's address and the path, in which a code may stand."""
    assert not prod.only(Part.FIREWALL).of_type("AWS::WAFv2::LoggingConfiguration")
    configurations = [acl["VisibilityConfig"], *(rule["VisibilityConfig"] for rule in rules.values())]
    assert {each["SampledRequestsEnabled"] for each in configurations} == {False}
    names = [each["MetricName"] for each in configurations]
    assert len(set(names)) == len(names)
