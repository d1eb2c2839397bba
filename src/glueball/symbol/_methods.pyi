"""The methods that Symbol is given when the package is imported.

Written by ``make stubs`` from the declarations in `glueball.ops`; not to be edited.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, overload

from ..core.annotations import ContextLike, DTypeLike, FloatsLike, IndicesLike, Scalar, ShapeLike, ShapesLike
from .symbol import Symbol
from glueball.core.context import Context
from glueball.executor.executor import Executor
from glueball.ndarray.ndarray import NDArray
from glueball.symbol.infer_methods import Lists
import os

class Methods:
    """What Symbol is given by the layers above it."""

    def __abs__(self) -> Symbol: ...
    def __add__(self, other: Symbol | Scalar) -> Symbol: ...
    def __eq__(self, other: Symbol | Scalar) -> Symbol: ...  # type: ignore[override]
    def __ge__(self, other: Symbol | Scalar) -> Symbol: ...
    def __gt__(self, other: Symbol | Scalar) -> Symbol: ...
    __iadd__: None
    __imul__: None
    __isub__: None
    __itruediv__: None
    def __le__(self, other: Symbol | Scalar) -> Symbol: ...
    def __lt__(self, other: Symbol | Scalar) -> Symbol: ...
    def __mod__(self, other: Symbol | Scalar) -> Symbol: ...
    def __mul__(self, other: Symbol | Scalar) -> Symbol: ...
    def __ne__(self, other: Symbol | Scalar) -> Symbol: ...  # type: ignore[override]
    def __neg__(self) -> Symbol: ...
    def __pow__(self, other: Symbol | Scalar) -> Symbol: ...
    def __radd__(self, other: Symbol | Scalar) -> Symbol: ...
    def __rmod__(self, other: Symbol | Scalar) -> Symbol: ...
    def __rmul__(self, other: Symbol | Scalar) -> Symbol: ...
    def __rpow__(self, other: Symbol | Scalar) -> Symbol: ...
    def __rsub__(self, other: Symbol | Scalar) -> Symbol: ...
    def __rtruediv__(self, other: Symbol | Scalar) -> Symbol: ...
    def __sub__(self, other: Symbol | Scalar) -> Symbol: ...
    def __truediv__(self, other: Symbol | Scalar) -> Symbol: ...
    def abs(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the absolute value, element-wise."""
    def arccos(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the angle in radians whose cosine it is, element-wise."""
    def arccosh(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the inverse of cosh, of numbers of at least 1, element-wise."""
    def arcsin(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the angle in radians whose sine it is, element-wise."""
    def arcsinh(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the inverse of sinh, element-wise."""
    def arctan(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the angle in radians whose tangent it is, element-wise."""
    def arctanh(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the inverse of tanh, of numbers between -1 and 1, element-wise."""
    def argmax(
        self,
        axis: int | None = None,
        keepdims: bool = False,
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Return where the largest element is, as an index of the type of `data`."""
    def argmax_channel(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return where the largest element of each row is: `argmax` along axis 1."""
    def argmin(
        self,
        axis: int | None = None,
        keepdims: bool = False,
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Return where the smallest element is, as an index of the type of `data`."""
    def argsort(
        self,
        axis: int | None = -1,
        is_ascend: bool = True,
        dtype: Literal["float16", "float32", "float64", "int32", "int64", "uint8"] = "float32",
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Return the indices that would put the elements in order."""
    def as_in_context(self, *args: Any, **kwargs: Any) -> Any:
        """Refused: only an NDArray has it."""
    def as_nd_ndarray(self) -> Symbol:
        """Return the symbol itself."""
    def as_np_ndarray(self) -> Symbol:
        """Return the same outputs as a symbol of ``mx.sym.np``, with NumPy's rules."""
    def asnumpy(self, *args: Any, **kwargs: Any) -> Any:
        """Refused: only an NDArray has it."""
    def asscalar(self, *args: Any, **kwargs: Any) -> Any:
        """Refused: only an NDArray has it."""
    def astype(self, dtype: Any, **options: Any) -> Symbol:
        """Return a symbol of the same values in another type."""
    def backward(self, *args: Any, **kwargs: Any) -> Any:
        """Refused: only an NDArray has it."""
    def bind(
        self,
        ctx: Context,
        args: Any,
        args_grad: Any = None,
        grad_req: Any = "write",
        aux_states: Any = None,
        group2ctx: Any = None,
        shared_exec: Any = None,
    ) -> Executor:
        """Return an executor that computes the symbol from arrays for all its variables."""
    def broadcast_axes(
        self,
        axis: ShapeLike = (),
        size: ShapeLike = (),
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Broadcast the named axes, which must have length 1."""
    def broadcast_like(self, *args: Any, **kwargs: Any) -> Symbol:
        """Return a symbol of the values broadcast to the shape of another; see `glueball.sym.broadcast_like`."""
    def broadcast_to(self, shape: ShapeLike = (), name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Broadcast axes of length 1 to a shape."""
    def cbrt(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the cube root, element-wise."""
    def ceil(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the smallest integer that is not smaller, element-wise."""
    def clip(self, a_min: float, a_max: float, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Limit each element to the range from `a_min` to `a_max`."""
    def copy(self, *args: Any, **kwargs: Any) -> Any:
        """Refused: only an NDArray has it."""
    def cos(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the cosine of an angle in radians, element-wise."""
    def cosh(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the hyperbolic cosine, element-wise."""
    def degrees(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the angle in degrees of one in radians, element-wise."""
    def depth_to_space(self, block_size: int, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Rearrange channels into blocks of pixels: (N, C, H, W) becomes (N, C / b^2, H b, W b)."""
    def detach(self, *args: Any, **kwargs: Any) -> Any:
        """Refused: only an NDArray has it."""
    def diag(self, k: int = 0, **options: Any) -> Symbol:
        """Return the diagonal `k` of a matrix, or a matrix with that diagonal."""
    def eval(self, ctx: Context | None = None, **kwargs: NDArray) -> list[NDArray]:
        """Compute the symbol once from arrays given by name, and return the outputs."""
    def exp(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return e to the power of data, element-wise."""
    def expand_dims(self, axis: int, inplace: bool = False, **options: Any) -> Symbol:
        """Return a symbol with one more axis of length 1; `inplace` has no effect in a graph."""
    def expm1(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return exp(data) - 1, exact near 0, element-wise."""
    def fix(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the nearest integer toward 0, element-wise."""
    def flatten(self, inplace: bool = False, **options: Any) -> Symbol:
        """Return a symbol with all axes but the first in one; `inplace` has no effect in a graph."""
    def flip(self, axis: ShapeLike, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Reverse the order of the elements along some axes."""
    def floor(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the largest integer that is not larger, element-wise."""
    def get_backend_symbol(self, backend: str) -> Symbol:
        """Return the same symbol for another engine, which runs it once it is bound."""
    def gradient(self, wrt: Any) -> Symbol:
        """Refused, as by MXNet."""
    def infer_shape(self, *args: Any, **kwargs: Any) -> Lists:
        """Return the shapes of arguments, outputs and auxiliary states from those of some variables."""
    def infer_shape_partial(self, *args: Any, **kwargs: Any) -> Lists:
        """Like `infer_shape`, with 0 for an unknown length and () for an unknown shape."""
    def infer_type(self, *args: Any, **kwargs: Any) -> Lists:
        """Return the types of arguments, outputs and auxiliary states from those of some variables."""
    def infer_type_partial(self, *args: Any, **kwargs: Any) -> Lists:
        """Like `infer_type`, with None for an unknown type."""
    def log(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the natural logarithm, element-wise."""
    def log10(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the logarithm to base 10, element-wise."""
    def log1p(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return log(1 + data), exact near 0, element-wise."""
    def log2(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the logarithm to base 2, element-wise."""
    def log_softmax(
        self,
        axis: int = -1,
        temperature: float | None = None,
        dtype: DTypeLike | None = None,
        use_length: bool | None = False,
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Return the logarithm of softmax, without computing softmax itself."""
    def max(
        self,
        axis: ShapeLike | None = None,
        keepdims: bool = False,
        exclude: bool = False,
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Find the largest element, along some axes or over everything."""
    def mean(
        self,
        axis: ShapeLike | None = None,
        keepdims: bool = False,
        exclude: bool = False,
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Average the elements, along some axes or over everything."""
    def min(
        self,
        axis: ShapeLike | None = None,
        keepdims: bool = False,
        exclude: bool = False,
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Find the smallest element, along some axes or over everything."""
    def nanprod(
        self,
        axis: ShapeLike | None = None,
        keepdims: bool = False,
        exclude: bool = False,
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Multiply the elements, treating NaN as 1, along some axes or over everything."""
    def nansum(
        self,
        axis: ShapeLike | None = None,
        keepdims: bool = False,
        exclude: bool = False,
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Sum the elements, treating NaN as 0, along some axes or over everything."""
    def norm(
        self,
        ord: int = 2,
        axis: ShapeLike | None = None,
        out_dtype: Literal["float16", "float32", "float64", "int32", "int64", "int8"] | None = None,
        keepdims: bool = False,
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Return the norm of vectors: the root of the sum of squares, or the sum of absolute values."""
    def one_hot(
        self,
        depth: int,
        on_value: float = 1.0,
        off_value: float = 0.0,
        dtype: DTypeLike = "float32",
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Encode each index as a row that is "on" at that position."""
    def ones_like(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Make an array of ones of the shape and type of `data`."""
    def optimize_for(
        self,
        backend: str,
        args: Any = None,
        aux: Any = None,
        ctx: Context | None = None,
        shape_dict: Any = None,
        type_dict: Any = None,
        stype_dict: Any = None,
        skip_infer: bool = False,
        **kwargs: Any,
    ) -> Symbol:
        """Return the same symbol for another engine: `bind`, `simple_bind`, `eval`, Module and SymbolBlock run it there."""
    def pad(
        self,
        mode: Literal["constant", "edge", "reflect"],
        pad_width: ShapeLike,
        constant_value: float = 0.0,
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Add values around images, on the axes after batch and channel."""
    def pick(
        self,
        index: Symbol | None = None,
        axis: int | None = -1,
        keepdims: bool = False,
        mode: Literal["clip", "wrap"] = "clip",
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Pick one element along an axis at each position of the others."""
    def prod(
        self,
        axis: ShapeLike | None = None,
        keepdims: bool = False,
        exclude: bool = False,
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Multiply the elements, along some axes or over everything."""
    def radians(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the angle in radians of one in degrees, element-wise."""
    def rcbrt(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return 1 / cbrt(data), element-wise."""
    def reciprocal(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return 1 / data, element-wise."""
    def relu(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return max(data, 0), element-wise."""
    def repeat(
        self,
        repeats: int,
        axis: int | None = None,
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Repeat each element, or each slice along an axis."""
    def reshape(self, *shape: Any, **options: Any) -> Symbol:
        """Return a symbol of the same values in another shape; see `glueball.nd.NDArray.reshape` for its codes."""
    def reshape_like(
        self,
        rhs: Symbol | None = None,
        lhs_begin: int | None = None,
        lhs_end: int | None = None,
        rhs_begin: int | None = None,
        rhs_end: int | None = None,
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Give `lhs` the shape of `rhs`, or some axes of `lhs` the lengths of some axes of `rhs`."""
    def rint(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the nearest integer, on ties the lower one, element-wise."""
    def round(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the nearest integer, on ties the one away from 0, element-wise."""
    def rsqrt(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return 1 / sqrt(data), element-wise."""
    def save(self, fname: str | os.PathLike[str], remove_amp_cast: bool = True) -> None:
        """Write the graph to a file that MXNet reads too."""
    def shape_array(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the lengths of the axes."""
    def sigmoid(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return 1 / (1 + exp(-data)), element-wise."""
    def sign(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return -1, 0 or 1, the sign, element-wise."""
    def simple_bind(
        self,
        ctx: Context,
        grad_req: Any = "write",
        type_dict: Any = None,
        stype_dict: Any = None,
        group2ctx: Any = None,
        shared_arg_names: Any = None,
        shared_exec: Any = None,
        shared_buffer: Any = None,
        **kwargs: Any,
    ) -> Executor:
        """Return an executor with new arrays of zeros, whose shapes are inferred from those given by name."""
    def sin(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the sine of an angle in radians, element-wise."""
    def sinh(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the hyperbolic sine, element-wise."""
    def size_array(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the number of elements."""
    def slice(
        self,
        begin: IndicesLike,
        end: IndicesLike,
        step: IndicesLike = (),
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Cut a box out of an array, with the rules of Python's slices."""
    def slice_axis(
        self,
        axis: int,
        begin: int,
        end: int | None,
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Cut a range out of one axis."""
    def slice_like(
        self,
        shape_like: Symbol | None = None,
        axes: ShapeLike = (),
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Crop axes to their lengths in another array, from the start."""
    def softmax(
        self,
        length: Symbol | None = None,
        axis: int = -1,
        temperature: float | None = None,
        dtype: DTypeLike | None = None,
        use_length: bool | None = False,
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Return exp(x / temperature) divided by its sum along an axis."""
    def softmin(
        self,
        axis: int = -1,
        temperature: float | None = None,
        dtype: DTypeLike | None = None,
        use_length: bool | None = False,
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Return softmax of the negated data."""
    def sort(
        self,
        axis: int | None = -1,
        is_ascend: bool = True,
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Return the elements in sorted order."""
    def space_to_depth(self, block_size: int, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Rearrange the pixels of each block into channels: the inverse of `depth_to_space`."""
    def split(
        self,
        num_outputs: int,
        axis: int = 1,
        squeeze_axis: bool = False,
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Split an array into equal parts."""
    def split_v2(self, indices_or_sections: Any, axis: int = 0, squeeze_axis: bool = False) -> Symbol:
        """Return `glueball.sym.split_v2` of the symbol."""
    def sqrt(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the square root, element-wise."""
    def square(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return data * data, element-wise."""
    def squeeze(self, axis: Any = None, inplace: bool = False, **options: Any) -> Symbol:
        """Return a symbol without axes of length 1; `inplace` has no effect in a graph."""
    def sum(
        self,
        axis: ShapeLike | None = None,
        keepdims: bool = False,
        exclude: bool = False,
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Sum the elements, along some axes or over everything."""
    def swapaxes(
        self,
        dim1: int = 0,
        dim2: int = 0,
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Exchange the axes `dim1` and `dim2`; negative numbers count from the end."""
    def take(
        self,
        indices: Symbol | None = None,
        axis: int = 0,
        mode: Literal["clip", "raise", "wrap"] = "clip",
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Take slices of an array along one axis."""
    def tan(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the tangent of an angle in radians, element-wise."""
    def tanh(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the hyperbolic tangent, element-wise."""
    def tile(self, reps: ShapeLike, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Repeat the whole array along its axes."""
    def tojson(self, remove_amp_cast: bool = True) -> str:
        """Return the graph as MXNet writes it to a ``-symbol.json`` file."""
    def topk(
        self,
        axis: int | None = -1,
        k: int = 1,
        ret_typ: Literal["both", "indices", "mask", "value"] = "indices",
        is_ascend: bool = False,
        dtype: Literal["float16", "float32", "float64", "int32", "int64", "uint8"] = "float32",
        name: str | None = None,
        attr: Mapping[str, str] | None = None,
    ) -> Symbol:
        """Return the `k` largest elements, in order."""
    def transpose(self, axes: ShapeLike = (), name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Permute the axes."""
    def trunc(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Return the integer part, without the fraction, element-wise."""
    def wait_to_read(self, *args: Any, **kwargs: Any) -> Any:
        """Refused: only an NDArray has it."""
    def zeros_like(self, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
        """Make an array of zeros of the shape and type of `data`."""
