"""What did each intervention of the county truly do?

The true rate ratio is O/C over the supported home-months as they came out: O the admissions expected with the
intervention, C those expected without, both over the bed-days that were. It is what a model's overall estimate aims
at. The realised admissions are given beside it, because luck moves them.
"""

import numpy as np

from analysis.simulate import supports
from analysis.simulate.county import County

EVENT_MONTHS = 30
"""Event times that every wave of the ward round reaches before the county's last month."""


def truth(county: County) -> dict:
    """Return the truth of every intervention, ready for JSON.

    Returns
    -------
    dict
        ``seed``, ``months``, and ``interventions``: name to ``on_admissions`` (see `on_admissions`) and ``on_ratings``.
    """
    names = (supports.WARD_ROUND, supports.TRAINING, supports.RAPID_RESPONSE)
    odds = {supports.TRAINING: supports.ODDS_OF_IMPROVING}
    return {
        "county": "Marlshire (synthetic)",
        "seed": county.seed,
        "months": [str(county.months[0]), str(county.months[-1])],
        "estimand": "admissions expected with over without it, over the same bed-days, supported home-months",
        "interventions": {
            name: {
                "on_admissions": on_admissions(county, name),
                "on_ratings": {"odds_of_improving": odds.get(name, 1.0)},
            }
            for name in names
        },
    }


def on_admissions(county: County, intervention: str) -> dict:
    """Return the true effect on emergency admissions: overall, by home type, by cohort and by event time."""
    start = county.started(intervention)
    since = (county.months[None, :] - start[:, None]).astype(float)
    since[np.isnat(start)] = -1
    given, nursing = since >= 0, county.homes["nursing"].to_numpy()[:, None]
    types = {"nursing": given & nursing, "residential": given & ~nursing}
    cohorts = np.unique(start[~np.isnat(start)])
    return {
        **_effect(county, given),
        "by_home_type": {name: _effect(county, of_type) for name, of_type in types.items() if of_type.any()},
        "by_cohort": {str(month): _effect(county, given & (start == month)[:, None]) for month in cohorts},
        "by_event_time": [_effect(county, since == month)["log_rate_ratio"] for month in range(EVENT_MONTHS)],
    }


def _effect(county: County, given: np.ndarray) -> dict:
    """Effect over the home-months given, shape (N, T)."""
    expected, untreated = county.expected[given].sum(), county.untreated[given].sum()
    return {
        "homes": int(given.any(1).sum()),
        "log_rate_ratio": round(float(np.log(expected / untreated)), 9),
        "rate_ratio": round(float(expected / untreated), 6),
        "averted": round(float(untreated - expected), 3),
        "admissions": int(county.counts[given].sum()),
        "bed_days": int(county.bed_days[given].sum()),
    }
