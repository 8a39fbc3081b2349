"""What did the protocol find?

`evaluate` is the one verb that page, notebook and command line share: the store becomes a panel, the panel and the
protocol a design, the model answers, and every doubt the protocol names is examined. The provenance says what all of it
was made from and never when, so the same protocol on the same data gives the same bytes.

A page that is asked again and again does it in two steps, `material` once and `carry_out` for every protocol, and shows
the answer before the doubts: they are examined when somebody looks at them.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any, get_args

import numpy as np
import pandas as pd

from analysis import disclosure, tables
from analysis.admissions.answer.published import published
from analysis.design import Design, design_from
from analysis.errors import AnalysisError
from analysis.panel import Measure, Panel, build_panel, counts_as_shown
from analysis.paths import write_whole
from analysis.protocol import CHECKS, MODELS, Protocol, options_of
from analysis.registrations import stored_registrations
from analysis.results import TIDY, By, Check, Effects, Model
from analysis.store import Store

PACKAGES = ("duckdb", "numpy", "pandas", "scipy")
"""What computes the numbers."""

DIGITS = "%.12g"
"""Digits written: beyond these, numbers of one machine differ from those of another."""


FEW_DIGITS = "%.3g"
"""Digits of what is read beside the answer: more say nothing, and could be worked back to single admissions."""
HANDED_ON = ("inference", "pre_trend", "effects", "others", "dose", "degrees_of_freedom", "quality")
"""Diagnostics that are written: those that count no people."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Material:
    """What a protocol is carried out on.

    Parameters
    ----------
    panel, shown : Panel
        What was counted, and the same as it may be shown.
    spells : DataFrame
        Who had which intervention from when to when, by home.
    digest : str
        SHA-256 of what the store says, counts left out.
    files : list of dict
        What was loaded: file, layout, and the digest of files that count nobody.
    """

    panel: Panel
    shown: Panel
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
    panel, shown, design : Panel, Panel, Design
        What it was asked of; `shown` are the counts as they may be shown.
    model : Model
        Which was fitted.
    given : Effects
        The answer on counts as shown.
    provenance : mapping
        Digests of protocol, data, panel and code, files loaded, package versions, seed, disclosure rule.
    """

    protocol: Protocol
    panel: Panel
    shown: Panel
    design: Design
    model: Model
    given: Effects
    provenance: Mapping[str, Any]

    @cached_property
    def effects(self) -> Effects:
        """The answer on the counts themselves: for the owner of the store alone."""
        return self.model.fit(self.panel, self.design)

    @cached_property
    def published(self) -> Effects:
        """The answer as it may be handed on: what pages, files and sentences show."""
        return published(self.given, self.shown, self.design)

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """The doubts, examined, in the order of the protocol."""
        return checks_of(self)

    @property
    def beside(self) -> tuple[str, ...]:
        """Sentences of the worst doubts, without which the answer would mislead: examined with it, the others later."""
        return tuple(check.beside for check in self.examined.values() if check.beside)

    @cached_property
    def examined(self) -> dict[str, Check]:
        """The worst doubts that the protocol names, by name."""
        return {name: _ask(self, name) for name in WORST if name in self.protocol.checks}

    def account(self) -> pd.DataFrame:
        """Say what was used, what was noticed, and what was left out: what, homes, home_months, why.

        What was used and what was left out are together all that was observed, and a home left out stands there once.
        """
        glance, noticed = self.given.summary, self.panel.facts
        return pd.DataFrame(
            [
                ("used", glance["n_units"], glance["n_obs"], "home-months on which the answer rests"),
                *noticed[["fact", "homes", "home_months", "reading"]].itertuples(index=False),
                *self._left_out(int(glance["n_obs"])),  # type: ignore[call-overload]
            ],
            columns=list(ACCOUNT),
        ).astype({"homes": "Int64", "home_months": "Int64"})

    def _left_out(self, used: int) -> Iterator[tuple]:
        """Yield what the design left out, then what could not be compared."""
        design, observed = self.design, self.panel.exposure > 0
        yield from ((LEFT_OUT, *row[1:], row[0]) for row in design.left_out.itertuples(index=False))
        dropped = self.given.diagnostics.get("dropped", pd.DataFrame(columns=["unit", "reason"]))
        row = self.panel.units.index.get_indexer(dropped["unit"])
        apart = design.set_aside[row] == "" if design.set_aside.size else np.ones(len(row), bool)
        months = (observed & design.included).sum(axis=1)[row]
        for reason, some in dropped.assign(months=months)[apart].groupby("reason", sort=False)["months"]:
            yield LEFT_OUT, len(some), int(some.sum()), reason
        rest = int(observed.sum() - used - design.left_out["unit_months"].sum() - months[apart].sum())
        if rest > 0:
            yield LEFT_OUT, pd.NA, rest, NOTHING_TO_COMPARE

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
        content = {
            "effects.csv": _csv(_marked(all_groupings(self.effects)) if own else all_groupings(self.published)),
            "methods.csv": _csv(_marked(methods_compared(self.effects)))
            if own
            else _csv(methods_compared(self.published), FEW_DIGITS),
            "diagnostics.csv": _csv(diagnostics_in_rows(self.effects if own else self.published)),
            "checks.csv": _csv(pd.DataFrame([(c.name, _passed(c), c.reading) for c in self.checks], columns=CHECKED)),
            "account.csv": _csv(self.account()),
            "provenance.json": json.dumps(self._said(own=own), indent=1, ensure_ascii=False, default=str) + "\n",
            **(beside or {}),
        }
        return write_whole(folder, {name: text.encode("utf-8") for name, text in content.items()})

    def _said(self, *, own: bool) -> dict[str, Any]:
        """Give the provenance with what is said beside the answer that is written."""
        if own:
            return {"release": NOT_FOR_RELEASE, **self.provenance, "disclosure": "none"}
        return {**self.provenance, "notes": list(self.published.notes)}


WORST = ("how_chosen", "outlasting", "stood_out")
"""Checks whose findings may have to stand beside the answer; they are quick."""
OF_COUNTS = ("outlasting",)
"""Checks of how a home's luck lasts from month to month, which counts that come evenly would seem to have; what they
say rests on all homes together (`checks.outlasting`)."""
CHECKED = ["check", "passed", "reading"]
ACCOUNT = ("what", "homes", "home_months", "why")
LEFT_OUT = "left out"
NOTHING_TO_COMPARE = "months of homes that take part in which no home without the intervention could be compared"


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
    return carry_out(protocol, material(store, protocol.measure))


def material(store: Store, measure: Measure) -> Material:
    """Take from a store what protocols about a measure need."""
    spells = store.table("interventions")
    spells["location_id"] = stored_registrations(store).of(spells["location_id"])
    files = store.ledger(handed_on=True).sort_values(["file", "digest"])[["file", "digest", "layout"]]
    panel, every = build_panel(store, measure), replace(measure, first=None, last=None, occupancy=1.0)
    whole = panel if every == measure else build_panel(store, every)
    return Material(
        panel=panel,
        shown=counts_as_shown(panel, whole, spells),
        spells=spells,
        digest=store.digest(counts=False),
        files=files.to_dict("records"),
    )


def carry_out(protocol: Protocol, given: Material) -> Evaluation:
    """Carry out a protocol; errors as `evaluate`."""
    model = model_of(protocol)
    design = design_from(given.panel, given.spells, protocol.plan)
    effects = model.fit(given.shown, design)
    return Evaluation(
        protocol=protocol,
        panel=given.panel,
        shown=given.shown,
        design=design,
        model=model,
        given=effects,
        provenance=_provenance(protocol, given, effects),
    )


def carry_out_ready(protocol: Protocol, given: Material) -> Evaluation:
    """Carry out a protocol, and work out at once what is shown first, so that it need not be done elsewhere."""
    evaluation = carry_out(protocol, given)
    for first in ("published", "examined"):
        getattr(evaluation, first)  # kept with the evaluation from then on
    return evaluation


def checks_of(evaluation: Evaluation) -> tuple[Check, ...]:
    """Examine the doubts that the protocol names, in its order."""
    examined = evaluation.examined
    return tuple(examined[name] if name in examined else _ask(evaluation, name) for name in evaluation.protocol.checks)


def _ask(evaluation: Evaluation, name: str) -> Check:
    panel = evaluation.panel if name in OF_COUNTS else evaluation.shown
    return _found(CHECKS[name])(panel, evaluation.design, evaluation.model, evaluation.published)


def model_of(protocol: Protocol) -> Model:
    """Make the model a protocol names, with its options, subgroups and seed.

    Raises
    ------
    AnalysisError
        If the model has no such option or does not take its value.
    """
    known = options_of(protocol.model)
    shared = {"subgroups": protocol.subgroups, "seed": protocol.seed}
    if unknown := [name for name in protocol.options if name not in known]:
        raise AnalysisError(
            f"The model {protocol.model} cannot be set up.",
            found=", ".join(unknown),
            do=f"Options: {', '.join(known)}.",
        )
    try:
        return _found(MODELS[protocol.model])(**shared, **protocol.options)
    except ValueError as error:
        raise AnalysisError(f"The model {protocol.model} cannot be set up.", do=str(error)) from error


def all_groupings(effects: Effects) -> pd.DataFrame:
    """All groupings in one frame: by, group, then the tidy columns; of all but the overall one the rate ratio only."""
    parts = []
    for by in (by for by in get_args(By) if by in effects.tables):
        part = tables.published(effects, by).rename(columns={by: "group"})
        labels = pd.Series([_label(value) for value in part["group"]], part.index, dtype=object)
        parts.append(part.assign(by=by, group=labels))
    frame = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return frame.reindex(columns=["by", "group", *TIDY])


NOT_FOR_RELEASE = "not for release: small counts can be worked out from these digits"


def _marked(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(release=NOT_FOR_RELEASE)


def _found(place: str) -> Any:
    module, name = place.split(":")
    return getattr(import_module(module), name)


def _label(value: object) -> object:
    return f"{value:%Y-%m}" if isinstance(value, pd.Timestamp) else value


def methods_compared(effects: Effects) -> pd.DataFrame:
    """Give every method's account of the one effect, the default marked; no rows where a model compares none."""
    return tables.methods(effects) if "methods" in effects.diagnostics else pd.DataFrame(columns=["method"])


def diagnostics_in_rows(effects: Effects) -> pd.DataFrame:
    """Give what a careful reader asks for, one value a row: diagnostic, row of the frame it came from, name, value."""
    parts = [
        frame.reset_index(drop=True).rename_axis("row").reset_index().melt("row", var_name="name")
        for frame in (effects.diagnostics.get(name, pd.DataFrame()) for name in HANDED_ON)
    ]
    named = [part.assign(diagnostic=name) for name, part in zip(HANDED_ON, parts, strict=True) if len(part)]
    columns = ["diagnostic", "row", "name", "value"]
    if not named:
        return pd.DataFrame(columns=columns)
    found = pd.concat(named, ignore_index=True).sort_values(["diagnostic", "row"], kind="stable")
    found["value"] = [FEW_DIGITS % value if isinstance(value, float) else value for value in found["value"]]
    return found[columns]


def _csv(frame: pd.DataFrame, digits: str = DIGITS) -> str:
    return disclosure.inert(frame).to_csv(index=False, float_format=digits, lineterminator="\n")


def _passed(check: Check) -> str:
    return {True: "yes", False: "no", None: "cannot say"}[check.passed]


def _provenance(protocol: Protocol, given: Material, effects: Effects) -> dict[str, Any]:
    panel = given.shown
    counted = disclosure.protect(effects.glance(), ["events"]).drop(columns="hidden").iloc[0]
    return {
        "protocol": {"title": protocol.title, "digest": protocol.digest, "toml": protocol.to_toml()},
        "data": {"digest": given.digest, "files": given.files},
        "panel": {"digest": panel.digest, "first": str(panel.months[0]), "last": str(panel.months[-1])},
        "model": {"call": repr(effects), **{str(name): _plain(value) for name, value in counted.items()}},
        "notes": list(effects.notes),
        "code": {"homeward": version("homeward"), "sha256": code_digest()},
        "packages": {"python": python_version(), **{name: version(name) for name in PACKAGES}},
        "seed": protocol.seed,
        "disclosure": f"{disclosure.HES} {disclosure.ESTIMATES}",
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
