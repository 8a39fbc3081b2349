"""What stands in the sample's README and protocols, word for word."""

README = """# Marlshire (synthetic): the sample county

**Every home, person, date and number in this folder is invented.** No row describes a real care home, provider or
admission. The files are written by `homeward sample DIR` (`analysis.simulate.write_sample`), always the same bytes,
in the layouts that evaluators in England hold.

| file | layout | what it holds |
|---|---|---|
| `cqc_api_locations.jsonl.gz` | CQC API, a document a line | homes, ratings since 2015, links between registrations |
| `cqc_latest_ratings.csv` | CQC latest ratings, 28 columns | the ratings as they stood on 1 August 2024 |
| `emergency_admissions.csv` | a row per admission | 2018 to 2023, planned ones too; hour, day ready, day of discharge |
| `resident_days.csv` | a row per home and month | days that residents spent in the home |
| `interventions.csv` | a row per home and intervention | starts, doses, and how homes were chosen |
| `delayed_transfers.csv` | delayed transfers of care | delayed days in 150 fictional councils, 2018/19 to 2022/23 |
| `permanent_admissions.csv` | ASCOF open data | permanent admissions aged 65 and over in 13 of them, by year |
| `resident_spells.csv` | a row per stay of a person | who lived in 50 of the homes, by pseudonym, 2019/07 to 2022/06 |
| `person_admissions.csv` | a row per person, day and kind | their emergency and planned admissions, and A&E |
| `protocols/*.toml` | protocol | one evaluation for each intervention |
| `plans/*.toml` | plan | what to do next: a scenario, homes to choose, a study, what to watch, who qualifies |
| `lists/*.csv` | lists | for the Monitoring and Feedback pages: networks and clinical leads, what visitors saw |
| `truth.json` | | what the interventions truly did: open it after the evaluation |

160 homes over 72 months. Rates of admission, sizes of homes, ratings and their changes, and times between
inspections follow published figures for England; there is no pandemic in the admissions, only a pause in inspections.
Planned admissions have a rate of their own, a tenth of emergencies, which nothing below touches.

- **weekly_ward_round**: 40 homes in four waves, town by town. Nobody looked at their admissions to choose them. The
  homes filled fewer of their beds meanwhile, so counts alone mislead. On working days it makes an admission out of
  hours 15% less likely; how long residents stay in hospital, and wait to leave, nothing here changes.
- **manager_training**: 20 homes chosen for a rating below Good. It moves ratings, not admissions.
- **rapid_response**: the 12 homes with the highest admission rates from April 2020 to March 2021. It does nothing.
- **Residents** of 14 homes with the ward round and 36 homes without anything are invented people of their own, not
  those of `emergency_admissions.csv`. From its start on a supported home takes in iller people.
- **A discharge programme** began in Marlshire in April 2021, after its worst year for delays. It cut them by four
  tenths in its first year and did nothing from its second year on.
"""

WARD_ROUND = """# Marlshire is synthetic. Did the weekly ward round change emergency admissions?
title = "Weekly ward round in Marlshire (synthetic)"
subgroups = ["home_type"]

[intervention]
name = "weekly_ward_round"

[outcome]
count = "emergency_admissions"
exposure = "bed_days"

[comparison]
homes = "not_yet_treated"

[model]
name = "staggered_rates"
"""

TRAINING = """# Marlshire is synthetic. Did homes whose managers were trained get better ratings than homes like them?
title = "Manager training in Marlshire (synthetic)"
methods = ["observed_expected", "next_rating", "multi_state"]

[intervention]
name = "manager_training"

[outcome]
kind = "ratings"
key_question = "Overall"

[comparison]
others = "leave out"
"""

RAPID_RESPONSE = """# Marlshire is synthetic. The homes were chosen for a bad year: what remains without that year?
title = "Rapid response in Marlshire (synthetic)"
subgroups = []

[intervention]
name = "rapid_response"

[outcome]
count = "emergency_admissions"
exposure = "bed_days"

[window]
selection = "leave out"
"""

DISCHARGE = """# Marlshire is synthetic. Did delayed transfers fall by more than chance gives, and did it last?
title = "Discharge programme in Marlshire (synthetic)"

[intervention]
name = "discharge_programme"

[outcome]
kind = "area measure"
measure = "delayed days, total"
area = "X000"
start = "2021-04"
claimed = 0.4
"""

NEW_RESIDENTS = """# Marlshire is synthetic. Did people who moved into homes with the ward round go to hospital
# less than people like them who moved into other homes?
title = "New residents of homes with the weekly ward round in Marlshire (synthetic)"

[intervention]
name = "weekly_ward_round"

[outcome]
kind = "residents"
count = "emergency_admissions"
horizon = 180

[comparison]
exact_on = ["home_type"]
match_on = ["age_band", "sex", "conditions", "size", "earlier_admissions"]
"""

PROTOCOLS = {
    "weekly_ward_round": WARD_ROUND,
    "manager_training": TRAINING,
    "rapid_response": RAPID_RESPONSE,
    "discharge_programme": DISCHARGE,
    "new_residents": NEW_RESIDENTS,
}
"""Name of the file to its protocol."""

OFFER = """
name = "weekly ward round"
start = "2024-04"
uptake = [0.6, 0.9]
fidelity = [0.8, 1.0]

[{at}offers.effect]
source = "Stated for this example"

[{at}offers.effect.ratios]
residential = [0.75, 0.60, 0.90]
nursing = [0.95, 0.80, 1.10]

[{at}offers.programme]
fixed_per_year = [40_000, 70_000]
per_home_per_year = [6_000, 12_000]
paid_by = "ICB"
price_year = "2022/23"
"""
"""An effect is [rate ratio, low, high]; a range is [low, high], in which anything is equally likely."""

SCENARIO = f"""# Marlshire is synthetic. What if forty more homes were offered the weekly ward round?
#   homeward project plans/ward_round_for_more.toml --store county.duckdb --out what_if
# What is not said here keeps its default; provenance.json holds the whole plan.
title = "weekly ward round"
months = 36

[[offers]]{OFFER.format(at="")}
[offers.who]
home_type = "all"
most = 40
order = "by lot"
"""

TARGETING = f"""# Marlshire is synthetic. Four clinical leads and £500,000 a year: which homes should have it?
#   homeward target plans/which_homes.toml --store county.duckdb --out list
[capacity]
leads = 4
homes_per_lead = 7
residents_per_lead = 300
budget = 500_000

[fairness]
every = "council"
least = 1

[scenario]
title = "weekly ward round"
months = 36

[[scenario.offers]]{OFFER.format(at="scenario.")}"""

STUDY = """# Marlshire is synthetic. Would a stepped wedge of 24 homes find a fall of a quarter?
#   homeward plan plans/next_study.toml --store county.duckdb --out study
kind = "admissions"
title = "Stepped wedge in Marlshire"
rate_ratio = 0.75
simulations = 500

[study]
kind = "stepped wedge"
supported = 24
before = 12
after = 6
waves = 4
gap = 3

[lot]
intervention = "next_ward_round"
seed = 1
"""

WATCHING = """# Marlshire is synthetic. Are its homes' admissions more than their usual coming and going?
#   homeward monitor plans/watching.toml --store county.duckdb --out watched
title = "Watching emergency admissions in Marlshire"
group = "kind of home"
name = "residential"

[chart]
baseline = 24
"""

WORKLIST = """# Marlshire is synthetic. Which homes qualify for support, and what would this rule have done before?
#   homeward monitor plans/who_qualifies.toml --store county.duckdb --out worklist
kind = "worklist"
title = "Enhanced support in Marlshire: who qualifies"
intervention = "enhanced support"
needed = 1                 # of the criteria of entry
held = 3                   # months for which goals are held before support ends
longest = 12               # months after which it ends
capacity = 12              # homes at once
new_a_month = 3
order = ["rating", "admissions", "waiting"]

[[entry]]
kind = "rating"
below = "Good"

[[entry]]
kind = "admissions"
times = 1.5                # as many as expected of homes of the kind
months = 12

[[goals]]
kind = "rating"

[[goals]]
kind = "admissions"
times = 1.2
months = 6
"""

PLANS = {"ward_round_for_more": SCENARIO, "which_homes": TARGETING, "next_study": STUDY, "watching": WATCHING,
         "who_qualifies": WORKLIST}  # fmt: skip
"""Name of the file to what is planned in it."""
