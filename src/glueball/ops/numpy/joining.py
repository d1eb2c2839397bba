"""Joining arrays and splitting them, as ``mx.np`` does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import torch
from torch import Tensor

from ...core.dtype import type_name
from ...core.errors import MXNetError
from ..attrs import NonNegative, Positive, Shape
from ..axes import one_axis
from ..declare import cases, operator
from ..samples import Input, refused, sample
from ..tensor.join import count_parts, parts_along


def _joined(owner: str, arrays: Sequence[Tensor], axis: int) -> Tensor:
    """Join arrays of one type along an axis."""
    first = arrays[0]
    axis = one_axis(owner, axis, first.dim())
    others = [length for each, length in enumerate(first.shape) if each != axis]
    for number, array in enumerate(arrays):
        if array.dtype is not first.dtype:
            raise MXNetError(
                f"{owner}: all arrays must have one type; received {type_name(first.dtype)} and, as number {number}, "
                f"{type_name(array.dtype)}; convert with astype(...)"
            )
        rest = [length for each, length in enumerate(array.shape) if each != axis]
        if array.dim() != first.dim() or rest != others:
            raise MXNetError(
                f"{owner}: all arrays must have one shape but for axis {axis}; received {tuple(first.shape)} and, as "
                f"number {number}, {tuple(array.shape)}"
            )
    return torch.cat(list(arrays), axis)


_TYPES = [refused("one type", (2, 3), Input((2, 3), "int32"), num_args=2)]


@operator(
    "_npi_concatenate",
    monitored_stem="data",
    output_names=("out",),
    variadic_by="num_args",
    kind="join",
    flops=0,
    caption="axis {axis}",
    precision="unlisted",
)
def concatenate(*data: Tensor, num_args: Positive, axis: int | None = 0) -> Tensor:
    """Join arrays along an existing axis.

    Parameters
    ----------
    *data : NDArray
        One or more arrays of one type, whose shapes differ at most along `axis`.
    num_args : int
        The number of arrays; counted if not given.
    axis : int, optional
        Along which axis; None joins all elements, in an array with one axis.
    """
    if axis is None:
        return _joined("_npi_concatenate", [array.reshape(-1) for array in data], 0)
    return _joined("_npi_concatenate", data, axis)


cases(
    "_npi_concatenate",
    samples=lambda: [
        sample((2, 3), (1, 3), num_args=2), sample((2, 3), (2, 4), num_args=2, axis=-1),
        sample((2, 3), (), (2,), num_args=3, axis=None), sample((2, 3), num_args=1), sample((0, 3), (2, 3), num_args=2),
    ],
    refusals=lambda: [
        *_TYPES, refused("one shape but", (2, 3), (3,), num_args=2),
        refused("from -2 to 1", (2, 3), num_args=1, axis=2),
        refused("one shape but for axis 0", (2, 3), (2, 4), num_args=2),
    ],
)  # fmt: skip


@operator("_npi_stack", variadic_by="num_args", kind="join", flops=0, precision="unlisted")
def stack(*data: Tensor, axis: int = 0, num_args: Positive) -> Tensor:
    """Join arrays of one shape along a new axis.

    Parameters
    ----------
    *data : NDArray
        One or more arrays of one shape and type.
    axis : int, default 0
        The position of the new axis in the result.
    num_args : int
        The number of arrays; counted if not given.
    """
    if any(array.shape != data[0].shape for array in data):
        shapes = ", ".join(str(tuple(array.shape)) for array in data)
        raise MXNetError(f"_npi_stack: all arrays must have one shape; received {shapes}")
    position = one_axis("_npi_stack", axis, data[0].dim() + 1)
    return _joined("_npi_stack", [array.unsqueeze(position) for array in data], position)


cases(
    "_npi_stack",
    samples=lambda: [
        sample((2, 3), (2, 3), num_args=2), sample((2, 3), (2, 3), (2, 3), num_args=3, axis=-1),
        sample((), (), num_args=2),
        sample((0, 3), (0, 3), num_args=2), sample((2, 3), num_args=1, axis=1),
    ],
    refusals=lambda: [
        *_TYPES, refused("one shape", (2, 3), (3, 2), num_args=2), refused("from -3 to 2", (2, 3), num_args=1, axis=3),
    ],
)  # fmt: skip


def _rows(array: Tensor) -> Tensor:
    return array.reshape(1, -1) if array.dim() < 2 else array


@operator("_npi_vstack", variadic_by="num_args", kind="join", flops=0, precision="unlisted")
def vstack(*data: Tensor, num_args: Positive) -> Tensor:
    """Join arrays along the first axis; an array with fewer than two axes is a row.

    Parameters
    ----------
    *data : NDArray
        One or more arrays of one type.
    num_args : int
        The number of arrays; counted if not given.
    """
    return _joined("_npi_vstack", [_rows(array) for array in data], 0)


@operator(
    "_npi_hstack",
    monitored_stem="data",
    output_names=("out",),
    variadic_by="num_args",
    kind="join",
    flops=0,
    precision="unlisted",
)
def hstack(*data: Tensor, num_args: Positive, dim: int = 1) -> Tensor:
    """Join arrays along the second axis, or along the only one.

    Parameters
    ----------
    *data, num_args
        As in `vstack`.
    dim : int, default 1
        Not used, as in MXNet.
    """
    arrays = [array.reshape(1) if not array.dim() else array for array in data]
    return _joined("_npi_hstack", arrays, min(1, arrays[0].dim() - 1))


@operator(
    "_npi_dstack",
    monitored_stem="data",
    output_names=("out",),
    variadic_by="num_args",
    kind="join",
    flops=0,
    precision="unlisted",
)
def dstack(*data: Tensor, num_args: Positive, dim: int = 1) -> Tensor:
    """Join arrays along the third axis; those with fewer axes get some of length 1.

    Parameters
    ----------
    *data, num_args, dim
        As in `hstack`.
    """
    return _joined("_npi_dstack", [rows if (rows := _rows(array)).dim() > 2 else rows[..., None] for array in data], 2)


@operator("_npi_column_stack", variadic_by="num_args", kind="join", flops=0, precision="unlisted")
def column_stack(*data: Tensor, num_args: Positive) -> Tensor:
    """Join arrays along the second axis; an array with fewer than two axes is a column.

    Parameters
    ----------
    *data, num_args
        As in `vstack`.
    """
    arrays = [array.reshape(-1, 1) if array.dim() < 2 else array for array in data]
    return _joined("_npi_column_stack", arrays, 1)


def _add_cases(name: str, *misfits: tuple[int, ...]) -> None:
    cases(
        name,
        samples=lambda: [
            sample((2, 3), (2, 3), num_args=2), sample((3,), (3,), num_args=2), sample((), (), num_args=2),
            sample((2, 3, 4), (2, 3, 4), num_args=2), sample((2, 3), num_args=1), sample((0, 3), (0, 3), num_args=2),
        ],
        refusals=lambda: [*_TYPES, refused("one shape but", *misfits, num_args=2)],
    )  # fmt: skip


_add_cases("_npi_vstack", (2, 3), (2,))
_add_cases("_npi_hstack", (2, 3), (3,))
_add_cases("_npi_dstack", (3,), (2, 3))
_add_cases("_npi_column_stack", (3,), (2, 3))


def _add_split(owner: str, axis_of: Callable[[int], int], axes: int) -> None:
    def split(
        data: Tensor, *, indices: Shape, axis: int = 1, squeeze_axis: bool = False, sections: NonNegative = 0
    ) -> Any:
        """Split an array along the axis that the name says.

        Parameters
        ----------
        data : NDArray
            The array.
        indices : tuple of int
            Where each part begins, the leading 0 included; not used with `sections`.
        axis : int, default 1
            Not used, as in MXNet.
        squeeze_axis : bool, default False
            Drop the axis; each part must then have length 1 there.
        sections : int, default 0
            When positive, the number of parts, the first of which are longer by 1 if they cannot be equal.
        """
        if data.dim() < axes:
            raise MXNetError(f"{owner}: data must have at least {axes} axes; received shape {tuple(data.shape)}")
        chosen = axis_of(data.dim())
        return parts_along(owner, data, chosen, indices, sections, squeeze_axis)

    operator(
        owner, names_inputs=True, outputs=count_parts, may_alias=True, kind="shape", flops=0, precision="unlisted",
    )(split)  # fmt: skip


def _add_split_cases(name: str, shape: tuple[int, ...], judge: Literal["mxnet", "numpy"]) -> None:
    cases(
        name,
        samples=lambda: [
            sample(shape, indices=(0, 1, 3), judge=judge), sample(shape, indices=(), sections=2, judge=judge),
            sample(shape, indices=(), sections=3, judge=judge), sample(shape, indices=(0,)),
            sample(shape, indices=(0, 1, 2, 3), squeeze_axis=True, judge=judge),
        ],
        refusals=lambda: [
            refused("begin with 0", shape, indices=(1, 2)), refused("ascending", shape, indices=(0, 9)),
            refused("parts of length 1", shape, indices=(0, 1), squeeze_axis=True),
            refused("axes; received", (), indices=(0,)),
        ],
    )  # fmt: skip


_add_split("_npi_hsplit", lambda rank: min(1, rank - 1), 1)
_add_split("_npi_dsplit", lambda rank: 2, 3)
_add_split_cases("_npi_hsplit", (2, 4), "mxnet")
# MXNet takes the wrong elements where dsplit makes several parts; tests/numpy/test_joining.py compares with NumPy.
_add_split_cases("_npi_dsplit", (2, 1, 4), "numpy")
