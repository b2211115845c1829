"""Domains of e-mail addresses that look mistyped, and those that may be meant: a question to ask, never a refusal."""

from collections.abc import Iterator

from jellyfish import damerau_levenshtein_distance

_MICROSOFT = (
    "com fr co.uk it es de be nl ca ch at gr se no dk fi pt ie cz hu lt lv rs sk cl in jp kr my ph sg sa ma hk cn ru "
    "co.in co.id co.il co.jp co.kr co.th co.za com.ar com.au com.br com.gr com.hk com.mx com.my com.pe com.tr com.tw "
    "com.vn com.pt"
)
_YAHOO = (
    "com fr co.uk it es de be nl ca ch at gr se no dk fi pt ie pl ro cz hu in jp co.in co.id co.il co.jp co.kr co.nz "
    "co.th co.za com.ar com.au com.br com.cn com.co com.hk com.mx com.my com.pe com.ph com.sg com.tr com.tw com.ve "
    "com.vn"
)

_ENDINGS = {
    "gmail": ("com",),
    "hotmail": _MICROSOFT.split(),
    "outlook": _MICROSOFT.split(),
    "live": _MICROSOFT.split(),
    "yahoo": _YAHOO.split(),
    "icloud": ("com",),
    "menara": ("ma",),
    "protonmail": ("com", "ch"),
    "laposte": ("net",),
    "wanadoo": ("fr", "es", "net.ma"),
}
"""Names that most people in Morocco have their address at, with the endings under which the provider is found.

The first endings come first where several are as near.
"""

_NO_ENDINGS = {
    **dict.fromkeys(("con", "cmo", "ocm", "vom", "xom", "comm", "coom", "cpm", "clm", "c0m"), "com"),
    **dict.fromkeys(("nte", "ent", "nett"), "net"),
    **dict.fromkeys(("ogr", "rog", "orgg"), "org"),
}
"""Endings that no domain has, behind any name, and the one that is meant."""

_ONE_ENDING = {"gmail", "icloud"}
"""Providers that have one domain in the whole world: any other ending is mistyped."""

_OTHER_NAMES = {"cloud", "manara"}
"""Names of others, a letter away from one above."""

_SHORTEST_MISSPELT = 5
"""Letters: names that are shorter have too many neighbours to guess at."""

_FIRST_LETTER_FREE = 6
"""Letters from which on the first may be wrong too: mail.com, ymail.com and email.com are no gmail.com."""


def suggestion(address: str) -> str | None:
    """The address that may be meant where the domain of `address` (in ASCII) looks mistyped; None where it does not."""
    local, _, domain = address.rpartition("@")
    name, _, ending = domain.lower().partition(".")
    if name in _OTHER_NAMES or ending in _ENDINGS.get(name, ()):
        return None
    if found := min(_likely(name, ending), default=None):
        return f"{local}@{found[-1]}"
    before, _, last = domain.lower().rpartition(".")
    return f"{local}@{before}.{_NO_ENDINGS[last]}" if before and last in _NO_ENDINGS else None


def _likely(name: str, ending: str) -> Iterator[tuple[int, int, int, str]]:
    """Domains that may be meant, with what tells the likelier: letters changed in name and ending, place among ours."""
    for known, endings in _ENDINGS.items():
        wrong = _mistakes(name, known)
        is_guessable = len(known) >= _SHORTEST_MISSPELT and (len(known) >= _FIRST_LETTER_FREE or name[:1] == known[:1])
        if wrong > is_guessable:
            continue
        for place, right in enumerate(endings):
            if ending == right or _mistakes(ending, right) == 1 or (wrong == 0 and known in _ONE_ENDING):
                yield wrong, _mistakes(ending, right), place, f"{known}.{right}"


def _mistakes(typed: str, right: str) -> int:
    """Letters left out, added, changed or exchanged with their neighbour."""
    return damerau_levenshtein_distance(typed, right)
