"""Products of matrices and vectors."""

from __future__ import annotations

from typing import Any

from ..core.errors import InvalidTypeError, MissingMethodError
from ..core.integers import is_int
from ..ops.declare import registry
from .elementwise import check_options
from .face import Face, NoArrayError, function
from .shaping import reshape_method

_DOT, _MATMUL, _EINSUM = registry["_np_dot"], registry["_npi_matmul"], registry["_npi_einsum"]
_TENSORDOT, _TENSORDOT_INT, _MULTIPLY = (
    registry["_npi_tensordot"], registry["_npi_tensordot_int_axes"], registry["_npi_multiply"],
)  # fmt: skip


@function("np.dot")
def dot(face: Face, a: Any, b: Any, out: Any = None) -> Any:
    """Return the product of two arrays, summed over the last axis of `a` and the last axis but one of `b`.

    Parameters
    ----------
    a, b : ndarray
        Numbers; an array without axes multiplies.
    out : ndarray, optional
        Where to write the result.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.dot(mx.np.ones((2, 3)), mx.np.ones((3,)))
    array([3., 3.])
    """
    return face.call(_DOT, (a, b), (), out)


@function("np.ndarray.dot")
def dot_of(face: Face, self: Any, b: Any, out: Any = None) -> Any:
    """Return `glueball.np.dot` of the array and another."""
    return dot(face, self, b, out)


@function("np.matmul")
def matmul(face: Face, a: Any, b: Any, out: Any = None, **kwargs: Any) -> Any:
    """Return the product of two matrices, or of stacks of matrices whose other axes broadcast.

    Parameters
    ----------
    a, b : ndarray
        Numbers; an array with one axis is a vector.
    out : ndarray, optional
        Where to write the result.
    **kwargs
        NumPy's options at their defaults.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.matmul(mx.np.ones((4, 2, 3)), mx.np.ones((3, 5))).shape
    (4, 2, 5)
    """
    check_options("matmul", kwargs)
    return face.call(_MATMUL, (a, b), (), out)


@function("np.tensordot")
def tensordot(face: Face, a: Any, b: Any, axes: Any = 2) -> Any:
    """Return the product of two arrays, summed over several axes.

    Parameters
    ----------
    a, b : ndarray
        Numbers.
    axes : int, or pair of int or tuple of int, default 2
        How many axes, the last of `a` and the first of `b`; or which of `a` and which of `b`.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.tensordot(mx.np.ones((2, 3, 4)), mx.np.ones((4, 3)), ((1, 2), (1, 0)))
    array([12., 12.])
    """
    if is_int(axes):
        return face.call(_TENSORDOT_INT, (a, b), (axes,))
    if not isinstance(axes, tuple | list) or len(axes) != 2:
        raise InvalidTypeError(f"np.tensordot: axes must be an int, or a pair of ints or tuples; received {axes!r}")
    pair = [(each,) if is_int(each) else each for each in axes]
    return face.call(_TENSORDOT, (a, b), (pair[0], pair[1]))


@function("np.inner")
def inner(face: Face, a: Any, b: Any) -> Any:
    """Return the product of two arrays, summed over the last axis of both.

    Parameters
    ----------
    a, b : ndarray
        Numbers; an array without axes multiplies.
    """
    if face.has_values and face.holds(a) and face.holds(b) and not (a.ndim and b.ndim):
        return face.call(_MULTIPLY, (a, b))
    return face.call(_TENSORDOT, (a, b), ((-1,), (-1,)))


def _flat(face: Face, name: str, array: Any) -> Any:
    if not face.holds(array):
        raise NoArrayError(
            f"np.{name}: a and b must be arrays of mx.np; received {type(array).__name__}; use mx.np.array(...)"
        )
    return reshape_method(face, array, -1)


@function("np.outer")
def outer(face: Face, a: Any, b: Any) -> Any:
    """Return the products of all elements of two arrays, as a matrix.

    Parameters
    ----------
    a, b : ndarray
        Numbers; they are flattened.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.outer(mx.np.arange(2), mx.np.arange(3))
    array([[0., 0., 0.],
           [0., 1., 2.]])
    """
    return face.call(_TENSORDOT_INT, (_flat(face, "outer", a), _flat(face, "outer", b)), (0,))


@function("np.vdot")
def vdot(face: Face, a: Any, b: Any) -> Any:
    """Return the sum of the products of corresponding elements.

    Parameters
    ----------
    a, b : ndarray
        Numbers; they are flattened.
    """
    return face.call(_TENSORDOT_INT, (_flat(face, "vdot", a), _flat(face, "vdot", b)), (1,))


@function("np.einsum")
def einsum(face: Face, *operands: Any, **kwargs: Any) -> Any:
    """Multiply arrays and sum over axes, as Einstein's convention says.

    Parameters
    ----------
    *operands
        The subscripts, such as ``'ij,jk->ik'``, and the arrays: a letter for each axis of each array, and behind an
        arrow those of the result.
    **kwargs
        ``out``, where to write the result, and ``optimize``: the order of the products is always chosen for speed.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.einsum("ij->i", mx.np.ones((2, 3)))
    array([3., 3.])
    """
    out, optimize = kwargs.pop("out", None), kwargs.pop("optimize", False)
    if kwargs:
        raise MissingMethodError(f"np.einsum: a keyword must be out or optimize; received {', '.join(kwargs)}")
    if not operands or not isinstance(operands[0], str):
        raise InvalidTypeError(f"np.einsum: the first argument must be the subscripts; received {operands[:1]!r}")
    arrays = operands[1:]
    return face.call(_EINSUM, arrays, (len(arrays), operands[0], int(bool(optimize))), out)
