"""A schedule by lot: balanced, repeatable, and a list of interventions that loads as it is."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import AnalysisError
from analysis.planning import Lot, Study, balance, checklist, schedule, templates
from analysis.sources import read

HOMES = pd.DataFrame(
    {"name": [f"Home {i}" for i in range(23)], "home_type": np.where(np.arange(23) % 3, "residential", "nursing")},
    index=pd.Index([f"1-{100000000 + i}" for i in range(23)], name="unit"),
)
PLAN = {"intervention": "ward round", "waves": 4, "first": "2025-11", "gap": 3, "seed": 7, "strata": ("home_type",)}


def test_waves_are_balanced_in_all_and_in_every_stratum():
    counts = balance(schedule(HOMES, Lot(**PLAN)), HOMES, ("home_type",))
    assert counts["start_month"].tolist() == ["2025-11", "2026-02", "2026-05", "2026-08"]
    for name in ("homes", "nursing", "residential"):
        assert np.ptp(counts[name]) <= 1
    assert counts["homes"].sum() == 23


def test_the_seed_gives_the_same_schedule_whatever_the_order_of_the_list():
    drawn = schedule(HOMES, Lot(**PLAN))
    pd.testing.assert_frame_equal(drawn, schedule(HOMES.sample(frac=1, random_state=1), Lot(**PLAN)))
    assert not drawn.equals(schedule(HOMES, Lot(**PLAN | {"seed": 8})))


def test_every_home_may_fall_in_every_wave():
    waves = [schedule(HOMES, Lot(**PLAN | {"seed": s})).set_index("location_id")["wave"] for s in range(200)]
    shares = pd.concat([w.value_counts(normalize=True) for w in [pd.concat(waves)]])
    assert shares.to_numpy() == pytest.approx(0.25, abs=0.01)
    first = pd.Series([w[HOMES.index[0]] for w in waves]).value_counts(normalize=True)
    assert first.to_numpy() == pytest.approx(0.25, abs=0.1)


def test_a_schedule_loads_as_a_list_of_interventions():
    reading = read("schedule.csv", schedule(HOMES, Lot(**PLAN)).to_csv(index=False).encode())
    assert reading.layout == "interventions"
    assert not reading.questions
    spells = reading.tables["interventions"]
    assert len(spells) == 23
    assert pd.to_datetime(spells["started"]).min() == pd.Timestamp("2025-11-01")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"waves": 1}, "at least 2 waves"), ({"waves": 40}, "more waves than homes"), ({"gap": 0}, "at least 1 month"),
     ({"first": "soon"}, "written like 2025-04")],
)  # fmt: skip
def test_a_schedule_that_makes_no_sense_is_refused(wrong, words):
    with pytest.raises(AnalysisError, match=words):
        schedule(HOMES, Lot(**PLAN | wrong))


FILLED = {
    "admissions.csv": ("1-100000001,2024-01-05,21,J189", "admissions"),
    "bed_days.csv": ("1-100000001,2024-01,900", "resident days"),
    "interventions.csv": ("1-100000001,ward round,2024-01,,1,by lot,,", "interventions"),
}


@pytest.mark.parametrize("name", FILLED)
def test_the_templates_are_read_once_they_are_filled_in(name):
    row, layout = FILLED[name]
    content = templates()[name].to_csv(index=False) + row + "\n"
    reading = read(name, content.encode())
    assert reading.layout == layout
    assert not reading.refusals
    assert not reading.questions
    assert reading.rows_used == 1


def test_what_to_collect_names_the_months():
    said = checklist(Study(before=12, after=9))
    assert (
        said["when"].str.contains("12 months before the first start to 9 months after the last: 21 in all").sum() == 2
    )
    assert "ratings.csv" in checklist()["file"].tolist()
