"""The key for seals: it only signs, nobody but the receipts' function uses it, and it outlives the stack."""

from collections.abc import Mapping

from tests.support.inspection.synthesised import Synthesised, listed, spelled


def _seal_keys(synthesised: Synthesised) -> dict[str, Mapping[str, object]]:
    keys = synthesised.of_type("AWS::KMS::Key")
    return {logical: key for logical, key in keys.items() if logical.startswith("SealKeys")}


def test_a_key_for_seals_signs_on_p_256_under_an_alias_of_its_stage(synthesised: Synthesised) -> None:
    ((logical, key),) = _seal_keys(synthesised).items()
    assert (key["KeySpec"], key["KeyUsage"]) == ("ECC_NIST_P256", "SIGN_VERIFY")
    aliases = {
        alias["AliasName"]
        for alias in synthesised.of_type("AWS::KMS::Alias").values()
        if spelled(alias["TargetKeyId"]) == f"<{logical}.Arn>"
    }
    assert aliases == {f"alias/bureau-ordre-{synthesised.stage}-seal-2026"}
    told = synthesised.functions()["render_receipt"]["Environment"]["Variables"]
    assert {told["SEAL_KEY"]} == aliases
    assert told["SEAL_CHAIN"] == f"seal/bureau-ordre-{synthesised.stage}-seal-2026.pem"


def test_where_mail_outlives_the_stack_the_key_does(prod: Synthesised) -> None:
    ((logical, _),) = _seal_keys(prod).items()
    assert prod.template["Resources"][logical]["DeletionPolicy"] == "RetainExceptOnCreate"


def test_nobody_but_the_receipts_function_signs(synthesised: Synthesised) -> None:
    ((key, _),) = _seal_keys(synthesised).items()
    signing = {
        operation
        for operation in synthesised.operations()
        for statement in synthesised.statements(operation)
        if f"<{key}.Arn>" in map(spelled, listed(statement.get("Resource", [])))
    }
    assert signing == {"render_receipt"}
