"""In what are supported homes and others alike, and how many of each are there?

Compared like with like by the finest of `LEVELS` at which every supported home of one origin rating has enough others
to be compared with. A rating that stood on several days is in several strata; what the strata of one origin rating tell
is then weighed down to the number of different ratings, which is exact where the same ratings stood on all days.

Where fewer others stood than supported homes, or fewer than `FEWEST`, re-ratings from before the programme stand beside
them (`programme`). Nobody had been chosen then; but years differ, so they count for no more than `EARLIER_WORTH`,
however many they are. Homes that had just fallen lean on no such past: two years before a programme hardly any had
fallen yet (4 in 1,000 of homes simulated from the first inspections on, against 56 in 1,000 when it began), and those
that had were worse for good than those that fell later (mean log odds of a good rating −0.48 against −0.21).
"""

import numpy as np
import pandas as pd

from analysis.errors import AnalysisError
from analysis.sources.schema import RATINGS

FEWEST = 20
"""Re-ratings that a stratum needs where homes are also told apart by kind, year and follow-up, which matter less."""

LEVELS = {
    ("from_rating", "since", "before", "selection", "home_type", "year", "follow_up"): FEWEST,
    ("from_rating", "since", "before", "selection", "year"): FEWEST,
    ("from_rating", "since", "before", "selection"): 0,
}
"""What homes are alike in, finest first, and how many re-ratings every stratum must have: the rating, the day it stood,
how it compared with the rating before, which homes were visited when it was next rated (`regimes.SELECTIONS`), the kind
of home, the year of the next rating and the time between the two.

The first four are kept even where one other home is all there is. Few others make the expected number uncertain, which
the interval shows; others that differ make it wrong, which nothing shows: a home that has just fallen recovers by
itself more often than one that never was better, and compared with any twenty, programmes of such homes were called
helpful in 7% of counties where nothing was done. A supported home with none like it in these four is left out and
counted, not set beside others."""

ALIKE = next(iter(LEVELS))

BEFORE = ("fallen", "not fallen", "first rating seen")

LIKE_THEM = "at the same rating, and just fallen to it or not"
"""What homes like a supported one are, in words: its rating, and which of `BEFORE` they came to it by."""

EARLIER_WORTH = 50.0
"""Re-ratings that any number of earlier ones stand for: the share that improves moves by about 7 points (standard
deviation) from year to year, as much as chance moves that of 50."""

FEWEST_COMPARED = 5.0
"""What the others must count for, whatever is made of them: with fewer, what homes do anyway is a guess. Where homes
had just fallen and others counted for less, the model of the next rating called 7.6% of programmes helpful, and 5.3%
harmful, in which nothing was done; where they counted for more, 3.4% and 3.2% (`bench/ratings_size.py`)."""

STRATA = (*ALIKE, "supported", "observed", "others", "improved", "weight")


def strata_of(again: pd.DataFrame, others: pd.DataFrame, earlier: pd.DataFrame | None = None) -> pd.DataFrame:
    """Count supported and other homes by what they are alike in, as `Programme.strata`.

    Parameters
    ----------
    again, others : DataFrame
        The columns of `LEVELS` and improved; and of others, row.
    earlier : DataFrame, optional
        from_rating, before, selection and improved of re-ratings from before the programme.
    """
    told = _told_apart(again, others)
    return _centred(_beside_earlier(told, earlier))


def _beside_earlier(strata: pd.DataFrame, earlier: pd.DataFrame | None) -> pd.DataFrame:
    """Add what earlier re-ratings say where others are few: earlier, earlier_improved, counted, counted_improved."""
    n, k = (strata[name].to_numpy(float) * strata["weight"].to_numpy(float) for name in ("others", "improved"))
    few = n < np.maximum(FEWEST, strata["supported"].to_numpy())
    past = np.zeros((2, len(strata)))
    for at, row in enumerate(strata.to_dict("records")):
        if earlier is None:
            break
        like = (earlier["from_rating"] == row["from_rating"]) & few[at] & (not str(row["before"]).startswith(BEFORE[0]))
        like &= (row["before"] == "any") | (earlier["before"] == row["before"])
        like &= earlier["selection"] == row["selection"]
        past[:, at] = like.sum(), (like & earlier["improved"]).sum()
    of_side = strata.groupby(["from_rating", "before"], observed=True)["supported"].transform("sum").to_numpy(float)
    share = strata["supported"].to_numpy(float) / of_side  # a side that stood on several days tells its past once
    worth = share * EARLIER_WORTH / (EARLIER_WORTH + past[0])
    return strata.assign(
        earlier=past[0].astype(int), earlier_improved=past[1].astype(int), counted=n + worth * past[0],
        counted_improved=k + worth * past[1],
    )  # fmt: skip


def _centred(strata: pd.DataFrame) -> pd.DataFrame:
    """Add the share of all that count, of each origin: centre; ½ (Jeffreys) where all, or none, were rated better."""
    by = strata.groupby("from_rating", observed=True)
    n, k = (by[name].transform("sum").to_numpy(float) for name in ("counted", "counted_improved"))
    none = (k <= 0) | (k >= n)
    return strata.assign(centre=np.where(none, 0.5, k / np.maximum(n, 1e-12)))


def _told_apart(again: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Count at the finest of `LEVELS` that has enough others."""
    both = [np.concatenate([frame[name].to_numpy(object) for frame in (again, others)]) for name in ALIKE]
    alike, names = zip(*map(pd.factorize, both), strict=True)
    supported = np.arange(len(both[0])) < len(again)
    improved = np.concatenate([again["improved"].to_numpy(bool), others["improved"].to_numpy(bool)])
    rows = []
    for rating in np.unique(alike[0][supported]):
        of = alike[0] == rating
        level, counts = _finest(np.stack(alike)[:, of], supported[of], improved[of])
        own = others["row"].to_numpy()[of[len(again) :]]
        labels = [
            [_label(known[code]) if name in level else "any" for code in codes]
            for name, known, codes in zip(ALIKE, names, counts.T, strict=False)
        ]
        weight = len(np.unique(own)) / max(len(own), 1)
        rows += [(*told, *count, weight) for *told, count in zip(*labels, counts[:, -4:].tolist(), strict=True)]
    strata = pd.DataFrame(rows, columns=list(STRATA)).astype(
        {"from_rating": pd.CategoricalDtype(RATINGS, ordered=True)}
    )
    return strata.loc[strata["others"] > 0].sort_values(list(ALIKE), ignore_index=True)


def _label(value: object) -> str:
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)


def _finest(alike: np.ndarray, supported: np.ndarray, improved: np.ndarray) -> tuple[tuple[str, ...], np.ndarray]:
    """Count at the finest of `LEVELS` with enough others everywhere, or the coarsest; arrays as in `_counted`."""
    level, counts = ALIKE, np.zeros((0, 11), int)
    for level, fewest in LEVELS.items():
        told = [codes if name in level else np.zeros_like(codes) for name, codes in zip(ALIKE, alike, strict=True)]
        counts = _counted(np.stack(told), supported, improved)
        if (counts[:, -2] >= fewest).all():
            break
    return level, counts


def _counted(alike: np.ndarray, supported: np.ndarray, improved: np.ndarray) -> np.ndarray:
    """Count by stratum: its codes, supported homes, those better, others, those better.

    Parameters
    ----------
    alike : ndarray of int64, shape (7, N)
        Codes of what homes are alike in.
    supported, improved : ndarray of bool, shape (N,)

    Returns
    -------
    ndarray of int64, shape (strata with a supported home, 11)
    """
    codes, stratum = np.unique(alike, axis=1, return_inverse=True)
    masks = (supported, supported & improved, ~supported, ~supported & improved)
    counts = [np.bincount(stratum[mask], minlength=codes.shape[1]) for mask in masks]
    return np.stack([*codes, *counts], axis=1)[counts[0] > 0]


def like_strata(others: pd.DataFrame, strata: pd.DataFrame) -> pd.DataFrame:
    """Keep the re-ratings of others that the expected number is made from."""
    labels = {name: _labelled(others[name]) for name in ALIKE}
    kept = np.zeros(len(others), bool)
    for row in strata.to_dict("records"):
        like = np.ones(len(others), bool)
        for name, (codes, known) in labels.items():
            if row[name] != "any":
                like &= (known == str(row[name]))[codes]
        kept |= like
    return others.loc[kept]


def _labelled(values: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Which label each value has, and the labels: of a country's re-ratings few are different."""
    codes, known = pd.factorize(values.astype(object), use_na_sentinel=False)
    return codes, np.array([_label(value) for value in known], dtype=object)


def worth(strata: pd.DataFrame) -> float:
    """How many homes of one stratum would tell as much as all that the expected number rests on."""
    m, n = (strata[name].to_numpy(float) for name in ("supported", "counted"))
    return float(m.sum() ** 2 / (m**2 / np.maximum(n, 1e-9)).sum()) if len(m) else 0.0


def refuse_thin(strata: pd.DataFrame) -> None:
    """Say in words that what homes do anyway would rest on too few.

    Raises
    ------
    AnalysisError
        If the others count for fewer than `FEWEST_COMPARED`.
    """
    if worth(strata) < FEWEST_COMPARED:
        raise AnalysisError(
            "What homes do anyway would rest on too few homes.",
            found=f"{int(strata['supported'].sum()):,} supported homes rated again, and others of the same ratings "
            f"that count for {worth(strata):.1f}; it takes {FEWEST_COMPARED:.0f}",
            do="Load ratings of homes that were not supported, such as those of neighbouring councils.",
        )
