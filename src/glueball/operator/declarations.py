"""What a `CustomOpProp` declares besides shapes and types: what its gradient reads, and how arrays are stored."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..core.context import Context
from ..core.errors import InvalidTypeError, MXNetError
from ..core.integers import is_int
from ..core.strangers import call
from ..ndarray import NDArray
from .custom_op import CustomOpProp


class Needs(NamedTuple):
    """Which arrays `CustomOp.backward` reads.

    Attributes
    ----------
    out_grad, in_data, out_data : tuple of bool
        One for each.
    """

    out_grad: tuple[bool, ...]
    in_data: tuple[bool, ...]
    out_data: tuple[bool, ...]


def needs(prop: CustomOpProp, inputs: int, outputs: int) -> Needs:
    """Ask the user's class which arrays its gradient reads; it is given a number for each."""
    numbers = list(range(2 * outputs + inputs))
    groups = numbers[:outputs], numbers[outputs : outputs + inputs], numbers[outputs + inputs :]
    found = call(prop.declare_backward_dependency, *map(list, groups))
    owner = f"{type(prop).__name__}.declare_backward_dependency"
    if not isinstance(found, list | tuple) or not all(map(is_int, found)):
        raise InvalidTypeError(f"{owner}: it must return a list of int; received {found!r:.80}")
    if not set(found) <= set(numbers):
        raise MXNetError(f"{owner}: it must return numbers that it is given, {numbers}; received {found!r:.80}")
    return Needs(*[tuple([number in found for number in group]) for group in groups])


class Undeclared(NDArray):
    """What `CustomOp.backward` gets in the place of an array that it has not declared: no shape and no values."""

    __slots__ = ("_what",)

    def __init__(self, what: str, ctx: Context) -> None:
        self._what, self._ctx, self._tape, self._grad = what, ctx, None, None

    @property
    def _data(self) -> Any:  # type: ignore[override]
        raise MXNetError(
            f"CustomOp.backward: {self._what} must be among what declare_backward_dependency returns, so that it is "
            "kept; it is not"
        )

    @property
    def shape(self) -> tuple[int, ...]:
        """Unknown, which is ()."""
        return ()

    @property
    def size(self) -> int:
        """The number of elements of such a shape."""
        return 1

    @property
    def dtype(self) -> Any:
        """Unknown."""
        return None

    @property
    def stype(self) -> str:
        """Unknown."""
        return "undefined"

    def __repr__(self) -> str:
        return f"<NDArray {self._what}, which is not declared>"
