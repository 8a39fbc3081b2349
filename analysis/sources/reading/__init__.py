"""Opening files safely, and rows of text out of every format: `file_kinds`, then a format, then `choosing`."""
