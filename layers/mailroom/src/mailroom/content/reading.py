"""Bounded reading of a file that lies elsewhere: a hostile file costs no more to look at than any other."""

import io
from collections.abc import Iterator
from functools import cached_property

from mailroom.content.finding import Ranges

MOST_READ = 4 * 1024 * 1024
"""Bytes fetched of one file at most to find out its type; a list of ten thousand parts takes one megabyte."""

MOST_SCANNED = 128 * 1024 * 1024
"""Bytes fetched of one file at most to look for active content, once and in order; files may have 100 MiB."""

SAMPLE = 64 * 1024
"""Bytes looked at from the beginning and from the end."""

_FETCHED_WHOLE = 1024 * 1024
"""A file of up to so many bytes is fetched at once: one request costs more than its bytes."""


class TooMuchReadError(ValueError):
    """The file asks for more reading than an honest one does."""


class Source:
    """A file of `size` bytes, of which only the ranges asked for are fetched, `MOST_READ` bytes in all."""

    def __init__(self, size: int, read: Ranges) -> None:
        self.size = size
        self._read = read
        self._left = MOST_READ
        self.failure: Exception | None = None
        """What went wrong in fetching: no fault of the file's, though it may come out of a library as one."""

    def at(self, start: int, length: int) -> bytes:
        """The `length` bytes from `start` on, fewer where the file ends.

        Raises `TooMuchReadError` once the file was read too much.
        """
        length = min(length, self.size - start)
        if length <= 0:
            return b""
        return self._whole[start : start + length] if self._is_small else self._fetch(start, length)

    @cached_property
    def head(self) -> bytes:
        """The first bytes."""
        return self.at(0, SAMPLE)

    @cached_property
    def tail(self) -> bytes:
        """The last bytes."""
        return self.at(max(0, self.size - SAMPLE), SAMPLE)

    def chunks(self, length: int, overlap: int) -> Iterator[bytes]:
        """The whole file in order, in chunks that begin with the end of the one before; not past `MOST_SCANNED`."""
        before = b""
        for start in range(0, min(self.size, MOST_SCANNED), length):
            wanted = min(length, self.size - start)
            chunk = before + (self.at(start, wanted) if self._is_small else self._ask(start, wanted))
            yield chunk
            before = chunk[-overlap:] if overlap else b""

    def opened(self) -> io.BufferedReader:
        """The file as the standard library's readers want it."""
        return io.BufferedReader(_Stream(self), SAMPLE)

    @property
    def _is_small(self) -> bool:
        return self.size <= _FETCHED_WHOLE

    @cached_property
    def _whole(self) -> bytes:
        return self._fetch(0, self.size)

    def _fetch(self, start: int, length: int) -> bytes:
        self._left -= length
        if self._left < 0:
            raise TooMuchReadError
        return self._ask(start, length)

    def _ask(self, start: int, length: int) -> bytes:
        try:
            return self._read(start, length)
        except Exception as error:
            # Readers of archives turn errors into "damaged": the storage’s own is kept, and raised after the look.
            self.failure = error
            raise


class _Stream(io.RawIOBase):
    """A source with a position."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._source.size}[whence]
        if self._at < 0:
            raise ValueError("before the beginning")
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]  # typeshed's buffer
        content = self._source.at(self._at, len(buffer))
        buffer[: len(content)] = content
        self._at += len(content)
        return len(content)
