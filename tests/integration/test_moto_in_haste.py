"""What the tests spare moto changes none of its answers."""

from collections.abc import Callable

import boto3
import pytest
from moto.core.models import MockAWS
from moto.core.serialize import BaseJSONSerializer

from tests.support.in_process.moto_in_haste import USUAL
from tests.support.in_process.service import REGION

VALUES = {
    "text": {"S": "رسالة"},
    "empty": {"S": ""},
    "number": {"N": "12.5"},
    "yes": {"BOOL": True},
    "no": {"BOOL": False},
    "nothing": {"NULL": True},
    "bytes": {"B": b"\x00\xff"},
    "texts": {"SS": ["a", "b"]},
    "numbers": {"NS": ["1", "2"]},
    "list": {"L": [{"S": "a"}, {"L": []}, {"M": {}}, {"M": {"N": {"N": "1"}}}]},
    "map": {"M": {"S": {"S": "named as its kind"}, "inner": {"M": {"deep": {"L": [{"BOOL": True}]}}}}},
}


@pytest.fixture
def item(cloud: MockAWS) -> Callable[[], object]:
    """Read an item with a value of each kind."""
    cloud.reset()
    dynamodb = boto3.client("dynamodb", REGION)
    dynamodb.create_table(
        TableName="values",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
    )
    written = {"pk": {"S": "one"}} | VALUES
    dynamodb.put_item(TableName="values", Item=written)  # type: ignore[arg-type] # the stub wants each kind's own type

    def read() -> object:
        found = dynamodb.get_item(TableName="values", Key={"pk": {"S": "one"}})["Item"]
        listed = dynamodb.query(
            TableName="values",
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": "one"}},
        )["Items"]
        assert found == written
        return [found, listed, dynamodb.describe_table(TableName="values")["Table"]]

    return read


def test_the_answers_are_motos(item: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    assert BaseJSONSerializer._serialize_type_structure is not USUAL
    in_haste = item()
    monkeypatch.setattr(BaseJSONSerializer, "_serialize_type_structure", USUAL)
    assert in_haste == item()
