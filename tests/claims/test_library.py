"""The evidence library: sourced rows, one estimate a scheme in a pool, pools equal to the sum by hand."""

import numpy as np
import pytest

from analysis.claims import NOTHING
from analysis.claims.library import by_year, pools, studies
from analysis.figures import evidence as figures
from analysis.plans.appraising import stored_known
from analysis.sources.evidence import published_effects


def test_every_row_has_a_source_a_design_and_says_whether_it_was_read():
    table = published_effects()
    assert table.index.is_unique
    assert (table[["source", "design", "population", "result", "scheme", "kind"]] != "").all(axis=None)
    assert {"rushcliffe", "nottingham", "wakefield", "sutton", "vanguards", "airedale", "restore2"} <= {
        *table["scheme"]
    }


def test_a_pool_holds_each_scheme_once_and_no_judgement():
    rows = pools()
    together = rows.loc[rows["studies"] > 1].iloc[0]
    y, v = (
        studies().loc[["rushcliffe_all", "wakefield_avoidable"], name].to_numpy() for name in ("log_ratio", "variance")
    )
    weight = 1 / v  # the two agree: no spread, so the mean weighs by precision
    assert together["estimate"] == pytest.approx(np.exp((weight * y).sum() / weight.sum()), abs=1e-6)
    reach = 1.959964 / np.sqrt(weight.sum())
    assert [together["common_low"], together["common_high"]] == pytest.approx(
        np.exp((weight * y).sum() / weight.sum() + np.array([-reach, reach])), abs=1e-5
    )
    assert "judgement" not in {*studies()["scheme"]}


def test_a_printed_interval_stays_as_it_was_printed():
    alone = pools().loc[lambda t: (t["outcome"] == "emergency admissions") & (t["home_type"] == "residential")].iloc[0]
    assert alone[["estimate", "conf_low", "conf_high"]].tolist() == [0.60, 0.42, 0.86]


def test_base_rates_go_on_where_files_are_loaded_and_the_gap_is_said(sample_store):
    known = stored_known(sample_store, "the county")
    rows = by_year(known)
    loaded = rows.loc[rows["source"] == "The files loaded"]
    assert loaded["year"].max() > 2017
    without = " ".join(figure.sentence for figure in figures.figures(NOTHING))
    assert "ends in 2017" in without
    assert "load CQC's ratings" in without
    assert f"to {loaded['year'].max()}" in " ".join(figure.sentence for figure in figures.figures(known))
