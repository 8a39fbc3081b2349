"""Which of the five key questions moved, and does Well-led move before the others?

A programme that trains managers should show first in how the home is led. Two looks at it:

* `by_question`: of homes below Good on a question, the share rated better on it at the next inspection; with supported
  homes, also observed over expected (`observed_expected`), question by question.
* `order`: from the day a home was rated below Good overall (or started with the support), among pairs of Well-led and
  another question both below Good then: which was rated better first? Most often both at one inspection. With F, S and
  L counting Well-led first, same inspection and last,

      net = (F − L) / (F + S + L),

  from −1 to 1; 0 means no order. A question better and the other not yet is an order; neither yet says nothing.

Several questions are looked at, so each has two intervals: one for that question alone, and one that together with the
others' holds the truth 95 times in 100 (Bonferroni). Those of `order` are percentiles over resampled homes; under
`FEWEST_HOMES` homes there are none, because a few homes drawn again and again look more alike than they are.
"""

import numpy as np
import pandas as pd

from analysis.design import Others
from analysis.errors import AnalysisError
from analysis.inference.usual import holm, wilson
from analysis.inspections import Inspections, Spells, spells_of
from analysis.ratings.base_rates import CONF_LEVEL, transitions
from analysis.ratings.observed_expected import ObservedExpected
from analysis.ratings.waits import waits, waits_since
from analysis.results import OBSERVED_EXPECTED
from analysis.sources.schema import KEY_QUESTIONS

FIVE = KEY_QUESTIONS[1:]
LED = "Well-led"
FEWEST_HOMES = 10
DRAWS = 2_000
"""Resamples: at 1.25% in each tail (four pairs), 25 of them lie beyond each end."""

TOGETHER = "any other question"


def by_question(inspections: Inspections) -> pd.DataFrame:
    """Share rated better at the next inspection, of homes below Good on each key question.

    Returns
    -------
    DataFrame
        One row per question: question, count, n, homes, share, conf_low, conf_high (that question alone), all_low,
        all_high (all five together).
    """
    rows = []
    for question in FIVE:
        table = transitions(inspections, key_question=question).table
        low = table.loc[(table["from_rating"] == "Below Good") & (table["moved"] == "better")]
        rows += low.assign(question=question).to_dict("records")
    columns = ["question", "count", "n", "homes", "share", "conf_low", "conf_high"]
    frame = pd.DataFrame(rows).reindex(columns=columns)
    counts = frame["count"].to_numpy(float), frame["n"].to_numpy(float)
    low, high = wilson(*counts, 1 - (1 - CONF_LEVEL) / len(FIVE)) if len(frame) else (np.nan, np.nan)
    return frame.assign(all_low=low, all_high=high)


def supported_by_question(
    inspections: Inspections, started: pd.Series, other: pd.Series | None = None,
    other_interventions: Others = "leave out",
) -> pd.DataFrame:  # fmt: skip
    """Observed over expected of supported homes on each key question.

    Parameters
    ----------
    inspections : Inspections
        Every published rating.
    started : Series of datetime64, index home
        Day each supported home started.
    other, other_interventions : as of `ObservedExpected`

    Returns
    -------
    DataFrame
        question, homes (rated again), observed, expected, estimate, conf_low, conf_high, p_value, p_holm (allowing for
        how many questions are looked at; Holm); questions without an answer have none.
    """
    rows = []
    for question in FIVE:
        try:
            model = ObservedExpected(key_question=question, other_interventions=other_interventions)
            found = model.fit(inspections, started, other)
        except AnalysisError:
            rows.append({"question": question, "homes": 0})
            continue
        ratio = found.tidy().set_index("term").loc[OBSERVED_EXPECTED]
        counts = {"homes": "n_treated", "observed": "events", "expected": "exposure"}
        row = {name: found.summary[key] for name, key in counts.items()}
        rows.append({"question": question, **row, **ratio[["estimate", "conf_low", "conf_high", "p_value"]]})
    columns = ["question", "homes", "observed", "expected", "estimate", "conf_low", "conf_high", "p_value"]
    frame = pd.DataFrame(rows).reindex(columns=columns)
    return frame.assign(p_holm=holm(frame["p_value"].to_numpy(float)))


def order(inspections: Inspections, started: pd.Series | None = None, *, seed: int) -> pd.DataFrame:
    """Say whether Well-led was rated better before the other questions.

    Parameters
    ----------
    inspections : Inspections
        Every published rating.
    started : Series of datetime64, index home, optional
        Days from which to look; by default, for all homes, the days they came to be rated below Good overall.
    seed : int
        Of the resampling.

    Returns
    -------
    DataFrame
        One row per other question, and one for all of them (`TOGETHER`): question, pairs (both below Good), homes,
        first, same, last, undecided, net, conf_low, conf_high, all_low, all_high.
    """
    overall = spells_of(inspections)
    if started is None:
        low = waits(overall).query("from_rating < 'Good'")
        started = pd.Series(low["start"].to_numpy(), low["home"])
    led = _low(spells_of(inspections, LED), started)
    pairs = {
        other: led.merge(_low(spells_of(inspections, other), started), on=["home", "start"], suffixes=("", "_other"))
        for other in FIVE
        if other != LED
    }
    rng = np.random.default_rng(seed)
    rows = [_row(name, frame, len(pairs), rng) for name, frame in pairs.items()]
    return pd.DataFrame([*rows, _row(TOGETHER, pd.concat(pairs.values()), 1, rng)])


def _low(spells: Spells, started: pd.Series) -> pd.DataFrame:
    """Days to a better rating on one question, of homes below Good on it on the day; infinite if never seen."""
    took = waits_since(spells, started).query("from_rating < 'Good'")
    return took.assign(days=took["exit"].where(took["cause"] == 1, np.inf))[["home", "start", "days"]]


def _row(name: str, pairs: pd.DataFrame, at_once: int, rng: np.random.Generator) -> dict:
    """Count and resample the pairs of one question; `at_once` intervals are to hold together."""
    led, other = pairs["days"].to_numpy(), pairs["days_other"].to_numpy()
    seen = np.isfinite(led) | np.isfinite(other)
    sign = np.sign(np.where(seen, other, 0) - np.where(seen, led, 0))
    homes, names = pd.factorize(pairs["home"].to_numpy()[seen])
    counts = {"first": sign > 0, "same": (sign == 0) & seen, "last": sign < 0, "undecided": ~seen}
    row = {"question": name, "pairs": len(pairs), "homes": len(names)}
    row |= {way: int(mask.sum()) for way, mask in counts.items()}
    row["net"] = float(sign[seen].mean()) if seen.any() else np.nan
    drawn = _resampled(homes, sign[seen], len(names), rng)
    tail = (1 - CONF_LEVEL) / 2
    for prefix, part in (("conf", tail), ("all", tail / at_once)):
        row[f"{prefix}_low"], row[f"{prefix}_high"] = np.quantile(drawn, [part, 1 - part])
    return row


def _resampled(homes: np.ndarray, sign: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """Net order in samples of homes drawn with replacement, shape (DRAWS,); missing with too few homes."""
    if n < FEWEST_HOMES:
        return np.full(DRAWS, np.nan)
    sums, sizes = np.bincount(homes, sign, minlength=n), np.bincount(homes, minlength=n)
    drawn = rng.multinomial(n, np.full(n, 1 / n), size=DRAWS)
    return (drawn @ sums) / (drawn @ sizes)
