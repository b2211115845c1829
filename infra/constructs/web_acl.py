"""The firewall before the distribution (AWS WAF): rate rules, a size limit, and AWS's managed rules.

It keeps no log and no sampled request, which would hold callers' addresses and the codes in their paths; its metrics
count. What it refuses, it refuses in the words of `infra.door`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from infra import door
from infra.constructs.acknowledgements import acknowledge
from infra.door import FirewallRefusal, Language, RateRule
from infra.stage import Stage

type _Rule = Callable[..., wafv2.CfnWebACL.RuleProperty]
"""A rule that lacks its priority, which is its place in the list."""
_Statement = wafv2.CfnWebACL.StatementProperty

_COUNT = wafv2.CfnWebACL.RuleActionProperty(count=wafv2.CfnWebACL.CountActionProperty())
_LABELS = {
    "too-large": door.TOO_LARGE,
    "too-large-directory": door.TOO_LARGE_DIRECTORY,
    "too-fast": door.TOO_FAST,
}
"""A request that a rule below matches is labelled, and refused by the rule of its language."""
_ALL_LANGUAGES: tuple[Language, ...] = ("fr", "ar", "en")

_BODY = "A letter quotes anything: markup, paths, addresses, code. It is stored and shown as text, never run."


@dataclass(frozen=True, kw_only=True)
class ManagedGroup:
    """One of AWS's rule groups: the names of rules as AWS spells them, since it passes over others in silence.

    https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
    """

    name: str
    refuses: Sequence[str] = ()
    """The rules that refuse, and do so in our words. A rule that AWS adds later refuses in AWS's."""
    only_counts: Mapping[str, str]
    """The rules that count and let pass, each with the reason."""
    whole_counts: bool = False


MANAGED_GROUPS = (
    ManagedGroup(
        name="AWSManagedRulesAmazonIpReputationList",
        refuses=("AWSManagedIPReputationList", "AWSManagedReconnaissanceList"),
        only_counts={},
    ),
    ManagedGroup(
        name="AWSManagedRulesKnownBadInputsRuleSet",
        refuses=(
            "JavaDeserializationRCE_HEADER",
            "JavaDeserializationRCE_URIPATH",
            "JavaDeserializationRCE_QUERYSTRING",
            "Host_localhost_HEADER",
            "PROPFIND_METHOD",
            "ExploitablePaths_URIPATH",
            "Log4JRCE_HEADER",
            "Log4JRCE_QUERYSTRING",
            "Log4JRCE_URIPATH",
        ),
        only_counts={"JavaDeserializationRCE_BODY": _BODY, "Log4JRCE_BODY": _BODY, "ReactJSRCE_BODY": _BODY},
    ),
    ManagedGroup(
        name="AWSManagedRulesCommonRuleSet",
        refuses=(
            "UserAgent_BadBots_HEADER",
            "SizeRestrictions_QUERYSTRING",
            "SizeRestrictions_Cookie_HEADER",
            "SizeRestrictions_URIPATH",
            "EC2MetaDataSSRF_COOKIE",
            "EC2MetaDataSSRF_URIPATH",
            "EC2MetaDataSSRF_QUERYARGUMENTS",
            "GenericLFI_QUERYARGUMENTS",
            "GenericLFI_URIPATH",
            "RestrictedExtensions_URIPATH",
            "RestrictedExtensions_QUERYARGUMENTS",
            "GenericRFI_QUERYARGUMENTS",
            "GenericRFI_URIPATH",
            "CrossSiteScripting_COOKIE",
            "CrossSiteScripting_QUERYARGUMENTS",
            "CrossSiteScripting_URIPATH",
        ),
        only_counts={
            "NoUserAgent_HEADER": "Programs of organisms need not name themselves.",
            "SizeRestrictions_BODY": "It allows 8 KB; a letter has up to 20,000 characters, in Arabic 120 KB.",
            "EC2MetaDataSSRF_BODY": _BODY,
            "GenericLFI_BODY": _BODY,
            "GenericRFI_BODY": _BODY,
            "CrossSiteScripting_BODY": _BODY,
        },
    ),
    ManagedGroup(name="AWSManagedRulesAnonymousIpList", only_counts={}, whole_counts=True),  # citizens use VPNs
)


class WebAcl(Construct):
    """The web ACL of a stage. CloudFront takes one from us-east-1 alone."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        rules = [*_own_rules(stage), *_refusing_rules(), *_managed_rules()]
        acknowledge(
            self, "NIST.800.53.R5-WAFv2LoggingEnabled", "Its log would hold callers' addresses, and the codes in paths."
        )
        acl = wafv2.CfnWebACL(
            self,
            "WebAcl",
            name=stage.name_of("door"),
            scope="CLOUDFRONT",
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow=wafv2.CfnWebACL.AllowActionProperty()),
            visibility_config=_counted("All"),
            custom_response_bodies=dict(_bodies()),
            rules=[rule(priority=priority) for priority, rule in enumerate(rules)],
        )
        self.arn = acl.attr_arn


def _own_rules(stage: Stage) -> Iterator[_Rule]:
    """Label what is too large or too fast; the request goes on to the rule that refuses it."""
    is_long = _matches_header("content-length", door.TOO_LARGE_LENGTH)
    of_directory = _begins_with_one_of(door.DIRECTORY_PATHS)
    yield _labelling("TooLargeDirectory", "too-large-directory", _all([is_long, of_directory]))
    yield _labelling("TooLarge", "too-large", _all([is_long, _not(of_directory)]))
    for rule in door.RATE_RULES:
        limited = wafv2.CfnWebACL.RateBasedStatementProperty(
            aggregate_key_type="IP",
            limit=getattr(stage.callers, rule.name),
            evaluation_window_sec=door.RATE_SECONDS,
            scope_down_statement=_scope(rule),
        )
        yield _labelling(f"TooFast{rule.name.title()}", "too-fast", _Statement(rate_based_statement=limited))


def _labelling(name: str, label: str, statement: _Statement) -> _Rule:
    return partial(
        wafv2.CfnWebACL.RuleProperty,
        name=name,
        statement=statement,
        action=_COUNT,
        rule_labels=[wafv2.CfnWebACL.LabelProperty(name=f"door:{label}")],
        visibility_config=_counted(name),
    )


def _scope(rule: RateRule) -> _Statement | None:
    """The requests that a rate rule counts; None for all of them."""
    if rule.method is None and rule.under == ("/",):
        return None
    paths = _begins_with_one_of(rule.under)
    if rule.method is None:
        return paths
    method = _byte_match(wafv2.CfnWebACL.FieldToMatchProperty(method={}), "EXACTLY", rule.method, "NONE")
    return _all([method, paths])


def _refusing_rules() -> Iterator[_Rule]:
    """One rule for each refusal and language; the default language comes last, without a condition of its own."""
    for label, refusal in _LABELS.items():
        labelled = _Statement(
            label_match_statement=wafv2.CfnWebACL.LabelMatchStatementProperty(scope="LABEL", key=f"door:{label}")
        )
        for language in (*door.LANGUAGES_BY_HEADER, door.DEFAULT_LANGUAGE):
            begins = _begins(_header("accept-language"), language, "LOWERCASE")
            name = f"Refuse{label.title().replace('-', '')}{language.title()}"
            yield partial(
                wafv2.CfnWebACL.RuleProperty,
                name=name,
                statement=labelled if language == door.DEFAULT_LANGUAGE else _all([labelled, begins]),
                action=wafv2.CfnWebACL.RuleActionProperty(block=_in_words(refusal, language)),
                visibility_config=_counted(name),
            )


def _managed_rules() -> Iterator[_Rule]:
    refused = wafv2.CfnWebACL.RuleActionProperty(block=_in_words(door.LOOKS_LIKE_ATTACK, *_ALL_LANGUAGES))
    for group in MANAGED_GROUPS:
        actions = dict.fromkeys(group.refuses, refused) | dict.fromkeys(group.only_counts, _COUNT)
        statement = wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(
            vendor_name="AWS",
            name=group.name,
            rule_action_overrides=[
                wafv2.CfnWebACL.RuleActionOverrideProperty(name=name, action_to_use=action)
                for name, action in actions.items()
            ]
            or None,
        )
        yield partial(
            wafv2.CfnWebACL.RuleProperty,
            name=group.name,
            statement=_Statement(managed_rule_group_statement=statement),
            override_action=wafv2.CfnWebACL.OverrideActionProperty(count={})
            if group.whole_counts
            else wafv2.CfnWebACL.OverrideActionProperty(none={}),
            visibility_config=_counted(group.name),
        )


def _in_words(refusal: FirewallRefusal, *languages: Language) -> wafv2.CfnWebACL.BlockActionProperty:
    return wafv2.CfnWebACL.BlockActionProperty(
        custom_response=wafv2.CfnWebACL.CustomResponseProperty(
            response_code=refusal.status,
            custom_response_body_key=_body_key(refusal, *languages),
            response_headers=[
                wafv2.CfnWebACL.CustomHTTPHeaderProperty(name=name, value=value)
                for name, value in refusal.headers(*languages).items()
            ],
        )
    )


def _bodies() -> Iterator[tuple[str, wafv2.CfnWebACL.CustomResponseBodyProperty]]:
    spoken: list[tuple[FirewallRefusal, tuple[Language, ...]]] = [
        *((refusal, (language,)) for refusal in _LABELS.values() for language in _ALL_LANGUAGES),
        (door.LOOKS_LIKE_ATTACK, _ALL_LANGUAGES),
    ]
    for refusal, languages in spoken:
        body = wafv2.CfnWebACL.CustomResponseBodyProperty(
            content=refusal.document(*languages), content_type="APPLICATION_JSON"
        )
        yield _body_key(refusal, *languages), body


def _body_key(refusal: FirewallRefusal, *languages: Language) -> str:
    return "-".join((refusal.slug, *map(str, refusal.values.values()), *languages))


def _matches_header(name: str, pattern: str) -> _Statement:
    return _Statement(
        regex_match_statement=wafv2.CfnWebACL.RegexMatchStatementProperty(
            field_to_match=_header(name), regex_string=pattern, text_transformations=_transformed("NONE")
        )
    )


def _begins(field: wafv2.CfnWebACL.FieldToMatchProperty, text: str, *transformations: str) -> _Statement:
    return _byte_match(field, "STARTS_WITH", text, *transformations)


def _begins_with_one_of(prefixes: Sequence[str]) -> _Statement:
    """A path, however it was encoded."""
    return _any([_begins(_path(), prefix, "URL_DECODE", "NORMALIZE_PATH") for prefix in prefixes])


def _byte_match(
    field: wafv2.CfnWebACL.FieldToMatchProperty, where: str, text: str, *transformations: str
) -> _Statement:
    return _Statement(
        byte_match_statement=wafv2.CfnWebACL.ByteMatchStatementProperty(
            field_to_match=field,
            positional_constraint=where,
            search_string=text,
            text_transformations=_transformed(*transformations),
        )
    )


def _header(name: str) -> wafv2.CfnWebACL.FieldToMatchProperty:
    return wafv2.CfnWebACL.FieldToMatchProperty(single_header={"Name": name})


def _path() -> wafv2.CfnWebACL.FieldToMatchProperty:
    return wafv2.CfnWebACL.FieldToMatchProperty(uri_path={})


def _transformed(*kinds: str) -> list[wafv2.CfnWebACL.TextTransformationProperty]:
    return [wafv2.CfnWebACL.TextTransformationProperty(priority=at, type=kind) for at, kind in enumerate(kinds)]


def _all(statements: Sequence[_Statement]) -> _Statement:
    return _Statement(and_statement=wafv2.CfnWebACL.AndStatementProperty(statements=list(statements)))


def _not(statement: _Statement) -> _Statement:
    return _Statement(not_statement=wafv2.CfnWebACL.NotStatementProperty(statement=statement))


def _any(statements: Sequence[_Statement]) -> _Statement:
    """WAF takes an OR of two statements at least."""
    if len(statements) == 1:
        return statements[0]
    return _Statement(or_statement=wafv2.CfnWebACL.OrStatementProperty(statements=list(statements)))


def _counted(name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=f"Door{name}", sampled_requests_enabled=False
    )
