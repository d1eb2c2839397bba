"""The methods that NDArray is given when the package is imported.

Written by ``make stubs`` from the declarations in `glueball.ops`; not to be edited.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, overload

from ..core.annotations import ContextLike, DTypeLike, FloatsLike, IndicesLike, Scalar, ShapeLike, ShapesLike
from .ndarray import NDArray
from glueball.core.context import Context
from glueball.ndarray.invoke import Result
from glueball.ndarray.numpy.np_array import ndarray
from torch import Tensor
import numpy as np

class Methods:
    """What NDArray is given by the layers above it."""

    def __abs__(self) -> NDArray: ...
    def __add__(self, other: NDArray | Scalar) -> NDArray: ...
    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray: ...
    def __dlpack__(self, **options: Any) -> Any: ...
    def __dlpack_device__(self) -> tuple[int, int]: ...
    def __eq__(self, other: NDArray | Scalar) -> NDArray: ...  # type: ignore[override]
    def __ge__(self, other: NDArray | Scalar) -> NDArray: ...
    def __getitem__(self, key: Any) -> NDArray: ...
    def __gt__(self, other: NDArray | Scalar) -> NDArray: ...
    def __iadd__(self, other: NDArray | Scalar) -> NDArray: ...
    def __imod__(self, other: NDArray | Scalar) -> NDArray: ...
    def __imul__(self, other: NDArray | Scalar) -> NDArray: ...
    def __isub__(self, other: NDArray | Scalar) -> NDArray: ...
    def __itruediv__(self, other: NDArray | Scalar) -> NDArray: ...
    def __le__(self, other: NDArray | Scalar) -> NDArray: ...
    def __lt__(self, other: NDArray | Scalar) -> NDArray: ...
    def __mod__(self, other: NDArray | Scalar) -> NDArray: ...
    def __mul__(self, other: NDArray | Scalar) -> NDArray: ...
    def __ne__(self, other: NDArray | Scalar) -> NDArray: ...  # type: ignore[override]
    def __neg__(self) -> NDArray: ...
    def __pow__(self, other: NDArray | Scalar) -> NDArray: ...
    def __radd__(self, other: NDArray | Scalar) -> NDArray: ...
    def __rmod__(self, other: NDArray | Scalar) -> NDArray: ...
    def __rmul__(self, other: NDArray | Scalar) -> NDArray: ...
    def __rpow__(self, other: NDArray | Scalar) -> NDArray: ...
    def __rsub__(self, other: NDArray | Scalar) -> NDArray: ...
    def __rtruediv__(self, other: NDArray | Scalar) -> NDArray: ...
    def __setitem__(self, key: Any, value: Any) -> None: ...
    def __sub__(self, other: NDArray | Scalar) -> NDArray: ...
    def __truediv__(self, other: NDArray | Scalar) -> NDArray: ...
    def abs(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the absolute value, element-wise."""
    def arccos(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the angle in radians whose cosine it is, element-wise."""
    def arccosh(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the inverse of cosh, of numbers of at least 1, element-wise."""
    def arcsin(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the angle in radians whose sine it is, element-wise."""
    def arcsinh(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the inverse of sinh, element-wise."""
    def arctan(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the angle in radians whose tangent it is, element-wise."""
    def arctanh(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the inverse of tanh, of numbers between -1 and 1, element-wise."""
    def argmax(
        self,
        axis: int | None = None,
        keepdims: bool = False,
        out: NDArray | None = None,
        name: str | None = None,
    ) -> NDArray:
        """Return where the largest element is, as an index of the type of `data`."""
    def argmax_channel(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return where the largest element of each row is: `argmax` along axis 1."""
    def argmin(
        self,
        axis: int | None = None,
        keepdims: bool = False,
        out: NDArray | None = None,
        name: str | None = None,
    ) -> NDArray:
        """Return where the smallest element is, as an index of the type of `data`."""
    def argsort(
        self,
        axis: int | None = -1,
        is_ascend: bool = True,
        dtype: Literal["float16", "float32", "float64", "int32", "int64", "uint8"] = "float32",
        out: NDArray | None = None,
        name: str | None = None,
    ) -> NDArray:
        """Return the indices that would put the elements in order."""
    def as_in_context(self, context: Context) -> NDArray:
        """Return the array itself if it is already on `context`, otherwise a copy there."""
    def as_nd_ndarray(self) -> NDArray:
        """Return the array as one of ``mx.nd``, on the same memory: itself if it is one."""
    def as_np_ndarray(self) -> ndarray:
        """Return the array as one of ``mx.np``, on the same memory and in the same recorded graph."""
    def asnumpy(self) -> np.ndarray:
        """Return a NumPy copy; bfloat16 becomes float32, which represents each of its values exactly."""
    def asscalar(self) -> Any:
        """Return the only element as a NumPy scalar; raises ValueError if there is not exactly one."""
    def astype(self, dtype: Any, copy: bool = True) -> NDArray:
        """Return the values converted to another type."""
    def backward(self, out_grad: NDArray | None = None, retain_graph: bool = False, train_mode: bool = True) -> None:
        """Compute the gradients of this array with respect to all variables it was computed from."""
    def broadcast_axes(
        self,
        axis: ShapeLike = (),
        size: ShapeLike = (),
        out: NDArray | None = None,
        name: str | None = None,
    ) -> NDArray:
        """Broadcast the named axes, which must have length 1."""
    def broadcast_like(self, other: NDArray) -> NDArray:
        """Return `broadcast_to` the shape of another array."""
    def broadcast_to(self, shape: Sequence[int]) -> NDArray:
        """Broadcast the array to a shape, as NumPy does."""
    def cbrt(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the cube root, element-wise."""
    def ceil(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the smallest integer that is not smaller, element-wise."""
    def clip(self, a_min: float, a_max: float, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Limit each element to the range from `a_min` to `a_max`."""
    def copy(self) -> NDArray:
        """Return a copy on the same context."""
    def copyto(self, other: NDArray | Context) -> NDArray:
        """Copy the values into another array of the same shape, or into a new one on a context."""
    def cos(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the cosine of an angle in radians, element-wise."""
    def cosh(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the hyperbolic cosine, element-wise."""
    def degrees(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the angle in degrees of one in radians, element-wise."""
    def depth_to_space(self, block_size: int, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Rearrange channels into blocks of pixels: (N, C, H, W) becomes (N, C / b^2, H b, W b)."""
    def detach(self) -> NDArray:
        """Return an array that shares the memory and that no gradient flows through."""
    def diag(
        self,
        k: int = 0,
        axis1: int = 0,
        axis2: int = 1,
        out: NDArray | None = None,
        name: str | None = None,
    ) -> NDArray:
        """Make a matrix with the given diagonal, or read the diagonal of a matrix."""
    def exp(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return e to the power of data, element-wise."""
    def expand_dims(self, axis: int, inplace: bool = False) -> NDArray:
        """Insert an axis of length 1."""
    def expm1(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return exp(data) - 1, exact near 0, element-wise."""
    def fix(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the nearest integer toward 0, element-wise."""
    def flatten(self, inplace: bool = False) -> NDArray:
        """Keep the first axis and merge all others into one."""
    def flip(self, axis: ShapeLike, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Reverse the order of the elements along some axes."""
    def floor(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the largest integer that is not larger, element-wise."""
    def log(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the natural logarithm, element-wise."""
    def log10(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the logarithm to base 10, element-wise."""
    def log1p(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return log(1 + data), exact near 0, element-wise."""
    def log2(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the logarithm to base 2, element-wise."""
    def log_softmax(
        self,
        axis: int = -1,
        temperature: float | None = None,
        dtype: DTypeLike | None = None,
        use_length: bool | None = False,
        out: NDArray | None = None,
        name: str | None = None,
    ) -> NDArray:
        """Return the logarithm of softmax, without computing softmax itself."""
    def max(
        self,
        axis: ShapeLike | None = None,
        keepdims: bool = False,
        exclude: bool = False,
        out: NDArray | None = None,
        name: str | None = None,
    ) -> NDArray:
        """Find the largest element, along some axes or over everything."""
    def mean(
        self,
        axis: ShapeLike | None = None,
        keepdims: bool = False,
        exclude: bool = False,
        out: NDArray | None = None,
        name: str | None = None,
    ) -> NDArray:
        """Average the elements, along some axes or over everything."""
    def min(
        self,
        axis: ShapeLike | None = None,
        keepdims: bool = False,
        exclude: bool = False,
        out: NDArray | None = None,
        name: str | None = None,
    ) -> NDArray:
        """Find the smallest element, along some axes or over everything."""
    def nanprod(
        self,
        axis: ShapeLike | None = None,
        keepdims: bool = False,
        exclude: bool = False,
        out: NDArray | None = None,
        name: str | None = None,
    ) -> NDArray:
        """Multiply the elements, treating NaN as 1, along some axes or over everything."""
    def nansum(
        self,
        axis: ShapeLike | None = None,
        keepdims: bool = False,
        exclude: bool = False,
        out: NDArray | None = None,
        name: str | None = None,
    ) -> NDArray:
        """Sum the elements, treating NaN as 0, along some axes or over everything."""
    def norm(
        self,
        ord: int = 2,
        axis: ShapeLike | None = None,
        out_dtype: Literal["float16", "float32", "float64", "int32", "int64", "int8"] | None = None,
        keepdims: bool = False,
        out: NDArray | None = None,
        name: str | None = None,
    ) -> NDArray:
        """Return the norm of vectors: the root of the sum of squares, or the sum of absolute values."""
    def one_hot(
        self,
        depth: int,
        on_value: float = 1.0,
        off_value: float = 0.0,
        dtype: DTypeLike = "float32",
        out: NDArray | None = None,
        name: str | None = None,
    ) -> NDArray:
        """Encode each index as a row that is "on" at that position."""
    def ones_like(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Make an array of ones of the shape and type of `data`."""
    def pad(
        self,
        mode: Literal["constant", "edge", "reflect"],
        pad_width: ShapeLike,
        constant_value: float = 0.0,
        out: NDArray | None = None,
        name: str | None = None,
    ) -> NDArray:
        """Add values around images, on the axes after batch and channel."""
    def pick(
        self,
        index: NDArray,
        axis: int | None = -1,
        keepdims: bool = False,
        mode: Literal["clip", "wrap"] = "clip",
        out: NDArray | None = None,
        name: str | None = None,
    ) -> NDArray:
        """Pick one element along an axis at each position of the others."""
    def prod(
        self,
        axis: ShapeLike | None = None,
        keepdims: bool = False,
        exclude: bool = False,
        out: NDArray | None = None,
        name: str | None = None,
    ) -> NDArray:
        """Multiply the elements, along some axes or over everything."""
    def radians(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the angle in radians of one in degrees, element-wise."""
    def rcbrt(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return 1 / cbrt(data), element-wise."""
    def reciprocal(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return 1 / data, element-wise."""
    def relu(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return max(data, 0), element-wise."""
    def repeat(self, repeats: int, axis: int | None = None, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Repeat each element, or each slice along an axis."""
    def reshape(self, *shape: Any, **options: Any) -> NDArray:
        """Return a view of the array with another shape."""
    def reshape_like(
        self,
        rhs: NDArray,
        lhs_begin: int | None = None,
        lhs_end: int | None = None,
        rhs_begin: int | None = None,
        rhs_end: int | None = None,
        out: NDArray | None = None,
        name: str | None = None,
    ) -> NDArray:
        """Give `lhs` the shape of `rhs`, or some axes of `lhs` the lengths of some axes of `rhs`."""
    def rint(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the nearest integer, on ties the lower one, element-wise."""
    def round(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the nearest integer, on ties the one away from 0, element-wise."""
    def rsqrt(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return 1 / sqrt(data), element-wise."""
    def shape_array(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the lengths of the axes."""
    def sigmoid(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return 1 / (1 + exp(-data)), element-wise."""
    def sign(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return -1, 0 or 1, the sign, element-wise."""
    def sin(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the sine of an angle in radians, element-wise."""
    def sinh(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the hyperbolic sine, element-wise."""
    def size_array(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the number of elements."""
    def slice(
        self,
        begin: IndicesLike,
        end: IndicesLike,
        step: IndicesLike = (),
        out: NDArray | None = None,
        name: str | None = None,
    ) -> NDArray:
        """Cut a box out of an array, with the rules of Python's slices."""
    def slice_assign(self, rhs: NDArray, begin: Any, end: Any, step: Any) -> NDArray:
        """Write `rhs` to the slice ``slice(begin, end, step)``, and return the array itself."""
    def slice_assign_scalar(self, value: float, begin: Any, end: Any, step: Any) -> NDArray:
        """Write a number to the slice ``slice(begin, end, step)``, and return the array itself."""
    def slice_axis(
        self,
        axis: int,
        begin: int,
        end: int | None,
        out: NDArray | None = None,
        name: str | None = None,
    ) -> NDArray:
        """Cut a range out of one axis."""
    def slice_like(
        self,
        shape_like: NDArray,
        axes: ShapeLike = (),
        out: NDArray | None = None,
        name: str | None = None,
    ) -> NDArray:
        """Crop axes to their lengths in another array, from the start."""
    def softmax(
        self,
        length: NDArray | None = None,
        axis: int = -1,
        temperature: float | None = None,
        dtype: DTypeLike | None = None,
        use_length: bool | None = False,
        out: NDArray | None = None,
        name: str | None = None,
    ) -> NDArray:
        """Return exp(x / temperature) divided by its sum along an axis."""
    def softmin(
        self,
        axis: int = -1,
        temperature: float | None = None,
        dtype: DTypeLike | None = None,
        use_length: bool | None = False,
        out: NDArray | None = None,
        name: str | None = None,
    ) -> NDArray:
        """Return softmax of the negated data."""
    def sort(
        self,
        axis: int | None = -1,
        is_ascend: bool = True,
        out: NDArray | None = None,
        name: str | None = None,
    ) -> NDArray:
        """Return the elements in sorted order."""
    def space_to_depth(self, block_size: int, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Rearrange the pixels of each block into channels: the inverse of `depth_to_space`."""
    def split(
        self,
        num_outputs: int,
        axis: int = 1,
        squeeze_axis: bool = False,
        out: NDArray | Sequence[NDArray] | None = None,
        name: str | None = None,
    ) -> NDArray | list[NDArray]:
        """Split an array into equal parts."""
    def split_v2(self, indices_or_sections: int | tuple[int, ...], axis: int = 0, squeeze_axis: bool = False) -> Result:
        """Return `glueball.nd.split_v2` of the array."""
    def sqrt(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the square root, element-wise."""
    def square(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return data * data, element-wise."""
    def squeeze(self, axis: int | Sequence[int] | None = None, inplace: bool = False) -> NDArray:
        """Drop axes of length 1."""
    def sum(
        self,
        axis: ShapeLike | None = None,
        keepdims: bool = False,
        exclude: bool = False,
        out: NDArray | None = None,
        name: str | None = None,
    ) -> NDArray:
        """Sum the elements, along some axes or over everything."""
    def swapaxes(self, dim1: int = 0, dim2: int = 0, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Exchange the axes `dim1` and `dim2`; negative numbers count from the end."""
    def take(
        self,
        indices: NDArray,
        axis: int = 0,
        mode: Literal["clip", "raise", "wrap"] = "clip",
        out: NDArray | None = None,
        name: str | None = None,
    ) -> NDArray:
        """Take slices of an array along one axis."""
    def tan(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the tangent of an angle in radians, element-wise."""
    def tanh(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the hyperbolic tangent, element-wise."""
    def tile(self, reps: ShapeLike, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Repeat the whole array along its axes."""
    def to_dlpack_for_read(self) -> Any:
        """Return a DLPack capsule of the same memory, for a reader."""
    def to_dlpack_for_write(self) -> Any:
        """Return a DLPack capsule of the same memory, for a writer."""
    def to_torch(self) -> Tensor:
        """Return a torch tensor that shares the memory, outside of any recorded graph."""
    @overload
    def topk(
        self,
        axis: int | None = -1,
        k: int = 1,
        ret_typ: Literal["indices", "mask", "value"] = "indices",
        is_ascend: bool = False,
        dtype: Literal["float16", "float32", "float64", "int32", "int64", "uint8"] = "float32",
        out: NDArray | None = None,
        name: str | None = None,
    ) -> NDArray:
        """Return the `k` largest elements, in order."""
    @overload
    def topk(
        self,
        axis: int | None = -1,
        k: int = 1,
        *,
        ret_typ: Literal["both"],
        is_ascend: bool = False,
        dtype: Literal["float16", "float32", "float64", "int32", "int64", "uint8"] = "float32",
        out: Sequence[NDArray] | None = None,
        name: str | None = None,
    ) -> list[NDArray]:
        """Return the `k` largest elements, in order."""
    @overload
    def topk(
        self,
        axis: int | None = -1,
        k: int = 1,
        ret_typ: Literal["both", "indices", "mask", "value"] = "indices",
        is_ascend: bool = False,
        dtype: Literal["float16", "float32", "float64", "int32", "int64", "uint8"] = "float32",
        out: NDArray | Sequence[NDArray] | None = None,
        name: str | None = None,
    ) -> NDArray | list[NDArray]:
        """Return the `k` largest elements, in order."""
    def tostype(self, stype: str) -> NDArray:
        """Return a copy with another storage type: 'csr', 'row_sparse' or 'default'."""
    def transpose(self, axes: ShapeLike = (), out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Permute the axes."""
    def trunc(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Return the integer part, without the fraction, element-wise."""
    def wait_to_read(self) -> None:
        """Wait until the values are computed: at once on a CPU, after the queued work on a GPU."""
    def zeros_like(self, out: NDArray | None = None, name: str | None = None) -> NDArray:
        """Make an array of zeros of the shape and type of `data`."""
