"""What is to be evaluated, written down before the answer is seen?

A protocol is a small TOML file. Everything in it has a default but the intervention's name; everything wrong with it is
said at once, with an example of what may stand there.

    title = "Weekly ward round and emergency admissions"
    subgroups = ["home_type"]
    checks = [
      "parallel_before", "how_chosen", "outlasting", "stood_out", "few_clusters", "missing_months", "without_exposure",
    ]
    seed = 20261122

    [intervention]
    name = "weekly ward round"

    [outcome]
    count = "emergency_admissions"
    exposure = "bed_days"

    [window]
    first = "2018-01"
    last = "2023-12"
    leave_out = [["2020-03", "2021-06"]]
    anticipation = 0
    selection = "leave out"

    [comparison]
    homes = "not_yet_treated"
    others = "leave out"

    [model]
    name = "staggered_rates"
    conf_level = 0.95

`others` may be "leave out", "keep" or "estimate". Of the model's options (`StaggeredRates`), those that change what is
estimated are `average` ("bed_day", "home"), `effects` ("home", "cohort"), `month_effects_by` (a list of "home_type",
"area", "region", "size"), `dose` ("ignore", "log-linear") and `cluster`.
"""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any

from analysis.allowed import LAST_SEED, MONTH, PERIODS, TEXT, Rule, is_month, list_of, one_of, share, whole
from analysis.design import Plan
from analysis.errors import AnalysisError
from analysis.panel import EMERGENCIES, EXPOSURES, OUTCOMES, Measure
from analysis.paths import is_file, paths_in_words, shown

MODELS: Mapping[str, str] = {"staggered_rates": "analysis.admissions:StaggeredRates"}
"""Name in a protocol to the model's specification."""

CHECKS: Mapping[str, str] = {
    "parallel_before": "analysis.checks.parallel_before:parallel_before",
    "how_chosen": "analysis.checks.how_chosen:how_chosen",
    "outlasting": "analysis.checks.outlasting:outlasting",
    "stood_out": "analysis.checks.stood_out:stood_out",
    "few_clusters": "analysis.checks.few_clusters:few_clusters",
    "missing_months": "analysis.checks.missing_months:missing_months",
    "without_exposure": "analysis.checks.without_exposure:without_exposure",
    "dose_bands": "analysis.checks.dose_bands:dose_bands",
}
"""Name in a protocol to the function that examines the doubt; in the order in which an evaluator would ask."""
ALWAYS = tuple(name for name in CHECKS if name != "dose_bands")
"""Checks made unless a protocol names others: doses are examined where they are asked about."""

FIRST_MODEL = next(iter(MODELS))
LONGEST_SHOWN = 80
"""Characters of a wrong value that are repeated to the reader: enough to find it."""

SUBGROUPS = ("home_type", "area", "region", "size")


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """A whole evaluation, written down.

    Parameters
    ----------
    title : str
        What the evaluation is called; by default intervention and outcome.
    plan : Plan
        The intervention, who is compared with whom, what is left out.
    measure : Measure
        What is counted, over what, in which months.
    model : str
        One of `MODELS`.
    options : mapping of str to object
        Options of the model.
    subgroups : tuple of str
        Attributes of homes for which effects are wanted apart.
    checks : tuple of str
        Names of `CHECKS`.
    seed : int
        Start of every random draw.
    """

    plan: Plan
    title: str = ""
    measure: Measure = EMERGENCIES
    model: str = FIRST_MODEL
    options: Mapping[str, Any] = field(default_factory=dict)
    subgroups: tuple[str, ...] = ("home_type",)
    checks: tuple[str, ...] = ALWAYS
    seed: int = 20261122

    @classmethod
    def read(cls, source: Path | str) -> "Protocol":
        """Read a protocol from a file, or from TOML text (a string with a line break).

        Raises
        ------
        AnalysisError
            Naming every fault: where it is, what was found, what may stand there.
        """
        name, text = _text(source)
        try:
            given = tomllib.loads(text)
        except (ValueError, RecursionError) as error:  # a number of 5,000 digits, or 2,000 brackets
            raise AnalysisError(
                f"{name} is not TOML that can be read.",
                found=str(error),
                do='Text goes in quotes: name = "ward round".',
            ) from None
        faults = [*_faults(given)]
        if faults:
            raise AnalysisError(f"{name} cannot be carried out.", do="\n".join(f"- {fault}" for fault in faults))
        return _protocol(given)

    def __post_init__(self):
        if not self.title:
            title = f"{self.plan.intervention} and {OUTCOMES[self.measure.outcome][0]}"
            object.__setattr__(self, "title", title)

    def to_toml(self) -> str:
        """Write the protocol as TOML, with every default written out."""
        sections = _sections(self)
        lines = [f"{key} = {_toml(value)}" for key, value in sections.pop("").items()]
        for section, keys in sections.items():
            lines += ["", f"[{section}]"]
            lines += [f"{key} = {_toml(value)}" for key, value in keys.items() if value is not None]
        return "\n".join(lines) + "\n"

    @property
    def digest(self) -> str:
        """SHA-256 of the protocol with every default written out."""
        return hashlib.sha256(self.to_toml().encode()).hexdigest()


KEYS: Mapping[str, Mapping[str, Rule]] = {
    "": {
        "title": TEXT,
        "subgroups": list_of(SUBGROUPS),
        "checks": list_of(CHECKS),
        "seed": whole(0, LAST_SEED, 20261122),
    },
    "intervention": {"name": replace(TEXT, required=True)},
    "outcome": {
        "count": one_of(OUTCOMES),
        "exposure": one_of(EXPOSURES),
        "occupancy": share(0.01, 1, 0.86, of="beds"),
    },
    "window": {
        "first": MONTH,
        "last": MONTH,
        "leave_out": PERIODS,
        "anticipation": whole(0, 120, 2, "months"),
        "selection": one_of(("leave out", "keep")),
    },
    "comparison": {
        "homes": one_of(("not_yet_treated", "never_treated")),
        "others": one_of(("leave out", "keep", "estimate")),
    },
    "model": {"name": one_of(MODELS)},
}
"""Section to key to what may stand there. A model says what its own options may be: `options_of`."""


def _text(source: Path | str) -> tuple[str, str]:
    if isinstance(source, str) and "\n" in source:
        return "The protocol", source
    path = Path(source)
    if not is_file(path):
        raise AnalysisError(f"There is no protocol at {shown(path)}.", do="Examples to start from: homeward sample DIR")
    try:
        with paths_in_words(path):
            return path.name, path.read_text("utf-8")
    except UnicodeDecodeError:
        raise AnalysisError(f"{path.name} is not text in UTF-8.", do="Save it as plain text, UTF-8.") from None


def options_of(model: str) -> Mapping[str, Rule]:
    """Give what a protocol may set of a model: each option's name, and what may stand there.

    Parameters
    ----------
    model : str
        One of `MODELS`. Its class says it as `OPTIONS`.
    """
    module, name = MODELS[model].split(":")
    return getattr(import_module(module), name).OPTIONS


def _rules(given: dict) -> Mapping[str, Mapping[str, Rule]]:
    """Give what may stand under each key, those of the model named among them."""
    section = given.get("model", {})
    name = section.get("name", FIRST_MODEL) if isinstance(section, dict) else FIRST_MODEL
    known = KEYS["model"]["name"].allows(name)
    return {**KEYS, "model": {**KEYS["model"], **options_of(name if known else FIRST_MODEL)}}


def _faults(given: dict) -> Iterator[str]:
    """Yield everything that is wrong with a protocol, one sentence each."""
    rules = _rules(given)
    flat = {name: value for name, value in given.items() if name not in rules}
    for section, keys in {"": flat, **{name: given.get(name, {}) for name in rules if name}}.items():
        if not isinstance(keys, dict):
            yield f"{section}: found {keys!r}; expected a section, such as\n    [{section}]"
            continue
        for key, value in keys.items():
            yield from _fault(rules, section, key, value)
        for key, rule in rules[section].items():
            if rule.required and key not in keys:
                yield f"[{section}] {key}: missing; expected {rule.words}, such as {key} = {rule.example}."
    yield from _backwards(given.get("window", {}))


def _fault(rules: Mapping[str, Mapping[str, Rule]], section: str, key: str, value: Any) -> Iterator[str]:
    place = f"[{section}] {key}" if section else key
    rule = rules[section].get(key)
    if rule is None:
        yield f"{place}: not known here. {_nearest(rules, section, key, value)}"
    elif not rule.allows(value):
        yield f"{place}: found {_shown(value)}; expected {rule.words}, such as {key} = {rule.example}."


def _nearest(rules: Mapping[str, Mapping[str, Rule]], section: str, key: str, value: Any) -> str:
    known = [*rules[section], *(name for name in rules if name and not section)]
    elsewhere = [name for name, keys in rules.items() if key in keys]
    if elsewhere and not isinstance(value, dict):
        return f"It belongs under [{elsewhere[0]}]." if elsewhere[0] else "It belongs above the first [section]."
    if key in rules:
        return f"Write it as a section, [{key}], with {' or '.join(rules[key])}."
    if near := get_close_matches(key, known, 1, 0.6):
        return f"Did you mean {near[0]}?"
    return f"Known: {', '.join(known)}."


def _shown(value: Any) -> str:
    """Show what was found, never a page of it."""
    text = _toml(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _backwards(window: Any) -> Iterator[str]:
    first, last = (window.get(key) if isinstance(window, dict) else None for key in ("first", "last"))
    if is_month(first) and is_month(last) and str(first) > str(last):
        yield f"[window]: first is {first}, after last, {last}; expected first before last."


def _protocol(given: dict) -> Protocol:
    """Build the protocol from TOML without faults; what is not given keeps the default of the dataclass."""
    outcome, window = given.get("outcome", {}), given.get("window", {})
    comparison, model = given.get("comparison", {}), dict(given.get("model", {}))
    plan = Plan(
        intervention=given["intervention"]["name"],
        **_renamed(window, leave_out="leave_out", anticipation="anticipation", selection="selection"),
        **_renamed(comparison, homes="comparison", others="others"),
    )
    measure = Measure(
        **_renamed(outcome, count="outcome", exposure="exposure", occupancy="occupancy"),
        **_renamed(window, first="first", last="last"),
    )
    return Protocol(
        plan=plan,
        measure=measure,
        **_renamed(model, name="model"),
        options={key: _frozen(value) for key, value in sorted(model.items()) if key != "name"},
        **_renamed(given, title="title", subgroups="subgroups", checks="checks", seed="seed"),
    )


def _renamed(given: dict, **names: str) -> dict[str, Any]:
    return {name: _frozen(given[key]) for key, name in names.items() if key in given}


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _sections(protocol: Protocol) -> dict[str, dict[str, Any]]:
    plan, measure = protocol.plan, protocol.measure
    return {
        "": {
            "title": protocol.title,
            "subgroups": protocol.subgroups,
            "checks": protocol.checks,
            "seed": protocol.seed,
        },
        "intervention": {"name": plan.intervention},
        "outcome": {"count": measure.outcome, "exposure": measure.exposure, "occupancy": measure.occupancy},
        "window": {
            "first": measure.first,
            "last": measure.last,
            "leave_out": plan.leave_out,
            "anticipation": plan.anticipation,
            "selection": plan.selection,
        },
        "comparison": {"homes": plan.comparison, "others": plan.others},
        "model": {"name": protocol.model, **dict(sorted(protocol.options.items()))},
    }


def _toml(value: Any) -> str:
    """Write one value as TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str):
        plain = value.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08X}" for c in plain) + '"'
    return str(value)
