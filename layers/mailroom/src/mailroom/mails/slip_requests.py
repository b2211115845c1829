"""Asks `render_receipt` for the slip with a mail's new follow-up code."""

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


def ask_for_slip(functions: "LambdaClient", render_function_name: str, mail_id: str) -> None:
    """Have the slip made, by itself: the receipt stays, and no notification is sent again."""
    functions.invoke(
        FunctionName=render_function_name,
        InvocationType="Event",
        Payload=json.dumps({"slips": [mail_id]}).encode(),
    )
