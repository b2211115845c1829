"""The condition key that binds roles to partitions, as the local cloud reads it from requests."""

import json

import pytest

from infra.local.leading_keys import leading_keys, leading_keys_of_transaction

MAIL, ORGANISM = {"pk": {"S": "MAIL#1"}, "sk": {"S": "MAIL"}}, {"pk": {"S": "ORGANISM"}, "sk": {"S": "anam"}}
QUERY = {"KeyConditionExpression": "pk = :pk AND begins_with(sk, :prefix)"}
VALUES = {"ExpressionAttributeValues": {":pk": {"S": "MAIL#1"}, ":prefix": {"S": "EVENT#"}}}


@pytest.mark.parametrize(
    ("request_body", "keys"),
    [
        ({"Key": MAIL}, ["MAIL#1"]),
        ({"Item": ORGANISM}, ["ORGANISM"]),
        ({"RequestItems": {"records": {"Keys": [MAIL, ORGANISM]}}}, ["MAIL#1", "ORGANISM"]),
        (QUERY | VALUES, ["MAIL#1"]),
        (QUERY | VALUES | {"IndexName": "waiting"}, []),
        ({"Key": {"id": {"S": "notification"}}}, []),
        ({}, []),
    ],
    ids=["get", "put", "batch", "query", "query of an index", "another table", "nothing"],
)
def test_keys_of_a_request(request_body: object, keys: list[str]) -> None:
    assert leading_keys(json.dumps(request_body).encode()) == keys


def test_keys_of_each_item_of_a_transaction() -> None:
    """In AWS each item is checked for itself: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html."""
    items = [{"Put": {"Item": MAIL}}, {"Update": {"Key": ORGANISM}}, {"Delete": {"Key": {"id": {"S": "x"}}}}]
    found = leading_keys_of_transaction(json.dumps({"TransactItems": items}).encode())
    assert list(found) == [["MAIL#1"], ["ORGANISM"], []]
