"""Change sets: read before they are made, undone when an alarm rings, and nothing lost on the way."""

import pytest

from infra.commands.change_sets import ChangeError, ChangingStack, MissingExportError, Triggers
from infra.commands.cloud_assembly import AssembledStack
from tests.support.fakes.cloudformation import CloudFormationInMemory, Template

NAME, ALARM = "BureauOrdre-dev-Service", "arn:aws:cloudwatch:eu-west-3:111122223333:alarm:api-5xx"
FIRST, SECOND = "https://assets.s3.eu-west-3.amazonaws.com/1.json", "https://assets.s3.eu-west-3.amazonaws.com/2.json"
CHANGE = "commit-0123456789ab"


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.waiter.time.sleep", lambda _: None)


@pytest.fixture
def cloud() -> CloudFormationInMemory:
    return CloudFormationInMemory(
        {
            FIRST: Template(resources={"Queue": "AWS::SQS::Queue", "Topic": "AWS::SNS::Topic"}),
            SECOND: Template(resources={"Queue": "AWS::SQS::Queue", "Table": "AWS::DynamoDB::Table"}),
        }
    )


def changing(cloud: CloudFormationInMemory, template: str = FIRST, **settings: object) -> ChangingStack:
    values = {
        "name": NAME,
        "account": "111122223333",
        "region": "eu-west-3",
        "template_url": template,
        "deploy_role": "arn:aws:iam::111122223333:role/deploy",
        "execution_role": "arn:aws:iam::111122223333:role/cfn-exec",
        "is_protected": False,
        "parameters": (),
    }
    return ChangingStack(client=cloud.client(), stack=AssembledStack(**values | settings))  # type: ignore[arg-type]


def deploy(stack: ChangingStack, triggers: Triggers | None = None) -> None:
    assert stack.prepare(CHANGE, description="a change", triggers=triggers) is not None
    stack.execute(CHANGE)


def test_a_new_stack_is_read_before_it_is_made(cloud: CloudFormationInMemory) -> None:
    stack = changing(cloud, is_protected=True)
    changes = stack.prepare(CHANGE, description="0123456789ab A change")
    assert [str(change) for change in changes or ()] == ["+ AWS::SQS::Queue Queue", "+ AWS::SNS::Topic Topic"]
    assert cloud.stacks[NAME].template is None
    assert stack.is_prepared(CHANGE)
    stack.execute(CHANGE)
    assert cloud.stacks[NAME].status == "CREATE_COMPLETE"
    assert cloud.stacks[NAME].role == "arn:aws:iam::111122223333:role/cfn-exec"
    assert cloud.stacks[NAME].is_protected


def test_an_update_says_what_is_added_and_removed(cloud: CloudFormationInMemory) -> None:
    deploy(changing(cloud))
    changes = changing(cloud, SECOND).prepare(CHANGE, description="a change")
    assert [str(change) for change in changes or ()] == ["+ AWS::DynamoDB::Table Table", "- AWS::SNS::Topic Topic"]


def test_what_is_replaced_is_written_large(cloud: CloudFormationInMemory) -> None:
    deploy(changing(cloud))
    cloud.templates[SECOND] = Template(resources={"Queue": "AWS::SQS::Queue", "Topic": "AWS::SNS::TopicInOtherRegion"})
    changes = changing(cloud, SECOND).prepare(CHANGE, description="a change")
    assert [str(change) for change in changes or ()] == ["~ AWS::SNS::TopicInOtherRegion Topic (REPLACED)"]


def test_a_stack_without_changes_is_left_alone_and_no_change_set_stays(cloud: CloudFormationInMemory) -> None:
    deploy(changing(cloud))
    assert changing(cloud).prepare(CHANGE, description="a change") is None
    assert cloud.change_sets == {}


def test_the_programs_clients_outlive_a_deployment(cloud: CloudFormationInMemory) -> None:
    """`make machine` sets a parameter of the stack: a deployment that forgot it would shut out every program."""
    deploy(changing(cloud))
    cloud.stacks[NAME].parameters = {"MachineClients": "client-1,client-2", "Gone": "of an older template"}
    changing(cloud, SECOND, parameters=("MachineClients", "New")).prepare(CHANGE, description="a change")
    assert cloud.called("CreateChangeSet")[-1]["Parameters"] == [
        {"ParameterKey": "MachineClients", "UsePreviousValue": True}
    ]


def test_an_alarm_that_rings_undoes_the_change_and_is_named(cloud: CloudFormationInMemory) -> None:
    """docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-rollback-triggers.html."""
    deploy(changing(cloud))
    cloud.alarms_that_ring = {ALARM}
    with pytest.raises(ChangeError, match=r"UPDATE_ROLLBACK_COMPLETE(.|\n)*api-5xx went to ALARM"):
        deploy(changing(cloud, SECOND), Triggers(alarms=[ALARM], minutes=10))
    assert cloud.stacks[NAME].template == cloud.templates[FIRST]
    assert cloud.stacks[NAME].rollback == {
        "RollbackTriggers": [{"Arn": ALARM, "Type": "AWS::CloudWatch::Alarm"}],
        "MonitoringTimeInMinutes": 10,
    }


def test_without_triggers_those_of_the_change_before_do_not_persist(cloud: CloudFormationInMemory) -> None:
    """CloudFormation keeps a stack's triggers unless a change names others; an empty list takes them away.

    docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackConfiguration.html
    """
    deploy(changing(cloud), Triggers(alarms=[ALARM], minutes=10))
    cloud.alarms_that_ring = {ALARM}
    deploy(changing(cloud, SECOND))
    assert cloud.stacks[NAME].template == cloud.templates[SECOND]
    assert cloud.stacks[NAME].rollback == {"RollbackTriggers": [], "MonitoringTimeInMinutes": 0}


def test_more_alarms_than_cloudformation_takes_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 5"):
        Triggers(alarms=[f"{ALARM}-{number}" for number in range(6)], minutes=10)


def test_a_failure_gives_each_reason_the_first_one_first(cloud: CloudFormationInMemory) -> None:
    cloud.failing = {"Queue": "name in use", "Topic": "Resource creation cancelled"}
    with pytest.raises(ChangeError) as failure:
        deploy(changing(cloud))
    assert str(failure.value).splitlines()[1:] == ["  Queue: name in use", "  Topic: Resource creation cancelled"]


def test_a_failure_does_not_repeat_the_reasons_of_an_older_one(cloud: CloudFormationInMemory) -> None:
    deploy(changing(cloud))
    cloud.failing = {"Table": "an old reason"}
    with pytest.raises(ChangeError):
        deploy(changing(cloud, SECOND))
    cloud.failing = {"Table": "a new reason"}
    with pytest.raises(ChangeError) as failure:
        deploy(changing(cloud, SECOND))
    assert "old" not in str(failure.value)


@pytest.mark.parametrize("protected", [True, False])
def test_a_first_deployment_that_failed_is_repeated(cloud: CloudFormationInMemory, protected: bool) -> None:
    """A stack in ROLLBACK_COMPLETE takes no change: it is removed, as the CDK does."""
    cloud.failing = {"Topic": "quota"}
    with pytest.raises(ChangeError):
        deploy(changing(cloud))
    cloud.stacks[NAME].is_protected = protected
    cloud.failing = {}
    deploy(changing(cloud))
    assert cloud.stacks[NAME].status == "CREATE_COMPLETE"


def test_a_change_set_that_was_never_executed_gives_way(cloud: CloudFormationInMemory) -> None:
    changing(cloud).prepare(CHANGE, description="a change")
    deploy(changing(cloud, SECOND))
    assert cloud.stacks[NAME].template == cloud.templates[SECOND]


def test_a_stack_that_needs_anothers_export_says_so(cloud: CloudFormationInMemory) -> None:
    cloud.templates[FIRST] = Template(
        resources={"Queue": "AWS::SQS::Queue"}, imports=frozenset({"BureauOrdre-dev:Table"})
    )
    with pytest.raises(MissingExportError, match="BureauOrdre-dev:Table"):
        changing(cloud).prepare(CHANGE, description="a change")


@pytest.mark.parametrize("status", ["UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS", "CREATE_IN_PROGRESS"])
def test_two_deployments_at_once_do_not_meet(cloud: CloudFormationInMemory, status: str) -> None:
    deploy(changing(cloud))
    cloud.stacks[NAME].status = status
    with pytest.raises(ChangeError, match=status):
        changing(cloud, SECOND).prepare(CHANGE, description="a change")
    assert len(cloud.called("CreateChangeSet")) == 1


def test_what_a_failure_left_is_taken_over_where_that_is_wished(cloud: CloudFormationInMemory) -> None:
    changing(cloud).prepare(CHANGE, description="a change", import_existing=True)
    assert cloud.called("CreateChangeSet")[-1]["ImportExistingResources"] is True


def test_another_change_set_is_not_taken_for_this_one(cloud: CloudFormationInMemory) -> None:
    stack = changing(cloud)
    assert not stack.is_prepared(CHANGE)
    stack.prepare("commit-of-somebody-else", description="a change")
    assert not stack.is_prepared(CHANGE)
