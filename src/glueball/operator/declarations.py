"""What a `CustomOpProp` declares besides shapes and types: what its gradient reads, and how arrays are stored."""

from __future__ import annotations

from collections.abc import Sequence
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


def check_storage(prop: CustomOpProp, inputs: int, outputs: int, states: int) -> None:
    """Ask the user's class how arrays are stored, and refuse sparse ones."""
    dense = [["default"] * count for count in (inputs, outputs, states)]
    found = call(prop.infer_storage_type, list(dense[0]))
    _check(prop, "infer_storage_type", found, dense)


def check_storage_of_gradients(prop: CustomOpProp, inputs: int, outputs: int, states: int) -> None:
    """Ask the user's class how gradients are stored, and refuse sparse ones."""
    dense = [["default"] * count for count in (outputs, inputs, outputs, inputs, states)]
    found = call(prop.infer_storage_type_backward, *map(list, dense))
    _check(prop, "infer_storage_type_backward", found, dense)


def _check(prop: CustomOpProp, method: str, found: Any, dense: Sequence[list[str]]) -> None:
    owner = f"{type(prop).__name__}.{method}"
    counts = [len(group) for group in dense]
    short = [*found, []] if isinstance(found, list | tuple) and len(found) == len(dense) - 1 else found
    if not isinstance(short, list | tuple) or [len(group) for group in short] != counts:
        raise MXNetError(f"{owner}: it must return {len(dense)} lists, of {counts} types; received {found!r:.120}")
    for kind in [kind for group in short for kind in group]:
        if kind not in ("default", "undefined"):
            raise MXNetError(f"{owner}: all arrays of a CustomOp must be 'default'; received {kind!r}; compute with "
                             "dense arrays, and convert with tostype")  # fmt: skip


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
