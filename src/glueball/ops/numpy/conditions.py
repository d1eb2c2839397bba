"""What must hold, or does, of whole arrays: constraint_check, and whether two arrays share memory."""

from __future__ import annotations

import torch
from torch import Tensor

from ...core.dtype import type_name
from ...core.errors import InvalidValueError, MXNetError
from ..declare import cases, operator
from ..flops import per_input
from ..samples import Input, exactly, refused, sample


@operator(
    "_npx_constraint_check", types="bool -> bool", names_inputs=True, reads_values=True, kind="other",
    flops=per_input(), precision="any",
)  # fmt: skip
def constraint_check(input: Tensor, *, msg: str = "Constraint violated.") -> Tensor:
    """Return true, without axes, if all elements are true; otherwise raise ValueError.

    Parameters
    ----------
    input : NDArray
        bool.
    msg : str
        What the error says.
    """
    if input.dtype is not torch.bool:
        raise MXNetError(f"_npx_constraint_check: input must be bool; received {type_name(input.dtype)}; compare it")
    holds = torch.all(input)
    if not holds.is_meta and not bool(holds):
        raise InvalidValueError(f"_npx_constraint_check: all elements must be true; received some that are not: {msg}")
    return holds


cases(
    "_npx_constraint_check",
    samples=lambda: [
        sample(exactly(1, 1, 1, 1, shape=(2, 2), dtype="bool"), msg="no", gradient=False),
        sample(Input((0,), "bool"), gradient=False),
    ],
    refusals=lambda: [
        refused("must be bool", (2,)),
        refused("Constraint violated", exactly(1, 0, dtype="bool")),
        refused("too small", exactly(1, 0, dtype="bool"), msg="too small"),
    ],
)


def _span(array: Tensor) -> tuple[int, int]:
    """Return where the elements begin in memory and where they end."""
    last = sum((length - 1) * stride for length, stride in zip(array.shape, array.stride(), strict=True))
    return array.data_ptr(), array.data_ptr() + (last + 1) * array.element_size()


@operator("_npi_share_memory", types="S, T -> bool", kind="other", flops=0, precision="any")
def share_memory(a: Tensor, b: Tensor) -> Tensor:
    """Return whether the memory of two arrays overlaps, without axes.

    Parameters
    ----------
    a, b : NDArray
        Of any shapes and types.
    """
    if a.is_meta or b.is_meta:
        return a.new_empty((), dtype=torch.bool, device="meta")
    shared = False
    if a.device == b.device and a.numel() and b.numel():
        (begin, end), (other_begin, other_end) = _span(a), _span(b)
        shared = begin < other_end and other_begin < end
    return torch.tensor(shared, device=a.device)


cases(
    "_npi_share_memory",
    samples=lambda: [
        sample((2, 3), (3,), gradient=False),
        sample(Input((2,), "int32"), (0,), gradient=False),
    ],
)
