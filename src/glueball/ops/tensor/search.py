"""Searching and sorting: the largest element, the sorted order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf, prod
from typing import Any, Literal

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..axes import one_axis
from ..declare import cases, operator
from ..flops import Call, per_input
from ..gradient import without_gradient
from ..samples import Input, Refused, exactly, refused, sample

# The types that indices can be returned in.
IndexType = Literal["float16", "float32", "float64", "int32", "int64", "uint8"]


def _check_numbers(owner: str, data: Tensor) -> None:
    if data.dtype is torch.bool:
        raise MXNetError(f"{owner}: data must be numbers; received bool; convert it with astype('float32')")


def _declare_position(name: str, find: Callable[..., Tensor], what: str) -> None:
    distinct = Input((2, 3, 4), distinct=True)

    @operator(name, from_partial="nothing", method=name, kind="other", flops=per_input())
    def position(data: Tensor, *, axis: int | None = None, keepdims: bool = False) -> Tensor:
        _check_numbers(name, data)
        if axis is None:
            found = find(data.detach()).reshape((1,) * (data.dim() if keepdims else 1))
        else:
            found = find(data.detach(), dim=one_axis(name, axis, data.dim()), keepdim=keepdims)
            found = found if found.dim() else found.reshape(1)
        return without_gradient(found.to(data.dtype), data)

    cases(
        name,
        samples=lambda: [
            sample(distinct),
            sample(distinct, axis=1),
            sample(distinct, axis=-1, keepdims=True),
            sample(distinct, keepdims=True),
            sample(Input((3, 4), "float64", distinct=True), axis=0),
            sample(exactly(1, 3, 3, 0, 0, 0, 2, 2, 1, shape=(3, 3)), axis=1, derivative=False),
            sample(exactly(1, 3, float("nan"), float("nan"), shape=(2, 2)), axis=1),
            sample(exactly(5, 7, 7, 3, dtype="int32"), axis=0, gradient=False),
        ],
        refusals=lambda: [
            refused("axis must be from -2 to 1", (2, 3), axis=2),
            refused("axis must be an int, or None", (2, 3), axis=(0, 1)),
            refused("data must be numbers", Input((2,), "bool")),
        ],
    )  # fmt: skip

    position.__name__ = name
    position.__doc__ = f"""Return where the {what} element is, as an index of the type of `data`.

    Parameters
    ----------
    data : NDArray
        Numbers of any type but bool. If there is a NaN, the first one is found.
    axis : int, optional
        The axis to search along; None searches everything, in row-major order.
    keepdims : bool, default False
        Keep the searched axes with length 1.

    Returns
    -------
    NDArray
        The index of the first of several equal elements. Small types cannot hold large indices: float16 counts to 2048.
    """


_declare_position("argmax", torch.argmax, "largest")
_declare_position("argmin", torch.argmin, "smallest")


@operator("argmax_channel", from_partial="nothing", method="argmax_channel", kind="other", flops=per_input())
def argmax_channel(data: Tensor) -> Tensor:
    """Return where the largest element of each row is: `argmax` along axis 1.

    Parameters
    ----------
    data : NDArray
        (N, C, ...), such as the scores of classes.

    Returns
    -------
    NDArray
        The other axes, of the type of `data`.
    """
    _check_numbers("argmax_channel", data)
    if data.dim() < 2:
        raise MXNetError(f"argmax_channel: data must have at least 2 axes; received {tuple(data.shape)}")
    return without_gradient(torch.argmax(data.detach(), dim=1).to(data.dtype), data)


cases(
    "argmax_channel",
    samples=lambda: [sample(Input(shape, distinct=True), gradient=False) for shape in [(2, 3), (2, 3, 4)]],
    refusals=lambda: [
        refused("data must have at least 2 axes", (3,)),
        refused("data must be numbers", Input((2, 2), "bool")),
    ],
)  # fmt: skip


def _flat(owner: str, data: Tensor, axis: int | None) -> tuple[Tensor, int]:
    """Return the array and axis to sort: for None the flattened array."""
    if axis is None:
        return data.reshape(-1), 0
    return data, one_axis(owner, axis, data.dim())


_SORTED = Input((3, 4), distinct=True)


def _order_refusals() -> list[Refused]:
    return [refused("axis must be from -2 to 1", (2, 3), axis=2)]


def _sorting(call: Call) -> int:
    # Rows of n elements take n log2(n) comparisons, the logarithm rounded up.
    data, axis = call.inputs["data"], call.attributes["axis"]
    length = prod(data) if axis is None else data[axis]
    return prod(data) * (length - 1).bit_length()


@operator(
    "sort",
    aliases=["_npi_sort"],
    method="sort",
    hidden_outputs=1,  # where each element came from
    kind="other",
    flops=_sorting,
)
def sort(data: Tensor, *, axis: int | None = -1, is_ascend: bool = True) -> Tensor:
    """Return the elements in sorted order.

    Differs from MXNet: NaN counts as larger than all numbers, where MXNet's order is then arbitrary.

    Parameters
    ----------
    data : NDArray
        Of any type; MXNet refuses bool.
    axis : int, default -1
        The axis to sort along; None sorts the flattened array.
    is_ascend : bool, default True
        Sort from the smallest to the largest; False reverses the order.

    Returns
    -------
    NDArray
        An array of the type of `data`.
    """
    data, axis = _flat("sort", data, axis)
    return torch.sort(data, dim=axis, descending=not is_ascend, stable=True).values


cases(
    "sort",
    samples=lambda: [
        sample(_SORTED, axis=-1),
        sample(_SORTED, axis=0, is_ascend=False),
        sample(_SORTED, gradient=False),
        sample(_SORTED, axis=None, gradient=False),
        sample(Input((2, 2, 3), "float64", distinct=True), axis=1),
        sample(Input((6,), "int32", -9, 9), gradient=False),
        sample(Input((6,), "bool", 0, 2), gradient=False, judge="numpy"),
    ],
    refusals=_order_refusals,
)  # fmt: skip


@operator(
    "argsort",
    aliases=["_npi_argsort"],
    types="S -> {dtype}",
    method="argsort",
    kind="other",
    flops=_sorting,
    precision="single",
)
def argsort(data: Tensor, *, axis: int | None = -1, is_ascend: bool = True, dtype: IndexType = "float32") -> Tensor:
    """Return the indices that would put the elements in order.

    Differs from MXNet: equal elements keep their order. In MXNet they do up to a length of 16; further on, their order
    is what the sorting of its C++ library leaves, which may be another in each build.

    Parameters
    ----------
    data : NDArray
        Of any type; MXNet refuses bool.
    axis : int, default -1
        The axis to sort along; None sorts the flattened array.
    is_ascend : bool, default True
        Sort from the smallest to the largest; False reverses the order.
    dtype : {'float32', 'float64', 'float16', 'int32', 'int64', 'uint8'}
        The type of the indices. A small type cannot hold a large index.

    Returns
    -------
    NDArray
        The indices.
    """
    row, axis = _flat("argsort", data, axis)
    order = torch.sort(row.detach(), dim=axis, descending=not is_ascend, stable=True).indices
    return without_gradient(order.to(getattr(torch, dtype)), data)


cases(
    "argsort",
    samples=lambda: [
        sample(_SORTED, derivative=False),
        sample(_SORTED, axis=0, is_ascend=False, dtype="float64"),
        sample(_SORTED, axis=None, dtype="int32", gradient=False),
        sample(exactly(3, 1, 2, dtype="int32"), gradient=False),
        sample(Input((6,), "bool", 0, 2), gradient=False, judge="numpy"),
    ],
    refusals=lambda: [*_order_refusals(), refused("dtype must be one of", (2,), dtype="int8")],
)  # fmt: skip


def _first(row: Tensor, k: int, axis: int, largest: bool) -> Tensor:
    """Return where the `k` largest or smallest elements of each row are, in order.

    MXNet sorts a row of which more than an eighth is asked for. For less it selects by a heap, as torch does for k of
    64 k elements or more: a row is made that long by elements that cannot be chosen.
    """
    length = row.shape[axis]
    if 8 * k > length or row.is_cuda:
        return torch.sort(row, dim=axis, descending=largest, stable=True).indices.narrow(axis, 0, k)
    if 64 * k > length:
        if row.is_floating_point():
            last = -inf if largest else inf
        else:
            last = torch.iinfo(row.dtype).min if largest else torch.iinfo(row.dtype).max
        shape = list(row.shape)
        shape[axis] = 64 * k - length
        row = torch.cat([row, row.new_full(shape, last)], axis)
    return torch.topk(row, k, axis, largest=largest).indices


def _count_topk_outputs(attributes: Mapping[str, Any]) -> int:
    return 2 if attributes["ret_typ"] == "both" else 1


def _topk_types(attributes: Mapping[str, Any]) -> str:
    return {"indices": "S -> {dtype}", "both": "T -> T, {dtype}"}.get(attributes["ret_typ"], "T -> T")


@operator(
    "topk",
    npx="topk",
    method="topk",
    types=_topk_types,
    outputs=_count_topk_outputs,
    hidden_outputs=lambda attributes: 1 if attributes["ret_typ"] == "value" else 0,
    kind="other",
    flops=_sorting,
    precision="single",
)
def topk(
    data: Tensor,
    *,
    axis: int | None = -1,
    k: int = 1,
    ret_typ: Literal["both", "indices", "mask", "value"] = "indices",
    is_ascend: bool = False,
    dtype: IndexType = "float32",
) -> Tensor | tuple[Tensor, Tensor]:
    """Return the `k` largest elements, in order.

    Where `k` is more than an eighth of the length, equal elements keep their order, as in `argsort`; in MXNet they do
    up to a length of 16. Below that their choice and order are those of a heap, as MXNet's are.

    Parameters
    ----------
    data : NDArray
        Numbers of any type but bool.
    axis : int, default -1
        The axis to search along; None searches the flattened array.
    k : int, default 1
        The number of elements; below 1 means all.
    ret_typ : {'indices', 'value', 'both', 'mask'}, default 'indices'
        Return their indices; the elements; both, elements first; or an array of the shape of `data` that is 1 at them
        and 0 elsewhere.
    is_ascend : bool, default False
        Return the smallest elements instead, the smallest first.
    dtype : {'float32', 'float64', 'float16', 'int32', 'int64', 'uint8'}
        The type of the indices. A small type cannot hold a large index.

    Returns
    -------
    NDArray or list of NDArray
        The elements and a mask have the type of `data`.
    """
    _check_numbers("topk", data)
    row, along = _flat("topk", data, axis)
    length = row.shape[along]
    if k > length:
        raise MXNetError(f"topk: k must be at most {length}, the length of the axis; received {k}")
    chosen = _first(row.detach(), k if k > 0 else length, along, largest=not is_ascend)
    if ret_typ == "mask":
        mask = torch.zeros_like(row).scatter_(along, chosen, 1)
        return without_gradient(mask.reshape(data.shape), data)
    indices = without_gradient(chosen.to(getattr(torch, dtype)), data)
    if ret_typ == "indices":
        return indices
    values = row.gather(along, chosen)
    return values if ret_typ == "value" else (values, indices)


cases(
    "topk",
    samples=lambda: [
        *[
            sample(_SORTED, ret_typ=kind, derivative=kind != "indices", **options)
            for kind in ("indices", "value", "mask", "both")
            for options in ({"k": 2}, {"k": 2, "axis": 0, "is_ascend": True}, {"k": 5, "axis": None})
        ],
        sample(_SORTED, derivative=False),
        sample(_SORTED, k=0, ret_typ="value"),
        sample(_SORTED, k=3, ret_typ="both", dtype="int32"),
        sample(Input((3, 4), "int32", -50, 50), k=2, ret_typ="value", gradient=False),
    ],
    refusals=lambda: [
        *_order_refusals(),
        refused("data must be numbers", Input((2,), "bool")),
        refused("k must be at most 3", (2, 3), k=4),
        refused("ret_typ must be one of", (2, 3), ret_typ="values"),
    ],
)  # fmt: skip
