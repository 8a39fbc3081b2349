"""What stands where an answer cannot be given?

A missing answer is a value like any other: it carries its reason, and whoever shows it says so.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Missing:
    """An answer that cannot be given.

    Parameters
    ----------
    reason : str
        Why, in words that go on a sentence: "load delayed transfers on the Data page".
    """

    reason: str
