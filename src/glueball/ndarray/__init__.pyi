"""The names of ndarray.

Written by ``make stubs`` from the declarations in `glueball.ops`; not to be edited.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, overload

from ..core.annotations import ContextLike, DTypeLike, FloatsLike, IndicesLike, Scalar, ShapeLike, ShapesLike
from .op import *
from . import _internal as _internal
from . import contrib as contrib
from . import image as image
from . import linalg as linalg
from . import op as op
from .ndarray import NDArray as NDArray
from . import random as random
from . import sparse as sparse
from . import utils as utils
from .combine import concatenate as concatenate
from .combine import moveaxis as moveaxis
from .combine import onehot_encode as onehot_encode
from .combine import split_v2 as split_v2
from .creation import arange as arange
from .creation import array as array
from .creation import empty as empty
from .creation import eye as eye
from .creation import full as full
from .creation import linspace as linspace
from .creation import ones as ones
from .creation import waitall as waitall
from .creation import zeros as zeros
from .exchange import from_dlpack as from_dlpack
from .exchange import from_numpy as from_numpy
from .exchange import from_torch as from_torch
from .exchange import to_dlpack_for_read as to_dlpack_for_read
from .exchange import to_dlpack_for_write as to_dlpack_for_write
from .files import load as load
from .files import load_frombuffer as load_frombuffer
from .files import save as save
from .histogram import histogram as histogram
from .writing import reset_arrays as reset_arrays
from . import numpy as np
from . import numpy_extension as npx

@overload
def add(lhs: NDArray, rhs: NDArray | Scalar) -> NDArray: ...
@overload
def add(lhs: Scalar, rhs: NDArray) -> NDArray: ...
@overload
def add(lhs: float, rhs: float) -> float:
    """Return `add` of two NDArrays, or of one and a number, element-wise."""
@overload
def divide(lhs: NDArray, rhs: NDArray | Scalar) -> NDArray: ...
@overload
def divide(lhs: Scalar, rhs: NDArray) -> NDArray: ...
@overload
def divide(lhs: float, rhs: float) -> float:
    """Return `divide` of two NDArrays, or of one and a number, element-wise."""
@overload
def equal(lhs: NDArray, rhs: NDArray | Scalar) -> NDArray: ...
@overload
def equal(lhs: Scalar, rhs: NDArray) -> NDArray: ...
@overload
def equal(lhs: float, rhs: float) -> float:
    """Return `equal` of two NDArrays, or of one and a number, element-wise."""
@overload
def greater(lhs: NDArray, rhs: NDArray | Scalar) -> NDArray: ...
@overload
def greater(lhs: Scalar, rhs: NDArray) -> NDArray: ...
@overload
def greater(lhs: float, rhs: float) -> float:
    """Return `greater` of two NDArrays, or of one and a number, element-wise."""
@overload
def greater_equal(lhs: NDArray, rhs: NDArray | Scalar) -> NDArray: ...
@overload
def greater_equal(lhs: Scalar, rhs: NDArray) -> NDArray: ...
@overload
def greater_equal(lhs: float, rhs: float) -> float:
    """Return `greater_equal` of two NDArrays, or of one and a number, element-wise."""
@overload
def lesser(lhs: NDArray, rhs: NDArray | Scalar) -> NDArray: ...
@overload
def lesser(lhs: Scalar, rhs: NDArray) -> NDArray: ...
@overload
def lesser(lhs: float, rhs: float) -> float:
    """Return `lesser` of two NDArrays, or of one and a number, element-wise."""
@overload
def lesser_equal(lhs: NDArray, rhs: NDArray | Scalar) -> NDArray: ...
@overload
def lesser_equal(lhs: Scalar, rhs: NDArray) -> NDArray: ...
@overload
def lesser_equal(lhs: float, rhs: float) -> float:
    """Return `lesser_equal` of two NDArrays, or of one and a number, element-wise."""
@overload
def logical_and(lhs: NDArray, rhs: NDArray | Scalar) -> NDArray: ...
@overload
def logical_and(lhs: Scalar, rhs: NDArray) -> NDArray: ...
@overload
def logical_and(lhs: float, rhs: float) -> float:
    """Return `logical_and` of two NDArrays, or of one and a number, element-wise."""
@overload
def logical_or(lhs: NDArray, rhs: NDArray | Scalar) -> NDArray: ...
@overload
def logical_or(lhs: Scalar, rhs: NDArray) -> NDArray: ...
@overload
def logical_or(lhs: float, rhs: float) -> float:
    """Return `logical_or` of two NDArrays, or of one and a number, element-wise."""
@overload
def logical_xor(lhs: NDArray, rhs: NDArray | Scalar) -> NDArray: ...
@overload
def logical_xor(lhs: Scalar, rhs: NDArray) -> NDArray: ...
@overload
def logical_xor(lhs: float, rhs: float) -> float:
    """Return `logical_xor` of two NDArrays, or of one and a number, element-wise."""
@overload
def maximum(lhs: NDArray, rhs: NDArray | Scalar) -> NDArray: ...
@overload
def maximum(lhs: Scalar, rhs: NDArray) -> NDArray: ...
@overload
def maximum(lhs: float, rhs: float) -> float:
    """Return `maximum` of two NDArrays, or of one and a number, element-wise."""
@overload
def minimum(lhs: NDArray, rhs: NDArray | Scalar) -> NDArray: ...
@overload
def minimum(lhs: Scalar, rhs: NDArray) -> NDArray: ...
@overload
def minimum(lhs: float, rhs: float) -> float:
    """Return `minimum` of two NDArrays, or of one and a number, element-wise."""
@overload
def modulo(lhs: NDArray, rhs: NDArray | Scalar) -> NDArray: ...
@overload
def modulo(lhs: Scalar, rhs: NDArray) -> NDArray: ...
@overload
def modulo(lhs: float, rhs: float) -> float:
    """Return `modulo` of two NDArrays, or of one and a number, element-wise."""
@overload
def multiply(lhs: NDArray, rhs: NDArray | Scalar) -> NDArray: ...
@overload
def multiply(lhs: Scalar, rhs: NDArray) -> NDArray: ...
@overload
def multiply(lhs: float, rhs: float) -> float:
    """Return `multiply` of two NDArrays, or of one and a number, element-wise."""
@overload
def not_equal(lhs: NDArray, rhs: NDArray | Scalar) -> NDArray: ...
@overload
def not_equal(lhs: Scalar, rhs: NDArray) -> NDArray: ...
@overload
def not_equal(lhs: float, rhs: float) -> float:
    """Return `not_equal` of two NDArrays, or of one and a number, element-wise."""
@overload
def power(base: NDArray, exp: NDArray | Scalar) -> NDArray: ...
@overload
def power(base: Scalar, exp: NDArray) -> NDArray: ...
@overload
def power(base: float, exp: float) -> float:
    """Return `power` of two NDArrays, or of one and a number, element-wise."""
@overload
def subtract(lhs: NDArray, rhs: NDArray | Scalar) -> NDArray: ...
@overload
def subtract(lhs: Scalar, rhs: NDArray) -> NDArray: ...
@overload
def subtract(lhs: float, rhs: float) -> float:
    """Return `subtract` of two NDArrays, or of one and a number, element-wise."""
@overload
def true_divide(lhs: NDArray, rhs: NDArray | Scalar) -> NDArray: ...
@overload
def true_divide(lhs: Scalar, rhs: NDArray) -> NDArray: ...
@overload
def true_divide(lhs: float, rhs: float) -> float:
    """Return `divide` of two NDArrays, or of one and a number, element-wise."""
