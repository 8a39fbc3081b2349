"""How is all of this asked for from a terminal?

Exit status: 0 done; 2 something the reader can put right, said on standard error; 1 a bug, with its traceback.
What takes long is imported where it is used, so that help comes at once.
"""
# ruff: noqa: PLC0415

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from analysis.commands import add_out, add_verbs, carry_out
from analysis.counting import ENGLAND, add_panel, england, made
from analysis.errors import AnalysisError
from analysis.fetch.command import add_fetch, fetched, loaded
from analysis.handing_on import add_lock, add_report, write_lock, write_report
from analysis.paths import is_file, paths_in_words, refuse_unwritable, shown

DONE, CAN_BE_PUT_RIGHT = 0, 2

ABOUT = "Did it help, and what would happen if? Evaluating interventions in England's care homes."

START = """\
start here:
  homeward sample county                      a fictional county: files, store, protocols, plans, truth
  homeward evaluate county/protocols/weekly_ward_round.toml --store county/county.duckdb --out answer
  homeward project county/plans/ward_round_for_more.toml --store county/county.duckdb --out what_if
  homeward target county/plans/which_homes.toml --store county/county.duckdb --out list
  homeward plan county/plans/next_study.toml --store county/county.duckdb --out study
  homeward report county/protocols/weekly_ward_round.toml --store county/county.duckdb --out report
  homeward appraise claim.toml --out appraisal        needs no data: what a published sentence is worth
  homeward card weekly_home_round             what is known of an intervention, and a protocol for it
  homeward app --store county/county.duckdb

with your own files:
  homeward sources                            which files are recognised, and what they need
  homeward load *.csv *.ods --store my.duckdb
  homeward fetch drd --out today --store my.duckdb   today's files from their publishers
  homeward panel events stays --store my.duckdb      hospital records by the million, to counts by home and month
  homeward ledger --store my.duckdb           what was loaded, what was set aside, and why
"""

LOAD = """\
Every file is loaded as a whole or not at all; loading it again changes nothing. Files are loaded in the order of their
names; where a later file states a fact again, the later one counts, and the report says what it changed. A file that
leaves a question open is not loaded: answer with --say and load it again.
examples:
  homeward load admissions.csv occupancy.xlsx --store my.duckdb
  homeward load admissions.csv --store my.duckdb --say dates="day first"
"""

EVALUATE = """\
Writes into DIR:
  answer.md        the answer, its figures in words and tables, its doubts, and what it cannot tell: what the page shows
  effects.csv      by, group, term, estimate, std_error, statistic, p_value, conf_low, conf_high, conf_level
  methods.csv      what other methods say of the same effect: those named under [model] also, and why one has no answer
  diagnostics.csv  diagnostic, row, name, value: inference, months before the start, degrees of freedom
  checks.csv       every doubt, how it came out, and what that means
  account.csv      what was used, what was noticed, and what was left out, with the reason
  provenance.json  digests of data, protocol and code, package versions, seed
The same protocol on the same data writes the same bytes. DIR is written whole or not at all: a new folder, or one that
holds an earlier answer.

A protocol can be as short as:
  [intervention]
  name = "weekly ward round"

It asks about emergency admissions of homes. Of closures it asks by kind = "closures" under [outcome]; of ratings of
homes, and of one council's figures, by:
  [outcome]                               [outcome]
  kind = "ratings"                        kind = "area measure"
  key_question = "Overall"                measure = "delayed days, total"
                                          area = "E06000046"
                                          start = "2017-04"
Of when residents go to hospital and how long they stay it asks by kind = "hospital stays", with measure =
"out_of_hours", "hospital_bed_days", "length_of_stay" or "delayed_days"; admissions loaded need the columns for it.

example:
  homeward evaluate ward_round.toml --store my.duckdb --out answer
"""

CARD = """\
A card holds what a case study says and leaves out, how it is meant to work, who should have it, what it could change,
what controlled evaluations found, and a protocol; what the Evidence page shows.
example, on what homeward sample writes:
  homeward card weekly_home_round --sample --out round.toml
  homeward evaluate round.toml --store county/county.duckdb --out answer
"""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit status."""
    asked = command_line().parse_args(arguments)
    try:
        if asked.writes:
            refuse_unwritable(asked.out)
        return asked.run(asked)
    except AnalysisError as error:
        _print(error, file=sys.stderr)
        return CAN_BE_PUT_RIGHT


def _print(words: object, file: Any = None) -> None:
    """Print words without what would steer the terminal: names in files are text, whatever they contain."""
    from analysis.sources import visible

    print(visible(str(words)), file=file)


def command_line() -> argparse.ArgumentParser:
    """Say what may be asked for, and how."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="homeward", description=ABOUT, epilog=START, formatter_class=raw)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, run: Callable, text: str, epilog: str = "") -> argparse.ArgumentParser:
        about = text[0].upper() + text[1:] + "."
        added = commands.add_parser(name, help=text, description=about, epilog=epilog, formatter_class=raw)
        added.set_defaults(run=run, writes=False)
        return added

    load = command("load", _load, "load files into a store", LOAD)
    load.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a file in any recognised layout")
    _store(load)
    load.add_argument("--say", action="append", default=[], metavar="KEY=OPTION", help="answer a question about a file")
    add_fetch(command, _store, _fetch)
    add_panel(command, _store, _panel)
    command("sources", _sources, "list the files that are recognised, and what they need")
    _store(command("ledger", _ledger, "tell what was loaded into a store, what was set aside, and why"))
    evaluate = command("evaluate", _evaluate, "carry out a protocol on a store", EVALUATE)
    evaluate.add_argument("protocol", type=Path, metavar="PROTOCOL.toml", help="what is to be evaluated")
    _store(evaluate)
    add_out(evaluate, "where the answer is written")
    evaluate.add_argument("--own", action="store_true", help="for yourself alone: every digit, marked not for release")
    add_verbs(command, _store, _carry_out)
    add_lock(command, _store, _lock)
    add_report(command, _store, _report)
    card = command(
        "card", _card, "tell what is known of an intervention, or list all; with --out write its protocol", CARD
    )
    card.add_argument("name", nargs="?", metavar="NAME", help="which one; without it all are listed")
    card.add_argument("--out", type=Path, metavar="FILE.toml", help="where its protocol is written")
    card.add_argument("--sample", action="store_true", help="the protocol that runs on the sample county")
    card.add_argument(
        "--measure", metavar="NAME", help="the protocol for what else it could move, such as length_of_stay"
    )
    sample = command("sample", _sample, "write a fictional county: files, store, protocols, plans and the truth")
    sample.add_argument("folder", type=Path, metavar="DIR", help="where to write it")
    sample.add_argument("--england", action="store_true", help=ENGLAND)
    app = command("app", _app, "open the app in a browser; without a store it shows the sample")
    _store(app, required=False)
    journal = (
        "what visitors write down is kept here, and every visitor can read it; without one, in each visitor's session"
    )
    app.add_argument("--journal", type=Path, metavar="PATH", help=journal)
    return parser


def _store(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    parser.add_argument("--store", type=Path, required=required, metavar="PATH", help="the store, one file")


def _load(asked: argparse.Namespace) -> int:
    from analysis import sources
    from analysis.store import Store

    say = _answers(asked.say)
    _all_there(asked.files)
    store, failed = Store(asked.store), 0
    for path in sorted(asked.files, key=lambda path: (path.name, str(path))):
        try:
            _print(store.load(sources.read(path.name, path, say, _progress(path.name)), say))
        except AnalysisError as error:
            _print(error, file=sys.stderr)
            failed += 1
    if failed and len(asked.files) > 1:
        print(f"{failed} of {len(asked.files)} files were not loaded; the others are.", file=sys.stderr)
    return CAN_BE_PUT_RIGHT if failed else DONE


def _fetch(asked: argparse.Namespace) -> int:
    paths = fetched(asked)
    print("\n".join(f"fetched {path}" for path in paths))
    if not asked.store:
        return DONE
    said, failed = loaded(paths, asked.store)
    _print("\n\n".join(said))
    return CAN_BE_PUT_RIGHT if failed else DONE


def _panel(asked: argparse.Namespace) -> int:
    _print("\n".join(made(asked)))
    return DONE


def _answers(said: list[str]) -> dict[str, str]:
    wrong = [answer for answer in said if "=" not in answer]
    if wrong:
        raise AnalysisError(
            "An answer is given as KEY=OPTION.", found=", ".join(wrong), do='For example: --say dates="day first"'
        )
    return {key.strip(): option.strip() for key, option in (answer.split("=", 1) for answer in said)}


def _all_there(paths: list[Path]) -> None:
    missing = [shown(path) for path in paths if not is_file(path)]
    if missing:
        raise AnalysisError(
            "Nothing was loaded: a file is not there.", found=", ".join(missing), do="Check the path and try again."
        )


def _progress(name: str) -> Callable[[float, str], None] | None:
    """Give a line that moves while a long file is read, on a terminal only."""
    if not sys.stderr.isatty():
        return None

    def tell(share: float, words: str) -> None:
        end = "\r" if share < 1 else "\r\033[K"
        print(f"\r\033[K{name}: {words} {share:.0%}"[:200], end=end, file=sys.stderr, flush=True)

    return tell


def _sources(asked: argparse.Namespace) -> int:
    from analysis.sources import NO_PEOPLE, recognised

    print("Files are recognised by what is in them, never by their names. CSV, XLSX, ODS and Parquet alike.\n")
    for row in recognised().to_dict("records"):
        print(f"{row['title']}\n  {row['holds']}")
        for label, columns in (("needs", row["needs"]), ("also uses", row["also_uses"])):
            if columns:
                print(f"  {label}: {columns}")
        print()
    print(NO_PEOPLE)
    return DONE


def _ledger(asked: argparse.Namespace) -> int:
    from analysis.store import Store

    store = Store(asked.store)
    loads = store.ledger()["load"].tolist()
    _print("\n\n".join(str(store.report(load)) for load in loads) or "Nothing has been loaded into this store.")
    return DONE


def _evaluate(asked: argparse.Namespace) -> int:
    from analysis.protocol import Protocol
    from analysis.store import Store

    protocol, store = Protocol.read(asked.protocol), Store(asked.store)
    from analysis.evaluation import evaluate
    from analysis.figures.by_outcome import in_words

    evaluation = evaluate(protocol, store)
    written = evaluation.write(asked.out, own=asked.own, beside={"answer.md": in_words(evaluation, asked.store.name)})
    _tell(evaluation)
    print("\n" + "\n".join(f"wrote {path}" for path in written))
    return DONE


def _tell(evaluation: Any) -> None:
    from analysis.words import verdict

    _print(evaluation.protocol.title)
    _print(f"  {evaluation.headline}")
    for note in (*evaluation.beside, *evaluation.published.notes):
        _print(f"  {note}")
    for method, why in evaluation.unanswered.items():
        _print(f"  {method} cannot answer. {why}")
    for check in evaluation.checks:
        _print(f"\n{check.name} {verdict(check)}.\n  {check.reading}")


def _carry_out(asked: argparse.Namespace) -> int:
    said, written = carry_out(asked)
    _print("\n".join(said))
    print("\n" + "\n".join(f"wrote {path}" for path in written))
    return DONE


def _report(asked: argparse.Namespace) -> int:
    title, written = write_report(asked)
    _print(f"The report of “{title}”:")
    print("\n".join(f"wrote {path}" for path in written))
    return DONE


def _lock(asked: argparse.Namespace) -> int:
    told, written = write_lock(asked)
    _print(told)
    print("\n".join(f"wrote {path}" for path in written))
    return DONE


def _card(asked: argparse.Namespace) -> int:
    from analysis.claims.cards import cards
    from analysis.figures import cards as figures
    from analysis.figures.markdown import markdown

    if asked.name is None:
        _print("\n".join(f"{name:32}{card.title}" for name, card in cards().items()))
        return DONE
    if asked.name not in cards():
        raise AnalysisError(f"There is no card {asked.name!r}.", found=", ".join(cards()), do="Name one of these.")
    card = cards()[asked.name]
    also = card.also_of_sample if asked.sample else card.also
    if asked.measure is not None and asked.measure not in also:
        raise AnalysisError(
            f"The card {asked.name} has no protocol for {asked.measure!r}.",
            found=", ".join(also) or "none beside its own",
            do="Name one of these, or leave --measure out.",
        )
    if asked.out is None:
        _print(markdown(card.title, figures.figures(card), figures.source(card)))
        return DONE
    with paths_in_words(asked.out):
        own = card.asked_of_sample.to_toml() if asked.sample else card.protocol
        asked.out.write_text(also[asked.measure].to_toml() if asked.measure else own, "utf-8")
    print(f"wrote {asked.out}")
    return DONE


def _sample(asked: argparse.Namespace) -> int:
    from analysis import sources
    from analysis.simulate import write_sample
    from analysis.store import Store

    if asked.england:
        print("\n".join(england(asked.folder)))
        return DONE
    with paths_in_words(asked.folder):
        written = write_sample(asked.folder)
    store = Store(asked.folder / "county.duckdb")
    for path in written:
        if path.parent == asked.folder and path.suffix not in (".json", ".md"):
            print(store.load(sources.read(path.name, path)))
    print("\n" + "\n".join(f"wrote {path}" for path in (*written, store.path)))
    return DONE


def _app(asked: argparse.Namespace) -> int:
    page = Path(__file__).resolve().parents[1] / "app.py"
    if not page.is_file():
        raise AnalysisError("The app is not part of this installation.", do="Start it from a copy of the project.")
    environment = dict(os.environ)
    if asked.store:
        from analysis.store import Store

        Store(asked.store).ledger()
        environment["HOMEWARD_STORE"] = str(asked.store.resolve())
    if asked.journal:
        environment["HOMEWARD_JOURNAL"] = str(asked.journal.resolve())
    return subprocess.call([sys.executable, "-m", "streamlit", "run", str(page)], cwd=page.parent, env=environment)
