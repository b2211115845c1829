"""What a log may say of an error: never its text, which may quote a person."""

import traceback

from botocore.exceptions import ClientError

from mailroom.storage.corrupt_mail import CorruptMailError


def logged(error: BaseException) -> dict[str, object]:
    """The kind of an error, AWS's code where it has one, and the last places in the code that it went through.

    Of a corrupt item also what is wrong with it: the mail's id and names of attributes.
    """
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    return {
        "error": type(error).__name__,
        "code": error.response.get("Error", {}).get("Code") if isinstance(error, ClientError) else None,
        "fault": str(error) if isinstance(error, CorruptMailError) else None,
        "where": [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames],
    }
