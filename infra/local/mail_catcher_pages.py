"""The mail catcher's pages for a browser."""

from collections.abc import Iterable, Mapping
from html import escape

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
article { border: 1px solid #ccc; border-radius: .5rem; padding: 1rem; margin: 1rem 0; }
pre { white-space: pre-wrap; font: inherit; margin: .5rem 0 0; }
small { color: #555; }
"""


def emails(items: Iterable[Mapping[str, object]]) -> str:
    """List the e-mails, each with a link to its HTML and its source."""
    return _page(
        "E-mails",
        (
            _article(
                title=_link(f"/emails/{item['id']}", str(item["subject"])),
                small=f"{item['date']} · {item['from']} → {', '.join(_strings(item['to']))}",
                text=str(item["text"]),
                more=_link(f"/emails/{item['id']}/raw", "source"),
            )
            for item in items
        ),
    )


def sms(items: Iterable[Mapping[str, object]]) -> str:
    """List the SMS."""
    return _page(
        "SMS",
        (_article(title=escape(str(item["to"])), small="", text=str(item["text"])) for item in items),
    )


def plain(text: str) -> str:
    """Show an e-mail that has no HTML."""
    return _page("E-mail", [f'<pre dir="auto">{escape(text)}</pre>'])


def _link(to: str, text: str) -> str:
    return f'<a href="{escape(to)}">{escape(text)}</a>'


def _strings(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


def _article(*, title: str, small: str, text: str, more: str = "") -> str:
    return (
        f'<article><strong dir="auto">{title}</strong><br><small>{escape(small)}</small>'
        f'<pre dir="auto">{escape(text)}</pre>{more}</article>'
    )


def _page(title: str, articles: Iterable[str]) -> str:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style><h1>{title}</h1>{''.join(articles) or '<p>None yet.</p>'}</html>"
    )
