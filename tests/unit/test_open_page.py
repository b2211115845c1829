"""The two public pages as the function answers them."""

import base64
import hashlib
import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailroom.domain.clock import in_casablanca
from open_page import pages
from open_page.handler import handler

EVENT = json.loads((Path(__file__).parents[2] / "events" / "open_page.json").read_text())
LANGUAGES = ("ar", "fr", "en")


def shown(path: str, query: str = "") -> dict[str, Any]:
    http = EVENT["requestContext"]["http"] | {"path": path}
    route = {"routeKey": f"GET {path}", "rawPath": path, "rawQueryString": query}
    if query:
        route["queryStringParameters"] = {"utm_source": "mail"}  # type: ignore[assignment]
    context = EVENT["requestContext"] | {"http": http, "routeKey": f"GET {path}"}
    answer: dict[str, Any] = handler(EVENT | route | {"requestContext": context}, LambdaContext())
    return answer


PATHS = pytest.mark.parametrize("path", ["/suivi", "/verifier", "/s"])


@PATHS
def test_a_page_is_html_with_the_usual_headers(path: str) -> None:
    answer = shown(path)
    assert answer["statusCode"] == 200
    headers = answer["headers"]
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "public, max-age=300"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Request-Id"]
    assert not answer["isBase64Encoded"]
    assert answer["body"].startswith("<!doctype html>")


@PATHS
def test_a_parameter_that_a_mailer_added_does_no_harm(path: str) -> None:
    assert shown(path, "utm_source=mail")["statusCode"] == 200


@PATHS
def test_the_policy_lets_the_pages_own_blocks_run_and_nothing_else(path: str) -> None:
    answer = shown(path)
    policy = dict(each.split(" ", 1) for each in answer["headers"]["Content-Security-Policy"].split("; "))
    for tag in ("script", "style"):
        (block,) = re.findall(rf"<{tag}>(.*?)</{tag}>", answer["body"], re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()
        assert policy[f"{tag}-src"] == f"'sha256-{digest}'"
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["connect-src"] == "'self'"


@PATHS
def test_a_page_needs_nothing_from_elsewhere(path: str) -> None:
    body = shown(path)["body"]
    assert not re.findall(r"""(?:src|href)=["'](?!data:,|suivi|verifier|#)[^"']*""", body)
    assert "innerHTML" not in body
    assert "://" not in body
    assert not re.search(r"\{\{\w+\}\}", body)
    assert len(body.encode()) < 64 * 1024


def data(name: pages.Name) -> str:
    html = pages.page.__wrapped__(name).html
    (block,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html)
    return str(block)


def words(language: str) -> dict[str, dict[str, str]]:
    path = Path(pages.__file__).parent / "words" / f"{language}.json"
    read: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything_with_the_same_blanks(language: str) -> None:
    french, other = words("fr"), words(language)
    for section, texts in french.items():
        assert list(other[section]) == list(texts)
        for key, text in texts.items():
            assert set(re.findall(r"\{\w+\}", other[section][key])) == set(re.findall(r"\{\w+\}", text))
            assert other[section][key].strip()


_MESSAGES = {"event_organism_alerted", "event_sender_informed"}
SENT = {"fr": "Message envoyé à", "en": "Message sent to", "ar": "إرسال إخبار إلى"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_history_says_that_a_message_was_sent_and_not_that_it_arrived(language: str) -> None:
    """AWS takes an SMS past the account's spending limit too, and answers with an id; nobody gets it.

    https://docs.aws.amazon.com/sns/latest/dg/sms_preferences.html
    """
    said = [text for texts in words(language).values() for name, text in texts.items() if name in _MESSAGES]
    assert len(said) == len(_MESSAGES)
    assert all(text.startswith(SENT[language]) for text in said)


@pytest.mark.parametrize("name", ["follow_up", "verify"])
def test_every_word_that_a_page_asks_for_exists(name: pages.Name) -> None:
    every = words("fr")
    html = pages.page(name).html
    asked = set(re.findall(r'data-word="(\w+)"', html)) | set(re.findall(r'Frame\.word\("(\w+)"\s*[,)]', html))
    assert asked <= set(every["shared"] | every[name])


@pytest.mark.parametrize(
    ("instant", "offset"),
    [
        ("2025-01-01T00:00+00:00", 60),
        ("2026-02-15T01:59+00:00", 60),
        ("2026-02-15T02:00+00:00", 0),
        ("2026-03-22T01:59+00:00", 0),
        ("2026-03-22T02:00+00:00", 60),
    ],
)
def test_a_page_brings_moroccos_clocks_along_to_the_minute(instant: str, offset: int) -> None:
    offsets: list[list[int]] = json.loads(data("verify"))["offsets"]
    asked = datetime.fromisoformat(instant).timestamp()
    assert [minutes for since, minutes in offsets if since <= asked][-1] == offset


def test_a_page_agrees_with_the_receipts_clock_for_years_to_come() -> None:
    offsets: list[list[int]] = json.loads(data("verify"))["offsets"]
    for day in range(0, 365 * 10, 7):
        asked = datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=day)
        told = [minutes for since, minutes in offsets if since <= asked.timestamp()][-1]
        assert timedelta(minutes=told) == in_casablanca(asked).utcoffset()


def test_a_translation_cannot_end_the_block_that_holds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = shutil.copytree(Path(pages.__file__).parent, tmp_path / "page")
    french = folder / "words" / "fr.json"
    hostile = words("fr")
    hostile["shared"]["skip"] = "</script><script>alert(1)</script>"
    french.write_text(json.dumps(hostile))
    monkeypatch.setattr(pages, "_FOLDER", folder)
    assert json.loads(data("verify"))["words"]["fr"]["skip"] == hostile["shared"]["skip"]
    assert "alert(1)</script>" not in pages.page.__wrapped__("verify").html
