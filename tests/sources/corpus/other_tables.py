"""Faults of the other tables that evaluators bring."""

from tests.sources.corpus.case import Case, Rows, clean, csv_of


def table(columns: str, *rows: str) -> bytes:
    return "\n".join([columns, *rows, ""]).encode()


def monthly(**change: str) -> bytes:
    rows = [{name: row[name] for name in ("location_id", "month", "admissions")} for row in clean()]
    rows[4] |= change
    return csv_of(rows)


def resident_days(**change: str) -> bytes:
    rows: Rows = [{name: row[name] for name in ("location_id", "month", "bed_days")} for row in clean()]
    rows[4] |= change
    return csv_of(rows)


EVENTS = "home_id,admission_date,admimeth,diag_01"
TRACKER = "cqcid,maxcapacity,usedbeds,lastupdatedutc"
SPELLS = "location_id,intervention,start,end,dose,criterion,window_from,window_to"
DELAYS = "month,area_code,area_name,delayed_days_nhs,delayed_days_social_care,delayed_days_both,delayed_days_total"
ASCOF = "Geographical Description,ONS Area Code,ASCOF Measure Code,Measure Type,Measure Value,Year"
WEEKS = [f"1-100,40,{30 + week % 3},2023-0{1 + week // 4}-{3 + 7 * (week % 4):02d} 09:30:00" for week in range(12)]

CASES = (
    Case(number=1, title="clean admissions", outcome="accept",
         make=lambda: table(EVENTS, "1-100,2023-01-13,21,J18.9", "1-100,2023-02-14,11,", "1-200,2023-02-20,2A,I509")),
    Case(number=36, title="admission method unknown", outcome="rows", fault="unknown admission method", row=3,
         column="admimeth", make=lambda: table(EVENTS, "1-100,2023-01-13,21,J189", "1-100,2023-02-14,Z9,")),
    Case(number=36, title="diagnosis in words", outcome="warn", fault="diagnoses that are not codes", row=2,
         column="diag_01", make=lambda: table(EVENTS, "1-100,2023-01-13,21,pneumonia", "1-100,2023-02-14,22,N390")),
    Case(number=0, title="admissions without method", outcome="ask", fault="no admission method",
         make=lambda: table("home_id,admission_date", "1-100,2023-01-13", "1-100,2023-02-14")),
    Case(number=0, title="later episodes", outcome="note", fault="later episodes", row=3, column="epiorder",
         make=lambda: table("home_id,admidate,admimeth,epiorder", "1-100,2023-01-13,21,1", "1-100,2023-01-13,21,2")),
    Case(number=10, title="future admission", outcome="rows", fault="future date", row=3, column="admission_date",
         make=lambda: table(EVENTS, "1-100,2023-01-13,21,J189", "1-100,2099-02-14,21,")),
    Case(number=75, title="admissions of people", outcome="reject", fault="personal data",
         make=lambda: table(EVENTS + ",date_of_birth", "1-100,2023-01-13,21,J189,1931-05-17")),
    Case(number=0, title="admission months only", outcome="reject", fault="dates without a day", row=2,
         column="admission_date", make=lambda: table(EVENTS, "1-100,2023-01,21,J189")),
    Case(number=1, title="clean monthly counts", outcome="accept", make=monthly),
    Case(number=30, title="monthly rates", outcome="reject", fault="fractional counts", row=6, column="admissions",
         make=lambda: monthly(admissions="0.35")),
    Case(number=15, title="monthly contradiction", outcome="reject", fault="contradicting rows", row=5, column="month",
         make=lambda: monthly(month="2022-04-01", admissions="77")),
    Case(number=1, title="clean resident days", outcome="accept", make=resident_days),
    Case(number=28, title="negative resident days", outcome="rows", fault="negative number", row=6, column="bed_days",
         make=lambda: resident_days(bed_days="-60")),
    Case(number=1, title="clean capacity tracker", outcome="accept", make=lambda: table(TRACKER, *WEEKS)),
    Case(number=14, title="snapshots repeated", outcome="note", fault="repeated rows", row=14, column="lastupdatedutc",
         make=lambda: table(TRACKER, *WEEKS, WEEKS[0])),
    Case(number=40, title="more used than there are", outcome="warn", fault="more beds in use than beds", row=14,
         column="usedbeds", make=lambda: table(TRACKER, *WEEKS, "1-100,40,44,2023-03-28 09:30:00")),
    Case(number=1, title="clean interventions", outcome="accept",
         make=lambda: table(SPELLS, "1-100,ward round,2023-03-15,,1.5,most admissions,2022-04,2023-01",
                            "1-200,ward round,2023-05-20,2024-01-31,1,most admissions,2022-04,2023-01")),
    Case(number=56, title="started twice", outcome="ask", fault="two starts", row=3, column="start",
         make=lambda: table(SPELLS, "1-100,ward round,2023-03-15,,,,,", "1-100,ward round,2023-06-15,,,,,")),
    Case(number=0, title="ends before it starts", outcome="rows", fault="an end before its beginning", row=3,
         column="end", make=lambda: table(SPELLS, "1-100,a,2023-03-15,,,,,", "1-200,a,2023-03-15,2022-03-15,,,,")),
    Case(number=0, title="start unknown", outcome="rows", fault="missing date", row=3, column="start",
         make=lambda: table(SPELLS, "1-100,a,2023-03-15,,,,,", "1-200,a,,,,,,")),
    Case(number=0, title="comparison homes listed", outcome="note", fault="homes that never started", row=3,
         column="start", make=lambda: table(SPELLS, "1-100,a,2023-03-15,,,,,", "1-200,a,never,,,,,")),
    Case(number=2, title="interventions ambiguous dates", outcome="ask", fault="ambiguous dates", row=2,
         column="start", make=lambda: table(SPELLS, "1-100,a,01/03/2023,,,,,", "1-200,a,02/05/2023,,,,,")),
    Case(number=1, title="clean delayed transfers", outcome="accept",
         make=lambda: table(DELAYS, "2016-04-01,E06000046,Isle of Wight,100.0,50.0,2.0,152.0")),
    Case(number=15, title="councils contradicting", outcome="reject", fault="contradicting rows", row=2, column="month",
         make=lambda: table(DELAYS, "2016-04-01,E06000046,Isle of Wight,1,1,1,3", "2016-04-01,E06000046,,2,1,1,4")),
    Case(number=1, title="clean ascof open data", outcome="accept",
         make=lambda: table(ASCOF, "Isle of Wight,E06000046,2A(2),Numerator,320,2016/17",
                            "Isle of Wight,E06000046,2A(2),Denominator,38500,2016/17",
                            "Isle of Wight,E06000046,2A(2),Outcome,831.2,2016/17")),
    Case(number=31, title="ascof suppressed", outcome="warn", fault="suppressed figures", row=2, column="Measure Value",
         make=lambda: table(ASCOF, "Isle of Wight,E06000046,2A(1),Numerator,[c],2016/17",
                            "Isle of Wight,E06000046,2A(1),Outcome,:,2016/17",
                            "Isle of Wight,E06000046,2A(1),Denominator,*,2016/17",
                            "Isle of Wight,E06000046,2A(2),Outcome,[x],2016/17")),
    Case(number=0, title="ascof without year", outcome="ask", fault="no year",
         make=lambda: table(ASCOF.removesuffix(",Year"), "Isle of Wight,E06000046,2A(2),Outcome,831.2")),
    Case(number=0, title="ascof margins of error", outcome="note", fault="margins of error", row=3,
         column="Measure Type", make=lambda: table(ASCOF, "Isle of Wight,E06000046,1A,Outcome,19.1,2016/17",
                                                   "Isle of Wight,E06000046,1A,Margin of Error,0.4,2016/17")),
)  # fmt: skip
