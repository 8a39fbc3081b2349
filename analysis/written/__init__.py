"""How is a question kept, sent and read again?

Any frozen dataclass is written as TOML to read and edit, or as JSON for a program; both hold the same keys, with every
default written out, and what is read again is equal to what was written. What cannot be read is refused with every
fault at once: where it is, what was found, what may stand there, and an example.

A class is taken as it stands: a field's type says what may be written there. It may say more of itself:

- `RULES`, field to `allowed.Rule`: what may stand there beyond its type;
- `LISTED = True`: it is written as a list of its fields, in order, such as `[0.6, 0.9]`;
- `VERSION`, a number written beside it: a later Homeward reads what an earlier one wrote;
- `faults_in(said)`: what is wrong with its fields together, asked before one is made.

Where a field may hold one of several classes, each says by its field `kind`, a `Literal`, for which kinds it stands.

What is written in another order than its class has (`Protocol`, whose sections are those of a study, not of the code)
takes its text, its faults and its values from here, and lays out its own sections.
"""

from analysis.written.fault import Fault, misfit, refuse
from analysis.written.reading import Wrong, from_plain, from_text, plain_in, read, text_of, tried
from analysis.written.writing import digest, in_toml, shown, to_json, to_plain, to_toml

__all__ = [
    "Fault",
    "Wrong",
    "digest",
    "from_plain",
    "from_text",
    "in_toml",
    "misfit",
    "plain_in",
    "read",
    "refuse",
    "shown",
    "text_of",
    "to_json",
    "to_plain",
    "to_toml",
    "tried",
]
