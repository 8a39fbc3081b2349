"""A link is the page: every choice of every page stands in the address, and that opened anew is the same page."""

import pytest

from pages.shared.scenario_form import STATED
from tests.costs import in_the_proof
from tests.pages.conftest import texts
from tests.pages.test_reading import ALL

KINDS = (
    "selectbox", "multiselect", "number_input", "checkbox", "toggle", "slider", "text_input", "text_area",
    "segmented_control",
)  # fmt: skip
NO_CHOICE = ("Name this scenario",)
"""Fields that change nothing of what is shown."""
WRITTEN = ("TIDieR ", "RECORD ", "TARGET ")
"""Beginnings of fields for the report's text: long, perhaps with names of people, and so in no address."""
LONG = ("told", "sims")
"""Choices that take a minute, or many seconds: they are held to stand in the address, and not made."""
WANTED = {
    "effect0": STATED, "on_ratings0": STATED, "on_delays0": STATED, "together": 2, "kind": "staggered roll-out",
    "prices0": "2023/24", "prices1": "2023/24", "ambulance_year": "2019/20", "ae_attendance_year": "2019/20",
    "emergency_admission_year": "2018/19", "only0": "1-0000000001", "named": "weekly_round", "homes": "",
    "first_month": "2024-06", "to": "2022-12", "from": "2018-03", "area_from": "2018-07",
    "listed": "", "end0": "2025-12", "end1": "2025-12", "fidelity0_to": 95.0, "fidelity1_to": 95.0,
    "fair_most": 20.0,
}  # fmt: skip
"""What is chosen where the next option, or one step more, would not do."""
START = {
    "admissions": ("pages/admissions.py", {}, {"level": "home"}),
    "admissions, one level for a start": ("pages/admissions.py", {}, {"average": "bed_day", "dose": False}),
    "ratings": ("pages/ratings.py", {}),
    "ratings of a list": ("pages/ratings.py", {"supported": "A list of homes"}),
    "areas": ("pages/areas.py", {}),
    "areas by year": ("pages/areas.py", {"area_measure": "Permanent admissions aged 65 and over (ASCOF 2A(2), 2C)"}),
    "what if": ("pages/what_if.py", {}),
    "targeting": ("pages/targeting.py", {}),
    "planning": ("pages/planning.py", {}),
    "planning of ratings": ("pages/planning.py", {"outcome": "CQC ratings"}),
}


PROVED = ("planning of ratings",)
"""Pages walked in every run, all others in `make proof`."""


@pytest.mark.parametrize("path", sorted({path for path, *_ in START.values()}))
def test_every_choice_of_a_page_as_it_opens_is_bound_to_its_address(seen, path):
    app = seen(path, ALL[path])
    assert unbound(app) == []


def unbound(app):
    return [field.label for _, field in fields(app) if field.proto.query_param_key != field.key]


def fields(app):
    """Every field of a page, each with its kind."""
    found = [(kind, field) for kind in KINDS for field in getattr(app, kind)]
    return [
        (kind, field) for kind, field in found if field.label not in NO_CHOICE and not field.label.startswith(WRITTEN)
    ]


def another(kind, field, wanted):
    """Another value than the one it has."""
    if field.key in wanted:
        return wanted[field.key]
    if kind in ("checkbox", "toggle"):
        return not field.value
    if kind == "multiselect":
        return field.options[:2]
    if kind == "selectbox":
        late = field.key.startswith("area_start")  # of early starts too few months are left before
        return field.options[len(field.options) // 2 + 2 if late else 1 if field.index == 0 else 0]
    if kind in ("number_input", "slider"):
        return round(field.value + field.step, 6)
    return field.value


def changed(app, wanted):
    """Make every choice once, those too that come with another; the addresses of all that were made."""
    made, address = set(), {}
    while new := [(kind, field) for kind, field in fields(app) if field.key not in made and field.key not in LONG]:
        for kind, field in new:
            made.add(field.key)
            field.set_value(another(kind, field, WANTED | wanted))
        app.run()
        assert not app.exception
    for kind, field in fields(app):
        address[field.key] = written(kind, field)
    return address


def written(kind, field):
    """Write a choice as the address has it: an option as it is shown, a number without needless decimals."""
    if kind == "multiselect":
        return [shown(field, value) for value in field.value]
    if kind in ("selectbox", "segmented_control"):
        return shown(field, field.value)
    if kind in ("checkbox", "toggle"):
        return str(field.value).lower()
    return f"{field.value:g}" if isinstance(field.value, float) else str(field.value)


def shown(field, value):
    return str(field.format_func(value)) if hasattr(field, "format_func") else str(value)


def state(app):
    return {field.key: field.value for _, field in fields(app)}


@pytest.mark.parametrize("name", [name if name in PROVED else in_the_proof(name, name=name) for name in START])
def test_the_address_of_a_page_with_every_choice_changed_is_the_same_page(visit, name):
    path, query, *wanted = START[name]
    app = visit(path, query=query)
    assert unbound(app) == []
    address = changed(app, *(wanted or [{}]))
    assert unbound(app) == []
    assert not app.error, [error.value for error in app.error]
    assert "The answer" in [header.value for header in app.header]
    again = visit(path, query=address)
    assert state(again) == state(app)
    assert texts(again) == texts(app)
