"""One call of an operator, and the rule by which it is said in ONNX."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
import torch

from .document import Array, Document

#: What a rule returns: the name of the output, or of the first outputs.
Result = str | tuple[str, ...]


class Unsupported(Exception):
    """A call cannot be said in ONNX; the message says why."""


@dataclass(frozen=True)
class Call:
    """A call of an operator on arrays whose shapes are known.

    Attributes
    ----------
    attributes : mapping of str to object
        All attributes of the operator.
    inputs : tuple of Array or None
        The arrays it is called with; None where an optional one is left out.
    shape : tuple of int
        The shape of its first output.
    type : torch.dtype
        The type of its first output.
    document : Document
        Where the rule adds what it needs.
    """

    attributes: Mapping[str, Any]
    inputs: tuple[Array | None, ...]
    shape: tuple[int, ...]
    type: torch.dtype
    document: Document

    def __getitem__(self, attribute: str) -> Any:
        return self.attributes[attribute]

    @property
    def data(self) -> Array:
        """The first input."""
        return self.array(0)

    @property
    def arrays(self) -> tuple[Array, ...]:
        """The inputs that are given."""
        return tuple([array for array in self.inputs if array is not None])

    def array(self, number: int) -> Array:
        """Return an input that is given."""
        array = self.inputs[number]
        assert array is not None
        return array

    def add(self, kind: str, *inputs: Array | str | None, **attributes: Any) -> str:
        """Add an operator of ONNX and return the name of its output."""
        return self.document.add(kind, inputs, 1, attributes)[0]

    def number(self, value: float) -> str:
        """Return the name of a number of type float32."""
        return self.document.constant(np.array(value, np.float32))

    def integers(self, values: Sequence[int]) -> str:
        """Return the name of a list of integers, such as axes or lengths."""
        return self.document.constant(np.array(values, np.int64))

    def reshape(self, data: Array | str, shape: Sequence[int]) -> str:
        """Add a change of shape."""
        return self.add("Reshape", data, self.integers(shape))

    def transpose(self, data: Array | str, axes: Sequence[int]) -> str:
        """Add a change of the order of axes."""
        return self.add("Transpose", data, perm=axes)


class Rule(NamedTuple):
    """How an operator is said in ONNX.

    Attributes
    ----------
    say : callable
        Takes a `Call`, adds to its document, and returns the names of the outputs; raises Unsupported.
    integers : bool
        Whether it is right for integers too, not for float32 alone.
    """

    say: Callable[[Call], Result]
    integers: bool


_Say = TypeVar("_Say", bound=Callable[[Call], Result])

#: The rules, by the names of operators.
RULES: dict[str, Rule] = {}


def rule(*names: str, integers: bool = False) -> Callable[[_Say], _Say]:
    """Declare how operators are said in ONNX.

    Parameters
    ----------
    *names : str
        The operators.
    integers : bool, default False
        As in `Rule`.
    """

    def declare(say: _Say) -> _Say:
        for name in names:
            assert name not in RULES, name
            RULES[name] = Rule(say, integers)
        return say

    return declare
