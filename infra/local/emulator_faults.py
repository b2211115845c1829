"""What the emulator does otherwise than AWS, and what makes up for it.

The program is written for AWS. Where MiniStack differs, one entry of three tables says how, and when the entry can go:
`PATCHES` in `emulator_patches.py` changes the emulator as it starts, `REPAIRS` in `deployment_repairs.py` completes a
deployment, and `ALLOWANCES` here lists what the local stage does otherwise. Each was seen in the version below: a test
fails when another one is locked, so that every entry is looked at again.
"""

from dataclasses import dataclass

SEEN_IN = "1.5.33"
"""The version of MiniStack in which every fault was seen."""


@dataclass(frozen=True, kw_only=True)
class EmulatorFault:
    """One difference from AWS."""

    fault: str
    """What the emulator does, and what AWS does."""
    mended_when: str
    """How to see that the entry is needed no more."""


@dataclass(frozen=True, kw_only=True)
class Allowance(EmulatorFault):
    """A difference that a setting or a few lines elsewhere make up for."""

    where: str
    """The file, and a text in it that the allowance consists of."""
    text: str


ALLOWANCES = (
    Allowance(
        fault="Its CloudFormation fails on AWS::GuardDuty::*; the function `scan_file` stands in for GuardDuty.",
        mended_when="a stack with a malware protection plan deploys, and an uploaded file gets GuardDuty's tag",
        where="infra/stages/local.toml",
        text="malware_protection = false",
    ),
    Allowance(
        fault="An event for a function whose reserved concurrency is spent is given up; AWS repeats it for six hours.",
        mended_when="a stage with `looks_at_once=1` scans twenty files sent at once",
        where="infra/stages/local.toml",
        text="Without looks_at_once: the emulator",
    ),
    Allowance(
        fault="A secret's Ref is its name; in AWS it is its ARN, which a grant needs.",
        mended_when="`secret_arn` in place of `Id` lets `start_mail` read the secret under `AUTH=true`",
        where="infra/constructs/secret.py",
        text='resource.get_att("Id")',
    ),
    Allowance(
        fault="The API's own address is under `*.localhost`, which not every resolver knows; AWS's is in the DNS.",
        mended_when="`curl https://b0dd0001.execute-api.localhost:4566/v1/health` works on every machine",
        where="infra/local/deployment.py",
        text="/_aws/execute-api/",
    ),
    Allowance(
        fault="The token endpoint of a user pool is at the emulator's own address; in AWS each pool has a domain.",
        mended_when="the stack's output TokenUrl answers",
        where="infra/local/running.py",
        text="/oauth2/token",
    ),
    Allowance(
        fault="It logs the address or telephone of each e-mail and SMS that it sends; AWS's services log none.",
        mended_when="a run's `cloud.log` holds no star",
        where="infra/local/cloud.py",
        text="keep_masked(process",
    ),
    Allowance(
        fault="Its workers inherit its environment, so that it gets one without the caller's; Lambda's have their own.",
        mended_when="a function does not see a variable that the emulator was started with",
        where="infra/local/cloud.py",
        text="env=_environment(",
    ),
    Allowance(
        fault="Functions can import what is installed beside the emulator; in Lambda they see boto3 and their layers.",
        mended_when="a function fails to import `ministack` when the emulator is installed in its interpreter",
        where="infra/local/interpreter.py",
        text='"--target", str(made.emulator)',
    ),
    Allowance(
        fault="It has no StartMessageMoveTask: `operate` receives and sends again, which is right in AWS too.",
        mended_when="the call answers; moving by it would then be a choice, not a need",
        where="infra/functions/operator_routes.py",
        text="may_receive()",
    ),
)
