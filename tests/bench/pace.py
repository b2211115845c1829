"""How long the local cloud takes for each operation that HTTP functions ask for: TLS, signatures and IAM included."""

import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

from infra.local.local_stack import LocalStack

_ROUNDS = 25


def pace(stack: LocalStack) -> dict[str, float]:
    """Seconds for each operation, medians of interleaved rounds, on a connection that is open."""
    asked = _asked(stack)
    seconds: dict[str, list[float]] = {name: [] for name in asked}
    for turn in range(_ROUNDS):
        for name, ask in asked.items():
            started = time.perf_counter()
            ask(turn)
            seconds[name].append(time.perf_counter() - started)
    return {name: median(taken) for name, taken in seconds.items()}


def _asked(stack: LocalStack) -> Mapping[str, Callable[[int], Any]]:
    session = stack.session()
    dynamodb, s3 = session.client("dynamodb"), session.client("s3")
    name, bucket = stack.outputs["TableName"], stack.outputs["BucketName"]
    organism = {"pk": {"S": "ORGANISM"}, "sk": {"S": "anam"}}

    def key(turn: int, place: int = 0) -> dict[str, Any]:
        return {"pk": {"S": f"BENCH#{turn}"}, "sk": {"S": str(place)}}

    values: Any = {":one": {"N": "1"}}
    return {
        "PutItem": lambda turn: dynamodb.put_item(TableName=name, Item=key(turn)),
        "GetItem": lambda _: dynamodb.get_item(TableName=name, Key=organism, ConsistentRead=True),
        "UpdateItem": lambda turn: dynamodb.update_item(
            TableName=name,
            Key=key(turn),
            UpdateExpression="ADD revision :one",
            ExpressionAttributeValues=values,
            ReturnValues="ALL_NEW",
        ),
        "Query": lambda turn: dynamodb.query(
            TableName=name,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": f"BENCH#{turn}"}},
            ConsistentRead=True,
        ),
        "BatchGetItem": lambda turn: dynamodb.batch_get_item(
            RequestItems={name: {"Keys": [organism, key(turn)], "ConsistentRead": True}}
        ),
        "TransactWriteItems": lambda turn: dynamodb.transact_write_items(
            TransactItems=[{"Put": {"TableName": name, "Item": key(turn, place)}} for place in range(5)]
        ),
        "PutObject": lambda turn: s3.put_object(
            Bucket=bucket, Key=f"bench/{turn}", Body=b"{}", ChecksumAlgorithm="SHA256"
        ),
        "HeadObject": lambda turn: s3.head_object(Bucket=bucket, Key=f"bench/{turn}", ChecksumMode="ENABLED"),
        "ListObjectsV2": lambda turn: s3.list_objects_v2(Bucket=bucket, Prefix=f"bench/{turn}/"),
    }
