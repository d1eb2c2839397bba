"""What all networks of the zoo have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ....core.errors import MXNetError
from ...containers import HybridSequential
from ...core.hybrid_block import HybridBlock

__all__ = ["Classifier", "UnknownChoiceError", "check_choice"]


class Classifier(HybridBlock):
    """A network in two parts: `features` makes numbers of an image, `output` makes one score per class of these.

    Parameters
    ----------
    prefix, params
        As in `Block`.
    """

    features: HybridSequential
    output: Any  # of the class that the network has there, most often a Dense

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        """Compute the scores."""
        return self.output(self.features(x))


class UnknownChoiceError(MXNetError, KeyError):
    """There is no such member of the family.

    MXNet raises AssertionError for some families and KeyError for others.
    """

    __str__ = Exception.__str__  # KeyError's would put the message in quotes


def check_choice(owner: str, argument: str, value: Any, choices: Iterable[Any]) -> None:
    """Refuse a value that is not one of the choices.

    Parameters
    ----------
    owner, argument : str
        Whose argument it is, and its name.
    value
        What was given.
    choices : iterable
        What there is.
    """
    choices = list(choices)
    if value not in choices:
        raise UnknownChoiceError(
            f"{owner}: {argument} must be one of {', '.join(map(repr, choices))}; received {value!r}"
        )
