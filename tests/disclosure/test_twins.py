"""Nothing is let out but bands: homes whose cumulative counts lie in the same bands give the same bytes (brute force).

Of every panel there are twins: other counts, each home's cumulative count in the same band at the end of every month.
Whatever a protocol asks for, what is written is the same, byte for byte; so an attacker learns no more than the bands,
and how much that is, `test_store` says. With the rule off the twins are told apart.
"""

import numpy as np
import pandas as pd
import pytest

from analysis.disclosure import BEHIND
from analysis.evaluation import Evaluation, Material, carry_out
from analysis.figures.by_outcome import in_words
from analysis.panel import Panel, counts_as_shown
from analysis.panel.by_registration import CountsByRegistration
from analysis.panel.in_bands import anchors
from analysis.protocol import Protocol, checks_for
from analysis.protocol.registry import RATES
from tests.costs import PROOF, in_the_proof

T = 30
EVERY = [*checks_for(RATES)]
ASKED = """
checks = {checks}
{subgroups}
[intervention]
name = "ward round"
[window]
{window}
[comparison]
{comparison}
[model]
permutations = 49
{model}
"""
QUESTIONS = {
    "as it comes, every doubt": {"checks": EVERY},
    "months of the kind of home": {"model": 'month_effects_by = ["home_type"]'},
    "every home alike": {"model": 'average = "home"'},
    "one effect a start": {"model": 'effects = "cohort"'},
    "never treated": {"comparison": 'homes = "never_treated"'},
    "by provider, usual errors": {"model": 'cluster = "provider"\nvcov = "CR1"'},
    "dose": {"model": 'dose = "log-linear"', "checks": ["dose_bands"]},
    "others beside": {"comparison": 'others = "estimate"'},
    "others kept": {"comparison": 'others = "keep"'},
    "one month left out": {"window": 'leave_out = [["2023-09", "2023-09"]]'},
    "anticipation": {"window": "anticipation = 2"},
    "long leads, low level": {"model": "leads = 12\nconf_level = 0.5"},
    "other methods": {"model": 'also = ["CR3", "wild score", "randomisation interval"]'},
    "subgroups": {"subgroups": 'subgroups = ["home_type", "region"]'},
}


def panel_of(counts, bed_days):
    names = [f"H{i:02d}" for i in range(len(counts))]
    units = pd.DataFrame(
        {
            "name": names,
            "home_type": np.where(np.arange(len(counts)) % 3 == 0, "residential", "nursing"),
            "beds": 40,
            "area": "A",
            "region": np.where(np.arange(len(counts)) % 2 == 0, "North", "South"),
            "provider": [f"P{i // 2}" for i in range(len(counts))],
        },
        index=pd.Index(names, name="unit"),
    )
    months = np.datetime64("2022-01", "M") + np.arange(T)
    return Panel(units=units, months=months, counts=counts, exposure=bed_days,
                 outcome="emergency admissions", exposure_unit="bed-days")  # fmt: skip


def spells_of(rng, n):
    """The first six homes start, three of them have another intervention as well, chosen in the autumn before."""
    starts = pd.to_datetime(rng.choice(["2023-02-01", "2023-05-01", "2023-06-01"], 6))
    own = pd.DataFrame({"location_id": [f"H{i:02d}" for i in range(6)], "intervention": "ward round", "started": starts,
                        "dose": rng.integers(1, 5, 6), "chosen_by": "numbers"})  # fmt: skip
    own = own.assign(chosen_from=pd.Timestamp("2022-10-01"), chosen_to=pd.Timestamp("2022-11-30"))
    other = own.iloc[3:].assign(intervention="training", started=pd.Timestamp("2023-11-01"))
    more = other.iloc[:2].assign(location_id=[f"H{n - 1:02d}", f"H{n - 2:02d}"])
    return pd.concat([own, other, more], ignore_index=True).assign(ended=pd.NaT)


def twins(panel, spells):
    """The lowest and the highest counts in the same bands."""
    anchor = anchors(CountsByRegistration.of(panel), spells)
    for edge in (0, BEHIND.base - 1):
        counts = np.zeros_like(panel.counts)
        for row, a in enumerate(anchor):
            counts[row, a:] = at_the_edge(panel.counts[row, a:], edge)
            counts[row, :a] = at_the_edge(panel.counts[row, :a][::-1], edge)[::-1]
        yield counts


def at_the_edge(counts, edge):
    return np.diff(BEHIND.base * (np.cumsum(counts) // BEHIND.base) + edge, prepend=0)


def asked_of(panel, spells, asked, *, with_rule=True) -> Evaluation:
    text = ASKED.format(
        **{"checks": ["few_clusters"], "subgroups": "", "window": "", "comparison": "", "model": "", **asked}
    )
    shown = counts_as_shown(panel, panel, spells)
    if not with_rule:
        shown = Panel(**{name: getattr(panel, name) for name in PARTS}, unseen=np.zeros(panel.counts.shape, bool))
    given = Material(observed=panel, shown=shown, spells=spells, digest="", files=[])
    return carry_out(Protocol.read(text), given)


PARTS = ("units", "months", "counts", "exposure", "outcome", "exposure_unit")


def written(evaluation, folder):
    """All that a terminal writes, answer.md too, and the whole table of every doubt, which its page shows."""
    paths = evaluation.write(folder, beside={"answer.md": in_words(evaluation, "homes")})
    tables = {check.name: check.table.to_csv().encode() for check in evaluation.checks}
    return {path.name: path.read_bytes() for path in paths} | tables


@pytest.fixture(scope="module")
def drawn():
    rng, n = np.random.default_rng(11), 14
    level = rng.uniform(1.5, 5, (n, 1)) * np.where(np.arange(n) % 5 == 4, 0.2, 1.0)[:, None]
    panel = panel_of(rng.poisson(level * np.ones(T)), rng.integers(28, 32, (n, T)) * rng.uniform(25, 60, (n, 1)))
    return panel, spells_of(rng, n)


RESTS_ON_OTHERS = (
    "every home alike", "others kept", "anticipation", "long leads, low level", "subgroups", "one effect a start",
    "never treated", "one month left out", "months of the kind of home", "dose",
)  # fmt: skip
"""Questions whose every step another one above takes too: in `make proof`."""


@pytest.mark.parametrize(
    "name", [in_the_proof(name, name=name) if name in RESTS_ON_OTHERS else name for name in QUESTIONS]
)
def test_homes_in_the_same_bands_give_the_same_bytes_whatever_is_asked(drawn, name, tmp_path):
    """The lowest and the highest counts of each band; those drawn too, where every doubt is asked and in the proof."""
    panel, spells = drawn
    edges = [*twins(panel, spells)]
    assert all((counts != panel.counts).mean() > 0.3 for counts in edges)
    worlds = [*edges, panel.counts] if PROOF or QUESTIONS[name].get("checks") == EVERY else edges
    given, *others = (
        written(asked_of(panel_of(counts, panel.exposure), spells, QUESTIONS[name]), tmp_path / str(k))
        for k, counts in enumerate(worlds)
    )
    assert all(again == given for again in others)
    assert b"rate_ratio" in given["effects.csv"]


def test_with_the_rule_off_the_same_homes_are_told_apart(drawn):
    panel, spells = drawn
    exact, *others = (
        asked_of(panel_of(counts, panel.exposure), spells, {}, with_rule=False).files()["effects.csv"]
        for counts in [panel.counts, *twins(panel, spells)]
    )
    assert all(other != exact for other in others)
