"""What did the protocol find?

`evaluate` is the one verb that page, notebook and command line share, whatever the outcome: the store becomes what was
observed, that and the protocol a design, every method answers or says why it cannot, and every doubt the protocol names
is examined. How each of these is done stands in the table of questions (`analysis.questions`). The provenance says what
all of it was made from and never when, so the same protocol on the same data gives the same bytes.

A page that is asked again and again does it in two steps, `material` once and `carry_out` for every protocol, and shows
the answer before the doubts: they are examined when somebody looks at them.
"""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import AnalysisError
from analysis.evaluation.files import (
    FEW_DIGITS,
    HANDED_ON,
    NOT_FOR_RELEASE,
    all_groupings,
    csv,
    diagnostics_in_rows,
    marked,
    passed,
)
from analysis.evaluation.models import model_of
from analysis.evaluation.provenance import provenance_of
from analysis.outcomes import Outcome
from analysis.panel import Panel
from analysis.paths import write_whole
from analysis.protocol import CHECKS, Protocol, checks_for
from analysis.protocol.registry import level_of, loaded
from analysis.questions import Question, question_of
from analysis.registrations import stored_registrations
from analysis.results import Check, Effects, Fitted, Model, check_at_level
from analysis.steps import Steps
from analysis.store import Store


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
        SHA-256 of what the store says, counts left out.
    files : list of dict
        What was loaded: file, layout, and the digest of files that count nobody.
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
    spells : DataFrame
        Who had which intervention from when to when, by home.
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
    spells: pd.DataFrame
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
        answers = {
            name: question.publish(a, self.shown, self.design, self.protocol.outcome)
            for name, a in self.answers.items()
        }
        fitted = self._fitted(answers)
        return replace(fitted, judged=question.judge(fitted)) if question.judge else fitted

    def _fitted(self, answers: Mapping[str, Effects]) -> Fitted:
        return Fitted(
            observed=self.shown, design=self.design, model=self.model, effects=answers[self.method], answers=answers,
            unanswered=self.unanswered,
        )  # fmt: skip

    @cached_property
    def examination(self) -> Steps[Check]:
        """The doubts that the protocol names, in its order, as steps: taken now or later, each once, whoever asks."""
        return Steps([partial(_doubt, self, name) for name in self.protocol.checks])

    @property
    def checks(self) -> tuple[Check, ...]:
        """The doubts, examined, in the order of the protocol."""
        return self.examination.all()

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
        return {name: examine(self, name) for name in WORST if name in self.protocol.checks}

    def account(self) -> pd.DataFrame:
        """Say what was used, what was noticed, and what was left out, each with the reason in the last column."""
        return self.question.account(self._fitted(self.answers))

    def write(self, folder: Path, *, own: bool = False, beside: Mapping[str, str] | None = None) -> tuple[Path, ...]:
        """Write the `files` of the answer.

        Parameters
        ----------
        folder : Path
            Made where it is missing; an earlier answer in it is replaced, all of it or nothing.
        own : bool
            As of `files`.
        beside : mapping of str to str, optional
            File name to text: what else is written with it, such as the figures in words.
        """
        more = {name: text.encode("utf-8") for name, text in (beside or {}).items()}
        return write_whole(folder, self.files(own=own) | more)

    def files(self, *, own: bool = False) -> dict[str, bytes]:
        """Give effects, methods, diagnostics, checks and account as CSV, and provenance.json, to be handed on.

        The terminal writes them and the page hands them out: the same protocol on the same data, the same bytes.

        Parameters
        ----------
        own : bool
            For the owner of the store alone: every digit, and every estimate however few events stand behind it, each
            row and the provenance marked as not for release.
        """
        fitted = self._fitted(self.exact) if own else self.fitted
        level = fitted.effects.summary["conf_level"]
        estimates, compared = (
            frame.assign(conf_level=level)
            for frame in (all_groupings(fitted.effects, self.question), self.question.compare(fitted))
        )
        content = {
            "effects.csv": csv(marked(estimates) if own else estimates),
            "methods.csv": csv(marked(compared)) if own else csv(compared, FEW_DIGITS),
            "diagnostics.csv": csv(diagnostics_in_rows(self._frames(fitted.effects))),
            "checks.csv": csv(pd.DataFrame([(c.name, passed(c), c.reading) for c in self.checks], columns=CHECKED)),
            "account.csv": csv(self.account()),
            "provenance.json": json.dumps(self._said(own=own), indent=1, ensure_ascii=False, default=str) + "\n",
        }
        return {name: text.encode("utf-8") for name, text in content.items()}

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
    with store.reading():  # its file is opened once, and not for every table
        return _material(store, outcome)


def _material(store: Store, outcome: Outcome) -> Material:
    """Take it; digest and what is told of counts while these are counted: most of it is the work of the database."""
    question = question_of(outcome)
    registered = stored_registrations(store)  # asked for by all of them, and joined once
    with ThreadPoolExecutor(2) as beside:
        digest = beside.submit(store.digest, counts=False)
        told = beside.submit(question.told, store, outcome) if question.told else None
        spells = store.table("interventions")
        spells["location_id"] = registered.of(spells["location_id"])
        files = store.ledger(handed_on=True).sort_values(["file", "digest"])[["file", "digest", "layout"]]
        observed = question.observe(store, outcome)
        known = (told.result(),) if told else ()
        shown = question.show(observed, store, outcome, *known) if question.show else observed
        return Material(
            observed=observed, shown=shown, spells=spells, digest=digest.result(), files=files.to_dict("records")
        )


def carry_out(protocol: Protocol, given: Material) -> Evaluation:
    """Carry out a protocol; errors as `evaluate`."""
    question = question_of(protocol.outcome)
    models = {name: model_of(protocol, name) for name in protocol.methods}
    # matching looks at counts: at those that may be shown, so that who was matched gives none away
    design = question.design(given.shown, given.spells, protocol)
    answers, unanswered = _answers(question, models, (given.shown, design))
    made_from = given.shown, given.digest, given.files
    return Evaluation(
        protocol=protocol, observed=given.observed, shown=given.shown, spells=given.spells, design=design,
        models=models, answers=answers, unanswered=unanswered,
        provenance=provenance_of(protocol, made_from, answers, question),
    )  # fmt: skip


def carry_out_ready(protocol: Protocol, given: Material) -> Evaluation:
    """Carry out a protocol, and work out at once what is shown first, so that it need not be done elsewhere."""
    evaluation = carry_out(protocol, given)
    _ = evaluation.fitted  # kept with the evaluation from then on
    return evaluation


def _answers(question: Question, models: Mapping[str, Model], asked_of: tuple):
    """Ask every method; one that cannot answer says why and stands aside, unless none can."""
    answers: dict[str, Effects] = {}
    refused: dict[str, AnalysisError] = {}
    for name, model in models.items():
        try:
            answers[name] = question.fit(model, *asked_of)
        except AnalysisError as error:
            refused[name] = error
    if not answers and len(refused) == 1:
        raise next(iter(refused.values()))
    unanswered = {name: str(error) for name, error in refused.items()}
    if not answers:
        raise AnalysisError("No method can answer.", do=" ".join(dict.fromkeys(unanswered.values())))
    return answers, unanswered


def _doubt(evaluation: Evaluation, name: str) -> Check:
    return evaluation.examined.get(name) or examine(evaluation, name)


def examine(evaluation: Evaluation, name: str) -> Check:
    """Examine one doubt, by its name in a protocol.

    Raises
    ------
    AnalysisError
        If it may not be asked about this outcome.
    """
    if name not in checks_for(evaluation.protocol.kind):
        raise AnalysisError(
            f"The check {name} cannot be made here: it may not be asked about {evaluation.protocol.kind}.",
            do=f"Checks: {', '.join(checks_for(evaluation.protocol.kind))}.",
        )
    level = level_of(name) or float(evaluation.published.summary["conf_level"])  # type: ignore[arg-type]
    return check_at_level(loaded(CHECKS[name])(evaluation.fitted), level)
