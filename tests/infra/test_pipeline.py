"""What the pipeline may do: nothing without OIDC, each job its own part, and no mail is within its reach."""

import ast
import json
from collections.abc import Iterator, Mapping
from typing import Any

import botocore.session
import pytest
from aws_cdk import App
from aws_cdk.assertions import Template
from botocore import xform_name

from infra.app import check
from infra.paths import INFRA
from infra.pipeline import _PUBLISH, ISSUER, PipelineAccess, WrongRepositoryError
from infra.stage import Stage
from tests.support.inspection.synthesised import listed, spelled

REPOSITORY = "service-public/bureau-ordre"
PLACE = "arn:<AWS::Partition>:cloudformation:*:<AWS::AccountId>:stack"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """The roles of the rehearsal's pipeline, cdk-nag looking on."""
    app = App(outdir=str(tmp_path_factory.mktemp("pipeline")))
    stack = PipelineAccess(app, stage=Stage.load("example"), repository=REPOSITORY, makes_provider=True)
    check(app)
    app.synth()
    return Template.from_stack(stack).to_json()


@pytest.fixture(scope="module")
def roles(template: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The roles, by the first word of their logical id."""
    found = {
        name: resource["Properties"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::IAM::Role"
    }
    return {
        job: role
        for job in ("Diff", "Prepare", "Deploy", "Smoke")
        for name, role in found.items()
        if name.startswith(job)
    }


def allowed(role: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each action of a role with each resource, and the condition."""
    for policy in role["Policies"]:
        for statement in policy["PolicyDocument"]["Statement"]:
            assert statement["Effect"] == "Allow"
            for action in listed(statement["Action"]):
                for resource in listed(statement["Resource"]):
                    yield action, spelled(resource), statement.get("Condition", {})


def actions(role: dict[str, Any]) -> set[str]:
    return {action for action, _, _ in allowed(role)}


@pytest.mark.parametrize(
    ("job", "environments"),
    [
        ("Diff", ["example-diff"]),
        ("Prepare", ["example-prepare"]),
        ("Deploy", ["example", "example-rollback"]),
        ("Smoke", ["example-smoke"]),
    ],
)
def test_a_role_is_for_jobs_of_one_repository_in_their_own_environment(
    roles: dict[str, Any], job: str, environments: list[str]
) -> None:
    """Without the subject any repository could take the role; with a wildcard in it, any branch.

    docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
    """
    (statement,) = roles[job]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert statement["Condition"] == {
        "StringEquals": {
            f"{ISSUER}:aud": "sts.amazonaws.com",
            f"{ISSUER}:sub": [f"repo:{REPOSITORY}:environment:{each}" for each in environments],
        }
    }


@pytest.mark.parametrize("repository", ["", "*", "owner", "owner/*", "owner/name:*", "owner/na?me", "a/b/c", "é/name"])
def test_a_name_that_is_no_repository_is_refused(repository: str) -> None:
    with pytest.raises(WrongRepositoryError, match="owner/name"):
        PipelineAccess(App(), stage=Stage.load("example"), repository=repository, makes_provider=True)


def test_the_provider_of_an_account_is_made_once() -> None:
    app = App()
    stack = PipelineAccess(app, stage=Stage.load("example"), repository=REPOSITORY, makes_provider=False)
    other = Template.from_stack(stack).to_json()
    assert "AWS::IAM::OIDCProvider" not in {each["Type"] for each in other["Resources"].values()}


def test_a_change_request_reads_templates_and_nothing_else(roles: dict[str, Any]) -> None:
    assert actions(roles["Diff"]) == {
        "cloudformation:DescribeStacks",
        "cloudformation:GetTemplate",
        "cloudformation:GetTemplateSummary",
    }


@pytest.mark.parametrize("job", ["Diff", "Prepare", "Deploy", "Smoke"])
def test_no_role_reaches_another_stages_stacks(roles: dict[str, Any], job: str) -> None:
    stacks = {resource for _, resource, _ in allowed(roles[job]) if ":cloudformation:" in resource}
    assert f"{PLACE}/BureauOrdre-example/*" in stacks
    assert all(each.startswith((f"{PLACE}/BureauOrdre-example/", f"{PLACE}/BureauOrdre-example-")) for each in stacks)


def test_what_prepares_can_execute_nothing(roles: dict[str, Any]) -> None:
    may = actions(roles["Prepare"])
    assert "cloudformation:CreateChangeSet" in may
    assert not {action for action in may if "Execute" in action or "UpdateStack" in action or "DeleteStack" in action}
    assumed = {resource for action, resource, _ in allowed(roles["Prepare"]) if action == "sts:AssumeRole"}
    assert all("-file-publishing-role-" in role for role in assumed)
    ((resource, condition),) = {
        (resource.rpartition("-role-")[0], json.dumps(condition))
        for action, resource, condition in allowed(roles["Prepare"])
        if action == "iam:PassRole"
    }
    assert resource.endswith("cfn-exec")
    assert "cloudformation.amazonaws.com" in condition


def test_what_deploys_acts_by_the_roles_of_the_bootstrap_in_each_region(roles: dict[str, Any]) -> None:
    assumed = {resource for action, resource, _ in allowed(roles["Deploy"]) if action == "sts:AssumeRole"}
    assert {role.partition("hnb659fds-")[2] for role in assumed} == {
        f"{kind}-role-<AWS::AccountId>-{region}"
        for kind in ("deploy", "file-publishing")
        for region in ("eu-west-3", "eu-central-1", "us-east-1")
    }
    published = {"s3:ListBucket", "cloudfront:CreateInvalidation", *_PUBLISH}
    assert actions(roles["Deploy"]) - {"sts:AssumeRole"} - published == actions(roles["Diff"])


def test_what_deploys_publishes_the_pages_of_its_stage_and_reads_no_object(roles: dict[str, Any]) -> None:
    """The bucket's name begins with the stack's: CloudFormation gives it the rest."""
    buckets = {resource for action, resource, _ in allowed(roles["Deploy"]) if action.startswith("s3:")}
    pages = "arn:<AWS::Partition>:s3:::bureauordre-example-edge-*"
    assert buckets == {pages, f"{pages}/*"}
    assert not {action for action in actions(roles["Deploy"]) if action.startswith(("s3:GetObject", "s3:Put"))} - {
        *("s3:GetObjectTagging", "s3:PutObject", "s3:PutObjectTagging")
    }


def test_a_stage_without_a_domain_has_no_pages_to_publish() -> None:
    stack = PipelineAccess(App(), stage=Stage.load("dev"), repository=REPOSITORY, makes_provider=True)
    assert 's3:PutObject"' not in json.dumps(Template.from_stack(stack).to_json())


def test_smoke_reads_no_mail(roles: dict[str, Any]) -> None:
    """Of the table the organisms' entries, of the bucket the seals' certificates and the names of heads."""
    may = {action: (resource, condition) for action, resource, condition in allowed(roles["Smoke"])}
    assert all(action.partition(":")[2].startswith(("Describe", "Get", "List", "Query", "Decrypt")) for action in may)
    for action in ("dynamodb:GetItem", "dynamodb:Query"):
        assert may[action][1] == {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["ORGANISM"]}}
    assert may["s3:GetObject"][0].endswith("/seal/*")
    assert may["s3:ListBucket"][1] == {"StringEquals": {"s3:prefix": "heads/"}}
    assert may["kms:Decrypt"][1]["ForAnyValue:StringLike"] == {"kms:ResourceAliases": "alias/bureau-ordre-example*"}


OTHERWISE_NAMED = {
    "monitoring:DescribeAlarms": "cloudwatch:DescribeAlarms",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:ListObjectsV2": "s3:ListBucket",
    "sts:GetCallerIdentity": None,  # always allowed
}
"""Operations whose permission has another name."""


def called() -> Iterator[str]:
    """The permissions that `make smoke` needs: each operation that its modules name, of a service that they name."""
    session = botocore.session.Session()
    for path in sorted((INFRA / "commands").glob("smoke*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        words = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        for service in texts & set(session.get_available_services()):
            model = session.get_service_model(service)
            for operation in model.operation_names:
                if xform_name(operation) in words | texts:
                    name = f"{model.signing_name}:{operation}"
                    yield from {OTHERWISE_NAMED.get(name, name)} - {None}  # type: ignore[misc]


def test_smoke_may_do_all_that_it_does(roles: dict[str, Any]) -> None:
    assert len(set(called())) > 15
    assert set(called()) - actions(roles["Smoke"]) == set()
