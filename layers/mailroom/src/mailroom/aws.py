"""AWS's services as parts of this system, each made once in a process and with the patience this system wants."""

from functools import cache
from typing import TYPE_CHECKING, Any, Literal, cast, overload

import boto3
import botocore
from botocore.config import Config

from mailroom.mails.tokens import Tokens
from mailroom.notifying.webhooks import Keys
from mailroom.storage.bucket import Files
from mailroom.storage.object_lock import Retention
from mailroom.storage.table import Table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

_CONFIG = Config(
    # A call that hangs must leave time for a second one within the 29 seconds an HTTP function has.
    connect_timeout=3,
    read_timeout=8,
    retries={"mode": "standard", "max_attempts": 4},
    max_pool_connections=25,
    # Presigned URLs that fix length and checksum exist only in this version of the signature.
    signature_version="v4",
    s3={"addressing_style": "auto"},
    # Else botocore puts its own together anew, twice for each call: a fourteenth of a call's work.
    user_agent=f"bureau-ordre botocore/{botocore.__version__}",
    # AWS checks it all again. The tests have this on, and so see a parameter that has another name or type.
    parameter_validation=False,
)


@overload
def client(service: Literal["dynamodb"]) -> "DynamoDBClient": ...
@overload
def client(service: Literal["kms"]) -> "KMSClient": ...
@overload
def client(service: Literal["s3"]) -> "S3Client": ...
@overload
def client(service: Literal["secretsmanager"]) -> "SecretsManagerClient": ...
@overload
def client(service: Literal["sqs"]) -> "SQSClient": ...
@overload
def client(service: Literal["sesv2"]) -> "SESV2Client": ...
@overload
def client(service: Literal["sns"]) -> "SNSClient": ...
@overload
def client(service: Literal["lambda"]) -> "LambdaClient": ...
def client(service: str) -> object:
    """The client of one service, the same at every call in a process."""
    return _client(service)


@cache
def _client(service: str) -> object:
    config = _CONFIG.merge(Config(signature_version="s3v4")) if service == "s3" else _CONFIG
    return boto3.client(cast("Any", service), config=config)


@cache
def table(name: str) -> Table:
    """The table of that name."""
    return Table(client("dynamodb"), name)


@cache
def bucket(name: str, retention: Retention | None = None) -> Files:
    """The bucket of that name, and how long it keeps what functions lock in it."""
    return Files(client("s3"), name, retention)


@cache
def tokens(secret: str) -> Tokens:
    """The maker of tokens, whose key Secrets Manager keeps under the name `secret`."""
    return Tokens(client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"].encode())


@cache
def webhook_keys(secret: str) -> Keys:
    """What signs the calls to organisms' programs, under the key that Secrets Manager keeps as `secret`."""
    return Keys(client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"].encode())
