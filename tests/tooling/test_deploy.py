"""`make deploy`: of a commit, into the stage's account, after somebody agreed to it, and undone when alarms ring."""

import io
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from infra.commands import deploy
from infra.commands.change_sets import ChangeError
from infra.commands.cloud_assembly import AssembledStack, assembled_stacks
from infra.commands.commit import NotCommittedError
from infra.commands.deploy import WATCHED_MINUTES, Access, Deployment, DeploymentError, Wish
from infra.commands.template_faults import template_faults
from infra.names import COMMIT_OUTPUT, PREVIOUS_COMMIT_OUTPUT, ROLLBACK_ALARMS_OUTPUT, Part, stack_name
from infra.stage import Stage
from infra.stage_file import StageError
from tests.support.fakes.cdk import ACCOUNT, READY, REGION, calls, fake_cdk, make_assembly
from tests.support.fakes.cloudformation import CloudFormationInMemory, Template

DATA, SERVICE, WATCHING = (stack_name("dev", part) for part in (Part.DATA, Part.SERVICE, Part.WATCHING))
ALARMS = [f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}" for name in ("api-server-errors", "submit-errors")]
GIT = ("git", "-c", "user.name=Test", "-c", "user.email=test@courrier.example", "-c", "commit.gpgsign=false")


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.waiter.time.sleep", lambda _: None)


def address(name: str) -> str:
    return f"https://assets-{ACCOUNT}.s3.{REGION}.amazonaws.com/{name}.json"


class Account:
    """An account, its stacks, a commit of the project, and what the CDK makes of it."""

    def __init__(self, folder: Path) -> None:
        self.repository, self.cdk = folder / "repository", folder / "cdk"
        self.clients: list[tuple[str, bool]] = []
        self.published: list[str] = []
        for each in (self.repository, self.cdk):
            each.mkdir()
        subprocess.run(["git", "init", "--quiet"], cwd=self.repository, check=True)
        (self.repository / ".gitignore").write_text("/cdk.out/\n")
        make_assembly(self.cdk / READY, {WATCHING: (SERVICE,), SERVICE: (DATA,), DATA: ()})
        self.cloud = CloudFormationInMemory(
            {
                address(DATA): Template(resources={"Table": "AWS::DynamoDB::Table"}, exports={"Table": "records"}),
                address(SERVICE): Template(resources={"Api": "AWS::Lambda::Function"}, imports=frozenset({"Table"})),
                address(WATCHING): Template(
                    resources={"Alarm": "AWS::CloudWatch::Alarm"}, exports={ROLLBACK_ALARMS_OUTPUT: ",".join(ALARMS)}
                ),
            }
        )
        self.change()

    def change(self, *stacks: str) -> str:
        """Commit a change that touches these stacks' templates, and return its digest."""
        (self.repository / "change").write_text(f"{len(self.cloud.calls)}")
        for command in (["add", "."], ["commit", "--quiet", "--allow-empty", "--message", "A change"]):
            subprocess.run([*GIT, *command], cwd=self.repository, check=True)
        for stack in stacks:
            before = self.cloud.templates[address(stack)]
            self.cloud.templates[address(stack)] = Template(
                resources={**before.resources, f"New{len(before.resources)}": "AWS::SQS::Queue"},
                exports=before.exports,
                imports=before.imports,
            )
        return self.head()

    def head(self) -> str:
        return subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=self.repository, check=True, capture_output=True, encoding="utf-8"
        ).stdout.strip()

    def account(self) -> str:
        return ACCOUNT

    def outputs(self, stack: str, region: str) -> Mapping[str, str]:
        assert region == REGION
        template = self.cloud.stacks[stack].template if stack in self.cloud.stacks else None
        return template.exports if template else {}

    def cloudformation(self, stack: AssembledStack, *, as_deployer: bool) -> object:
        self.clients.append((stack.name, as_deployer))
        return self.cloud.client()

    def publish_pages(self, stage: Stage) -> None:
        assert WATCHING in self.cloud.stacks, "the stacks come first"
        self.published.append(stage.name)

    def deployment(self, stage: Stage | None = None, **wished: object) -> Deployment:
        wish = Wish(
            stage=stage or Stage.load("dev").model_copy(update={"account": ACCOUNT}),
            **{"phase": "both", "approved": self.head(), "assembly": self.repository / "cdk.out"} | wished,  # type: ignore[arg-type]
        )
        return Deployment(wish, self, folder=self.repository, cdk=fake_cdk(self.cdk))  # type: ignore[arg-type]

    def commands(self) -> list[str]:
        return [arguments[0] for arguments in calls(self.cdk)]


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    """Without cfn-lint, which takes seconds: the tests that ask for `linted` have it."""
    monkeypatch.setattr(deploy, "template_faults", lambda _: [])
    return Account(tmp_path)


@pytest.fixture
def linted(account: Account, monkeypatch: pytest.MonkeyPatch) -> Account:
    monkeypatch.setattr(deploy, "template_faults", template_faults)
    return account


@pytest.fixture
def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A person who types this."""

    def typing(text: str) -> None:
        terminal = io.StringIO(f"{text}\n")
        terminal.isatty = lambda: True  # type: ignore[method-assign]
        monkeypatch.setattr("sys.stdin", terminal)

    return typing


def test_all_stacks_are_deployed_in_one_command_each_after_those_it_needs(account: Account) -> None:
    account.deployment().run()
    executed = [given["StackName"] for given in account.cloud.called("ExecuteChangeSet")]
    assert executed == [DATA, SERVICE, WATCHING]
    assert account.commands() == ["synth", "diff", "publish-assets"]


def test_the_change_sets_name_the_commit_and_the_templates_are_its_own(account: Account) -> None:
    account.deployment().run()
    synth = calls(account.cdk)[0]
    assert synth[synth.index(f"commit={account.head()}") - 1] == "--context"
    assert "stage=dev" in synth
    for given in account.cloud.called("CreateChangeSet"):
        assert given["ChangeSetName"] == f"commit-{account.head()[:12]}"
        assert given["Description"].startswith(account.head())
        assert given["RoleARN"] == f"arn:aws:iam::{ACCOUNT}:role/cdk-exec"


def test_it_names_account_stage_and_commit_and_shows_the_diff_before_it_asks(
    account: Account,
    at_a_terminal: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    seen = []

    def answer(question: str) -> str:
        seen.append((question, account.commands()))
        return "no"

    at_a_terminal("no")
    monkeypatch.setattr("builtins.input", answer)
    with pytest.raises(DeploymentError, match="Nothing was changed"):
        account.deployment(approved="").run()
    ((question, done),) = seen
    assert "dev" in question
    assert done == ["synth", "diff"]
    shown = capsys.readouterr().out
    for said in ("dev", ACCOUNT, REGION, account.head()[:12], "A change"):
        assert said in shown


@pytest.mark.parametrize("typed", ["", "y", "yes", "DEV", "prod", "dev prod"])
def test_only_the_stages_name_is_an_answer(account: Account, at_a_terminal: Callable[[str], None], typed: str) -> None:
    at_a_terminal(typed)
    with pytest.raises(DeploymentError):
        account.deployment(approved="").run()
    assert account.cloud.stacks == {}
    assert "publish-assets" not in account.commands()


def test_the_stages_name_at_a_terminal_deploys(account: Account, at_a_terminal: Callable[[str], None]) -> None:
    at_a_terminal("dev")
    account.deployment(approved="").run()
    assert set(account.cloud.stacks) == {DATA, SERVICE, WATCHING}


def test_without_a_terminal_the_approved_commit_is_needed(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("dev\n"))
    with pytest.raises(DeploymentError, match=f"APPROVE={account.head()}"):
        account.deployment(approved="").run()
    assert account.cloud.calls == []


@pytest.mark.parametrize("approved", ["0" * 40, "HEAD", "main", "yes"])
def test_another_commit_than_the_approved_one_is_not_deployed(account: Account, approved: str) -> None:
    with pytest.raises(DeploymentError, match="nothing was changed"):
        account.deployment(approved=approved).run()
    assert account.cloud.calls == []


def test_a_commit_after_the_approved_one_is_not_deployed(account: Account) -> None:
    approved = account.head()
    account.change(DATA)
    with pytest.raises(DeploymentError, match=approved):
        account.deployment(approved=approved).run()


@pytest.mark.parametrize("name", ["functions/new.py", "change"])
def test_a_dirty_tree_is_refused_before_anything_is_called(account: Account, name: str) -> None:
    path = account.repository / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("not committed")
    with pytest.raises(NotCommittedError, match=name):
        account.deployment()
    assert account.cloud.calls == []
    assert account.commands() == []


def test_credentials_of_another_account_are_refused(account: Account) -> None:
    stage = Stage.load("dev").model_copy(update={"account": "444455556666"})
    with pytest.raises(DeploymentError, match=f"{ACCOUNT}(.|\n)*444455556666"):
        account.deployment(stage)
    assert account.commands() == []


def test_a_rehearsal_is_never_deployed(account: Account) -> None:
    with pytest.raises(StageError, match="rehearsal"):
        account.deployment(Stage.load("example"))
    assert account.commands() == []


def test_credentials_are_asked_for_their_account_and_for_the_cdks_role(account: Account) -> None:
    """https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html: people and pipelines act by the CDK's roles."""
    stacks = {stack.name: stack for stack in assembled_stacks(account.cdk / READY, ACCOUNT)}
    with mock_aws():
        access = Access(boto3.Session("testing", "testing", region_name=REGION))
        assert access.account() == "123456789012"
        client = access.cloudformation(stacks[DATA], as_deployer=True)
        assert client.meta.region_name == REGION
        assert client._request_signer._credentials.access_key != "testing"  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", ["synth", "diff", "publish-assets"])
def test_a_command_that_fails_changes_nothing(account: Account, command: str) -> None:
    (account.cdk / f"fails-{command}").touch()
    with pytest.raises(DeploymentError, match=f"cdk {command} failed"):
        account.deployment().run()
    assert account.cloud.called("CreateChangeSet") == []


def test_a_fault_of_a_template_changes_nothing(linted: Account) -> None:
    template = linted.cdk / READY / f"{DATA}.template.json"
    template.write_text(template.read_text().replace("DisplayName", "DisplayedName"))
    with pytest.raises(DeploymentError, match=r"E3002 Resources/Topic(.|\n)*DisplayedName"):
        linted.deployment().run()
    assert linted.commands() == ["synth"]
    assert linted.cloud.calls == []


def test_templates_without_a_fault_are_deployed(linted: Account) -> None:
    linted.deployment().run()
    assert set(linted.cloud.stacks) == {DATA, SERVICE, WATCHING}


WITH_DOMAIN = Stage.load("dev").model_copy(update={"account": ACCOUNT, "domain": "courrier.example.ma"})


@pytest.mark.parametrize(
    ("phase", "stage", "published"),
    [("both", WITH_DOMAIN, ["dev"]), ("both", None, []), ("prepare", WITH_DOMAIN, [])],
    ids=["a domain", "no domain", "prepared"],
)
def test_the_pages_of_a_stage_with_a_domain_are_published_last(
    account: Account, phase: str, stage: Stage | None, published: list[str]
) -> None:
    account.deployment(stage, phase=phase).run()
    assert account.published == published


def test_pages_that_cannot_be_published_end_the_deployment_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        access = Access(boto3.Session(region_name=REGION))
        with pytest.raises(DeploymentError, match="its pages are not published") as refused:
            access.publish_pages(WITH_DOMAIN)
    assert "make pages" in str(refused.value)


def test_before_the_first_deployment_no_alarm_exists_and_none_is_named(account: Account) -> None:
    """CloudFormation undoes a change whose trigger does not exist.

    docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackTrigger.html
    """
    account.deployment().run()
    assert set(account.cloud.stacks) == {DATA, SERVICE, WATCHING}
    for stack in account.cloud.stacks.values():
        assert stack.rollback == {"RollbackTriggers": [], "MonitoringTimeInMinutes": 0}


def test_afterwards_alarms_watch_each_change_of_the_service(account: Account) -> None:
    account.deployment().run()
    account.change(DATA, SERVICE, WATCHING)
    account.deployment().run()
    watched = account.cloud.stacks[SERVICE].rollback
    assert [one["Arn"] for one in watched["RollbackTriggers"]] == ALARMS
    assert watched["MonitoringTimeInMinutes"] == WATCHED_MINUTES
    assert account.cloud.stacks[DATA].rollback["RollbackTriggers"] == []


def test_an_alarm_that_rings_undoes_the_service_and_ends_the_deployment(account: Account) -> None:
    account.deployment().run()
    before = {name: stack.template for name, stack in account.cloud.stacks.items()}
    account.change(SERVICE, WATCHING)
    account.cloud.alarms_that_ring = {ALARMS[1]}
    with pytest.raises(ChangeError, match="submit-errors went to ALARM"):
        account.deployment().run()
    assert {name: stack.template for name, stack in account.cloud.stacks.items()} == before


def test_a_repair_is_deployed_while_the_alarms_ring_where_that_is_wished(account: Account) -> None:
    account.deployment().run()
    account.change(SERVICE)
    account.cloud.alarms_that_ring = set(ALARMS)
    account.deployment(watches_alarms=False).run()
    assert account.cloud.stacks[SERVICE].template == account.cloud.templates[address(SERVICE)]


def test_a_pipeline_prepares_has_people_read_and_executes_exactly_that(account: Account) -> None:
    account.deployment().run()
    approved = account.change(DATA, SERVICE)
    account.deployment(phase="prepare", approved="").run()
    assert len(account.cloud.change_sets) == 2
    commands = account.commands()
    executed = len(account.cloud.called("ExecuteChangeSet"))
    account.deployment(phase="execute", approved=approved).run()
    assert account.commands() == commands
    assert len(account.cloud.called("ExecuteChangeSet")) == executed + 2
    assert len(account.cloud.called("CreateChangeSet")) == 3 + 3 + 1  # that of the stack without changes is made again
    assert account.cloud.change_sets == {}


def test_a_prepared_change_is_not_executed_without_approval(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    account.deployment(phase="prepare", approved="").run()
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(DeploymentError):
        account.deployment(phase="execute", approved="").run()
    assert account.cloud.called("ExecuteChangeSet") == []


def test_a_stack_that_needs_anothers_new_export_is_prepared_after_that(
    account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    """`Fn::ImportValue` is looked up when a change set is made."""
    account.deployment(phase="prepare", approved="").run()
    assert f"{SERVICE}: needs what another stack exports" in capsys.readouterr().out
    account.deployment(phase="execute").run()
    assert set(account.cloud.stacks) == {DATA, SERVICE, WATCHING}


def test_a_preparation_uses_credentials_that_need_not_be_able_to_execute(account: Account) -> None:
    account.deployment(phase="prepare", approved="").run()
    assert {as_deployer for _, as_deployer in account.clients} == {False}
    account.clients.clear()
    account.deployment(phase="execute").run()
    assert {as_deployer for _, as_deployer in account.clients} == {True}


@pytest.mark.parametrize(
    ("recorded", "previous"),
    [
        ({}, None),  # the first deployment
        ({COMMIT_OUTPUT: "1" * 40}, "1" * 40),
        ({COMMIT_OUTPUT: "1" * 40, PREVIOUS_COMMIT_OUTPUT: "2" * 40}, "1" * 40),
        ({COMMIT_OUTPUT: "this one", PREVIOUS_COMMIT_OUTPUT: "2" * 40}, "2" * 40),  # deployed again
    ],
)
def test_the_commit_that_a_rollback_goes_back_to_is_recorded(
    account: Account, recorded: dict[str, str], previous: str | None
) -> None:
    exports = {name: account.head() if value == "this one" else value for name, value in recorded.items()}
    account.deployment().run()
    account.cloud.stacks[WATCHING].template = Template(resources={}, exports=exports)
    account.deployment().run()
    synth = [arguments for arguments in calls(account.cdk) if arguments[0] == "synth"][-1]
    assert [word for word in synth if word.startswith("previous=")] == ([f"previous={previous}"] if previous else [])


def test_the_assembly_may_be_of_any_partition_of_accounts(tmp_path: Path) -> None:
    """A stage that pins no account takes that of the credentials."""
    make_assembly(tmp_path / "assembly", {DATA: ()}, account="unknown-account")
    (stack,) = assembled_stacks(tmp_path / "assembly", "999988887777")
    assert stack.account == "999988887777"
    assert stack.template_url == f"https://assets-999988887777.s3.{REGION}.amazonaws.com/{DATA}.json"
    assert stack.deploy_role == f"arn:aws:iam::999988887777:role/cdk-deploy-{REGION}"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--stage", "no-such-stage"], "no-such-stage"),
        (["--stage", "example"], "rehearsal"),
    ],
)
def test_the_command_says_what_is_wrong_in_words(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deploy.main(arguments) == 1
    assert said in capsys.readouterr().err
