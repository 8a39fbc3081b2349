"""The first visitor need not wait for what every visitor will ask: it is worked out while the browser opens.

From a cold start most of the wait is for the sample to be loaded, for the first answer, and on What if for what is
expected of every home. None of it depends on anybody, so it begins when the server does, and is kept for the next start
(`analysis.store.disk_cache`). Of a store that somebody opened it is not known how long that takes: it is opened, and
the rest waits to be asked for. What an answer about admissions takes long to import is imported then too.
"""
# ruff: noqa: PLC0415

import os
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from analysis.errors import AnalysisError
from pages.shared.turns import beforehand, working


def begin() -> None:
    """Begin, and wait for nothing."""
    _kept_here()
    beforehand(_first_asked)
    if os.environ.get("HOMEWARD_STORE"):  # what was kept of the sample is shown without
        beforehand(_imported)


def _kept_here() -> None:
    """Keep it beside the code, unless somebody has decided where, or that nothing is to be kept."""
    os.environ.setdefault("HOMEWARD_KEPT", str(Path(__file__).resolve().parents[2] / ".cache" / "sample"))


FIRST_USED = (
    "analysis.evaluation", "analysis.questions.rates", "analysis.figures.answer", "analysis.figures.ready",
    "analysis.charts", "scipy.special",
)  # fmt: skip
"""Modules of the first answer of a store, which nobody waits for while its file is read through."""


def _imported() -> None:
    """Import them, and every doubt, which a page names when it asks."""
    for module in FIRST_USED:
        import_module(module)
    from analysis.protocol import always

    always()


def _first_asked() -> None:
    """Work out what the Overview shows, then what What if and Admissions begin with."""
    from pages.shared import cached

    with suppress(AnalysisError):  # a page that asks for the same says it
        data = cached.shared()
        if not data.synthetic:
            return
        from analysis.protocol import brief
        from analysis.store import sample
        from pages.shared import answer

        protocol = brief(cached.interventions(data)["intervention"].iloc[0])
        answer.first_figure(data, protocol)
        answer.beside(data, protocol)
        if data.earlier:  # the rest is there too, and the first visitor wants the processor
            return
        from pages.shared import plans

        ready = plans.ready(data)
        plans.evaluated(data, protocol.plan.intervention)
        plans.ratings_and_delays(data, ready.baseline)
        cached.released(data)
        cached.homes(data)
        answer.without_pandemic(data, protocol)
        answer.figures(data, protocol)
        answer.first_card(data, protocol.plan)
        sample.keep(sample.SAMPLE_FILES, data.store, data.answers.worked_out() | {cached.DIGEST: data.digest})


if __name__ == "__main__":  # when the app is set up, so that its first start is as quick as the next
    _kept_here()
    working(_first_asked)
