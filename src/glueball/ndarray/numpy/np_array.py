"""The array of ``mx.np``: an NDArray with NumPy's rules, on the same memory and the same recorded graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from ...core.errors import InvalidTypeError
from ...core.methods import method_of
from ..faces import numpy_face
from ..ndarray import NDArray
from ..pending import Pending, classes, shown_later

if TYPE_CHECKING:
    # What arrays of mx.np have in the place of what NDArray has; a generated stub (`make stubs`).
    from ._methods import Methods as _Base
else:
    _Base = NDArray


class ndarray(_Base):
    """An array with the rules of NumPy.

    Made by `glueball.np.array` and the other functions of ``np``, not by calling the class. It can have no axes at
    all, and axes of length 0; comparisons give bool.

    Examples
    --------
    >>> import glueball as mx
    >>> x = mx.np.arange(6).reshape(2, 3)
    >>> x[x > 2]
    array([3., 4., 5.])
    >>> x.sum()
    array(15.)
    """

    __slots__ = ()
    __module__ = "glueball.numpy"  # where MXNet has it

    _is_np = True

    @property
    def dtype(self) -> Any:
        """The type, as a NumPy dtype."""
        return np.dtype(super().dtype)

    def as_np_ndarray(self) -> ndarray:
        """Return the array itself."""
        return self

    def as_nd_ndarray(self) -> NDArray:
        """Return the array as one of ``mx.nd``, on the same memory and in the same recorded graph."""
        return _shown_as(NDArray, self)


ndarray._face = ndarray


class PendingArray(ndarray, Pending):
    """An array of ``mx.np`` that gets its values later; see `Pending`."""

    __slots__ = ()


classes[ndarray] = PendingArray
numpy_face.append(ndarray)


@method_of(NDArray)
def as_np_ndarray(self: NDArray) -> ndarray:
    """Return the array as one of ``mx.np``, on the same memory and in the same recorded graph."""
    if self.stype != "default":
        raise InvalidTypeError(
            f"NDArray.as_np_ndarray: the array must be dense; received {self.stype} storage; "
            "convert it with tostype('default')"
        )
    return cast("ndarray", _shown_as(ndarray, self))


def _shown_as(face: type[NDArray], array: NDArray) -> NDArray:
    """Return an array of another class with the same tensors; a gradient is written into the same memory for both."""
    if isinstance(array, Pending) and not array._settled:
        return shown_later(face, array)
    shown = face(array._data, array._ctx, array._tape)
    if array._grad is not None:
        shown._grad = array._grad if array._grad.stype != "default" else _shown_as(face, array._grad)
    return shown
