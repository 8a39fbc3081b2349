"""What is one thing shown?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import pandas as pd

from analysis import tables
from analysis.tables.columns import Column, read

if TYPE_CHECKING:  # a second to import, which sentences need not wait for
    import altair as alt

TABLE = "Table and download"
DIGEST, DIGITS = "_sha256", 16
"""Ending of the name of what is a digest, and how much of one is enough to know a file by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What figures were made from: said once, under every picture and in every row of every download.

    Parameters
    ----------
    origin : str
        One sentence: "Synthetic data: the fictional county of Marlshire, 2018–2023."
    made_from : mapping of str to str
        Name to value, such as the digests of data and protocol: the last columns of a download.
    """

    origin: str
    made_from: Mapping[str, str] = field(default_factory=dict)

    def caption(self, *more: str) -> str:
        """Say under a picture where its numbers come from, and what else must be known to read it."""
        return " ".join([self.origin, *(words for words in more if words)])

    def cite(self, title: str) -> str:
        """Write how a figure of this title is cited: what it is, what it was made from, and by which version."""
        made = [f"{name.removesuffix(DIGEST).replace('_', ' ')} {value[:DIGITS]}"
                for name, value in self.made_from.items() if name.endswith(DIGEST)]  # fmt: skip
        version = self.made_from.get("homeward", "")
        told = "; ".join([f"Homeward {version}".strip(), *made])
        return " ".join(part for part in (f"“{title}”.", self.origin, f"{told}.") if part)


USUAL_LEVEL = 0.95
"""Of intervals, where a protocol asks for no other."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """One tidy frame, and how it is read: what stands in the table and in the download cannot part.

    Parameters
    ----------
    tidy : DataFrame
        One row per thing told; counts of people already protected.
    columns : tuple of Column
        How it is read; columns of which the frame lacks a part are left out. Empty: as it is.
    name : str
        The download's name, without its ending; empty where there is none.
    title : str
        What stands on the folded table; empty where it is read at once.
    conf_level : float
        Of its intervals, where the frame does not say it.
    """

    tidy: pd.DataFrame
    columns: tuple[Column, ...] = ()
    name: str = ""
    title: str = TABLE
    conf_level: float = USUAL_LEVEL

    @property
    def shown(self) -> pd.DataFrame:
        """Lay the table out for reading."""
        return read(self.tidy, self.columns) if self.columns else self.tidy

    @property
    def written(self) -> pd.DataFrame:
        """The frame as it is written into a file, where every interval says its level."""
        says = "conf_low" not in self.tidy or "conf_level" in self.tidy
        return self.tidy if says else self.tidy.assign(conf_level=self.conf_level)

    def csv(self, source: Source) -> bytes:
        """Write the tidy frame as CSV, with what it was made from in every row."""
        return tables.csv(self.written, source.made_from)


@dataclass(frozen=True, slots=True)
class Fact:
    """One number that stands beside an answer.

    Parameters
    ----------
    name : str
        What it is: "Averted".
    value : str
        In a few letters, with its unit: "about 400".
    more : str
        What must be read with it: "180 to 630".
    """

    name: str
    value: str
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Figure:
    """One thing shown. Whatever is empty is not there.

    Parameters
    ----------
    title : str
    level : 2 or 3
        2 for a heading of the page, 3 for one under it.
    warning : str
        What the reader must not miss, before anything else.
    headline : str
        The answer, said large: its figure is shown as a card.
    facts : tuple of Fact
        Three or four numbers beside the answer.
    call : str
        What the answer comes to, in a few words: "It helped".
    cost : str
        What one accepts who believes the answer.
    sentence : str
        How to read what follows, or what it shows.
    notes : tuple of str
        What must be known beside it.
    chart : Altair chart or None
    tabs : tuple of (str, Altair chart)
        Pictures of one kind, each under its name.
    caption : str
        Where the numbers come from.
    tables : tuple of Table
    more : tuple of (str, tuple of str)
        Sentences that are folded away, each list under its name.
    """

    title: str = ""
    level: Literal[2, 3] = 2
    warning: str = ""
    headline: str = ""
    facts: tuple[Fact, ...] = ()
    call: str = ""
    cost: str = ""
    sentence: str = ""
    notes: Sequence[str] = ()
    chart: "alt.TopLevelMixin | None" = None
    tabs: "tuple[tuple[str, alt.TopLevelMixin], ...]" = ()
    caption: str = ""
    tables: tuple[Table, ...] = ()
    more: tuple[tuple[str, tuple[str, ...]], ...] = ()
