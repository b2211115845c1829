"""Deploy a stage: `make deploy STAGE=prod`, from a commit, into the stage's account, after somebody agreed.

A terminal is asked for the stage's name. A pipeline prepares the change sets, has people read them, and executes them
with the digest of the commit that they read (`APPROVE=<commit>`).
"""

import argparse
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.commands.change_sets import ChangeError, ChangingStack, MissingExportError, Triggers
from infra.commands.cloud_assembly import AssembledStack, assembled_stacks, templates
from infra.commands.commit import Commit, NotCommittedError, commit_of
from infra.commands.publish_pages import FAILURES, build_and_publish
from infra.commands.template_faults import template_faults
from infra.names import COMMIT_OUTPUT, PREVIOUS_COMMIT_OUTPUT, ROLLBACK_ALARMS_OUTPUT, Part, stack_name
from infra.paths import ROOT
from infra.stage import Stage
from infra.stage_file import StageError
from infra.stage_refusals import load_for_synthesis, require_deployable

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

WATCHED_MINUTES = 10
"""How long the alarms are watched after a change: two of their periods of five minutes."""
_AGAIN = "`make pages` does that alone; the pages of before are served meanwhile."
_CDK = ("node_modules/.bin/cdk",)


class DeploymentError(Exception):
    """A deployment was refused; the message says why, and what to do."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the command line asks for."""

    stage: Stage
    phase: str
    """`prepare`: make the change sets; `execute`: make the changes that were prepared; `both`."""
    approved: str
    """The digest of the commit that people agreed to; empty where a terminal is asked instead."""
    watches_alarms: bool = True
    """Whether alarms undo the change. Without: a repair is deployed while the alarms ring."""
    imports_existing: bool = False
    """Whether resources that a failed deployment left are taken over by name."""
    assembly: Path = ROOT / "cdk.out"


class Access:
    """What the active credentials open."""

    def __init__(self, session: boto3.Session) -> None:
        """Take the credentials of a session."""
        self._session, self._sts = session, session.client("sts")

    def account(self) -> str:
        """The account of the credentials. Raises DeploymentError."""
        try:
            account: str = self._sts.get_caller_identity()["Account"]
        except (BotoCoreError, ClientError) as error:
            raise DeploymentError(f"AWS does not know the credentials: {error}") from None
        return account

    def outputs(self, stack: str, region: str) -> Mapping[str, str]:
        """What a stack says of itself; nothing where it is not deployed."""
        client = self._session.client("cloudformation", region_name=region)
        try:
            (found,) = client.describe_stacks(StackName=stack)["Stacks"]
        except ClientError as error:
            if error.response["Error"]["Code"] == "ValidationError":
                return {}
            raise DeploymentError(str(error)) from None
        return {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", [])}

    def cloudformation(self, stack: AssembledStack, *, as_deployer: bool) -> "CloudFormationClient":
        """A client in the stack's account: as the CDK's role that deploys, or with these very credentials.

        The latter may be allowed to make change sets and not to execute them. Raises DeploymentError.
        """
        if not as_deployer:
            return self._session.client("cloudformation", region_name=stack.region)
        try:
            assumed = self._sts.assume_role(RoleArn=stack.deploy_role, RoleSessionName="deploy")["Credentials"]
        except ClientError as error:
            raise DeploymentError(f"Is {stack.account} bootstrapped in {stack.region}? {error}") from None
        return boto3.client(
            "cloudformation",
            region_name=stack.region,
            aws_access_key_id=assumed["AccessKeyId"],
            aws_secret_access_key=assumed["SecretAccessKey"],
            aws_session_token=assumed["SessionToken"],
        )

    def publish_pages(self, stage: Stage) -> None:
        """Build the pages with the stage's desks, and publish them. Raises DeploymentError."""
        try:
            build_and_publish(self._session, stage, say=_say)
        except FAILURES as error:
            raise DeploymentError(f"The stage is deployed, its pages are not published: {error}\n{_AGAIN}") from None


class Deployment:
    """A stage, the commit and the credentials that it is to be deployed from."""

    def __init__(self, wish: Wish, access: Access, *, folder: Path = ROOT, cdk: Sequence[str] = _CDK) -> None:
        """Check that this may be deployed. Raises StageError, DeploymentError, NotCommittedError."""
        stage = wish.stage
        require_deployable(stage)
        self.wish, self.folder = wish, folder
        self.commit: Commit = commit_of(folder)
        self.account = access.account()
        if stage.account and self.account != stage.account:
            raise DeploymentError(
                f"The credentials are of account {self.account}, but {stage.name} belongs to {stage.account}: "
                "nothing was changed."
            )
        self._access, self._cdk = access, cdk
        self._deployed = access.outputs(stack_name(stage.name, Part.WATCHING), stage.region)

    @property
    def change_set(self) -> str:
        """The name of the change sets, by which those of a commit are found again."""
        return f"commit-{self.commit.short}"

    def run(self) -> None:
        """Prepare, ask, execute, publish the pages, as the phase says. Raises DeploymentError, ChangeError."""
        self._name()
        if self.wish.phase != "execute":
            self._synthesise()
            self._run_cdk("diff", "--all")
        if self.wish.phase != "prepare":
            self._ask()
        if self.wish.phase != "execute":
            self._run_cdk("publish-assets", "--unstable=publish-assets", "--all")
        for stack in assembled_stacks(self.wish.assembly, self.account):
            self._change(stack)
        if self.wish.phase != "prepare" and self.wish.stage.domain:
            _say("\nThe pages")
            self._access.publish_pages(self.wish.stage)

    def _name(self) -> None:
        stage = self.wish.stage
        _say(f"Stage    {stage.name}")
        _say(f"Account  {self.account}")
        _say(f"Region   {stage.region}")
        _say(f"Commit   {self.commit.short} {self.commit.subject}")

    def _synthesise(self) -> None:
        context = {"stage": self.wish.stage.name, "commit": self.commit.digest, "previous": self._previous()}
        given = [word for name, value in context.items() if value for word in ("--context", f"{name}={value}")]
        self._call_cdk("synth", "--quiet", "--all", *given, "--output", str(self.wish.assembly))
        if faults := list(template_faults(templates(self.wish.assembly))):
            raise DeploymentError("\n".join(["cfn-lint finds faults; nothing was changed.", *faults]))

    def _previous(self) -> str:
        """The commit that this one follows, which a rollback goes back to; empty for the first."""
        deployed = self._deployed.get(COMMIT_OUTPUT, "")
        return self._deployed.get(PREVIOUS_COMMIT_OUTPUT, "") if deployed == self.commit.digest else deployed

    def _run_cdk(self, *arguments: str) -> None:
        self._call_cdk(*arguments, "--app", str(self.wish.assembly))

    def _call_cdk(self, *arguments: str) -> None:
        done = subprocess.run([*self._cdk, *arguments], cwd=self.folder, check=False)
        if done.returncode != 0:
            raise DeploymentError(f"cdk {arguments[0]} failed ({done.returncode}); nothing was changed.")

    def _ask(self) -> None:
        """Go on only where somebody agreed to this commit. Raises DeploymentError."""
        if self.wish.approved:
            if self.wish.approved != self.commit.digest:
                raise DeploymentError(
                    f"Approved was {self.wish.approved}, but {self.commit.digest} is checked out: nothing was changed."
                )
            return
        if not sys.stdin.isatty():
            raise DeploymentError(
                "Without a terminal, no one can be asked. A pipeline names the commit that people agreed to: "
                f"APPROVE={self.commit.digest}"
            )
        name = self.wish.stage.name
        if input(f"Type the stage's name ({name}) to deploy it: ").strip() != name:
            raise DeploymentError("Nothing was changed.")

    def _triggers(self) -> Triggers | None:
        """The alarms that exist: before the first deployment there are none."""
        alarms = self._deployed.get(ROLLBACK_ALARMS_OUTPUT, "")
        if not alarms or not self.wish.watches_alarms:
            return None
        return Triggers(alarms=alarms.split(","), minutes=WATCHED_MINUTES)

    def _change(self, stack: AssembledStack) -> None:
        changing = self._changing(stack)
        is_service = stack.name == stack_name(self.wish.stage.name, Part.SERVICE)
        triggers = self._triggers() if is_service else None
        if self.wish.phase == "execute" and changing.is_prepared(self.change_set):
            _say(f"\n{stack.name}: as prepared")
            changing.execute(self.change_set)
            return
        try:
            changes = changing.prepare(
                self.change_set,
                description=f"{self.commit.digest} {self.commit.subject}"[:1024],
                triggers=triggers,
                import_existing=self.wish.imports_existing,
            )
        except MissingExportError:
            if self.wish.phase != "prepare":
                raise
            _say(f"\n{stack.name}: needs what another stack exports once it is changed; prepared after that")
            return
        if changes is None:
            _say(f"\n{stack.name}: no changes")
            return
        _say(f"\n{stack.name}: {len(changes)} changes" + (f", {len(triggers.alarms)} alarms watch" if triggers else ""))
        for change in changes:
            _say(f"  {change}")
        if self.wish.phase != "prepare":
            changing.execute(self.change_set)

    def _changing(self, stack: AssembledStack) -> ChangingStack:
        client = self._access.cloudformation(stack, as_deployer=self.wish.phase != "prepare")
        return ChangingStack(client=client, stack=stack)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _parsed(arguments: Sequence[str]) -> Wish:
    parser = argparse.ArgumentParser(description="Deploy a stage.")
    parser.add_argument("--stage", required=True)
    parser.add_argument("--prepare", dest="phase", action="store_const", const="prepare", default="both")
    parser.add_argument("--execute", dest="phase", action="store_const", const="execute")
    parser.add_argument("--approve", default="", help="the digest of the commit that people agreed to")
    parser.add_argument("--without-alarms", action="store_true", help="deploy a repair while the alarms ring")
    parser.add_argument("--import-existing-resources", action="store_true", help="take over what a failure left")
    given = parser.parse_args(arguments)
    return Wish(
        stage=load_for_synthesis(given.stage),
        phase=given.phase,
        approved=given.approve,
        watches_alarms=not given.without_alarms,
        imports_existing=given.import_existing_resources,
    )


def main(arguments: Sequence[str]) -> int:
    """Return 0 once the stage is deployed, or prepared."""
    try:
        wish = _parsed(arguments)
        Deployment(wish, Access(boto3.Session(region_name=wish.stage.region))).run()
    except (StageError, DeploymentError, NotCommittedError, ChangeError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
