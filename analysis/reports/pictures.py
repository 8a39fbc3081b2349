"""How does a chart become a picture that needs nobody else: no script, no server, no font of its own?

vl-convert draws what the app's charts are written in, here in this process: lines and letters (SVG), or dots (PNG).
"""

import json
import re
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import altair as alt

from analysis.figures.ready import WIDE, sized

NARROW = 250
"""Pixels of the plotted part on a telephone; the names beside it come on top."""
SVG = "http://www.w3.org/2000/svg"
SPOKEN = ("role", "aria-label", "aria-roledescription", "aria-hidden")
REFERS = re.compile(r"(url\(#)([\w-]+)")
"""How one part of a drawing names another."""
DENSE = 150_000
"""Characters of a drawing beyond which a picture of dots is smaller, and as good: a cloud of two thousand points."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A chart under its name."""

    name: str
    chart: "alt.TopLevelMixin"

    @property
    def description(self) -> str:
        """What the picture shows, in words made from its numbers."""
        told = self.chart.to_dict(validate=False).get("description") or self.name  # type: ignore[call-arg]
        return " ".join(str(told).split())

    def svg(self, *, narrow: bool = False) -> str:
        """Draw it in lines and letters."""
        import vl_convert  # noqa: PLC0415 - a second to import, which whoever asks for no picture need not wait for

        return vl_convert.vegalite_to_svg(self._at(NARROW if narrow else WIDE))

    def png(self, *, narrow: bool = False) -> bytes:
        """Draw it in dots, twice as many as a screen has."""
        import vl_convert  # noqa: PLC0415 - as above

        return vl_convert.vegalite_to_png(self._at(NARROW if narrow else WIDE), scale=2)

    def _at(self, width: int) -> str:
        spec: dict[str, Any] = self.chart.to_dict(validate=False)  # type: ignore[call-arg]
        return json.dumps(sized(spec, width))


def inline(svg: str, label: str, mark: str) -> str:
    """Make a drawing part of a page: one image with one description, whose ids are no other drawing's.

    Parameters
    ----------
    label : str
        The description that is read aloud.
    mark : str
        What its ids begin with.
    """
    ElementTree.register_namespace("", SVG)
    root = ElementTree.fromstring(svg)
    ids = {part.attrib["id"]: f"{mark}{n}" for n, part in enumerate(root.iter()) if "id" in part.attrib}
    for part in root.iter():
        for name in SPOKEN:
            part.attrib.pop(name, None)
        for name, value in part.attrib.items():
            part.set(name, ids[value] if name == "id" else REFERS.sub(lambda found: found[1] + ids[found[2]], value))
    root.set("role", "img")
    root.set("aria-label", label)
    return ElementTree.tostring(root, encoding="unicode")
