"""Samples and refusals, which follow an operator's declaration and from which its tests are generated.

A sample gives the shapes of the inputs, the range that their values are drawn from, and the attributes. The tests
compare the operator's result with MXNet 1.9.1, and its gradient with finite differences.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np


@dataclass(frozen=True, slots=True)
class Input:
    """One input array of a sample.

    Attributes
    ----------
    shape : tuple of int
        Its shape.
    dtype : str
        Its MXNet type.
    low, high : float
        Values are drawn uniformly from [low, high), integers too.
    distinct : bool
        No two values are equal or close, so that max, sort and argmax have one answer and a defined gradient.
    values : tuple of float, optional
        Exactly these values in row-major order, instead of drawn ones: ties, NaN, negative divisors.
    """

    shape: tuple[int, ...]
    dtype: str = "float32"
    low: float = -2.0
    high: float = 2.0
    distinct: bool = False
    values: tuple[float, ...] | None = None

    def draw(self, rng: np.random.Generator) -> np.ndarray:
        """Draw the array; the same generator state gives the same values."""
        if self.values is not None:
            values = np.array(self.values).reshape(self.shape)
        elif self.distinct:
            count = int(np.prod(self.shape))
            values = rng.permutation(np.linspace(self.low, self.high, count, endpoint=False)).reshape(self.shape)
        elif np.dtype(self.dtype).kind in "iub":
            values = rng.integers(int(self.low), int(self.high), self.shape)
        else:
            values = rng.uniform(self.low, self.high, self.shape)
        return values.astype(self.dtype)


@dataclass(frozen=True, slots=True)
class Sample:
    """One call of an operator: `inputs` (None leaves an optional one out) and attributes.

    Attributes
    ----------
    inputs : tuple of Input or None
        The arrays, in the operator's order.
    attributes : dict
        Attribute values as a user writes them.
    training : bool
        Whether it runs in training mode, under ``autograd.record()``.
    gradient : bool
        Whether its gradient is compared as well; False where the operator has none.
    derivative : bool
        Whether the gradient is that of the function, so that finite differences must agree with it; False at a kink or
        a tie, and where the operator has a custom gradient (BlockGrad).
    out : tuple of int
        The inputs that are handed over as ``out=``, too, for a step that MXNet does in place only.
    rtol : float, optional
        Norm-wise relative tolerance, where that of the type (1e-5 for float32) is too strict for one of the two sides.
    judge : {'mxnet', 'numpy', 'statistics'}
        'mxnet' compares with MXNet 1.9.1. 'numpy': MXNet's CPU build refuses or miscomputes this case; a test
        written for it says what is right. 'statistics': the values are random, so only count, shape and dtype are
        compared with MXNet.
    """

    inputs: tuple[Input | None, ...]
    attributes: dict[str, Any] = field(default_factory=dict)
    training: bool = False
    gradient: bool = True
    judge: Literal["mxnet", "numpy", "statistics"] = "mxnet"
    derivative: bool = True
    rtol: float | None = None
    out: tuple[int, ...] = ()


def sample(
    *inputs: tuple[int, ...] | Input | None,
    training: bool = False,
    gradient: bool = True,
    judge: Literal["mxnet", "numpy", "statistics"] = "mxnet",
    derivative: bool = True,
    rtol: float | None = None,
    out: tuple[int, ...] = (),
    **attributes: Any,
) -> Sample:
    """Make a Sample; a bare shape stands for a float32 Input."""
    arrays = tuple(Input(item) if isinstance(item, tuple) else item for item in inputs)
    return Sample(arrays, attributes, training, gradient, judge, derivative, rtol, out)


def exactly(*values: float, shape: tuple[int, ...] | None = None, dtype: str = "float32") -> Input:
    """Make an Input with the given values; by default it has one axis."""
    return Input(shape or (len(values),), dtype, values=values)


@dataclass(frozen=True, slots=True)
class Refused:
    """A call that must raise MXNetError with a message that matches `message` (a regular expression)."""

    inputs: tuple[Input | None, ...]
    attributes: dict[str, Any]
    message: str


def refused(message: str, *inputs: tuple[int, ...] | Input | None, **attributes: Any) -> Refused:
    """Make a Refused; a bare shape stands for a float32 Input."""
    return Refused(tuple(Input(item) if isinstance(item, tuple) else item for item in inputs), attributes, message)
