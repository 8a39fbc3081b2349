"""How does a chart become a picture that needs nobody else: no script, no server, no font of its own?

vl-convert draws what the app's charts are written in, here in this process: lines and letters (SVG), or dots (PNG).
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from xml.etree import ElementTree

import altair as alt

from analysis.figures.ready import WIDE, drawn_from

NARROW = 250
"""Pixels of the plotted part on a telephone; the names beside it come on top."""
SVG = "http://www.w3.org/2000/svg"
SPOKEN = ("role", "aria-label", "aria-roledescription", "aria-hidden")
REFERS = re.compile(r"(url\(#)([\w-]+)")
"""How one part of a drawing names another."""
DENSE = 150_000
"""Characters of a drawing beyond which a picture of dots is smaller, and as good: a cloud of two thousand points."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A chart under its name; what is made of it is made once, for every form of the report that it stands in."""

    name: str
    chart: "alt.TopLevelMixin"

    @cached_property
    def _spec(self) -> dict[str, Any]:
        return self.chart.to_dict(validate=False)  # type: ignore[call-arg]

    @property
    def description(self) -> str:
        """What the picture shows, in words made from its numbers."""
        return " ".join(str(self._spec.get("description") or self.name).split())

    @cached_property
    def broad(self) -> str:
        """The picture in lines and letters, as wide as a page."""
        return self._lines(WIDE)

    @cached_property
    def narrow(self) -> str:
        """The picture in lines and letters, as wide as a telephone."""
        return self._lines(NARROW)

    def png(self, *, narrow: bool = False) -> bytes:
        """Draw it in dots, twice as many as a screen has."""
        import vl_convert  # noqa: PLC0415 - a second to import, which whoever asks for no picture need not wait for

        return vl_convert.vegalite_to_png(self._at(NARROW if narrow else WIDE), scale=2)

    def _lines(self, width: int) -> str:
        import vl_convert  # noqa: PLC0415 - as above

        return vl_convert.vegalite_to_svg(self._at(width))

    def _at(self, width: int) -> str:
        return drawn_from(self._spec, width)


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
