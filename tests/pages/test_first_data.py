"""The first data set of every chart is its data: "show data" shows that one, and never a line of reference."""

import pyarrow as pa
import pytest

from tests.pages.test_reading import ALL

PAGES = [
    "app.py",
    "pages/data.py",
    "pages/admissions.py",
    "pages/ratings.py",
    "pages/what_if.py",
    "pages/targeting.py",
    "pages/areas.py",
    "pages/planning.py",
]


@pytest.mark.parametrize("path", PAGES)
def test_the_first_data_set_of_every_chart_is_its_data(seen, path):
    charts = seen(path, ALL[path]).get("vega_lite_chart")
    assert charts
    for chart in charts:
        first = pa.ipc.open_stream(chart.proto.datasets[0].data.data).read_pandas()
        assert len(first) > 1 or "said" in first, first  # the answer is one point
        assert not {"label", "foot"} & set(first), first
