"""What all networks of the zoo share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ....core.doors import door
from ....core.errors import RefusedError
from ...containers import HybridSequential
from ...core.hybrid_block import HybridBlock

__all__ = ["Classifier", "UnknownChoiceError", "check_choice"]


class Classifier(HybridBlock):
    """A network in two parts: `features` extracts features from an image, `output` maps them to class scores.

    Parameters
    ----------
    prefix, params
        As in `Block`.
    """

    features: HybridSequential
    output: Any  # its class depends on the network, most often Dense

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return self.output(self.features(x))


class UnknownChoiceError(RefusedError, KeyError):
    """The family has no such network.

    MXNet raises AssertionError for some families and KeyError for others.
    """

    __str__ = Exception.__str__  # KeyError's puts the message in quotes


@door
def check_choice(owner: str, argument: str, value: Any, choices: Iterable[Any]) -> None:
    """Refuse a value that is not one of the choices.

    Parameters
    ----------
    owner, argument : str
        The function or class, and the name of its argument.
    value
        The value passed.
    choices : iterable
        The allowed values.
    """
    choices = list(choices)
    if value not in choices:
        raise UnknownChoiceError(
            f"{owner}: {argument} must be one of {', '.join(map(repr, choices))}; received {value!r}"
        )
