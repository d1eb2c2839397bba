"""Constant: a parameter with fixed values."""

from __future__ import annotations

from typing import Any

from ... import initializer
from ... import ndarray as nd
from ...ndarray.faces import shown
from ...ndarray.ndarray import NDArray
from .parameter import Parameter

__all__ = ["Constant"]


class Constant(Parameter):
    """A parameter with given values that is never trained.

    Parameters
    ----------
    name : str
        Its full name.
    value : array_like
        Its values, which also determine its shape and dtype.

    Examples
    --------
    >>> from glueball import gluon
    >>> c = gluon.Constant("c", [[1, 2]])
    >>> c.initialize()
    >>> c.data().asnumpy().tolist(), c.grad_req
    ([[1.0, 2.0]], 'null')
    """

    def __init__(self, name: str, value: Any) -> None:
        self.value = value if isinstance(value, NDArray) else shown(nd.array(value))
        super().__init__(
            name, grad_req="null", shape=self.value.shape, dtype=self.value.dtype,
            init=initializer.Constant(self.value), differentiable=False,
        )  # fmt: skip

    def __repr__(self) -> str:
        return f"Constant {self.name} (shape={self.shape}, dtype={self.dtype})"
