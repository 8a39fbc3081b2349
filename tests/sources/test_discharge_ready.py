"""Twenty-seven months of the Discharge Ready Date come in by one door, in three layouts, and an area is evaluated."""

import numpy as np
import pandas as pd
import pytest

from analysis.areas import joined
from analysis.areas.observed import area_panel, areas_of
from analysis.design import Plan
from analysis.evaluation import evaluate
from analysis.figures.by_outcome import in_words
from analysis.outcomes import AreaMeasure
from analysis.protocol import Protocol
from analysis.sources import read
from analysis.sources.discharge_ready import BED_DAYS, DAYS_EACH, LATER
from analysis.store import Store
from tests.sources.drd import MERGED, OF_19, OF_22, OF_39, TRUSTS, figures, layout_of, workbook

MONTHS = [f"{month:%Y-%m}" for month in pd.date_range("2023-09-01", "2025-12-01", freq="MS")]


@pytest.fixture(scope="module")
def store():
    held = Store.in_memory()
    for month in MONTHS:
        held.load(read(f"Discharge-Ready-Date-monthly-data-webfile-{month}.xlsx", workbook(month)))
    return held


@pytest.fixture(scope="module")
def outcomes(store):
    return joined(store.table("area_outcomes"))


def test_the_three_layouts_are_those_that_are_known():
    assert (len(OF_19), len(OF_22), len(OF_39), len(MONTHS)) == (19, 22, 39, 28)
    assert {layout_of(pd.Timestamp(month)) for month in MONTHS} == {OF_19, OF_22, OF_39}


def test_every_month_gives_what_its_trusts_returned(store, outcomes):
    table = store.table("area_outcomes").set_index(["measure", "area_code", "period"]).sort_index()
    for month in map(pd.Timestamp, MONTHS):
        for code in ("RA1", "RB2", "RAL"):
            told = figures(code, month)
            days, share = (float(table.loc[(what, code, month), "value"]) for what in (BED_DAYS, LATER))
            assert days == told["days"].sum()
            assert share == pytest.approx(100 * told["counts"][1:].sum() / told["patients"], abs=1e-3)
    assert "RA3" not in set(outcomes["area_code"]) and "Y56" not in set(outcomes["area_code"])
    assert outcomes.loc[outcomes["measure"] == DAYS_EACH, "period"].min() == pd.Timestamp("2024-04-01")


def test_councils_stand_on_a_sheet_of_their_own_and_those_not_acceptable_are_not_read(outcomes):
    row = outcomes[(outcomes["area_code"] == "E09000002") & (outcomes["measure"] == LATER)].set_index("period")
    told = figures("AE09000002", pd.Timestamp("2025-03-01"))  # of the sheet "UTLA Acceptable"
    found = row.loc[pd.Timestamp("2025-03-01")]
    assert (float(found["numerator"]), float(found["denominator"])) == (told["counts"][1:].sum(), told["patients"])
    assert set(outcomes["area_code"][outcomes["area_code"].str.startswith("E")]) == {"E09000002", "E10000003"}


def test_a_file_revised_in_place_replaces_its_month():
    held = Store.in_memory()
    for revision in (0, 1):
        held.load(read("x-March-2025.xlsx", workbook("2025-03", revision=revision)))
    rows = held.table("area_outcomes")
    rows = rows[(rows["area_code"] == "RA1") & (rows["measure"] == BED_DAYS)]
    assert (
        float(rows["value"].iloc[0]) == figures("RA1", pd.Timestamp("2025-03-01"), 1)["days"].sum() and len(rows) == 1
    )


@pytest.mark.bench
def test_a_trust_that_became_part_of_another_is_one_with_it_over_all_months(outcomes):
    panel = area_panel(outcomes, BED_DAYS)
    assert "RAP" not in panel.units.index and "RAL" in panel.units.index
    own = panel.counts[panel.units.index.get_loc("RAL")]
    for month, count in zip(panel.months, own, strict=True):
        day = pd.Timestamp(month)
        both = ("RAL", "RAP") if day < MERGED else ("RAL",)
        assert count == sum(figures(code, day)["days"].sum() for code in both)


def test_numbers_stand_behind_the_share_where_every_month_has_them(outcomes):
    later = outcomes[outcomes["period"] >= pd.Timestamp("2024-04-01")]
    observed = areas_of(later, LATER)
    assert observed.told.unit == "% of patients discharged" and observed.told.per == 100
    assert observed.panel.exposure_unit == "patients discharged"
    assert not areas_of(outcomes, LATER).told.counts  # before, a share alone
    assert areas_of(outcomes, BED_DAYS).told.unit == "Bed-days lost on an average day"
    assert areas_of(later, DAYS_EACH).panel.counts.sum() > 0


def test_a_trust_is_evaluated_on_them(store):
    outcome = AreaMeasure(area="RA1", start="2025-09", measure=BED_DAYS)
    found = evaluate(Protocol(plan=Plan(intervention="discharge hub"), outcome=outcome), store)
    assert found.design.comparison == len(TRUSTS) - 3  # itself, the one not acceptable, the one merged
    assert found.observed.told.unit == "Bed-days lost on an average day"
    assert "bed-days lost to delayed discharge (DRD) in Trust A1" in in_words(found, "NHS England")
    assert np.isfinite(found.effects.tidy()["estimate"]).all()


def test_the_month_is_asked_for_where_nothing_says_it():
    from tests.sources import drd  # noqa: PLC0415

    kept, drd._banner = drd._banner, lambda *about: None
    try:
        nameless = workbook("2025-03")
    finally:
        drd._banner = kept
    found = read("webfile.xlsx", nameless)
    assert [finding.question for finding in found.findings if finding.outcome == "ask"][:1] == ["month"]
    said = read("webfile.xlsx", nameless, {"month": "2025-03"}).tables["area_outcomes"]
    assert set(said["period"]) == {pd.Timestamp("2025-03-01")}
    named = read("Discharge-Ready-Date-monthly-data-webfile-Sept-2024-Revised.xlsx", nameless)
    assert set(named.tables["area_outcomes"]["period"]) == {pd.Timestamp("2024-09-01")}
    assert any("Taken from the file's own name: September 2024" in finding.do for finding in named.findings)
