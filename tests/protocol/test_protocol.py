"""An evaluation written down: what may stand in it, and what is said about what may not."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import protocol as module
from analysis.allowed import list_of
from analysis.design import Plan
from analysis.errors import AnalysisError
from analysis.outcomes import Rate
from analysis.protocol import Protocol, always, checks_for

SHORTEST = '[intervention]\nname = "weekly ward round"\n'


def told(text: str) -> str:
    with pytest.raises(AnalysisError) as error:
        Protocol.read(text)
    return str(error.value)


def test_only_the_intervention_must_be_named():
    protocol = Protocol.read(SHORTEST)
    assert protocol == Protocol(plan=Plan(intervention="weekly ward round"))
    assert protocol.title == "weekly ward round and emergency admissions"


def test_the_example_in_the_module_is_read_as_it_says():
    example = "\n".join(line[4:] for line in (module.__doc__ or "").splitlines() if line.startswith("    "))
    protocol = Protocol.read(example)
    assert protocol.plan.leave_out == (("2020-03", "2021-06"),)
    assert protocol.outcome == Rate(first="2018-01", last="2023-12")
    assert protocol.options == {"conf_level": 0.95}
    assert protocol.checks == always()


def test_a_file_is_read_too(tmp_path):
    (tmp_path / "p.toml").write_text(SHORTEST)
    assert Protocol.read(tmp_path / "p.toml") == Protocol.read(str(tmp_path / "p.toml")) == Protocol.read(SHORTEST)


MONTHS = st.dates(min_value=date(1900, 1, 1)).map(lambda day: f"{day:%Y-%m}")
PROTOCOLS = st.builds(
    Protocol,
    title=st.text().filter(str.strip),
    plan=st.builds(
        Plan,
        intervention=st.text().filter(str.strip),
        anticipation=st.integers(0, 12),
        leave_out=st.lists(st.tuples(MONTHS, MONTHS).map(sorted).map(tuple)).map(tuple),
        selection=st.sampled_from(["leave out", "keep"]),
        comparison=st.sampled_from(["never_treated", "not_yet_treated"]),
        others=st.sampled_from(["leave out", "keep", "estimate"]),
    ),
    outcome=st.builds(Rate, occupancy=st.none() | st.floats(0.01, 1), first=st.none() | MONTHS),
    options=st.fixed_dictionaries({}, optional={"conf_level": st.floats(0.5, 0.999), "leads": st.integers(0, 120)}),
    checks=st.lists(st.sampled_from(checks_for("rates")), unique=True).map(tuple),
    seed=st.integers(0, 2**63 - 1),
)


@settings(deadline=None)
@given(PROTOCOLS)
def test_written_and_read_it_is_the_same(protocol):
    again = Protocol.read(protocol.to_toml())
    assert again == protocol
    assert again.digest == protocol.digest


def test_digest_is_of_what_is_meant_not_of_how_it_is_written():
    spelled_out = 'seed = 20261122\n[comparison]\nhomes = "not_yet_treated"\n' + SHORTEST
    assert Protocol.read(spelled_out).digest == Protocol.read(SHORTEST).digest
    assert Protocol.read("seed = 1\n" + SHORTEST).digest != Protocol.read(SHORTEST).digest


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[intervention]\n", '[intervention] name: missing; expected text, such as name = "weekly ward round".'),
        (SHORTEST + "[outcome]\ncount = 'admissions'\n", '[outcome] count: found "admissions"; expected "emergency'),
        (SHORTEST + "[outcome]\noccupancy = 86\n", "found 86; expected a share of beds from 0.01 to 1"),
        (SHORTEST + "[window]\nfirst = '01/2019'\n", 'found "01/2019"; expected a month, year first'),
        (SHORTEST + "[window]\nfirst = 2019-01-01\n", "[window] first: found 2019-01-01; expected a month"),
        (SHORTEST + "[window]\nfirst = '2020-01'\nlast = '2019-01'\n", "first: found 2020-01, after last, 2019-01"),
        (SHORTEST + "[window]\nleave_out = ['2020-03', '2021-06']\n", 'such as leave_out = [["2020-03", "2021-06"]].'),
        (SHORTEST + "[window]\nanticipation = -1\n", "expected a whole number of months from 0 to 120"),
        (SHORTEST + "[window]\nanticipaton = 1\n", "[window] anticipaton: not known here. Did you mean anticipation?"),
        (SHORTEST + "[comparison]\nhome = 'never_treated'\n", "Did you mean homes?"),
        (SHORTEST + "[outcomes]\ncount = 'x'\n", "outcomes: not known here. Did you mean outcome?"),
        ("anticipation = 2\n" + SHORTEST, "anticipation: not known here. It belongs under [window]."),
        (SHORTEST + "seed = 3\n", "[intervention] seed: not known here. It belongs above the first [section]."),
        ("checks = ['parallel']\n" + SHORTEST, "checks: found [\"parallel\"]; expected a list of any of"),
        ("intervention = 'weekly'\n", "expected a section, such as [intervention]."),
        ("subgroups = 'home_type'\n" + SHORTEST, 'such as subgroups = ["home_type"]'),
        (SHORTEST + "[window]\nanticipation = 9223372036854775808\n", "found 9223372036854775808; expected"),
        (SHORTEST + "[window]\nfirst = '٢٠١٩-٠١'\n", "expected a month, year first"),
        (SHORTEST + "[model]\nconf_level = 0\n", "[model] conf_level: found 0; expected a share from 0.5 to 0.999"),
        (SHORTEST + "[model]\nconf_level = 2\n", "such as conf_level = 0.95"),
        (SHORTEST + "[model]\nconf_level = nan\n", "[model] conf_level: found nan"),
        (SHORTEST + "[model]\nconf_level = 'x'\n", '[model] conf_level: found "x"'),
        (SHORTEST + "[model]\nleads = '6'\n", 'found "6"; expected a whole number of months from 0 to 120'),
        (SHORTEST + "[model]\nleads = -5\n", "[model] leads: found -5"),
        (SHORTEST + f"[model]\nleads = {10**30}\n", "[model] leads: found 1000000"),
        (SHORTEST + "[model]\npermutations = -1\n", "found -1; expected a whole number from 0 to 100,000"),
        (SHORTEST + "[model]\nalso = ['CR9']\n", '[model] also: found ["CR9"]; expected a list of any of "CR3"'),
        (SHORTEST + "[model]\nconf_lvl = 0.9\n", "[model] conf_lvl: not known here. Did you mean conf_level?"),
        (
            SHORTEST + "[model]\ncomparison = 'nope'\n",
            "Write it as a section, [comparison], with homes or others or spells or match or match_on or matches or "
            "caliper.",
        ),
        (SHORTEST + "[model]\nsubgroups = ['area']\n", "[model] subgroups: not known here. It belongs above the first"),
        (SHORTEST + "[model]\nseed = 1\n", "[model] seed: not known here. It belongs above the first [section]."),
        (SHORTEST + f"x = {'[' * 2000}1{']' * 2000}\n", "is neither JSON nor TOML that can be read"),
    ],
)  # fmt: skip
def test_every_fault_names_the_key_what_was_found_and_what_may_stand_there(text, says):
    assert says in told(text)


def test_all_faults_are_told_at_once():
    said = told("sed = 1\n[window]\nfirst = 3\n[outcome]\nexposure = 'beds'\n")
    for part in ("Did you mean seed?", "[window] first", "[outcome] exposure", "[intervention] name: missing"):
        assert part in said


def test_what_is_not_toml_or_not_there_is_told():
    assert "nor TOML" in told("[intervention]\nname = weekly ward round\n")
    with pytest.raises(AnalysisError, match="no file at nowhere"):
        Protocol.read("nowhere.toml")


def test_a_question_without_a_doubt_allows_an_empty_list_only():
    rule = list_of(())
    assert rule.allows([])
    assert not rule.allows(["few_clusters"])
