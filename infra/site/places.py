"""Where the sources of the pages lie, and where what is made of them goes."""

from infra.paths import PAGES, ROOT

SITE = ROOT / "site"
TEMPLATES = SITE / "pages"
WORDS = SITE / "words"
SOURCES = SITE / "src"
STYLE = SITE / "style"
GENERATED = SITE / "generated"
"""TypeScript made from the HTTP contract, the words and the time zone; git ignores it."""
DIST = PAGES
"""The pages as they are published; git ignores them."""
