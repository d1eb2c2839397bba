"""Inserting elements into an array and deleting them, as ``mx.np`` does."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError, OutOfRangeError
from ...core.integer_tape import converted
from ..axes import one_axis
from ..declare import cases, operator
from ..samples import Input, exactly, refused, sample

_INT64 = torch.int64


def _along(owner: str, arr: Tensor, axis: int | None) -> tuple[Tensor, int]:
    """Return the array and the axis to work on: None means the flattened array."""
    if axis is None:
        return arr.reshape(-1), 0
    return arr, one_axis(owner, axis, arr.dim())


def _checked(owner: str, places: Tensor, length: int, most: int) -> Tensor:
    """Count places from the front; refuse those beyond `most`."""
    places = places.to(_INT64)
    if places.numel() and not places.is_meta and (int(places.min()) < -length or int(places.max()) > most):
        raise OutOfRangeError(
            f"{owner}: an index must be from {-length} to {most} for an axis of length {length}; received "
            f"{places.tolist()}"
        )
    return torch.where(places < 0, places + length, places)


def _inserted(owner: str, arr: Tensor, axis: int, places: Tensor, values: Tensor, is_number: bool) -> Tensor:
    """Insert values before places of an axis, which are ascending or not.

    A single place takes as many values as there are; for several there is one value each.
    """
    length = arr.shape[axis]
    places = _checked(owner, places, length, length)
    values = converted(values, arr.dtype)
    received = tuple(values.shape)
    values = values.reshape([1] * (arr.dim() - values.dim()) + list(values.shape))
    if is_number and values.dim() == arr.dim():
        values = values.movedim(0, axis)
    count = values.shape[axis] if places.numel() == 1 and values.dim() == arr.dim() else places.numel()
    if places.numel() == 1:
        places = places.expand(count)
    target = [*arr.shape[:axis], count, *arr.shape[axis + 1 :]]
    if values.dim() > arr.dim() or any(have not in (1, want) for have, want in zip(values.shape, target, strict=True)):
        raise MXNetError(
            f"{owner}: values must broadcast to the shape of what is inserted, {tuple(target)}; received {received}"
        )
    # What is inserted before an element stands before it in this order; sorting keeps the order of equal ones.
    keys = torch.cat([torch.arange(length, device=arr.device) * 2 + 1, places * 2])
    return torch.cat([arr, values.expand(target)], axis).index_select(axis, torch.argsort(keys, stable=True))


def _values(owner: str, arr: Tensor, values: Tensor | None, val: float | None) -> Tensor:
    if val is not None:
        return torch.tensor(val, dtype=torch.float64, device=arr.device).to(arr.dtype)
    if values is None:
        raise MXNetError(f"{owner}: values must be given, or the number val; received neither")
    return values


def _without_values(attributes: Mapping[str, Any]) -> Collection[str]:
    return () if attributes["val"] is None else ("values",)


def _in_slice(length: int, start: int | None, stop: int | None, step: int | None) -> list[int]:
    return list(range(*slice(start, stop, step).indices(length)))


def _places(
    owner: str, length: int, start: int | None, stop: int | None, step: int | None, int_ind: int | None
) -> Sequence[int]:
    """Return the places that attributes name: one, or those of a slice."""
    if int_ind is not None:
        return [int_ind]
    if start is None and stop is None and step is None:
        raise MXNetError(f"{owner}: int_ind must be given, or a start, stop or step of a slice; received none of them")
    return _in_slice(length, start, stop, step)


def _add_insert(name: str) -> None:
    def insert(
        arr: Tensor, values: Tensor | None = None, *, val: float | None = None, start: int | None = None,
        stop: int | None = None, step: int | None = None, int_ind: int | None = None, axis: int | None = None,
    ) -> Tensor:  # fmt: skip
        """Insert values before one place of an axis, or before the places of a slice.

        Parameters
        ----------
        arr : NDArray
            The array.
        values : NDArray, optional
            What to insert; it broadcasts. Before one place go all that there are along the axis.
        val : float, optional
            A number to insert in place of `values`.
        start, stop, step : int, optional
            The slice.
        int_ind : int, optional
            The one place.
        axis : int, optional
            The axis; by default the array is flattened.
        """
        data, found = _along(name, arr, axis)
        places = _places(name, data.shape[found], start, stop, step, int_ind)
        at = torch.tensor(places, dtype=_INT64, device=arr.device)
        return _inserted(name, data, found, at, _values(name, arr, values, val), int_ind is not None)

    operator(
        name, types="T, V -> T", omits=_without_values, kind="shape", flops=0, precision="unlisted", reads_values=True,
    )(insert)  # fmt: skip


_add_insert("_npi_insert_scalar")
_add_insert("_npi_insert_slice")

cases(
    "_npi_insert_scalar",
    samples=lambda: [
        sample((2, 3), None, val=2, int_ind=1, gradient=False),
        sample((3,), None, val=2, int_ind=-1, axis=0, gradient=False),
        sample((2, 3), None, val=2, int_ind=1, axis=1, judge="numpy"),
        sample((2, 3), (2,), int_ind=3, axis=1, judge="numpy"), sample((2, 3), (3,), int_ind=1, axis=0, gradient=False),
        sample((2, 3), (2,), int_ind=3, axis=1, gradient=False),
        sample((2, 3), (2, 2), int_ind=1, axis=-1, gradient=False),
        sample((), None, val=1, int_ind=0, gradient=False),
        sample((2, 3), Input((2, 3), "int32"), int_ind=1, axis=0, gradient=False),
        sample((2, 3), (), int_ind=1, axis=1, gradient=False),
        sample(Input((2, 3), "int32"), None, val=2.5, int_ind=1, gradient=False),
    ],
    refusals=lambda: [
        refused("values must broadcast", (2, 3), (2,), int_ind=1, axis=0),
        refused("from -3 to 3", (2, 3), None, val=1, int_ind=4, axis=1),
        refused("must be given", (2, 3), None, val=1), refused("must be given", (2, 3), None, int_ind=1),
    ],
)  # fmt: skip
cases(
    "_npi_insert_slice",
    samples=lambda: [
        sample((2, 3), (2, 2), start=0, stop=2, step=1, axis=1, gradient=False),
        sample((2, 3), (2, 1), start=0, stop=2, step=1, axis=1, gradient=False),
        sample((3,), (2,), start=0, stop=2, step=1, gradient=False),
        sample((2, 3), (3,), start=-5, stop=2, step=1, axis=0, gradient=False),
        sample((2, 3), (2, 2), start=2, stop=0, step=-1, axis=1, gradient=False),
        sample((2, 3), (2, 2), start=0, stop=1, step=1, axis=1, gradient=False),
        sample((3,), None, val=2, start=0, stop=2, step=1, judge="numpy"),
        sample((2, 3), (2, 1), start=0, stop=2, step=1, axis=1, judge="numpy"),
        sample((2, 3), None, val=2, start=0, step=2, axis=1, judge="numpy"),
    ],
    refusals=lambda: [refused("values must broadcast", (2, 3), (3, 2), start=0, stop=2, step=1, axis=1)],
)  # fmt: skip


@operator(
    "_npi_insert_tensor", types="T, V, I -> T", omits=_without_values, kind="shape", flops=0, precision="unlisted",
    reads_values=True,
)  # fmt: skip
def insert_tensor(
    arr: Tensor, values: Tensor | None = None, obj: Tensor | None = None, *, val: float | None = None,
    start: int | None = None, stop: int | None = None, step: int | None = None, int_ind: int | None = None,
    axis: int | None = None,
) -> Tensor:  # fmt: skip
    """Insert values before the places in an array.

    Parameters
    ----------
    arr : NDArray
        The array.
    values : NDArray, optional
        What to insert; it broadcasts.
    obj : NDArray
        The places, integers: one axis, or none.
    val : float, optional
        A number to insert in place of `values`.
    start, stop, step, int_ind
        Not used, as in MXNet.
    axis : int, optional
        The axis; by default the array is flattened.
    """
    owner = "_npi_insert_tensor"
    is_integer = obj is not None and (obj.is_meta or not (obj.is_floating_point() or obj.dtype is torch.bool))
    if obj is None or obj.dim() > 1 or not is_integer:  # inference of shapes does not know the type
        received = "nothing" if obj is None else f"{obj.dtype} of shape {tuple(obj.shape)}"
        raise MXNetError(f"{owner}: obj must be integers with at most one axis; received {received}")
    data, found = _along(owner, arr, axis)
    return _inserted(owner, data, found, obj.reshape(-1), _values(owner, arr, values, val), not obj.dim())


cases(
    "_npi_insert_tensor",
    samples=lambda: [
        sample((2, 3), (2, 2), exactly(2, 1, dtype="int64"), axis=1, gradient=False),
        sample((2, 3), (2, 2), exactly(1, 1, dtype="int64"), axis=1, gradient=False),
        sample((2, 3), (2, 2), exactly(-1, 0, dtype="int64"), axis=1, gradient=False),
        sample((2, 3), (), exactly(0, 3, dtype="int64"), axis=1, gradient=False),
        sample((2, 3), (3,), exactly(2, 0, 1, dtype="int64"), gradient=False),
        sample((2, 3), (2, 3), exactly(1, dtype="int64"), axis=0, gradient=False),
        sample((2, 3), (2, 2), exactly(1, dtype="int64", shape=()), axis=1, judge="numpy"),
        sample((2, 3), None, exactly(1, 2, dtype="int64"), val=3, axis=1, judge="numpy"),
        sample((2, 3), (2, 2), exactly(1, 2, dtype="int32"), axis=1, judge="numpy"),
    ],
    refusals=lambda: [
        refused("at most one axis", (2, 3), (3,), Input((1, 2), "int64"), axis=0),
        refused("at most one axis", (2, 3), (3,), (2,), axis=0),
        refused("from -3 to 3", (2, 3), (), exactly(4, dtype="int64"), axis=1),
        refused("values must broadcast", (2, 3), (3,), exactly(0, 1, dtype="int64"), axis=1),
    ],
)  # fmt: skip


def _without_obj(attributes: Mapping[str, Any]) -> Collection[str]:
    return () if attributes["step"] is None and attributes["int_ind"] is None else ("obj",)


@operator(
    "_npi_delete", types="T, I -> T", omits=_without_obj, from_partial="nothing", kind="shape", flops=0,
    precision="unlisted", reads_values=True,
)  # fmt: skip
def delete(
    arr: Tensor, obj: Tensor | None = None, *, start: int | None = None, stop: int | None = None,
    step: int | None = None, int_ind: int | None = None, axis: int | None = None,
) -> Tensor:  # fmt: skip
    """Return an array without some places of an axis.

    Parameters
    ----------
    arr : NDArray
        The array.
    obj : NDArray, optional
        The places, or True for each of them.
    start, stop, step : int, optional
        A slice of places.
    int_ind : int, optional
        One place.
    axis : int, optional
        The axis; by default the array is flattened.
    """
    owner = "_npi_delete"
    data, found = _along(owner, arr, axis)
    length = data.shape[found]
    if obj is None:
        named = torch.tensor(_places(owner, length, start, stop, step, int_ind), dtype=_INT64)
        gone = _checked(owner, named, length, length - 1).tolist()
        kept = torch.tensor([place for place in range(length) if place not in gone], dtype=_INT64, device=arr.device)
        return data.index_select(found, kept)
    if obj.dtype is torch.bool and obj.numel() != length:
        raise MXNetError(f"{owner}: obj of bool must have {length} elements; received shape {tuple(obj.shape)}")
    if obj.is_meta or data.is_meta:
        # A length of 0 is one that is not known.
        return data.new_empty((*data.shape[:found], 0, *data.shape[found + 1 :]), device="meta")
    places = obj.reshape(-1).nonzero()[:, 0] if obj.dtype is torch.bool else obj.reshape(-1)
    remains = torch.ones(length, dtype=torch.bool, device=arr.device)
    remains[_checked(owner, places, length, length - 1)] = False
    return data.index_select(found, remains.nonzero()[:, 0])


cases(
    "_npi_delete",
    samples=lambda: [
        sample((2, 3), None, int_ind=1, gradient=False), sample((2, 3), None, int_ind=-1, axis=1, gradient=False),
        sample((2, 3), None, start=0, stop=2, step=1, axis=1, gradient=False),
        sample((2, 3), None, start=2, stop=0, step=-1, axis=1, gradient=False),
        sample((2, 3), None, start=5, stop=9, step=1, axis=1, gradient=False),
        sample((2, 3), exactly(0, 2, dtype="int64"), axis=1, gradient=False),
        sample((2, 3), exactly(0, -3, dtype="int32"), axis=1, gradient=False),
        # MXNet has no gradients of these, nor bool.
        sample((2, 3), exactly(1, 0, 1, dtype="bool"), axis=1, judge="numpy"),
        sample((2, 3), None, int_ind=1, judge="numpy"),
        sample((2, 3), None, start=0, stop=2, step=1, axis=1, judge="numpy"),
    ],
    refusals=lambda: [
        refused("from -3 to 2", (2, 3), None, int_ind=3, axis=1), refused("must be given", (2, 3)),
        refused("from -3 to 2", (2, 3), exactly(5, dtype="int64"), axis=1),
        refused("must have 3 elements", (2, 3), Input((2,), "bool", 0, 2), axis=1),
    ],
)  # fmt: skip
