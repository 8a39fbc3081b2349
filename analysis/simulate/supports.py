"""Which three interventions does the county try, in which homes, and what do they truly do?

- *weekly ward round*: a GP, nurse and pharmacist see residents every week. Four waves, town by town, in the order in
  which the practices were ready; nobody looked at admissions. True rate ratio 0.75 in residential and 0.95 in nursing
  homes, reached in six equal monthly steps (Rushcliffe: 0.60 residential, no difference nursing; Nottingham 0.82).
  The homes also admit fewer new residents meanwhile, so their bed-days fall.
- *manager training*: ten days for managers of homes rated below Good. Doubles the odds that the next rating is
  better; does nothing to admissions.
- *rapid response*: a nurse on call for the homes with the highest admission rates of twelve months. Does nothing: what
  looks like success is regression to the mean.

A home gets one of them at most.
"""

import numpy as np
import pandas as pd

from analysis.simulate.inspections import GOOD
from analysis.sources.schema import RATINGS

WARD_ROUND, TRAINING, RAPID_RESPONSE = "weekly_ward_round", "manager_training", "rapid_response"
WARD_ROUND_STARTS = ("2020-01", "2020-07", "2021-01", "2021-07")
HOMES_A_WAVE = 10
RATE_RATIO = {True: 0.95, False: 0.75}
"""Of the ward round in the end, nursing and residential."""
MONTHS_TO_FULL_EFFECT = 6
BED_DAYS_LOST, MONTHS_TO_LOSE_THEM = 0.25, 6
"""Share of bed-days that ward-round homes lose, as if one bed in four were not filled again."""
TRAINING_STARTS = ("2019-03", "2019-09")
TRAINING_CHOSEN_ON = np.datetime64("2018-12-31")
HOMES_TRAINED_AT_ONCE = 10
ODDS_OF_IMPROVING = 2.0
RAPID_RESPONSE_START = "2021-06"
RAPID_RESPONSE_WINDOW = ("2020-04", "2021-03")
HOMES_WITH_RAPID_RESPONSE = 12


def choose_for_training(rng: np.random.Generator, inspections: pd.DataFrame) -> pd.DataFrame:
    """Choose the worst-rated homes at the end of 2018, ties by lot."""
    published = inspections[(inspections["published"] <= TRAINING_CHOSEN_ON) & inspections["Overall"].isin(RATINGS)]
    latest = published.groupby("home")["Overall"].last().map(list(RATINGS).index)
    latest = latest.iloc[rng.permutation(len(latest))].sort_values(kind="stable")
    chosen = latest[latest < GOOD].index[: HOMES_TRAINED_AT_ONCE * len(TRAINING_STARTS)]
    return _spells(
        rng.permutation(chosen),
        TRAINING,
        np.resize(TRAINING_STARTS, len(chosen)),
        dose=10,
        chosen_by="latest overall rating below Good on 31 December 2018, Inadequate first",
        window=("2018-12-31", "2018-12-31"),
    )


def choose_for_ward_round(rng: np.random.Generator, homes: pd.DataFrame, taken: np.ndarray) -> pd.DataFrame:
    """Choose ten open older people's homes in each of four towns by lot."""
    waves = []
    for town, start in zip(sorted(set(homes["town"])), WARD_ROUND_STARTS, strict=False):
        open_then = homes["closed"].isna() | (homes["closed"] > start)
        eligible = homes.index[(homes["town"] == town) & homes["older_people"] & open_then & ~taken]
        waves.append(pd.DataFrame({"home": rng.permutation(eligible)[:HOMES_A_WAVE], "start": start}))
    chosen = pd.concat(waves)
    return _spells(
        chosen["home"],
        WARD_ROUND,
        chosen["start"],
        dose=1,
        chosen_by="older people's homes, town by town as practices were ready; ratings and admissions not looked at",
    )


def choose_for_rapid_response(
    counts: np.ndarray, bed_days: np.ndarray, months: np.ndarray, taken: np.ndarray
) -> pd.DataFrame:
    """Choose the homes with the highest rates in the window that are still open; matrices of shape (N, T)."""
    first, last, start = np.array([*RAPID_RESPONSE_WINDOW, RAPID_RESPONSE_START], "datetime64[M]")
    window = (months >= first) & (months <= last)
    rate = counts[:, window].sum(1) / np.maximum(bed_days[:, window].sum(1), 1)
    out = taken | (bed_days[:, months == start][:, 0] == 0)
    return _spells(
        np.argsort(np.where(out, 0.0, -rate), kind="stable")[:HOMES_WITH_RAPID_RESPONSE],
        RAPID_RESPONSE,
        RAPID_RESPONSE_START,
        dose=1,
        chosen_by="highest emergency admissions per resident-day, April 2020 to March 2021",
        window=("2020-04-01", "2021-03-31"),
    )


def _spells(home, intervention: str, start, *, window: tuple = (None, None), **facts) -> pd.DataFrame:
    """One row per home and spell; start is a month."""
    frame = pd.DataFrame({"home": np.asarray(home), "intervention": intervention, "start": np.asarray(start)})
    return frame.assign(**facts, chosen_from=window[0], chosen_to=window[1])


def share_after(months: np.ndarray, start: np.ndarray, *, reached_in: int) -> np.ndarray:
    """Share of the full change reached in each month, shape (N, T): equal steps from the first month.

    `start` is datetime64[M], NaT for homes that never start.
    """
    since = (months[None, :] - start[:, None]).astype(float)
    since[np.isnat(start)] = -1
    return np.clip((since + 1) / reached_in, 0, 1)
