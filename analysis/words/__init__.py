"""What did the model find, in a sentence that can be read aloud.

The answer comes first, with its interval and the number of homes; a range that holds "no difference" is told as what
it is: the data cannot tell. Sentences are made by rules from the numbers and from nothing else, and never from
whether a p-value passed 0.05.
"""

from analysis.words import scenarios
from analysis.words.answer import banner, cannot_tell, concern, counted_by, headline, verdict
from analysis.words.estimates import across, beside, one_more, over_time, without_pandemic
from analysis.words.phrases import (
    Subject,
    averted_words,
    change,
    change_range,
    group_name,
    homes,
    proportion,
    row,
)  # fmt: skip
from analysis.words.programmes import (
    CANNOT_TELL,
    after_years,
    needed,
    placebos,
    programme,
    questions,
    sooner,
    well_led_first,
)
from analysis.words.ratings import lists_of_latest, moved, one_list, spread
from analysis.words.trust import agreement, carried, heavy, method, why_this_interval

__all__ = [
    "CANNOT_TELL", "Subject", "across", "after_years", "agreement", "averted_words", "banner", "beside",
    "cannot_tell", "carried", "change", "change_range", "concern", "counted_by", "group_name", "headline", "heavy",
    "homes", "lists_of_latest", "method", "moved", "needed", "one_list", "one_more", "over_time", "placebos",
    "programme", "proportion", "questions", "row", "scenarios", "sooner", "spread", "verdict", "well_led_first",
    "why_this_interval", "without_pandemic",
]  # fmt: skip
