"""How does a protocol's method become a model: with which options, subgroups and seed?"""

from dataclasses import fields, is_dataclass, replace
from typing import Any

from analysis.errors import AnalysisError
from analysis.protocol import MODELS, Protocol, options_of
from analysis.protocol.registry import loaded
from analysis.results import Model


def model_of(protocol: Protocol, method: str = "") -> Model:
    """Make a model that a protocol names, with its options, subgroups and seed.

    Parameters
    ----------
    method : str
        One of the protocol's; by default the first, which alone has options.

    Raises
    ------
    AnalysisError
        If the model has no such option or does not take its value.
    """
    method = method or protocol.methods[0]
    known = options_of(method, protocol.kind)
    options = protocol.options if method == protocol.methods[0] else {}
    if unknown := [name for name in options if name not in known]:
        raise AnalysisError(
            f"The model {method} cannot be set up.",
            found=", ".join(unknown),
            do=f"Options: {', '.join(known)}." if known else "It has no options.",
        )
    specification = loaded(MODELS[protocol.kind][method], method)
    if not isinstance(specification, type):
        return replace(specification, **options) if options else specification
    try:
        return specification(**_said_elsewhere(protocol, specification), **options)
    except ValueError as error:
        raise AnalysisError(f"The model {method} cannot be set up.", do=str(error)) from error


def _said_elsewhere(protocol: Protocol, specification: type) -> dict[str, Any]:
    """Give what a model wants to know that a protocol says in its other sections."""
    said = {"subgroups": protocol.subgroups, "seed": protocol.seed, "other_interventions": protocol.plan.others}
    said |= {"key_question": question} if (question := getattr(protocol.outcome, "key_question", "")) else {}
    wanted = {field.name for field in fields(specification)} if is_dataclass(specification) else set()
    return {name: value for name, value in said.items() if name in wanted}
