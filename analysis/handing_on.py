"""How is a report asked for from a terminal, of whatever was written down: a protocol, or a plan of any kind?

What takes long is imported where it is used, so that help comes at once.
"""
# ruff: noqa: PLC0415

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.commands import VERBS, Command, add_out
from analysis.errors import AnalysisError

if TYPE_CHECKING:
    from analysis.reports.bundle import CarriedOut

FORMS = ("html", "docx", "pdf")
"""As in `analysis.reports.FORMS`, which takes long to import."""
REPORT = """\
Writes into DIR, as asked:
  report.html  one file that opens anywhere, offline; prints well; holds the protocol and effects.csv
  report.docx  the same to go on writing in, in Word or LibreOffice
  report.pdf   the same, tagged for screen readers (PDF/UA-1)
  bundle.zip   with --bundle: what was asked, the answer's files, the report, versions, a script that does it again and
               compares every byte, and results.json for output checkers; with --with-data the store too
The first page has the question, the answer and the two gravest doubts. FILE.toml is a protocol, as for homeward
evaluate, or a plan, as for homeward project, target, plan or monitor. Counts of people are protected as on the
pages. The same file on the same data writes the same bytes.

example, on what homeward sample writes:
  homeward report county/protocols/weekly_ward_round.toml --store county/county.duckdb --out report
"""


def add_report(command: Command, store: Callable[[argparse.ArgumentParser], None], run: Callable) -> None:
    """Add the verb to the command line; as `commands.add_verbs`."""
    parser = command("report", run, "write the report of a protocol or a plan: HTML, DOCX, PDF", REPORT)
    parser.add_argument("asked", type=Path, metavar="FILE.toml", help="a protocol or a plan")
    store(parser)
    add_out(parser, "where the report is written")
    parser.add_argument(
        "--as", dest="forms", default=",".join(FORMS), metavar="html,docx,pdf", help="which forms; all of them"
    )
    parser.add_argument(
        "--lock", type=Path, metavar="LOCK.toml", help="of homeward lock: what was changed since is said"
    )
    parser.add_argument("--bundle", action="store_true", help="also bundle.zip: all that is needed to do it again")
    parser.add_argument("--with-data", action="store_true", help="the bundle has the store too, with its exact counts")


LOCK = """\
Writes into DIR, after looking at months before the first start alone:
  before.md      were the homes alike, did they run alike, could an effect be found, are months missing? Not for release
  plan.md        the protocol under the headings of an analysis plan that is registered before the answer is seen
  protocol.toml  the protocol, every default written out
  lock.toml      when it was locked, and digests of protocol, code, and what was known before the start; a seal
Keep lock.toml, and send its seal to somebody on the day. A report made with --lock says what was changed since.
Of admissions, ratings and one area. Evaluating without a lock is allowed; the report says so.

example, on what homeward sample writes:
  homeward lock county/protocols/weekly_ward_round.toml --store county/county.duckdb --out locked
"""


def add_lock(command: Command, store: Callable[[argparse.ArgumentParser], None], run: Callable) -> None:
    """Add the verb to the command line; as `commands.add_verbs`."""
    parser = command("lock", run, "fix a protocol before its answer is seen", LOCK)
    parser.add_argument("asked", type=Path, metavar="PROTOCOL.toml", help="what is to be evaluated")
    store(parser)
    add_out(parser, "where the lock is written")


def write_lock(asked: argparse.Namespace) -> tuple[str, tuple[Path, ...]]:
    """Lock a protocol: what is said, and the files."""
    from datetime import UTC, datetime

    from analysis.paths import write_whole
    from analysis.protocol import Protocol
    from analysis.reports.locking import locked
    from analysis.reports.locks import said
    from analysis.store import Store

    now = datetime.now(UTC).isoformat(timespec="seconds")
    lock, files = locked(Protocol.read(asked.asked), Store(asked.store), now)
    return said(lock), write_whole(asked.out, files)


def write_report(asked: argparse.Namespace) -> tuple[str, tuple[Path, ...]]:
    """Write the report: its title, and the files."""
    from analysis.paths import write_whole

    forms = forms_in(asked.forms)
    done = carried_out(asked.asked, asked.store, asked.lock)
    from analysis.reports import written
    from analysis.reports.bundle import bundle

    content = written(done.report, forms)
    if asked.bundle or asked.with_data:
        content["bundle.zip"] = bundle(done, asked.store.read_bytes() if asked.with_data else None)
    earlier = [*(f"report.{form}" for form in FORMS), "bundle.zip"]
    return done.report.title, write_whole(asked.out, content, earlier)


def forms_in(text: str) -> tuple[str, ...]:
    """Read which forms are asked for.

    Raises
    ------
    AnalysisError
        If one is unknown.
    """
    named = tuple(dict.fromkeys(name.strip().casefold() for name in text.split(",") if name.strip()))
    if not named or (unknown := [name for name in named if name not in FORMS]):
        raise AnalysisError(
            "No report was written: it is not clear in which form.", found=", ".join(unknown) if named else "none",
            do=f"Forms: {', '.join(FORMS)}; for example --as html,pdf",
        )  # fmt: skip
    return named


def carried_out(file: Path, store: Path, lock: Path | None = None) -> "CarriedOut":
    """Carry out what is written in a file: its answer and its report."""
    from analysis.reports import plan_report
    from analysis.reports.bundle import CarriedOut

    verb = verb_of(file)
    if verb == "evaluate":
        return _evaluated(file, store, lock)
    if lock is not None:
        raise AnalysisError("A lock is of a protocol, and this is a plan.", do="Leave --lock out.")
    answer = next(known for known in VERBS if known.name == verb).answer(file, store)
    made_from = answer.shown.provenance
    return CarriedOut(
        verb=verb, text=made_from["plan"]["toml"], files=answer.content, store=store.name,
        report=plan_report(verb, answer.shown), disclosure=made_from["disclosure"],
    )  # fmt: skip


def _evaluated(file: Path, store: Path, lock: Path | None) -> "CarriedOut":
    from analysis.evaluation import evaluate
    from analysis.figures.by_outcome import in_words
    from analysis.protocol import Protocol
    from analysis.reports import evaluation_report
    from analysis.reports.bundle import CarriedOut
    from analysis.reports.locks import read_lock
    from analysis.store import Store

    known = read_lock(lock) if lock else None
    found = evaluate(Protocol.read(file), Store(store))
    return CarriedOut(
        verb="evaluate", text=found.protocol.to_toml(), store=store.name,
        report=evaluation_report(found, store.name, known),
        files=found.files() | {"answer.md": in_words(found, store.name).encode("utf-8")},
        disclosure=found.provenance["disclosure"],
    )  # fmt: skip


MARKS: Mapping[str, str] = {"intervention": "evaluate", "offers": "project", "scenario": "target", "study": "plan"}
"""What stands in a file to the verb that carries it out."""


WATCHED = ("groups", "home", "worklist", "early warning", "networks")
"""Kinds of plans that `homeward monitor` carries out."""


def verb_of(file: Path) -> str:
    """Tell from what stands in a file which verb carries it out.

    Raises
    ------
    AnalysisError
        If none does.
    """
    from analysis.written import plain_in, text_of

    given = plain_in(text_of(file, start="Examples to start from: homeward sample DIR"), file.name)
    if given.get("kind") in WATCHED or {"chart", "group"} & {*given}:
        return "monitor"
    named = [verb for mark, verb in MARKS.items() if mark in given]
    if not named and given.get("kind") in ("admissions", "ratings"):
        named = ["plan"]
    if not named:
        raise AnalysisError(
            f"{file.name} is neither a protocol nor a plan.", found=", ".join(given) or "nothing",
            do="A protocol has [intervention]; a scenario [[offers]]; a choice of homes [scenario]; a study [study]. "
            "Examples: homeward sample DIR",
        )  # fmt: skip
    return named[0]
