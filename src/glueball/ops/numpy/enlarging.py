"""More axes, and longer ones, as ``mx.np`` makes them: broadcasting to a shape, at least so many axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Positive, Shape
from ..declare import cases, operator
from ..samples import Input, refused, sample


@operator("_npi_broadcast_to", may_alias=True, kind="shape", flops=0, precision="unlisted")
def broadcast_to(array: Tensor, *, shape: Shape = ()) -> Tensor:
    """Repeat along axes of length 1, and along new axes in front, to a shape.

    Parameters
    ----------
    array : NDArray
        Any shape.
    shape : int or tuple of int
        The new shape, with at least as many axes; -2 keeps a length.
    """
    new = len(shape) - array.dim()
    old = (None,) * new + tuple(array.shape)
    target = [have if want == -2 and have is not None else want for have, want in zip(old, shape, strict=False)]
    if new < 0 or any(have not in (None, 1, want) or want < 0 for have, want in zip(old, target, strict=True)):
        raise MXNetError(
            f"_npi_broadcast_to: shape must be what {tuple(array.shape)} broadcasts to; received {shape}; only axes of "
            "length 1 can be stretched, and new ones stand in front"
        )
    return array.expand(target)


cases(
    "_npi_broadcast_to",
    samples=lambda: [
        sample((3,), shape=(2, 3)), sample((), shape=(2, 3)), sample((1, 3), shape=(4, 2, 3)), sample(()),
        sample((2, 1), shape=(-2, 3)), sample((0, 3), shape=(2, 0, 3)), sample((1,), shape=(0,)),
    ],
    refusals=lambda: [
        refused("broadcasts to", (2, 3), shape=(2, 2)), refused("broadcasts to", (2, 3), shape=(3,)),
        refused("broadcasts to", (2, 3), shape=(-1, 3)),
    ],
)  # fmt: skip


def _one_or_several(arrays: Sequence[Tensor]) -> Tensor | tuple[Tensor, ...]:
    return arrays[0] if len(arrays) == 1 else tuple(arrays)


def _at_least(count: int, array: Tensor) -> Tensor:
    """Add axes of length 1 in front; of three, one comes last."""
    shape = list(array.shape)
    if count == 3 and len(shape) in (1, 2):
        shape.append(1)
    return array.reshape([1] * (count - len(shape)) + shape)


def _add_at_least(count: int) -> None:
    name = f"_np_atleast_{count}d"

    def at_least(*arys: Tensor, num_args: Positive) -> Any:
        """Return the arrays with axes of length 1 added where they have too few.

        Parameters
        ----------
        *arys : NDArray
            One or more arrays of one type.
        num_args : int
            The number of arrays; counted if not given.
        """
        if any(array.dtype is not arys[0].dtype for array in arys):
            raise MXNetError(f"{name}: all arrays must have one type; received several; convert with astype(...)")
        return _one_or_several([_at_least(count, array) for array in arys])

    operator(
        name, monitored_stem="ary", variadic_by="num_args", outputs=lambda attributes: attributes["num_args"],
        may_alias=True, kind="shape", flops=0, precision="unlisted",
    )(at_least)  # fmt: skip
    cases(
        name,
        samples=lambda: [
            sample((), num_args=1, gradient=False), sample((3,), num_args=1, gradient=False),
            sample((2, 3), (), (2, 3, 4), num_args=3, gradient=False), sample((0,), num_args=1),
            sample((2, 3), (), num_args=2, judge="numpy"),  # all gradients are 0 in MXNet
        ],
        refusals=lambda: [refused("one type", (2,), Input((2,), "int32"), num_args=2)],
    )  # fmt: skip


for _count in (1, 2, 3):
    _add_at_least(_count)
