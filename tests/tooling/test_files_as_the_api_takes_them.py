"""The pages check a file before a byte leaves, and say of it what the API says later.

What the API takes, the pages never refuse, but for a text named as a picture, a PDF or a word processor's document:
the API hands it over as a text, and its sender has most likely chosen the wrong file.
"""

import hashlib
import json
import subprocess
from typing import Any, Final

import pytest

from infra.paths import ROOT
from mailroom.domain import announcement
from mailroom.domain.letter import MEDIA_TYPES
from tests.support.inspection.examined import found
from tests.support.samples import typed_forms
from tests.support.samples.files_of_each_type import (
    HONEST,
    MAIN_TYPES,
    PROGRAM,
    WEB_PAGE,
    archive,
    content_types,
    manifest,
    office,
    picture,
    sample,
)

TEXTS: Final = {"txt", "csv", "xml"}
NO_TEXTS: Final = set(MEDIA_TYPES) - TEXTS - {"xlsx", "ods"}

SAMPLES: Final = {name: sample(name) for name in sorted(path.name for path in (ROOT / "tests" / "files").iterdir())}

ODD: Final = {
    "cut-off.docx": HONEST["docx"][:-40],
    "strict-names.docx": office("docx", main="document.xml"),
    "deflated-mimetype.odt": archive({"META-INF/manifest.xml": manifest("odt"), "content.xml": b"<x/>"}),
    "progressive.jpg": picture("JPEG", progressive=True),
    "cmyk.jpg": picture("JPEG", "CMYK"),
    "film-behind.jpg": HONEST["jpg"] + b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 1000,
    "utf16.txt": "Bonjour, أطلب الشهادة".encode("utf-16"),
    "utf16-unmarked.txt": "Bonjour, ceci est un texte".encode("utf-16-le"),
    "windows.txt": "Déjà vu, été".encode("cp1252"),
    "dos.txt": b"Bonjour\r\n\x1a",
    "long.txt": b"ligne\n" * 60_000,
    "fragment.txt": b"a < b and c > d",
    "vocabulary.xml": b'<?xml version="1.0"?><html xmlns="urn:mine"><body/></html>',
    "Body.xml": b"<Body><x/></Body>",
}
"""Unusual files that the API takes."""

DISGUISED: Final = {
    "exe": (PROGRAM, {"program"}),
    "elf": (b"\x7fELF\x02\x01\x01" + b"\x00" * 64, {"program"}),
    "class": (b"\xca\xfe\xba\xbe\x00\x00\x00\x41", {"program"}),
    "jar": (archive({"META-INF/MANIFEST.MF": b"Main-Class: x", "x.class": b"\xca\xfe\xba\xbe"}), {"program"}),
    "doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512, {"old_office"}),
    "rtf": (rb"{\rtf1\ansi{\object\objocx}}", {"old_office"}),
    "html": (WEB_PAGE, {"web_page"}),
    "html-marked": (b"\xef\xbb\xbf \n<!-- x --><HTML><body>", {"web_page"}),
    "svg": (b'<?xml version="1.0"?><svg onload="alert(1)"/>', {"web_page"}),
    "zip": (archive({"payload.exe": PROGRAM}), {"archive"}),
    "rar": (b"Rar!\x1a\x07\x01\x00" + b"\x00" * 20, {"archive"}),
    "7z": (b"7z\xbc\xaf\x27\x1c\x00\x04" + b"\x00" * 24, {"archive"}),
    "gzip": (b"\x1f\x8b\x08\x00" + b"\x00" * 20, {"archive"}),
    "empty-zip": (b"PK\x05\x06" + b"\x00" * 18, {"archive"}),
    "cut": (b"PK\x03\x04" + b"\x00" * 60, {"content"}),
    "gif": (b"GIF89a\x01\x00\x01\x00", {"other_picture"}),
    "webp": (b"RIFF\x24\x00\x00\x00WEBPVP8 \x18\x00\x00\x00" + b"\x00" * 24, {"other_picture"}),
    "avif": (b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1" + b"\x00" * 40, {"other_picture"}),
    "heic": (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 40, {"heic"}),
    "heif": (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic" + b"\x00" * 40, {"heic"}),
    "mp4": (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 40, {"video"}),
    "docm": (
        office(
            "docx",
            {
                "[Content_Types].xml": content_types(
                    **{"/word/document.xml": "application/vnd.ms-word.document.macroEnabled.main+xml"}
                )
            },
        ),
        {"macros"},
    ),
    "macros": (office("xlsx", {"xl/vbaProject.bin": b"x"}), {"macros"}),
    "pptx": (
        office(
            "docx",
            {
                "[Content_Types].xml": content_types(
                    **{"/ppt/x.xml": MAIN_TYPES["docx"].replace("wordprocessingml.document", "presentationml.slide")}
                )
            },
        ),
        {"content"},
    ),
    "odp": (
        archive({"mimetype": b"application/vnd.oasis.opendocument.presentation", "content.xml": b"<x/>"}),
        {"content"},
    ),
    "noise": (bytes(range(256)) * 4, {"content"}),
    "nul": (b"\x00", {"content"}),
}
"""What the API refuses under any name, and what the pages call it."""


@pytest.fixture(scope="session")
def examined(tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401 - a function of names and contents
    folder = tmp_path_factory.mktemp("files")

    def ask(names: list[str], files: list[tuple[str, bytes]]) -> Any:  # noqa: ANN401 - JSON
        listed = []
        for name, content in files:
            path = folder / hashlib.sha256(content).hexdigest()
            path.write_bytes(content)
            listed.append({"name": name, "path": str(path)})
        asked = folder / "list.json"
        asked.write_text(json.dumps({"names": names, "files": listed}))
        command = [str(ROOT / ".venv/bin/node"), str(ROOT / "site/tests/files-examine.ts"), str(asked)]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout)

    return ask


def table() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((ROOT / "site/src/files/media-types.json").read_text())
    return read


def test_the_two_have_the_same_types_and_the_same_longest_name() -> None:
    assert table()["endings"] == MEDIA_TYPES
    assert table()["longest_name"] == announcement._LONGEST_NAME


def test_names_are_kept_and_refused_as_the_api_does(examined: Any) -> None:  # noqa: ANN401 - a function
    taken, refused = typed_forms.FILE_NAMES, typed_forms.NO_FILE_NAMES
    long = {"x" * 146 + ".pdf": "x" * 146 + ".pdf", "🙂" * 146 + ".pdf": "🙂" * 146 + ".pdf"}
    long |= {"file (1).pdf": "file (1).pdf", '«l’été» 🙂 "x".pdf': '«l’été» 🙂 "x".pdf'}
    answers = examined([*taken, *long, *refused], [])["names"]
    meant = [{"name": name, "problem": None} for name in (*taken.values(), *long.values())]
    assert answers[: len(meant)] == meant
    assert all(answer["problem"] for answer in answers[len(meant) :])
    causes = {
        "file_name_path": {"name_characters"},
        "bidi_override": {"name_characters"},
        "line_break": {"name_characters"},
        "control_character": {"name_characters"},
        "surrogate": {"name_characters"},
        "file_name_ending": {"ending", "no_ending"},
        "file_name_missing": {"name_missing"},
        "blank": {"name_missing"},
        "too_long": {"name_long"},
    }
    for cause, answer in zip(refused.values(), answers[len(meant) :], strict=True):
        assert answer["problem"] in causes[cause]


def test_what_the_api_takes_is_taken_and_called_what_it_is(examined: Any) -> None:  # noqa: ANN401 - a function
    """Every honest content under every accepted name, the samples, and unusual files."""
    files = [(f"a.{ending}", content) for ending in MEDIA_TYPES for content in HONEST.values()]
    files += [*SAMPLES.items(), *ODD.items()]
    for (name, content), seen in zip(files, examined([], files)["files"], strict=True):
        ending = name.rpartition(".")[2]
        finding = found(ending, content)
        is_text = finding.media_type in {MEDIA_TYPES[each] for each in TEXTS}
        if finding.verdict == "refused" or (is_text and ending in NO_TEXTS):
            assert seen["problem"], name
            continue
        assert seen["problem"] is None, (name, seen)
        assert seen["mediaType"] == MEDIA_TYPES[ending]
        if finding.verdict == "unchecked":
            assert seen["note"] == "password"
        elif finding.media_type == MEDIA_TYPES[ending]:
            assert seen["note"] is None, (name, seen)
        elif seen["note"]:
            assert MEDIA_TYPES[seen["ending"]] == finding.media_type
        else:
            assert ending in TEXTS, (name, seen)


def test_what_the_api_refuses_is_refused_under_every_name_and_called_by_its_own(
    examined: Any,  # noqa: ANN401 - a function
) -> None:
    cases = [(f"a.{ending}", kind) for kind in DISGUISED for ending in MEDIA_TYPES]
    answers = examined([], [(name, DISGUISED[kind][0]) for name, kind in cases])["files"]
    for (name, kind), seen in zip(cases, answers, strict=True):
        assert found(name.rpartition(".")[2], DISGUISED[kind][0]).verdict == "refused", (name, kind)
        assert seen["problem"] in DISGUISED[kind][1], (name, kind, seen)


EXPLAINED: Final = [
    ("image", HONEST["jpg"], None),
    ("1000012345", HONEST["pdf"], None),
    ("note", HONEST["txt"], "no_ending"),
    ("IMG_1.HEIC", DISGUISED["heic"][0], "heic"),
    ("film.mp4", DISGUISED["mp4"][0], "video"),
    ("setup.exe", PROGRAM, "program"),
    ("all.zip", DISGUISED["zip"][0], "ending"),
    ("old.doc", DISGUISED["doc"][0], "old_office"),
    ("plan.pdf.exe", HONEST["pdf"], "ending"),
    ("empty.pdf", b"", "empty"),
]


def test_names_that_the_api_does_not_take_are_explained_by_the_content(examined: Any) -> None:  # noqa: ANN401 - a function
    """Some phones hand a photograph over without an ending: it gets the one of its content."""
    answers = examined([], [(name, content) for name, content, _ in EXPLAINED])["files"]
    assert [answer["problem"] for answer in answers] == [problem for *_, problem in EXPLAINED]
