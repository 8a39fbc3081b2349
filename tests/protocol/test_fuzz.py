"""Whatever stands in a protocol: a protocol, or what is wrong with it in words; never a traceback."""

import math
from dataclasses import replace

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.admissions import StaggeredRates
from analysis.errors import AnalysisError
from analysis.evaluation import evaluate
from analysis.protocol import MODELS, Protocol
from analysis.protocol.keys import rules
from analysis.sources import read
from analysis.store import Store
from tests.costs import PROOF, draws

SECTIONS = {section: [*keys] for section, keys in rules("rates", "staggered_rates").items() if section}
SECTIONS["model"] += ["comparison", "subgroups", "seed"]
GOOD = {
    "conf_level": [0.8, 0.95], "leads": [0, 3, 40], "vcov": ["CR1", "CR2"], "cluster": ["provider", "area", "home"],
    "permutations": [0, 19], "also": [["CR3"], ["two ways"]], "average": ["home"], "effects": ["cohort"],
    "month_effects_by": [["area"], ["size"], ["home_type"]], "dose": ["log-linear"], "first": ["2018-03"],
    "last": ["2018-09", "2019-06"], "leave_out": [[["2018-03", "2018-09"]]], "anticipation": [0, 5, 100],
    "homes": ["never_treated"], "others": ["keep", "estimate"], "selection": ["keep"],
    "count": ["emergency_admissions"],
    "exposure": ["bed_days"],
}  # fmt: skip
"""Values that may stand there, so that many of the protocols drawn are carried out."""
OF_THE_SAMPLE = GOOD | {
    "cluster": ["provider", "area", "provider and area"], "first": ["2018-01", "2019-04", "2020-01"],
    "last": ["2023-12", "2021-06", "2019-12"], "leave_out": [[["2020-03", "2021-06"]]], "spells": ["every"],
    "match": ["propensity", "overlap"], "match_on": [["rate"], ["size", "area"]], "dose": ["log-linear"],
}  # fmt: skip
"""The same of six years of homes of one area, with providers, kinds, beds, doses and other interventions."""
SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=30) | st.just("x" * 5000)
).filter(lambda value: value is not None)
NAME = st.just("support")
ANYTHING = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3), max_leaves=4)


@st.composite
def protocols(draw, strange=ANYTHING, good=GOOD) -> str:
    """Draw a protocol of which each part is right, wrong or strange."""
    given = {"intervention": {"name": draw(st.just("support") | st.text(max_size=5) if strange is ANYTHING else NAME)}}
    for section in draw(st.lists(st.sampled_from(list(SECTIONS)), max_size=4, unique=True)):
        keys = draw(st.lists(st.sampled_from(SECTIONS[section]), max_size=3, unique=True))
        given.setdefault(section, {})
        for key in keys:
            sensible = st.sampled_from(good[key]) if key in good else st.nothing()
            if key in good or strange is ANYTHING:
                given[section][key] = draw(sensible | strange)
    return tomli_w.dumps(given) + "\n"


@settings(max_examples=draws(1_000), deadline=None)
@given(protocols())
def test_every_protocol_is_read_or_refused_in_words(text):
    try:
        protocol = Protocol.read(text)
    except AnalysisError as error:
        assert len(str(error)) < 5_000
    else:
        assert math.isfinite(protocol.options.get("conf_level", 0.95))
        StaggeredRates(**{k: v for k, v in protocol.options.items() if k in ("conf_level", "leads", "permutations")})


@pytest.fixture(scope="module")
def store() -> Store:
    """Ten homes and twelve months, four homes starting in July."""
    table = "location_id,name,month,admissions,bed_days,start_month\n" + "".join(
        f"1-10{h:07},Home {h},2018-{m:02}-01,{(h * m) % 4 + 1},{600 + h},{'2018-07-01' if h < 4 else ''}\n"
        for h in range(10)
        for m in range(1, 13)
    )
    store = Store.in_memory()
    store.load(read("ready.csv", table.encode()))
    return store


@settings(max_examples=draws(40), deadline=None)
@given(text=protocols(strange=st.nothing()))
def test_every_sensible_protocol_is_answered_or_refused_in_words(store, text):
    name = store.table("interventions")["intervention"].iloc[0]
    protocol = Protocol.read(text.replace('"support"', f'"{name}"'))
    try:
        answer = evaluate(protocol, store)
        if not PROOF:  # some of the doubts that it asks, others of every protocol drawn
            first = len(text) % 4
            answer = replace(answer, protocol=replace(protocol, checks=protocol.checks[first::4]))
    except AnalysisError as error:
        assert str(error)
    else:
        assert len(answer.checks) == len(answer.protocol.checks) > 1


@pytest.mark.bench
@settings(max_examples=100, deadline=None)
@given(text=protocols(strange=st.nothing(), good=OF_THE_SAMPLE))
def test_every_sensible_protocol_of_the_sample_is_written_or_refused_in_words(sample_store, tmp_path_factory, text):
    protocol = Protocol.read(text.replace('"support"', '"weekly_ward_round"'))
    try:
        answer = evaluate(replace(protocol, checks=()), sample_store)
    except AnalysisError as error:
        assert str(error)
    else:
        answer.write(tmp_path_factory.mktemp("answer") / "written")


@settings(max_examples=draws(1_000), deadline=None)
@given(st.text() | st.binary().map(lambda raw: raw.decode("utf-8", "replace")))
def test_every_text_is_read_or_refused_in_words(text):
    with pytest.raises(AnalysisError):
        Protocol.read(text + "\n")


@st.composite
def of_any_kind(draw) -> str:
    """Draw a protocol about ratings or an area of which each part may be anything."""
    kind = draw(st.sampled_from(["ratings", "closures", "area measure"]))
    known = rules(kind, next(iter(MODELS[kind])))
    given = {"intervention": {"name": "support"}, "outcome": {"kind": kind}}
    for section in draw(st.lists(st.sampled_from([*known]), max_size=4, unique=True)):
        for key in draw(st.lists(st.sampled_from([*known[section]] or ["x"]), max_size=3, unique=True)):
            place = given.setdefault(section, {}) if section else given
            place[key] = kind if key == "kind" else draw(ANYTHING)
    return tomli_w.dumps(given) + "\n"


@settings(max_examples=draws(1_000), deadline=None)
@given(of_any_kind())
def test_every_protocol_of_every_kind_is_read_or_refused_in_words(text):
    try:
        protocol = Protocol.read(text)
    except AnalysisError as error:
        assert len(str(error)) < 6_000
    else:
        assert Protocol.read(protocol.to_toml()) == protocol
