"""The whole path on the sample county: the same question on the same data is the same answer, to the byte."""

import json
from pathlib import Path

import pandas as pd
import pytest

from analysis import sources
from analysis.errors import AnalysisError
from analysis.evaluation import Evaluation, evaluate
from analysis.evaluation.files import NOT_FOR_RELEASE, all_groupings
from analysis.outcomes import AreaMeasure
from analysis.protocol import Protocol
from analysis.results import TIDY
from analysis.store import Store

QUICK = 'checks = ["how_chosen", "few_clusters", "missing_months"]\n[intervention]\nname = "{name}"\n'
MODEL = "[model]\npermutations = 99\n"


@pytest.fixture(scope="module")
def sample() -> Path:
    """The sample as it is shipped, which is what the code writes (`tests/simulate`)."""
    return Path(__file__).parents[2] / "data" / "sample"


def loaded(paths) -> Store:
    store = Store.in_memory()
    for path in paths:
        store.load(sources.read(path.name, path))
    return store


def data_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix in (".csv", ".gz"))


@pytest.fixture(scope="module")
def store(sample) -> Store:
    return loaded(data_files(sample))


@pytest.fixture(scope="module")
def ward_round(store) -> Evaluation:
    return evaluate(Protocol.read(QUICK.format(name="weekly_ward_round") + MODEL), store)


def bytes_written(evaluation: Evaluation, folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in evaluation.write(folder)}


def test_the_true_effect_lies_inside_the_interval(ward_round, sample):
    true = json.loads((sample / "truth.json").read_text())["interventions"]["weekly_ward_round"]["on_admissions"]
    ratio = ward_round.effects.tidy().iloc[0]
    assert ratio["conf_low"] < true["rate_ratio"] < ratio["conf_high"]


def test_the_protocols_of_the_sample_can_be_carried_out(sample, store):
    for path in sorted((sample / "protocols").glob("*.toml")):
        protocol = Protocol.read(path)
        if isinstance(protocol.outcome, AreaMeasure):
            assert protocol.outcome.area in set(store.table("area_outcomes")["area_code"])
        else:
            assert protocol.plan.intervention in set(store.table("interventions")["intervention"])


@pytest.mark.bench
def test_shuffled_files_and_rows_give_the_same_bytes(sample, ward_round, tmp_path):
    shuffled = []
    for path in reversed(data_files(sample)):
        shuffled.append(tmp_path / path.name)
        if path.suffix == ".csv":
            rows = pd.read_csv(path, dtype=str)
            rows.sample(frac=1, random_state=3).to_csv(shuffled[-1], index=False)
        else:
            shuffled[-1].write_bytes(path.read_bytes())
    again = evaluate(ward_round.protocol, loaded(shuffled))
    one, two = (bytes_written(e, tmp_path / str(n)) for n, e in enumerate((ward_round, again)))
    assert one["effects.csv"] == two["effects.csv"]
    assert one["checks.csv"] == two["checks.csv"]
    first, second = json.loads(one["provenance.json"]), json.loads(two["provenance.json"])
    files = first["data"].pop("files"), second["data"].pop("files")
    assert first == second
    assert files[0] != files[1]  # other bytes came in, and that is said


@pytest.mark.bench
def test_carried_out_twice_every_byte_is_the_same(sample, ward_round, tmp_path):
    again = evaluate(ward_round.protocol, loaded(data_files(sample)[::-1]))
    assert bytes_written(again, tmp_path / "b") == bytes_written(ward_round, tmp_path / "a")


def test_effects_are_tidy_for_every_grouping_and_pass_disclosure(ward_round):
    frame = all_groupings(ward_round.published, ward_round.question)
    assert list(frame.columns) == ["by", "group", *TIDY]
    assert list(dict.fromkeys(frame["by"])) == ["overall", "event_time", "cohort", "calendar", "subgroup", "year"]
    assert set(frame.loc[frame["by"] != "overall", "term"]) == {"rate_ratio"}  # groups can be one home
    averted = frame.loc[frame["term"] == "admissions_averted", ["estimate", "conf_low", "conf_high"]].to_numpy(float)
    assert (averted % 5 == 0).all()


def test_what_is_written_is_what_may_be_handed_on_and_all_digits_are_for_the_owner_alone(ward_round, tmp_path):
    ward_round.write(tmp_path / "out")
    ward_round.write(tmp_path / "own", own=True)
    out, own = (pd.read_csv(tmp_path / name / "effects.csv") for name in ("out", "own"))
    pd.testing.assert_series_equal(
        out["estimate"], all_groupings(ward_round.published, ward_round.question)["estimate"]
    )
    assert out["estimate"].map(lambda x: len(f"{abs(x):.12g}".replace(".", "").strip("0"))).max() <= 4
    assert own["estimate"].iloc[0] == pytest.approx(ward_round.effects.tidy()["estimate"].iloc[0], rel=1e-11)
    assert set(own["release"]) == {NOT_FOR_RELEASE}
    said = [json.loads((tmp_path / name / "provenance.json").read_text("utf-8")) for name in ("out", "own")]
    assert "release" not in said[0]
    assert said[1]["release"] == NOT_FOR_RELEASE


def test_what_is_told_is_near_what_was_found(ward_round):
    """The price: the answer moves by less than half its error, and the error's digits stay."""
    found, told = (e.tidy().set_index("term").loc["rate_ratio"] for e in (ward_round.effects, ward_round.published))
    assert abs(told["estimate"] - found["estimate"]) < found["std_error"] / 2
    assert told["std_error"] == pytest.approx(found["std_error"], rel=0.05)


def test_the_account_says_what_was_used_and_left_out(ward_round):
    account, glance = ward_round.account(), ward_round.effects.glance().iloc[0]
    assert account.loc[0, ["homes", "home_months"]].tolist() == [glance["n_units"], glance["n_obs"]]
    assert (account.loc[account["what"] == "left out", "why"] == "months from the start of another intervention").all()
    assert set(ward_round.panel.facts["fact"]) <= set(account["what"])


def test_provenance_names_everything_but_the_time(ward_round, store):
    said = ward_round.provenance
    assert said["data"]["digest"] == store.digest(counts=False) != store.digest()
    assert said["protocol"]["digest"] == ward_round.protocol.digest
    assert Protocol.read(said["protocol"]["toml"]) == ward_round.protocol
    assert said["panel"]["digest"] == ward_round.shown.digest != ward_round.panel.digest
    assert len(said["data"]["files"]) == 9  # five of homes, two of areas, two of residents
    assert {"duckdb", "numpy", "pandas", "scipy", "python"} == set(said["packages"])
    assert said["seed"] == 20261122
    assert said["model"]["events"] % 5 == 0
    assert "20:" not in json.dumps(said["data"])


def test_homes_chosen_for_a_bad_year_are_seen_through(store):
    asked = 'subgroups = []\nchecks = ["how_chosen"]\n[intervention]\nname = "rapid_response"\n' + MODEL
    left_out, kept = (
        evaluate(Protocol.read(asked + window), store) for window in ("", '[window]\nselection = "keep"\n')
    )
    ratio = [e.effects.tidy()["estimate"].iloc[0] for e in (left_out, kept)]
    assert ratio[1] < ratio[0] - 0.03  # one home-year in 3 of the baseline is the year that chose them
    assert [e.checks[0].passed for e in (left_out, kept)] == [True, False]
    assert any("contains that fall" in note for note in kept.effects.notes)


def test_homes_registered_again_are_one_home(ward_round, store):
    links = store.table("links")
    earlier = set(links.loc[links["kind"] == "predecessor", "related_id"])
    counted = set(store.table("admission_events")["location_id"])
    assert earlier & counted
    assert not earlier & set(ward_round.panel.units.index)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[model]\nconf_lvl = 0.9\n", "conf_lvl: not known here. Did you mean conf_level?"),
        ("[outcome]\ncount = 'avoidable_admissions'\n[window]\nfirst = '2030-01'\n", "no rate"),
    ],
)
def test_what_cannot_be_answered_is_said(store, text, says):
    with pytest.raises(AnalysisError, match=says):
        evaluate(Protocol.read('[intervention]\nname = "weekly_ward_round"\n' + text), store)


def test_an_intervention_nobody_had(store):
    with pytest.raises(AnalysisError, match="'manager_training', 'rapid_response', 'weekly_ward_round'"):
        evaluate(Protocol.read('[intervention]\nname = "ward round"\n'), store)
