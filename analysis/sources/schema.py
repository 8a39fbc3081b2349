"""The tidy tables that every source is turned into, and that the store holds.

One table per kind of fact, one row per fact. Every source module returns frames with exactly these columns
(absent facts are missing values, never absent columns); the store creates its tables from the same mapping.
Counts are integers and bed-days are decimals, because floating sums over threads differ between runs.
"""

from collections.abc import Mapping

RATINGS = ("Inadequate", "Requires improvement", "Good", "Outstanding")
"""The four ratings, worst first."""

UNRATED = ("Inspected but not rated", "Insufficient evidence to rate", "Not rated")
"""What a published inspection can say without giving one of the four ratings."""

WITHDRAWN = "Withdrawn"
"""What stands where a rating was taken back: from then on the home has none."""

ENFORCEMENT, VOLUNTARY = "enforcement", "voluntary"
ENDED_BY = (ENFORCEMENT, VOLUNTARY)
"""Who ended a registration: CQC, or the provider."""

SAME_HOME, OTHER_HOME = "one home: said when loaded", "different homes: said when loaded"
"""Reasons of a link between two registrations that the reader gave, where no file did."""

KEY_QUESTIONS = ("Overall", "Safe", "Effective", "Caring", "Responsive", "Well-led")

PERSON_KINDS = ("emergency", "A&E", "planned")
"""Why a person went to hospital: an emergency admission, an attendance at A&E, a planned admission."""

TABLES: Mapping[str, Mapping[str, str]] = {
    # One row per CQC location. Provider names and managers' names are personal and never kept.
    "locations": {
        "location_id": "VARCHAR",
        "name": "VARCHAR",
        "provider_id": "VARCHAR",
        "brand": "VARCHAR",
        "care_home": "BOOLEAN",
        "nursing": "BOOLEAN",
        "residential": "BOOLEAN",
        "older_people": "BOOLEAN",
        "dementia": "BOOLEAN",
        "beds": "INTEGER",
        "area_name": "VARCHAR",  # local authority
        "region": "VARCHAR",
        "postcode": "VARCHAR",
        "registered": "DATE",
        "deregistered": "DATE",
        "ended_by": "VARCHAR",  # one of ENDED_BY, where a file says how the registration ended
        "dormant": "BOOLEAN",
        "primary_id": "VARCHAR",  # dual registration: the location this one duplicates
    },
    # One row per location that lies somewhere known: latitude and longitude of its postcode (WGS 84).
    "places": {
        "location_id": "VARCHAR",
        "latitude": "DECIMAL(9,6)",
        "longitude": "DECIMAL(9,6)",
    },
    # One row per published rating of one key question of one service of one location.
    "ratings": {
        "location_id": "VARCHAR",
        "service": "VARCHAR",  # "Overall" for the location's own rating
        "key_question": "VARCHAR",  # one of KEY_QUESTIONS
        "rating": "VARCHAR",  # one of RATINGS or UNRATED, or WITHDRAWN
        "published": "DATE",
        "visited": "DATE",
        "inherited": "BOOLEAN",
        "regime": "VARCHAR",  # "key lines of enquiry" or "single assessment framework"
        "report_id": "VARCHAR",
        "first_listed": "DATE",  # as of when the first list of latest ratings, and the last file at all, held it:
        "last_listed": "DATE",  # what was published and superseded between two lists stands in neither
    },
    # One row per link between two registrations of what may be the same home.
    "links": {
        "location_id": "VARCHAR",
        "related_id": "VARCHAR",
        "kind": "VARCHAR",  # "predecessor" or "successor", or "primary": the location that this one duplicates
        "reason": "VARCHAR",
    },
    # One row per emergency or other admission. The diagnosis itself is not kept.
    "admission_events": {
        "location_id": "VARCHAR",
        "admitted": "DATE",
        "emergency": "BOOLEAN",
        "avoidable": "BOOLEAN",
    },
    # One row per admission of a file that says more of it than its day.
    "hospital_stays": {
        "location_id": "VARCHAR",
        "admitted": "DATE",
        "emergency": "BOOLEAN",
        "minute": "INTEGER",  # of the day, when admitted
        "discharged": "DATE",
        "ready": "DATE",  # from when the person could have left
        "went_to": "VARCHAR",  # home to which they were discharged; where the file does not say, that they came from
    },
    # One row per home-month. A suppressed count is missing, with the bounds its mark implies.
    "admission_counts": {
        "location_id": "VARCHAR",
        "month": "DATE",
        "admissions": "INTEGER",
        "avoidable": "INTEGER",
        "at_least": "INTEGER",
        "at_most": "INTEGER",
    },
    # One row per home-month.
    "occupancy": {
        "location_id": "VARCHAR",
        "month": "DATE",
        "bed_days": "DECIMAL(12,2)",
        "basis": "VARCHAR",  # "resident days", "capacity tracker" or "beds × occupancy"
    },
    # One row per home whose admissions and bed-days are of quarters or years: its months are the first of each.
    "periods": {
        "location_id": "VARCHAR",
        "months": "INTEGER",  # length of each: 3 or 12
    },
    # One row per home and day on which its staff were counted.
    "staffing": {
        "location_id": "VARCHAR",
        "counted": "DATE",
        "filled": "INTEGER",  # posts
        "vacant": "INTEGER",  # posts; missing where not told
        "left_in_a_year": "INTEGER",  # staff who left in the 12 months before
    },
    # One row per home and spell of an intervention.
    "interventions": {
        "location_id": "VARCHAR",
        "intervention": "VARCHAR",
        "started": "DATE",
        "ended": "DATE",
        "dose": "DECIMAL(12,3)",
        "chosen_by": "VARCHAR",  # how homes were chosen, in the evaluator's words
        "chosen_from": "DATE",  # the months whose numbers were looked at to choose them
        "chosen_to": "DATE",
    },
    # One row per home, month and reason for which rows of a file could not be used: what an answer is without.
    "unread_rows": {
        "location_id": "VARCHAR",  # missing where the row does not say
        "month": "DATE",
        "why": "VARCHAR",
        "rows": "INTEGER",
    },
    # One row per stay of a person in a home, by pseudonym.
    "resident_spells": {
        "location_id": "VARCHAR",
        "person": "VARCHAR",
        "moved_in": "DATE",
        "moved_out": "DATE",  # missing where the stay goes on
        "died": "DATE",
        "age_band": "VARCHAR",
        "sex": "VARCHAR",  # female or male
        "conditions": "VARCHAR",  # names parted by semicolons, or how many there are
    },
    # One row per person, day and kind.
    "person_admissions": {
        "person": "VARCHAR",
        "location_id": "VARCHAR",  # where the file says it; the stays decide
        "admitted": "DATE",
        "kind": "VARCHAR",  # one of PERSON_KINDS
        "nights": "INTEGER",
    },
    # One row per area, measure and period.
    "area_outcomes": {
        "area_code": "VARCHAR",
        "area_name": "VARCHAR",
        "measure": "VARCHAR",
        "period": "DATE",  # first day
        "months": "INTEGER",  # length of the period: 1, 3 or 12
        "value": "DECIMAL(18,4)",
        "numerator": "DECIMAL(18,4)",
        "denominator": "DECIMAL(18,4)",
        "counted": "VARCHAR",  # what the numerator counts, or the value where there is none: "delayed days"; missing
        "among": "VARCHAR",  # where the value is a rate. What the denominator counts: "patients discharged"
    },
}
"""Table name to column name to DuckDB type, in order."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "locations": ("location_id",),
    "places": ("location_id",),
    "ratings": ("location_id", "service", "key_question", "published", "report_id"),
    "links": ("location_id", "related_id", "kind"),
    "admission_events": (),  # two people of one home can be admitted on one day
    "hospital_stays": (),  # as admissions
    "admission_counts": ("location_id", "month"),
    "occupancy": ("location_id", "month"),
    "periods": ("location_id",),
    "staffing": ("location_id", "counted"),
    "interventions": ("location_id", "intervention", "started"),
    "unread_rows": ("location_id", "month", "why"),
    "resident_spells": ("person", "location_id", "moved_in"),
    "person_admissions": ("person", "admitted", "kind"),
    "area_outcomes": ("area_code", "measure", "period"),
}
"""What makes a row one fact; where a later file repeats a key, the later file counts and the load report says so."""

OPTIONAL = frozenset({"places", "periods"})
"""Tables that a store made by an earlier version need not have: it is read as if they were empty, and the next load
makes them."""
BESIDE_ANSWERS = ("places",)
"""Tables on which no answer rests, and which no digest of what answers rest on counts."""
