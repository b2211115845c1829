"""One Lambda: its own role with exactly what it may do, its own log group, and what invokes it.

Each change of a function's code, layers or settings publishes a version, and the alias `live` then moves to it at once:
what runs is always one whole version. Lambda changes layers and code by two calls (aws/aws-cdk#8446), between which the
function itself is mixed, and nothing invokes it. The version before is deleted when the whole deployment has ended.
https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from aws_cdk import Duration, IgnoreMode, Stack, SymlinkFollowMode
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.acknowledgements import acknowledge, acknowledge_own_policy, acknowledge_wildcards
from infra.constructs.metrics import METRICS_NAMESPACE
from infra.constructs.permission import Permission, statements
from infra.constructs.queues import DeadLetters, Queue
from infra.constructs.retention import LogGroup
from infra.functions.accepted_findings import acknowledge_findings
from infra.functions.bundling import ARCHITECTURES, RUNTIME
from infra.functions.snap_start import SNAP_STARTED
from infra.names import LIVE
from infra.paths import FUNCTIONS
from infra.stage import Stage

_HTTP_TIMEOUT = Duration.seconds(29)
"""API Gateway waits no longer."""


@dataclass(frozen=True, kw_only=True)
class Repeats:
    """How Lambda repeats an asynchronous invocation that failed or found no place: `most` times, `within` that time.

    Where nothing is said, it does so twice, within six hours.
    """

    most: Literal[0, 1, 2]
    within: Duration


_AS_LONG_AS_LAMBDA_MAY = Repeats(most=2, within=Duration.hours(6))
"""For an event that comes once: a receipt to make, a scan's result to note."""


class Functions(Construct):
    """The scope of a stage's functions, and what all of them share."""

    def __init__(  # noqa: PLR0913 - what functions share, by keyword
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        key: kms.IKey,
        layers: Mapping[str, lambda_.ILayerVersion],
        public_url: str,
    ) -> None:
        super().__init__(scope, construct_id)
        self.stage = stage
        self.key = key
        self.layer = layers["mailroom"]
        """The layer that every function has."""
        self.receipt_layer = layers["receipt"]
        """The further layer of functions that read or write PDFs and certificates."""
        self.public_url = public_url
        """The address that links in receipts and messages begin with."""


class Function(Construct):
    """The function of the folder `functions/<operation>`.

    Whatever invokes it does so by `live`, the alias of the version that was published last.

    It may do what `may` lists, no more; its environment holds `settings`, and what all functions have. `at_once` bounds
    how many of its invocations run at one time, and keeps as many places free for them. `repeats` is for functions that
    are invoked asynchronously: by a rule, by S3, by another function. `gives_up_to` is the queue for events that failed
    each time, which `may` must allow to send to.
    """

    def __init__(  # noqa: PLR0913 - what differs between functions, by keyword
        self,
        scope: Functions,
        operation: str,
        *,
        may: Sequence[Permission] = (),
        settings: Mapping[str, str] | None = None,
        extra_layers: Sequence[lambda_.ILayerVersion] = (),
        memory_mb: int = 1024,  # Lambda's share of a processor grows with it: 1769 MB are a whole one
        timeout: Duration = _HTTP_TIMEOUT,
        at_once: int | None = None,
        repeats: Repeats | None = None,
        gives_up_to: DeadLetters | None = None,
    ) -> None:
        super().__init__(scope, operation.title().replace("_", ""))
        stage = scope.stage
        self.operation = operation
        self.name = stage.name_of(operation.replace("_", "-"))
        self.live_name = f"{self.name}:{LIVE}"
        """The name that callers invoke it by."""
        self.gives_up_to = gives_up_to
        self.has_rule = False
        """Whether a schedule or a rule of EventBridge invokes it."""
        log_group = LogGroup(self, "Logs", name=f"/aws/lambda/{self.name}", stage=stage, key=scope.key)
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=self.name,
            runtime=RUNTIME,
            architecture=ARCHITECTURES[stage.machine.architecture],
            handler=f"{operation}.handler.handler",
            code=_code(operation),
            layers=[scope.layer, *extra_layers],
            role=_role(self, scope, operation, log_group, may),
            environment=_environment(operation) | dict(settings or {}),
            memory_size=memory_mb,
            timeout=timeout,
            reserved_concurrent_executions=at_once,
            log_group=log_group,
            tracing=lambda_.Tracing.ACTIVE if stage.tracing else lambda_.Tracing.DISABLED,
            snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS if _has_snap_start(stage, operation) else None,
        )
        if _has_snap_start(stage, operation):
            acknowledge(
                self, "Annotation::@aws-cdk/aws-lambda:snapStartRequirePublish", "Its alias names a published version."
            )
        self.live = lambda_.Alias(self, "Live", alias_name=LIVE, version=self.function.current_version)
        acknowledge_findings(self.function, has_queue_for_failures=gives_up_to is not None)
        self.repeats = repeats or (_AS_LONG_AS_LAMBDA_MAY if gives_up_to else None)
        if self.repeats:
            _repeat(self, self.repeats, gives_up_to)

    def may_be_invoked(self) -> Permission:
        """Allow invoking the function."""
        return Permission(
            statement=iam.PolicyStatement(
                actions=["lambda:InvokeFunction"],
                resources=[self.live.function_arn],
            )
        )

    def run_on_schedule(self, schedule: events.Schedule) -> None:
        """Invoke the function so often, and repeat a run that failed or was not delivered as `repeats` says.

        Raises ValueError where that is not said: Lambda would repeat each run twice, beside the runs that follow.
        """
        if self.repeats is None:
            raise ValueError(f"{self.operation}: a scheduled function says how often a run that fails is repeated.")
        self.has_rule = True
        events.Rule(
            self,
            "OnSchedule",
            rule_name=self.name,
            schedule=schedule,
            targets=[
                targets.LambdaFunction(self.live, retry_attempts=self.repeats.most, max_event_age=self.repeats.within)
            ],
        )

    def run_on_event(self, pattern: events.EventPattern, event_bus: events.IEventBus) -> None:
        """Invoke the function for each such event on the bus."""
        self.has_rule = True
        events.Rule(
            self,
            "On",
            rule_name=self.name,
            event_bus=event_bus,
            event_pattern=pattern,
            targets=[targets.LambdaFunction(self.live)],
        )

    def read_from(self, queue: Queue, *, batch_size: int, max_concurrency: int | None = None) -> None:
        """Invoke the function with the queue's messages; it answers which of a batch failed."""
        lambda_.EventSourceMapping(
            self,
            queue.node.id,
            target=self.live,
            event_source_arn=queue.queue.queue_arn,
            batch_size=batch_size,
            max_concurrency=max_concurrency,
            report_batch_item_failures=True,
        )


def _repeat(function: Function, repeats: Repeats, gives_up_to: DeadLetters | None) -> None:
    config = lambda_.CfnEventInvokeConfig
    destination = None
    if gives_up_to:
        on_failure = config.OnFailureProperty(destination=gives_up_to.queue.queue_arn)
        destination = config.DestinationConfigProperty(on_failure=on_failure)
    repeated = config(
        function,
        "GiveUp",
        function_name=function.function.function_name,
        qualifier=LIVE,
        maximum_retry_attempts=repeats.most,
        maximum_event_age_in_seconds=int(repeats.within.to_seconds()),
        destination_config=destination,
    )
    repeated.node.add_dependency(function.live)


def _has_snap_start(stage: Stage, operation: str) -> bool:
    return stage.snap_start and operation in SNAP_STARTED


def _role(
    function: Construct, shared: Functions, operation: str, log_group: LogGroup, may: Sequence[Permission]
) -> iam.Role:
    """The function's role: it writes the function's log, and may do what `may` lists."""
    role = iam.Role(
        function,
        "Role",
        assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        description=f"What {operation} may do, and no more",
    )
    writes_log = iam.PolicyStatement(
        actions=["logs:CreateLogStream", "logs:PutLogEvents"],
        resources=[log_group.log_group_arn],
    )
    for statement in (writes_log, *statements(may, key=shared.key, region=Stack.of(function).region)):
        role.add_to_policy(statement)
    for permission in may:
        if permission.wildcard:
            acknowledge_wildcards(function, permission.statement.resources, permission.wildcard)
    acknowledge_own_policy(role)
    if shared.stage.tracing:
        acknowledge_wildcards(function, ["*"], "X-Ray's actions know no resources.")
    return role


def _code(operation: str) -> lambda_.Code:
    """The zip of `functions/` that holds this operation's folder alone, under its own name."""
    return lambda_.Code.from_asset(
        str(FUNCTIONS),
        exclude=["/*", f"!/{operation}", "__pycache__"],
        ignore_mode=IgnoreMode.GIT,
        follow_symlinks=SymlinkFollowMode.ALWAYS,
    )


def _environment(operation: str) -> dict[str, str]:
    """The settings that every function has."""
    return {
        "POWERTOOLS_SERVICE_NAME": operation,
        "POWERTOOLS_METRICS_NAMESPACE": METRICS_NAMESPACE,
        "POWERTOOLS_LOG_LEVEL": "INFO",
        "PYTHONTZPATH": "",  # time zones come from the layer: the machine's differ
        # fpdf2 would warn at each start that it cannot show pictures
        "PYTHONWARNINGS": "ignore:Pillow could not be imported:UserWarning",
    }
