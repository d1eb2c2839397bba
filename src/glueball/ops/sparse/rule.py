"""What an operator does with sparse inputs: the fact `sparse` of its declaration.

A rule is asked whenever an input is sparse, or the operator may make a sparse array of dense ones. It computes, or it
says that for these forms MXNet computes with dense arrays; what has no rule always does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from torch import Tensor

from ...core.sparse_forms import Csr, Form, Rows
from .slices import Slices

Value = Form | Tensor


class Call(NamedTuple):
    """A call of an operator.

    Attributes
    ----------
    inputs
        Each a sparse form or a dense tensor, outside of any recorded graph; None for one that was not given.
    attributes
        The attributes by name.
    function
        The declared function with its attributes bound, for dense tensors.
    """

    inputs: Sequence[Value | None]
    attributes: Mapping[str, Any]
    function: Callable[..., Any]

    @property
    def stypes(self) -> tuple[str, ...]:
        """The forms of the inputs by MXNet's names."""
        return tuple(["default" if isinstance(one, Tensor) or one is None else one.stype for one in self.inputs])

    def csr(self, number: int) -> Csr:
        """Return an input that is a `Csr`."""
        found = self.inputs[number]
        assert isinstance(found, Csr)
        return found

    def rows(self, number: int) -> Rows:
        """Return an input that is a `Rows`."""
        found = self.inputs[number]
        assert isinstance(found, Rows)
        return found

    def tensor(self, number: int) -> Tensor:
        """Return an input that is dense."""
        found = self.inputs[number]
        assert isinstance(found, Tensor)
        return found


class Changed(NamedTuple):
    """What a rule returns in the place of an input of which only some slices become others.

    Nothing is copied where it goes back to the input's own memory.

    Attributes
    ----------
    slices : Slices
        Those of the input.
    values : Tensor
        What they become.
    """

    slices: Slices
    values: Tensor


#: What a rule returns where MXNet has a dense kernel for sparse inputs, so that it does not warn.
DENSE = object()

Gradients = Sequence[Any]
GradientStypes = Callable[[Mapping[str, Any], Sequence[str]], Mapping[int, str]]


@dataclass(frozen=True)
class Sparse:
    """What an operator does with sparse arrays.

    Attributes
    ----------
    compute
        Takes a `Call` and returns the result, in the form that MXNet gives it; or None where MXNet converts the inputs
        to dense arrays and warns, or `DENSE` where it does so without a warning. A result or a new state that differs
        from an input in some slices may be a `Changed`.
    gradient
        Takes the call and the gradient of the result, in any form, and returns that of each input; None is zero,
        `DENSE` that it is to be computed with dense tensors. Without it, the gradient is computed with dense tensors.
    makes
        Whether the result may be sparse although no input is: a function of the attributes. Then a graph with it is
        computed call by call.
    gradient_stypes
        The storage types of gradients of inputs, by position, where they differ from what a variable's own storage
        says: a function of the attributes and of the storage types of the inputs.
    """

    compute: Callable[[Call], Any]
    gradient: Callable[[Call, Value], Gradients] | None = None
    makes: Callable[[Mapping[str, Any]], bool] | None = None
    gradient_stypes: GradientStypes | None = None


@dataclass(frozen=True)
class SparseByArrays:
    """What an operator does with sparse arrays that takes and makes arrays itself, as those that programs write do.

    Attributes
    ----------
    call
        Takes the arrays of a call, their context, and `out`; returns what the call returns, recorded.
    makes, gradient_stypes
        As those of `Sparse`.
    """

    call: Callable[[Sequence[Any], Any, Any], Any]
    makes: Callable[[Mapping[str, Any]], bool]
    gradient_stypes: GradientStypes
