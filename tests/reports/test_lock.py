"""What is seen before a lock holds no outcome after the start; a changed lock is refused; changes are listed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.cli import main
from analysis.errors import AnalysisError
from analysis.evaluation import carry_out, evaluate, material
from analysis.outcomes import AreaMeasure
from analysis.protocol import Protocol
from analysis.reports import evaluation_report
from analysis.reports.before import before_of, difference, placebo
from analysis.reports.blocks import Grid, Heading, Listed, Words, blocks_of
from analysis.reports.designs import facts_of
from analysis.reports.items import OPEN, open_items
from analysis.reports.locking import locked
from analysis.reports.locks import before_digest, deviations, of_another_question, read_lock
from analysis.sources import read
from analysis.store import Store
from tests.costs import draws
from tests.disclosure.test_plans_of_twins import STARTS, counts
from tests.disclosure.test_refreshes import file_of, starts_of

PROTOCOL = 'subgroups = []\nchecks = ["few_clusters", "how_chosen"]\n[intervention]\nname = "ward round"\n'
NOW = "2026-11-27T17:20:00+00:00"
FIRST = 30
"""Index of the first start."""


def store_of(given):
    store = Store.in_memory()
    store.load(read("counts.csv", file_of(given)))
    store.load(read("starts.csv", starts_of(STARTS)))
    return store


@pytest.fixture(scope="module")
def store():
    return store_of(counts())


@pytest.fixture(scope="module")
def evaluation(store):
    return evaluate(Protocol.read(PROTOCOL), store)


def test_no_outcome_from_the_first_start_on_moves_what_is_seen_before_the_lock(store, evaluation):
    given, protocol = counts(), Protocol.read(PROTOCOL)
    later = given.copy()
    later[:, FIRST:] = later[:, FIRST:][:, ::-1] + 3
    assert evaluation.headline != evaluate(protocol, store_of(later)).headline
    (lock, files) = was = locked(protocol, store, NOW)
    assert was == locked(protocol, store_of(later), NOW)
    earlier = given.copy()
    earlier[:6, FIRST - 3 : FIRST] += 9
    other, moved = locked(protocol, store_of(earlier), NOW)
    assert lock == other  # counts of people are in no digest
    assert files["before.md"] != moved["before.md"]
    assert lock.until == "2024-07"


def test_the_standardised_difference_is_austins_of_two_shares():
    one, other = np.repeat([1.0, 0.0], [300, 700]), np.repeat([1.0, 0.0], [500, 500])
    published = (0.3 - 0.5) / np.sqrt((0.3 * 0.7 + 0.5 * 0.5) / 2)  # Austin (2009), equation 2
    assert difference(one, other)[2] == pytest.approx(published, rel=2e-3)  # n against n - 1


@pytest.mark.bench
def test_a_year_in_which_nothing_was_done_is_called_a_difference_about_once_in_twenty(store):
    given, protocol = material(store, Protocol.read(PROTOCOL).outcome), Protocol.read(PROTOCOL)
    rng, said, times = np.random.default_rng(5), 0, draws(200)
    from dataclasses import replace  # noqa: PLC0415 - used here alone

    for _ in range(times):
        shape = given.observed.counts.shape
        panel = replace(
            given.observed, counts=rng.poisson(rng.gamma(6, 0.6, (shape[0], 1)) * np.ones(shape)), digest=""
        )
        _, low, high = placebo(before_of(panel, given.spells, protocol), protocol)
        said += not low <= 1 <= high
    assert said / times <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / times)


def test_a_lock_that_was_changed_is_refused(store, tmp_path):
    lock, files = locked(Protocol.read(PROTOCOL), store, NOW)
    file = tmp_path / "lock.toml"
    file.write_bytes(files["lock.toml"])
    assert read_lock(file) == lock
    file.write_bytes(files["lock.toml"].replace(b"2026-11-27", b"2026-10-27"))
    with pytest.raises(AnalysisError, match="seal does not fit"):
        read_lock(file)


def said_of_the_lock(report):
    """What stands in the part about the protocol."""
    blocks = [*blocks_of(report)]
    at = blocks.index(Heading("Protocol", 2))
    rest = blocks[at + 1 : next(n for n in range(at + 1, len(blocks)) if isinstance(blocks[n], Heading))]
    return [block.text for block in rest if isinstance(block, Words)], [
        item for block in rest if isinstance(block, Listed) for item in block.items
    ]


def test_a_report_says_what_was_changed_since_the_lock(store, evaluation):
    protocol = Protocol.read(PROTOCOL)
    lock, _ = locked(protocol, store, NOW)
    words, changes = said_of_the_lock(evaluation_report(evaluation, "homes", lock))
    assert words[0].startswith("The protocol was locked on 27 November 2026 at 17:20 UTC; seal ")
    assert "Nothing of the protocol was changed since" in words[0]
    assert changes == []
    other = Protocol.read(PROTOCOL + "[comparison]\nhomes = 'never_treated'\n[window]\nanticipation = 2\n")
    words, changes = said_of_the_lock(evaluation_report(evaluate(other, store), "homes", lock))
    assert changes == [
        "comparison.homes was 'not_yet_treated' when it was locked, and is 'never_treated'.",
        "window.anticipation was 0 when it was locked, and is 2.",
    ]
    words, changes = said_of_the_lock(evaluation_report(evaluation, "homes"))
    assert words[0].startswith("This report was made without a lock")


def test_a_report_about_admissions_says_that_other_homes_had_it_than_were_listed(store):
    protocol = Protocol.read(PROTOCOL)
    lock, _ = locked(protocol, store, NOW)
    given = material(store, protocol.outcome)
    fewer = replace(given, spells=given.spells.drop(index=given.spells["started"].idxmax()))
    _, changes = said_of_the_lock(evaluation_report(carry_out(protocol, fewer), "homes", lock))
    assert [change.split(",")[0] for change in changes] == ["Other homes have the intervention"]


def test_what_the_evaluator_writes_of_an_open_item_is_in_the_report_and_what_is_known_is_not_written_over(evaluation):
    asks = open_items(evaluation, facts_of(evaluation))
    assert "TIDieR 2" in asks and "TIDieR 1" not in asks and "RECORD 12.1" in asks
    given = {"TIDieR 2": "Rounds find  infections early.", "TIDieR 1": "Another name"}
    blocks = [*blocks_of(evaluation_report(evaluation, "homes", None, given))]
    rows = {row[0]: row[2] for block in blocks if isinstance(block, Grid) and block.title.startswith("TIDieR")
            for row in block.rows if row[0] in ("1", "2", "3")}  # fmt: skip
    assert rows == {"1": "ward round", "2": "Rounds find infections early.", "3": OPEN}


def test_too_short_a_past_is_said_in_words_and_so_is_another_question(store, tmp_path, capsys):
    (tmp_path / "p.toml").write_text(PROTOCOL + '[window]\nfirst = "2023-01"\n', encoding="utf-8")
    with pytest.raises(AnalysisError, match="18 months"):
        locked(Protocol.read(tmp_path / "p.toml"), store, NOW)
    closures = Protocol.read('[intervention]\nname = "ward round"\n[outcome]\nkind = "closures"\n')
    with pytest.raises(AnalysisError, match="not about admissions, ratings or one area"):
        locked(closures, store, NOW)
    assert main(["lock", str(tmp_path / "p.toml"), "--store", str(tmp_path / "no.duckdb"), "--out", "x"]) == 2
    assert "Traceback" not in capsys.readouterr().err


OF_RATINGS = """[intervention]
name = "manager_training"
[outcome]
kind = "ratings"
"""
OF_AN_AREA = """[intervention]
name = "programme"
[outcome]
kind = "area measure"
area = "X000"
start = "2021-04"
"""
DELAYS = Path(__file__).parents[2] / "data" / "sample" / "delayed_transfers.csv"


@pytest.mark.parametrize(
    ("written", "until", "was", "now"),
    [
        (OF_RATINGS, None, 'kind = "ratings"', 'kind = "ratings"\nkey_question = "Safe"'),
        (OF_AN_AREA, "2021-04", 'start = "2021-04"', 'start = "2021-05"'),
    ],
)
def test_a_plan_about_ratings_or_one_area_is_locked_and_what_was_changed_is_told(
    sample_store, written, until, was, now
):
    protocol, other = Protocol.read(written), Protocol.read(written.replace(was, now))
    known = sample_store
    if isinstance(protocol.outcome, AreaMeasure):
        known = Store.in_memory()
        known.load(read(DELAYS.name, DELAYS))
    lock, files = locked(protocol, known, NOW)
    observed = material(known, protocol.outcome).observed
    before = before_digest(observed, lock.until)
    assert lock == lock.sealed() and before == lock.before_sha256 and until in (None, lock.until)
    assert set(files) == {"before.md", "plan.md", "registry.md", "protocol.toml", "lock.toml"}
    assert b"{" not in files["plan.md"].split(b"```")[0] and b"bed-days" not in files["plan.md"].split(b"```")[0]
    assert deviations(lock, protocol, before, lock.code_sha256) == ()
    changed = deviations(lock, other, before, lock.code_sha256)  # the title says what it is about, and changes too
    assert 1 <= len(changed) <= 2 and all("when it was locked, and is" in told for told in changed)
    (told,) = deviations(lock, protocol, before_digest(observed, "2019-01"), lock.code_sha256)
    assert "before the start" in told
    assert of_another_question(lock, protocol) is None
    assert "no plan for it was locked" in str(of_another_question(lock, Protocol.read(PROTOCOL)))
