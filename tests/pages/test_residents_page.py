"""What stands on the Residents page is what the protocol found, of the sample and of own files."""

import pytest

from analysis.evaluation import evaluate
from analysis.figures import residents as figures
from analysis.protocol import Protocol
from analysis.store import Store
from analysis.store.sample import RESIDENT_FILES, stored
from pages.shared.own_files import OWN
from tests.pages.conftest import drawn, texts

PAGE = "pages/residents.py"


@pytest.fixture(scope="module")
def evaluation():
    text = '[intervention]\nname = "weekly_ward_round"\n[outcome]\nkind = "residents"\n'
    return evaluate(Protocol.read(text), stored(RESIDENT_FILES)[0])


def test_the_page_says_what_the_protocol_found_and_hands_it_out(seen, evaluation):
    app = seen(PAGE)
    said = " ".join(texts(app)).replace("\\", "")
    assert figures.answer(evaluation).headline in said
    assert evaluation.protocol.to_toml().strip() in [block.value.strip() for block in app.code]
    ratio = evaluation.published.tidy().set_index("term").loc["rate_ratio", "estimate"]
    assert any(ratio in data["estimate"].round(4).tolist() for data in drawn(app) if "estimate" in data)
    assert not app.exception and not app.error


def test_where_nothing_can_be_compared_the_page_says_so_in_words(visit):
    app = visit(PAGE, query={"intervention": "manager training"})
    assert [error.value for error in app.error] and "cannot be compared" in app.error[0].value


def test_own_files_without_stays_are_told_what_is_missing(visit):
    app = visit(PAGE, session={OWN: Store.in_memory()})
    assert "stays of residents" in app.info[0].value and not app.exception
