"""The address holds every choice, whatever appeared on the page meanwhile; own files that are gone are said to be."""

import re

import pytest

from tests.browser.test_browser import LAST, MINE, opened, whole
from tests.browser.visitor import answer_of, visit

pytestmark = pytest.mark.browser


def choose(page, label, option):
    page.get_by_role("combobox", name=re.compile(label)).first.click()
    page.get_by_role("option", name=option, exact=True).click()
    settled(page)


def enter(page, label, value):
    field = page.get_by_role("spinbutton", name=re.compile(label)).first
    field.fill(value)
    field.press("Tab")
    settled(page)


def settled(page):
    """Wait until the page has been asked for, and drawn, anew."""
    page.wait_for_timeout(300)  # a choice is sent when the field is sure of it
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(100)


def answer(page):
    return " ".join(page.locator(".hw-said").first.inner_text().split())


def shown_again(page, address, path):
    """Open the page's address as another visitor: the same answer."""
    again = visit(address, path, page.url.partition("?")[2])
    assert not again.error
    assert answer_of(again) == answer(page)


@pytest.mark.bench
def test_choices_made_after_fields_came_and_went_reach_the_address(tab, address):
    page = opened(tab(), address, "what_if")
    choose(page, "What it does to emergency admissions", "State it myself")
    enter(page, "Homes the team can take on", "30")
    page.wait_for_url(re.compile("homes0=30"))
    enter(page, "Residential homes: fewer", "30")
    choose(page, "Interventions at once", "2")
    enter(page, "Homes the team can take on", "35")
    page.wait_for_url(re.compile("homes0=35"))
    choose(page, "Interventions at once", "1")
    choose(page, "Which first", "Most admissions expected")
    page.wait_for_url(re.compile("order0="))
    shown_again(page, address, "what_if")
    page.go_back()
    page.wait_for_timeout(1_000)
    page.go_forward()
    page.wait_for_url(re.compile("homes0=35"))


@pytest.mark.bench
def test_back_from_another_page_finds_the_choices_at_once(tab, address):
    page = opened(tab(), address, "what_if")
    enter(page, "Homes the team can take on", "30")
    page.wait_for_url(re.compile("homes0=30"))
    told = answer(page)
    page.get_by_test_id("stSidebar").get_by_role("link", name="Planning").click()
    whole(page, "planning")
    for _ in range(2):
        page.go_back()
        whole(page, "what_if")
        page.wait_for_timeout(1_500)
        assert page.url.endswith("what_if?homes0=30")
        assert answer(page) == told
        page.go_forward()
        whole(page, "planning")


@pytest.mark.bench
def test_targeting_hands_its_offer_and_its_list_to_what_if(tab, address):
    page = opened(tab(), address, "targeting")
    choose(page, "What it does to emergency admissions", "State it myself")
    enter(page, "Clinical leads", "3")
    page.wait_for_url(re.compile("leads=3"))
    shown_again(page, address, "targeting")
    told = answer(page).split(". ", 1)[1]
    page.get_by_role("link", name=re.compile("See these homes on the What if page")).click()
    assert answer(whole(page, "what_if")) == told


@pytest.mark.bench
def test_own_files_that_are_gone_are_never_replaced_by_the_sample_in_silence(tab, address):
    page = opened(tab(), address, "data")
    page.locator("input[type=file]").set_input_files(
        {"name": "hawthorn.csv", "mimeType": "text/csv", "buffer": MINE.encode()}
    )
    page.get_by_role("button", name="Load these files").click()
    page.get_by_text("240 rows in = 240 used").wait_for()
    page.get_by_role("link", name="Did it change admissions?").wait_for()
    page.wait_for_timeout(1_000)
    second = page.context.new_page()
    for one, path in ((page, "what_if"), (page, "data"), (second, "")):
        one.goto(f"{address}/{path}")
        one.get_by_text("The files you had loaded are not here any more").wait_for()
        one.wait_for_timeout(1_000)
        assert one.get_by_text("Synthetic data").count() == 0
        assert one.get_by_test_id("stVegaLiteChart").count() == 0
    second.get_by_role("button", name="Go on without them").click()
    second.get_by_role("heading", name=LAST[""], exact=True).wait_for()
    second.reload()
    second.get_by_role("heading", name=LAST[""], exact=True).wait_for()
    assert second.get_by_text("are not here any more").count() == 0


@pytest.mark.bench
def test_a_fold_stays_open_when_a_choice_in_it_draws_the_page_anew(tab, address):
    page = opened(tab(), address, "admissions")
    page.get_by_text("Months, rules and methods", exact=True).click()
    page.wait_for_timeout(500)  # a list that opens while its box still unfolds closes again
    choice = page.get_by_role("combobox", name=re.compile("Months before the start in which"))
    choice.click()
    page.get_by_role("option", name="1", exact=True).click()
    page.wait_for_url("**early=1*")
    whole(page, "admissions")
    assert choice.is_visible()
