"""Where an agent fetches a file."""

from typing import Annotated

from pydantic import Field

from mailroom.api.mail_views import Instant, Sha256, View
from mailroom.domain import clock
from mailroom.domain.letter import Attachment
from mailroom.storage.presigned import Download


class DownloadView(View):
    """A download address, valid for one minute, that saves the file under its name."""

    url: str
    file_name: Annotated[
        str,
        Field(
            description="The file name, with the extension of the media type found in the content.",
            examples=["شهادة السكنى.pdf"],
        ),
    ]
    media_type: Annotated[str, Field(description="The media type found in the content.", examples=["application/pdf"])]
    sha256: Sha256
    size: Annotated[int, Field(description="Size in bytes.", examples=[48213])]
    expires_at: Instant


def download(attachment: Attachment, address: Download) -> DownloadView:
    """Where to fetch a file."""
    return DownloadView(
        url=address.url,
        file_name=attachment.delivered_name,
        media_type=attachment.detected_media_type or attachment.media_type,
        sha256=attachment.sha256,
        size=attachment.size,
        expires_at=clock.iso(address.expires_at),
    )
