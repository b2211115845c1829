"""Apply what MiniStack's CloudFormation drops without a word, read from the synthesised template.

In AWS, CloudFormation does all of this itself; nothing is stated here that the stack doesn't say.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import boto3

_LOCAL_POLICY = "local-cloud"

type Properties = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Resources:
    """A template's resources, and what they became."""

    template: Mapping[str, Mapping[str, Any]]
    physical: Mapping[str, str]
    session: boto3.Session

    def of_type(self, kind: str) -> Iterator[tuple[str, Properties]]:
        """Physical name and properties of each resource of the type."""
        for logical, resource in self.template.items():
            if resource["Type"] == kind:
                yield self.physical[logical], resource.get("Properties", {})

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


def apply_what_was_dropped(session: boto3.Session, stack_name: str, template: Mapping[str, Any]) -> None:
    """Make the deployed resources what the template says they are. Raises ClientError."""
    described = session.client("cloudformation").describe_stack_resources(StackName=stack_name)
    resources = Resources(
        template=template["Resources"],
        physical={one["LogicalResourceId"]: one.get("PhysicalResourceId", "") for one in described["StackResources"]},
        session=session,
    )
    _buckets(resources)
    _tables(resources)
    _concurrency(resources)
    _cors(resources)
    _grants(resources)


def _buckets(resources: Resources) -> None:
    s3 = resources.session.client("s3")
    for bucket, properties in resources.of_type("AWS::S3::Bucket"):
        if properties.get("ObjectLockEnabled"):
            s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"})
        if rules := properties.get("LifecycleConfiguration", {}).get("Rules"):
            s3.put_bucket_lifecycle_configuration(
                Bucket=bucket,
                LifecycleConfiguration={"Rules": [_lifecycle(rule) for rule in rules]},
            )
        for rule in properties.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration", []):
            _encrypt(resources, bucket, rule)


def _encrypt(resources: Resources, bucket: str, rule: Properties) -> None:
    default: Any = dict(rule["ServerSideEncryptionByDefault"])
    if key := default.get("KMSMasterKeyID"):
        default["KMSMasterKeyID"] = resources.arn_of_key(key)
    resources.session.client("s3").put_bucket_encryption(
        Bucket=bucket,
        ServerSideEncryptionConfiguration={
            "Rules": [
                {
                    "ApplyServerSideEncryptionByDefault": default,
                    "BucketKeyEnabled": rule.get("BucketKeyEnabled", False),
                }
            ]
        },
    )


def _lifecycle(rule: Properties) -> Any:
    """Put a rule of a template into the words of the S3 API."""
    tags = rule.get("TagFilters", [])
    prefix = rule.get("Prefix", "")
    translated: dict[str, Any] = {
        "ID": rule["Id"],
        "Status": rule["Status"],
        "Filter": {"And": {"Prefix": prefix, "Tags": tags}} if tags else {"Prefix": prefix},
    }
    if (days := rule.get("ExpirationInDays")) is not None:
        translated["Expiration"] = {"Days": days}
    if rule.get("ExpiredObjectDeleteMarker"):
        translated["Expiration"] = {"ExpiredObjectDeleteMarker": True}
    same_words = {"NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"}
    return translated | {word: rule[word] for word in same_words & rule.keys()}


def _tables(resources: Resources) -> None:
    dynamodb = resources.session.client("dynamodb")
    for table, properties in resources.of_type("AWS::DynamoDB::Table"):
        if lifetime := properties.get("TimeToLiveSpecification"):
            now = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
            if now.get("TimeToLiveStatus") != "ENABLED":
                dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=lifetime)
        if recovery := properties.get("PointInTimeRecoverySpecification"):
            dynamodb.update_continuous_backups(TableName=table, PointInTimeRecoverySpecification=recovery)
        if (encryption := properties.get("SSESpecification")) and encryption.get("SSEEnabled"):
            dynamodb.update_table(
                TableName=table,
                SSESpecification={
                    "Enabled": True,
                    "SSEType": "KMS",
                    "KMSMasterKeyId": resources.arn_of_key(encryption["KMSMasterKeyId"]),
                },
            )


def _concurrency(resources: Resources) -> None:
    functions = resources.session.client("lambda")
    for function, properties in resources.of_type("AWS::Lambda::Function"):
        if (reserved := properties.get("ReservedConcurrentExecutions")) is not None:
            functions.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=reserved)


def _cors(resources: Resources) -> None:
    apis = resources.session.client("apigatewayv2")
    for api, properties in resources.of_type("AWS::ApiGatewayV2::Api"):
        if cors := properties.get("CorsConfiguration"):
            apis.update_api(ApiId=api, CorsConfiguration=cors)


def _grants(resources: Resources) -> None:
    """Let roles do what the emulator asks another grant for than AWS does."""
    iam = resources.session.client("iam")
    for role, _ in resources.of_type("AWS::IAM::Role"):
        policies: list[Any] = [
            iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
            for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
            if name != _LOCAL_POLICY
        ]
        granted = [statement for policy in policies for statement in policy["Statement"]]
        more = [each for statement in granted for each in _asked_for_instead_of(statement)]
        if more:
            iam.put_role_policy(
                RoleName=role,
                PolicyName=_LOCAL_POLICY,
                PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": more}),
            )


def _asked_for_instead_of(statement: Properties) -> Iterator[Properties]:
    actions = statement["Action"]
    if "ses:SendEmail" in actions:  # it knows no grant on one identity
        yield {"Effect": "Allow", "Action": "ses:SendEmail", "Resource": "*"}
    if "kms:Sign" in actions:  # it knows neither the conditions nor that an alias stands for its key
        yield {"Effect": "Allow", "Action": "kms:Sign", "Resource": "*"}
    if "kms:GetPublicKey" in actions:  # the same
        yield {"Effect": "Allow", "Action": "kms:GetPublicKey", "Resource": "*"}
    if "sqs:SendMessage" in actions:  # in AWS this grants batches too
        yield {**statement, "Action": "sqs:SendMessageBatch"}


def tell_addresses(session: boto3.Session, template: Mapping[str, Any], addresses: Mapping[str, str]) -> None:
    """Give functions the addresses that hold on this machine, by the variables in which they are told of them."""
    functions = session.client("lambda")
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        variables = properties.get("Environment", {}).get("Variables", {})
        told = {name: address for name, address in addresses.items() if name in variables}
        if resource["Type"] == "AWS::Lambda::Function" and told:
            name = properties["FunctionName"]
            now = functions.get_function_configuration(FunctionName=name)["Environment"]
            functions.update_function_configuration(
                FunctionName=name,
                Environment={"Variables": now["Variables"] | told},
            )
