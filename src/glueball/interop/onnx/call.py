"""One call of an operator, and the rule by which it is said in ONNX."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeVar

import numpy as np
import torch

from .document import NUMPY, TYPES, Array, Document
from .lengths import Computed, Length, located, varies
from .lengths import Unsupported as Unsupported

#: What a rule returns: the name of the output, or of the first outputs.
Result = str | tuple[str, ...]


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

    def several(self, kind: str, count: int, *inputs: Array | str | None, **attributes: Any) -> tuple[str, ...]:
        """Add an operator of ONNX with several outputs and return their names."""
        return self.document.add(kind, inputs, count, attributes)

    def number(self, value: float, kind: torch.dtype | None = None) -> str:
        """Return the name of a number, of the type of the first input or of another."""
        kind = kind or (self.data.type if self.arrays else self.type)
        if kind not in NUMPY:
            raise Unsupported("for bfloat16")
        if not kind.is_floating_point and value != int(value):
            raise Unsupported("a fraction among integers")
        return self.document.constant(np.array(value, NUMPY[kind]))

    def cast(self, data: Array | str, kind: torch.dtype) -> str:
        """Add a conversion to a type."""
        return self.add("Cast", data, to=TYPES[kind])

    def as_result(self, condition: Array | str) -> str:
        """Return conditions as the zeros and ones of the first output's type."""
        return self.cast(condition, self.type)

    def integers(self, values: Sequence[int]) -> str:
        """Return the name of a list of integers, such as axes or lengths; those that vary are computed."""
        if not any(map(varies, values)):
            return self.document.constant(np.array(values, np.int64))
        known = [length for array in self.arrays for length in array.shape]
        parts = [self._computed(located(value, known)) for value in values]
        return parts[0] if len(parts) == 1 else self.document.once("Concat", parts, axis=0)

    def scalar(self, value: int) -> str:
        """Return the name of an integer without axes; one that varies is computed."""
        if not varies(value):
            return self.document.constant(np.array(value, np.int64))
        return self.document.once("Squeeze", [self.integers((value,)), self.integers((0,))])

    def _computed(self, length: Length | int) -> str:
        """Return the name of a list of one length."""
        if not isinstance(length, Length):
            return self.document.constant(np.array([length], np.int64))
        source = length.source
        if source is None:
            raise Unsupported("a length that varies does not follow from those of its inputs")
        if isinstance(source, Computed):
            return self.document.once(source.kind, [self._computed(each) for each in (source.left, source.right)])
        shape, place = self.document.once("Shape", [source.array]), self.integers((source.number,))
        return self.document.once("Gather", [shape, place], axis=0)

    def reshape(self, data: Array | str, shape: Sequence[int]) -> str:
        """Add a change of shape, in which lengths may vary."""
        wanted = list(shape)
        open_axes = [axis for axis, length in enumerate(wanted) if varies(length)]
        if len(open_axes) > 1 and isinstance(data, Array):
            for axis, (had, length) in enumerate(zip(data.shape, shape, strict=False)):
                if isinstance(length, Length) and isinstance(had, Length) and had.cases == length.cases:
                    wanted[axis] = 0  # in ONNX: the length that this axis has
                    open_axes.remove(axis)
        if open_axes:
            wanted[open_axes[-1]] = -1  # which follows from the others
        return self.add("Reshape", data, self.integers(wanted))

    def reduce(self, kind: str, data: Array | str, axes: Sequence[int], keepdims: bool = True) -> str:
        """Add a reduction along axes."""
        if self.document.opset >= 18 or kind == "ReduceSum":
            return self.add(kind, data, self.integers(axes), keepdims=int(keepdims))
        return self.add(kind, data, axes=list(axes), keepdims=int(keepdims))

    def filled(self, shape: Sequence[int], value: float, kind: torch.dtype) -> str:
        """Return the name of an array of one number; its lengths may vary."""
        if not any(map(varies, shape)):
            return self.document.constant(np.full(shape, value, NUMPY[kind]))
        return self.add("Expand", self.number(value, kind), self.integers(shape))

    def range(self, length: int, kind: torch.dtype = torch.int64) -> str:
        """Return the name of the numbers from 0 up to a length, which may vary."""
        if not varies(length):
            return self.document.constant(np.arange(length, dtype=NUMPY[kind]))
        bounds = [self.scalar(0), self.scalar(length), self.scalar(1)]
        numbers = self.document.once("Range", bounds)
        return numbers if kind is torch.int64 else self.cast(numbers, kind)

    def along(self, numbers: str, rank: int, axis: int) -> str:
        """Return a list as an array of a rank, along an axis."""
        return self.add("Reshape", numbers, self.integers([-1 if number == axis else 1 for number in range(rank)]))

    def transpose(self, data: Array | str, axes: Sequence[int]) -> str:
        """Add a change of the order of axes."""
        return self.add("Transpose", data, perm=axes)


class Rule(NamedTuple):
    """How an operator is said in ONNX.

    Attributes
    ----------
    say : callable
        Takes a `Call`, adds to its document, and returns the names of the outputs; raises Unsupported.
    integers : bool or 'files'
        Whether it is right for integers too, not for floating-point numbers alone; 'files': in files, since runtimes
        may compute long integers as short ones.
    since : int
        The first version of ONNX's operators in which it can be said.
    runtimes : bool
        Whether engines hand the operator to a runtime by it; False for what is written to files alone, such as random
        numbers, which a runtime draws from a stream of its own.
    """

    say: Callable[[Call], Result]
    integers: bool | Literal["files"]
    since: int
    runtimes: bool


_Say = TypeVar("_Say", bound=Callable[[Call], Result])

#: The rules, by the names of operators.
RULES: dict[str, Rule] = {}


def rule(
    *names: str, integers: bool | Literal["files"] = False, since: int = 13, runtimes: bool = True
) -> Callable[[_Say], _Say]:
    """Declare how operators are said in ONNX.

    Parameters
    ----------
    *names : str
        The operators.
    integers : bool or 'files', default False
    since : int, default 13
    runtimes : bool, default True
        As in `Rule`.
    """

    def declare(say: _Say) -> _Say:
        for name in names:
            assert name not in RULES, name
            RULES[name] = Rule(say, integers, since, runtimes)
        return say

    return declare
