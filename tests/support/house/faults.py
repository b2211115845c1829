"""Faults that a test orders: an answer lost after the work was done, a refusal for now, a stranger's page, a delay."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from infra.paths import PROBLEM_WORDS

STORAGE: Final = "PUT storage"
"""The place of an upload, whatever its key."""
_SLUGS: Final = {429: "too-fast", 503: "try-again", 500: "internal-error"}
_FOREIGN: Final = "<!doctype html><title>Wi-Fi</title><h1>Please log in to this network</h1>"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What happens to the next request of a place."""

    place: str
    """Method and path, such as `POST /v1/mails/{id}/submission`: what stands in braces is any one part of a path."""
    status: int | None
    """The answer's status; None: the request is served as usual, once `seconds` went by."""
    retry_after: int | None = None
    """Seconds."""
    after: bool = False
    """Whether the work is done before the answer is lost."""
    dropped: bool = False
    """Whether the connection ends without an answer: the proxy, like a distribution, makes a page of its own of it."""
    foreign: bool = False
    """Whether the answer is a page by somebody else, such as a hotel's network."""
    seconds: float = 0
    """How long the request waits first."""

    @property
    def answers(self) -> bool:
        """Whether the fault stands in for the answer."""
        return self.status is not None or self.dropped

    def matches(self, place: str) -> bool:
        """Whether a request's method and path are meant."""
        parts = (re.escape(part) for part in re.split(r"\{\w+\}", self.place))
        return re.fullmatch("[^/]+".join(parts), place) is not None

    def answer(self, language: str) -> tuple[int, dict[str, str], bytes]:
        """The answer that is given in place of the right one."""
        status = self.status or 502
        headers = {"Retry-After": str(self.retry_after)} if self.retry_after is not None else {}
        if self.foreign:
            return status, headers | {"Content-Type": "text/html"}, _FOREIGN.encode()
        if self.place == STORAGE:
            error = f"<Error><Code>{'AccessDenied' if status == 403 else 'SlowDown'}</Code></Error>"
            return status, headers | {"Content-Type": "application/xml"}, error.encode()
        headers |= {"Content-Type": "application/problem+json", "Cache-Control": "no-store"}
        return status, headers, json.dumps(_problem(status, language), ensure_ascii=False).encode()


def _problem(status: int, language: str) -> Mapping[str, object]:
    slug = _SLUGS.get(status, "internal-error")
    known = language[:2] if language[:2] in {"ar", "fr", "en"} else "fr"
    said = json.loads((PROBLEM_WORDS / f"{known}.json").read_text(encoding="utf-8"))["problems"][slug]
    return {"type": f"/problems/{slug}", "status": status, "instance": "/house", **said}


@dataclass
class Faults:
    """The faults that wait for their request, the oldest first."""

    _waiting: list[Fault] = field(default_factory=list)
    _turn: Lock = field(default_factory=Lock)

    def order(self, fault: Fault, times: int) -> None:
        """Let a fault happen to the next requests of its place."""
        with self._turn:
            self._waiting += [fault] * times

    def take(self, place: str) -> Fault | None:
        """The fault of this request, which then no longer waits."""
        with self._turn:
            found = next((fault for fault in self._waiting if fault.matches(place)), None)
            if found is not None:
                self._waiting.remove(found)
            return found

    def forget(self) -> None:
        """Drop all that wait."""
        with self._turn:
            self._waiting.clear()
