"""The fonts, with the letters that pages show and no others: each kilobyte is waited for."""

from fontTools import subset

from infra.site import words
from infra.site.places import GENERATED, SITE

_AMAZIGH = "NotoSansTifinagh-Regular.woff2"


def write_amazigh() -> None:
    """Write the font of Amazigh with the letters of the reviewed terms alone."""
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = ["*"]
    with subset.load_font(str(SITE / "fonts" / _AMAZIGH), options) as font:
        chosen = subset.Subsetter(options)
        chosen.populate(text="".join(words.amazigh().values()))
        chosen.subset(font)
        GENERATED.mkdir(exist_ok=True)
        subset.save_font(font, str(GENERATED / _AMAZIGH), options)
