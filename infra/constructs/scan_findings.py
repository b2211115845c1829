"""The bucket policy by which the scanner alone writes what it found of a file.

Agents may open a file by the tag in which GuardDuty leaves its finding, and functions write other tags of the same
objects. S3 replaces an object's tags as a whole, so a function must repeat the finding that is there: each value may be
written where it stands already, and nowhere else. AWS's own example refuses the tag's key to all others, and would
refuse the lock too: "Using tag-based access control with Malware Protection for S3" in GuardDuty's user guide. The
condition keys are those of "Tagging and access control policies" in the user guide of S3.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from aws_cdk import aws_iam as iam

FINDING_TAG = "GuardDutyMalwareScanStatus"
CLEAN = "NO_THREATS_FOUND"
_INFECTED = "THREATS_FOUND"
_ENDED_WITHOUT = ("ACCESS_DENIED", "FAILED", "UNSUPPORTED")
_NEVER_CAME = "NEVER_CAME"
"""Written by the service itself, where the scan left no finding within the hour. It opens nothing but what an agent
takes knowingly."""

WITHOUT_VERDICT = (*_ENDED_WITHOUT, _NEVER_CAME)
"""The tag's values after a scan that ended without a verdict (`mailroom.domain.file_states`)."""

_FINDINGS = (CLEAN, _INFECTED, *_ENDED_WITHOUT)
_STANDING, _WRITTEN = f"s3:ExistingObjectTag/{FINDING_TAG}", f"s3:RequestObjectTag/{FINDING_TAG}"
_TAGGING = ("s3:PutObjectTagging", "s3:PutObjectVersionTagging")
_UNTAGGING = ("s3:DeleteObjectTagging", "s3:DeleteObjectVersionTagging")


def only_the_scanner_writes_findings(bucket_arn: str, *, writers: Sequence[str]) -> Iterator[iam.PolicyStatement]:
    """Deny to all roles but `writers` (ARNs) to forge, change or remove a finding."""

    def denied(sid: str, actions: Sequence[str], **conditions: dict[str, Any]) -> iam.PolicyStatement:
        return iam.PolicyStatement(
            sid=sid,
            effect=iam.Effect.DENY,
            principals=[iam.AnyPrincipal()],
            actions=list(actions),
            resources=[f"{bucket_arn}/*"],
            conditions={"ArnNotEquals": {"aws:PrincipalArn": list(writers)}, **conditions},
        )

    for finding in _FINDINGS:
        yield denied(
            f"OnlyTheScannerWrites{finding.title().replace('_', '')}",
            _TAGGING,
            StringEquals={_WRITTEN: finding},
            StringNotEquals={_STANDING: finding},
        )
    yield denied(
        "WhatNeverCameReplacesNoFinding",
        _TAGGING,
        StringEquals={_WRITTEN: _NEVER_CAME, _STANDING: [*_FINDINGS]},
    )
    yield denied(
        "NoOtherFindings",
        _TAGGING,
        Null={_WRITTEN: "false"},
        StringNotEquals={_WRITTEN: [*_FINDINGS, _NEVER_CAME]},
    )
    yield denied("FindingsStay", _TAGGING, Null={_WRITTEN: "true", _STANDING: "false"})
    yield denied("FindingsAreNotRemoved", _UNTAGGING, Null={_STANDING: "false"})
    # S3 knows no existing tags of an object that is only just put
    yield denied("NoFileComesWithAFinding", ["s3:PutObject"], Null={_WRITTEN: "false"})
