"""What is locked is audited: licences off line, weaknesses by a look-up that fails loudly, a bill for each layer."""

import json
import re
import threading
from collections.abc import Iterator
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import Distribution
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from infra.commands import audit
from infra.commands.bill_of_materials import bill_of_materials
from infra.commands.licences import Component, components, licence_of, locked, npm_components, refused
from infra.paths import LAYERS, ROOT

ADVISORY = {
    "vulns": [
        {
            "id": "GHSA-0000-made-upup",
            "aliases": ["CVE-2026-99999"],
            "summary": "made up for this test",
            "details": "made up for this test",
            "published": "2026-01-01T00:00:00Z",
            "affected": [
                {
                    "package": {"name": "six", "ecosystem": "PyPI"},
                    "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.18.0"}]}],
                }
            ],
        }
    ]
}
"""An answer of OSV's as https://google.github.io/osv.dev/post-v1-query/ describes it."""
HASH = "--hash=sha256:" + "0" * 64


@pytest.mark.parametrize("lock", sorted(audit.layer_locks()))
def test_every_package_of_a_layer_has_a_licence_that_is_allowed(lock: str) -> None:
    found = components(audit.layer_locks()[lock])
    assert len(found) > 15
    assert refused(found) == []


def test_the_audit_reports_no_licence_today() -> None:
    assert list(audit.licence_faults()) == []
    assert {"lit-html", "pkijs"} <= {one.name for one in npm_components(ROOT / "package-lock.json")}


def metadata(**stated: str) -> Distribution:
    """A package that states this in its metadata, a classifier by its last part."""
    lines = ["Metadata-Version: 2.4", "Name: sample", "Version: 1"]
    lines += [
        f"Classifier: License :: OSI Approved :: {each}" for each in stated.pop("classifiers", "").split("|") if each
    ]
    lines += [f"{name.replace('_', '-').title()}: {value}" for name, value in stated.items()]

    class Sample(Distribution):
        def read_text(self, filename: str) -> str | None:
            return "\n".join([*lines, "", ""]) if filename == "METADATA" else None

        def locate_file(self, path: object) -> Path:
            return Path(str(path))

    return Sample()


@pytest.mark.parametrize(
    ("stated", "licence", "allowed"),
    [
        ({"license_expression": "MIT"}, "MIT", True),
        ({"license_expression": "Apache-2.0 AND MIT"}, "Apache-2.0 AND MIT", True),
        ({"license_expression": "AGPL-3.0-only"}, "AGPL-3.0-only", False),
        ({"license_expression": "GPL-2.0-or-later"}, "GPL-2.0-or-later", False),
        ({"license_expression": "SSPL-1.0"}, "SSPL-1.0", False),
        ({"license_expression": "MIT AND AGPL-3.0-or-later"}, "MIT AND AGPL-3.0-or-later", False),
        # one of two may be chosen
        ({"license_expression": "MIT OR GPL-3.0-only"}, "MIT OR GPL-3.0-only", True),
        ({"license_expression": "AGPL-3.0-only OR GPL-3.0-only"}, "AGPL-3.0-only OR GPL-3.0-only", False),
        ({"license_expression": "MIT AND (GPL-3.0-only OR ISC)"}, "MIT AND (GPL-3.0-only OR ISC)", True),
        ({"classifiers": "MIT License"}, "MIT", True),
        ({"classifiers": "BSD License|Apache Software License"}, "BSD-3-Clause AND Apache-2.0", True),
        ({"classifiers": "GNU Affero General Public License v3"}, None, False),
        ({"classifiers": "MIT License|GNU General Public License v3 (GPLv3)"}, None, False),
        ({"license": "Apache License 2.0"}, "Apache-2.0", True),
        ({"license": "MIT"}, "MIT", True),
        ({"license": "Proprietary"}, None, False),
        ({"license": "see LICENSE.txt"}, None, False),
        ({}, None, False),
        # what an expression says outweighs an older classifier
        ({"license_expression": "AGPL-3.0-only", "classifiers": "MIT License"}, "AGPL-3.0-only", False),
    ],
)
def test_a_licence_is_allowed_where_all_that_binds_us_is(
    stated: dict[str, str], licence: str | None, allowed: bool
) -> None:
    found = licence_of(metadata(**stated))
    assert found == licence
    assert (refused([Component(name="sample", version="1", licence=found)]) == []) is allowed


@pytest.mark.parametrize("line", ["no-such-package==1.0", "six==0.0.1"])
def test_a_package_that_is_not_installed_as_locked_is_unknown(tmp_path: Path, line: str) -> None:
    lock = tmp_path / "requirements.txt"
    lock.write_text(f"{line} \\\n    {HASH}\n")
    assert [one.licence for one in refused(components(lock))] == [None]


def test_npm_packages_without_a_licence_are_refused(tmp_path: Path) -> None:
    packages = {
        "": {"license": "MIT"},
        "node_modules/one": {"version": "1", "license": "MIT"},
        "node_modules/one/node_modules/@scope/two": {"version": "2"},
        "node_modules/three": {"version": "3", "license": "AGPL-3.0"},
    }
    (tmp_path / "package-lock.json").write_text(json.dumps({"packages": packages}))
    found = npm_components(tmp_path / "package-lock.json")
    assert [one.name for one in refused(found)] == ["@scope/two", "three"]


FONTS = {
    "IBMPlex*": "OFL-IBMPlex.txt",
    "NotoSans*": "OFL-Noto.txt",
    "NotoEmoji-*": "other-scripts/OFL-NotoEmoji.txt",
    "Hangul-*": "other-scripts/OFL-Hangul.txt",
    "DroidSansFallback.ttf": "other-scripts/Apache-DroidSansFallback.txt",
}
"""The licence that lies in the layer beside each font, which both licences ask for."""


def test_every_font_of_a_layer_lies_beside_its_licence() -> None:
    fonts = sorted(LAYERS.rglob("*.ttf"))
    assert len(fonts) > 5
    for font in fonts:
        (licence,) = [text for pattern, text in FONTS.items() if fnmatch(font.name, pattern)]
        text = (LAYERS / "receipt/fonts" / licence).read_text(encoding="utf-8")
        assert "SIL OPEN FONT LICENSE" in text.upper() or "Apache License" in text


def test_every_lock_of_the_project_is_audited() -> None:
    hashed = {
        path
        for path in ROOT.rglob("*.txt")
        if not {".venv", ".local", "node_modules", "cdk.out"} & set(path.relative_to(ROOT).parts)
        and "--hash=sha256:" in path.read_text(encoding="utf-8")
    }
    # The benchmark's rivals are installed where it is run, and only read what the benchmark gives them.
    assert hashed - set(audit.locks()) == {ROOT / "requirements-bench.txt"}


@pytest.mark.parametrize("name", sorted(audit.layer_locks()))
def test_a_bill_of_materials_is_cyclonedx_and_names_all_that_is_locked(name: str) -> None:
    lock = audit.layer_locks()[name]
    bill = bill_of_materials(name, components(lock))
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill) is None
    listed = {(one["name"], one["version"]): one for one in json.loads(bill)["components"]}
    assert set(listed) == set(locked(lock))
    assert all(one["licenses"] and one["purl"] == f"pkg:pypi/{one['name']}@{one['version']}" for one in listed.values())


class Advisories(BaseHTTPRequestHandler):
    """OSV as far as pip-audit asks it."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = ADVISORY if asked["package"]["name"] == "six" and asked["version"] == "1.17.0" else {}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Advisories) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
        server.shutdown()


def lock_of(folder: Path, *packages: str) -> Path:
    lock = folder / "requirements.txt"
    lock.write_text("".join(f"{each} \\\n    {HASH}\n" for each in packages))
    return lock


def test_a_package_with_a_known_weakness_is_named_with_its_advisory_and_repair(service: str, tmp_path: Path) -> None:
    lock = lock_of(tmp_path, "idna==3.20", "six==1.17.0")
    assert list(audit.weaknesses(lock, service)) == [
        "requirements.txt: six 1.17.0: CVE-2026-99999; repaired in: 1.18.0"
    ]


def test_a_weakness_that_does_not_matter_here_is_accepted_by_its_id(
    service: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "ACCEPTED", {"CVE-2026-99999": "for this test"})
    assert list(audit.weaknesses(lock_of(tmp_path, "six==1.17.0"), service)) == []


def test_advisories_out_of_reach_are_no_clean_bill(tmp_path: Path) -> None:
    with pytest.raises(audit.NotLookedUpError, match=r"requirements\.txt: the advisories .* could not be reached"):
        list(audit.weaknesses(lock_of(tmp_path, "idna==3.20"), "http://127.0.0.1:9/v1/query"))


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        ([], 0, "0 found, 0 not looked up"),
        (["a weakness"], 1, "a weakness"),
        (audit.NotLookedUpError("out of reach"), 2, "out of reach"),
    ],
)
def test_the_command_ends_with_what_it_knows(
    answer: list[str] | Exception,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def look_up(*_: object) -> list[str]:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(audit, "weaknesses", look_up)
    monkeypatch.setattr(audit, "npm_weaknesses", look_up)
    assert audit.main([]) == code
    shown = capsys.readouterr()
    assert said in shown.out + shown.err
    assert re.findall(r"^\.local/audit/(\w+)\.cdx\.json: written$", shown.out, re.MULTILINE) == sorted(
        audit.layer_locks()
    )
