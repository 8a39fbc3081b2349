"""Networks of the sample are shown where they are asked for."""

from tests.pages.conftest import texts


def test_networks_are_shown_when_they_are_asked_for(visit):
    said = " ".join(texts(visit("pages/monitoring.py", query={"networks": "true"})))
    assert "4 networks with" in said and "South West clinical leads network" in said
