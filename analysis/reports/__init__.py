"""What is handed to those who were not there: the report of an answer.

One value (`Report`) from the figures of the answer, written in three forms that say the same: a page that opens
anywhere (`html`), a document to go on writing in (`docx`), and a PDF that screen readers read (`pdf`). Nothing in it is
worked out anew, so nothing in it can differ from what the page shows; of counts of people it has what the page has. The
same answer gives the same bytes.
"""

from collections.abc import Iterable, Mapping
from importlib import import_module

from analysis.reports.evaluated import evaluation_report
from analysis.reports.planned import plan_report
from analysis.reports.report import Part, Report

__all__ = ["FORMS", "Part", "Report", "evaluation_report", "plan_report", "written"]

FORMS: Mapping[str, tuple[str, str]] = {
    "html": ("analysis.reports.page:html", "text/html"),
    "docx": (
        "analysis.reports.word:docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "pdf": ("analysis.reports.pdf:pdf", "application/pdf"),
}
"""Form of a report, which is also the ending of its file, to what writes it and what browsers call it."""


def written(report: Report, forms: Iterable[str] = tuple(FORMS)) -> dict[str, bytes]:
    """Write a report: name of each file to what it holds.

    Parameters
    ----------
    report : Report
    forms : iterable of str
        Of `FORMS`.
    """
    return {f"report.{form}": write(report, form) for form in forms}


def write(report: Report, form: str) -> bytes:
    """Write a report in one form."""
    module, name = FORMS[form][0].split(":")
    return getattr(import_module(module), name)(report)
