"""What the words mean that a reader who is no statistician meets on a page: a sentence each."""

import re
from collections.abc import Collection, Mapping

TERMS: Mapping[str, str] = {
    "95% interval": "A range made in such a way that, of a hundred such ranges, about 95 hold the true value. "
    "Values in it "
    "fit the data; those near its ends fit less well than those in the middle.",
    "bed-day": "One resident in a home for one day. Counted per bed-day, a fuller home is no worse one.",
    "rate ratio": "The rate with the intervention divided by what it would have been without: 1 is no difference, "
    "0.80 is "
    "20% fewer.",
    "standardised difference": "How far two groups of homes are apart, counted in how far homes differ among "
    "themselves; "
    "up to 0.1 they are called alike.",
    "synthetic control": "A mixture of other areas that ran like this one before the start, and stands in for it "
    "after.",
    "placebo": "The same analysis made where nothing was done: what it finds there is chance, or a fault of the "
    "method.",
    "expected": "What would have been counted had nothing been done, as far as homes or areas without it show.",
    "draw": "One of many possible futures, made by drawing everything that is uncertain.",
    "averted": "Counted less than was to be expected: nobody can point to the ones that did not happen.",
    "power": "How often a study would find an effect that is there.",
}
"""A word to what it means, in the order in which they are told."""
FINDS = {term: re.compile(rf"\b{re.escape(term)}(s|s’)?\b", re.IGNORECASE) for term in TERMS}


def terms_in(text: str, known: Collection[str] = ()) -> dict[str, str]:
    """Find the words of a text that want explaining, with what they mean, but for those already known."""
    return {term: TERMS[term] for term, finds in FINDS.items() if term not in known and finds.search(text)}
