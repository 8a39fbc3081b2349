"""What did the protocol find?

`evaluate` is the one verb that page, notebook and command line share, whatever the outcome: the store becomes what was
observed, that and the protocol a design, every method answers or says why it cannot, and every doubt the protocol names
is examined. How each of these is done stands in the table of questions (`analysis.questions`). The provenance says what
all of it was made from and never when, so the same protocol on the same data gives the same bytes.

A page that is asked again and again does it in two steps, `material` once and `carry_out` for every protocol, and shows
the answer before the doubts: they are examined when somebody looks at them.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any, get_args

import pandas as pd

from analysis import disclosure
from analysis.errors import AnalysisError
from analysis.outcomes import Outcome
from analysis.panel import Panel
from analysis.paths import write_whole
from analysis.protocol import CHECKS, MODELS, Protocol, checks_for, options_of
from analysis.protocol.registry import found
from analysis.questions import Question, question_of
from analysis.registrations import stored_registrations
from analysis.results import TIDY, By, Check, Effects, Fitted, Model
from analysis.store import Store

PACKAGES = ("duckdb", "numpy", "pandas", "scipy")
"""What computes the numbers."""

DIGITS = "%.12g"
"""Digits written: beyond these, numbers of one machine differ from those of another."""


FEW_DIGITS = "%.3g"
"""Digits of what is read beside the answer: more say nothing, and could be worked back to single admissions."""
HANDED_ON = (
    "inference", "pre_trend", "effects", "others", "dose", "degrees_of_freedom", "quality", "became", "strata", "luck",
    "chances", "coefficients", "intensities", "intervals",
)  # fmt: skip
"""Diagnostics that are written: those that count no people."""

Progress = Callable[[float, str], object]
"""Told the share that is done, and what is being done now."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Material:
    """What a protocol is carried out on.

    Parameters
    ----------
    observed, shown : Panel, Inspections or Areas
        By the outcome: what was observed, and the same as it may be handed on.
    spells : DataFrame
        Who had which intervention from when to when, by home.
    digest : str
        SHA-256 of what the store says.
    files : list of dict
        What was loaded: file, digest, layout.
    """

    observed: Any
    shown: Any
    spells: pd.DataFrame
    digest: str
    files: list[dict]


@dataclass(frozen=True, kw_only=True, eq=False)
class Evaluation:
    """A protocol carried out.

    Parameters
    ----------
    protocol : Protocol
        What was asked.
    observed, shown, design
        What it was asked of, the same as it may be handed on, and who is compared with whom; their kind is the
        question's.
    models : mapping of str to Model
        Which were fitted, by name of the method.
    answers : mapping of str to Effects
        Of the methods that answered on what may be handed on, in the order of the protocol; the first leads.
    unanswered : mapping of str to str
        Methods that could not answer, and why.
    provenance : mapping
        Digests of protocol, data, what was observed and code, files loaded, package versions, seed, disclosure rule.
    """

    protocol: Protocol
    observed: Any
    shown: Any
    design: Any
    models: Mapping[str, Model]
    answers: Mapping[str, Effects]
    unanswered: Mapping[str, str]
    provenance: Mapping[str, Any]

    @property
    def method(self) -> str:
        """Name of the method whose answer leads: the first that answered."""
        return next(iter(self.answers))

    @property
    def model(self) -> Model:
        """The model whose answer leads."""
        return self.models[self.method]

    @cached_property
    def exact(self) -> Mapping[str, Effects]:
        """The answers on what was observed itself: for the owner of the store alone."""
        if self.shown is self.observed:
            return self.answers
        fit = self.question.fit
        return {name: fit(self.models[name], self.observed, self.design) for name in self.answers}

    @property
    def effects(self) -> Effects:
        """The answer that leads, on what was observed itself."""
        return self.exact[self.method]

    @property
    def panel(self) -> Panel:
        """What was observed of homes' admissions."""
        return self.observed

    @property
    def question(self) -> Question:
        """How this kind of outcome is asked about."""
        return question_of(self.protocol.outcome)

    @property
    def published(self) -> Effects:
        """The answer as it may be handed on: what pages, files and sentences show."""
        return self.fitted.effects

    @cached_property
    def fitted(self) -> Fitted:
        """All that a doubt is examined on; the answers as they may be handed on."""
        question = self.question
        answers = {name: question.publish(a, self.shown, self.design) for name, a in self.answers.items()}
        fitted = self._fitted(answers)
        return replace(fitted, judged=question.judge(fitted)) if question.judge else fitted

    def _fitted(self, answers: Mapping[str, Effects]) -> Fitted:
        return Fitted(
            observed=self.shown, design=self.design, model=self.model, effects=answers[self.method], answers=answers,
            unanswered=self.unanswered,
        )  # fmt: skip

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """The doubts, examined, in the order of the protocol."""
        return checks_of(self)

    @property
    def headline(self) -> str:
        """The answer in words."""
        return self.question.headline(self.protocol, self.fitted)

    @property
    def beside(self) -> tuple[str, ...]:
        """Sentences of the worst doubts, without which the answer would mislead: examined with it, the others later."""
        return tuple(check.beside for check in self.examined.values() if check.beside)

    @cached_property
    def examined(self) -> dict[str, Check]:
        """The worst doubts that the protocol names, by name."""
        return {name: _ask(self, name) for name in WORST if name in self.protocol.checks}

    def account(self) -> pd.DataFrame:
        """Say what was used, what was noticed, and what was left out, each with the reason in the last column."""
        return self.question.account(self.fitted)

    def write(self, folder: Path, *, own: bool = False, beside: Mapping[str, str] | None = None) -> tuple[Path, ...]:
        """Write effects, methods, diagnostics, checks and account as CSV, and provenance.json, to be handed on.

        Parameters
        ----------
        folder : Path
            Made where it is missing; an earlier answer in it is replaced, all of it or nothing.
        own : bool
            For the owner of the store alone: every digit, and every estimate however few events stand behind it, each
            row and the provenance marked as not for release.
        beside : mapping of str to str, optional
            File name to text: what else is written with it, such as the figures in words.
        """
        fitted = self._fitted(self.exact) if own else self.fitted
        estimates, compared = all_groupings(fitted.effects, self.question), self.question.compare(fitted)
        content = {
            "effects.csv": _csv(_marked(estimates) if own else estimates),
            "methods.csv": _csv(_marked(compared)) if own else _csv(compared, FEW_DIGITS),
            "diagnostics.csv": _csv(diagnostics_in_rows(self._frames(fitted.effects))),
            "checks.csv": _csv(pd.DataFrame([(c.name, _passed(c), c.reading) for c in self.checks], columns=CHECKED)),
            "account.csv": _csv(self.account()),
            "provenance.json": json.dumps(self._said(own=own), indent=1, ensure_ascii=False, default=str) + "\n",
            **(beside or {}),
        }
        return write_whole(folder, {name: text.encode("utf-8") for name, text in content.items()})

    def _frames(self, effects: Effects) -> dict[str, pd.DataFrame]:
        """Give the diagnostics that are written, and what the checks computed that may be."""
        frames = {name: effects.diagnostics[name] for name in HANDED_ON if name in effects.diagnostics}
        examined = zip(self.protocol.checks, self.checks, strict=True)
        return frames | {name: check.table for name, check in examined if name in self.question.written}

    def _said(self, *, own: bool) -> dict[str, Any]:
        """Give the provenance with what is said beside the answer that is written."""
        if own:
            return {"release": NOT_FOR_RELEASE, **self.provenance, "disclosure": "none"}
        return {**self.provenance, "notes": list(self.published.notes)}


WORST = ("how_chosen", "outlasting", "stood_out")
"""Checks whose findings may have to stand beside the answer; they are quick."""
CHECKED = ["check", "passed", "reading"]


def evaluate(protocol: Protocol, store: Store) -> Evaluation:
    """Carry out a protocol on what a store holds.

    Parameters
    ----------
    protocol : Protocol
        What is asked.
    store : Store
        What was loaded.

    Raises
    ------
    AnalysisError
        If the data cannot answer, in the reader's words.
    """
    return carry_out(protocol, material(store, protocol.outcome))


def material(store: Store, outcome: Outcome) -> Material:
    """Take from a store what protocols about an outcome need."""
    spells = store.table("interventions")
    spells["location_id"] = stored_registrations(store).of(spells["location_id"])
    files = store.ledger().sort_values(["file", "digest"])[["file", "digest", "layout"]]
    question = question_of(outcome)
    observed = question.observe(store, outcome)
    shown = question.show(observed, store, outcome, spells) if question.show else observed
    return Material(
        observed=observed, shown=shown, spells=spells, digest=store.digest(), files=files.to_dict("records")
    )


def carry_out(protocol: Protocol, given: Material, progress: Progress | None = None) -> Evaluation:
    """Carry out a protocol; errors as `evaluate`.

    Parameters
    ----------
    progress : callable, optional
        Called before each method.
    """
    question = question_of(protocol.outcome)
    models = {name: model_of(protocol, name) for name in protocol.methods}
    design = question.design(given.observed, given.spells, protocol)
    answers, unanswered = _answers(question, models, (given.shown, design), progress or _silent)
    return Evaluation(
        protocol=protocol, observed=given.observed, shown=given.shown, design=design, models=models, answers=answers,
        unanswered=unanswered, provenance=_provenance(protocol, given, answers, question),
    )  # fmt: skip


def _silent(share: float, what: str) -> None:
    """Tell nobody."""


def _answers(question: Question, models: Mapping[str, Model], asked_of: tuple, progress: Progress):
    """Ask every method; one that cannot answer says why and stands aside, unless none can."""
    answers: dict[str, Effects] = {}
    refused: dict[str, AnalysisError] = {}
    for done, (name, model) in enumerate(models.items()):
        progress(done / len(models), name)
        try:
            answers[name] = question.fit(model, *asked_of)
        except AnalysisError as error:
            refused[name] = error
    if not answers and len(refused) == 1:
        raise next(iter(refused.values()))
    unanswered = {name: str(error) for name, error in refused.items()}
    if not answers:
        raise AnalysisError("No method can answer.", found=" ".join(sorted(set(unanswered.values()))))
    return answers, unanswered


def checks_of(evaluation: Evaluation) -> tuple[Check, ...]:
    """Examine the doubts that the protocol names, in its order."""
    examined = evaluation.examined
    return tuple(examined[name] if name in examined else _ask(evaluation, name) for name in evaluation.protocol.checks)


def _ask(evaluation: Evaluation, name: str) -> Check:
    if name not in checks_for(evaluation.protocol.kind):
        raise AnalysisError(
            f"The check {name} cannot be made here: it may not be asked about {evaluation.protocol.kind}.",
            do=f"Checks: {', '.join(checks_for(evaluation.protocol.kind))}.",
        )
    return found(CHECKS[name])(evaluation.fitted)


def model_of(protocol: Protocol, method: str = "") -> Model:
    """Make a model that a protocol names, with its options, subgroups and seed.

    Parameters
    ----------
    method : str
        One of the protocol's; by default the first, which alone has options.

    Raises
    ------
    AnalysisError
        If the model has no such option or does not take its value.
    """
    method = method or protocol.methods[0]
    known = options_of(method, protocol.kind)
    options = protocol.options if method == protocol.methods[0] else {}
    if unknown := [name for name in options if name not in known]:
        raise AnalysisError(
            f"The model {method} cannot be set up.",
            found=", ".join(unknown),
            do=f"Options: {', '.join(known)}." if known else "It has no options.",
        )
    specification = found(MODELS[protocol.kind][method], method)
    if not isinstance(specification, type):
        return replace(specification, **options) if options else specification
    try:
        return specification(**_said_elsewhere(protocol, specification), **options)
    except ValueError as error:
        raise AnalysisError(f"The model {method} cannot be set up.", do=str(error)) from error


def _said_elsewhere(protocol: Protocol, specification: type) -> dict[str, Any]:
    """Give what a model wants to know that a protocol says in its other sections."""
    said = {"subgroups": protocol.subgroups, "seed": protocol.seed}
    said |= {"key_question": question} if (question := getattr(protocol.outcome, "key_question", "")) else {}
    wanted = {field.name for field in fields(specification)} if is_dataclass(specification) else set()
    return {name: value for name, value in said.items() if name in wanted}


def all_groupings(effects: Effects, question: Question) -> pd.DataFrame:
    """All groupings in one frame: by, group, then the tidy columns; of admissions by group the rate ratio only."""
    parts = []
    for by in (by for by in get_args(By) if by in effects.tables):
        part = question.estimates(effects, by).rename(columns={by: "group"})
        labels = pd.Series([_label(value) for value in part["group"]], part.index, dtype=object)
        parts.append(part.assign(by=by, group=labels))
    frame = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return frame.reindex(columns=["by", "group", *TIDY])


NOT_FOR_RELEASE = "not for release: small counts can be worked out from these digits"


def _marked(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(release=NOT_FOR_RELEASE)


def _label(value: object) -> object:
    return f"{value:%Y-%m}" if isinstance(value, pd.Timestamp) else value


def diagnostics_in_rows(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Give what a careful reader asks for, one value a row: diagnostic, row of the frame it came from, name, value."""
    named = [
        frame.reset_index(drop=True).rename_axis("row").reset_index().melt("row", var_name="name")
        .assign(diagnostic=name) for name, frame in frames.items() if len(frame)
    ]  # fmt: skip
    columns = ["diagnostic", "row", "name", "value"]
    if not named:
        return pd.DataFrame(columns=columns)
    rows = pd.concat(named, ignore_index=True).sort_values(["diagnostic", "row"], kind="stable")
    rows["value"] = [FEW_DIGITS % value if isinstance(value, float) else value for value in rows["value"]]
    return rows[columns]


def _csv(frame: pd.DataFrame, digits: str = DIGITS) -> str:
    return disclosure.inert(frame).to_csv(index=False, float_format=digits, lineterminator="\n")


def _passed(check: Check) -> str:
    return {True: "yes", False: "no", None: "cannot say"}[check.passed]


def _provenance(
    protocol: Protocol, given: Material, answers: Mapping[str, Effects], question: Question
) -> dict[str, Any]:
    leading = next(iter(answers.values()))
    several = {"methods": {name: repr(answer) for name, answer in answers.items()}} if len(protocol.methods) > 1 else {}
    return {
        "protocol": {"title": protocol.title, "digest": protocol.digest, "toml": protocol.to_toml()},
        "data": {"digest": given.digest, "files": given.files},
        **question.told_from(given.shown),
        "model": {"call": repr(leading), **{name: _plain(value) for name, value in question.glance(leading).items()}},
        **several,
        "notes": list(leading.notes),
        "code": {"homeward": version("homeward"), "sha256": code_digest()},
        "packages": {"python": python_version(), **{name: version(name) for name in PACKAGES}},
        "seed": protocol.seed,
        "disclosure": question.disclosure,
    }


def _plain(value: Any) -> Any:
    """Make a value of numpy or pandas one that JSON knows."""
    if pd.isna(value):
        return None
    value = value.item() if hasattr(value, "item") else value
    return float(DIGITS % value) if isinstance(value, float) else value


@cache
def code_digest() -> str:
    """SHA-256 of the package's own modules, so that a changed line is a changed version."""
    root, digest = Path(__file__).parent, hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
