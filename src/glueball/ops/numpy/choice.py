"""Choosing elements of two arrays, or numbers, by a condition, as in ``mx.np``: all of them broadcast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..declare import cases, operator
from ..gradient import with_zeros_for
from ..samples import Input, exactly, refused, sample
from ..shape_rule import PartialShape, broadcast_shape, partly_broadcast
from ..type_rule import PartialType
from .promotion import OfTwo, alike


class _Types:
    """The type rule: the condition is of any type."""

    _of_choices = OfTwo()

    def complete(
        self, inputs: Sequence[PartialType], outputs: Sequence[PartialType], attributes: Mapping[str, Any],
        *, default: bool = False,
    ) -> tuple[list[PartialType], list[PartialType]]:  # fmt: skip
        """Return the types that follow from those known."""
        choices, results = self._of_choices.complete(inputs[1:], outputs, attributes)
        return [inputs[0], *choices], results


def _partly(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    found = shapes[0]
    for other in shapes[1:]:
        (found,) = partly_broadcast([found, other], attributes)
    return [found]


def _choose(owner: str, condition: Tensor, x: Tensor, y: Tensor) -> Tensor:
    try:
        found = torch.where(condition.detach() != 0, x, y)
    except RuntimeError as error:
        raise MXNetError(
            f"{owner}: condition, x and y must broadcast (each length equal, or one of them 1); received shapes "
            f"{tuple(condition.shape)}, {tuple(x.shape)} and {tuple(y.shape)}"
        ) from error
    return with_zeros_for(found, condition)


def number_like(value: float, like: Tensor) -> Tensor:
    """Return a number as a tensor without axes, of the type and on the device of an array."""
    if like.is_floating_point():
        return torch.tensor(value, dtype=like.dtype, device=like.device)
    if like.dtype is torch.bool:
        return torch.tensor(bool(value), device=like.device)
    return torch.tensor(int(value), device=like.device).to(like.dtype)  # what is too large wraps around


@operator(
    "_npi_where", types=lambda attributes: _Types(), from_partial=_partly, infer_outputs=broadcast_shape,
    gradient_names=("cond_backward", "backward", "backward"),
    kind="other", flops=1, precision="widest",
)  # fmt: skip
def where(condition: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """Return elements of `x` where the condition holds, and of `y` elsewhere; all three broadcast.

    Differs from MXNet: `x` and `y` may differ in type; the result has that which holds the numbers of both.

    Parameters
    ----------
    condition : NDArray
        It holds where it is not 0.
    x, y : NDArray
        The choices.
    """
    return _choose("_npi_where", condition, *alike(x, y))


_CONDITION = exactly(1, 0, -2, 0.5, 0, 0, shape=(2, 3))

cases(
    "_npi_where",
    samples=lambda: [
        sample(_CONDITION, (2, 3), (2, 3), derivative=False),
        sample(exactly(1, 0, 1, dtype="bool"), (2, 3), (2, 1)),
        sample(exactly(1, 0, dtype="int32", shape=(2, 1)), Input((3,), "float64"), Input((), "float64")),
        sample(exactly(1, 0), Input((2,), "int32", 0, 9), Input((2,), "int32", 0, 9), gradient=False),
        sample((0, 3), (0, 3), (0, 3), gradient=False),
        sample((0, 3), (3,), (1, 1), judge="numpy", gradient=False),  # where MXNet crashes
        sample(exactly(1, 0), (2,), Input((2,), "int32", 0, 9), judge="numpy", gradient=False),
    ],
    refusals=lambda: [refused("must broadcast", exactly(1, 0), (2,), (3,))],
)


@operator(
    "_npi_where_lscalar", types="C, T -> T", from_partial=partly_broadcast, infer_outputs=broadcast_shape,
    gradient_names=("cond_backward", "backward"),
    kind="other", flops=1, precision="any",
)  # fmt: skip
def where_lscalar(condition: Tensor, x: Tensor, *, scalar: float = 0.0) -> Tensor:
    """Return a number where the condition holds, and elements of an array elsewhere; both arrays broadcast.

    Differs from MXNet: the elements that are chosen have the gradient, and not the others.

    Parameters
    ----------
    condition : NDArray
        It holds where it is not 0.
    x : NDArray
        What is chosen where it does not; in the public function it is `y`.
    scalar : float
        The number, which becomes one of the type of `x`.
    """
    return _choose("_npi_where_lscalar", condition, number_like(scalar, x), x)


@operator(
    "_npi_where_rscalar", types="C, T -> T", from_partial=partly_broadcast, infer_outputs=broadcast_shape,
    gradient_names=("cond_backward", "backward"),
    kind="other", flops=1, precision="any",
)  # fmt: skip
def where_rscalar(condition: Tensor, y: Tensor, *, scalar: float = 0.0) -> Tensor:
    """Return elements of an array where the condition holds, and a number elsewhere; both arrays broadcast.

    Differs from MXNet: the elements that are chosen have the gradient, and not the others.

    Parameters
    ----------
    condition : NDArray
        It holds where it is not 0.
    y : NDArray
        What is chosen where it does; in the public function it is `x`.
    scalar : float
        The number, which becomes one of the type of `y`.
    """
    return _choose("_npi_where_rscalar", condition, y, number_like(scalar, y))


for _name in ("_npi_where_lscalar", "_npi_where_rscalar"):
    cases(
        _name,
        samples=lambda: [
            sample(_CONDITION, (2, 3), scalar=2.5, gradient=False),
            sample(exactly(1, 0, 1, dtype="bool"), (2, 1), gradient=False),
            sample(exactly(1, 0, 1, dtype="bool"), (2, 1), judge="numpy"),
            sample(exactly(1, 0), Input((2,), "int32", 0, 9), scalar=2.5, gradient=False),
            sample(exactly(1, 0), Input((2,), "uint8", 0, 9), scalar=300, gradient=False),
            sample(exactly(1, 0), Input((2,), "bool", 0, 2), scalar=7, gradient=False),
        ],
        refusals=lambda: [refused("must broadcast", exactly(1, 0), (3,))],
    )


@operator("_npi_where_scalar2", elementwise=True, types="C -> float32", precision="any")
def where_scalar2(condition: Tensor, *, x: float = 0.0, y: float = 0.0) -> Tensor:
    """Return one number where the condition holds, and another one elsewhere, as float32.

    Parameters
    ----------
    condition : NDArray
        It holds where it is not 0.
    x, y : float
        The numbers.
    """
    kind = torch.empty((), dtype=torch.float32, device=condition.device)
    return _choose("_npi_where_scalar2", condition, number_like(x, kind), number_like(y, kind))


cases(
    "_npi_where_scalar2",
    samples=lambda: [
        sample(_CONDITION, x=2.5, y=-1, derivative=False),
        sample(exactly(1, 0, dtype="int32"), x=1, gradient=False),
        sample((0, 3), gradient=False),
    ],
)
