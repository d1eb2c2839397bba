"""The functions of np.

Written by ``make stubs`` from the declarations in `glueball.ops`; not to be edited.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, NoReturn, overload

from glueball.core.annotations import (
    ContextLike, DTypeLike, FloatsLike, IndicesLike, Scalar, ShapeLike, ShapesLike,
)
from glueball.ndarray.numpy.np_array import ndarray as ndarray

from glueball.numpy.utils import NAN as NAN
from glueball.numpy.utils import NINF as NINF
from glueball.numpy.utils import NZERO as NZERO
from glueball.numpy.utils import NaN as NaN
from glueball.numpy.utils import PINF as PINF
from glueball.numpy.utils import PZERO as PZERO
from glueball.ndarray.numpy.sources import array as array
from glueball.numpy import arrayprint as arrayprint
import builtins
bool = builtins.bool
from glueball.numpy.utils import bool_ as bool_
from glueball.ndarray.numpy.shaping import broadcast_arrays as broadcast_arrays
from glueball.numpy.utils import e as e
from glueball.ndarray.numpy.shaping import empty as empty
from glueball.ndarray.numpy.shaping import empty_like as empty_like
from glueball.numpy import fallback as fallback
from glueball.numpy import fallback_linalg as fallback_linalg
from glueball.numpy.utils import finfo as finfo
from glueball.numpy.utils import float16 as float16
from glueball.numpy.utils import float32 as float32
from glueball.numpy.utils import float64 as float64
from glueball.numpy import function_base as function_base
from glueball.numpy.io import genfromtxt as genfromtxt
from glueball.numpy.utils import inf as inf
from glueball.numpy.utils import int32 as int32
from glueball.numpy.utils import int64 as int64
from glueball.numpy.utils import int8 as int8
from glueball.numpy import io as io
from glueball.numpy import linalg as linalg
from glueball.ndarray.numpy.shaping import meshgrid as meshgrid
from glueball.numpy import multiarray as multiarray
from glueball.numpy.utils import nan as nan
from glueball.numpy.utils import newaxis as newaxis
from glueball.ndarray.numpy.searching import nonzero as nonzero
from glueball.numpy.utils import pi as pi
from glueball.numpy import random as random
from glueball.ndarray.numpy.shaping import resize as resize
from glueball.numpy.arrayprint import set_printoptions as set_printoptions
from glueball.ndarray.numpy.shaping import shape as shape
from glueball.numpy import stride_tricks as stride_tricks
from glueball.numpy.utils import uint8 as uint8
from glueball.ndarray.numpy.shaping import unravel_index as unravel_index
from glueball.numpy import utils as utils
def abs(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the absolute value, element-wise."""
def absolute(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the absolute value, element-wise."""
def add(x1: Any, x2: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return x1 + x2, element-wise, of two arrays that broadcast."""
def all(a: Any, axis: Any = None, keepdims: bool = False, out: ndarray | None = None) -> ndarray:
    """Return whether all elements differ from 0 over axes."""
def allclose(*args: Any, **kwargs: Any) -> Any: ...
def alltrue(*args: Any, **kwargs: Any) -> Any: ...
def amax(a: Any, axis: Any = None, keepdims: bool = False, out: ndarray | None = None) -> ndarray:
    """Return the largest element over axes."""
def amin(a: Any, axis: Any = None, keepdims: bool = False, out: ndarray | None = None) -> ndarray:
    """Return the smallest element over axes."""
def any(a: Any, axis: Any = None, keepdims: bool = False, out: ndarray | None = None) -> ndarray:
    """Return whether any element differs from 0 over axes."""
def append(arr: Any, values: Any, axis: int | None = None) -> ndarray:
    """Join two arrays."""
def apply_along_axis(*args: Any, **kwargs: Any) -> Any: ...
def apply_over_axes(*args: Any, **kwargs: Any) -> Any: ...
def arange(
    start: float,
    stop: float | None = None,
    step: float = 1,
    dtype: DTypeLike | None = None,
    ctx: ContextLike | None = None,
) -> ndarray:
    """Return start, start + step, ... below `stop`, or above it for a negative step."""
def arccos(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the angle in radians whose cosine it is, element-wise."""
def arccosh(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the inverse of cosh, of numbers of at least 1, element-wise."""
def arcsin(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the angle in radians whose sine it is, element-wise."""
def arcsinh(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the inverse of sinh, element-wise."""
def arctan(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the angle in radians whose tangent it is, element-wise."""
def arctan2(x1: Any, x2: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the angle in radians of the point (x2, x1), element-wise, of two arrays that broadcast."""
def arctanh(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the inverse of tanh, of numbers between -1 and 1, element-wise."""
def argmax(a: Any, axis: int | None = None, out: ndarray | None = None) -> ndarray:
    """Return where the largest element is: its int64 index."""
def argmin(a: Any, axis: int | None = None, out: ndarray | None = None) -> ndarray:
    """Return where the smallest element is: its int64 index."""
def argpartition(*args: Any, **kwargs: Any) -> Any: ...
def argsort(a: Any, axis: int | None = -1, kind: str | None = None, order: Any = None) -> ndarray:
    """Return the int64 indices that would put the elements in ascending order."""
def argwhere(*args: Any, **kwargs: Any) -> Any: ...
def around(x: Any, decimals: int = 0, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Round to a number of decimals; halves go to the even neighbor."""
def array_equal(*args: Any, **kwargs: Any) -> Any: ...
def array_equiv(*args: Any, **kwargs: Any) -> Any: ...
def array_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[ndarray]:
    """Split an array into parts, of which the first are longer by 1 if they cannot be equal; see `split`."""
def atleast_1d(*arys: Any) -> Any:
    """Return arrays with axes of length 1 added to those that have fewer than 1."""
def atleast_2d(*arys: Any) -> Any:
    """Return arrays with axes of length 1 added to those that have fewer than 2."""
def atleast_3d(*arys: Any) -> Any:
    """Return arrays with axes of length 1 added to those that have fewer than 3."""
def average(a: Any, axis: Any = None, weights: Any = None, returned: bool = False, out: ndarray | None = None) -> Any:
    """Return the average of the elements over axes."""
def bincount(x: Any, weights: Any = None, minlength: int = 0) -> ndarray:
    """Return how often each number occurs, or the sum of the weights at its places."""
def bitwise_and(x1: Any, x2: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the bits of x1 and x2, element-wise, of two arrays that broadcast."""
def bitwise_not(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the bits of an integer inverted, or the opposite of a bool, element-wise."""
def bitwise_or(x1: Any, x2: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the bits of x1 or x2, element-wise, of two arrays that broadcast."""
def bitwise_xor(x1: Any, x2: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the bits of x1 xor x2, element-wise, of two arrays that broadcast."""
def blackman(M: int, dtype: DTypeLike | None = ..., ctx: ContextLike | None = None) -> ndarray:
    """Return Blackman's window, a sum of three cosines."""
def broadcast_to(array: Any, shape: Any) -> ndarray:
    """Repeat an array along axes of length 1, and along new axes in front, to a shape."""
def cbrt(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the cube root, element-wise."""
def ceil(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the smallest integer that is not smaller, element-wise."""
def choose(*args: Any, **kwargs: Any) -> Any: ...
def clip(a: Any, a_min: Any, a_max: Any, out: ndarray | None = None) -> ndarray:
    """Return the elements within limits: what is beyond one becomes the limit."""
def column_stack(tup: Any) -> ndarray:
    """Join arrays along the second axis; one with fewer than two is a column."""
def compress(*args: Any, **kwargs: Any) -> Any: ...
def concatenate(seq: Any, axis: int | None = 0, out: ndarray | None = None) -> ndarray:
    """Join arrays along an existing axis."""
def copy(a: Any, out: ndarray | None = None) -> ndarray:
    """Return a copy of an array."""
def copysign(x1: Any, x2: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return x1 with the sign of x2, element-wise, of two arrays that broadcast."""
def corrcoef(*args: Any, **kwargs: Any) -> Any: ...
def correlate(*args: Any, **kwargs: Any) -> Any: ...
def cos(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the cosine of an angle in radians, element-wise."""
def cosh(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the hyperbolic cosine, element-wise."""
def count_nonzero(*args: Any, **kwargs: Any) -> Any: ...
def cov(*args: Any, **kwargs: Any) -> Any: ...
def cumsum(a: Any, axis: Any = None, dtype: DTypeLike | None = None, out: ndarray | None = None) -> ndarray:
    """Return the sums of the elements up to each."""
def deg2rad(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the angle in radians of one in degrees, element-wise."""
def degrees(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the angle in degrees of one in radians, element-wise."""
def delete(arr: Any, obj: Any, axis: int | None = None) -> ndarray:
    """Return an array without some places."""
def diag(array: Any, k: int = 0) -> ndarray:
    """Make a matrix with the given diagonal, or read a diagonal of a matrix."""
def diag_indices_from(arr: Any) -> tuple[ndarray, ...]:
    """Return the indices of the main diagonal."""
def diagflat(array: Any, k: int = 0) -> ndarray:
    """Make a matrix with all the elements of an array on a diagonal."""
def diagonal(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> ndarray:
    """Read the diagonals of the matrices that two axes span; they become the last axis."""
def diff(a: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> ndarray:
    """Return the differences of neighbors along an axis, n times."""
def digitize(*args: Any, **kwargs: Any) -> Any: ...
def divide(x1: Any, x2: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return x1 / x2, element-wise, of two arrays that broadcast."""
def divmod(*args: Any, **kwargs: Any) -> Any: ...
def dot(a: Any, b: Any, out: ndarray | None = None) -> ndarray:
    """Return the product of two arrays, summed over the last axis of `a` and the last axis but one of `b`."""
def dsplit(ary: Any, indices_or_sections: Any) -> list[ndarray]:
    """Split an array along the third axis; see `split`."""
def dstack(arrays: Any) -> ndarray:
    """Join arrays along the third axis; those with fewer axes get some of length 1."""
def ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> ndarray:
    """Return the differences of neighbors of the flattened array."""
def einsum(*operands: Any, **kwargs: Any) -> ndarray:
    """Multiply arrays and sum over axes, as Einstein's convention says."""
def equal(x1: Any, x2: Any, out: ndarray | None = None) -> ndarray:
    """Return whether x1 = x2, element-wise, of two arrays that broadcast."""
def exp(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return e to the power of data, element-wise."""
def expand_dims(a: Any, axis: int) -> ndarray:
    """Return an array with one more axis, of length 1."""
def expm1(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return exp(data) - 1, exact near 0, element-wise."""
def extract(*args: Any, **kwargs: Any) -> Any: ...
def eye(N: int, M: int | None = None, k: int = 0, dtype: DTypeLike | None = ..., **kwargs: Any) -> ndarray:
    """Return a matrix with ones on one diagonal and zeros elsewhere."""
def fabs(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the absolute value, element-wise."""
def fix(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the nearest integer toward 0, element-wise."""
def flatnonzero(*args: Any, **kwargs: Any) -> Any: ...
def flip(m: Any, axis: Any = None, out: ndarray | None = None) -> ndarray:
    """Reverse the order of the elements along axes."""
def fliplr(m: Any) -> ndarray:
    """Reverse the order of the columns."""
def flipud(m: Any) -> ndarray:
    """Reverse the order of the rows."""
def float_power(*args: Any, **kwargs: Any) -> Any: ...
def floor(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the largest integer that is not larger, element-wise."""
def frexp(*args: Any, **kwargs: Any) -> Any: ...
def full(
    shape: Any,
    fill_value: Any,
    dtype: DTypeLike | None = None,
    order: str = "C",
    ctx: ContextLike | None = None,
    out: ndarray | None = None,
) -> ndarray:
    """Return an array with one number everywhere, or an array repeated to a shape."""
def full_like(
    a: Any,
    fill_value: Any,
    dtype: DTypeLike | None = None,
    order: str = "C",
    ctx: ContextLike | None = None,
    out: ndarray | None = None,
) -> ndarray:
    """Return an array of the shape of another with one number everywhere."""
def greater(x1: Any, x2: Any, out: ndarray | None = None) -> ndarray:
    """Return whether x1 > x2, element-wise, of two arrays that broadcast."""
def greater_equal(x1: Any, x2: Any, out: ndarray | None = None) -> ndarray:
    """Return whether x1 >= x2, element-wise, of two arrays that broadcast."""
def hamming(M: int, dtype: DTypeLike | None = ..., ctx: ContextLike | None = None) -> ndarray:
    """Return Hamming's window, a cosine over a pedestal."""
def hanning(M: int, dtype: DTypeLike | None = ..., ctx: ContextLike | None = None) -> ndarray:
    """Return von Hann's window, a cosine."""
def heaviside(*args: Any, **kwargs: Any) -> Any: ...
def histogram(
    a: Any,
    bins: Any = 10,
    range: Any = None,
    normed: Any = None,
    weights: Any = None,
    density: Any = None,
) -> list[ndarray]:
    """Count the elements in each of several ranges that follow one another."""
def histogram2d(*args: Any, **kwargs: Any) -> Any: ...
def histogram_bin_edges(*args: Any, **kwargs: Any) -> Any: ...
def histogramdd(*args: Any, **kwargs: Any) -> Any: ...
def hsplit(ary: Any, indices_or_sections: Any) -> list[ndarray]:
    """Split an array along the second axis, or along the only one; see `array_split`."""
def hstack(arrays: Any) -> ndarray:
    """Join arrays along the second axis, or along the only one."""
def hypot(x1: Any, x2: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the length of the hypotenuse for the legs x1 and x2, element-wise, of two arrays that broadcast."""
def i0(*args: Any, **kwargs: Any) -> Any: ...
def identity(n: int, dtype: DTypeLike | None = None, ctx: ContextLike | None = None) -> ndarray:
    """Return a square matrix with ones on the main diagonal and zeros elsewhere."""
def in1d(*args: Any, **kwargs: Any) -> Any: ...
def indices(dimensions: Any, dtype: DTypeLike | None = ..., ctx: ContextLike | None = None) -> ndarray:
    """Return the indices of the elements of an array: for each axis an array of that shape."""
def inner(a: Any, b: Any) -> ndarray:
    """Return the product of two arrays, summed over the last axis of both."""
def insert(arr: Any, obj: Any, values: Any, axis: int | None = None) -> ndarray:
    """Insert values before places of an array."""
def interp(*args: Any, **kwargs: Any) -> Any: ...
def intersect1d(*args: Any, **kwargs: Any) -> Any: ...
def invert(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the bits of an integer inverted, or the opposite of a bool, element-wise."""
def isclose(*args: Any, **kwargs: Any) -> Any: ...
def isfinite(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return whether it is neither infinite nor NaN, element-wise."""
def isin(*args: Any, **kwargs: Any) -> Any: ...
def isinf(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return whether it is infinite, element-wise."""
def isnan(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return whether it is NaN, element-wise."""
def isneginf(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return whether it is negative infinity, element-wise."""
def isposinf(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return whether it is positive infinity, element-wise."""
def ix_(*args: Any, **kwargs: Any) -> Any: ...
def lcm(x1: Any, x2: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the lowest common multiple of x1 and x2, element-wise, of two arrays that broadcast."""
def ldexp(x1: Any, x2: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return x1 * 2 ** x2, element-wise, of two arrays that broadcast."""
def less(x1: Any, x2: Any, out: ndarray | None = None) -> ndarray:
    """Return whether x1 < x2, element-wise, of two arrays that broadcast."""
def less_equal(x1: Any, x2: Any, out: ndarray | None = None) -> ndarray:
    """Return whether x1 <= x2, element-wise, of two arrays that broadcast."""
def lexsort(*args: Any, **kwargs: Any) -> Any: ...
def linspace(
    start: float,
    stop: float,
    num: int = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: DTypeLike | None = None,
    axis: int = 0,
    ctx: ContextLike | None = None,
) -> Any:
    """Return evenly spaced numbers."""
def log(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the natural logarithm, element-wise."""
def log10(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the logarithm to base 10, element-wise."""
def log1p(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return log(1 + data), exact near 0, element-wise."""
def log2(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the logarithm to base 2, element-wise."""
def logical_not(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return whether it is 0, element-wise."""
def logspace(
    start: float,
    stop: float,
    num: int = 50,
    endpoint: bool = True,
    base: float = 10.0,
    dtype: DTypeLike | None = None,
    axis: int = 0,
    ctx: ContextLike | None = None,
) -> ndarray:
    """Return powers of a base, whose exponents are evenly spaced."""
def matmul(a: Any, b: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the product of two matrices, or of stacks of matrices whose other axes broadcast."""
def max(a: Any, axis: Any = None, keepdims: bool = False, out: ndarray | None = None) -> ndarray:
    """Return the largest element over axes."""
def maximum(x1: Any, x2: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the larger of lhs and rhs; on ties the gradient goes to lhs."""
def may_share_memory(a: Any, b: Any, max_work: Any = None) -> bool:
    """Return whether the memory of two arrays overlaps."""
def mean(
    a: Any,
    axis: Any = None,
    dtype: DTypeLike | None = None,
    out: ndarray | None = None,
    keepdims: bool = False,
) -> ndarray:
    """Return the arithmetic mean of the elements over axes."""
def min(a: Any, axis: Any = None, keepdims: bool = False, out: ndarray | None = None) -> ndarray:
    """Return the smallest element over axes."""
def min_scalar_type(*args: Any, **kwargs: Any) -> Any: ...
def minimum(x1: Any, x2: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the smaller of lhs and rhs; on ties the gradient goes to lhs."""
def mirr(*args: Any, **kwargs: Any) -> Any: ...
def mod(x1: Any, x2: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the remainder of x1 / x2, which has the sign of x2 and is 0 for the divisor 0, element-wise, of two arrays that broadcast."""
def modf(*args: Any, **kwargs: Any) -> Any: ...
def moveaxis(a: Any, source: Any, destination: Any) -> ndarray:
    """Return an array with axes at other positions; the rest keep their order."""
def msort(*args: Any, **kwargs: Any) -> Any: ...
def multiply(x1: Any, x2: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return x1 * x2, element-wise, of two arrays that broadcast."""
def nan_to_num(
    x: Any,
    copy: bool = True,
    nan: Any = 0.0,
    posinf: Any = None,
    neginf: Any = None,
    **kwargs: Any,
) -> ndarray:
    """Return numbers in the place of NaN and infinity."""
def nanargmax(*args: Any, **kwargs: Any) -> Any: ...
def nanargmin(*args: Any, **kwargs: Any) -> Any: ...
def nancumprod(*args: Any, **kwargs: Any) -> Any: ...
def nancumsum(*args: Any, **kwargs: Any) -> Any: ...
def nanmax(*args: Any, **kwargs: Any) -> Any: ...
def nanmedian(*args: Any, **kwargs: Any) -> Any: ...
def nanmin(*args: Any, **kwargs: Any) -> Any: ...
def nanpercentile(*args: Any, **kwargs: Any) -> Any: ...
def nanprod(*args: Any, **kwargs: Any) -> Any: ...
def nanquantile(*args: Any, **kwargs: Any) -> Any: ...
def ndim(*args: Any, **kwargs: Any) -> Any: ...
def negative(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the number with the opposite sign, element-wise."""
def not_equal(x1: Any, x2: Any, out: ndarray | None = None) -> ndarray:
    """Return whether x1 differs from x2, element-wise, of two arrays that broadcast."""
def npv(*args: Any, **kwargs: Any) -> Any: ...
def ones(shape: Any, dtype: DTypeLike | None = ..., order: str = "C", ctx: ContextLike | None = None) -> ndarray:
    """Return an array of ones; the arguments are those of `zeros`."""
def ones_like(
    a: Any,
    dtype: DTypeLike | None = None,
    order: str = "C",
    ctx: ContextLike | None = None,
    out: ndarray | None = None,
) -> ndarray:
    """Return ones in the shape of an array; the arguments are those of `full_like`."""
def outer(a: Any, b: Any) -> ndarray:
    """Return the products of all elements of two arrays, as a matrix."""
def packbits(*args: Any, **kwargs: Any) -> Any: ...
def pad(x: Any, pad_width: Any = None, mode: str = "constant", **kwargs: Any) -> ndarray:
    """Add elements before and behind, along each axis."""
def partition(*args: Any, **kwargs: Any) -> Any: ...
def percentile(
    a: Any,
    q: Any,
    axis: Any = None,
    out: ndarray | None = None,
    overwrite_input: Any = None,
    interpolation: str = "linear",
    keepdims: bool = False,
) -> ndarray:
    """Return the element below which q percent of the elements over axes lie."""
def piecewise(*args: Any, **kwargs: Any) -> Any: ...
def poly(*args: Any, **kwargs: Any) -> Any: ...
def polyadd(*args: Any, **kwargs: Any) -> Any: ...
def polydiv(*args: Any, **kwargs: Any) -> Any: ...
def polyfit(*args: Any, **kwargs: Any) -> Any: ...
def polyint(*args: Any, **kwargs: Any) -> Any: ...
def polymul(*args: Any, **kwargs: Any) -> Any: ...
def polysub(*args: Any, **kwargs: Any) -> Any: ...
def polyval(p: Any, x: Any) -> ndarray:
    """Return the values of a polynomial."""
def positive(*args: Any, **kwargs: Any) -> Any: ...
def power(x1: Any, x2: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return x1 to the power of x2, element-wise, of two arrays that broadcast."""
def ppmt(*args: Any, **kwargs: Any) -> Any: ...
def prod(
    a: Any,
    axis: Any = None,
    dtype: DTypeLike | None = None,
    out: ndarray | None = None,
    keepdims: bool = False,
) -> ndarray:
    """Return the product of the elements over axes."""
def product(
    a: Any,
    axis: Any = None,
    dtype: DTypeLike | None = None,
    out: ndarray | None = None,
    keepdims: bool = False,
) -> ndarray:
    """Return the product of the elements over axes."""
def promote_types(*args: Any, **kwargs: Any) -> Any: ...
def ptp(*args: Any, **kwargs: Any) -> Any: ...
def pv(*args: Any, **kwargs: Any) -> Any: ...
def quantile(
    a: Any,
    q: Any,
    axis: Any = None,
    out: ndarray | None = None,
    overwrite_input: Any = None,
    interpolation: str = "linear",
    keepdims: bool = False,
) -> ndarray:
    """Return the element below which a share q of the elements over axes lies."""
def rad2deg(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the angle in degrees of one in radians, element-wise."""
def radians(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the angle in radians of one in degrees, element-wise."""
def rate(*args: Any, **kwargs: Any) -> Any: ...
def ravel(x: Any, order: str = "C") -> ndarray:
    """Return the elements of an array in one axis."""
def real(*args: Any, **kwargs: Any) -> Any: ...
def reciprocal(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return 1 / data, element-wise."""
def remainder(x1: Any, x2: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the remainder of x1 / x2, which has the sign of x2 and is 0 for the divisor 0, element-wise, of two arrays that broadcast."""
def repeat(a: Any, repeats: int, axis: int | None = None) -> ndarray:
    """Repeat each element, or each slice along an axis."""
def reshape(a: Any, newshape: Any, order: str = "C", out: ndarray | None = None) -> ndarray:
    """Return the elements of an array in another shape."""
def result_type(*args: Any, **kwargs: Any) -> Any: ...
def rint(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the nearest integer, on ties the lower one, element-wise."""
def roll(a: Any, shift: Any, axis: Any = None) -> ndarray:
    """Shift the elements; those that leave at an end come in at the other."""
def rollaxis(*args: Any, **kwargs: Any) -> Any: ...
def roots(*args: Any, **kwargs: Any) -> Any: ...
def rot90(m: Any, k: int = 1, axes: Any = ...) -> ndarray:
    """Turn an array by 90 degrees in the plane of two axes, from the first of them toward the second."""
def round(x: Any, decimals: int = 0, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Round to a number of decimals; halves go to the even neighbor."""
def round_(x: Any, decimals: int = 0, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Round to a number of decimals; halves go to the even neighbor."""
def row_stack(arrays: Any) -> ndarray:
    """Join arrays along the first axis; an array with fewer than two axes is a row."""
def searchsorted(*args: Any, **kwargs: Any) -> Any: ...
def select(*args: Any, **kwargs: Any) -> Any: ...
def setdiff1d(*args: Any, **kwargs: Any) -> Any: ...
def setxor1d(*args: Any, **kwargs: Any) -> Any: ...
def shares_memory(a: Any, b: Any, max_work: Any = None) -> bool:
    """Return whether the memory of two arrays overlaps."""
def sign(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return -1, 0 or 1, the sign, element-wise."""
def signbit(*args: Any, **kwargs: Any) -> Any: ...
def sin(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the sine of an angle in radians, element-wise."""
def sinh(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the hyperbolic sine, element-wise."""
def size(*args: Any, **kwargs: Any) -> Any: ...
def sometrue(a: Any, axis: Any = None, keepdims: bool = False, out: ndarray | None = None) -> ndarray:
    """Return whether any element differs from 0 over axes."""
def sort(a: Any, axis: int | None = -1, kind: str | None = None, order: Any = None) -> ndarray:
    """Return the elements in ascending order."""
def spacing(*args: Any, **kwargs: Any) -> Any: ...
def split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[ndarray]:
    """Split an array into equal parts, or before given places."""
def sqrt(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the square root, element-wise."""
def square(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return data * data, element-wise."""
def squeeze(a: Any, axis: Any = None, out: ndarray | None = None) -> ndarray:
    """Return an array without axes of length 1."""
def stack(arrays: Any, axis: int = 0, out: ndarray | None = None) -> ndarray:
    """Join arrays of one shape along a new axis."""
def std(
    a: Any,
    axis: Any = None,
    dtype: DTypeLike | None = None,
    out: ndarray | None = None,
    ddof: int = 0,
    keepdims: bool = False,
) -> ndarray:
    """Return the standard deviation of the elements over axes."""
def subtract(x1: Any, x2: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return x1 - x2, element-wise, of two arrays that broadcast."""
def sum(
    a: Any,
    axis: Any = None,
    dtype: DTypeLike | None = None,
    keepdims: bool = False,
    initial: Any = None,
    out: ndarray | None = None,
) -> ndarray:
    """Return the sum of the elements over axes."""
def swapaxes(a: Any, axis1: int, axis2: int) -> ndarray:
    """Return an array with two axes exchanged."""
def take(a: Any, indices: Any, axis: int | None = None, mode: str = "raise", out: ndarray | None = None) -> ndarray:
    """Take elements, or slices along an axis."""
def take_along_axis(*args: Any, **kwargs: Any) -> Any: ...
def tan(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the tangent of an angle in radians, element-wise."""
def tanh(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the hyperbolic tangent, element-wise."""
def tensordot(a: Any, b: Any, axes: Any = 2) -> ndarray:
    """Return the product of two arrays, summed over several axes."""
def tile(A: Any, reps: Any) -> ndarray:
    """Repeat a whole array along its axes."""
def trace(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, out: ndarray | None = None) -> ndarray:
    """Sum the diagonals of the matrices that two axes span."""
def transpose(a: Any, axes: Any = None) -> ndarray:
    """Return an array with its axes in another order."""
def trapz(*args: Any, **kwargs: Any) -> Any: ...
def tril(m: Any, k: int = 0) -> ndarray:
    """Set what lies above a diagonal to 0."""
def tril_indices_from(*args: Any, **kwargs: Any) -> Any: ...
def trim_zeros(*args: Any, **kwargs: Any) -> Any: ...
def triu_indices_from(*args: Any, **kwargs: Any) -> Any: ...
def true_divide(x1: Any, x2: Any, out: ndarray | None = None) -> ndarray:
    """Return x1 / x2, element-wise, of two arrays that broadcast."""
def trunc(x: Any, out: ndarray | None = None, **kwargs: Any) -> ndarray:
    """Return the integer part, without the fraction, element-wise."""
def union1d(*args: Any, **kwargs: Any) -> Any: ...
def unique(
    ar: Any,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
) -> Any:
    """Return the different elements, or slices along an axis, in ascending order."""
def unpackbits(*args: Any, **kwargs: Any) -> Any: ...
def unwrap(*args: Any, **kwargs: Any) -> Any: ...
def vander(*args: Any, **kwargs: Any) -> Any: ...
def var(
    a: Any,
    axis: Any = None,
    dtype: DTypeLike | None = None,
    out: ndarray | None = None,
    ddof: int = 0,
    keepdims: bool = False,
) -> ndarray:
    """Return the variance of the elements over axes."""
def vdot(a: Any, b: Any) -> ndarray:
    """Return the sum of the products of corresponding elements."""
def vsplit(ary: Any, indices_or_sections: Any) -> list[ndarray]:
    """Split an array along the first axis; see `split`."""
def vstack(arrays: Any, out: ndarray | None = None) -> ndarray:
    """Join arrays along the first axis; an array with fewer than two axes is a row."""
def where(condition: Any, x: Any = None, y: Any = None) -> Any:
    """Return elements of `x` where the condition holds, and of `y` elsewhere."""
def zeros(shape: Any, dtype: DTypeLike | None = None, order: str = "C", ctx: ContextLike | None = None) -> ndarray:
    """Return an array of zeros."""
def zeros_like(
    a: Any,
    dtype: DTypeLike | None = None,
    order: str = "C",
    ctx: ContextLike | None = None,
    out: ndarray | None = None,
) -> ndarray:
    """Return zeros in the shape of an array; the arguments are those of `full_like`."""
