"""Is nothing told of a person, nor of few, and does every way of telling it say the same?"""

import re

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr

from analysis.disclosure.estimates import rounded_ratio
from analysis.errors import AnalysisError
from analysis.evaluation import evaluate
from analysis.figures.by_outcome import figures_of, in_words, source_of
from analysis.outcomes import Residents
from analysis.protocol import Protocol
from analysis.reports import evaluation_report
from analysis.residents import MatchedResidents, cohort_from
from analysis.residents.counted import share_told
from analysis.residents.published import moved_by_rounding, multiplied, published
from analysis.sources import read
from analysis.store import Store
from analysis.words import residents as words
from tests.residents.conftest import FIRST

TEXT = '[intervention]\nname = "support"\n[outcome]\nkind = "residents"\n'


def loaded(known):
    store = Store.in_memory()
    files = {
        "stays.csv": known.stays.rename(columns={"person": "person_pseudonym"}),
        "went.csv": known.admissions.drop(columns="location_id").rename(columns={"nights": "length_of_stay"}),
        "given.csv": known.spells.drop(columns="ended").rename(columns={"started": "start"}),
    }
    for name, frame in files.items():
        store.load(read(name, frame.to_csv(index=False).encode()))
    return store


@pytest.fixture(scope="module")
def evaluation(known):
    return evaluate(Protocol.read(TEXT), loaded(known))


@pytest.fixture(scope="module")
def files(evaluation):
    return {name: content.decode() for name, content in evaluation.files().items()} | {
        "answer.md": in_words(evaluation, "own files")
    }


def test_files_hold_no_pseudonym_no_home_and_no_day(files, known):
    every = " ".join(files.values())
    assert not re.search(r"P\d{7}", every)
    assert not any(home in every for home in known.homes.index)
    assert not re.search(r"\b20\d\d-\d\d-\d\d\b", every)


def test_counts_of_people_are_multiples_of_five_and_never_one_to_seven(evaluation):
    shown = evaluation.published.diagnostic("residents")
    account = evaluation.account()
    counts = [*shown["events_supported"].dropna(), *shown["events_others"].dropna(),
              *evaluation.published.diagnostic("incidence")["residents"],
              *(int(told.replace(",", "")) for name in ("residents", "admissions") for told in account[name]
                if told not in ("", "*"))]  # fmt: skip
    assert len(counts) > 20 and all(count % 5 == 0 and (count == 0 or count >= 10 or count == 5) for count in counts)
    assert {5} & {*counts} == set()
    glance = evaluation.provenance["model"]
    assert glance["n_obs"] % 5 == glance["events"] % 5 == 0 == glance["exposure"] % 100


@pytest.mark.parametrize(("people", "told"), [(0, 0.0), (1, np.nan), (7, np.nan), (8, 10 / 200), (62, 60 / 200)])
def test_shares_are_those_of_people_rounded(people, told):
    assert share_told(people / 198, 198) == pytest.approx(told, nan_ok=True)


def test_curves_are_told_every_thirty_days_and_from_people_rounded(evaluation, known):
    frame = evaluation.published.diagnostic("incidence")
    assert set(frame["day"]) <= {30.0, 60.0, 90.0, 120.0, 150.0, 180.0}
    people = evaluation.design.residents
    n = 5 * np.floor(people.loc[people["supported"], "weight"].sum() / 5 + 0.5)
    some = frame["first_admission"].dropna() * n
    np.testing.assert_allclose(some, 5 * (some / 5).round(), atol=0.0005 * n)
    raw = evaluation.exact[evaluation.method].diagnostic("incidence")
    both = raw.merge(frame, on=["who", "day"])
    assert (both["first_admission_x"] - both["first_admission_y"]).abs().max() < 5 / n


def test_of_few_nothing_is_told(known):
    late = FIRST + pd.Timedelta(days=820)
    cohort = cohort_from(known.records, known.spells.assign(started=late), Protocol.read(TEXT).plan, Residents())
    effects = published(MatchedResidents().fit(known.records, cohort), known.records, cohort)
    assert effects.tidy()["estimate"].isna().all() and len(effects.tidy("subgroup")) == 0
    assert effects.diagnostic("residents").drop(columns="outcome").filter(like="estimate").isna().all(axis=None)
    assert effects.diagnostic("incidence").empty
    assert "not told" in words.headline(effects, "emergency admissions", "support")
    assert not re.search(
        r"\b[1-7] (resident|people|admission)", words.headline(effects, "emergency admissions", "support")
    )


def alone(text):
    """Ask with nothing adjusted for, where rates are counts over days."""
    return Protocol.read(f"{text}[comparison]\nmatch_on = []\nexact_on = []\n[model]\nadjust = false\n")


def test_a_ratio_is_that_of_the_counts_that_are_shown(known):
    evaluation = evaluate(alone(TEXT), loaded(known))
    days = evaluation.effects.diagnostic("residents").set_index("outcome")
    told = evaluation.published.diagnostic("residents").set_index("outcome").dropna(subset=["estimate"])
    rate = [told[f"events_{side}"] / days[f"days_{side}"].loc[told.index] for side in ("supported", "others")]
    assert len(told) > 3
    assert (abs(told["estimate"] - rate[0] / rate[1]) < 0.5 * told["std_error"] / 10).all()
    overall = evaluation.published.tidy().set_index("term")
    lead = told.loc["emergency_admissions"]
    assert overall.loc["admissions_averted", "estimate"] == pytest.approx(
        lead["events_supported"] * (1 / lead["estimate"] - 1), abs=2.6
    )


def test_a_p_value_tells_no_more_than_its_ratio():
    """Of 30 and 32 events, told both as 30, the same ratio, error and p-value are told."""
    told = []
    for count in (30, 32):
        log, error = np.log(count / 40 * 0.9), 0.2
        ratio = {"estimate": np.exp(log), "std_error": np.exp(log) * error, "statistic": log / error,
                 "p_value": 2 * ndtr(-abs(log) / error), "conf_low": np.exp(log - 2 * error),
                 "conf_high": np.exp(log + 2 * error)}  # fmt: skip
        told.append(rounded_ratio(multiplied(ratio, moved_by_rounding(count, 40))))
    assert told[0] == pytest.approx(told[1])


def test_of_months_that_a_protocol_picks_only_the_owner_is_told(known):
    evaluation = evaluate(Protocol.read(f'{TEXT}[window]\nfirst = "2020-04"\n'), loaded(known))
    assert "the protocol picks first or last months" in evaluation.published.summary["not_shown"]
    assert evaluation.published.tidy()["estimate"].isna().all()
    assert evaluation.published.diagnostic("residents").select_dtypes("number").isna().all(axis=None)
    assert evaluation.published.diagnostic("incidence").empty
    used = evaluation.account().query("what == 'used' or what == 'left out'")
    assert set(used["residents"]) == {"*"}
    assert evaluation.provenance["model"]["events"] is None
    for figure in figures_of(evaluation, source_of(evaluation, "own files")):
        assert not re.search(r"\b\d+% of the new", figure.sentence or "")
    assert re.search(rb"rate_ratio,0\.\d+", evaluation.files(own=True)["effects.csv"])


def test_of_fewer_than_three_homes_nothing_is_told(known):
    few = known.spells.iloc[:2]
    cohort = cohort_from(known.records, few, Protocol.read(TEXT).plan, Residents())
    effects = published(MatchedResidents().fit(known.records, cohort), known.records, cohort)
    assert "fewer than 3 homes" in effects.summary["not_shown"]
    assert effects.tidy()["estimate"].isna().all() and effects.diagnostic("balance").empty


def test_what_is_told_rounds_what_was_found(evaluation):
    exact, told = evaluation.exact[evaluation.method].tidy(), evaluation.published.tidy()
    ours, theirs = (frame.set_index("term").loc["rate_ratio"] for frame in (exact, told))
    assert abs(ours["estimate"] - theirs["estimate"]) < 0.01
    assert abs(ours["conf_low"] - theirs["conf_low"]) < 0.02
    compared = evaluation.question.compare(evaluation.fitted).set_index("method").loc["CR2"]
    assert (compared["conf_low"], compared["conf_high"]) == (theirs["conf_low"], theirs["conf_high"])


def test_the_answer_of_the_owner_is_marked_and_exact(evaluation):
    own = evaluation.files(own=True)
    assert b"not for release" in own["effects.csv"]
    assert not re.search(rb"P\d{7}", b"".join(own.values()))


def test_every_doubt_is_examined_with_a_sentence_and_every_figure_has_one(evaluation):
    names = [check.name for check in evaluation.checks]
    assert len(names) == 6 and len(set(names)) == 6
    shown = list(figures_of(evaluation, source_of(evaluation, "own files")))
    assert [figure.title for figure in shown][:3] == [
        "The answer", "What was counted, with the support and without", "Share gone to hospital, and share died"
    ]  # fmt: skip
    for figure in shown:
        assert figure.headline or figure.sentence or figure.notes or figure.title == "Doubts, examined"
        assert figure.chart is None or figure.chart.to_dict()["description"]
    assert re.search(r"\(95% interval: ", evaluation.headline)


def test_the_report_says_the_same(evaluation):
    report = evaluation_report(evaluation, "own files")
    assert "new residents" in str(report).lower()


def test_a_protocol_says_all_of_it_and_refuses_parts_of_quarters():
    protocol = Protocol.read(TEXT)
    assert Protocol.read(protocol.to_toml()) == protocol and protocol.kind == "residents"
    with pytest.raises(AnalysisError, match="the first month of a quarter"):
        Protocol.read(f'{TEXT}[window]\nfirst = "2020-02"\n')
    with pytest.raises(AnalysisError, match="a multiple of 30"):
        Protocol.read(f"{TEXT}horizon = 181\n")
    with pytest.raises(AnalysisError, match="exact_on"):
        Protocol.read(f'{TEXT}[comparison]\nexact_on = ["size"]\n')


def test_a_store_without_stays_says_what_to_load():
    with pytest.raises(AnalysisError, match="holds no stays of residents"):
        evaluate(Protocol.read(TEXT), Store.in_memory())
