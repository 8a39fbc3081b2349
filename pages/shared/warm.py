"""The first visitor need not wait for what every visitor will ask: it is worked out while the browser opens.

From a cold start most of the wait is for the sample to be loaded, for the first answer, and on What if for what is
expected of every home. None of it depends on anybody, so it begins when the server does. Of a store that somebody
opened it is not known how long that takes: it is opened, and the rest waits to be asked for.
"""
# ruff: noqa: PLC0415 - what takes a second to import is imported here, beside the server that is starting

from contextlib import suppress

from analysis.errors import AnalysisError
from pages.shared import cached
from pages.shared.turns import beforehand


def begin() -> None:
    """Begin, and wait for nothing."""
    beforehand(_first_asked)


def _first_asked() -> None:
    """Work out what the Overview shows, then what What if begins with."""
    with suppress(AnalysisError):  # a page that asks for the same says it
        data = cached.shared()
        if not data.synthetic:
            return
        from pages.shared import choices, opening

        protocol = choices.first_protocol(cached.interventions(data))
        opening.opening(data, protocol)
        from analysis import charts  # noqa: F401
        from pages.shared import baselines, further, scenario_form

        ready = baselines.ready(data)
        scenario_form.evaluated(data, protocol.plan.intervention)
        further.known(data, ready.baseline)
