"""Layers: what their lock says, for the machine they run on, and the same at every build."""

from hashlib import sha256
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from infra.functions.bundling import LEFTOVERS, SDK_LEFTOVERS, UvNotFoundError, bundle
from infra.stage import Stage
from tests.support.inspection.synthesised import ROOT, Properties, Synthesised, files_below


def _layers(synthesised: Synthesised) -> dict[str, Path]:
    def named(logical: str) -> str:
        return logical.partition("Layer")[0].lower()

    found: dict[str, Properties] = synthesised.of_type("AWS::Lambda::LayerVersion")
    return {named(logical): synthesised.asset(layer["Content"]) for logical, layer in found.items()}


def _digests(folder: Path) -> dict[str, str]:
    return {name: sha256((folder / name).read_bytes()).hexdigest() for name in files_below(folder)}


@pytest.mark.parametrize(
    ("layer", "package"), [("mailroom", "mailroom"), ("mailroom", "bidirectional"), ("receipt", "typeset")]
)
def test_a_layer_holds_the_projects_own_modules_whole(synthesised: Synthesised, layer: str, package: str) -> None:
    bundled = _layers(synthesised)[layer] / "python" / package
    own = {name for name in files_below(ROOT / "layers" / layer / "src" / package) if "__pycache__" not in name}
    assert own
    assert {name for name in files_below(bundled) if "__pycache__" not in name} == own


def test_the_receipt_layer_holds_the_fonts(synthesised: Synthesised) -> None:
    bundled = _layers(synthesised)["receipt"] / "fonts"
    assert _digests(bundled) == _digests(ROOT / "layers/receipt/fonts")


@pytest.mark.parametrize("layer", ["mailroom", "receipt"])
def test_a_layer_holds_every_package_of_its_lock(prod: Synthesised, layer: str) -> None:
    lock = (ROOT / "layers" / layer / "requirements.txt").read_text().splitlines()
    locked = [Requirement(line.rstrip("\\")) for line in lock if "==" in line.partition(";")[0]]
    installed = {path.stem for path in (_layers(prod)[layer] / "python").glob("*.dist-info")}
    assert {_stem(each) for each in locked if each.marker is None or each.marker.evaluate()} == installed


def _stem(locked: Requirement) -> str:
    return f"{locked.name.replace('-', '_')}-{str(locked.specifier).removeprefix('==')}"


@pytest.mark.parametrize("layer", ["mailroom", "receipt"])
def test_a_layer_holds_every_module_that_the_tests_run_with(stages: dict[str, Synthesised], layer: str) -> None:
    bundled = _layers(stages["local"])[layer] / "python"
    for information in bundled.glob("*.dist-info"):
        name, _, version = information.stem.rpartition("-")
        here = distribution(name)
        assert here.version == version
        modules = {
            str(file)
            for file in here.files or ()
            if file.suffix == ".py" and not {"..", "tests"} & {*file.parts} and not _is_left_out(Path(file))
        }
        assert modules <= files_below(bundled)


def _is_left_out(file: Path) -> bool:
    return any(file.full_match(pattern) for pattern in (*LEFTOVERS, *SDK_LEFTOVERS))


def test_nothing_is_in_a_layer_that_no_function_reads(synthesised: Synthesised) -> None:
    for layer in _layers(synthesised).values():
        names = {Path(name) for name in files_below(layer)}
        assert not [name for name in names if name.suffix == ".pyi" or "tests" in name.parts]
        assert not [name for name in names if name.name in {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"}]
        assert not {"bin", "share"} & {path.name for path in (layer / "python").iterdir()}


def test_the_receipts_layer_stays_under_60_mb_unzipped(prod: Synthesised) -> None:
    layer = _layers(prod)["receipt"]
    assert sum((layer / name).stat().st_size for name in files_below(layer)) < 60_000_000


def test_the_layers_of_a_function_stay_far_below_lambdas_250_mb_unzipped(prod: Synthesised) -> None:
    """As https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html has it."""
    size = sum((layer / name).stat().st_size for layer in _layers(prod).values() for name in files_below(layer))
    assert size < 125_000_000


def test_a_layer_is_made_for_the_machine_it_runs_on(prod: Synthesised) -> None:
    compiled = [
        name for layer in _layers(prod).values() for name in files_below(layer) if ".cpython-" in name and ".so" in name
    ]
    assert compiled
    assert all("aarch64" in name for name in compiled)


def test_modules_come_compiled_and_name_the_folder_they_will_lie_in(prod: Synthesised) -> None:
    """Lambda cannot write beside them: what is not compiled here is compiled at every cold start."""
    for layer in _layers(prod).values():
        modules = [name for name in files_below(layer / "python") if name.endswith(".py")]
        compiled = {name for name in files_below(layer / "python") if name.endswith(".pyc")}
        missing = [name for name in modules if _compiled(name) not in compiled]
        assert not missing
    own = (_layers(prod)["mailroom"] / "python" / _compiled("mailroom/domain/clock.py")).read_bytes()
    assert b"/opt/python/mailroom/domain/clock.py" in own


def _compiled(module: str) -> str:
    path = Path(module)
    return (path.parent / "__pycache__" / f"{path.stem}.cpython-313.pyc").as_posix()


def test_each_function_has_the_mailroom_layer_and_only_who_deals_with_receipts_has_the_other(
    synthesised: Synthesised,
) -> None:
    for operation, function in synthesised.functions().items():
        layers = [layer["Ref"].partition("Layer")[0] for layer in function["Layers"]]
        deals_with_receipts = operation in {"list_sealers", "render_receipt", "stamp_receipts"}
        assert layers == (["Mailroom", "Receipt"] if deals_with_receipts else ["Mailroom"])


def test_a_layer_built_again_is_the_same_to_the_byte(stages: dict[str, Synthesised], tmp_path: Path) -> None:
    bundle(folder=ROOT / "layers/mailroom", machine=Stage.load("local").machine, into=tmp_path)
    assert _digests(tmp_path) == _digests(_layers(stages["local"])["mailroom"])


def test_a_layer_names_no_folder_of_the_machine_it_was_built_on(synthesised: Synthesised) -> None:
    here = str(ROOT).encode()
    for layer in _layers(synthesised).values():
        assert not [name for name in files_below(layer) if here in (layer / name).read_bytes()]


def test_without_uv_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    with pytest.raises(UvNotFoundError, match="make environment"):
        bundle(folder=ROOT / "layers/mailroom", machine=Stage.load("local").machine, into=tmp_path)
