"""What is written is read again as it was; what cannot be read is refused in every place, never with a traceback."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Literal

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import written
from analysis.allowed import MONTH, Option, whole
from analysis.errors import AnalysisError
from analysis.planning import AdmissionsPlan, RatingsPlan, RatingsStudy, StartsByLot, Study
from analysis.planning.study import KINDS
from analysis.plans.targets import FairTo, TargetingPlan, wrong_with_plan
from analysis.prices import UNIT_COSTS
from analysis.scenarios import DeliveryCosts, Effect, Offer, Range, Ratio, Scenario, Who
from analysis.scenarios.claimed import OnDelays, OnRatings
from analysis.scenarios.faults import wrong_with
from analysis.scenarios.scenario import ORDERS, PAYERS
from analysis.targeting.choice import Capacity
from tests.costs import draws


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    kind: Literal["rate"] = "rate"
    count: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratings:
    kind: Literal["ratings", "any rating"]
    question: Literal["overall", "safe"] = "overall"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    RULES: ClassVar[Mapping[str, Option]] = {"first": MONTH, "anticipation": whole(0, 12, 2, "months")}

    first: str | None = None
    anticipation: int = 2

    @staticmethod
    def faults_in(said):
        if said["first"] is None and said["anticipation"] > 6:
            yield written.Fault("anticipation", "so long only where a first month is said.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    VERSION: ClassVar[int] = 1

    title: str
    outcome: Rate | Ratings
    window: Window = Window()
    spans: tuple[Range, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    claimed: float | None = None


WHOLE = Question(
    title='a "quoted" – name\nof two lines', outcome=Ratings(kind="any rating", question="safe"),
    window=Window(first="2020-01", anticipation=9), spans=(Range(0, 1), Range(0.5, 2)),
    options={"also": ("CR3", "two ways"), "leads": 3}, claimed=0.6,
)  # fmt: skip


@pytest.mark.parametrize("question", [WHOLE, Question(title="x", outcome=Rate(count="admissions"))])
def test_nested_optional_unions_lists_and_options_come_back(question):
    assert written.from_text(Question, written.to_toml(question)) == question
    assert written.from_text(Question, written.to_json(question)) == question


def faults_of(kind, text, **how):
    with pytest.raises(AnalysisError) as refused:
        written.from_text(kind, text, "q.toml", **how)
    return str(refused.value)


def test_every_fault_is_told_at_once_with_its_place_what_may_stand_there_and_an_example():
    said = faults_of(
        Question,
        """
        version = 2
        titel = "x"
        spans = [[0, 1], [0, 1, 2]]
        claimed = "much"
        [outcome]
        kind = "any rating"
        question = "kind"
        [window]
        first = "May"
        anticipation = 13
        """,
    )
    assert said.splitlines() == [
        "q.toml cannot be read. - version: found 2; this Homeward reads 1.",
        "- titel: not known here. Did you mean title?",
        '- title: missing; expected text, such as title = "text".',
        '- [outcome] question: found "kind"; expected "overall" or "safe", such as question = "overall".',
        '- [window] first: found "May"; expected a month, year first, such as first = "2019-01".',
        "- [window] anticipation: found 13; expected a whole number of months from 0 to 12, such as anticipation = 2.",
        "- spans[2]: found [0, 1, 2]; expected two numbers, [low, high], such as spans = [0.5, 0.5].",
        '- claimed: found "much"; expected a number, such as claimed = 0.5.',
    ]


def test_fields_together_are_asked_too_and_nothing_is_told_twice():
    said = faults_of(Question, '[outcome]\nkind = "rat"\n[window]\nanticipation = 9')
    assert 'kind: found "rat"; expected "rate" or "ratings" or "any rating".' in said
    assert "[window] anticipation: so long only where a first month is said." in said
    assert "title: missing" in said
    said = faults_of(Question, 'title = "x"\n[outcome]\ncount = "a"\n[window]\nanticipation = 90')
    assert said.count("anticipation") == 2  # the place, and the example


def test_a_fault_of_a_scenario_names_its_place_and_gives_an_example():
    offer = 'name = "a"\nuptake = [0.6, 1.4]\n[offers.who]\nmost = 0\n[offers.effect]\nsource = "x"\n'
    said = faults_of(Scenario, f'title = "t"\nmonths = 500\n[[offers]]\n{offer}ratios = {{all = [0.8, 0.7]}}',
                     wrong=wrong_with)  # fmt: skip
    assert "[offers[1].effect.ratios] all: found [0.8, 0.7]; expected three numbers, [estimate, low, high]" in said
    good = offer.replace("[0.6, 1.4]", "[0.6, 0.9]")
    said = faults_of(Scenario, f'title = "t"\nmonths = 500\n[[offers]]\n{good}ratios = {{all = [0.8, 0.7, 0.9]}}',
                     wrong=wrong_with)  # fmt: skip
    assert "months: Look 1 to 120 months ahead, not 500. Such as months = 36." in said
    assert "[offers[1].who] most: The team must be able to carry at least one home, not 0. Such as most = 40." in said


NAMES = st.text(min_size=1, max_size=20).filter(str.strip)
SHARES = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(lambda ends: Range(*sorted(ends)))
POUNDS = st.tuples(st.floats(0, 1e5), st.floats(0, 1e5)).map(lambda ends: Range(*sorted(ends)))
RATIOS = st.tuples(*[st.floats(0.2, 3.0)] * 3).map(lambda three: Ratio(sorted(three)[1], min(three), max(three)))
EFFECTS = st.builds(
    Effect, source=st.text(max_size=20), verified=st.booleans(),
    ratios=st.fixed_dictionaries({"all": RATIOS}) | st.fixed_dictionaries({"residential": RATIOS, "nursing": RATIOS}),
)  # fmt: skip
MONTHS = st.just("") | st.builds("{}-{:02}".format, st.integers(2020, 2030), st.integers(1, 12))
OFFERS = st.builds(
    Offer, name=NAMES, effect=EFFECTS, start=MONTHS, uptake=SHARES, fidelity=SHARES, ramp_months=st.integers(1, 120),
    half_life_months=st.floats(0, 100),
    who=st.builds(Who, home_type=st.sampled_from(["all", "nursing"]), area=st.text(max_size=9),
                  most=st.integers(1, 9999), order=st.sampled_from(ORDERS), without_only=st.booleans(),
                  units=st.lists(st.text(max_size=9), max_size=3).map(tuple)),
    programme=st.builds(DeliveryCosts, set_up=POUNDS, paid_by=st.sampled_from(PAYERS), source=st.text(max_size=9)),
    ratings=st.builds(OnRatings, better=RATIOS, worse=RATIOS), delays=st.builds(OnDelays, ratio=RATIOS),
)  # fmt: skip
SCENARIOS = st.builds(
    Scenario, title=st.text(max_size=20), offers=st.lists(OFFERS, min_size=1, max_size=3,
                                                          unique_by=lambda offer: offer.name).map(tuple),
    months=st.integers(1, 120), overlap=st.sampled_from(["multiply", "best only"]), cash_share=SHARES,
    unit_costs=st.sampled_from([UNIT_COSTS, UNIT_COSTS[:1], ()]), seed=st.integers(0, 2**63 - 1),
)  # fmt: skip
STUDIES = st.builds(
    Study, kind=st.sampled_from(KINDS), supported=st.integers(10, 900), compared=st.integers(3, 900),
    before=st.integers(2, 30), after=st.integers(2, 30), waves=st.integers(2, 9), gap=st.integers(1, 4),
    effect_sd=st.floats(0, 1),
)  # fmt: skip
LOTS = st.builds(StartsByLot, intervention=NAMES, first=MONTHS, homes=st.lists(st.text(max_size=9)).map(tuple))
RATED = st.builds(RatingsStudy, supported=st.integers(9, 999), compared=st.integers(0, 999), base=st.floats(0.1, 0.6),
                  per_provider=st.floats(1, 9), icc=st.floats(0, 1))  # fmt: skip
CAPACITIES = st.builds(Capacity, leads=st.integers(1, 99), budget=st.floats(1, 1e9) | st.just(float("inf")),
                       practitioners=st.integers(1, 9))  # fmt: skip
WRITTEN = {
    "scenario": (Scenario, SCENARIOS, wrong_with),
    "offer": (Offer, OFFERS, None),
    "study": (Study, STUDIES, None),
    "study of ratings": (RatingsStudy, RATED, None),
    "capacity": (Capacity, CAPACITIES, None),
    "plan": (
        AdmissionsPlan | RatingsPlan,
        st.builds(AdmissionsPlan, title=st.text(max_size=9), study=STUDIES, rate_ratio=st.floats(0.1, 0.95))
        | st.builds(AdmissionsPlan, study=st.builds(Study, kind=st.sampled_from(KINDS[2:])), lot=LOTS)
        | st.builds(RatingsPlan, study=RATED, better=st.floats(0.61, 0.99)),
        None,
    ),
    "targeting": (
        TargetingPlan,
        st.builds(TargetingPlan, scenario=SCENARIOS.filter(lambda s: len(s.offers) == 1), capacity=CAPACITIES,
                  fairness=st.builds(FairTo, every=st.sampled_from(["", "council"]), least=st.integers(0, 9))),
        wrong_with_plan,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRITTEN)
def test_whatever_is_written_comes_back_and_is_written_alike(name):
    kind, values, wrong = WRITTEN[name]

    @settings(max_examples=draws(60), deadline=None)
    @given(values)
    def comes_back(value):
        text = written.to_toml(value)
        again = written.from_text(kind, text, wrong=wrong)
        assert again == value
        assert written.to_toml(again) == text
        assert written.from_text(kind, written.to_json(value), wrong=wrong) == value
        assert written.digest(again) == written.digest(value)

    comes_back()


SCALARS = (
    st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=30) | st.just("x" * 5000)
    | st.dates() | st.times()
)  # fmt: skip
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner), max_leaves=5
)


def places(plain, path=()):
    """Every place of plain values: keys and indices from the top."""
    pairs = plain.items() if isinstance(plain, dict) else enumerate(plain) if isinstance(plain, list) else ()
    for key, value in pairs:
        yield (*path, key)
        yield from places(value, (*path, key))


def put(plain, path, value, draw):
    """Put something strange in a place, or take out what stands there, or give it another name."""
    for key in path[:-1]:
        plain = plain[key]
    way = draw(st.sampled_from(["put", "take", "rename"]))
    if way == "put" or isinstance(plain, list):
        plain[path[-1]] = value
    else:
        taken = plain.pop(path[-1])
        if way == "rename":
            plain[draw(st.text(max_size=6))] = taken


@pytest.mark.parametrize("name", WRITTEN)
def test_whatever_stands_anywhere_is_read_or_refused_in_words(name):
    kind, values, wrong = WRITTEN[name]

    @settings(max_examples=draws(150), deadline=None)
    @given(values, st.data())
    def read_or_refused(value, data):
        plain = written.to_plain(value)
        for _ in range(data.draw(st.integers(1, 3))):
            path = data.draw(st.sampled_from([*places(plain)]))
            put(plain, path, data.draw(ANYTHING), data.draw)
        try:
            made = written.from_text(kind, tomli_w.dumps(plain), wrong=wrong)
        except AnalysisError as error:
            assert len(str(error)) < 20_000
        else:
            assert written.from_text(kind, written.to_toml(made), wrong=wrong) == made

    read_or_refused()


@settings(max_examples=draws(300), deadline=None)
@given(st.text() | st.binary().map(lambda raw: raw.decode("utf-8", "replace")))
def test_every_text_is_read_or_refused_in_words(text):
    with pytest.raises(AnalysisError):
        written.from_text(Scenario, text, wrong=wrong_with)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a" * 2_000_001, b"[" * 5000, b'{"a": ' * 5000])
def test_a_file_that_cannot_be_read_is_told_in_words(tmp_path, content):
    path = tmp_path / "plan.toml"
    path.write_bytes(content)
    with pytest.raises(AnalysisError):
        written.read(Scenario, path)
    with pytest.raises(AnalysisError, match=r"There is no file at .*none\.toml\. Start here\."):
        written.read(Scenario, tmp_path / "none.toml", start="Start here.")


def test_half_a_character_and_a_number_of_many_digits_are_refused():
    half = '{"title": "\\ud800", "offers": []}'
    assert "title: found" in faults_of(Scenario, half)
    assert "expected a whole number" in faults_of(Study, f"supported = {10**30}")


def test_no_field_of_a_plan_is_left_out_of_its_file():
    laid = written.to_plain(TargetingPlan(scenario=Scenario(title="x", offers=())))
    assert set(laid) == {each.name for each in fields(TargetingPlan)}
    assert set(laid["scenario"]) == {each.name for each in fields(Scenario)} | {"version"}
