"""Mixed precision for several arrays: converting them to one type, and checking that all numbers are finite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import prod
from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Positive
from ..declare import cases, operator
from ..flops import per_input
from ..samples import Input, exactly, refused, sample
from ..shape_rule import each_like_output, one_number
from ..type_rule import MIXED, PartialType

_HALF = Input((2,), "float16")


class _OneMixedType:
    """The type rule: the types that mixed precision converts become the widest, or narrowest, of them."""

    def complete(
        self, inputs: Sequence[PartialType], outputs: Sequence[PartialType], attributes: Mapping[str, Any],
        *, default: bool = False,
    ) -> tuple[list[PartialType], list[PartialType]]:  # fmt: skip
        known = [kind for kind in inputs if kind is not None]
        if len(known) < len(inputs):
            return list(inputs), [kind if kind not in MIXED else None for kind in inputs]
        common = _common(known, attributes["cast_narrow"])
        return list(inputs), [common if kind in MIXED else kind for kind in known]


def _common(kinds: Iterable[torch.dtype], narrow: bool) -> torch.dtype | None:
    """Return the widest or narrowest of the types that mixed precision converts."""
    return (min if narrow else max)(
        [kind for kind in kinds if kind in MIXED], key=lambda kind: kind.itemsize, default=None
    )


@operator(
    "amp_multicast",
    from_partial=lambda shapes, attributes: shapes,
    from_outputs=each_like_output,
    monitored_stem="data_",
    variadic_by="num_outputs",
    outputs=lambda attributes: attributes["num_outputs"],
    output_names=("output0",),
    types=lambda attributes: _OneMixedType(),
    kind="shape",
    flops=0,
    precision=("any", "unlisted"),
)
def amp_multicast(*data: Tensor, num_outputs: Positive, cast_narrow: bool = False) -> tuple[Tensor, ...]:
    """Convert floating-point arrays to a common type.

    Parameters
    ----------
    *data : NDArray
        The arrays. Those of types other than float32, float16 and bfloat16 keep theirs.
    num_outputs : int
        The number of arrays; an nd function counts them itself.
    cast_narrow : bool, default False
        Use the narrowest of their types, instead of the widest.

    Returns
    -------
    list of NDArray
        The converted arrays.
    """
    common = _common([array.dtype for array in data], cast_narrow)
    return tuple([array.to(common if array.dtype in MIXED else array.dtype, copy=True) for array in data])


cases(
    "amp_multicast",
    samples=lambda: [
        sample((2, 3), (4,), num_outputs=2),
        sample((2, 3), Input((2,), "int32", 0, 9), num_outputs=2, derivative=False),
        # MXNet's CPU build cannot convert here.
        sample((2, 3), Input((2,), "float64"), num_outputs=2, judge="numpy", derivative=False),
        sample(_HALF, (2, 3), Input((2,), "int32", 0, 9), num_outputs=3, judge="numpy", gradient=False),
        sample(_HALF, (2, 3), num_outputs=2, cast_narrow=True, judge="numpy", gradient=False),
    ],
    refusals=lambda: [refused("at least one array")],
)


def _check_init(owner: str, init_output: bool) -> None:
    if not init_output:
        raise MXNetError(
            f"{owner}: init_output must be True, an operator does not read its result; received False; "
            "multiply the results"
        )


@operator(
    "all_finite", names_inputs=True, types="T -> float32", from_partial=one_number, kind="other", flops=per_input()
)
def all_finite(data: Tensor, *, init_output: bool = True) -> Tensor:
    """Return 1 where all numbers are finite, else 0.

    Parameters
    ----------
    data : NDArray
        Of a floating-point type.
    init_output : {True}
        MXNet's False, which reads the current value of `out`, is not provided.

    Returns
    -------
    NDArray
        float32, of shape (1,).
    """
    _check_init("all_finite", init_output)
    return torch.isfinite(data).all().float().reshape(1)


cases(
    "all_finite",
    samples=lambda: [
        sample((2, 3), gradient=False),
        sample(exactly(1, float("inf")), gradient=False),
        sample(exactly(1, float("nan")), gradient=False),
    ],
    refusals=lambda: [refused("init_output must be True", (2,), init_output=False)],
)


@operator(
    "multi_all_finite",
    from_partial=one_number,
    monitored_stem="array_",
    variadic_by="num_arrays",
    types="A... -> float32",
    kind="other",
    flops=lambda call: sum(map(prod, call.inputs.values())),
)
def multi_all_finite(*data: Tensor, num_arrays: Positive = 1, init_output: bool = True) -> Tensor:
    """Return 1 where all numbers of all arrays are finite, else 0.

    Parameters
    ----------
    *data : NDArray
        The arrays.
    num_arrays : int
        The number of arrays; an nd function counts them itself.
    init_output
        As in `glueball.nd.all_finite`.

    Returns
    -------
    NDArray
        float32, of shape (1,).
    """
    _check_init("multi_all_finite", init_output)
    finite = [torch.isfinite(array).all() for array in data]
    return torch.stack(finite).all().float().reshape(1)


cases(
    "multi_all_finite",
    samples=lambda: [
        sample((2, 3), (4,), num_arrays=2, gradient=False),
        sample((2, 3), exactly(1, float("-inf")), num_arrays=2, gradient=False),
    ],
    refusals=lambda: [refused("at least one array"), refused("init_output must be True", (2,), init_output=False)],
)
