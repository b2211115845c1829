"""axe-core in an isolated world of the page: its policy forbids scripts of others, which such a world does not concern.

`page.evaluate` runs in the page's own world. There, axe would meet the policy on Trusted Types, and the page axe.
"""

import json
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final

from playwright.sync_api import Page

from infra.paths import ROOT

WORLD: Final = "axe"
STANDARDS: Final = (
    *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"),
    "best-practice",
)
"""Every rule of WCAG 2.2 up to AA, and the practices that axe advises."""
_COLOURS: Final = ("color-contrast", "link-in-text-block")
"""The rules whose findings can depend on the theme alone."""

_WHERE: Final = {"include": [["html"]], "exclude": [["svg.line text"]]}
"""All but the numbers within a drawing, whose ground axe cannot tell: they stand in the chart's table too."""


@cache
def _source() -> str:
    path = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: `make environment` installs it.")
    return path.read_text(encoding="utf-8")


def axe(page: Page, *, only_colours: bool = False, without: Sequence[str] = ()) -> list[str]:
    """What axe finds on the page as it stands: each rule with the elements that break it.

    A rule that axe cannot decide ("incomplete") is a finding too where it is one of contrast.
    """
    session = page.context.new_cdp_session(page)
    frame = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    made = session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": WORLD})
    world = made["executionContextId"]

    def run(expression: str) -> Any:  # noqa: ANN401 - whatever JSON holds
        answer = session.send(
            "Runtime.evaluate",
            {"expression": expression, "contextId": world, "awaitPromise": True, "returnByValue": True},
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"].get("exception", {}).get("description", "axe failed"))
        return answer["result"].get("value")

    try:
        if run("typeof axe") == "undefined":
            run(_source())
        # The line of what is saved lies over what scrolls beneath it, whose colours axe then cannot tell.
        run("for (const line of document.querySelectorAll('.saving')) line.style.position = 'static'")
        # The preview's frame is of another origin: axe cannot enter it, and the browser complains of each try.
        chosen: dict[str, Any] = {"resultTypes": ["violations", "incomplete"], "iframes": False}
        if only_colours:
            chosen["runOnly"] = {"type": "rule", "values": list(_COLOURS)}
        else:
            chosen["runOnly"] = {"type": "tag", "values": list(STANDARDS)}
            chosen["rules"] = {name: {"enabled": False} for name in without} | {"target-size": {"enabled": True}}
        found = run(
            f"axe.run({json.dumps(_WHERE)}, {json.dumps(chosen)}).then(found => "
            "({violations: found.violations, incomplete: found.incomplete}))"
        )
        run("for (const line of document.querySelectorAll('.saving')) line.style.position = ''")
    finally:
        session.detach()
    return _worded(found["violations"]) + _worded(each for each in found["incomplete"] if each["id"] in _COLOURS)


def _worded(results: Iterable[Any]) -> list[str]:
    return [
        f"{result['id']}: {result['help']}: {' '.join(map(str, node['target']))} {node['html'][:160]} "
        f"{(node.get('failureSummary') or '')[:300]}"
        for result in results
        for node in result["nodes"]
    ]
