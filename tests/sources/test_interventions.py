"""Who received what, when, and how they were chosen."""

from decimal import Decimal

import pandas as pd

from analysis.sources import read
from analysis.sources.schema import TABLES
from tests.sources.test_admissions import lines


def test_a_spell_keeps_its_dose_and_how_homes_were_chosen():
    found = read("x.csv", lines("location id,intervention,start,end,dose,criterion,window from,window to",
                                "1-1,ward round,15/03/2023,,1.5,most admissions,01/04/2022,31/01/2023"))  # fmt: skip
    spell = found.tables["interventions"].iloc[0]
    assert list(found.tables["interventions"]) == list(TABLES["interventions"])
    assert spell["started"] == pd.Timestamp("2023-03-15") and pd.isna(spell["ended"])
    assert spell["dose"] == Decimal("1.5") and spell["chosen_by"] == "most admissions"
    assert (spell["chosen_from"], spell["chosen_to"]) == (pd.Timestamp("2022-04-01"), pd.Timestamp("2023-01-31"))


def test_a_spell_that_follows_an_end_is_no_doubt():
    found = read("x.csv", lines("home,start,end", "1-1,2023-01-15,2023-03-15", "1-1,2023-06-15,"))
    assert not found.findings and len(found.tables["interventions"]) == 2


def test_of_two_starts_the_first_counts_if_the_reader_says_so():
    file = lines("home,start", "1-1,2023-06-15", "1-1,2023-01-15")
    assert [question.options for question in read("x.csv", file).questions] == [("first", "every")]
    spells = read("x.csv", file, {"starts": "first"}).tables["interventions"]
    assert spells["started"].tolist() == [pd.Timestamp("2023-01-15")]
    assert len(read("x.csv", file, {"starts": "every"}).tables["interventions"]) == 2
