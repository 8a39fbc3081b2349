"""What is shown of an answer, in which order: made once, and shown alike by page, notebook and command line.

A question has one file here, which yields its figures in the order in which they are read, the answer first. A figure
holds sentences, a picture and tables; the page shows each as it comes, `markdown` writes them all down.
"""

from analysis.figures.figure import Figure, Source, Table
from analysis.figures.markdown import markdown

__all__ = ["Figure", "Source", "Table", "markdown"]
