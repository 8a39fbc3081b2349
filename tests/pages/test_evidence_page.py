"""The Evidence page shows what its figures say."""

from analysis.claims import NOTHING
from analysis.claims.cards import cards
from analysis.figures import evidence as figures
from analysis.figures import markdown
from tests.pages.conftest import texts


def test_the_page_shows_what_the_figures_say(visit):
    app = visit("pages/evidence.py")
    said = " ".join(texts(app)).replace("\\", "")
    made = [*figures.figures(NOTHING)]
    assert made[0].headline in said
    assert all(figure.title in [head.value for head in app.header] for figure in made)
    assert markdown("Evidence", made, figures.source(NOTHING))


def test_a_card_is_shown_with_its_protocol(visit):
    card = cards()["weekly_home_round"]
    app = visit("pages/evidence.py", query={"card": "weekly_home_round"})
    said = " ".join(texts(app)).replace("\\", "")
    assert card.known in said and "Not said:" in said
    assert app.code[0].value == card.protocol.strip() or app.code[0].value == card.protocol
