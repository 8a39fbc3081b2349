"""A plan comes to the same on the page and at the terminal, with the same bytes twice, and gives nobody away."""

import io
import json
import re
import tomllib
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis import written
from analysis.cli import main
from analysis.commands import FILES, VERBS
from analysis.design import Plan
from analysis.errors import AnalysisError
from analysis.evaluation import evaluate
from analysis.planning import AdmissionsPlan, RatingsPlan, StartsByLot, Study
from analysis.plans import past, studies, targets
from analysis.plans.targets import FairTo, TargetingPlan
from analysis.protocol import Protocol
from analysis.scenarios import Effect, Offer, Ratio, Scenario, project
from analysis.scenarios.effect_from import from_evaluation
from analysis.scenarios.faults import wrong_with
from analysis.simulate import texts as sample_texts
from analysis.sources import read
from analysis.store import Store
from analysis.store.sample import COUNCIL_FILES, SAMPLE
from analysis.targeting.choice import Capacity
from analysis.words.phrases import first_sentence
from tests.costs import in_the_proof
from tests.pages.conftest import components, frames, texts, visit  # noqa: F401 - fixtures

KEPT = "kept_scenarios"


@pytest.fixture(scope="module")
def store(tmp_path_factory, sample_store) -> Path:
    """Homes and councils of the sample, in one store on the disk."""
    path = tmp_path_factory.mktemp("store") / "county.duckdb"
    sample_store.copy_to(path)
    for name in COUNCIL_FILES:
        Store(path).load(read(name, SAMPLE / name))
    return path


@pytest.fixture(scope="module")
def seen(store):
    return past.stored_past(Store(store))


@pytest.fixture(scope="module")
def carry_out(store):
    """Run a verb on a plan, into a folder: what was said."""

    def run(verb, plan, folder):
        file = folder.with_suffix(".toml")
        file.write_text(plan if isinstance(plan, str) else written.to_toml(plan), "utf-8")
        with redirect_stdout(io.StringIO()) as said:
            assert main([verb, str(file), "--store", str(store), "--out", str(folder)]) == 0
        return said.getvalue()

    return run


@pytest.fixture(scope="module")
def carried_out(carry_out, tmp_path_factory):
    """Run a verb on a plan, each once for all tests that read it: what was said, and the folder."""
    known = {}

    def run(verb, plan):
        text = plan if isinstance(plan, str) else written.to_toml(plan)
        if (verb, text) not in known:
            folder = tmp_path_factory.mktemp("carried_out") / "out"
            known[verb, text] = carry_out(verb, text, folder), folder
        return known[verb, text]

    return run


@pytest.fixture
def page(visit, store, monkeypatch):  # noqa: F811 - the fixture
    """Open a page on the same store."""
    monkeypatch.setenv("HOMEWARD_STORE", str(store))
    return visit


@pytest.fixture(scope="module")
def ward_round(store) -> Scenario:
    """The scenario with which the pages open."""
    found = evaluate(Protocol(plan=Plan(intervention="weekly_ward_round"), checks=()), Store(store))
    offer = Offer(name="weekly ward round", effect=from_evaluation(found.published, "weekly ward round"))
    return Scenario(title=offer.name, offers=(offer,))


def told(app) -> str:
    return " ".join(texts(app)).replace("\\", "").replace("\u2060", "")


def shown(app, column) -> pd.DataFrame:
    return next(frame for frame in frames(app) if column in frame)


def in_words_too(app, folder):
    """Whatever answer.md says, the page says: headings, sentences and notes; and of pictures what is read aloud."""
    plain = re.sub(r"\\(.)", r"\1", (folder / "answer.md").read_text())
    heads = [line[3:] for line in plain.splitlines() if line.startswith("## ")]
    on_page = {header.value.replace("\\", "") for header in app.header}
    assert set(heads[:-1]) <= on_page
    above = plain.split("## What this was made from")[0].splitlines()
    sentences = [line.removeprefix("- ").strip("*") for line in above if line and line[0] not in "#|*"]
    folds = {fold.label.replace("\\", "") for fold in app.expander}
    words = told(app)
    # above a picture stands the first sentence, below it the rest
    said = [
        all(part in words for part in first_sentence(line)) or line.removesuffix(":") in folds for line in sentences
    ]
    unsaid = [line for line, there in zip(sentences, said, strict=True) if not there]
    assert not unsaid


@pytest.mark.bench
def test_what_if_says_the_same_on_the_page_and_at_the_terminal(page, carried_out, ward_round):
    app = page("pages/what_if.py", query={"break_even": "true"})
    next(button for button in app.button if button.label == "Keep it to compare").click().run()
    (kept,) = app.session_state[KEPT].values()
    plan = written.from_text(Scenario, kept, wrong=wrong_with)
    assert plan == ward_round  # what the page's fields hold is what the file holds
    said, folder = carried_out("project", plan)
    for sentence in said.splitlines()[:4]:
        assert sentence in told(app)
    averted = pd.read_csv(folder / "averted.csv")
    assert shown(app, "About")["Over the whole time"].tolist() == averted["outcome"].tolist()
    assert shown(app, "About")["About"].iloc[0] == f"{averted['estimate'].iloc[0]:,.0f}"
    assert len(shown(app, "Assumption")) == len(pd.read_csv(folder / "assumptions.csv"))
    in_words_too(app, folder)
    homes, listed = shown(app, "Admissions a year expected without it"), pd.read_csv(folder / "homes.csv")
    assert homes["Home"].tolist() == listed["name"].tolist()
    assert homes["Days below Good expected without it"].iloc[0] == f"{listed['below_good'].iloc[0]:,.0f}"


@pytest.mark.bench
def test_targeting_says_the_same_on_the_page_and_at_the_terminal(page, carried_out, ward_round):
    app = page("pages/targeting.py")
    plan = TargetingPlan(scenario=ward_round, capacity=Capacity(budget=500_000))
    said, folder = carried_out("target", plan)
    for sentence in said.splitlines()[:5]:
        assert sentence in told(app)
    for sentence in (folder / "entry_rule.txt").read_text().splitlines()[2:]:
        assert sentence in told(app)
    homes, listed = shown(app, "Qualifies by the rule"), pd.read_csv(folder / "homes_by_name.csv")
    assert (homes["Offered"] == "yes").tolist() == listed["chosen"].tolist()
    judged = pd.read_csv(folder / "rules_judged.csv")
    assert shown(app, "Years judged")["Rule"].tolist() == judged["rule"].tolist()
    assert (judged["delivered"].dropna() % 1000 == 0).all()
    in_words_too(app, folder)


@pytest.mark.bench
def test_the_list_of_homes_is_a_scenario_that_comes_to_the_same(carried_out, ward_round):
    plan = TargetingPlan(scenario=ward_round, capacity=Capacity(budget=500_000), fairness=FairTo(every="home_type"))
    said, folder = carried_out("target", plan)
    again, _ = carried_out("project", (folder / "list_of_homes.toml").read_text())
    first = again.splitlines()[0]
    assert first in said


@pytest.mark.bench
def test_planning_says_the_same_on_the_page_and_at_the_terminal(page, carried_out):
    app = page("pages/planning.py")
    said, folder = carried_out("plan", AdmissionsPlan())
    for sentence in said.splitlines()[:5]:
        assert sentence in told(app)
    power = pd.read_csv(folder / "power.csv")
    row = power[power["rate_ratio"] == 0.8].iloc[0]
    assert f"a true fall of 20% would be found {round(100 * row['power'])} times in 100" in told(app)
    smallest = pd.read_csv(folder / "smallest_by_supported.csv")
    assert f"goes from {1 - smallest['rate_ratio'].dropna().iloc[0]:.0%}" in told(app)
    in_words_too(app, folder)


def test_a_study_of_ratings_says_the_same_on_the_page_and_at_the_terminal(page, carried_out):
    said, folder = carried_out("plan", RatingsPlan())
    app = page("pages/planning.py", query={"outcome": "CQC ratings"})
    assert said.splitlines()[0] in told(app)
    assert {path.name for path in folder.iterdir()} == {
        "answer.md", "ratings_power.csv", "what_to_collect.csv", "provenance.json",
    }  # fmt: skip


EXAMPLES = {"project": "ward_round_for_more", "target": "which_homes", "plan": "next_study"}


@pytest.mark.parametrize("verb", ["project", in_the_proof("target", name="target"), in_the_proof("plan", name="plan")])
def test_the_examples_of_the_sample_are_carried_out_and_the_same_bytes_come_twice(verb, carried_out):
    text = sample_texts.PLANS[EXAMPLES[verb]]
    one = carried_out(verb, text)[1]
    whole = json.loads((one / "provenance.json").read_bytes())["plan"]["toml"]
    again = carried_out(verb, whole)[1]  # the plan in the provenance is the plan
    assert again != one
    written_twice = [{path.name: path.read_bytes() for path in folder.iterdir()} for folder in (one, again)]
    assert written_twice[0] == written_twice[1]
    assert written_twice[0].keys() <= FILES  # another answer may take its place
    told_of = next(each.help for each in VERBS if each.name == verb)
    assert not [name for name in written_twice[0] if f"  {name}" not in told_of]
    heads = [set(path.read_text("utf-8").splitlines()[0].split(",")) for path in one.glob("*.csv")]
    assert not [head for head in heads if "conf_low" in head and "conf_level" not in head]
    provenance = json.loads(written_twice[0]["provenance.json"])
    assert {"plan", "data", "panel", "code", "packages", "seed", "disclosure"} <= set(provenance)
    assert tomllib.loads(whole).keys() >= tomllib.loads(text).keys()


@pytest.mark.bench
def test_another_answer_takes_the_place_of_an_earlier_one(carry_out, tmp_path):
    folder = tmp_path / "out"
    carry_out("plan", AdmissionsPlan(study=Study(supported=5, compared=5), simulations=100), folder)
    assert (folder / "power.csv").exists()
    carry_out("plan", RatingsPlan(), folder)
    assert {path.name for path in folder.iterdir()} == {
        "answer.md", "ratings_power.csv", "what_to_collect.csv", "provenance.json",
    }  # fmt: skip


def test_more_homes_than_there_are_can_be_planned_for_but_not_drawn(seen):
    study = Study(kind="stepped wedge", supported=500)
    assert "500 homes cannot be drawn by lot" in studies.drawn_by_lot(AdmissionsPlan(study=study), seen).reason
    with pytest.raises(AnalysisError, match="500 homes cannot be drawn"):
        studies.drawn_by_lot(AdmissionsPlan(study=study, lot=StartsByLot()), seen)


@pytest.mark.bench
def test_no_count_of_people_leaves_exact(carried_out, ward_round):
    _, folder = carried_out("project", ward_round)
    homes = pd.read_csv(folder / "homes.csv")
    for name in ("without", "without_low", "without_high", "averted"):
        shown_ = homes[name].dropna()
        assert (shown_ % 5 == 0).all()
        assert (shown_.abs() != 5).all()
    months = pd.read_csv(folder / "admissions_to_come.csv")
    assert (months[["low95", "low80", "middle", "high80", "high95"]].fillna(0) % 5 == 0).all(axis=None)
    _, folder = carried_out("target", TargetingPlan(scenario=ward_round))
    homes = pd.read_csv(folder / "homes_by_name.csv")
    assert (homes[["residents", "expected", "rate"]].fillna(0) % 5 == 0).all(axis=None)
    assert not {"net", "benefit", "rank"} & set(homes)


@pytest.mark.parametrize(
    ("verb", "text", "says"),
    [
        ("project", "title = 3", "title: found 3; expected text"),
        ("project", 'title = "x"\noffers = []', "offers: A scenario has 1 to 3 interventions, not 0."),
        ("target", "[capacity]\nleads = 0", "[capacity] leads: At least 1 clinical lead is needed."),
        ("target", "[fairness]\nevery = 'town'", '[fairness] every: found "town"; expected'),
        ("plan", "kind = 'beds'", 'kind: found "beds"; expected "admissions" or "ratings".'),
        ("plan", "rate_ratio = 1.0", "rate_ratio: No effect cannot be planned for"),
        ("plan", "[study]\nsupported = 1", "[study] supported: At least 3 homes must be supported"),
        ("plan", "[lot]\nseed = 1", "Only a study in waves"),
        ("plan", "kind = 'ratings'\n[study]\nsupported = 9\nbase = 0.9", "better: The share with support must lie"),
        ("plan", "kind = 'ratings'\n[study]\nsupported = 999_999_999", "At most 100,000 services"),
    ],
)
def test_what_cannot_be_planned_is_refused_in_its_place(verb, text, says, tmp_path, capsys):
    (tmp_path / "p.toml").write_text(text)
    status = main([verb, str(tmp_path / "p.toml"), "--store", "none.duckdb", "--out", str(tmp_path / "out")])
    said = capsys.readouterr()
    assert (status, said.out) == (2, "")
    assert says in said.err
    assert not (tmp_path / "out").exists()


def test_help_tells_of_plans_and_their_examples(capsys):
    for verb, example in EXAMPLES.items():
        with pytest.raises(SystemExit):
            main([verb, "--help"])
        assert f"plans/{example}.toml" in capsys.readouterr().out


def test_a_plan_as_short_as_the_help_says_is_one():
    for verb, kind in {"project": Scenario, "plan": AdmissionsPlan | RatingsPlan}.items():
        text = next(v.help for v in VERBS if v.name == verb).split("as short as:")[1].split("example")[0]
        assert written.from_text(kind, text, wrong=wrong_with if verb == "project" else None)


def test_another_name_is_the_same_offer_with_the_same_luck(seen):
    """Before, every input was drawn by its label: an offer of another name came to other numbers."""
    given = past.ready(seen)
    effect = Effect(source="stated", ratios={"all": Ratio(0.8, 0.7, 0.9)})
    found = [
        project(given.baseline, Scenario(title="x", offers=(Offer(name=name, effect=effect),)),
                        levels=given.levels).total_averted
        for name in ("ward round", "weekly ward round, as it is called now")
    ]  # fmt: skip
    assert (found[0] == found[1]).all()


def test_a_store_without_what_is_needed_is_told_in_words(tmp_path, capsys):
    empty = tmp_path / "empty.duckdb"
    Store(empty).load(read("delayed_transfers.csv", SAMPLE / "delayed_transfers.csv"))
    for verb, name in EXAMPLES.items():
        (tmp_path / "p.toml").write_text(sample_texts.PLANS[name])
        assert main([verb, str(tmp_path / "p.toml"), "--store", str(empty), "--out", str(tmp_path / "o")]) == 2
        assert capsys.readouterr().err
        assert not (tmp_path / "o").exists()


def test_missing_places_and_rules_are_values_with_their_reasons(seen):
    short = replace(seen, shown=seen.shown.of(months=slice(30)), without=seen.without[:, :30])
    assert targets.recorded(short, None, 1).reason.startswith("Rules for choosing homes cannot be judged")
    assert targets.known_places(TargetingPlan(scenario=Scenario(title="", offers=())), {}) is None
