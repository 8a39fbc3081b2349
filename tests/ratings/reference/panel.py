"""Write the panel that R's msm is fitted to: `PYTHONPATH=. python tests/ratings/reference/panel.py`.

Simulated ratings of 300 homes (`analysis.simulate.moves`), as msm reads them: one row per moment, with state 1 to 4, 5
for leaving (time known exactly), 99 for a moment at which the home is open and its state is not known (the start of
support, and the end of the data); `supported` holds from that moment on.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.inspections.watched import EXIT, OPEN
from analysis.simulate.moves import MovesSpec, simulate_moves

SPEC = MovesSpec(n_homes=300, supported=130, ratio_up=1.6, ratio_down=0.6, leave=(0.5, 0.12, 0.05, 0.05))
SEED = 31

if __name__ == "__main__":
    seen = simulate_moves(SPEC, SEED)
    first = pd.DataFrame({"home": seen.home, "time": seen.begin, "state": seen.rated + 1})
    last = pd.DataFrame({"home": seen.home, "time": seen.end, "state": seen.became + 1})[seen.became < 0]
    last["state"] = last["state"].map({EXIT + 1: 5, OPEN + 1: 99})
    inside = (seen.started[seen.home] > seen.begin) & (seen.started[seen.home] < seen.end)
    start = pd.DataFrame({"home": seen.home[inside], "time": seen.started[seen.home[inside]], "state": 99})
    panel = pd.concat([first, last, start]).sort_values(["home", "time"], ignore_index=True)
    panel["supported"] = (panel["time"] >= seen.started[panel["home"]]).astype(int)
    panel["nursing"] = seen.attributes[panel["home"], 0].astype(int)
    panel["time"] = panel["time"].map(np.float64).round(6)
    panel.to_csv(Path(__file__).parent / "panel.csv", index=False)
