"""Nothing fails in silence: each queue, function and promise has an alarm that reaches operators."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template
from aws_cdk.aws_events import EventBus

from infra.constructs.causes import MOST_CHARACTERS, Cause
from infra.constructs.channels import EMail
from mailroom.notifying import webhooks
from tests.support.inspection.stages import SYNTHESISED, changed
from tests.support.inspection.synthesised import Properties, Synthesised, listed, spelled


def _queues(synthesised: Synthesised) -> dict[str, Properties]:
    """The queues, by name."""
    return {queue["QueueName"]: queue for queue in synthesised.of_type("AWS::SQS::Queue").values()}


def _dead_letters(synthesised: Synthesised) -> set[str]:
    """The names of the queues that others, or a function, give up to."""
    by_id = synthesised.of_type("AWS::SQS::Queue")
    redriven = {
        by_id[queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]]["QueueName"]
        for queue in by_id.values()
        if "RedrivePolicy" in queue
    }
    invoked = {
        _name(config["DestinationConfig"]["OnFailure"]["Destination"])
        for config in synthesised.of_type("AWS::Lambda::EventInvokeConfig").values()
        if "DestinationConfig" in config
    }
    return redriven | invoked


def _name(arn: object) -> str:
    """The name at the end of an ARN."""
    return spelled(arn).rpartition(":")[2]


def _alarms(synthesised: Synthesised) -> list[Properties]:
    return list(synthesised.of_type("AWS::CloudWatch::Alarm").values())


def _watched(synthesised: Synthesised, metric: str, dimension: str) -> set[str]:
    """What alarms watch this metric of."""
    found = set()
    for alarm in _alarms(synthesised):
        if alarm.get("MetricName") == metric:
            (value,) = [one["Value"] for one in alarm["Dimensions"] if one["Name"] == dimension]
            found.add(spelled(value))
    return found


def test_each_queue_has_a_dead_letter_queue_or_is_one(synthesised: Synthesised) -> None:
    for name, queue in _queues(synthesised).items():
        assert ("RedrivePolicy" in queue) != (name in _dead_letters(synthesised))


def test_each_queue_is_encrypted_and_refuses_plain_http(synthesised: Synthesised) -> None:
    closed = set()
    for policy in synthesised.of_type("AWS::SQS::QueuePolicy").values():
        (statement,) = policy["PolicyDocument"]["Statement"]
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert statement["Effect"] == "Deny"
        closed |= {queue["Ref"] for queue in policy["Queues"]}
    assert closed == set(synthesised.of_type("AWS::SQS::Queue"))
    for queue in _queues(synthesised).values():
        assert "KmsMasterKeyId" in queue


def test_each_queue_has_an_alarm_for_what_waits_and_each_dead_letter_queue_for_what_is_in_it(
    synthesised: Synthesised,
) -> None:
    given_up = _dead_letters(synthesised)
    late = _watched(synthesised, "ApproximateAgeOfOldestMessage", "QueueName")
    full = _watched(synthesised, "ApproximateNumberOfMessagesVisible", "QueueName")
    assert late == set(_queues(synthesised)) - given_up
    assert full == given_up


def _read(synthesised: Synthesised) -> dict[str, tuple[Properties, Properties]]:
    """Each queue that a function reads and how it does, by operation."""
    sources = synthesised.of_type("AWS::Lambda::EventSourceMapping").values()
    return {
        synthesised.operation_of(source["FunctionName"]): (
            _queues(synthesised)[_name(source["EventSourceArn"])],
            source,
        )
        for source in sources
    }


def test_messages_fail_alone_and_come_back_only_when_their_reader_has_given_up(synthesised: Synthesised) -> None:
    read = _read(synthesised)
    assert set(read) == {"send_notification", "call_webhook"}
    for operation, (queue, source) in read.items():
        assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert queue["VisibilityTimeout"] >= 6 * synthesised.functions()[operation]["Timeout"]


def test_notifications_are_read_ten_at_once_and_tried_five_times(synthesised: Synthesised) -> None:
    queue, source = _read(synthesised)["send_notification"]
    assert source["BatchSize"] == 10
    assert queue["RedrivePolicy"]["maxReceiveCount"] == 5


def test_webhooks_are_called_one_by_one_for_at_least_a_day(synthesised: Synthesised) -> None:
    queue, source = _read(synthesised)["call_webhook"]
    assert source["BatchSize"] == 1
    assert queue["RedrivePolicy"]["maxReceiveCount"] == webhooks.MOST_RECEIVES
    assert timedelta(hours=24) < sum(webhooks.RETRY_AFTER, timedelta())
    assert sum(webhooks.RETRY_AFTER, timedelta()) < timedelta(seconds=queue["MessageRetentionPeriod"])


@pytest.mark.parametrize("metric", ["Errors", "Throttles"])
def test_each_function_has_an_alarm(synthesised: Synthesised, metric: str) -> None:
    named = {function["FunctionName"] for function in synthesised.functions().values()}
    assert _watched(synthesised, metric, "FunctionName") == named


def _expression(prod: Synthesised, metric: str) -> Iterator[dict[str, str]]:
    """The dimensions of each metric of this name in an alarm's expression."""
    for alarm in _alarms(prod):
        members = [each["MetricStat"]["Metric"] for each in alarm.get("Metrics", ()) if "MetricStat" in each]
        assert len(members) <= 10
        for member in members:
            if member["MetricName"] == metric:
                yield {one["Name"]: spelled(one["Value"]) for one in member["Dimensions"]}


def test_an_event_that_lambda_gives_up_rings_whichever_function_it_was_for(prod: Synthesised) -> None:
    """See https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html for the metrics."""
    configured = prod.of_type("AWS::Lambda::EventInvokeConfig").values()
    dropped = {each["FunctionName"] for each in _expression(prod, "AsyncEventsDropped")}
    lost = {each["FunctionName"] for each in _expression(prod, "DestinationDeliveryFailures")}
    assert len(dropped) == len(configured)
    assert len(lost) == sum("DestinationConfig" in each for each in configured)
    assert lost <= dropped <= {function["FunctionName"] for function in prod.functions().values()}


def test_a_rule_that_cannot_invoke_its_function_rings(prod: Synthesised) -> None:
    """See https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html for names."""
    rules = {rule["Name"] for rule in prod.of_type("AWS::Events::Rule").values() if "Name" in rule}
    watched = {each["RuleName"] for each in _expression(prod, "FailedInvocations")}
    assert watched
    assert watched <= rules


def test_throttled_tables_and_indexes_ring(prod: Synthesised) -> None:
    """See https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html for names."""
    for metric in ("ReadThrottleEvents", "WriteThrottleEvents"):
        places = [*_expression(prod, metric)]
        assert len({each["TableName"] for each in places}) == 2
        indexes = {each.get("GlobalSecondaryIndexName") for each in places} - {None}
        assert indexes == {"waiting", "desk", "desk_status"}


ACCOUNT = {
    "ConcurrentExecutions": ("AWS/Lambda", 800, "Maximum"),
    "Reputation.BounceRate": ("AWS/SES", 0.04, "Maximum"),
    "Reputation.ComplaintRate": ("AWS/SES", 0.0008, "Maximum"),
    # four fifths of the 5,000 dollars that are granted and planned in example.toml
    "SMSMonthToDateSpentUSD": ("AWS/SNS", 4_000, "Maximum"),
    "SMSSuccessRate": ("AWS/SNS", 0.7, "Average"),
}


@pytest.mark.parametrize("metric", ACCOUNT)
def test_the_accounts_limits_and_standing_ring_before_they_are_reached(prod: Synthesised, metric: str) -> None:
    """The metrics are described on these pages of AWS's documentation.

    lambda/latest/dg/monitoring-metrics-types.html, ses/latest/dg/reputationdashboard-bounce-rate.html,
    sns/latest/dg/sms_stats_cloudwatch.html
    """
    (alarm,) = [alarm for alarm in _alarms(prod) if alarm.get("MetricName") == metric]
    assert (alarm["Namespace"], alarm["Threshold"], alarm["Statistic"]) == ACCOUNT[metric]


@pytest.mark.parametrize(
    ("metric", "statistic", "threshold"), [("Latency", "p95", 3_000), ("SecondsToReceipt", "p95", 30)]
)
def test_slowness_of_one_in_twenty_rings(prod: Synthesised, metric: str, statistic: str, threshold: int) -> None:
    (alarm,) = [alarm for alarm in _alarms(prod) if alarm.get("MetricName") == metric]
    assert (alarm["ExtendedStatistic"], alarm["Threshold"], alarm["EvaluationPeriods"]) == (statistic, threshold, 3)


def test_a_seal_that_ends_within_thirty_days_rings(prod: Synthesised) -> None:
    (alarm,) = [alarm for alarm in _alarms(prod) if alarm.get("MetricName") == "SealDaysLeft"]
    assert alarm["ComparisonOperator"] == "LessThanOrEqualToThreshold"
    assert (alarm["Threshold"], alarm["Statistic"]) == (30, "Minimum")
    assert alarm["Dimensions"] == [{"Name": "service", "Value": "stamp_receipts"}]


def test_a_second_copy_that_fails_or_is_late_rings(prod: Synthesised) -> None:
    """See https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html for names."""
    configuration = prod.the("AWS::S3::Bucket")["ReplicationConfiguration"]
    (rule,) = configuration["Rules"]
    for metric, threshold in (("OperationsFailedReplication", 1), ("ReplicationLatency", 3600)):
        (alarm,) = [alarm for alarm in _alarms(prod) if alarm.get("MetricName") == metric]
        dimensions = {one["Name"]: spelled(one["Value"]) for one in alarm["Dimensions"]}
        assert dimensions["RuleId"] == rule["Id"]
        assert spelled(rule["Destination"]["Bucket"]).endswith(f":{dimensions['DestinationBucket']}")
        assert alarm["Threshold"] == threshold


def test_budgets_write_to_the_stages_people_before_the_money_is_spent(prod: Synthesised) -> None:
    """See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-budgets-budget.html for names."""
    stage = SYNTHESISED[prod.stage]
    budgets = list(prod.of_type("AWS::Budgets::Budget").values())
    assert stage.budgets is not None
    limits = sorted(each["Budget"]["BudgetLimit"]["Amount"] for each in budgets)
    assert limits == sorted([stage.budgets.month_usd, stage.budgets.sms_month_usd])
    for each in budgets:
        letters = each["NotificationsWithSubscribers"]
        assert len(letters) <= 5
        assert min(letter["Notification"]["Threshold"] for letter in letters) < 100
        for letter in letters:
            assert {to["Address"] for to in letter["Subscribers"]} == set(stage.alarm_emails)


def test_the_apis_own_failures_have_an_alarm(synthesised: Synthesised) -> None:
    (api,) = synthesised.of_type("AWS::ApiGatewayV2::Api")
    assert _watched(synthesised, "5xx", "ApiId") == {f"<{api}>"}


@pytest.mark.parametrize("metric", ["MailsWaitingForReceipt", "MailsWaitingForAlert"])
def test_alarms_of_mails_that_wait(synthesised: Synthesised, metric: str) -> None:
    """Silence of the schedule that counts them raises one too."""
    (alarm,) = [alarm for alarm in _alarms(synthesised) if alarm.get("MetricName") == metric]
    assert alarm["Namespace"] == "BureauOrdre"
    assert alarm["Dimensions"] == [{"Name": "service", "Value": "resume_stalled"}]
    assert alarm["TreatMissingData"] == "breaching"
    assert alarm["Threshold"] == 1
    assert alarm["EvaluationPeriods"] * alarm["Period"] <= 300


def test_a_file_that_nobody_scanned_raises_an_alarm_and_so_does_silence(synthesised: Synthesised) -> None:
    (alarm,) = [alarm for alarm in _alarms(synthesised) if alarm.get("MetricName") == "FilesUnscanned"]
    assert alarm["Dimensions"] == [{"Name": "service", "Value": "chase_scans"}]
    assert alarm["TreatMissingData"] == "breaching"
    assert alarm["Threshold"] == 1


def test_a_receipt_that_waits_a_day_for_its_time_stamp_raises_an_alarm_and_so_does_silence(
    synthesised: Synthesised,
) -> None:
    (alarm,) = [alarm for alarm in _alarms(synthesised) if alarm.get("MetricName") == "ReceiptsUnstamped"]
    assert alarm["Dimensions"] == [{"Name": "service", "Value": "stamp_receipts"}]
    assert alarm["TreatMissingData"] == "breaching"
    assert alarm["Threshold"] == 1


def test_most_of_the_months_sms_raise_an_alarm_before_the_last_is_sent(synthesised: Synthesised) -> None:
    (alarm,) = [alarm for alarm in _alarms(synthesised) if alarm.get("MetricName") == "SmsOfMonth"]
    most = SYNTHESISED[synthesised.stage].message_caps.sms_month
    assert alarm["Statistic"] == "Maximum"
    assert most * 0.7 < alarm["Threshold"] < most * 0.9


def test_a_pause_of_sending_raises_an_alarm(synthesised: Synthesised) -> None:
    (alarm,) = [alarm for alarm in _alarms(synthesised) if alarm.get("MetricName") == "SendingPaused"]
    assert alarm["Dimensions"] == [{"Name": "service", "Value": "note_bounce"}]
    assert (alarm["Statistic"], alarm["Threshold"]) == ("Maximum", 1)


def test_messages_that_caps_hold_back_raise_an_alarm_for_each_channel(synthesised: Synthesised) -> None:
    capped = [alarm for alarm in _alarms(synthesised) if alarm.get("MetricName") == "NotificationsCapped"]
    channels = [one["Value"] for alarm in capped for one in alarm["Dimensions"] if one["Name"] == "channel"]
    assert sorted(channels) == ["email", "sms"]


def test_a_day_without_a_head_raises_an_alarm_and_no_metric_is_no_head(synthesised: Synthesised) -> None:
    (alarm,) = [alarm for alarm in _alarms(synthesised) if alarm.get("MetricName") == "HeadsFound"]
    assert alarm["Dimensions"] == [{"Name": "service", "Value": "publish_heads"}]
    assert alarm["TreatMissingData"] == "breaching"
    assert (alarm["ComparisonOperator"], alarm["Threshold"], alarm["Statistic"]) == ("LessThanThreshold", 1, "Sum")
    assert alarm["EvaluationPeriods"] * alarm["Period"] == 26 * 3600
    assert alarm["Period"] >= 3600  # CloudWatch looks back for more than a day only over periods of an hour or longer


def test_a_webhook_that_is_retried_for_a_day_wakes_nobody_before_it_is_given_up(synthesised: Synthesised) -> None:
    late = {
        alarm["AlarmName"]: alarm["Threshold"]
        for alarm in _alarms(synthesised)
        if alarm.get("MetricName") == "ApproximateAgeOfOldestMessage"
    }
    longest = sum(webhooks.RETRY_AFTER, timedelta()) * 1.1  # each is put off by up to a tenth more
    assert late == {
        f"bureau-ordre-{synthesised.stage}-notifications-late": 300,
        f"bureau-ordre-{synthesised.stage}-webhooks-late": 30 * 3600,
    }
    assert longest < timedelta(hours=30)


def test_every_sign_rings_one_alarm_that_reaches_operators_and_says_in_words_what_happened(
    synthesised: Synthesised,
) -> None:
    """One cause wakes once: on AWS no sign publishes by itself, and each stands in the rule of one cause.

    The rule's length and children have limits:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
    """
    topic = synthesised.the("AWS::SNS::Topic")["TopicName"]
    causes = list(synthesised.of_type("AWS::CloudWatch::CompositeAlarm").values())
    is_local = synthesised.stage == "local"
    assert bool(causes) != is_local
    for waking in _alarms(synthesised) if is_local else causes:
        assert [_name(arn) for arn in waking["AlarmActions"]] == [topic]
        assert len(spelled(waking.get("AlarmRule", ""))) < 10_240
    for identifier, alarm in synthesised.of_type("AWS::CloudWatch::Alarm").items():
        assert alarm["AlarmDescription"].endswith(".")
        if not is_local:
            assert "AlarmActions" not in alarm
            ringing = [each for each in causes if f"<{identifier}.Arn>" in spelled(each["AlarmRule"])]
            assert len(ringing) == 1
            name = alarm["AlarmName"].removeprefix(f"bureau-ordre-{synthesised.stage}-")
            said = ringing[0]["AlarmDescription"].replace("_", "-")
            assert name in said or re.search(rf"\b{name.rpartition('-')[2]} of \d+ functions", said), name


def test_a_description_is_as_short_as_cloudwatch_asks(synthesised: Synthesised) -> None:
    for kind in ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"):
        for alarm in synthesised.of_type(kind).values():
            assert len(alarm["AlarmDescription"]) <= MOST_CHARACTERS, alarm["AlarmName"]


@pytest.mark.parametrize("cause", Cause)
@pytest.mark.parametrize("functions", [1, 20, 40, 1000])
def test_a_message_stays_short_however_many_functions_there_are(cause: Cause, functions: int) -> None:
    others = ["receipts-failed", "api-server-errors", "events-dropped-1"]
    operations = [f"{'a_long_name_' * 2}{'x' * number}" for number in range(functions)]
    signs = [*(f"{operation}-{kind}" for operation in operations for kind in ("errors", "throttles")), *others]
    message = cause.message(signs)
    assert len(message) <= MOST_CHARACTERS
    assert all(name in message for name in others)
    if functions == 1:
        assert all(name in message for name in signs)
    else:
        assert f"errors of {functions} functions, throttles of {functions} functions, receipts-failed," in message


def test_cloudwatch_may_publish_to_the_operators_topic_through_the_key(prod: Synthesised) -> None:
    policy = prod.the("AWS::SNS::TopicPolicy")["PolicyDocument"]["Statement"]
    keys = prod.of_type("AWS::KMS::Key").values()
    key = [statement for one in keys for statement in one["KeyPolicy"]["Statement"]]
    alarms = {"Service": "cloudwatch.amazonaws.com"}
    assert [one["Action"] for one in policy if one["Principal"] == alarms] == ["sns:Publish"]
    (granted,) = [one for one in key if one["Principal"] == alarms]
    assert set(listed(granted["Action"])) == {"kms:Decrypt", "kms:GenerateDataKey*"}


def test_productions_alarms_are_sent_to_somebody(prod: Synthesised) -> None:
    subscriptions = prod.of_type("AWS::SNS::Subscription").values()
    assert {each["Protocol"] for each in subscriptions} == {"email"}
    assert {each["Endpoint"] for each in subscriptions} == set(SYNTHESISED["prod"].alarm_emails)


def test_e_mail_goes_over_tls_and_not_again_to_who_refused_it(synthesised: Synthesised) -> None:
    configuration = synthesised.the("AWS::SES::ConfigurationSet")
    assert configuration["DeliveryOptions"]["TlsPolicy"] == "REQUIRE"
    assert set(configuration["SuppressionOptions"]["SuppressedReasons"]) == {"BOUNCE", "COMPLAINT"}
    identity = synthesised.the("AWS::SES::EmailIdentity")
    assert "ConfigurationSetName" in identity["ConfigurationSetAttributes"]


@pytest.mark.parametrize("exists", [False, True])
def test_an_identity_that_exists_is_used_and_not_made_again(*, exists: bool) -> None:
    """CloudFormation cannot make what "already exists"; what it makes, it says the DKIM records of.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ses-emailidentity.html
    """
    stack = Stack(App(), "Sending")
    bus = EventBus.from_event_bus_name(stack, "Bus", "default")
    email = EMail(stack, "EMail", stage=changed("example", email_identity_exists=exists), event_bus=bus)
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::SES::EmailIdentity", 0 if exists else 1)
    template.resource_count_is("AWS::SES::ConfigurationSet", 1)
    assert str(email.may_send().statement.to_json()["Resource"]).count("identity/courrier.example.ma") == 1
    assert len(email.dkim_records) == (0 if exists else 3)


def test_the_records_that_e_mail_needs_in_dns_are_outputs(prod: Synthesised) -> None:
    for rank in (1, 2, 3):
        name, value = f"DkimDNSTokenName{rank}", f"DkimDNSTokenValue{rank}"
        said = spelled(prod.template["Outputs"][f"DkimRecord{rank}"]["Value"])
        assert re.fullmatch(rf"<\w+\.{name}> CNAME <\w+\.{value}>", said)


def test_each_e_mail_names_the_set_whose_events_say_that_it_bounced(synthesised: Synthesised) -> None:
    environment = synthesised.functions()["send_notification"]["Environment"]["Variables"]
    name = synthesised.the("AWS::SES::ConfigurationSet")["Name"]
    assert environment["EMAIL_CONFIGURATION_SET"] == name == f"bureau-ordre-{synthesised.stage}-email"


def test_addresses_that_refuse_mail_are_told_of_on_the_event_bus(synthesised: Synthesised) -> None:
    destination = synthesised.the("AWS::SES::ConfigurationSetEventDestination")["EventDestination"]
    assert sorted(destination["MatchingEventTypes"]) == ["bounce", "complaint", "deliveryDelay", "reject"]
    bus = spelled(destination["EventBridgeDestination"]["EventBusArn"])
    assert bus == "arn:<AWS::Partition>:events:eu-west-3:<AWS::AccountId>:event-bus/default"
