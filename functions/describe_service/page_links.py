"""Links to the pages at the API's own address: older receipts and messages bear it, and the pages are elsewhere now.

Something on their way may have changed them: a mail filter, a mailing list, a messenger, a hand.
"""

import re
from urllib.parse import quote, unquote

from mailroom.fields.typed import trimmed

_MOST_ENCODINGS = 3
"""How often a link is encoded again on its way, at most: each time `%23` becomes `%2523`."""

_LONGEST_BEHIND = 200
"""Characters behind the `#`: a number and a code have 60."""

_PAGE = re.compile(
    r"/(?P<page>s|suivi|verifier)/*[.,;:!)>»\"'\s]*(?:\?[^#]*)?(?:#+(?P<behind>.*))?", re.IGNORECASE | re.DOTALL
)
"""A sentence's sign may have stuck to the address that ended it."""


def page_meant(asked: str, query: str = "") -> str | None:
    """The address at the site of the page that the path `asked` means, with its query; None when it means none.

    Mail filters write `%23` for `#`, and then browsers ask for `/suivi%23<number>/<code>`. What stands behind goes
    back behind `#`, where from now on no server sees it.
    """
    path = asked
    for _ in range(_MOST_ENCODINGS):
        path = unquote(path)
    meant = _PAGE.fullmatch(trimmed(path))
    if meant is None:
        return None
    behind = (meant["behind"] or "").partition("?")[0]
    fragment = f"#{quote(behind, safe='/')}" if 0 < len(behind) <= _LONGEST_BEHIND else ""
    kept = f"?{quote(query, safe='%=&+/')}" if query else ""
    return f"/{meant['page'].lower()}{kept}{fragment}"
