"""The answer of every model, and of every doubt examined.

`Effects` is what any model hands on: frames made once by the model, read through three verbs whose columns never vary.
`Fitted` is what a doubt is examined on.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Literal, Protocol, TypeVar

import numpy as np
import pandas as pd

By = Literal["overall", "event_time", "cohort", "calendar", "subgroup", "dose", "year"]
"""What estimates are grouped by; "dose" holds the effect of one unit more, where a model was asked for it, and "year"
is years since the start, 1 for the first."""

TIDY = ("term", "estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high")
RATE_RATIO, RATE_DIFFERENCE, AVERTED = "rate_ratio", "rate_difference_per_1000_bed_days", "admissions_averted"
"""What an admission-rate model calls the three ways of saying one effect, in the column ``term``."""

AFTERWARDS = "after the first year"
"""Row of the diagnostic "lasting" that holds the one declared test of whether an effect lasts."""

NOT_SHOWN = "not_shown"
"""Name in `Effects.summary` of the sentence that says why an estimate is not shown; absent where it is."""

Average = Literal["exposure", "unit"]
"""What counts alike in an average effect: every unit of exposure (a bed-day), or every unit (a home)."""

OBSERVED_EXPECTED, EXTRA_BETTER = "observed_over_expected", "extra_rated_better"
SHARE_DIFFERENCE, NUMBER_NEEDED = "share_difference", "number_needed_to_support"
"""What the comparison of ratings with those expected anyway calls its ways of saying one effect."""

RATIO_UP, RATIO_DOWN, MONTHS_SAVED = "hazard_ratio_up", "hazard_ratio_down", "months_below_good_saved"
PROBABILITY_DIFFERENCE = "probability_difference"
CLOSURES_AVERTED = "closures_averted"
"""What the comparison of closures calls those that did not happen; its ratio is `OBSERVED_EXPECTED`."""
"""What the models of moves between ratings, and of the next rating, call theirs."""

GLANCE = (
    "estimand", "scale", "n_units", "n_treated", "n_comparison", "n_clusters", "n_obs", "events", "exposure",
    "conf_level", "vcov", "converged", "dropped",
)  # fmt: skip
AUGMENT = ("unit", "month", "event_time", "observed", "fitted", "counterfactual", "weight")


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A frame beside the estimates that whoever shows an answer may ask for.

    Parameters
    ----------
    name : str
        Its key in `Effects.diagnostics`.
    columns : tuple of str
        Those that may be relied on.
    filled_by : tuple of str
        Models (or steps after them) that fill it. Every other leaves it out, and what is shown of it is left out too.
    """

    name: str
    columns: tuple[str, ...]
    filled_by: tuple[str, ...]


_ADMISSIONS, _EXPECTED, _NEXT, _MOVES = "StaggeredRates", "ObservedExpected", "NextRating", "MultiState"
_RESIDENTS = "MatchedResidents"
_CLOSED, _STAYS = "ClosuresExpected", "StayRatios"
_MIXTURES, _SERIES, _DIFFERENCE = "SyntheticControl", "InterruptedTimeSeries", "DifferenceInDifferences"
DIAGNOSTICS = (
    Diagnostic("bands", ("event_time", "conf_low", "conf_high"), (_ADMISSIONS,)),
    Diagnostic("cohorts", ("cohort", "homes", "observed", "expected"), (_ADMISSIONS,)),
    Diagnostic("degrees_of_freedom", ("by", "df"), (_ADMISSIONS, _RESIDENTS, _STAYS)),
    Diagnostic("dose", (), (_ADMISSIONS,)),
    Diagnostic("dropped", ("unit", "reason"), (_ADMISSIONS, _STAYS)),
    Diagnostic("inference", ("df",), (_ADMISSIONS, _NEXT, _MOVES, _RESIDENTS, _STAYS)),
    Diagnostic("lasting", ("year", "homes", "ratio", "conf_low", "conf_high", "p_value", "df"), (_ADMISSIONS,)),
    Diagnostic("leverage", ("unit", "share"), (_ADMISSIONS,)),
    Diagnostic("methods", ("method", "default", "conf_low", "conf_high", "p_value", "good_for"),
               (_ADMISSIONS, _EXPECTED, _RESIDENTS, _STAYS)),
    Diagnostic("others", ("intervention", "from_month", "to_month", "homes", "rate_ratio", "conf_low", "conf_high"),
               (_ADMISSIONS,)),
    Diagnostic("pre_trend", ("statistic", "df", "p_value", "leads", "clusters", "why"), (_ADMISSIONS, _STAYS)),
    Diagnostic("by_home", ("unit", "estimate", "conf_low", "conf_high", "best_fifth"), ("admissions.published",)),
    Diagnostic("homes_differ", ("homes", "of", "others", "fifth", "p_value", "spread", "low", "high", "estimate"),
               ("admissions.published",)),
    Diagnostic("quarters", ("quarter", "homes", "observed", "counterfactual", "hidden"), ("admissions.published",)),
    Diagnostic("alike", ("since", "rating", "size", "home_type", "supported", "others", "others_left"), (_CLOSED,)),
    Diagnostic("became", ("became", "homes"), (_EXPECTED, _CLOSED)),
    Diagnostic("homes", ("home", "started", "became"), (_EXPECTED,)),
    Diagnostic("strata", ("from_rating", "since", "before", "supported", "observed", "others", "improved"),
               (_EXPECTED,)),
    Diagnostic("chances", ("group", "without", "without_low", "without_high", "with", "with_low", "with_high",
                           "inspections"), (_NEXT,)),
    Diagnostic("timing", (), (_NEXT,)),
    Diagnostic("rates", (), (_NEXT,)),
    Diagnostic("weights", (), (_NEXT, _MIXTURES)),
    Diagnostic("leave_one_out", ("unit",), (_MIXTURES,)),
    Diagnostic("intervals", ("year", "estimate", "own_low", "own_high", "own_p", "false_alarms", "areas", "conf_low",
                             "conf_high", "p_value", "rank", "how"), (_MIXTURES, _SERIES, _DIFFERENCE)),
    Diagnostic("balance", ("covariate", "before", "after"), (_RESIDENTS,)),
    Diagnostic("ends", ("end", "supported", "others", "estimate", "conf_low", "conf_high"), (_RESIDENTS,)),
    Diagnostic("incidence", ("who", "day", "residents", "first_admission", "died_before_admission", "died"),
               (_RESIDENTS,)),
    Diagnostic("residents", ("outcome", "events_supported", "days_supported", "events_others", "days_others",
                             "estimate", "conf_low", "conf_high"), (_RESIDENTS,)),
    Diagnostic("placebos", ("unit", "name", "treated", "year", "estimate", "scaled"),
               (_MIXTURES, _SERIES, _DIFFERENCE)),
)  # fmt: skip
"""Every diagnostic that may be shown. A model may fill others; nobody asks for them by name."""
_COLUMNS = {diagnostic.name: diagnostic.columns for diagnostic in DIAGNOSTICS}


Doubt = Literal["one to compare with", "carried by one", "few events", "usual error", "other years"]
"""Why an answer may not be read without a warning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caveat:
    """What the headline may not leave out.

    Parameters
    ----------
    doubt : Doubt
    words : str
        One plain sentence.
    """

    doubt: Doubt
    words: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cells:
    """The unit-months on which an answer rests: which they are is known at once, their frame is made when asked for.

    Parameters
    ----------
    make : callable
        Gives the frame, as of `Effects.cells`.
    used : ndarray of bool, shape (N, T)
        Which of the panel they are.
    """

    make: Callable[[], pd.DataFrame]
    used: np.ndarray

    def __call__(self) -> pd.DataFrame:
        """Make the frame."""
        return self.make()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Effects:
    """What a model found.

    Parameters
    ----------
    tables : mapping of By to DataFrame
        One frame per grouping: the `by` key (a column of that name), then the columns of `TIDY`.
    summary : mapping
        One value per name of `GLANCE`; and, where the model counted them, `treated_events`, and how many of the
        homes compared serve before their own start, `not_yet_treated`.
    cells : DataFrame, or callable that makes it
        One row per unit and month used, with the columns of `AUGMENT`: made when asked for, where it may have millions
        (`Cells`).
    covariance : mapping of By to ndarray, shape (rows of the grouping's log rate ratios,) * 2
        Covariance of the log rate ratios, in the order of their rows.
    diagnostics : mapping of str to DataFrame
        What else a careful reader asks for (degrees of freedom, leverage, weights, dropped units, other methods).
    notes : sequence of str
        Plain sentences the reader must see beside the estimate.
    caveats : tuple of Caveat
        What the headline itself must carry.
    call : str
        The reproducible call.
    average : Average
        What counts alike in the overall effect.
    against : str
        What the comparison is narrowed to, as it ends a sentence (", against homes of the same area"); empty where to
        nothing.
    exposure_unit : str
        Of the exposure in ``summary``, in words; empty where there is none.
    """

    tables: Mapping[By, pd.DataFrame]
    summary: Mapping[str, object]
    cells: pd.DataFrame | Callable[[], pd.DataFrame]
    covariance: Mapping[By, np.ndarray] = field(default_factory=dict)
    diagnostics: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    notes: Sequence[str] = ()
    caveats: tuple[Caveat, ...] = ()
    call: str = ""
    average: Average = "exposure"
    against: str = ""
    exposure_unit: str = ""

    def tidy(self, by: By = "overall") -> pd.DataFrame:
        """One row per estimate: the `by` key, then `TIDY`; no row where the model does not group by it."""
        columns = [by, *TIDY]
        return self.tables[by][columns].copy() if by in self.tables else pd.DataFrame(columns=columns)

    def glance(self) -> pd.DataFrame:
        """One row for the model: `GLANCE`."""
        return pd.DataFrame([{name: self.summary[name] for name in GLANCE}])

    def augment(self) -> pd.DataFrame:
        """One row per unit-month: `AUGMENT`."""
        cells: pd.DataFrame = self.cells() if callable(self.cells) else self.cells
        return cells[list(AUGMENT)].copy()

    def used(self, units: pd.Index, months: np.ndarray) -> np.ndarray:
        """Unit-months of a panel, by its units and months, on which the answer rests, shape (N, T)."""
        if isinstance(self.cells, Cells):
            return self.cells.used
        cells, used = self.augment(), np.zeros((len(units), len(months)), bool)
        month = (cells["month"].to_numpy("datetime64[M]") - months[0]).astype(int)
        used[units.get_indexer(cells["unit"]), month] = True
        return used

    def diagnostic(self, name: str) -> pd.DataFrame:
        """Give one of `DIAGNOSTICS`; where the model did not fill it, a frame without rows."""
        found = self.diagnostics.get(name)
        return pd.DataFrame(columns=list(_COLUMNS[name])) if found is None else found

    def events_treated(self, otherwise: float) -> float:
        """Events observed with the intervention, where the model counted them; otherwise what is given."""
        return float(self.summary.get("treated_events", otherwise))  # type: ignore[arg-type]

    def __repr__(self) -> str:
        """Show the reproducible call."""
        return self.call or object.__repr__(self)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Check:
    """A doubt, examined.

    Parameters
    ----------
    name : str
        The doubt, as a short question.
    passed : bool or None
        None where the data cannot say.
    table : DataFrame
        What was computed.
    reading : str
        One plain sentence.
    beside : str
        What must stand beside the answer; empty where the doubt is not so grave that an answer without it misleads.
    number : str
        The one number that matters, in few words ("12% above"); empty where there is none.
    conf_level : float, optional
        Of the intervals in reading and table, where the check has said or was asked at one (`with_level`).
    """

    name: str
    passed: bool | None
    table: pd.DataFrame
    reading: str
    beside: str = ""
    number: str = ""
    conf_level: float | None = None

    @classmethod
    def cannot_say(cls, name: str, columns: Sequence[str], why: str) -> "Check":
        """Give a doubt that cannot be examined, and why; its table has no row."""
        return cls(name=name, passed=None, table=pd.DataFrame(columns=list(columns)), reading=why)


MOST_DIGITS = 6
"""A limit nearer to no difference than this many digits show is beyond what the numbers hold."""


def limit(value: float, digits: int = 2, none: float = 1.0) -> str:
    """Write an end of an interval, with more digits where it would be rounded onto no difference: "1.004", not "1.00".

    Parameters
    ----------
    value : float
    digits : int
        After the point, where that is enough.
    none : float
        What no difference is: 1 for ratios, 0 for differences.
    """
    while digits < MOST_DIGITS and value != none and round(value, digits) == none:
        digits += 1
    return f"{value:,.{digits}f}".replace("-", "−")


def interval(estimate: float, low: float, high: float, digits: int = 2, none: float = 1.0) -> str:
    """Write a number with its interval, "0.78 (0.69 to 0.88)", or say that it has none."""
    if not np.isfinite(estimate):
        return "no estimate"
    written = f"{round(estimate, digits) + 0.0:,.{digits}f}".replace("-", "−")  # + 0: a zero has no sign
    if not np.isfinite([low, high]).all():
        return f"{written} (no interval)"
    return f"{written} ({limit(low, digits, none)} to {limit(high, digits, none)})"


def share_interval(share: float, low: float, high: float) -> str:
    """Write a share with its interval, "43% (20 to 69%)"; the share alone where there is none."""
    return f"{share:.0%} ({100 * low:.0f} to {high:.0%})" if np.isfinite([low, high]).all() else f"{share:.0%}"


_SPAN = re.compile(r"(?<=\d) \((−?[\d,.]+ to −?(?:[\d,.]+|inf))\)")


def with_level(said: str, conf_level: float) -> str:
    """Say of the first interval in words at what level it is, "0.78 (95% interval: 0.69 to 0.88)"; once is enough."""
    level = f"{100 * conf_level:g}% interval"
    return said if level in said else _SPAN.sub(rf" ({level}: \1)", said, count=1)


def check_at_level(check: Check, conf_level: float) -> Check:
    """Give a check whose words say at what level its intervals are."""
    words = {name: with_level(getattr(check, name), conf_level) for name in ("reading", "beside")}
    return replace(check, **words, conf_level=conf_level)


Observed = TypeVar("Observed")
Designed = TypeVar("Designed")
Observed_contra = TypeVar("Observed_contra", contravariant=True)
Designed_contra = TypeVar("Designed_contra", contravariant=True)


class Model(Protocol[Observed_contra, Designed_contra]):
    """A frozen specification with one verb, ``fit(observed, design) -> Effects``."""

    def fit(self, observed: Observed_contra, design: Designed_contra, /) -> Effects:
        """Fit the specification to what was observed, under a design."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted(Generic[Observed, Designed]):
    """A model with what it was fitted to and what it found: all that a doubt is examined on.

    Parameters
    ----------
    observed : Panel, Inspections or Areas
    design : Design, Support or Chosen
        Who is compared with whom.
    model : Model
        The one whose answer leads.
    effects : Effects
        Its answer, as it may be handed on.
    answers : mapping of str to Effects
        Of every method that answered, by name, this one among them.
    unanswered : mapping of str to str
        Methods that could not answer, and why.
    judged : object
        What all answers come to together, where the question says so (`Judged` of an area).
    """

    observed: Observed
    design: Designed
    model: Model
    effects: Effects
    answers: Mapping[str, Effects] = field(default_factory=dict)
    unanswered: Mapping[str, str] = field(default_factory=dict)
    judged: Any = None
