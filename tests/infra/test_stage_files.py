"""A stage's file: found by its name, read strictly, every fault named with file and key."""

import shutil
from pathlib import Path

import pytest
from pydantic import ValidationError

from infra.local import assembly
from infra.paths import STAGE_FILES
from infra.stage import Stage, stage_names
from infra.stage_file import StageError
from tests.support.inspection.stages import changed

EXAMPLE = STAGE_FILES / "example.toml"


def written(folder: Path, text: str, name: str = "example") -> Path:
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def line_of(key: str) -> str:
    """The line of the example that sets a key."""
    (line,) = [line for line in EXAMPLE.read_text().splitlines() if line.startswith(f"{key} = ")]
    return line


def with_line(key: str, line: str) -> str:
    """The example's text with another line for a key."""
    return EXAMPLE.read_text().replace(line_of(key), line)


def refusal(folder: Path, name: str = "example") -> str:
    with pytest.raises(StageError) as caught:
        Stage.load(name, folder)
    return str(caught.value)


KEYS = [line.partition(" = ")[0] for line in EXAMPLE.read_text().splitlines() if " = " in line and line[0].isalpha()]
MAY_BE_LEFT_OUT = {
    *("account", "second_region", "second_account", "break_glass_role", "domain", "certificate"),
    *("origin_secrets", "canary.organism", "looks_at_once", "timestamp_authority"),
}


def test_a_file_that_is_added_is_a_stage(tmp_path: Path) -> None:
    text = EXAMPLE.read_text().replace('name = "example"', 'name = "rabat"')
    written(tmp_path, text, "rabat")
    assert stage_names(tmp_path) == ("rabat",)
    assert Stage.load("rabat", tmp_path).name_of("files") == "bureau-ordre-rabat-files"


@pytest.mark.parametrize("name", ["nowhere", "", "../stages/prod", "Prod"])
def test_a_stage_without_a_file_is_answered_by_those_that_there_are(name: str) -> None:
    with pytest.raises(StageError, match="The stages are dev, example, local, prod"):
        Stage.load(name)


def test_every_stage_of_the_repository_can_be_read() -> None:
    assert [Stage.load(name).name for name in stage_names()] == ["dev", "example", "local", "prod"]
    assert [name for name in stage_names() if Stage.load(name).rehearsal] == ["example"]
    assert [name for name in stage_names() if Stage.load(name).is_lasting] == ["example", "prod"]


def test_the_example_sets_and_explains_every_setting() -> None:
    """An operations team reads it once, and finds each key there is."""
    settings = {key.partition(".")[0] for key in KEYS}
    text = EXAMPLE.read_text()
    assert Stage.model_fields.keys() - settings == {"api_id", "records_table", "sent_once_table"}
    assert all(f"{key} = " in text for key in ("records_table", "sent_once_table"))


def test_a_file_that_bears_another_stages_name_is_refused(tmp_path: Path) -> None:
    """A copy that was renamed, and not edited, would otherwise change the resources of the stage it was copied from."""
    written(tmp_path, EXAMPLE.read_text(), "prod2")
    said = refusal(tmp_path, "prod2")
    assert "prod2.toml" in said
    assert "name: the file is prod2.toml, and the stage in it 'example'" in said


@pytest.mark.parametrize("text", ["name = ", "name: prod", "\x00", 'name = "a"\nname = "b"'])
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, text: str) -> None:
    said = refusal(written(tmp_path, text))
    assert "example.toml is no TOML" in said


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "example.toml").write_bytes('name = "é"'.encode("latin-1"))
    assert "example.toml is no TOML" in refusal(tmp_path)


@pytest.mark.parametrize("key", KEYS)
def test_a_key_that_is_misspelt_is_named(tmp_path: Path, key: str) -> None:
    line = line_of(key)
    said = refusal(written(tmp_path, with_line(key, line.replace(key, f"{key}x", 1))))
    assert "example.toml cannot be used" in said
    assert f"{key.partition('.')[0]}" in said
    assert "unknown: it is misspelt" in said or f"{key}: missing" in said


@pytest.mark.parametrize("key", [key for key in KEYS if key not in MAY_BE_LEFT_OUT])
def test_a_key_that_is_missing_is_named_with_its_meaning(tmp_path: Path, key: str) -> None:
    said = refusal(written(tmp_path, with_line(key, "")))
    (fault,) = [line.strip() for line in said.splitlines() if "missing. " in line]
    assert fault.startswith(f"{key}: missing. ")
    assert len(fault.partition("missing. ")[2]) > 10


@pytest.mark.parametrize("key", KEYS)
def test_a_value_of_another_type_is_named_and_not_converted(tmp_path: Path, key: str) -> None:
    given = line_of(key).partition(" = ")[2]
    wrong = '"1"' if given[0].isdigit() or given.startswith(("true", "false", "{", "[")) else "12"
    said = refusal(written(tmp_path, with_line(key, f"{key} = {wrong}")))
    assert f"  {key}: " in said
    assert wrong.strip('"') in said


WRONG = {
    "account": ["11112222333", "1111-2222-3333", "11112222333٣", "111122223333 "],
    "region": ["eu-west-33", "Paris", "eu-wset-3", "aws-global", "EU-WEST-3", "cn-north-1"],
    "second_region": ["eu-central", "eu-west-3a"],
    "second_account": ["0"],
    "certificate": [
        "arn:aws:acm:eu-west-3:111122223333:certificate/12345678-1234-1234-1234-123456789012",
        "arn:aws:acm:us-east-1:111122223333:certificate/",
        "arn:aws:iam::111122223333:server-certificate/courrier",
        "12345678-1234-1234-1234-123456789012",
    ],
    "break_glass_role": [
        "arn:aws:iam::111122223333:user/admin",
        "arn:aws:iam::111122223333:role/*",
        "arn:aws:iam::111122223333:root",
        "bris-de-glace",
    ],
    "domain": [
        "https://courrier.anam.ma",
        "courrier.anam.ma/",
        "courrier.anam.ma:443",
        "Courrier.anam.ma",
        "courrier.anam.ma.",
        "courrier",
        "*.anam.ma",
        "-a.anam.ma",
        "a_b.anam.ma",
        "192.0.2.1",
        "البريد.المغرب",
        "xn--a.ma",
        "a..ma",
        "",
        f"{'a' * 64}.ma",
    ],
    "files_bucket": [
        "ab",
        "Bureau-ordre",
        "bureau_ordre",
        "bureau.ordre.files",
        "-bureau-ordre",
        "bureau-ordre-",
        "bureau-ordre-111122223333",
        "xn--bureau-ordre",
        "bureau-ordre-s3alias",
        "b" * 64,
    ],
    "email_from": [
        "ne-pas-repondre",
        "a@b",
        "Bureau <a@anam.ma>",
        "a b@anam.ma",
        "a@ANAM.ma",
        "a@anam.ma\\n",
        "é@anam.ma",
    ],
    "sms_sender_id": ["BureauOrdre1", "Bureau Ordre", "", "12345", "Bureau-Ordre", "بريد"],
    "timestamp_authority": [
        "http://tsa.anam.ma",
        "tsa.anam.ma",
        "https://",
        "https://user:secret@tsa.anam.ma",
        "ftp://tsa.anam.ma",
        "http://127.0.0.1:8025/timestamp",
    ],
    "machine": ["arm", "graviton", ""],
    "retention_mode": ["compliance", "NONE"],
    "canary.organism": ["Essai", "essai/1", ""],
}


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in WRONG.items() for value in values])
def test_a_value_that_aws_or_the_standard_refuses_is_named(tmp_path: Path, key: str, value: str) -> None:
    """The forms are those of AWS's references and of RFC 5891 (host names) and RFC 5321 (addresses).

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
    https://docs.aws.amazon.com/sns/latest/dg/sms_sending-overview.html
    """
    said = refusal(written(tmp_path, with_line(key, f'{key} = "{value}"')))
    assert f"  {key}: " in said


WRONG_LISTS = {
    "alarm_emails": ['["exploitation"]', '["a@anam.ma", "a@anam.ma"]', '["a@anam.ma", 5]', '"a@anam.ma"'],
    "sms_countries": ['["MAR"]', '["ma"]', '["001"]', '["212"]', '["XZ"]', '["MA", "MA"]', '[""]', "[]"],
    "cors_origins": [
        '["portail.anam.ma"]',
        '["https://portail.anam.ma/"]',
        '["https://portail.anam.ma/mon-courrier"]',
        '["http://portail.anam.ma"]',
        '["https://PORTAIL.anam.ma"]',
        '["https://u@portail.anam.ma"]',
        '["https://*.anam.ma/"]',
    ],
    "statement_keys": ["[]", '["a b"]', '["2026", "2026"]', '["alias/2026"]'],
    "seal_keys": ["[]", '[""]'],
}


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in WRONG_LISTS.items() for value in values])
def test_a_list_with_a_wrong_entry_is_named(tmp_path: Path, key: str, value: str) -> None:
    said = refusal(written(tmp_path, with_line(key, f"{key} = {value}")))
    assert f"  {key}" in said


WRONG_NUMBERS = {
    "retention_days": ["0", "-1", "36_501", "3653.0"],
    "drafts_kept_days": ["0", "30"],
    "log_days": ["0", "31"],
    "looks_at_once": ["0", "901"],
    "reserved.submissions": ["0", "851"],
    "quotas.lambda_concurrency": ["0", "349"],
    "callers.each": ["9", "2_000_000_001", "599"],
    "callers.guarded": ["9", "3_001"],
    "callers.session": ["9", "3_001"],
    "budgets.month_usd": ["0", "4_999"],
    "message_caps.sms_month": ["0", "true"],
    "message_caps.sms_number": ["{ hour = 11, day = 10 }", "{ hour = 1 }", "{ hour = 1, day = 2, week = 3 }"],
    "throttle": ["{ rate = 0, burst = 1 }", "{ rate = 1 }", "5"],
}


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in WRONG_NUMBERS.items() for value in values])
def test_a_number_out_of_its_bounds_is_named(tmp_path: Path, key: str, value: str) -> None:
    """AWS keeps a hundred concurrent executions unreserved, and WAF counts at least ten requests.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
    """
    said = refusal(written(tmp_path, with_line(key, f"{key} = {value}")))
    table, _, _ = key.partition(".")
    assert f"  {table}" in said or "quotas.lambda_concurrency: " in said


GOOD: dict[str, list[object]] = {
    "domain": ["courrier.anam.ma", "xn--mgbai9azgqp6j.xn--mgbc0a9azcg", "a-1.b.c.gov.ma"],
    "region": ["eu-south-2", "me-central-1", "il-central-1", "us-east-1"],
    "files_bucket": ["b-1", "9" * 11, "b" * 58],
    "break_glass_role": ["arn:aws:iam::111122223333:role/equipe/securite/bris_de.glace@1"],
    "sms_sender_id": ["A", "212Courrier"],
    "email_from": ["a.b+c@x-y.gov.ma"],
    "cors_origins": [("https://portail.anam.ma:8443", "http://localhost:5173", "*"), ()],
    "sms_countries": [("MA", "FR")],
    "machine": ["x86_64", "this machine"],
}


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in GOOD.items() for value in values])
def test_what_aws_takes_is_taken(key: str, value: object) -> None:
    assert changed("example", **{key: value}).name == "example"


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    text = with_line("account", "account = 111122223333").replace(line_of("region"), "regoin = 'eu-west-3'")
    said = refusal(written(tmp_path, text.replace(line_of("web_acl"), 'web_acl = "true"')))
    assert {line.strip().partition(":")[0] for line in said.splitlines()[1:]} == {
        "account",
        "region",
        "regoin",
        "web_acl",
    }


def test_all_contradictions_are_named_at_once(tmp_path: Path) -> None:
    changes = {
        "second_region": 'second_region = "eu-west-3"',
        "second_account": 'second_account = "111122223333"',
        "certificate": "",
        "budgets.month_usd": "budgets.month_usd = 1",
        "looks_at_once": "looks_at_once = 2_000",
        "callers.each": "callers.each = 10",
        "sms_countries": "sms_countries = []",
    }
    text = EXAMPLE.read_text()
    for key, line in changes.items():
        text = text.replace(line_of(key), line)
    said = refusal(written(tmp_path, text + 'api_id = "b0dd0001"\n'))
    assert [line.strip().partition(":")[0] for line in said.splitlines()[1:]] == [
        "api_id",
        "second_region",
        "second_account",
        "domain, certificate",
        "sms_countries",
        "budgets",
        "callers",
        "quotas.lambda_concurrency",
    ]


def test_a_certificate_of_another_account_is_refused() -> None:
    """CloudFront takes a certificate of its own account alone.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
    """
    certificate = "arn:aws:acm:us-east-1:444455556666:certificate/12345678-1234-1234-1234-123456789012"
    with pytest.raises(ValidationError, match="its own account alone, 111122223333"):
        changed("example", certificate=certificate)


def test_a_second_account_without_a_second_region_is_refused(tmp_path: Path) -> None:
    assert "  second_account: " in refusal(written(tmp_path, with_line("second_region", "")))


def test_a_stage_does_not_change() -> None:
    stage = Stage.load("example")
    with pytest.raises(ValidationError, match="frozen"):
        stage.retention_days = 1  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        stage.throttle.rate = 1  # type: ignore[misc]


def test_the_public_address_is_the_domains() -> None:
    assert Stage.load("example").public_url == "https://courrier.example.ma"
    assert Stage.load("local").public_url is None


def test_the_repositorys_stages_are_those_of_a_copy(tmp_path: Path) -> None:
    """No stage's settings come from anywhere but its file."""
    copy = Path(shutil.copytree(STAGE_FILES, tmp_path / "stages"))
    assert [Stage.load(name, copy) for name in stage_names(copy)] == [Stage.load(name) for name in stage_names()]


def test_a_changed_stage_file_is_deployed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The local cloud keeps what it deployed by the digest of its sources."""
    monkeypatch.setattr(assembly, "ROOT", tmp_path)
    shutil.copytree(STAGE_FILES, tmp_path / "infra" / "stages")
    before = assembly.sources_digest()
    file = tmp_path / "infra" / "stages" / "local.toml"
    file.write_text(file.read_text().replace("log_days = 1", "log_days = 30"))
    assert assembly.sources_digest() != before
