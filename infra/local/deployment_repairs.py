"""Repairs of a deployment: what MiniStack's CloudFormation leaves out, read from the synthesised template.

In AWS, CloudFormation does all of this itself. No repair states anything that the template does not say.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import boto3

from infra.local.emulator_faults import EmulatorFault
from infra.names import LIVE

LOCAL_POLICY = "local-cloud"

type Properties = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Resources:
    """A template's resources, and their physical names."""

    template: Mapping[str, Mapping[str, Any]]
    physical: Mapping[str, str]
    session: boto3.Session

    def of_type(self, kind: str) -> Iterator[tuple[str, Properties]]:
        """Physical name and properties of each resource of the type."""
        for logical, resource in self.template.items():
            if resource["Type"] == kind:
                yield self.physical[logical], resource.get("Properties", {})

    def tables(self) -> Iterator[tuple[str, Properties]]:
        """The same of each table that is there: one that was lost stays in the template."""
        present = {
            name
            for page in self.session.client("dynamodb").get_paginator("list_tables").paginate()
            for name in page["TableNames"]
        }
        return (each for each in self.of_type("AWS::DynamoDB::Table") if each[0] in present)

    def arn_of_key(self, value: object) -> str:
        """Return the ARN that `value` names: text, or the `Fn::GetAtt` of one of our keys."""
        match value:
            case {"Fn::GetAtt": [str(logical), "Arn"]}:
                key = self.session.client("kms").describe_key(KeyId=self.physical[logical])
                return key["KeyMetadata"]["Arn"]
            case str(arn):
                return arn
            case _:
                raise ValueError(f"A key is named in a way that is not foreseen: {value}")


@dataclass(frozen=True, kw_only=True)
class Repair(EmulatorFault):
    """A change of the deployed resources."""

    apply: Callable[[Resources], None]


def lock_objects(resources: Resources) -> None:
    """Turn Object Lock on."""
    s3 = resources.session.client("s3")
    for bucket, properties in resources.of_type("AWS::S3::Bucket"):
        if properties.get("ObjectLockEnabled"):
            s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"})


def expire_objects(resources: Resources) -> None:
    """Set the buckets' lifecycle rules."""
    s3 = resources.session.client("s3")
    for bucket, properties in resources.of_type("AWS::S3::Bucket"):
        if rules := properties.get("LifecycleConfiguration", {}).get("Rules"):
            s3.put_bucket_lifecycle_configuration(
                Bucket=bucket,
                LifecycleConfiguration={"Rules": [lifecycle_rule(rule) for rule in rules]},
            )


TRANSITION_DAYS = {"Transitions": "Days", "NoncurrentVersionTransitions": "NoncurrentDays"}
"""What the S3 API calls the days of a transition, which CloudFormation calls `TransitionInDays` in both."""


def lifecycle_rule(rule: Properties) -> Any:
    """Translate a template's rule into the S3 API's terms."""
    concerned: dict[str, Any] = {"Prefix": rule.get("Prefix", "")}
    if tags := rule.get("TagFilters"):
        concerned["Tags"] = tags
    if larger_than := rule.get("ObjectSizeGreaterThan"):
        concerned["ObjectSizeGreaterThan"] = int(larger_than)
    translated: dict[str, Any] = {
        "ID": rule["Id"],
        "Status": rule["Status"],
        "Filter": concerned if len(concerned) == 1 else {"And": concerned},
    }
    if (days := rule.get("ExpirationInDays")) is not None:
        translated["Expiration"] = {"Days": days}
    if rule.get("ExpiredObjectDeleteMarker"):
        translated["Expiration"] = {"ExpiredObjectDeleteMarker": True}
    for term in TRANSITION_DAYS.keys() & rule.keys():
        translated[term] = [
            {"StorageClass": each["StorageClass"], TRANSITION_DAYS[term]: each["TransitionInDays"]}
            for each in rule[term]
        ]
    same_terms = {"NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"}
    return translated | {term: rule[term] for term in same_terms & rule.keys()}


def encrypt_buckets(resources: Resources) -> None:
    """Set the key that each bucket is encrypted under."""
    s3 = resources.session.client("s3")
    for bucket, properties in resources.of_type("AWS::S3::Bucket"):
        for rule in properties.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration", []):
            default: Any = dict(rule["ServerSideEncryptionByDefault"])
            if key := default.get("KMSMasterKeyID"):
                default["KMSMasterKeyID"] = resources.arn_of_key(key)
            translated: Any = {
                "ApplyServerSideEncryptionByDefault": default,
                "BucketKeyEnabled": rule.get("BucketKeyEnabled", False),
            }
            s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [translated]})


def expire_items(resources: Resources) -> None:
    """Turn the tables' time to live on."""
    dynamodb = resources.session.client("dynamodb")
    for table, properties in resources.tables():
        if lifetime := properties.get("TimeToLiveSpecification"):
            now = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
            if now.get("TimeToLiveStatus") != "ENABLED":
                dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=lifetime)


def back_tables_up(resources: Resources) -> None:
    """Turn point-in-time recovery on."""
    dynamodb = resources.session.client("dynamodb")
    for table, properties in resources.tables():
        if recovery := properties.get("PointInTimeRecoverySpecification"):
            dynamodb.update_continuous_backups(TableName=table, PointInTimeRecoverySpecification=recovery)


def encrypt_tables(resources: Resources) -> None:
    """Set the key that each table is encrypted under."""
    dynamodb = resources.session.client("dynamodb")
    for table, properties in resources.tables():
        encryption = properties.get("SSESpecification", {})
        if encryption.get("SSEEnabled"):
            key = resources.arn_of_key(encryption["KMSMasterKeyId"])
            dynamodb.update_table(
                TableName=table, SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}
            )


def reserve_concurrency(resources: Resources) -> None:
    """Bound how many invocations of a function run at one time."""
    functions = resources.session.client("lambda")
    for function, properties in resources.of_type("AWS::Lambda::Function"):
        if (reserved := properties.get("ReservedConcurrentExecutions")) is not None:
            functions.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=reserved)


def answer_preflights(resources: Resources) -> None:
    """Set the APIs' CORS configuration."""
    apis = resources.session.client("apigatewayv2")
    for api, properties in resources.of_type("AWS::ApiGatewayV2::Api"):
        if cors := properties.get("CorsConfiguration"):
            apis.update_api(ApiId=api, CorsConfiguration=cors)


def widen_grants(resources: Resources) -> None:
    """Add a policy to each role for the actions that the emulator checks otherwise than AWS."""
    iam = resources.session.client("iam")
    for role, _ in resources.of_type("AWS::IAM::Role"):
        policies: list[Any] = [
            iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
            for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
            if name != LOCAL_POLICY
        ]
        granted = [statement for policy in policies for statement in policy["Statement"]]
        more = [each for statement in granted for each in checked_instead_of(statement)]
        if more:
            iam.put_role_policy(
                RoleName=role,
                PolicyName=LOCAL_POLICY,
                PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": more}),
            )


def checked_instead_of(statement: Properties) -> Iterator[Properties]:
    """The statements that the emulator asks for where AWS is satisfied with this one."""
    actions = statement["Action"]
    for action in ("ses:SendEmail", "kms:Sign", "kms:GetPublicKey"):
        if action in actions:
            yield {"Effect": "Allow", "Action": action, "Resource": "*"}
    if "kms:EncryptionContext:purpose" in statement.get("Condition", {}).get("StringEquals", {}):
        yield {"Effect": "Allow", "Action": actions, "Resource": "*"}
    if "sqs:SendMessage" in actions:
        yield {**statement, "Action": "sqs:SendMessageBatch"}


REPAIRS = (
    Repair(
        fault="CloudFormation drops a bucket's Object Lock.",
        mended_when="without this, `get_object_lock_configuration` answers after a deployment",
        apply=lock_objects,
    ),
    Repair(
        fault="CloudFormation drops a bucket's lifecycle rules.",
        mended_when="without this, `get_bucket_lifecycle_configuration` answers after a deployment",
        apply=expire_objects,
    ),
    Repair(
        fault="CloudFormation drops a bucket's encryption.",
        mended_when="without this, `get_bucket_encryption` names the stack's key after a deployment",
        apply=encrypt_buckets,
    ),
    Repair(
        fault="CloudFormation drops a table's time to live.",
        mended_when="without this, `describe_time_to_live` says ENABLED after a deployment",
        apply=expire_items,
    ),
    Repair(
        fault="CloudFormation drops a table's point-in-time recovery.",
        mended_when="without this, `describe_continuous_backups` says ENABLED after a deployment",
        apply=back_tables_up,
    ),
    Repair(
        fault="CloudFormation drops a table's encryption.",
        mended_when="without this, `describe_table` names the stack's key after a deployment",
        apply=encrypt_tables,
    ),
    Repair(
        fault="CloudFormation drops a function's reserved concurrency.",
        mended_when="without this, `get_function_concurrency` answers after a deployment",
        apply=reserve_concurrency,
    ),
    Repair(
        fault="CloudFormation drops an HTTP API's CORS configuration.",
        mended_when="without this, `get_api` shows CorsConfiguration after a deployment",
        apply=answer_preflights,
    ),
    Repair(
        fault="IAM knows no grant of ses:SendEmail on one identity, of kms:Sign and kms:GetPublicKey on an alias, "
        "of kms:Encrypt and kms:Decrypt in an encryption context, or under their conditions. It checks "
        "sqs:SendMessageBatch, which sqs:SendMessage includes in AWS.",
        mended_when="without this, people sign in on the pages, and a mail gets its sealed receipt and its e-mails "
        "under `AUTH=true`",
        apply=widen_grants,
    ),
)


def repair(session: boto3.Session, stack_name: str, template: Mapping[str, Any]) -> None:
    """Make a stack's deployed resources what its template says they are. Raises ClientError."""
    described = session.client("cloudformation").describe_stack_resources(StackName=stack_name)
    resources = Resources(
        template=template["Resources"],
        physical={one["LogicalResourceId"]: one.get("PhysicalResourceId", "") for one in described["StackResources"]},
        session=session,
    )
    for each in REPAIRS:
        each.apply(resources)


def set_addresses(session: boto3.Session, template: Mapping[str, Any], addresses: Mapping[str, str]) -> None:
    """Give functions the addresses that hold on this machine, under the settings' names.

    Ports are chosen when the cloud starts, so that the template cannot know them.
    """
    functions = session.client("lambda")
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        variables = properties.get("Environment", {}).get("Variables", {})
        local = {name: address for name, address in addresses.items() if name in variables}
        if resource["Type"] == "AWS::Lambda::Function" and local:
            name = properties["FunctionName"]
            live = functions.get_function_configuration(FunctionName=name, Qualifier=LIVE)["Environment"]["Variables"]
            if live != live | local:
                functions.update_function_configuration(FunctionName=name, Environment={"Variables": live | local})
                version = functions.publish_version(FunctionName=name)["Version"]
                functions.update_alias(FunctionName=name, Name=LIVE, FunctionVersion=version)
