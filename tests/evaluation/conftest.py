"""Pages are opened here as in their own room."""

from tests.pages.conftest import components, visit

__all__ = ["components", "visit"]
