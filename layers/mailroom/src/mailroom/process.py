"""The settings and the clients of one process: read and made when they are first used, and then kept.

Each handler declares its own class `Process`, made of the parts below and of the settings that it alone has. A part is
a setting with what is made from it: the type checker refuses a handler that uses what it does not declare. Only
handlers import this module, and `render_receipt.issuing`; every other one gets what it needs as an argument.
"""

import os
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import boto3
import botocore
from botocore.config import Config
from snapshot_restore_py import register_after_restore, register_before_snapshot

from mailroom import snapshots
from mailroom.mails.tokens import Tokens
from mailroom.notifying.notification_queue import NotificationQueue
from mailroom.operating.alerts import Operators
from mailroom.settings import Settings
from mailroom.signatures.jws import Signer
from mailroom.storage.bucket import Files
from mailroom.storage.object_lock import Retention
from mailroom.storage.table import Table

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

CONFIG = Config(
    # A call that hangs must leave time for a second one within the 29 seconds an HTTP function has.
    connect_timeout=3,
    read_timeout=8,
    retries={"mode": "standard", "max_attempts": 4},
    max_pool_connections=25,
    signature_version="v4",
    # botocore would otherwise build this string twice for each call, which takes a fourteenth of a call's time.
    user_agent=f"bureau-ordre botocore/{botocore.__version__}",
    # AWS checks all parameters again. The tests switch this on, and so see one of another name or type.
    parameter_validation=False,
)

S3_CONFIG = CONFIG.merge(
    Config(
        # presigned addresses that fix length and checksum exist only in version 4 of the signature
        signature_version="s3v4",
        s3={
            # Otherwise presigned addresses name `<bucket>.s3.amazonaws.com`. Outside us-east-1 a new bucket answers
            # there, for hours, with a redirection to a host that was not signed; a bucket in a region opened after 2019
            # never answers there otherwise (boto/boto3#2187, #3015).
            "addressing_style": "virtual",
            "us_east_1_regional_endpoint": "regional",
        },
    )
)
S3_CONFIG_ELSEWHERE = CONFIG.merge(Config(signature_version="s3v4"))
"""For an endpoint that the environment forces, as the local stage's does: it may have no host for each bucket."""


def s3_config() -> Config:
    """The configuration of S3's clients in this environment."""
    is_elsewhere = any(name in os.environ for name in ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"))
    return S3_CONFIG_ELSEWHERE if is_elsewhere else S3_CONFIG


register_before_snapshot(snapshots.prepare)
register_after_restore(snapshots.renew)


class Clients(Settings):
    """AWS's services, each client made at first use."""

    @cached_property
    def cognito(self) -> "CognitoIdentityProviderClient":
        """Cognito's user pools."""
        return boto3.client("cognito-idp", config=CONFIG)

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        """DynamoDB."""
        return boto3.client("dynamodb", config=CONFIG)

    @cached_property
    def functions(self) -> "LambdaClient":
        """Lambda."""
        return boto3.client("lambda", config=CONFIG)

    @cached_property
    def kms(self) -> "KMSClient":
        """KMS."""
        return boto3.client("kms", config=CONFIG)

    @cached_property
    def s3(self) -> "S3Client":
        """S3, whose presigned addresses name the bucket's own host in its region."""
        return boto3.client("s3", config=s3_config())

    @cached_property
    def secrets(self) -> "SecretsManagerClient":
        """Secrets Manager."""
        return boto3.client("secretsmanager", config=CONFIG)

    @cached_property
    def sns(self) -> "SNSClient":
        """SNS."""
        return boto3.client("sns", config=CONFIG)

    @cached_property
    def sqs(self) -> "SQSClient":
        """SQS."""
        return boto3.client("sqs", config=CONFIG)

    def secret(self, name: str) -> bytes:
        """The secret that Secrets Manager keeps under that name, read at each call."""
        return self.secrets.get_secret_value(SecretId=name)["SecretString"].encode()


class WithTable(Clients):
    """Uses the table."""

    table_name: str

    @cached_property
    def table(self) -> Table:
        """The table."""
        return Table(self.dynamodb, self.table_name)


class WithBucket(Clients):
    """Uses the bucket."""

    bucket_name: str

    @cached_property
    def files(self) -> Files:
        """The bucket's files."""
        return Files(self.s3, self.bucket_name)


class WithRetention(WithBucket):
    """Locks files in the bucket."""

    retention_days: int
    retention_mode: Literal["COMPLIANCE", "GOVERNANCE"]

    @property
    def retention(self) -> Retention:
        """How long, and how strictly, Object Lock keeps what is locked."""
        return Retention(self.retention_mode, self.retention_days)

    @cached_property
    def files(self) -> Files:
        """The bucket's files, locked for as long as the stage says."""
        return Files(self.s3, self.bucket_name, self.retention)


class WithTokens(Clients):
    """Makes or checks tokens and codes."""

    tokens_secret: str

    @cached_property
    def tokens(self) -> Tokens:
        """Makes and checks tokens and codes."""
        return Tokens(self.secret(self.tokens_secret))


class WithSigner(Clients):
    """Signs documents in the name of the service."""

    signing_key: str
    public_url: str

    @cached_property
    def signer(self) -> Signer:
        """Signs with the key in force."""
        return Signer(self.kms, self.signing_key)


class WithNotifications(Clients):
    """Queues notifications."""

    notifications_queue_url: str

    @cached_property
    def notifications(self) -> NotificationQueue:
        """The queue of notifications."""
        return NotificationQueue(self.sqs, self.notifications_queue_url)


class WithOperators(Clients):
    """Alerts operators."""

    operators_topic_arn: str

    @cached_property
    def operators(self) -> Operators:
        """The topic that operators subscribe to."""
        return Operators(self.sns, self.operators_topic_arn)
