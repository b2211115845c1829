"""Whether there is somebody to use the service, room for them, and nothing that rings; and in which account."""

from collections.abc import Iterator

from infra.commands.smoke_findings import Finding, Place, good, missing, not_here
from infra.names import OPERATORS_GROUP
from infra.stored_names import ORGANISMS, PARTITION_KEY, SORT_KEY, organism_key


def account(place: Place) -> Iterator[Finding]:
    """Whether the stage is in the account that its file names: all else is said of the account one looks at."""
    if place.stage.account is None:
        yield not_here("The stage's file names no account (`account`).")
        return
    found = place.client("sts").get_caller_identity()["Account"]
    if found == place.stage.account:
        yield good("The credentials are of the stage's own account.")
    else:
        yield missing(
            f"The credentials are of account {found}, and the stage is for {place.stage.account}.",
            do="Use credentials of the stage's account.",
        )


def organisms(place: Place) -> Iterator[Finding]:
    """Whether organisms are enrolled, the canary's among them."""
    dynamodb = place.client("dynamodb")
    found = dynamodb.query(
        TableName=place.table,
        Select="COUNT",
        KeyConditionExpression="#pk = :organisms",
        ExpressionAttributeNames={"#pk": PARTITION_KEY},
        ExpressionAttributeValues={":organisms": {"S": ORGANISMS}},
    )["Count"]
    if found:
        yield good(f"Organisms that are enrolled: {found}.")
    else:
        yield missing(
            "No organism is enrolled: there is no one to write to.",
            do=f"`make organisms STAGE={place.stage.name} CSV=directory.csv`.",
        )
    if place.stage.canary is None:
        yield not_here("The stage sends no mail to itself (`canary`).")
        return
    canary = place.stage.canary.organism
    pk, sk = organism_key(canary)
    if "Item" in dynamodb.get_item(TableName=place.table, Key={PARTITION_KEY: {"S": pk}, SORT_KEY: {"S": sk}}):
        yield good(f"The test organism {canary} is enrolled.")
    else:
        yield missing(
            f"The test organism {canary}, which a mail goes to every five minutes, is not enrolled.",
            do=f"Add it to the directory, then `make organisms STAGE={place.stage.name} CSV=directory.csv`.",
        )


def operators(place: Place) -> Iterator[Finding]:
    """Whether somebody can enrol organisms and see what failed."""
    pages = place.client("cognito-idp").get_paginator("list_users_in_group")
    users = pages.paginate(UserPoolId=place.where.outputs["UserPoolId"], GroupName=OPERATORS_GROUP)
    able = [user for page in users for user in page["Users"] if user["Enabled"]]
    if able:
        yield good(f"Operators who have an account: {len(able)}.")
    else:
        yield missing("No operator has an account.", do=f"`make operator STAGE={place.stage.name} EMAIL=…`.")


def executions(place: Place) -> Iterator[Finding]:
    """Whether Lambda runs as many functions at one time as the stage counts on; a new account has ten.

    https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html
    """
    if place.is_local:
        yield not_here("The local cloud has no quotas.")
        return
    granted = place.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    wanted = place.stage.quotas.lambda_concurrency
    if granted < wanted:
        yield missing(
            f"Lambda runs {granted} functions at one time, and the stage counts on {wanted}.",
            do="Service Quotas, “AWS Lambda”, “Concurrent executions”, “Request increase at account level”.",
        )
    else:
        yield good(f"Lambda runs the {wanted} functions at one time that the stage counts on.")


def alarms(place: Place) -> Iterator[Finding]:
    """Whether an alarm rings."""
    if place.is_local:
        yield not_here("The local cloud counts nothing, so that no alarm rings.")
        return
    prefix = place.stage.name_of("")
    pages = place.client("cloudwatch").get_paginator("describe_alarms")
    ringing = [
        alarm["AlarmName"].removeprefix(prefix)
        for page in pages.paginate(AlarmNamePrefix=prefix, StateValue="ALARM")
        for alarm in page["MetricAlarms"] + page["CompositeAlarms"]
    ]
    if ringing:
        yield missing(
            f"Alarms that ring: {', '.join(sorted(ringing))}.",
            do="docs/operating.md says for each what it means and what to do.",
        )
    else:
        yield good("No alarm rings.")
