"""What the data that are loaded say of what happens anyway, for claims and evidence."""

from analysis.claims import NOTHING, LocalKnowledge
from analysis.plans.appraising import anyway_of
from analysis.ratings.supported import other_starts
from pages.shared import cached
from pages.shared.cached import Loaded, remembered


def heard(data: Loaded) -> LocalKnowledge:
    """Take what is known from a visitor's own files, or remember it; invented homes say nothing of a real claim."""

    def work() -> LocalKnowledge:
        past = cached.past(data) if cached.months_counted(data) else None
        return anyway_of(data.name, cached.inspections(data), other_starts(data.store), past)

    return NOTHING if data.synthetic else remembered(data, ("known of claims",), work)
