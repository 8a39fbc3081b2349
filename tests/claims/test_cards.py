"""Every intervention of our case studies has a card: sourced, and with a protocol that runs on the sample."""

import re
from dataclasses import replace

import pytest

from analysis.claims.cards import ITEMS, OURS, cards
from analysis.cli import main
from analysis.design import Plan
from analysis.errors import AnalysisError
from analysis.evaluation import carry_out, material
from analysis.figures import cards as figures
from analysis.figures import markdown
from analysis.protocol import Protocol
from analysis.sources.evidence import published_effects
from analysis.store import sample
from tests.costs import in_the_proof

SYSTEMS = {
    "nottingham_early_intervention", "care_home_dashboard", "provider_led_discharge", "trusted_assessor",
    "consultant_psychiatrist", "matron_rounds", "on_site_gp_and_pharmacy", "intermediate_care_beds",
    "advance_plans_and_video_link", "shared_assessment_protocols", "named_clinical_lead", "weekly_home_round",
    "multidisciplinary_team", "assessment_and_care_plan", "structured_medication_review", "information_sharing",
    "sustaining_integration", "registered_manager_programme", "quality_framework", "feedback_form", "market_position",
    "outcomes_based_commissioning",
}  # fmt: skip


def test_every_system_of_the_case_studies_has_a_card():
    assert set(cards()) == SYSTEMS


@pytest.mark.parametrize("name", sorted(SYSTEMS))
def test_a_card_is_whole_and_every_statement_has_a_source(name):
    card = cards()[name]
    assert card.facts and all(fact.source and fact.says for fact in card.facts)
    assert set(card.lacking) | {fact.item for fact in card.facts} == set(ITEMS)
    assert all((card.logic.inputs, card.logic.activities, card.logic.outputs, card.logic.outcomes))
    assert card.entry and card.goals and card.exit and card.rules_source == OURS
    assert set(card.evidence) <= set(published_effects().index)
    assert {one.by for one in card.outcomes} & {card.asked.kind}
    assert all("Needs" in one.note and one.measure for one in card.outcomes if one.by == "hospital stays")
    assert all(Protocol.read(asked.to_toml()) == asked for asked in card.also.values())
    said = markdown(card.title, figures.figures(card), figures.source(card))
    assert card.source in said and "Not said:" in said
    assert not re.search(r"significant(?!.*reduction)", said)


def _designs() -> dict[str, Protocol]:
    """Give every different question once, without doubts and groups; of eight methods for areas the quickest."""
    different: dict[str, tuple[str, Protocol]] = {}
    for name, card in cards().items():
        for measure, protocol in {"": card.asked_of_sample, **card.also_of_sample}.items():
            asked = replace(protocol, title="x", subgroups=(), checks=())
            if asked.kind == "area measure":
                asked = replace(asked, methods=("Difference-in-differences",), plan=Plan(intervention="programme"))
            different.setdefault(asked.to_toml(), (f"{name} {measure}".strip(), asked))
    return dict(different.values())


DESIGNS = _designs()


@pytest.fixture(scope="module")
def given(sample_store):
    """What the sample holds, by outcome: made once."""
    made = {}

    def of(protocol):
        key = repr(protocol.outcome)
        if key not in made:
            councils = protocol.kind == "area measure"
            made[key] = material(sample.stored(sample.COUNCIL_FILES)[0] if councils else sample_store, protocol.outcome)
        return made[key]

    return of


EVERY_RUN = {repr(asked.outcome): name for name, asked in reversed(DESIGNS.items())}.values()
"""One for each outcome; those with another design in the proof."""


@pytest.mark.parametrize("name", [name if name in EVERY_RUN else in_the_proof(name, name=name) for name in DESIGNS])
def test_every_protocol_of_a_card_runs_on_the_sample(name, given):
    found = carry_out(DESIGNS[name], given(DESIGNS[name]))
    assert found.headline and len(found.published.tidy())


def test_a_card_is_told_and_its_protocol_written_at_the_terminal(tmp_path, capsys):
    assert main(["card"]) == 0
    assert "weekly_home_round" in capsys.readouterr().out
    assert main(["card", "registered_manager_programme"]) == 0
    told = capsys.readouterr().out
    assert "5 of 8 or 10 of 16" in told and "Local Government Association" in told
    assert main(["card", "weekly_home_round", "--sample", "--out", str(tmp_path / "p.toml")]) == 0
    assert Protocol.read(tmp_path / "p.toml").plan.intervention == "weekly_ward_round"
    where = str(tmp_path / "q.toml")
    assert main(["card", "weekly_home_round", "--sample", "--measure", "length_of_stay", "--out", where]) == 0
    assert Protocol.read(tmp_path / "q.toml").outcome.measure == "length_of_stay"
    assert main(["card", "weekly_home_round", "--measure", "delayed_days", "--out", where]) == 2
    assert "has no protocol for 'delayed_days'" in capsys.readouterr().err
    assert main(["card", "weekly_round"]) == 2
    assert "There is no card" in capsys.readouterr().err


def test_what_no_case_study_could_be_asked_before_is_asked_now():
    measured = {measure for card in cards().values() for measure in card.also}
    assert {"out_of_hours", "hospital_bed_days", "length_of_stay", "delayed_days"} < measured
    assert "Permanent admissions aged 65 and over (ASCOF 2A(2), 2C)" in measured


def test_what_is_wrong_in_a_card_is_said(monkeypatch):
    from analysis import written  # noqa: PLC0415 - beside the class it reads
    from analysis.claims.cards import Card  # noqa: PLC0415 - as above

    with pytest.raises(AnalysisError, match="item"):
        written.from_text(Card, 'title = "x"\n[[facts]]\nitem = "colour"\nsays = "x"\nsource = "y"\n', "x.toml")
