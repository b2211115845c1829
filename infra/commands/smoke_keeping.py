"""Whether receipts are sealed, registers attested, and what is kept is safe."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from infra.commands.seal_certificates import RENEWED_BEFORE_END, ChainError, read_chain, require_fit
from infra.commands.smoke_findings import A_DAY, Finding, Place, good, missing, not_here, note
from infra.stored_names import HEADS, chain_object

_BACKUP_IS_OLD = timedelta(hours=48)
_NOT_FOUND = {"NoSuchKey", "404"}


def seal(place: Place) -> Iterator[Finding]:
    """Whether the certificate of the key that seals is installed, fits, and lasts."""
    name = place.where.outputs["SealKeyNames"].split(",")[0]
    renew = f"`make seal-request STAGE={place.stage.name}`, then `make seal-install` with the authority's answer"
    chain = _installed_chain(place, name)
    if chain is None:
        yield missing(f"No certificate is installed for {name}: no receipt is issued.", do=f"{renew}.")
        return
    public = load_der_public_key(place.client("kms").get_public_key(KeyId=f"alias/{name}")["PublicKey"])
    if not isinstance(public, ec.EllipticCurvePublicKey):
        yield missing(f"{name} is not a key on an elliptic curve.", do="Name another key in `seal_keys`.")
        return
    try:
        require_fit(chain, public, place.now)
    except ChainError as refusal:
        yield missing(f"The certificate of {name} does not fit: {refusal}", do=f"{renew}.")
        return
    # the first certificate of the chain to end takes the others with it
    left = min(certificate.not_valid_after_utc for certificate in read_chain(chain)) - place.now
    if left < RENEWED_BEFORE_END:
        yield missing(f"The certificate of {name} ends in {left.days} days; after it no receipt is issued.", do=renew)
    else:
        yield good(f"The certificate of {name} fits its key and ends in {left.days} days.")


def _installed_chain(place: Place, name: str) -> bytes | None:
    try:
        answer = place.client("s3").get_object(Bucket=place.where.outputs["BucketName"], Key=chain_object(name))
    except ClientError as error:
        if error.response["Error"]["Code"] in _NOT_FOUND:
            return None
        raise
    chain: bytes = answer["Body"].read()
    return chain


def register_heads(place: Place) -> Iterator[Finding]:
    """Whether a signed head of the registers, published each night, is there."""
    since = (place.now - timedelta(days=2)).date().isoformat()
    found = place.client("s3").list_objects_v2(
        Bucket=place.where.outputs["BucketName"], Prefix=HEADS, StartAfter=f"{HEADS}{since}"
    )
    publish = f"aws lambda invoke --function-name {place.stage.name_of('publish-heads')} answer.json"
    if any(place.now - head["LastModified"] < A_DAY for head in found.get("Contents", [])):
        yield good("The day's signed head of the registers is published.")
    elif place.is_new:
        yield note("The first signed head of the registers comes tonight.", do=f"To have it at once: {publish}")
    else:
        yield missing("No signed head of the registers was published for a day.", do=f"{publish}, and read its log.")


def data_key(place: Place) -> Iterator[Finding]:
    """Whether the key that all data is encrypted under is in use, and not to be deleted."""
    table = place.client("dynamodb").describe_table(TableName=place.table)["Table"]
    key = table.get("SSEDescription", {}).get("KMSMasterKeyArn")
    if key is None:
        yield missing("The table is not encrypted under the stage's own key.", do="Deploy again.")
        return
    state = place.client("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyState"]
    if state == "Enabled":
        yield good("The key of the data is in use.")
    else:
        yield missing(
            f"The key of the data is {state}: without it nothing that is stored can be read again.",
            do=f"At once: `aws kms cancel-key-deletion --key-id {key}`, `aws kms enable-key --key-id {key}`.",
        )


def backups(place: Place) -> Iterator[Finding]:
    """Whether the table can be brought back: to any second of five weeks, and from the second copy."""
    described = place.client("dynamodb").describe_continuous_backups(TableName=place.table)
    recovery = described["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
    if recovery.get("PointInTimeRecoveryStatus") == "ENABLED":
        yield good("The table can be brought back to any second of the last weeks.")
    else:
        yield missing("The table cannot be brought back to an earlier second.", do="Deploy again.")
    if place.stage.second_region is None:
        yield not_here("The stage has no second copy (`second_region`).")
        return
    arn = place.client("dynamodb").describe_table(TableName=place.table)["Table"]["TableArn"]
    pages = place.client("backup").get_paginator("list_recovery_points_by_resource").paginate(ResourceArn=arn)
    made: list[datetime] = [
        point["CreationDate"] for page in pages for point in page["RecoveryPoints"] if point["Status"] == "COMPLETED"
    ]
    if made and place.now - max(made) < _BACKUP_IS_OLD:
        yield good(f"The last backup of the table is of {max(made):%Y-%m-%d %H:%M} UTC.")
    elif not made and place.is_new:
        yield note("The first backup of the table comes with the first night.")
    else:
        last = f"is of {max(made):%Y-%m-%d}" if made else "does not exist"
        yield missing(f"The last backup of the table {last}.", do="AWS Backup's console, “Jobs”, says why.")


def replication(place: Place) -> Iterator[Finding]:
    """Whether files are copied to the second region."""
    if place.stage.second_region is None:
        yield not_here("The stage has no second copy (`second_region`).")
        return
    try:
        answer = place.client("s3").get_bucket_replication(Bucket=place.where.outputs["BucketName"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "ReplicationConfigurationNotFoundError":
            raise
        answer = {"ReplicationConfiguration": {"Rules": []}}
    rules: list[dict[str, Any]] = answer["ReplicationConfiguration"]["Rules"]
    if any(rule["Status"] == "Enabled" for rule in rules):
        yield good(f"Files are copied to {place.stage.second_region}.")
    else:
        yield missing(f"Files are not copied to {place.stage.second_region}.", do="Deploy again.")


def malware_scan(place: Place) -> Iterator[Finding]:
    """Whether GuardDuty scans the files that come in.

    https://docs.aws.amazon.com/guardduty/latest/APIReference/API_GetMalwareProtectionPlan.html
    """
    if not place.stage.malware_protection:
        yield not_here("GuardDuty scans no files here (`malware_protection = false`).")
        return
    guardduty, bucket = place.client("guardduty"), place.where.outputs["BucketName"]
    token: dict[str, str] = {}
    while True:
        page = guardduty.list_malware_protection_plans(**token)
        for each in page.get("MalwareProtectionPlans", []):
            plan = guardduty.get_malware_protection_plan(MalwareProtectionPlanId=each["MalwareProtectionPlanId"])
            if plan["ProtectedResource"].get("S3Bucket", {}).get("BucketName") == bucket:
                yield _scan(plan)
                return
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    yield missing("GuardDuty does not scan the bucket: every file stays closed to agents.", do="Deploy again.")


def _scan(plan: dict[str, Any]) -> Finding:
    if plan["Status"] == "ACTIVE":
        return good("GuardDuty scans each file that comes in.")
    reasons = "; ".join(reason.get("Message", reason.get("Code", "")) for reason in plan.get("StatusReasons", []))
    return missing(
        f"GuardDuty's plan for the bucket is {plan['Status']}: {reasons or 'it gives no reason'}.",
        do="GuardDuty's console, “Malware Protection for S3”, shows the bucket and what its role lacks.",
    )


def trail(place: Place) -> Iterator[Finding]:
    """Whether a trail records who does what in the account: the alarm on the deletion of keys needs its events.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
    """
    if place.is_local:
        yield not_here("The local cloud keeps no trail of who did what.")
        return
    cloudtrail = place.client("cloudtrail")
    for each in cloudtrail.describe_trails(includeShadowTrails=True)["trailList"]:
        if cloudtrail.get_trail_status(Name=each["TrailARN"])["IsLogging"]:
            yield good("A trail records who does what in the account.")
            return
    yield missing(
        "No trail records who does what in the account: operators are not woken when a key is to be deleted.",
        do="CloudTrail's console, “Create trail”, for management events of all regions.",
    )
