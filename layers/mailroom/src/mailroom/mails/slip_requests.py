"""Asks `render_receipt` for the slip with a mail's new follow-up code."""

import json

from mailroom import aws


def ask_for_slip(render_function_name: str, mail_id: str) -> None:
    """Have the slip made, by itself: the receipt stays, and nobody is told again."""
    aws.client("lambda").invoke(
        FunctionName=render_function_name,
        InvocationType="Event",
        Payload=json.dumps({"slips": [mail_id]}).encode(),
    )
