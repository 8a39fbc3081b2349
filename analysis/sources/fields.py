"""Under which names do people keep these columns?

Compared by `layout.plain`: case, spaces and punctuation do not matter. A name that could mean two things is not here;
the reader is asked about it instead.
"""

HOME = (
    "location_id", "locationid", "location", "cqc location id", "cqc id", "cqcid", "cqc location", "home id", "home",
    "care home id", "carehome id", "care home", "site id", "service id",
)  # fmt: skip
NAME = ("name", "location name", "home name", "care home name", "carehome name", "service name", "site name")
MONTH = (
    "month",
    "month start",
    "month beginning",
    "month starting",
    "year month",
    "yearmonth",
    "period",
    "month year",
    "date",
)
ADMISSIONS = (
    "admissions", "emergency admissions", "n admissions", "number of admissions", "admission count",
    "unplanned admissions", "emergency hospital admissions", "hospital admissions", "non elective admissions",
)  # fmt: skip
AVOIDABLE = (
    "avoidable", "avoidable admissions", "potentially avoidable admissions", "paa", "potentially avoidable",
)  # fmt: skip
BED_DAYS = (
    "bed_days", "beddays", "occupied bed days", "resident days", "occupied_bed_days", "resident_days", "residentdays",
    "person days", "resident bed days",
)  # fmt: skip
BEDS = ("beds", "registered beds", "care homes beds", "number of beds", "max capacity", "maxcapacity", "capacity")
HOME_TYPE = ("home type", "care home type", "type of home", "service type")
AREA = ("local authority", "council", "area", "area name", "location local authority")
INTERVENTION = ("intervention", "programme", "program", "scheme", "project")
START = (
    "start_month", "start", "start date", "started", "intervention start", "intervention start date", "go live",
    "go live date", "treatment start", "treated from", "first month", "intervention month",
)  # fmt: skip
END = ("end_month", "end", "end date", "ended", "intervention end", "intervention end date", "treated to", "stopped")
AREA_CODE = ("area_code", "area code", "ons code", "ons area code", "la code", "gss code", "local authority code")
AREA_NAME = ("area_name", "area name", "local authority", "council", "la name", "geographical description")
