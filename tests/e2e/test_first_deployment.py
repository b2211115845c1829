"""A deployment that fails, and is repeated: on the local cloud's CloudFormation, which rolls back as AWS's does."""

import json
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError, WaiterError

from infra.local.local_stack import LocalStack

NAME = "first-deployment"


class FirstDeployment:
    """A stack of one queue with a fixed name, which is kept by a policy; what is made after it can be made to fail."""

    def __init__(self, stack: LocalStack, policy: str) -> None:
        session = stack.session()
        self._cloudformation = session.client("cloudformation")
        self._sqs = session.client("sqs")
        self._policy = policy

    def deploy(self, *, fails: bool) -> None:
        """Create the stack. Raises WaiterError where that fails."""
        kept = {"DeletionPolicy": self._policy, "Properties": {"QueueName": NAME}, "Type": "AWS::SQS::Queue"}
        nowhere = {"ServiceToken": "arn:aws:lambda:eu-west-3:000000000000:function:no-such-function"}
        failing = {"Type": "Custom::Failing", "DependsOn": "Kept", "Properties": nowhere}
        template = {"Resources": {"Kept": kept, **({"Fails": failing} if fails else {})}}
        self._cloudformation.create_stack(StackName=NAME, TemplateBody=json.dumps(template))
        waiter = self._cloudformation.get_waiter("stack_create_complete")
        waiter.wait(StackName=NAME, WaiterConfig={"Delay": 1, "MaxAttempts": 30})

    def is_left(self) -> bool:
        """Whether the queue exists."""
        try:
            self._sqs.get_queue_url(QueueName=NAME)
        except ClientError:
            return False
        return True

    def delete(self) -> None:
        """Delete the stack, as the CDK does before it creates one again that failed."""
        self._cloudformation.delete_stack(StackName=NAME)
        waiter = self._cloudformation.get_waiter("stack_delete_complete")
        waiter.wait(StackName=NAME, WaiterConfig={"Delay": 1, "MaxAttempts": 30})

    def sweep(self) -> None:
        """Remove what is left."""
        self.delete()
        if self.is_left():
            self._sqs.delete_queue(QueueUrl=self._sqs.get_queue_url(QueueName=NAME)["QueueUrl"])


@pytest.fixture
def first(stack: LocalStack, request: pytest.FixtureRequest) -> Iterator[FirstDeployment]:
    """A deployment, whose parts are kept by the policy that a test names."""
    made = FirstDeployment(stack, request.param)
    yield made
    made.sweep()


@pytest.mark.parametrize("first", ["RetainExceptOnCreate"], indirect=True)
def test_a_first_deployment_that_failed_is_repeated(first: FirstDeployment) -> None:
    with pytest.raises(WaiterError):
        first.deploy(fails=True)
    assert not first.is_left()
    first.delete()
    first.deploy(fails=False)
    first.delete()
    assert first.is_left(), "what was once deployed outlives its stack"


@pytest.mark.parametrize("first", ["Retain"], indirect=True)
def test_what_is_kept_without_exception_is_in_the_way(first: FirstDeployment) -> None:
    """As it was: the name is taken at every further attempt."""
    with pytest.raises(WaiterError):
        first.deploy(fails=True)
    first.delete()
    assert first.is_left()
