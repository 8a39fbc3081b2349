"""What can go wrong that the reader can put right.

Everything else that fails is a bug, and keeps its traceback.
"""


class AnalysisError(Exception):
    """Something the reader can put right.

    Parameters
    ----------
    wrong : str
        What is wrong, as one sentence.
    found : str, optional
        What was found.
    do : str, optional
        What to do about it.
    """

    def __init__(self, wrong: str, *, found: str | None = None, do: str | None = None):
        self.wrong, self.found, self.do = wrong, found, do
        parts = [wrong, f"Found: {found}." if found else None, do]
        super().__init__(" ".join(part for part in parts if part))
