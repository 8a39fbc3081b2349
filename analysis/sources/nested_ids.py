"""Is an id one home, or one home in each council?

Lists kept by councils often number their homes from 1. Put together, one id then stands for several homes, whose rows
contradict each other or, where their months do not meet, would quietly become one home. Where the council is told, it
and the id together name the home. CQC's own ids are one home in all of England, whatever the council is called.
"""

import pandas as pd

from analysis.sources.columns import ReadColumn, answer, homes, more, screening
from analysis.sources.layout import RawTable, Say

CQC = r"\d-\d{5,}"
"""Ids that are unique in England: a home may stand in two councils only because a council's name or border changed."""
QUESTION, OPTIONS = "ids in several councils", ("council and id", "one home")


def homes_of(raw: RawTable, say: Say) -> ReadColumn:
    """Return the ids of `homes`, with the council before them where an id is unique only within it."""
    home = homes(raw)
    if "area_name" not in raw.frame:
        return home
    area = raw.frame["area_name"].str.strip().str.replace(r"\s+", " ", regex=True).str.upper()
    several = _several(home.values, area)
    if not len(several):
        return home
    sure = _apart(raw, home.values, area)
    said = answer(say, QUESTION, OPTIONS)
    cells = home.values[home.values.isin(several)]
    found = f"{several[0]} in {area[home.values == several[0]].nunique()} councils"
    found += more(len(several) - 1, "id like it", "ids like it")
    words = {"found": found, "expected": "one home per id", "fault": "ids unique only within a council"}
    together = (area + " " + home.values).fillna(home.values)
    do = f"Council and id together name the home, as in {together[cells.index[0]]!r}; other files must name it so too."
    if sure or said == OPTIONS[0]:
        return ReadColumn(
            values=together, screening=home.screening + screening("warn", raw, "home", cells, do=do, **words)
        )
    if said:
        noted = screening("note", raw, "home", cells, do="You said: one home.", **words)
        return ReadColumn(values=home.values, screening=home.screening + noted)
    do = "Say whether each council numbers its own homes (council and id name the home), or a home changed its council."
    asked = screening("ask", raw, "home", cells, do=do, question=QUESTION, options=OPTIONS, **words)
    return ReadColumn(values=home.values, screening=home.screening + asked)


def _several(home: pd.Series, area: pd.Series) -> pd.Index:
    """Return the ids that stand in several councils, CQC's own aside."""
    pairs = pd.DataFrame({"home": home, "area": area}).dropna().drop_duplicates()
    twice = pairs["home"][pairs["home"].duplicated() & ~pairs["home"].str.fullmatch(CQC)]
    return pd.Index(twice.unique())


def _apart(raw: RawTable, home: pd.Series, area: pd.Series) -> bool:
    """Whether one id is surely several homes: it stands in two councils in one month, or under two names."""
    rows = pd.DataFrame({"home": home, "area": area}).join(raw.frame[[n for n in ("month", "name") if n in raw.frame]])
    rows = rows.dropna(subset=["home", "area"])
    if "month" in rows and rows.drop_duplicates(["home", "area", "month"]).duplicated(["home", "month"]).any():
        return True
    if "name" not in rows:
        return False
    names = rows.dropna(subset="name").drop_duplicates(["home", "area", "name"])
    one_each = not names.duplicated(["home", "area"]).any()
    return bool(one_each and not names.duplicated(["home", "name"]).any() and names["home"].duplicated().any())
