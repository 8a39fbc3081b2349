"""Homes as plans know them, of the sample and of real files: made once, and only read."""

import pytest


@pytest.fixture(scope="session")
def homes(sample_store):
    from analysis.plans.homes import stored_homes  # noqa: PLC0415 - after the threads are set

    return stored_homes(sample_store)


@pytest.fixture(scope="session")
def known(homes):
    """What was known of the sample's homes at the end of each month."""
    from analysis.plans.month_by_month import known_of  # noqa: PLC0415 - after the threads are set

    return known_of(homes)


@pytest.fixture(scope="session")
def south_west(realdata):
    """The South West's homes of February 2021, and what was known of them at the end of each month."""
    from analysis.plans.homes import stored_homes  # noqa: PLC0415 - after the threads are set
    from analysis.plans.month_by_month import known_of  # noqa: PLC0415 - after the threads are set
    from analysis.sources import read  # noqa: PLC0415 - after the threads are set
    from analysis.store import Store  # noqa: PLC0415 - after the threads are set

    store = Store.in_memory()
    store.load(read("homes.jsonl.gz", realdata / "cqc_api_locations_south_west_2021-02.jsonl.gz"))
    homes = stored_homes(store)
    return homes, known_of(homes)
