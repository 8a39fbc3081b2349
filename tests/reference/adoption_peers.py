"""What others say of staggered adoption on data like mpdta; run once, where what it imports is installed.

    python tests/reference/adoption_peers.py    to tests/reference/adoption_peers.csv

500 counties over five years, groups of the sizes of mpdta (20 from 2004, 40 from 2006, 131 from 2007, 309 never), and
effects that grow. Made with diff-diff 3.13.0 (Callaway and Sant'Anna, imputation, Goodman-Bacon), csdid 0.4.3 (Callaway
and Sant'Anna) and pyfixest 0.60.0 (two-way fixed effects).
"""

from pathlib import Path

import numpy as np
import pandas as pd

SIZES = {2004: 20, 2006: 40, 2007: 131, 0: 309}
YEARS = np.arange(2003, 2008)


def data() -> tuple[np.ndarray, np.ndarray]:
    """Draw the outcome, shape (500, 5), and the first treated year of each county, 0 where there is none."""
    rng = np.random.default_rng(20261127)
    group = np.repeat(list(SIZES), list(SIZES.values()))
    y = rng.normal(5.7, 1.5, (len(group), 1)) + np.array([0, -0.03, -0.02, 0.01, 0.04])
    y = y + rng.normal(0, 0.15, (len(group), len(YEARS))).cumsum(axis=1)
    treated = (group[:, None] > 0) & (group[:, None] <= YEARS)
    return (y - treated * (0.03 + 0.02 * (YEARS - group[:, None]))).round(4), group


def main() -> None:
    """Ask the others."""
    import diff_diff  # noqa: PLC0415 - none of them is needed to read the table
    import pyfixest  # noqa: PLC0415
    from csdid.att_gt import ATTgt  # noqa: PLC0415

    y, group = data()
    rows = {"id": np.repeat(np.arange(len(y)) + 1, len(YEARS)), "year": np.tile(YEARS, len(y)), "y": y.ravel()}
    frame = pd.DataFrame(rows | {"g": np.repeat(group, len(YEARS))})
    frame["d"] = ((frame["g"] > 0) & (frame["year"] >= frame["g"])).astype(int)
    of = {"outcome": "y", "unit": "id", "time": "year", "first_treat": "g"}
    ours = diff_diff.CallawaySantAnna(control_group="not_yet_treated", base_period="universal")
    theirs = ATTgt(yname="y", gname="g", idname="id", tname="year", xformla="y~1", data=frame,
                   control_group=["notyettreated"]).fit(est_method="reg")  # fmt: skip
    bacon = diff_diff.BaconDecomposition(weights="exact").fit(frame, **of)
    found = [
        ("group_time", "diff-diff", ours.fit(frame, aggregate="simple", **of).overall_att),
        ("group_time", "csdid", theirs.aggte(typec="simple").atte["overall_att"]),
        ("imputation", "diff-diff", diff_diff.ImputationDiD().fit(frame, **of).overall_att),
        ("two_way", "pyfixest", pyfixest.feols("y ~ d | id + year", frame).coef()["d"]),
    ]
    for part in bacon.comparisons:
        other = 0 if part.control_group == "never_treated" else part.control_group
        found += [(f"{name} {part.treated_group} {other}", "diff-diff", value)
                  for name, value in (("weight", part.weight), ("estimate", part.estimate))]  # fmt: skip
    table = pd.DataFrame(found, columns=["what", "who", "value"])
    table.to_csv(Path(__file__).with_suffix(".csv"), index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
