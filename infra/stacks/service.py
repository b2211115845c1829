"""The service stack: functions, the API, and what invokes them. It holds no state, and can be made again.

`ServiceStack` says what exists. The functions below it list who may do what: each Lambda with the resources that it may
use. The module that declares a Lambda names the actions.
"""

from collections.abc import Iterator, Mapping, Sequence

from aws_cdk import CfnOutput, Environment, Stack
from constructs import Construct

from infra.constructs.authorizer import signed_in
from infra.constructs.bucket_triggers import BucketTriggers, OnCreation
from infra.constructs.files_bucket import FROM_OUTSIDE
from infra.constructs.http_api import HttpApi
from infra.constructs.user_pool import UserPool
from infra.functions import (
    agent_routes,
    canary,
    issuing_jobs,
    message_jobs,
    operator_routes,
    public_routes,
    scan_jobs,
    sender_routes,
)
from infra.functions.bundling import Layer
from infra.functions.function import Function, Functions
from infra.names import Part, stack_name
from infra.resources import Keys, Messaging, Storage
from infra.stacks.data import DataStack
from infra.stage import Stage
from infra.stored_names import RECORD_ENDS, SUBMISSIONS


class ServiceStack(Stack):
    """Layers, functions with their roles and logs, the API, rules and schedules, readers of queues, S3's triggers."""

    def __init__(self, scope: Construct, *, stage: Stage, data: DataStack) -> None:
        super().__init__(
            scope,
            stack_name(stage.name, Part.SERVICE),
            env=Environment(account=stage.account, region=stage.region),
            description="Bureau d'Ordre Digital: mail in four steps, a numbered receipt",
            termination_protection=stage.is_lasting,
        )
        self.add_stack_dependency(data, "Functions use what is there by its name.")
        self.api = HttpApi(self, "Api", stage=stage, key=data.key)
        layers = {name: Layer(self, name, machine=stage.machine) for name in ("mailroom", "receipt")}
        public_url = stage.public_url or self.api.endpoint
        functions = Functions(self, "Functions", stage=stage, key=data.key, layers=layers, public_url=public_url)
        made = [
            *all_functions(functions, data.storage, data.keys, data.messaging, data.user_pool),
            agent_routes.open_session(functions, records=data.storage.records, user_pool=data.user_pool, key=data.key),
        ]
        self.functions = {function.operation: function for function in made}
        """Every function, by operation."""
        triggers = [*on_creation(self.functions)]
        BucketTriggers(self, "Triggers", stage=stage, files=data.storage.files, each=triggers)
        self.api.serve(
            {operation: function.live for operation, function in self.functions.items()},
            signed_in=signed_in(self, stage=stage, user_pool=data.user_pool),
            otherwise="describe_service",
        )
        outputs = {"ApiUrl": self.api.endpoint, "EnrolFunctionName": self.functions["enrol_organisms"].live_name}
        for name, value in outputs.items():
            CfnOutput(self, name, value=value)
        self.export_value(self.api.api_id)


def all_functions(
    functions: Functions, storage: Storage, keys: Keys, messaging: Messaging, user_pool: UserPool
) -> list[Function]:
    """Every function of the stage."""
    made = [
        *for_senders(functions, storage, keys),
        *after_submission(functions, storage, keys, messaging),
        *for_anyone(functions, storage, keys),
        *for_agents(functions, storage, keys, messaging),
        *for_files_and_addresses(functions, storage, messaging),
        *([canary.canary(functions, of=functions.stage.canary)] if functions.stage.canary else []),
    ]
    gave_up = [function for function in made if function.gives_up_to]
    return [
        *made,
        *for_operators(functions, storage, keys, messaging, gave_up),
        operator_routes.manage_people(functions, records=storage.records, user_pool=user_pool),
    ]


def on_creation(made: Mapping[str, Function]) -> Iterator[OnCreation]:
    """The functions that S3 invokes."""
    yield OnCreation(function=made["render_receipt"].live, under=[SUBMISSIONS], suffix=RECORD_ENDS)
    if "scan_file" in made:
        yield OnCreation(function=made["scan_file"].live, under=FROM_OUTSIDE)


def for_senders(functions: Functions, storage: Storage, keys: Keys) -> list[Function]:
    """The four steps of a mail, its follow-up, and what anyone may look up."""
    records, files, tokens = storage.records, storage.files, keys.tokens
    return [
        public_routes.list_organisms(functions, records=records),
        sender_routes.start_mail(functions, records=records, tokens=tokens),
        sender_routes.write_letter(functions, records=records, files=files, tokens=tokens),
        sender_routes.identify_sender(functions, records=records, files=files, tokens=tokens),
        sender_routes.attach_file(functions, records=records, files=files, tokens=tokens),
        sender_routes.submit_mail(functions, records=records, files=files, tokens=tokens),
        public_routes.describe_service(functions),
        sender_routes.follow_mail(functions, records=records, files=files, tokens=tokens),
        public_routes.verify_receipt(functions, records=records),
    ]


def after_submission(functions: Functions, storage: Storage, keys: Keys, messaging: Messaging) -> list[Function]:
    """The receipt of a submitted mail, the messages about it, and what resumes a mail that stalled."""
    records, files, tokens = storage.records, storage.files, keys.tokens
    render = issuing_jobs.render_receipt(
        functions,
        records=records,
        files=files,
        tokens=tokens,
        seal_keys=keys.seal_keys,
        notifications=messaging.notifications,
        webhooks=messaging.webhooks,
        receipts_failed=messaging.receipts_failed,
    )
    return [
        render,
        message_jobs.send_notification(
            functions,
            records=records,
            sent_once=storage.sent_once,
            tokens=tokens,
            notifications=messaging.notifications,
            email=messaging.email,
        ),
        sender_routes.turn_codes(functions, records=records, tokens=tokens, render=render),
        issuing_jobs.resume_stalled(
            functions, records=records, files=files, notifications=messaging.notifications, render=render
        ),
        issuing_jobs.stamp_receipts(functions, records=records, files=files, seal_keys=keys.seal_keys),
    ]


def for_anyone(functions: Functions, storage: Storage, keys: Keys) -> list[Function]:
    """The proofs of a register that anyone can check, and open data."""
    records, files, statement_keys = storage.records, storage.files, keys.statement_keys
    return [
        public_routes.sign_statement(functions, records=records, statement_keys=statement_keys),
        public_routes.list_keys(functions, statement_keys=statement_keys),
        public_routes.list_sealers(
            functions,
            files=files,
            seal_keys=keys.seal_keys,
            statement_keys=statement_keys,
        ),
        public_routes.list_heads(functions, files=files),
        issuing_jobs.publish_heads(functions, records=records, files=files, statement_keys=statement_keys),
        public_routes.read_open_data(functions, files=files),
        issuing_jobs.publish_open_data(functions, records=records, files=files),
    ]


def for_agents(functions: Functions, storage: Storage, keys: Keys, messaging: Messaging) -> list[Function]:
    """The inbox of an organism."""
    records, files, notifications = storage.records, storage.files, messaging.notifications
    return [
        agent_routes.enter_mail(functions, records=records, tokens=keys.tokens),
        agent_routes.list_inbox(functions, records=records),
        agent_routes.keep_templates(functions, records=records),
        agent_routes.open_mail(functions, records=records, files=files),
        agent_routes.collect_mail(functions, records=records, notifications=notifications),
        agent_routes.close_mail(
            functions, records=records, files=files, notifications=notifications, tokens=keys.tokens
        ),
    ]


def for_files_and_addresses(functions: Functions, storage: Storage, messaging: Messaging) -> list[Function]:
    """Scans of files, mail that is not collected, e-mail that does not arrive."""
    records, files, notifications = storage.records, storage.files, messaging.notifications
    event_bus, events_failed, operators = messaging.event_bus, messaging.events_failed, messaging.operators
    stand_in = None
    if not functions.stage.malware_protection:
        stand_in = scan_jobs.scan_file(functions, files=files, event_bus=event_bus)
    return [
        *([stand_in] if stand_in else []),
        scan_jobs.note_scan(
            functions,
            records=records,
            files=files,
            notifications=notifications,
            event_bus=event_bus,
            events_failed=events_failed,
            stand_in=stand_in,
        ),
        scan_jobs.chase_scans(
            functions,
            records=records,
            files=files,
            notifications=notifications,
            operators=operators,
            stand_in=stand_in,
        ),
        message_jobs.remind_organisms(functions, records=records, notifications=notifications, operators=operators),
        message_jobs.note_bounce(
            functions,
            records=records,
            notifications=notifications,
            operators=operators,
            email=messaging.email,
            event_bus=event_bus,
            events_failed=events_failed,
        ),
    ]


def for_operators(
    functions: Functions, storage: Storage, keys: Keys, messaging: Messaging, gave_up: Sequence[Function]
) -> list[Function]:
    """Organisms that join, their programs that are called, failures; those of `gave_up` go back to these functions."""
    records = storage.records
    return [
        operator_routes.enrol_organism(functions, records=records, webhook_keys=keys.webhook_keys),
        message_jobs.call_webhook(
            functions, records=records, webhook_keys=keys.webhook_keys, webhooks=messaging.webhooks
        ),
        operator_routes.operate(
            functions,
            records=records,
            queues=messaging.queues,
            dead_letters=messaging.given_up,
            gave_up=gave_up,
        ),
        operator_routes.enrol_organisms(functions, records=records),
    ]
