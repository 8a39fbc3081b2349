"""Opening files safely, and rows of text out of every format: `opening`, then a format, then `choosing`."""
