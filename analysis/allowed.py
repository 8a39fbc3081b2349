"""What may stand in an option, a key of a protocol, or a field of a form, and how is it asked for?

A rule is a test and the same in words, with an example, so that whoever is told what is wrong is told what is right.
Models and protocols are checked by the same rules where they are made; past that the code trusts. An entry says under
which label, in which unit and from which steps a form asks for it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, ClassVar, Literal

from analysis.months import is_month


@dataclass(frozen=True, slots=True)
class Option:
    """What may stand in one place.

    Parameters
    ----------
    allows : callable
        Whether a value may stand there; never raises.
    words : str
        The same in words.
    example : str
        One that may, as it is written in TOML.
    required : bool
        Whether something must stand there.
    """

    allows: Callable[[Any], bool]
    words: str
    example: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """How a form asks for one field of a frozen dataclass, whose type says what is asked for: see `ENTRIES` of a class.

    Parameters
    ----------
    label : str
    key : str
        Name in an address; the field's own where nothing is said. It never changes, or old links lose a choice.
    unit : "", "%", "% fewer" or "£"
        Per cent of a share, per cent less than a ratio of 1, or pounds.
    step : int or float
        A whole one where only whole numbers make sense.
    options : mapping of value to words
        What can be chosen, where that is not any number or text.
    usual
        What stands there at first, where that is not the field's own default.
    """

    label: str
    key: str = ""
    unit: Literal["", "%", "% fewer", "£"] = ""
    step: int | float = 1
    options: Mapping[Any, str] = field(default_factory=dict)
    usual: Any = None

    def asked(self, value: float) -> float:
        """Write a value in the unit in which it is asked for."""
        scaled = {"%": 100 * value, "% fewer": 100 * (1 - value)}.get(self.unit, value)
        return round(float(scaled), 10)  # 0.57 of a hundred is 56.99999999999999

    def meant(self, number: float) -> float:
        """Read what was asked for in this unit."""
        return {"%": number / 100, "% fewer": 1 - number / 100}.get(self.unit, number)


def is_number(value: Any) -> bool:
    """Whether a value is a number: true and false, and what is not finite, are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _is_period(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) == 2 and all(map(is_month, value)) and value[0] <= value[1]


TEXT = Option(lambda value: isinstance(value, str) and bool(value.strip()), "text", '"weekly ward round"')
MONTH = Option(is_month, "a month, year first", '"2019-01"')
NAMES = Option(
    lambda value: isinstance(value, list | tuple) and all(map(TEXT.allows, value)) and len({*value}) == len(value),
    "a list of names, each once",
    '["home_type"]',
)
TRUE_OR_FALSE = Option(lambda value: isinstance(value, bool), "true or false", "true")
LAST_SEED = 2**63 - 1
"""The largest whole number that every reader of TOML knows."""
PERIODS = Option(
    lambda value: isinstance(value, list | tuple) and all(map(_is_period, value)),
    "a list of [first month, last month]",
    '[["2020-03", "2021-06"]]',
)


def whole(lowest: int, highest: int, example: int, unit: str = "") -> Option:
    """Allow whole numbers from `lowest` to `highest`."""
    words = f"a whole number{unit and f' of {unit}'} from {lowest:,} to {highest:,}"
    return Option(
        lambda value: isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest,
        words,
        str(example),
    )


def share(lowest: float, highest: float, example: float, of: str = "") -> Option:
    """Allow numbers from `lowest` to `highest`."""
    words = f"a share{of and f' of {of}'} from {lowest:g} to {highest:g}"
    return Option(lambda value: is_number(value) and lowest <= value <= highest, words, f"{example:g}")


def one_of(options: Iterable[str]) -> Option:
    """Allow one of some words."""
    known = tuple(options)
    names = " or ".join(f'"{name}"' for name in known)
    return Option(lambda value: isinstance(value, str) and value in known, names, f'"{known[0]}"')


def list_of(options: Iterable[str], fewest: int = 0) -> Option:
    """Allow a list of some words, each once, and `fewest` of them at least."""
    known = tuple(options)
    names = ", ".join(f'"{name}"' for name in known)

    def allows(value: Any) -> bool:
        words = value if isinstance(value, list | tuple) else [None]
        known_words = all(isinstance(word, str) and word in known for word in words)
        return known_words and len({*words}) == len(words) >= fewest

    if not known:
        return Option(allows, "an empty list", "[]")
    return Option(allows, f"a list of any of {names}, each once", f'["{known[0]}"]')


def optional(rule: Option) -> Option:
    """Allow nothing, too: what a specification in code leaves to its default."""
    return Option(lambda value: value is None or rule.allows(value), rule.words, rule.example)


def faults(specification: object, rules: Mapping[str, Option]) -> Iterator[str]:
    """Say what a specification's fields hold that they may not, one sentence each."""
    for name, rule in rules.items():
        value = getattr(specification, name)
        if not rule.allows(value):
            yield f"{name} is {value!r}; expected {rule.words}, such as {name} = {rule.example}."


def check(specification: object, rules: Mapping[str, Option]) -> None:
    """Refuse a specification with every fault at once.

    Raises
    ------
    ValueError
        Naming each option, what was found and what may stand there.
    """
    if found := [*faults(specification, rules)]:
        raise ValueError(" ".join(found))


class Checked:
    """A frozen specification that refuses an option that does not exist (`check`) as soon as it is made.

    What each option may be stands in its `OPTIONS`.
    """

    __slots__ = ()
    OPTIONS: ClassVar[Mapping[str, Option]] = {}

    def __post_init__(self) -> None:
        """Check the options."""
        check(self, self.OPTIONS)
