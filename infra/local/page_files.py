"""The files of the pages as the distribution serves them: with their headers, an entity tag, and compressed."""

import gzip
import hashlib
from functools import lru_cache
from http import HTTPMethod, HTTPStatus
from pathlib import Path

import brotli
from aiohttp import web

from infra import door
from infra.page_headers import headers_for, page_headers

_BROTLI_QUALITY = 5
_GZIP_LEVEL = 6
"""CloudFront does not say how hard it compresses; these are the usual levels of servers that compress on their way."""


class PageFiles:
    """Serves the files of a folder."""

    def __init__(self, folder: Path, storage: str) -> None:
        self._folder = folder
        self._headers = page_headers(storage)

    def headers(self, request: web.BaseRequest) -> dict[str, str]:
        """The headers that the distribution sets on each answer at a page's address, from bucket and API alike."""
        return headers_for(request.rel_url.raw_path, self._headers)

    def answer(self, key: str, request: web.BaseRequest, status: HTTPStatus = HTTPStatus.OK) -> web.Response | None:
        """The file under `key`, or 304 where the browser has it; None where there is no such file."""
        try:
            file = (self._folder / key).resolve()
            body = file.read_bytes() if file.is_relative_to(self._folder.resolve()) else None
        except (OSError, ValueError):  # none, a folder, or a name that no file can have
            return None
        if body is None:
            return None
        headers = self.headers(request) | {
            "Content-Type": door.media_type(file.name),
            "Cache-Control": door.cache_control(key),
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        }
        answer = web.Response(status=status, headers=headers, body=body)
        compress(answer, request)
        if status == HTTPStatus.OK and _has(request, answer.headers["ETag"]):
            kept = {name: value for name, value in answer.headers.items() if name != "Content-Type"}
            return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=kept)
        return answer


def compress(answer: web.Response, request: web.BaseRequest) -> None:
    """Compress the body as the distribution does: by Brotli where the browser takes it, else by gzip.

    An entity tag becomes a weak one: the bytes are others, and mean the same.
    """
    body = answer.body
    if not isinstance(body, bytes) or "Content-Encoding" in answer.headers or request.method == HTTPMethod.HEAD:
        return
    if not door.is_compressed(answer.headers.get("Content-Type", ""), len(body)):
        return
    answer.headers["Vary"] = ", ".join(filter(None, (answer.headers.get("Vary"), "Accept-Encoding")))
    taken = {part.partition(";")[0].strip() for part in request.headers.get("Accept-Encoding", "").lower().split(",")}
    for coding in ("br", "gzip"):
        if coding in taken:
            answer.body = _compressed(body, coding)
            answer.headers["Content-Encoding"] = coding
            if tag := answer.headers.get("ETag"):
                answer.headers["ETag"] = tag if tag.startswith("W/") else f"W/{tag}"
            return


@lru_cache(maxsize=256)
def _compressed(body: bytes, coding: str) -> bytes:
    return brotli.compress(body, quality=_BROTLI_QUALITY) if coding == "br" else gzip.compress(body, _GZIP_LEVEL)


def _has(request: web.BaseRequest, tag: str) -> bool:
    """Whether the browser holds the file under this tag, by weak comparison (RFC 9110, section 13.1.2)."""
    known = {part.strip().removeprefix("W/") for part in request.headers.get("If-None-Match", "").split(",")}
    return tag.removeprefix("W/") in known
