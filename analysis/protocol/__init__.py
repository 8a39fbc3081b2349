"""What is to be evaluated, written down before the answer is seen?

A protocol is a small TOML file. Everything in it has a default but the intervention's name; everything wrong with it is
said at once, with an example of what may stand there.

    title = "Weekly ward round and emergency admissions"
    subgroups = ["home_type"]
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

Every doubt that may be asked is examined, unless `checks = ["how_chosen", "few_clusters"]` names some.
`others` may be "leave out", "keep" or "estimate". Of the model's options (`StaggeredRates`), those that change what is
estimated are `average` ("bed_day", "home"), `effects` ("home", "cohort"), `month_effects_by` (a list of "home_type",
"area", "region", "size"), `dose` ("ignore", "log-linear") and `cluster`. With `spells = "every"` under [comparison]
every row of a home counts, so that elements come into place one by one, doses change and an intervention may pause.
`methods` may also name "negative_binomial", "gee" and "mixed", which then stand beside the answer.

Ratings of homes are asked about by `kind = "ratings"` under [outcome] (with `key_question`), homes that leave the
register by `kind = "closures"`, one council's figures by `kind = "area measure"` (with `measure`, `area`, `start` and
`claimed`), and new residents by `kind = "residents"` (with `count` and `horizon`, and under [comparison] `exact_on` and
`match_on`). Ratings and areas ask several `methods`, of which the first leads; [model] holds that one's options. `keys`
has what may stand where.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from analysis.design import PANDEMIC, Plan
from analysis.outcomes import EMERGENCIES, AreaMeasure, Closures, Outcome, Rate, Ratings, Residents, Stays
from analysis.panel import OUTCOMES
from analysis.protocol.keys import faults, keys_of, kind_in, method_in
from analysis.protocol.registry import (
    ASKED_AGAIN,
    CHECKS,
    EVERY,
    KINDS,
    LEADING,
    MODELS,
    OF_MODELS,
    RATES,
    RATINGS,
    always,
    checks_for,
    first_methods,
    kind_of,
    options_of,
)
from analysis.written import in_toml, plain_in, refuse, text_of

__all__ = [
    "CHECKS",
    "KINDS",
    "MODELS",
    "Protocol",
    "always",
    "brief",
    "checks_for",
    "of_ratings",
    "options_of",
    "without_pandemic",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """A whole evaluation, written down.

    Parameters
    ----------
    title : str
        What the evaluation is called; by default intervention and outcome.
    plan : Plan
        The intervention, who is compared with whom, what is left out.
    outcome : Rate, Ratings, Closures, AreaMeasure, Residents or Stays
        What may have changed; its kind decides the question.
    methods : tuple of str
        Names of `MODELS` of that kind, the one whose answer leads first; where none is named, `first_methods`.
    options : mapping of str to object
        Options of the first method.
    subgroups : tuple of str
        Attributes of homes for which effects are wanted apart.
    checks : tuple of str
        Names of `CHECKS`; where nothing is said, all that may be asked about the outcome.
    seed : int
        Start of every random draw.
    """

    plan: Plan
    title: str = ""
    outcome: Outcome = EMERGENCIES
    methods: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    subgroups: tuple[str, ...] = ("home_type",)
    checks: tuple[str, ...] = EVERY
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
        given = plain_in(text, name)
        refuse(f"{name} cannot be carried out.", faults(given))
        return _protocol(given)

    def __post_init__(self):
        kind = self.kind
        usual = {
            "title": (self.title, f"{self.plan.intervention} and {_in_words(self.outcome)}"),
            "methods": (self.methods, first_methods(kind)),
            "checks": ((), always(kind)) if self.checks == EVERY else (self.checks, self.checks),
        }
        for name, (given, otherwise) in usual.items():
            object.__setattr__(self, name, given or otherwise)

    @property
    def kind(self) -> str:
        """Which kind of outcome is asked about, one of `KINDS`."""
        return kind_of(self.outcome)

    def to_toml(self) -> str:
        """Write the protocol as TOML, with every default written out."""
        sections = _sections(self)
        lines = [f"{key} = {in_toml(value)}" for key, value in sections.pop("").items()]
        for section, keys in sections.items():
            if keys:
                lines += ["", f"[{section}]"]
                lines += [f"{key} = {in_toml(value)}" for key, value in keys.items()]
        return "\n".join(lines) + "\n"

    @property
    def digest(self) -> str:
        """SHA-256 of the protocol with every default written out."""
        return hashlib.sha256(self.to_toml().encode()).hexdigest()


def brief(intervention: str) -> Protocol:
    """Ask what an intervention did to admissions, and nothing else, so that the answer comes soon."""
    return Protocol(plan=Plan(intervention=intervention), subgroups=(), checks=())


def of_ratings(plan: Plan, outcome: Outcome, *, models: bool, doubted: bool = True) -> Protocol:
    """Ask about ratings by the method that leads alone, or by every model, with the doubts that need several.

    Doubts that take long (`ASKED_AGAIN`) are asked where `doubted`.
    """
    out = (*(() if models else OF_MODELS), *(() if doubted else ASKED_AGAIN))
    checks = tuple(check for check in always(RATINGS) if check not in out)
    return Protocol(plan=plan, outcome=outcome, methods=tuple(MODELS[RATINGS]) if models else (LEADING,), checks=checks)


def of_closures(protocol: Protocol) -> Protocol:
    """Ask of the homes of a question about ratings whether fewer of them closed."""
    asked = protocol.outcome
    assert isinstance(asked, Ratings)
    others = "keep" if protocol.plan.others == "keep" else "leave out"
    return Protocol(plan=replace(protocol.plan, others=others), outcome=Closures(services=asked.services))


def without_pandemic(protocol: Protocol, months: Iterable[str]) -> Protocol | None:
    """Ask the same, briefly, without the months of the pandemic.

    Parameters
    ----------
    months : iterable of str
        Months with admissions. None is asked where no month of the pandemic is among those used.
    """
    first, last = protocol.outcome.first or "", protocol.outcome.last or "9999"
    used = any(first <= month <= last and PANDEMIC[0] <= month <= PANDEMIC[1] for month in months)
    if PANDEMIC in protocol.plan.leave_out or not used:
        return None
    plan = replace(protocol.plan, leave_out=(*protocol.plan.leave_out, PANDEMIC))
    options = {name: value for name, value in protocol.options.items() if name != "also"}
    return replace(protocol, plan=plan, subgroups=(), checks=(), options=options)


def _in_words(outcome: Outcome) -> str:
    if isinstance(outcome, Rate):
        return OUTCOMES[outcome.count][0]
    if isinstance(outcome, Closures):
        return "closures"
    if isinstance(outcome, AreaMeasure):
        return f"{outcome.measure} in {outcome.area}"
    if isinstance(outcome, Residents):
        return f"{outcome.count.replace('_', ' ')} of new residents"
    if isinstance(outcome, Stays):
        return outcome.measure.replace("_", " ")
    return "ratings" if outcome.key_question == "Overall" else f"ratings on {outcome.key_question}"


def _text(source: Path | str) -> tuple[str, str]:
    if isinstance(source, str) and "\n" in source:
        return "The protocol", source
    path = Path(source)
    return path.name, text_of(path, start="Examples to start from: homeward sample DIR")


def _protocol(given: dict) -> Protocol:
    """Build the protocol from TOML without faults; what is not given keeps the default of the dataclass."""
    kind, model = kind_in(given), dict(given.get("model", {}))
    values: dict[str, dict[str, Any]] = {"protocol": {}, "plan": {}, "outcome": {}}
    for key in keys_of(kind):
        section = given.get(key.section, {}) if key.section else given
        if key.name in section:
            values[key.of][key.field] = _frozen(section[key.name])
    if model:
        values["protocol"].setdefault("methods", (method_in(given, kind),) if "name" in model else ())
    return Protocol(
        plan=Plan(**values["plan"]),
        outcome=KINDS[kind](**values["outcome"]),
        options={key: _frozen(value) for key, value in sorted(model.items()) if key != "name"},
        **values["protocol"],
    )


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _sections(protocol: Protocol) -> dict[str, dict[str, Any]]:
    """Give section to key to value, in the order in which they are written; what is unset is left out."""
    kind = protocol.kind
    names = ("", "intervention", "outcome", "window", "comparison")
    found: dict[str, dict[str, Any]] = {name: {} for name in names}
    if kind != RATES:
        found["outcome"]["kind"] = kind
    owner = {"protocol": protocol, "plan": protocol.plan, "outcome": protocol.outcome}
    for key in keys_of(kind):
        value = getattr(owner[key.of], key.field)
        if value is not None and not (key.name == "methods" and len(value) == 1):
            found[key.section][key.name] = value
    return {**found, "model": {"name": protocol.methods[0], **dict(sorted(protocol.options.items()))}}
