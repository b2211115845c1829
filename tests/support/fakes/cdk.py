"""The CDK's command line, as far as a deployment calls it: it notes its arguments, and hands out a ready assembly.

It stands in a program of its own, because that is how a deployment calls it: `python cdk.py <folder> <arguments>`.
"""

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

NOTED, READY = "calls.jsonl", "ready"
TEMPLATE = {
    "Parameters": {"MachineClients": {"Type": "String"}},
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Ref": "MachineClients"}}}},
}
REGION, ACCOUNT = "eu-west-3", "111122223333"


def fake_cdk(folder: Path) -> tuple[str, ...]:
    """The command that stands for the CDK's."""
    return (sys.executable, __file__, str(folder))


def calls(folder: Path) -> list[list[str]]:
    """The arguments of each call so far."""
    noted = folder / NOTED
    return [json.loads(line) for line in noted.read_text().splitlines()] if noted.exists() else []


def make_assembly(folder: Path, stacks: Mapping[str, tuple[str, ...]], account: str = ACCOUNT) -> None:
    """Make an assembly of stacks, each with those that it depends on, as the CDK writes it."""
    folder.mkdir(parents=True)
    artifacts: dict[str, object] = {}
    for name, needed in stacks.items():
        artifacts[f"{name}.assets"] = {"type": "cdk:asset-manifest", "properties": {"file": f"{name}.assets.json"}}
        artifacts[name] = {
            "type": "aws:cloudformation:stack",
            "environment": f"aws://{account}/{REGION}",
            "dependencies": [*needed, f"{name}.assets"],
            "properties": {
                "templateFile": f"{name}.template.json",
                "terminationProtection": False,
                "assumeRoleArn": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/cdk-deploy-${AWS::Region}",
                "cloudFormationExecutionRoleArn": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/cdk-exec",
                "stackTemplateAssetObjectUrl": f"s3://assets-${{AWS::AccountId}}/{name}.json",
            },
        }
        (folder / f"{name}.template.json").write_text(json.dumps(TEMPLATE))
    (folder / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))


def main(folder: Path, arguments: list[str]) -> int:
    """Answer a call; a file `fails-<command>` makes that command fail."""
    with (folder / NOTED).open("a") as noted:
        noted.write(json.dumps(arguments) + "\n")
    if arguments[0] == "synth":
        shutil.copytree(folder / READY, arguments[arguments.index("--output") + 1], dirs_exist_ok=True)
    return 1 if (folder / f"fails-{arguments[0]}").exists() else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
