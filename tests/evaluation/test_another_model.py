"""A second model of admissions is one class and one line of a table: then it answers everywhere."""

import pandas as pd
import pytest

from analysis.cli import main
from analysis.errors import AnalysisError
from analysis.evaluation import evaluate
from analysis.figures.by_outcome import in_words
from analysis.protocol import MODELS, Protocol
from analysis.results import RATE_RATIO
from tests.pages.conftest import texts

ASKED = '[intervention]\nname = "weekly_ward_round"\n[model]\nname = "plain_ratio"\nconf_level = 0.9\n'
BOTH = (
    'methods = ["staggered_rates", "plain_ratio"]\nsubgroups = []\nchecks = ["few_clusters"]\n'
    + ASKED.partition("[m")[0]
)


@pytest.fixture
def registered(monkeypatch):
    monkeypatch.setitem(MODELS["rates"], "plain_ratio", "tests.evaluation.another_model:PlainRatio")


def rate(panel, design, *, had, late):
    """One of the four rates, home by home and month by month."""
    first = min(start for start in design.start if start >= 0)
    counts = days = 0.0
    for i, start in enumerate(design.start):
        for t in range(len(panel.months)):
            after = t >= (start if start >= 0 else first)
            if design.included[i, t] and panel.exposure[i, t] > 0 and (start >= 0) == had and after == late:
                counts, days = counts + panel.counts[i, t], days + panel.exposure[i, t]
    return counts / days


def test_it_answers_and_every_check_says_what_it_can(registered, sample_store):
    found = evaluate(Protocol.read(ASKED), sample_store)
    rates = {
        key: rate(found.panel, found.design, had=key[0], late=key[1])
        for key in [(a, b) for a in (True, False) for b in (True, False)]
    }
    brute = rates[True, True] / rates[True, False] / (rates[False, True] / rates[False, False])
    assert found.effects.tidy()["estimate"].iloc[0] == pytest.approx(brute, rel=1e-9)
    assert [check.reading for check in found.checks if not check.reading] == []
    written = in_words(found, "a store")
    assert "## The answer" in written and "## Doubts, examined" in written
    assert "Month by month" in written  # said to be empty, not left out with an error


@pytest.mark.bench
def test_it_answers_on_the_command_line(registered, tmp_path, capsys):
    assert main(["sample", str(tmp_path / "county")]) == 0
    (tmp_path / "p.toml").write_text(ASKED)
    store = str(tmp_path / "county" / "county.duckdb")
    assert main(["evaluate", str(tmp_path / "p.toml"), "--store", store, "--out", str(tmp_path / "out")]) == 0
    assert "rate ratio" in capsys.readouterr().out
    effects = pd.read_csv(tmp_path / "out" / "effects.csv")
    assert effects["term"].tolist() == [RATE_RATIO]


def test_it_stands_beside_the_first_model_where_both_are_asked(registered, sample_store):
    found = evaluate(Protocol.read(BOTH), sample_store)
    assert list(found.answers) == ["staggered_rates", "plain_ratio"]
    compared = found.question.compare(found.fitted).set_index("method")
    alone = evaluate(Protocol.read(ASKED.replace("conf_level = 0.9\n", "")), sample_store)
    told = alone.published.tidy()["estimate"].iloc[0]
    assert compared.loc["plain_ratio", "estimate"] == told
    assert Protocol.read(found.protocol.to_toml()) == found.protocol


def test_it_can_be_chosen_on_the_page(registered, visit, sample_store):
    app = visit("pages/admissions.py", query={"model": "plain ratio", "intervention": "weekly ward round"})
    assert app.selectbox(key="model").value == "plain_ratio"
    assert not app.exception and not app.error
    asked = Protocol.read(ASKED.replace("conf_level = 0.9\n", ""))
    ratio = evaluate(asked, sample_store).published.tidy().iloc[0]
    assert f"{abs(1 - ratio['estimate']):.0%} fewer" in " ".join(texts(app))
    assert 'name = "plain_ratio"' in app.code[0].value


def test_it_is_unknown_until_it_is_registered():
    with pytest.raises(AnalysisError, match="plain_ratio"):
        Protocol.read(ASKED)
