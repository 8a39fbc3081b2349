"""Which numbers may be shown, and how? The one way out: of counts (`counts`), and of estimates (`estimates`)."""

from analysis.disclosure.counts import (
    HES,
    LIVE,
    MARK,
    NOTE,
    STRICTER,
    UNSEEN_GUARD,
    WHOLE_PERCENT_BELOW,
    Rule,
    events_behind,
    inert,
    instead,
    marked,
    nearest,
    percentage,
    protect,
    rate,
    small,
    total,
)
from analysis.disclosure.estimates import BEHIND, ESTIMATES, FEWEST_HOMES, MOST_UNSEEN

__all__ = [
    "BEHIND", "ESTIMATES", "FEWEST_HOMES", "HES", "LIVE", "MARK", "MOST_UNSEEN",
    "NOTE", "STRICTER", "UNSEEN_GUARD", "WHOLE_PERCENT_BELOW", "Rule", "events_behind",
    "inert", "instead", "marked", "nearest", "percentage", "protect", "rate", "small", "total",
]  # fmt: skip
