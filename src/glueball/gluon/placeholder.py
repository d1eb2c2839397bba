"""What stands for a parameter while shapes are inferred: an array without values, whose shape may still be unknown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch

from .. import dtype as dtypes
from ..context import META
from ..errors import MXNetError, UnknownShapeError
from ..ndarray.ndarray import NDArray

if TYPE_CHECKING:
    from .parameter import Parameter


class ShapesFoundError(MXNetError):
    """Ends an inference pass that has found all it was started for; never seen by a user."""


class ParameterPlaceholder(NDArray):
    """An array on META for a parameter.

    Its tensor can be asked for only when the parameter's shape is known; until then the operator that asks is given the
    chance to work the shape out (`glueball.ndarray.invoke`).

    Parameters
    ----------
    parameter : Parameter
        What it stands for.
    all_found : callable, optional
        Says whether all shapes that are looked for are known by now; then the pass ends before anything is computed.
    """

    __slots__ = ("_all_found", "_parameter", "_tensor")

    def __init__(self, parameter: Parameter, all_found: Callable[[], bool] | None = None) -> None:
        self._parameter = parameter
        self._all_found = all_found
        self._tensor: torch.Tensor | None = None
        self._ctx = META
        self._tape = None
        self._grad = None
        self._fresh_grad = False

    @property
    def _data(self) -> torch.Tensor:  # type: ignore[override]
        if self._all_found is not None and self._all_found():
            raise ShapesFoundError("all shapes are known")
        if self._tensor is None:
            shape = self._parameter.shape
            if shape is None or any(length <= 0 for length in shape):
                raise UnknownShapeError(f"Parameter {self._parameter.name}: its shape {shape} is not known yet")
            kind = dtypes.to_torch(self._parameter.dtype or "float32", self._parameter.name)
            self._tensor = torch.empty(shape, dtype=kind, device="meta")
        return self._tensor

    def _partial_shape(self) -> tuple[int, ...] | None:  # type: ignore[override]
        shape = self._parameter.shape
        return None if shape is None else tuple(max(length, 0) for length in shape)

    def _fix_shape(self, shape: tuple[int, ...]) -> None:
        self._parameter.shape = shape
