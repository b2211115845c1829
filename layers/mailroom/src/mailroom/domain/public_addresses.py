"""The public addresses that are printed and sent. None holds personal data; codes that open a mail go in fragments."""


def verification(public_url: str, verification_code: str) -> str:
    """Where anyone finds out whether a receipt is genuine: the QR's content."""
    return f"{public_url}/v1/receipts/{verification_code}"


def follow_up(public_url: str, number: str = "", follow_up_code: str = "", *, short: bool = False) -> str:
    """The follow-up page; number and code, when given, go in the fragment, which no server and no log ever sees.

    `short` is its address in an SMS, where each character counts.
    """
    page = f"{public_url}/{'s' if short else 'suivi'}"
    return f"{page}#{number}/{follow_up_code}" if number else page


def not_mine(public_url: str, number: str, link_code: str) -> str:
    """The follow-up page where the recipient of a misaddressed link ends it. It shows nothing of the mail."""
    return f"{follow_up(public_url, number, link_code, short=True)}/not-mine"
