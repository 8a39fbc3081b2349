"""Which care homes does the fictional county have?

Sizes are gamma with the means and standard deviations of England's homes (CQC active locations 2023: nursing 51.9
beds, SD 25.9; residential 22.8, SD 19.8), 28% nursing so that the mean is England's 30.8. Names of homes and towns
are invented; location and provider ids begin with numbers CQC has not reached; postcodes lie in area ZZ, which does
not exist.
"""

import numpy as np
import pandas as pd

AREA = "Marlshire (synthetic)"
REGION = "Synthetic region"
TOWNS = (
    "Marlcaster", "Fennimoor", "Ostley Quay", "Brackenport", "Quillhaven", "Thistledon", "Eddlemarsh", "Vexley Cross",
)  # fmt: skip
FIRST_WORDS = (
    "Oddlewick", "Plumhollow", "Tansyford", "Gorsebeck", "Wrenmarl", "Larkspindle", "Bramblethwick", "Copperlea",
    "Duskmead", "Elderwhistle", "Fernquill", "Gullscombe", "Hazelmarl", "Inglethorn", "Juniperwick", "Kestrelmoor",
    "Limeburrow", "Mossgander", "Nettlecourtney", "Otterwhin",
)  # fmt: skip
SECOND_WORDS = ("House", "Lodge", "Court", "Manor", "Grange", "Villa", "Rest", "Gardens")
NURSING_SHARE = 0.28
BEDS = {True: (51.9, 25.9), False: (22.8, 19.8)}
"""Mean and standard deviation of beds, nursing and residential."""
SMALLEST = 4
"""Homes of one to three beds are left out: their counts would be disclosive even where they are invented."""
OLDER_PEOPLE_SHARE = 0.9
LARGEST_GROUP = 8
"""Homes of the largest provider: most providers run one home, a few run several."""
RE_REGISTERED_SHARE = 0.10
"""Homes that change registration while the county is observed: the lower end of 10% to 27% that ever had."""
EARLIER_PREDECESSOR_SHARE = 0.15
"""Homes whose earlier registration ended before; with the above, a little under the South West's 27%."""
REASONS = {"New Provider": 0.71, "Legal Entity Change": 0.29}
"""Why homes of the South West were registered anew (CQC, February 2021: 133 and 55 of 194). Its 5 moves to another
building are left out: another building is another home."""


def register(rng: np.random.Generator, n: int, first: np.datetime64, last: np.datetime64) -> pd.DataFrame:
    """Draw the county's homes.

    Parameters
    ----------
    rng : Generator
    n : int
        Number of homes; at most 160 have names.
    first, last : datetime64[D]
        First and last day observed.

    Returns
    -------
    DataFrame, one row per home
        name, town, nursing, older_people, dementia, beds, postcode, latitude, longitude, provider_id, location_id
        (the present registration), earlier_id (the one before, or missing), reregistered (first day of the present
        one), reason, first_registered, observed_earlier (whether the earlier one ended in the months observed).
    """
    nursing = rng.permutation(np.arange(n) < round(NURSING_SHARE * n))
    older = rng.random(n) < OLDER_PEOPLE_SHARE
    frame = pd.DataFrame(
        {
            "name": _names(rng, n, nursing),
            "town": rng.permutation(np.resize(TOWNS, n)),
            "nursing": nursing,
            "older_people": older | nursing,
            "dementia": rng.random(n) < 0.6,
            "beds": _beds(rng, nursing),
            "postcode": [f"ZZ{number % 20 + 1} {number // 20 + 1}ZZ" for number in range(n)],
            "latitude": np.round(rng.uniform(0.1, 0.6, n), 6),  # in the Gulf of Guinea, where no home is
            "longitude": np.round(rng.uniform(0.1, 0.6, n), 6),
            "provider_id": _providers(rng, n),
            "location_id": _ids(rng, "1-99", n),
        }
    )
    return pd.concat([frame, _registrations(rng, n, first, last)], axis=1)


def _names(rng: np.random.Generator, n: int, nursing: np.ndarray) -> list[str]:
    pairs = [f"{first} {second}" for first in FIRST_WORDS for second in SECOND_WORDS]
    kinds = np.where(nursing, "Nursing Home", "Care Home")
    return [f"{name} {kind}" for name, kind in zip(rng.permutation(pairs)[:n], kinds, strict=True)]


def _beds(rng: np.random.Generator, nursing: np.ndarray) -> np.ndarray:
    mean, sd = (np.where(nursing, BEDS[True][k], BEDS[False][k]) for k in (0, 1))
    return np.maximum(SMALLEST, np.round(rng.gamma((mean / sd) ** 2, sd**2 / mean))).astype(int)


def _providers(rng: np.random.Generator, n: int) -> np.ndarray:
    """One provider a home, except for groups of two to eight."""
    sizes = np.concatenate([np.arange(LARGEST_GROUP, 1, -1), np.ones(n, int)])
    return rng.permutation(np.repeat(_ids(rng, "1-98", len(sizes)), sizes)[:n])


def _ids(rng: np.random.Generator, prefix: str, n: int) -> np.ndarray:
    """Ids of the usual length that cannot be CQC's, none twice, saying nothing by their order."""
    return np.array([f"{prefix}{number:09d}" for number in rng.choice(10**7, n, replace=False)])


def _registrations(rng: np.random.Generator, n: int, first: np.datetime64, last: np.datetime64) -> pd.DataFrame:
    """When each home was registered, and which registration went before."""
    luck = rng.random(n)
    observed = luck < RE_REGISTERED_SHARE
    before = ~observed & (luck < RE_REGISTERED_SHARE + EARLIER_PREDECESSOR_SHARE)
    changed = np.where(
        observed, _first_of_month(rng, n, first + 365, last - 365), _days(rng, n, np.datetime64("2012-01-01"), first)
    )
    frame = pd.DataFrame(
        {
            "earlier_id": _ids(rng, "1-97", n).astype(object),
            "reregistered": changed.astype("datetime64[s]"),
            "reason": rng.choice(list(REASONS), n, p=list(REASONS.values())).astype(object),
        }
    )
    frame = frame[observed | before].reindex(range(n))
    first_registered = _days(rng, n, np.datetime64("2010-10-01"), np.datetime64("2011-12-31"))
    return frame.assign(first_registered=first_registered.astype("datetime64[s]"), observed_earlier=observed)


def _days(rng: np.random.Generator, n: int, first: np.datetime64, last: np.datetime64) -> np.ndarray:
    return first + rng.integers(0, int((last - first).astype(int)), n)


def _first_of_month(rng: np.random.Generator, n: int, first: np.datetime64, last: np.datetime64) -> np.ndarray:
    """Registrations that take over residents do so on the first of a month, so that no home-month is split."""
    return _days(rng, n, first, last).astype("datetime64[M]").astype("datetime64[D]")
