"""What is kept: encrypted, versioned, lockable, closed to the public, and outliving the stack in production."""

from tests.support.inspection.synthesised import Properties, Synthesised, listed, spelled

_KEPT = (
    "AWS::Cognito::UserPool",
    "AWS::DynamoDB::Table",
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
    "AWS::SecretsManager::Secret",
)


def test_the_bucket_keeps_every_version_can_lock_it_and_is_closed_to_the_public(synthesised: Synthesised) -> None:
    bucket = synthesised.the("AWS::S3::Bucket")
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["ObjectLockEnabled"] is True
    assert "ObjectLockConfiguration" not in bucket
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    (encryption,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["BucketKeyEnabled"] is True
    assert encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"


def test_the_bucket_refuses_plain_http_and_to_delete_a_version_to_everyone(synthesised: Synthesised) -> None:
    statements = synthesised.the("AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]
    assert all(statement["Effect"] == "Deny" for statement in statements)
    denied = {action for statement in statements for action in listed(statement["Action"])}
    tagging = {f"s3:{verb}Object{version}Tagging" for verb in ("Put", "Delete") for version in ("", "Version")}
    of_findings = set[str]() if synthesised.stage == "local" else {*tagging, "s3:PutObject"}
    assert denied == {"s3:*", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"} | of_findings
    assert {"Bool": {"aws:SecureTransport": "false"}} in [statement.get("Condition") for statement in statements]
    assert all(statement["Principal"] == {"AWS": "*"} for statement in statements)


def test_only_drafts_and_slips_that_were_replaced_are_ever_swept_away(synthesised: Synthesised) -> None:
    rules = synthesised.the("AWS::S3::Bucket")["LifecycleConfiguration"]["Rules"]
    replaced = [rule for rule in rules if rule.get("Prefix") == "slips/"]
    assert [rule["NoncurrentVersionExpiration"] for rule in replaced] == [{"NoncurrentDays": 1}]
    assert "ExpirationInDays" not in replaced[0]
    sweeping = [
        rule
        for rule in rules
        if rule not in replaced and {"ExpirationInDays", "NoncurrentVersionExpiration"} & rule.keys()
    ]
    for drafts in sweeping:
        assert drafts["TagFilters"] == [{"Key": "state", "Value": "draft"}]
    days = {
        rule["Prefix"]: (rule["ExpirationInDays"], rule["NoncurrentVersionExpiration"]["NoncurrentDays"])
        for rule in sweeping
    }
    assert days == {"attachments/": (2, 2), "answers/": (30, 7)}


def test_what_is_sent_moves_to_glacier_instant_retrieval_after_ninety_days(synthesised: Synthesised) -> None:
    """Files that bear no tag `state=submitted` never move: S3 would bill a draft for 90 days there.

    Not below 128 KB, which is the least that this class bills. Presigned addresses and locks hold there as before:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/glacier-storage-classes.html
    """
    rules = synthesised.the("AWS::S3::Bucket")["LifecycleConfiguration"]["Rules"]
    moved = {rule["Prefix"]: rule for rule in rules if "Transitions" in rule}
    assert set(moved) == {"attachments/", "answers/", "submissions/", "receipts/"}
    for prefix, rule in moved.items():
        there = {"StorageClass": "GLACIER_IR", "TransitionInDays": 90}
        assert rule["Transitions"] == [there]
        assert rule["NoncurrentVersionTransitions"] == [there]
        assert int(rule["ObjectSizeGreaterThan"]) == 128 * 1024 - 1
        tag = [{"Key": "state", "Value": "submitted"}] if prefix in {"attachments/", "answers/"} else None
        assert rule.get("TagFilters") == tag
        assert not {"ExpirationInDays", "NoncurrentVersionExpiration"} & rule.keys()


def test_the_sites_pages_may_send_files_and_its_desk_may_read_them(prod: Synthesised) -> None:
    sends, reads = prod.the("AWS::S3::Bucket")["CorsConfiguration"]["CorsRules"]
    assert sends["AllowedMethods"] == ["PUT"]
    assert sends["AllowedOrigins"] == ["https://courrier.example.ma", "https://portail.example.ma"], (
        "pages at the domain send files too"
    )
    assert sends["ExposedHeaders"] == ["ETag"]
    assert reads["AllowedMethods"] == ["GET"]
    assert reads["AllowedOrigins"] == ["https://courrier.example.ma"], "other sites have no desk"


def test_a_sealed_record_triggers_the_receipt_and_on_the_local_stage_a_file_its_scan(synthesised: Synthesised) -> None:
    bucket = synthesised.the("AWS::S3::Bucket")
    notified = synthesised.the("Custom::S3BucketNotifications")
    assert notified["BucketName"] == bucket["BucketName"]
    triggers = {}
    for trigger in notified["NotificationConfiguration"]["LambdaFunctionConfigurations"]:
        assert trigger["Events"] == ["s3:ObjectCreated:*"]
        rules = {rule["Name"]: rule["Value"] for rule in trigger["Filter"]["Key"]["FilterRules"]}
        operation = synthesised.operation_of(trigger["LambdaFunctionArn"])
        triggers[rules["prefix"] + "*" + rules.get("suffix", "")] = operation
    stand_in = {"attachments/*": "scan_file", "answers/*": "scan_file"} if synthesised.stage == "local" else {}
    assert triggers == {"submissions/*.json": "render_receipt"} | stand_in
    for permission in synthesised.of_type("AWS::Lambda::Permission").values():
        if permission["Principal"] == "s3.amazonaws.com":
            assert spelled(permission["SourceAccount"]) == "<AWS::AccountId>"
            assert spelled(permission["SourceArn"]) == f"arn:<AWS::Partition>:s3:::{spelled(bucket['BucketName'])}"


def test_cloudformation_never_overwrites_what_the_bucket_triggers(synthesised: Synthesised) -> None:
    """Stated on the bucket too, it would drop those that the service stack and GuardDuty set.

    The CDK's handler merges what it sets with what is there, unless it takes the bucket for its own
    (docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_s3-readme.html, "Bucket Notifications").
    """
    assert "NotificationConfiguration" not in synthesised.the("AWS::S3::Bucket")
    assert synthesised.the("Custom::S3BucketNotifications")["Managed"] is False


def test_tables_are_encrypted_under_our_key_can_be_restored_to_any_second_and_forget(synthesised: Synthesised) -> None:
    forgotten_by = set()
    for table in synthesised.of_type("AWS::DynamoDB::Table").values():
        assert table["SSESpecification"]["SSEType"] == "KMS"
        assert "KMSMasterKeyId" in table["SSESpecification"]
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert table["TimeToLiveSpecification"]["Enabled"] is True
        forgotten_by.add(table["TimeToLiveSpecification"]["AttributeName"])
    assert forgotten_by == {"ttl", "expiration"}


def _indexes(synthesised: Synthesised) -> dict[str, tuple[list[str], str]]:
    """The keys and the projection of each index, by name."""
    return {
        index["IndexName"]: (
            [key["AttributeName"] for key in index["KeySchema"]],
            index["Projection"]["ProjectionType"],
        )
        for table in synthesised.of_type("AWS::DynamoDB::Table").values()
        for index in table.get("GlobalSecondaryIndexes", [])
    }


def test_the_index_of_what_waits_holds_keys_and_those_of_the_inbox_all_that_it_shows(synthesised: Synthesised) -> None:
    assert _indexes(synthesised) == {
        "waiting": (["waiting", "waiting_since"], "KEYS_ONLY"),
        "desk": (["desk", "arrived"], "ALL"),
        "desk_status": (["desk_status", "arrived"], "ALL"),
    }


def test_what_production_keeps_outlives_the_stack(prod: Synthesised) -> None:
    kept = [resource for resource in prod.template["Resources"].values() if resource["Type"] in _KEPT]
    assert {resource["Type"] for resource in kept} == set(_KEPT)
    assert {resource["DeletionPolicy"] for resource in kept} == {"RetainExceptOnCreate"}
    assert {resource["UpdateReplacePolicy"] for resource in kept} == {"Retain"}
    assert all(table["DeletionProtectionEnabled"] for table in prod.of_type("AWS::DynamoDB::Table").values())


def _keys(synthesised: Synthesised) -> list[Properties]:
    """The key that all is encrypted under, then those that sign."""
    return sorted(synthesised.of_type("AWS::KMS::Key").values(), key=lambda key: key.get("KeyUsage", ""))


def test_the_key_turns_every_year(synthesised: Synthesised) -> None:
    assert _keys(synthesised)[0]["EnableKeyRotation"] is True


def test_keys_that_sign_are_on_p256_and_do_nothing_else(synthesised: Synthesised) -> None:
    assert {(key["KeySpec"], key["KeyUsage"]) for key in _keys(synthesised)[1:]} == {("ECC_NIST_P256", "SIGN_VERIFY")}
