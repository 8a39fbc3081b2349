"""What a doubt is examined on, from its parts."""

from analysis.results import Fitted


def on(observed, design, model, effects) -> Fitted:
    """Bring a model together with what it was fitted to and what it found."""
    return Fitted(observed=observed, design=design, model=model, effects=effects)
