"""One Lambda: its own role with exactly what it may do, and its own log group."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import Acknowledgment, Duration, IgnoreMode, Stack, SymlinkFollowMode, Validations
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.functions.bundling import RUNTIME
from infra.stage import Stage

FUNCTIONS = Path(__file__).parents[2] / "functions"
METRICS_NAMESPACE = "BureauOrdre"

_HTTP_TIMEOUT = Duration.seconds(29)
"""API Gateway waits no longer."""

READS = frozenset({"kms:Decrypt"})
WRITES = frozenset({"kms:Decrypt", "kms:GenerateDataKey"})


@dataclass(frozen=True, kw_only=True)
class Permission:
    """Something a function may do, and what that takes of the key its data is encrypted under."""

    statement: iam.PolicyStatement
    service: str | None = None
    """The service that uses the key on the function's behalf (`s3`, `dynamodb` …), if one does."""
    key_actions: frozenset[str] = frozenset()
    wildcard: str | None = None
    """Why the resource holds a wildcard, if it does."""


class Function(Construct):
    """The function of the folder `functions/<operation>`; it may do what `may` lists, no more."""

    def __init__(  # noqa: PLR0913 - what makes a function, all by keyword
        self,
        scope: Construct,
        *,
        operation: str,
        stage: Stage,
        key: kms.IKey,
        layers: Sequence[lambda_.ILayerVersion],
        may: Sequence[Permission],
        environment: Mapping[str, str],
        memory_mb: int,
        timeout: Duration,
        at_once: int | None,
    ) -> None:
        super().__init__(scope, operation.title().replace("_", ""))
        self.operation = operation
        self.gives_up = False
        """Whether what it could not do waits in a dead-letter queue."""
        self.name = stage.name_of(operation.replace("_", "-"))
        log_group = logs.LogGroup(
            self,
            "Logs",
            log_group_name=f"/aws/lambda/{self.name}",
            retention=stage.log_retention,
            removal_policy=stage.removal_policy,
            encryption_key=key,
        )
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description=f"What {operation} may do, and no more",
        )
        for statement in (_writes_logs(log_group), *_statements(self, key=key, may=may)):
            self.role.add_to_policy(statement)
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=self.name,
            runtime=RUNTIME,
            architecture=stage.machine.architecture,
            handler=f"{operation}.handler.handler",
            code=_code(operation),
            layers=list(layers),
            role=self.role,
            environment=_environment(operation, environment),
            memory_size=memory_mb,
            timeout=timeout,
            reserved_concurrent_executions=at_once,
            log_group=log_group,
            tracing=lambda_.Tracing.ACTIVE if stage.tracing else lambda_.Tracing.DISABLED,
        )
        _acknowledge(self, "AwsSolutions-L1", "All is locked and tested for this Python.")
        if stage.tracing:
            _acknowledge(self, _wildcard("*"), "X-Ray's actions know no resources.")
        for permission in may:
            if permission.wildcard:
                acknowledge_wildcards(self, permission.statement, permission.wildcard)

    def may_be_invoked(self) -> Permission:
        """Allow invoking it."""
        return Permission(
            statement=iam.PolicyStatement(
                actions=["lambda:InvokeFunction"],
                resources=[self.function.function_arn],
            )
        )

    def give_up_to(self, queue: sqs.IQueue) -> None:
        """Send an event that failed three times to the queue. The function must be allowed to."""
        self.gives_up = True
        lambda_.CfnEventInvokeConfig(
            self,
            "GiveUp",
            function_name=self.function.function_name,
            qualifier="$LATEST",
            maximum_retry_attempts=2,
            destination_config=lambda_.CfnEventInvokeConfig.DestinationConfigProperty(
                on_failure=lambda_.CfnEventInvokeConfig.OnFailureProperty(destination=queue.queue_arn)
            ),
        )


def on_schedule(function: Function, schedule: events.Schedule) -> None:
    """Call the function so often. A run that fails is not repeated: what it left undone, the next one finds."""
    events.Rule(
        function,
        "OnSchedule",
        rule_name=function.name,
        schedule=schedule,
        targets=[targets.LambdaFunction(function.function, retry_attempts=0)],
    )


class Functions(Construct):
    """The stage's functions, all of them with the same key and layer."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        key: kms.IKey,
        layer: lambda_.ILayerVersion,
    ) -> None:
        super().__init__(scope, construct_id)
        self._stage = stage
        self._key = key
        self._layer = layer
        self.made: list[Function] = []

    def add(  # noqa: PLR0913 - what differs between functions, by keyword
        self,
        operation: str,
        *,
        may: Sequence[Permission] = (),
        told: Mapping[str, str] | None = None,
        extra_layers: Sequence[lambda_.ILayerVersion] = (),
        memory_mb: int = 1024,
        timeout: Duration = _HTTP_TIMEOUT,
        at_once: int | None = None,
    ) -> Function:
        """Make an operation's function: what it may do, what its environment tells it, how often it may run at once."""
        function = Function(
            self,
            operation=operation,
            stage=self._stage,
            key=self._key,
            layers=[self._layer, *extra_layers],
            may=may,
            environment=told or {},
            memory_mb=memory_mb,
            timeout=timeout,
            at_once=at_once,
        )
        self.made.append(function)
        return function


def _code(operation: str) -> lambda_.Code:
    return lambda_.Code.from_asset(
        str(FUNCTIONS),
        exclude=["/*", f"!/{operation}", "__pycache__"],
        ignore_mode=IgnoreMode.GIT,
        follow_symlinks=SymlinkFollowMode.ALWAYS,
    )


def _environment(operation: str, own: Mapping[str, str]) -> dict[str, str]:
    return {
        "POWERTOOLS_SERVICE_NAME": operation,
        "POWERTOOLS_METRICS_NAMESPACE": METRICS_NAMESPACE,
        "POWERTOOLS_LOG_LEVEL": "INFO",
        "PYTHONTZPATH": "",  # the layer's time zones, not the machine's
        # fpdf2 would complain at each start that pictures are left out
        "PYTHONWARNINGS": "ignore:Pillow could not be imported:UserWarning",
        **own,
    }


def _writes_logs(log_group: logs.ILogGroup) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        actions=["logs:CreateLogStream", "logs:PutLogEvents"],
        resources=[log_group.log_group_arn],
    )


def _statements(scope: Construct, *, key: kms.IKey, may: Iterable[Permission]) -> Iterable[iam.PolicyStatement]:
    key_uses: dict[str, frozenset[str]] = {}
    for permission in may:
        yield permission.statement
        if permission.service:
            used = key_uses.get(permission.service, frozenset())
            key_uses[permission.service] = used | permission.key_actions
    for service, actions in sorted(key_uses.items()):
        through = f"{service}.{Stack.of(scope).region}.amazonaws.com"
        yield iam.PolicyStatement(
            actions=sorted(actions),
            resources=[key.key_arn],
            conditions={"StringEquals": {"kms:ViaService": through}},
        )


def acknowledge_wildcards(scope: Construct, statement: iam.PolicyStatement, reason: str) -> None:
    """Say to cdk-nag why each of a statement's resources holds a wildcard."""
    for resource in statement.resources:
        _acknowledge(scope, _wildcard(_as_reported(scope, resource)), reason)


def _acknowledge(scope: Construct, finding: str, reason: str) -> None:
    Validations.of(scope).acknowledge(Acknowledgment(id=finding, reason=reason))


def _wildcard(resource: str) -> str:
    return f"AwsSolutions-IAM5[Resource::{resource}]"


def _as_reported(scope: Construct, resource: str) -> str:
    """Write a resource as cdk-nag does: what is known only at deployment stands in `<>`."""
    return "".join(_parts(Stack.of(scope).resolve(resource)))


def _parts(value: object) -> Iterable[str]:
    match value:
        case str():
            yield value
        case {"Fn::Join": ["", [*parts]]}:
            for part in parts:
                yield from _parts(part)
        case {"Ref": str(name)}:
            yield f"<{name}>"
        case {"Fn::GetAtt": [name, attribute]}:
            yield f"<{name}.{attribute}>"
        case _:
            raise TypeError(f"No such part is known in a resource's name: {value!r}")
