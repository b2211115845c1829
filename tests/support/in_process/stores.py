"""What the stack's stores are, in moto, and what functions are told of them."""

import json
from typing import TYPE_CHECKING, Literal

import boto3

from tests.support.in_process.seals import create_seal
from tests.support.in_process.service import (
    BUCKET,
    CONFIGURATION_SET,
    FROM,
    IDEMPOTENCY,
    PUBLIC_URL,
    REGION,
    SECRET,
    TABLE,
    WEBHOOKS_SECRET,
)
from tests.support.in_process.signing import create_keys
from tests.support.samples.message_caps import CAPS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import GlobalSecondaryIndexTypeDef


def create_stores() -> dict[str, str]:
    """Make what functions use of AWS in moto, but for the user pool; their environment comes back."""
    environment = create_stores_without_keys()  # among them the bucket in which the seal's certificates lie
    return create_keys() | create_seal() | environment


def create_stores_without_keys() -> dict[str, str]:
    """Make tables, bucket, queues, secrets and sender alone: keys and seal take longer than all of these."""
    dynamodb = boto3.client("dynamodb", REGION)
    dynamodb.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"}
            for name in ("pk", "sk", "waiting", "waiting_since", "desk", "desk_status", "arrived")
        ],
        GlobalSecondaryIndexes=[
            _index("waiting", "waiting_since", "KEYS_ONLY"),
            _index("desk", "arrived", "ALL"),
            _index("desk_status", "arrived", "ALL"),
        ],
    )
    dynamodb.create_table(
        TableName=IDEMPOTENCY,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    boto3.client("s3", REGION).create_bucket(
        Bucket=BUCKET,
        CreateBucketConfiguration={"LocationConstraint": REGION},
        ObjectLockEnabledForBucket=True,
    )
    boto3.client("secretsmanager", REGION).create_secret(Name=SECRET, SecretString="k" * 64)
    boto3.client("sesv2", REGION).create_email_identity(EmailIdentity=FROM)
    boto3.client("sesv2", REGION).create_configuration_set(ConfigurationSetName=CONFIGURATION_SET)
    boto3.client("secretsmanager", REGION).create_secret(Name=WEBHOOKS_SECRET, SecretString="w" * 64)
    queues = _create_queues()
    return {
        "TABLE_NAME": TABLE,
        "IDEMPOTENCY_TABLE_NAME": IDEMPOTENCY,
        "BUCKET_NAME": BUCKET,
        "TOKENS_SECRET": SECRET,
        "NOTIFICATIONS_QUEUE_URL": queues["notifications"]["url"],
        "WEBHOOKS_QUEUE_URL": queues["webhooks"]["url"],
        "QUEUE_URLS": json.dumps(queues),
        "WEBHOOKS_SECRET": WEBHOOKS_SECRET,
        "WEBHOOKS_ALLOW_LOOPBACK": "true",
        "PUBLIC_URL": PUBLIC_URL,
        "RETENTION_DAYS": "30",
        "RETENTION_MODE": "COMPLIANCE",
        "EMAIL_FROM": FROM,
        "EMAIL_CONFIGURATION_SET": CONFIGURATION_SET,
        "SMS_SENDER_ID": "BOD",
        "SMS_COUNTRIES": "MA",
        "CHECK_EMAIL_DOMAINS": "false",
        "MESSAGE_CAPS": json.dumps(CAPS),
        "TIMESTAMP_AUTHORITY": "",
        "SERVICE_VERSION": "test",
        "RENDER_FUNCTION_NAME": "render_receipt",
        "SCANNER": "guardduty",
    }


def _create_queues() -> dict[str, dict[str, str]]:
    sqs = boto3.client("sqs", REGION)
    made = {name: {"url": sqs.create_queue(QueueName=name)["QueueUrl"]} for name in ("notifications", "webhooks")}
    for name in (*made, "receipts"):
        made.setdefault(name, {"alias": "live"})["dlq_url"] = sqs.create_queue(QueueName=f"{name}-failed")["QueueUrl"]
    return made


def _index(partition: str, order: str, projection: Literal["ALL", "KEYS_ONLY"]) -> "GlobalSecondaryIndexTypeDef":
    return {
        "IndexName": partition,
        "KeySchema": [
            {"AttributeName": partition, "KeyType": "HASH"},
            {"AttributeName": order, "KeyType": "RANGE"},
        ],
        "Projection": {"ProjectionType": projection},
    }
