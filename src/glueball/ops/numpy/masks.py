"""Writing where a mask of bool says so: what an assignment to ``x[mask]`` calls."""

from __future__ import annotations

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..declare import cases, operator
from ..samples import Input, exactly, refused, sample
from .choice import number_like


def _chosen(owner: str, data: Tensor, mask: Tensor, start_axis: int) -> Tensor:
    """Return the mask as bool, after checking that it fits the axes of the data from this one on."""
    if mask.shape != data.shape[start_axis : start_axis + mask.dim()]:
        raise MXNetError(
            f"{owner}: mask must have the lengths of data from axis {start_axis} on; received shapes "
            f"{tuple(mask.shape)} and {tuple(data.shape)}"
        )
    return mask.detach() != 0


@operator(
    "_npi_boolean_mask_assign_scalar", types="T, M -> T", reads_values=True, kind="other", flops=0, precision="any",
    names_inputs=True,
)  # fmt: skip
def assign_scalar(data: Tensor, mask: Tensor, *, value: float, start_axis: int) -> Tensor:
    """Return an array with a number where a mask is not 0.

    Parameters
    ----------
    data : NDArray
        The array; MXNet wants it as ``out``, too.
    mask : NDArray
        The lengths of `data` from `start_axis` on; each of its elements chooses all that the other axes have.
    value : float
        The number, which becomes one of the type of `data`.
    start_axis : int
        The first axis of the mask.
    """
    chosen = _chosen("_npi_boolean_mask_assign_scalar", data, mask, start_axis)
    spread = chosen.reshape(*chosen.shape, *[1] * (data.dim() - start_axis - chosen.dim()))
    return torch.where(spread, number_like(value, data), data)


cases(
    "_npi_boolean_mask_assign_scalar",
    samples=lambda: [
        sample(
            (2, 3),
            exactly(1, 0, 1, 0, 0, 1, shape=(2, 3), dtype="bool"),
            value=7,
            start_axis=0,
            out=(0,),
            gradient=False,
        ),
        sample((2, 3), exactly(1, 0, 1, dtype="bool"), value=7, start_axis=1, out=(0,), gradient=False),
        sample((2, 3, 2), exactly(0, 1, dtype="bool"), value=7, start_axis=0, out=(0,), gradient=False),
        sample(Input((3,), "int32", 0, 9), exactly(1, 0, 1), value=7.5, start_axis=0, out=(0,), gradient=False),
    ],
    refusals=lambda: [
        refused("must have the lengths", (2, 3), Input((3,), "bool"), value=1, start_axis=0),
        refused("must have the lengths", (2, 3), Input((3, 2), "bool"), value=1, start_axis=1),
    ],
)


@operator(
    "_npi_boolean_mask_assign_tensor", types="T, M, T -> T", reads_values=True, kind="other", flops=0, precision="any",
    names_inputs=True,
)  # fmt: skip
def assign_tensor(data: Tensor, mask: Tensor, value: Tensor, *, start_axis: int) -> Tensor:
    """Return an array with those of another where a mask is not 0.

    Parameters
    ----------
    data : NDArray
        The array; MXNet wants it as ``out``, too.
    mask : NDArray
        The lengths of `data` from `start_axis` on.
    value : NDArray
        What is written, of the type of `data`: it must broadcast to the shape of ``data[mask]``, whose axis
        `start_axis` counts the elements of the mask that are not 0.
    start_axis : int
        The first axis of the mask.
    """
    owner = "_npi_boolean_mask_assign_tensor"
    chosen = _chosen(owner, data, mask, start_axis)
    if data.is_meta:
        return torch.empty_like(data)
    places = (slice(None),) * start_axis + (chosen,)
    wanted = (*data.shape[:start_axis], int(chosen.sum()), *data.shape[start_axis + mask.dim() :])
    found = data.clone()
    try:
        found[places] = value.expand(wanted)
    except RuntimeError as error:
        raise MXNetError(
            f"{owner}: value must broadcast to the shape of the chosen elements, {wanted}; received shape "
            f"{tuple(value.shape)}"
        ) from error
    return found


_MASK = exactly(1, 0, 1, 0, 0, 1, shape=(2, 3), dtype="bool")

cases(
    "_npi_boolean_mask_assign_tensor",
    samples=lambda: [
        sample((2, 3), _MASK, (3,), start_axis=0, out=(0,), gradient=False),
        sample((2, 3), _MASK, (1,), start_axis=0, out=(0,), gradient=False),
        sample((2, 3), exactly(1, 0, 1, dtype="bool"), (2, 2), start_axis=1, out=(0,), gradient=False),
        sample((2, 3), exactly(0, 1, dtype="bool"), (1, 3), start_axis=0, out=(0,), gradient=False),
        sample((2, 3), _MASK, (3,), start_axis=0, judge="numpy"),
    ],
    refusals=lambda: [
        refused("must have the lengths", (2, 3), Input((3,), "bool"), (2,), start_axis=0),
        refused("must broadcast", (2, 3), _MASK, (2,), start_axis=0),
    ],
)
