"""A stage's stacks: what lives long is apart from what changes often, and one command deploys all of them in order."""

import json
from graphlib import TopologicalSorter

from infra.names import Part, stack_name
from tests.infra.logical_ids import IN_EVERY_STAGE, OF_A_STAGE
from tests.support.inspection.stages import SYNTHESISED
from tests.support.inspection.synthesised import Synthesised

MOST = 400
"""Resources of a stack. CloudFormation's limit is 500 (docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/
cloudformation-limits.html); the rest is room to grow."""

HOLDS_STATE = set(IN_EVERY_STAGE.values()) | {
    "AWS::Backup::BackupVault",
    "AWS::DynamoDB::GlobalTable",
    "AWS::EFS::FileSystem",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::Kinesis::Stream",
    "AWS::RDS::DBInstance",
    "AWS::SSM::Parameter",
}
"""Types of resources that hold what cannot be made again; log groups are with the functions that write to them."""

EXPORTS = [
    "ExportsOutputFnGetAttKey961B73FDArn5A860C43",
    "ExportsOutputFnGetAttTokensSecretA6069DB5Id1BF6821A",
    "ExportsOutputFnGetAttWebhookKeysSecretDC670954Id569B5AE9",
    "ExportsOutputRefIdentityPool9E5AED46E896D158",
    "ExportsOutputRefIdentityPoolPeople19B182094ABAA3A1",
    "ExportsOutputRefRecordsTableC9B7A30BCAC3359A",
    "ExportsOutputRefSentOnceTableEC4E3B881B6CA245",
]
"""What every stage's data stack exports, beside the ARNs of the keys that sign: whether it is used or not."""


def _exports(synthesised: Synthesised, part: Part) -> list[str]:
    """The ids of a stack's outputs that are exported."""
    outputs = synthesised.parts[part].get("Outputs", {})
    return sorted(name for name, output in outputs.items() if "Export" in output)


def _imports(synthesised: Synthesised, part: Part) -> set[str]:
    """What a stack imports: the stack that it takes from, and the id of the output."""
    found: set[str] = set()

    def noted(pairs: dict[str, object]) -> dict[str, object]:
        found.update(str(value) for key, value in pairs.items() if key == "Fn::ImportValue")
        return pairs

    json.loads(json.dumps(synthesised.parts[part]), object_hook=noted)
    return found


def _dependencies(synthesised: Synthesised) -> dict[str, set[str]]:
    """The stacks that each of the stage's stacks waits for."""
    own = synthesised.artifacts
    return {name: own.keys() & set(each.get("dependencies", [])) for name, each in own.items()}


def test_no_stack_comes_near_the_limit_of_resources(synthesised: Synthesised) -> None:
    counts = {part.value: len(template["Resources"]) for part, template in synthesised.parts.items()}
    print(f"{synthesised.stage}: {counts}")  # noqa: T201 - pytest shows it where the test fails, or on demand
    assert {name: count for name, count in counts.items() if count > MOST} == {}, f"of {counts}"


def test_stacks_are_deployed_one_after_the_other_and_none_waits_for_itself(synthesised: Synthesised) -> None:
    dependencies = _dependencies(synthesised)
    data, service, watching = (stack_name(synthesised.stage, part) for part in (Part.DATA, Part.SERVICE, Part.WATCHING))
    in_order = list(TopologicalSorter(dependencies).static_order())  # raises CycleError
    assert in_order.index(data) < in_order.index(service) < in_order.index(watching)
    assert data in dependencies[service]
    assert service in dependencies[watching]


def test_the_data_stack_has_the_name_that_a_stages_only_stack_had() -> None:
    """Under another name it would be another stack, with an empty table and an empty bucket."""
    assert stack_name("prod", Part.DATA) == "BureauOrdre-prod"
    assert stack_name("prod", Part.SERVICE) == "BureauOrdre-prod-Service"


def test_what_holds_state_has_the_logical_id_it_was_created_under(synthesised: Synthesised) -> None:
    """`logical_ids` says why that list is never made again from a template."""
    kinds = set(IN_EVERY_STAGE.values())
    resources = synthesised.parts[Part.DATA]["Resources"]
    found = {name: each["Type"] for name, each in resources.items() if each["Type"] in kinds}
    assert found == IN_EVERY_STAGE | OF_A_STAGE[synthesised.stage]


def test_nothing_that_holds_state_is_in_a_stack_that_changes_with_the_code(synthesised: Synthesised) -> None:
    for part in (Part.SERVICE, Part.WATCHING):
        assert synthesised.only(part).kinds().keys() & HOLDS_STATE == set()


def test_the_data_stack_uses_nothing_of_the_others(synthesised: Synthesised) -> None:
    """What it used could not go before it."""
    assert _imports(synthesised, Part.DATA) == set()


def test_the_data_stack_exports_few_values_and_always_the_same(synthesised: Synthesised) -> None:
    """An export that goes with its last use is removed while the service that is deployed still imports it.

    CloudFormation refuses that: docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html.
    """
    signing = [name for name, kind in OF_A_STAGE[synthesised.stage].items() if kind == "AWS::KMS::Key"]
    exports = _exports(synthesised, Part.DATA)
    of_keys = [name for name in exports if name.startswith(tuple(f"ExportsOutputFnGetAtt{key}Arn" for key in signing))]
    assert len(of_keys) == len(signing)
    assert sorted(set(exports) - set(of_keys)) == EXPORTS


def test_an_alarm_does_not_hold_what_it_watches(synthesised: Synthesised) -> None:
    """A function that goes is gone before the stack of alarms is deployed: only what stays is imported."""
    (api,) = _exports(synthesised, Part.SERVICE)
    assert api.startswith("ExportsOutputRefApiHttpApi")
    data = stack_name(synthesised.stage, Part.DATA)
    tables = {f"{data}:{name}" for name in _exports(synthesised, Part.DATA) if "Table" in name}
    imported = _imports(synthesised, Part.WATCHING)
    assert imported - tables == {f"{stack_name(synthesised.stage, Part.SERVICE)}:{api}"}


def test_a_first_deployment_that_fails_can_be_repeated(synthesised: Synthesised) -> None:
    """`Retain` keeps resources of a creation that failed too: their names are then taken, at every further attempt.

    docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
    """
    for template in synthesised.parts.values():
        kept = {
            name: each["DeletionPolicy"] for name, each in template["Resources"].items() if "DeletionPolicy" in each
        }
        lasting = {"RetainExceptOnCreate"} if SYNTHESISED[synthesised.stage].is_lasting else set()
        assert set(kept.values()) <= {"Delete", *lasting}, kept


def test_a_stack_that_lasts_is_not_deleted_by_mistake(synthesised: Synthesised) -> None:
    protected = {
        name: each["properties"].get("terminationProtection", False) for name, each in synthesised.artifacts.items()
    }
    assert set(protected.values()) == {SYNTHESISED[synthesised.stage].is_lasting}, protected
