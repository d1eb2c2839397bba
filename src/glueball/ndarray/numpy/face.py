"""The functions of ``mx.np`` on arrays."""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core.context import Context, current_context
from ...np_functions import Face, Group
from ...np_functions.face import WrongKindError
from ...ops.declare import Operator
from ...ops.groups import make_group
from ..invoke import invoke
from ..namespace import as_context
from ..namespace import functions as of_operators
from .np_array import ndarray
from .sources import array


class ArrayFace(Face):
    """Arrays of ``mx.np``."""

    kind = ndarray
    has_values = True
    whole_on_the_left = whole_on_the_right = (int, np.bool_, numbers.Integral)

    def call(
        self, operator: Operator, inputs: Sequence[Any], values: tuple[Any, ...] = (), out: Any = None, hint: str = ""
    ) -> Any:
        """Run an operator on arrays; see `Face.call`."""
        for each in inputs:
            if type(each) is not ndarray and each is not None and not isinstance(each, ndarray):
                raise _refusal(operator, each)
        if out is not None and type(out) is not ndarray:
            _check_out(operator, out)
        return invoke(operator, inputs, values, out)

    def create(
        self, operator: Operator, values: tuple[Any, ...], ctx: Context | str | None, out: Any = None,
        inputs: Sequence[Any] = (),
    ) -> Any:  # fmt: skip
        """Run an operator that may have no inputs; see `Face.create`."""
        if inputs:
            return self.call(operator, inputs, values, out)
        if out is not None:
            _check_out(operator, out)
        made: Any = invoke(operator, (), values, out, as_context(ctx) or current_context())
        return made.as_np_ndarray()  # mx.nd may have the operator, too

    def integers(self, values: Sequence[int], like: Any) -> Any:
        """Return integers as an array; see `Face.integers`."""
        return array(np.array(values, dtype=np.int64), ctx=like._ctx)


def _check_out(operator: Operator, out: Any) -> None:
    for each in out if isinstance(out, list | tuple) else [out]:
        if not isinstance(each, ndarray):
            raise _refusal(operator, each, "out must be an array of mx.np")


def _refusal(operator: Operator, value: Any, rule: str = "its inputs must be arrays of mx.np") -> WrongKindError:
    name = operator.name.split("_", 2)[-1] if operator.is_np else operator.name
    return WrongKindError(
        f"np.{name}: {rule}; received {type(value).__name__}; "
        "convert it with mx.np.array(...), or an NDArray with as_np_ndarray()"
    )


arrays = ArrayFace()

#: Operators under their own names, as MXNet has them.
operators = make_group(of_operators, f"{__package__}._op", "Operators of mx.np.", "_np_")

#: The functions of ``mx.np`` itself.
documented = Group("np", arrays, "glueball.numpy", operators, documented=True)
