"""Changing the shape of an array as ``mx.np`` does: reshape in two notations, squeeze, copy."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Shape
from ..axes import one_axis
from ..declare import cases, operator
from ..samples import Input, refused, sample


def _filled(owner: str, lengths: Sequence[int], shape: Sequence[int]) -> tuple[int, ...]:
    """Return lengths with the one that is -1 computed, for an array of `shape`."""
    size, known = math.prod(shape), math.prod([length for length in lengths if length != -1])
    unknown = list(lengths).count(-1)
    fits = size == known if not unknown else unknown == 1 and known > 0 and size % known == 0
    if not fits or any(length < -1 for length in lengths):
        raise MXNetError(
            f"{owner}: newshape must be lengths for all {size} elements, of which one may be -1 where the others are "
            f"not 0; received {tuple(lengths)} for shape {tuple(shape)}"
        )
    return tuple([size // known if length == -1 else length for length in lengths])


@operator("_np_reshape", may_alias=True, kind="shape", flops=0, caption="{newshape}", precision="unlisted")
def reshape(a: Tensor, *, newshape: Shape, order: str = "C") -> Tensor:
    """Return the elements in another shape.

    Parameters
    ----------
    a : NDArray
        Any shape.
    newshape : int or tuple of int
        The new shape; one length may be -1 and follows from the others.
    order : {'C', 'F', 'A'}, default 'C'
        Whether the last index changes fastest, in reading and in writing, or, for 'F', the first.
    """
    shape = _filled("_np_reshape", newshape, a.shape)
    if order in ("C", "A"):
        return a.reshape(shape)
    if order != "F":
        raise MXNetError(f"_np_reshape: order must be 'C', 'F' or 'A'; received {order!r}")
    turned = a.permute(tuple(range(a.dim()))[::-1]).reshape(shape[::-1])
    return turned.permute(tuple(range(turned.dim()))[::-1])


cases(
    "_np_reshape",
    samples=lambda: [
        sample((2, 3), newshape=(3, 2)), sample((2, 3), newshape=-1), sample((2, 3, 4), newshape=(4, -1)),
        sample((), newshape=(1, 1)), sample((1,), newshape=()), sample((0, 3), newshape=(-1, 3)),
        sample((0, 3), newshape=(3, 0)), sample(Input((2, 3), "int32"), newshape=(6,), gradient=False),
        sample((2, 3), newshape=(3, 2), order="F", judge="numpy"),
    ],
    refusals=lambda: [
        refused("all 6 elements", (2, 3), newshape=(4, -1)),
        refused("all 6 elements", (2, 3), newshape=(0, -1)),
        refused("all 6 elements", (2, 3), newshape=(-2, 3)),
        refused("all 6 elements", (2, 3), newshape=(-1, -1)),
        refused("order must be", (2, 3), newshape=(6,), order="K"),
    ],
)  # fmt: skip


def _resolved(shape: list[int], codes: list[int], fail: Callable[[str], MXNetError]) -> list[int]:
    """Return the lengths that the codes of `npx_reshape` mean; one may still be -1."""
    result: list[int] = []
    axis = position = 0

    def take() -> int:
        nonlocal axis
        if axis >= len(shape):
            raise fail("the codes must not ask for more axes than the array has")
        axis += 1
        return shape[axis - 1]

    while position < len(codes):
        code = codes[position]
        position += 1
        if code >= -1:
            result.append(code)
            axis += 1
        elif code == -2:
            result.append(take())
        elif code == -3:
            if take() != 1:
                raise fail("-3 must stand for an axis of length 1")
        elif code == -4:
            result += shape[axis:]
            axis = len(shape)
        elif code == -5:
            result.append(take() * take())
        elif code == -6:
            result += _parts(take(), codes[position : position + 2], fail)
            position += 2
        else:
            raise fail("each code must be a length or one of -1, -2, -3, -4, -5, -6")
    return result


def _parts(length: int, factors: list[int], fail: Callable[[str], MXNetError]) -> list[int]:
    """Return the two lengths that -6 splits an axis into; one of them may be -1."""
    if len(factors) < 2:
        raise fail("-6 must be followed by two lengths")
    left, right = factors
    if left == -1 and right > 0:
        left = length // right
    elif right == -1 and left > 0:
        right = length // left
    if left < 0 or right < 0 or left * right != length:
        raise fail(f"the two lengths after -6 must multiply to {length}")
    return [left, right]


@operator(
    "_npx_reshape", aliases=["_npi_reshape"], may_alias=True, kind="shape", flops=0, caption="{newshape}",
    precision="unlisted",
)  # fmt: skip
def npx_reshape(a: Tensor, *, newshape: Shape, reverse: bool = False, order: str = "C") -> Tensor:
    """Return the elements in another shape, which may be said relative to that of the array.

    Parameters
    ----------
    a : NDArray
        Any shape.
    newshape : int or tuple of int
        Lengths, and codes about the next axis of `a`: -1 is whatever length remains, once only; -2 keeps the axis;
        -3 drops it, if its length is 1; -4 keeps all the axes that remain; -5 merges two axes; -6, followed by two
        lengths of which one may be -1, splits one.
    reverse : bool, default False
        Read the codes, and the axes of `a`, from the right.
    order : {'C'}
        The order of the elements.
    """

    def fail(rule: str) -> MXNetError:
        return MXNetError(f"_npx_reshape: {rule}; received {newshape} for shape {tuple(a.shape)}")

    if order != "C":
        raise MXNetError(f"_npx_reshape: order must be 'C'; received {order!r}; use np.reshape")
    shape, codes = list(a.shape), list(newshape)
    lengths = _resolved(shape[::-1], codes[::-1], fail)[::-1] if reverse else _resolved(shape, codes, fail)
    return a.reshape(_filled("_npx_reshape", lengths, a.shape))


cases(
    "_npx_reshape",
    samples=lambda: [
        sample((2, 3, 4), newshape=(-2, -2, 2, -1)), sample((2, 3, 4), newshape=(-6, 2, 1, -4)),
        sample((2, 3, 4), newshape=(-6, 1, -1, -4)), sample((2, 3, 4), newshape=(-5, -4)),
        sample((2, 3, 4), newshape=(-5, -2)), sample((1, 3, 4), newshape=(-3, -4)), sample((2, 3, 4), newshape=-1),
        sample((2, 3, 4), newshape=(-2, -1), reverse=True), sample((0, 3), newshape=(-5,)),
        sample((0, 3), newshape=(-4, 1)), sample((), newshape=(-4,)), sample((), newshape=(1,)),
    ],
    refusals=lambda: [
        refused("axis of length 1", (2, 3), newshape=(-3, -4)), refused("more axes", (2, 3), newshape=(-2, -2, -2)),
        refused("all 6 elements", (2, 3), newshape=(0, -1)), refused("each code", (2, 3), newshape=(-7,)),
        refused("followed by two", (2, 3), newshape=(-6, 2)),
        refused("multiply to 2", (2, 3), newshape=(-6, 5, -1, -4)),
        refused("order must be", (2, 3), newshape=(6,), order="F"),
    ],
)  # fmt: skip


@operator("_np_squeeze", may_alias=True, kind="shape", flops=0, precision="unlisted")
def squeeze(a: Tensor, *, axis: Shape | None = None) -> Tensor:
    """Drop axes of length 1.

    Parameters
    ----------
    a : NDArray
        Any shape.
    axis : int or tuple of int, optional
        Which axes; by default all of length 1.
    """
    if axis is None:
        return a.squeeze()
    if not a.dim():
        if len(axis) == 1 and axis[0] in (0, -1):
            return a.squeeze()
        raise MXNetError(f"_np_squeeze: axis must be None, 0 or -1 for an array without axes; received {axis}")
    dropped = {one_axis("_np_squeeze", each, a.dim()) for each in axis}
    if any(a.shape[each] != 1 for each in dropped):
        raise MXNetError(
            f"_np_squeeze: axis must name axes of length 1; received {axis} for an array of shape {tuple(a.shape)}"
        )
    return a.reshape([length for each, length in enumerate(a.shape) if each not in dropped])


cases(
    "_np_squeeze",
    samples=lambda: [
        sample((1, 3, 1)), sample((1, 3, 1), axis=0), sample((1, 3, 1), axis=(0, -1)), sample((1, 3, 1), axis=()),
        sample(()), sample((), axis=0), sample((1, 0)), sample((1, 1)),
    ],
    refusals=lambda: [
        refused("axes of length 1", (1, 3), axis=1), refused("from -2 to 1", (1, 3), axis=2),
        refused("without axes", (), axis=()),
    ],
)  # fmt: skip


@operator("_np_copy", elementwise=True, may_alias=True, hands_on=True, kind="shape", flops=0, precision="unlisted")
def copy(a: Tensor) -> Tensor:
    """Return a copy.

    Parameters
    ----------
    a : NDArray
        Any shape.
    """
    return a


cases("_np_copy", samples=lambda: [sample((2, 3)), sample(()), sample(Input((0, 2), "int32"), gradient=False)])
