"""The headers of the pages, which differ by address: most pages, the desk, and the frame in which it shows a file.

Plain data, which the distribution and the local proxy both read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final, Literal

from infra import door

DESK_PATH: Final = "/??/desk/*"
PREVIEW_PATH: Final = f"/{door.PREVIEW}*"

PREVIEW_POLICY: Final = (
    # an opaque origin, also where its address is opened by itself
    "sandbox allow-scripts; default-src 'none'; script-src 'self'; style-src 'self'; worker-src blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "require-trusted-types-for 'script'; trusted-types preview"
)
"""The Content-Security-Policy of the frame that shows a sender's file: it asks for its own scripts and nothing else."""


@dataclass(frozen=True, kw_only=True)
class PageHeaders:
    """The headers of what is answered under one pattern of addresses."""

    name: Literal["Pages", "Desk", "Preview", "Api"]
    path: str | None
    """CloudFront's pattern of the addresses; None: all others."""
    policy: str
    """The Content-Security-Policy."""
    frame_option: Literal["DENY", "SAMEORIGIN"] = "DENY"
    more: Mapping[str, str] = field(default_factory=dict)
    """Headers beside the security headers."""
    for_any_origin: bool = False
    """Whether any page may read the files: an opaque origin has no name that could be listed."""

    @property
    def all(self) -> dict[str, str]:
        """Every header by its name."""
        headers = {"X-Frame-Options": self.frame_option, "Content-Security-Policy": self.policy, **self.more}
        return door.SECURITY_HEADERS | headers | ({"Access-Control-Allow-Origin": "*"} if self.for_any_origin else {})


def page_headers(storage: str) -> Sequence[PageHeaders]:
    """The headers of each kind of page, those of all others last; `storage` is the origin of the files' bucket."""
    policy = pages_policy(storage)
    more = {
        # to read a receipt's QR code
        "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    return (
        PageHeaders(name="Desk", path=DESK_PATH, policy=f"{policy}; frame-src 'self'", more=more),
        PageHeaders(
            name="Preview",
            path=PREVIEW_PATH,
            policy=PREVIEW_POLICY,
            frame_option="SAMEORIGIN",
            more={"Permissions-Policy": "camera=(), geolocation=(), microphone=()"},
            for_any_origin=True,
        ),
        PageHeaders(name="Pages", path=None, policy=policy, more=more),
    )


def headers_for(path: str, kinds: Sequence[PageHeaders]) -> dict[str, str]:
    """The headers of the page at an address, percent-encoded as it was sent."""
    return next(kind.all for kind in kinds if kind.path is None or fnmatchcase(path, kind.path))


def pages_policy(storage: str) -> str:
    """The Content-Security-Policy of most pages; `storage` is the origin that files are sent to."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "font-src 'self'",
            "img-src 'self' blob: data:",
            f"connect-src 'self' {storage}",
            "worker-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types lit-html site",
        )
    )
