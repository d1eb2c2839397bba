"""What calling a block returns, for type checkers.

An NDArray gives an NDArray and a Symbol gives a Symbol, as in layers and most networks. A block that returns something
else says so in the return annotation of its `forward` or `hybrid_forward`, and calling it has that type:

    class Encoder(gluon.HybridBlock):
        def hybrid_forward(self, F, x) -> tuple[NDArray, NDArray]: ...

A call whose first argument is not an array, such as a list, has the annotated type, or Any without an annotation.
"""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from ...ndarray import NDArray

__all__ = ["Array", "Forward", "HybridForward", "Output"]

#: An array of mx.nd gives one of mx.nd, and one of mx.np one of mx.np.
Array = TypeVar("Array", bound=NDArray)
Output = TypeVar("Output", covariant=True)
_Overridden = TypeVar("_Overridden", covariant=True)


class Forward(Protocol[Output]):
    """A Block whose `forward` returns an `Output`."""

    def forward(self, *args: Any, **kwargs: Any) -> Output:
        """Compute the output."""


class HybridForward(Protocol[_Overridden, Output]):
    """A HybridBlock whose `hybrid_forward` returns an `Output`; an overridden `forward` returns `_Overridden`."""

    def forward(self, *args: Any, **kwargs: Any) -> _Overridden:
        """Compute the output."""

    def hybrid_forward(self, F: Any, x: Any, /, *args: Any, **kwargs: Any) -> Output:
        """Compute the output with the functions of `F`."""
