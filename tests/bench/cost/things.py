"""What of a stage costs something each month, whoever uses it: counted in its templates."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

_PRICED = {
    "AWS::KMS::Key": "key",
    "AWS::KMS::ReplicaKey": "key",
    "AWS::SecretsManager::Secret": "secret",
    "AWS::CloudWatch::Alarm": "alarm",
    "AWS::CloudWatch::CompositeAlarm": "composite_alarm",
    "AWS::CloudWatch::Dashboard": "dashboard",
    "AWS::WAFv2::WebACL": "firewall",
}


def priced(templates: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Count the things in the templates of a stage, by the names of their prices."""
    found: Counter[str] = Counter()
    for template in templates:
        for resource in template["Resources"].values():
            if name := _PRICED.get(resource["Type"]):
                found[name] += 1
            if resource["Type"] == "AWS::WAFv2::WebACL":
                found["firewall_rule"] += len(resource["Properties"].get("Rules", ()))
    return dict(sorted(found.items()))
