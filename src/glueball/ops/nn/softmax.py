"""Softmax and its variants along one axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ...core.dtype import type_name
from ...core.errors import MXNetError
from ..checks import not_float
from ..declare import cases, operator
from ..samples import Input, exactly, refused, sample
from ..shape_rule import PartialShape, first_of_several, like_first

_RESULT_TYPES = (torch.float16, torch.float32, torch.float64)


def _prepare(
    owner: str, data: Tensor, axis: int, temperature: float | None, dtype: torch.dtype | None
) -> tuple[Tensor, torch.dtype]:
    """Check the arguments; return the tempered data in the type to compute in, and the type of the result."""
    if not -data.dim() <= axis < data.dim():
        raise MXNetError(f"{owner}: axis must be one of the data's {data.dim()} axes; received {axis}")
    if not data.is_floating_point():
        raise not_float(owner, data)
    if dtype is not None:
        if dtype not in _RESULT_TYPES:
            raise MXNetError(f"{owner}: dtype must be float16, float32 or float64; received {type_name(dtype)}")
        data = data.to(torch.promote_types(data.dtype, dtype))
    if temperature is not None and temperature != 1.0:
        data = data / temperature
    return data, dtype or data.dtype


def _no_length(owner: str, use_length: bool | None) -> None:
    if use_length:
        raise MXNetError(f"{owner}: use_length must be False, only softmax takes lengths; received True")


def _softmax_shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    data, axis = shapes[0], attributes["axis"]
    if data is None or not -len(data) <= axis < len(data):
        return shapes
    axis %= len(data)
    return [data, data[:axis] + data[axis + 1 :]]


def _within(data: Tensor, length: Tensor | None, axis: int) -> tuple[Tensor, Tensor]:
    """Return which elements lie within the lengths, and which are in a slice of length 0."""
    axis %= data.dim()
    expected = (*data.shape[:axis], *data.shape[axis + 1 :])
    if length is None:
        raise MXNetError("softmax: length must be given with use_length=True; received nothing")
    if length.shape != expected:
        raise MXNetError(
            f"softmax: length must have shape {expected}, without the axis; received {tuple(length.shape)}"
        )
    if length.dtype not in (torch.int32, torch.int64):
        raise MXNetError(f"softmax: length must have type int32 or int64; received {type_name(length.dtype)}")
    length = length.unsqueeze(axis)
    places = torch.arange(data.shape[axis], device=data.device)
    places = places.reshape([-1 if number == axis else 1 for number in range(data.dim())])
    return places < length, length <= 0


@operator(
    "softmax",
    npx="softmax",
    from_partial=first_of_several,
    types="T={dtype}, I=int32 -> {dtype|T}",
    method="softmax",
    omits=lambda attributes: () if attributes["use_length"] else ("length",),
    infer_inputs=_softmax_shapes,
    infer_outputs=like_first,
    kind="output",
    flops=5,  # maximum, subtraction, exponential, sum, division
    caption="axis {axis}",
    precision="single",
    output_names=("output",),
)
def softmax(
    data: Tensor,
    length: Tensor | None = None,
    *,
    axis: int = -1,
    temperature: float | None = None,
    dtype: torch.dtype | None = None,
    use_length: bool | None = False,
) -> Tensor:
    """Return exp(x / temperature) divided by its sum along an axis.

    Parameters
    ----------
    data : NDArray
        Of any shape and floating-point type.
    length : NDArray
        With ``use_length=True``: how many elements at the start of each slice along the axis take part, as int32
        or int64 in the shape of the data without the axis; the others give 0.
    axis : int, default -1
        The axis that sums to 1.
    temperature : float, default 1
        Divides the data first.
    dtype : {'float16', 'float32', 'float64'}, optional
        The type of the result; by default that of the data.
    use_length : bool, default False
        Whether `length` is given.
    """
    data, kind = _prepare("softmax", data, axis, temperature, dtype)
    if not use_length:
        if length is not None:
            raise MXNetError("softmax: length must be left out unless use_length=True; received an array")
        return torch.softmax(data, axis).to(kind)
    within, empty = _within(data, length, axis)
    # An empty slice is computed in full and then set to 0: a softmax over nothing would be NaN, and its gradient too.
    masked = data.masked_fill(~(within | empty), float("-inf"))
    return torch.softmax(masked, axis).masked_fill(~within, 0.0).to(kind)


cases(
    "softmax",
    samples=lambda: [
        sample((2, 5), None),
        sample((2, 3, 4), None, axis=1, temperature=2.5),
        sample((2, 3), None, axis=0, temperature=-1.0),
        sample(exactly(1000, -1000, 3), None),
        sample((2, 3), None, dtype="float64", gradient=False, rtol=1e-6),
        sample(Input((2, 3), "float16"), None, dtype="float32", gradient=False, rtol=2e-3),
        sample(Input((2, 5), "float64"), None, axis=-2),
        sample((2, 3, 2), exactly(1, 2, 3, 1, shape=(2, 2), dtype="int32"), axis=1, use_length=True),
        sample((2, 3), exactly(0, 2, dtype="int64"), use_length=True),
    ],
    refusals=lambda: [
        refused("axis must be one of", (2, 3), None, axis=2),
        refused("dtype must be float16", (2, 3), None, dtype="int32"),
        refused("floating-point", Input((2, 3), "int32"), None),
        refused("length must be given", (2, 3), None, use_length=True),
        refused("length must be left out", (2, 3), Input((2,), "int32", 0, 3)),
        refused("length must have shape", (2, 3), Input((3,), "int32", 0, 3), use_length=True),
        refused("length must have type", (2, 3), (2,), use_length=True),
    ],
)


@operator(
    "log_softmax",
    npx="log_softmax",
    names_inputs=True,
    elementwise=True,
    types="T={dtype} -> {dtype|T}",
    method="log_softmax",
    kind="output",
    flops=5,  # as softmax
    precision="single",
)
def log_softmax(
    data: Tensor,
    *,
    axis: int = -1,
    temperature: float | None = None,
    dtype: torch.dtype | None = None,
    use_length: bool | None = False,
) -> Tensor:
    """Return the logarithm of softmax, without computing softmax itself.

    Parameters
    ----------
    data : NDArray
        Of any shape and floating-point type.
    axis : int, default -1
        The axis along which softmax sums to 1.
    temperature : float, default 1
        Divides the data first.
    dtype : {'float16', 'float32', 'float64'}, optional
        The type of the result; by default that of the data.
    use_length : {False}
        Only softmax takes lengths.
    """
    _no_length("log_softmax", use_length)
    data, kind = _prepare("log_softmax", data, axis, temperature, dtype)
    return torch.log_softmax(data, axis).to(kind)


cases(
    "log_softmax",
    samples=lambda: [
        sample((2, 5)),
        sample((2, 3, 4), axis=1, temperature=2.5),
        sample(exactly(1000, -1000, 3)),
        sample((2, 3), dtype="float64", gradient=False, rtol=1e-6),
        sample(Input((2, 5), "float64"), axis=0),
    ],
    refusals=lambda: [
        refused("axis must be one of", (2, 3), axis=-3),
        refused("use_length must be False", (2, 3), use_length=True),
        refused("floating-point", Input((2, 3), "int32")),
    ],
)


@operator(
    "softmin",
    types="T={dtype} -> {dtype|T}",
    names_inputs=False,
    elementwise=True,
    method="softmin",
    kind="output",
    flops=5,  # as softmax
    precision="single",
    output_names=("output",),
)
def softmin(
    data: Tensor,
    *,
    axis: int = -1,
    temperature: float | None = None,
    dtype: torch.dtype | None = None,
    use_length: bool | None = False,
) -> Tensor:
    """Return softmax of the negated data.

    Parameters
    ----------
    data : NDArray
        Of any shape and floating-point type.
    axis : int, default -1
        The axis that sums to 1.
    temperature : float, default 1
        Divides the data first.
    dtype : {'float16', 'float32', 'float64'}, optional
        The type of the result; by default that of the data.
    use_length : {False}
        Only softmax takes lengths.
    """
    _no_length("softmin", use_length)
    data, kind = _prepare("softmin", data, axis, temperature, dtype)
    return torch.softmax(-data, axis).to(kind)


cases(
    "softmin",
    samples=lambda: [
        sample((2, 5)),
        sample((2, 3, 4), axis=1, temperature=2.5),
        sample(Input((2, 5), "float64"), axis=0),
    ],
    refusals=lambda: [
        refused("axis must be one of", (2, 3), axis=-3),
        refused("use_length must be False", (2, 3), use_length=True),
    ],
)
