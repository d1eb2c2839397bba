"""The sum of any number of arrays."""

from __future__ import annotations

from math import prod

from torch import Tensor

from ...core.dtype import type_name
from ...core.errors import MXNetError
from ..attrs import Positive
from ..declare import cases, operator
from ..flops import Call
from ..samples import Input, refused, sample
from ..sparse.elementwise import ADD_N


def _check_alike(arrays: tuple[Tensor, ...]) -> None:
    shapes = {tuple(array.shape): None for array in arrays}
    types = {type_name(array.dtype): None for array in arrays}
    if len(shapes) > 1:
        raise MXNetError(f"add_n: all arrays must have one shape; received {', '.join(map(str, shapes))}")
    if len(types) > 1 or "bool" in types:
        raise MXNetError(
            f"add_n: all arrays must have one type, which is not bool; received {', '.join(types)}; "
            "convert with astype(...)"
        )


def _flops(call: Call) -> int:
    return max(1, len(call.inputs) - 1) * prod(call.output)


@operator(
    "add_n",
    gradient_names=(),
    elementwise=True,
    aliases=["ElementWiseSum", "_sparse_add_n", "_sparse_ElementWiseSum"],
    variadic_by="num_args",
    kind="join",
    flops=_flops,
    precision="widest",
    sparse=ADD_N,
)
def add_n(*args: Tensor, num_args: Positive) -> Tensor:
    """Add arrays of the same shape.

    Parameters
    ----------
    *args : NDArray
        The arrays, of the same type, which is not bool.
    num_args : int
        The number of arrays; an nd function counts them itself.

    Returns
    -------
    NDArray
        Their sum.
    """
    _check_alike(args)
    total = args[0] + args[1] if len(args) > 1 else args[0].clone()
    for array in args[2:]:
        total = total + array
    return total


cases(
    "add_n",
    samples=lambda: [
        sample((2, 3)),
        sample((2, 3), (2, 3), (2, 3)),
        sample(Input((4,), "int32", -9, 9), Input((4,), "int32", -9, 9), gradient=False),
    ],
    refusals=lambda: [
        refused("one shape", (2, 3), (2, 1)),
        refused("one type", (2,), Input((2,), "float64")),
        refused("not bool", Input((2,), "bool"), Input((2,), "bool")),
        refused("at least one array"),
    ],
)  # fmt: skip
