"""The restore drill: tables and bucket lost, restored from the second copy, and everything there as before.

On the local cloud: mails are sent through the public way, copies are made, the originals are lost, the stage is pointed
at what was restored by its settings, as operators do it ("Restoring" in `docs/operating.md`), and
`infra.commands.verify_restored` looks at every entry and every object.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256

from infra.commands.deployed import Deployed
from infra.commands.verify_restored import Report, verify
from infra.local.assembly import STAGE, Assembly, current_assembly, synthesise
from infra.local.deployment import deploy_data, ensure_deployed
from infra.local.local_stack import LocalStack
from infra.local.progress import Progress
from infra.local.samples import ORGANISM, a_jpeg, a_pdf
from infra.local.second_place import SecondPlace
from infra.local.sender_client import JobError, SenderClient, Sent
from infra.paths import STAGE_FILES

_TABLES = {"TableName": ("records_table", "ttl"), "IdempotencyTableName": ("sent_once_table", "expiration")}
"""The outputs that name tables, the settings that replace them, and the attributes by which items expire."""


def drill(stack: LocalStack, progress: Progress) -> Report:
    """Lose tables and bucket, restore them, and check everything. Raises JobError, DeploymentError, ClientError."""
    started = time.monotonic()
    place = SecondPlace(stack.session())
    bucket, copy = stack.outputs["BucketName"], f"{stack.outputs['BucketName']}-copy"
    with progress.step("Three mails, their receipts, and the head of the registers"):
        sent = _send(stack)
        receipts = _receipts(stack, sent)
        _publish_head(stack)
    with progress.step("The second copy: backups of the tables, every version of the bucket"):
        for output in _TABLES:
            place.back_up(output, stack.outputs[output])
        place.make_bucket(copy)
        versions = place.copy_versions(bucket, copy)
    with progress.step("Tables and bucket are lost"):
        for output in _TABLES:
            place.lose_table(stack.outputs[output])
        place.lose_bucket(bucket)
        _require_loss(stack, sent[0])
    lost = time.monotonic()
    with progress.step("The tables are restored under other names"):
        settings = {"files_bucket": f"{bucket}-2"}
        for output, (setting, lifetime) in _TABLES.items():
            settings[setting] = f"{stack.outputs[output]}-restored"
            place.restore(output, settings[setting], lifetime=lifetime)
    assembly = _synthesise(stack, settings, progress)
    cloud, session = stack.mail_catcher.cloud, stack.session()
    with progress.step("A bucket that triggers nothing yet (cdk deploy of the data stack)"):
        deploy_data(assembly, cloud, session)
    with progress.step(f"{versions} versions come back from the copy"):
        place.copy_versions(copy, settings["files_bucket"])
    restored = replace(stack, outputs=ensure_deployed(assembly, cloud, session, progress).outputs)
    with progress.step("Every chain, every digest"):
        where = Deployed(session=session, stage=STAGE, outputs=restored.outputs)
        report = verify(where)
    if report.faults:
        raise JobError(str(report))
    with progress.step("Old mails open as before, and a new one gets the next number"):
        _require_equal(restored, sent, receipts)
    progress.say(str(report))
    now = time.monotonic()
    progress.say(f"Restored {now - lost:.1f} s after the loss; the drill took {now - started:.1f} s.")
    return report


def _send(stack: LocalStack) -> list[Sent]:
    with _sender(stack) as sender:
        sent = []
        for organism, files in ((ORGANISM, [a_pdf(), a_jpeg()]), (ORGANISM, []), ("commune-rabat", [a_pdf()])):
            started = sender.start(organism)
            sender.write(started)
            for file in files:
                sender.attach(started, file)
            sender.identify(started)
            sent.append(sender.submit(started))
        for each in sent:
            sender.follow(each)
        return sent


def _receipts(stack: LocalStack, sent: list[Sent]) -> dict[str, str]:
    """The digest of each mail's receipt, by its number."""
    with _sender(stack) as sender:
        return {each.number: sha256(sender.receipt(each)).hexdigest() for each in sent}


def _publish_head(stack: LocalStack) -> None:
    answer = stack.session().client("lambda").invoke(FunctionName="bureau-ordre-local-publish-heads")
    if "FunctionError" in answer:
        raise JobError("The head of the registers was not published.")


def _require_loss(stack: LocalStack, sent: Sent) -> None:
    """Require that the stage serves nothing any more: otherwise the drill would show nothing."""
    with stack.client() as client:
        key = {"number": sent.number, "follow_up_code": sent.follow_up_code}
        answer = client.post("/v1/follow-up", json=key)
    if not answer.is_server_error:
        raise JobError(f"The tables are lost, and the follow-up answered {answer.status_code}.")


def _synthesise(stack: LocalStack, settings: Mapping[str, str], progress: Progress) -> Assembly:
    """Synthesise the stage with these settings, as an operator who changed its file."""
    cloud = stack.mail_catcher.cloud
    stages = cloud.place.folder / "stages"
    stages.mkdir(exist_ok=True)
    kept = [
        line
        for line in (STAGE_FILES / f"{STAGE}.toml").read_text(encoding="utf-8").splitlines()
        if line.partition(" = ")[0] not in settings
    ]
    changed = [f'{name} = "{value}"' for name, value in settings.items()]
    text = "\n".join([*changed, *kept, ""])
    (stages / f"{STAGE}.toml").write_text(text, encoding="utf-8")
    folder = cloud.place.folder / "assembly"
    assembly = Assembly(digest=sha256(text.encode()).hexdigest(), folder=folder)
    with progress.step("The stage names them: synthesised again (cdk synth)"):
        synthesise(assembly, cloud.place, stages=stages, bundled=current_assembly().folder)
    return assembly


def _require_equal(stack: LocalStack, sent: list[Sent], receipts: Mapping[str, str]) -> None:
    if _receipts(stack, sent) != receipts:
        raise JobError("A receipt is not the one that its sender has.")
    with _sender(stack) as sender:
        for each in sent:
            sender.follow(each)
            sender.verify(each)
        started = sender.start(ORGANISM)
        sender.write(started)
        sender.identify(started)
        new = sender.submit(started)
        last = max(_rank(each) for each in sent if _register(each) == _register(new))
        if _rank(new) != last + 1:
            raise JobError(f"After {last} came {new.number}: a number was lost, or given twice.")
        sender.receipt(new)


def _register(sent: Sent) -> str:
    return sent.number.rpartition("-")[0]


def _rank(sent: Sent) -> int:
    return int(sent.number.rpartition("-")[2])


@contextmanager
def _sender(stack: LocalStack) -> Iterator[SenderClient]:
    with stack.client() as client, stack.storage() as storage:
        yield SenderClient(client, storage)
