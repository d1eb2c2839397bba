"""The functions of npx.

Written by ``make stubs`` from the declarations in `glueball.ops`; not to be edited.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, NoReturn, overload

from glueball.core.annotations import (
    ContextLike, DTypeLike, FloatsLike, IndicesLike, Scalar, ShapeLike, ShapesLike,
)
from glueball.ndarray.numpy.np_array import ndarray as ndarray

from glueball.core.context import Context as Context
from glueball.core.class_property import classproperty as classproperty
from glueball.core.context import cpu as cpu
from glueball.core.context import cpu_pinned as cpu_pinned
from glueball.core.context import current_context as current_context
from glueball.util import get_cuda_compute_capability as get_cuda_compute_capability
from glueball.core.context import gpu as gpu
from glueball.core.context import gpu_memory_info as gpu_memory_info
from glueball.numpy_extension import image as image
from glueball.numpy_mode import is_np_array as is_np_array
from glueball.numpy_mode import is_np_shape as is_np_shape
from glueball.numpy_extension.utils import load as load
from glueball.core.context import num_gpus as num_gpus
from glueball.numpy_extension import random as random
from glueball.numpy_mode import reset_np as reset_np
from glueball.numpy_extension.utils import save as save
from glueball.numpy_mode import set_np as set_np
from glueball.numpy_mode import use_np as use_np
from glueball.numpy_mode import use_np_array as use_np_array
from glueball.numpy_mode import use_np_shape as use_np_shape
from glueball.numpy_extension import utils as utils
from glueball.ndarray.creation import waitall as waitall
def activation(
    data: ndarray,
    act_type: Literal["relu", "sigmoid", "softrelu", "softsign", "tanh"],
    out: ndarray | None = None,
    name: str | None = None,
) -> ndarray:
    """Apply an activation function to each element."""
def arange_like(
    data: ndarray,
    start: float = 0.0,
    step: float = 1.0,
    repeat: int = 1,
    ctx: ContextLike | None = "",
    axis: int | None = None,
    out: ndarray | None = None,
    name: str | None = None,
) -> ndarray:
    """Return evenly spaced numbers, as many as an array has elements or one of its axes is long."""
def batch_dot(
    lhs: ndarray,
    rhs: ndarray,
    transpose_a: bool = False,
    transpose_b: bool = False,
    forward_stype: Literal["csr", "default", "row_sparse"] | None = None,
    out: ndarray | None = None,
    name: str | None = None,
) -> ndarray:
    """Multiply many pairs of matrices at once."""
def batch_flatten(data: ndarray, out: ndarray | None = None, name: str | None = None) -> ndarray:
    """Keep the first axis and merge all others into one: (N, ...) becomes (N, K)."""
@overload
def batch_norm(
    data: ndarray,
    gamma: ndarray,
    beta: ndarray,
    moving_mean: ndarray,
    moving_var: ndarray,
    eps: float = 0.0010000000474974513,
    momentum: float = 0.9,
    fix_gamma: bool = True,
    use_global_stats: bool = False,
    output_mean_var: Literal[False] = False,
    axis: int = 1,
    cudnn_off: bool = False,
    min_calib_range: float | None = None,
    max_calib_range: float | None = None,
    out: ndarray | None = None,
    name: str | None = None,
) -> ndarray:
    """Normalize each channel: gamma (data - mean) / sqrt(var + eps) + beta."""
@overload
def batch_norm(
    data: ndarray,
    gamma: ndarray,
    beta: ndarray,
    moving_mean: ndarray,
    moving_var: ndarray,
    eps: float = 0.0010000000474974513,
    momentum: float = 0.9,
    fix_gamma: bool = True,
    use_global_stats: bool = False,
    *,
    output_mean_var: Literal[True],
    axis: int = 1,
    cudnn_off: bool = False,
    min_calib_range: float | None = None,
    max_calib_range: float | None = None,
    out: Sequence[ndarray] | None = None,
    name: str | None = None,
) -> list[ndarray]:
    """Normalize each channel: gamma (data - mean) / sqrt(var + eps) + beta."""
@overload
def batch_norm(
    data: ndarray,
    gamma: ndarray,
    beta: ndarray,
    moving_mean: ndarray,
    moving_var: ndarray,
    eps: float = 0.0010000000474974513,
    momentum: float = 0.9,
    fix_gamma: bool = True,
    use_global_stats: bool = False,
    output_mean_var: bool = False,
    axis: int = 1,
    cudnn_off: bool = False,
    min_calib_range: float | None = None,
    max_calib_range: float | None = None,
    out: ndarray | Sequence[ndarray] | None = None,
    name: str | None = None,
) -> ndarray | list[ndarray]:
    """Normalize each channel: gamma (data - mean) / sqrt(var + eps) + beta."""
def cast(data: ndarray, dtype: DTypeLike, out: ndarray | None = None, name: str | None = None) -> ndarray:
    """Convert to another type."""
def constraint_check(
    input: ndarray,
    msg: str = "Constraint violated.",
    out: ndarray | None = None,
    name: str | None = None,
) -> ndarray:
    """Return true, without axes, if all elements are true; otherwise raise ValueError."""
def convolution(
    data: ndarray,
    weight: ndarray,
    bias: ndarray | None = None,
    kernel: ShapeLike = ...,
    stride: ShapeLike = (),
    dilate: ShapeLike = (),
    pad: ShapeLike = (),
    num_filter: int = ...,
    num_group: int = 1,
    workspace: int = 1024,
    no_bias: bool = False,
    cudnn_tune: Literal["fastest", "limited_workspace", "off"] | None = None,
    cudnn_off: bool = False,
    layout: Literal["NCW", "NCHW", "NCDHW", "NHWC", "NDHWC"] | None = None,
    out: ndarray | None = None,
    name: str | None = None,
) -> ndarray:
    """Slide filters over an image and sum the products (cross-correlation)."""
def deconvolution(
    data: ndarray,
    weight: ndarray,
    bias: ndarray | None = None,
    kernel: ShapeLike = ...,
    stride: ShapeLike = (),
    dilate: ShapeLike = (),
    pad: ShapeLike = (),
    adj: ShapeLike = (),
    target_shape: ShapeLike = (),
    num_filter: int = ...,
    num_group: int = 1,
    workspace: int = 512,
    no_bias: bool = True,
    cudnn_tune: Literal["fastest", "limited_workspace", "off"] | None = None,
    cudnn_off: bool = False,
    layout: Literal["NCW", "NCHW", "NCDHW", "NHWC", "NDHWC"] | None = None,
    out: ndarray | None = None,
    name: str | None = None,
) -> ndarray:
    """Apply a transposed convolution: spread each point of an image over its neighborhood, weighted by filters."""
def dropout(
    data: ndarray,
    p: float = 0.5,
    mode: Literal["training", "always"] = "training",
    axes: ShapeLike = (),
    cudnn_off: bool | None = False,
    out: ndarray | None = None,
    name: str | None = None,
) -> ndarray:
    """Set random elements to 0 and multiply the others by 1 / (1 - p), so that the mean is unchanged."""
def embedding(
    data: ndarray,
    weight: ndarray,
    input_dim: int,
    output_dim: int,
    dtype: DTypeLike = "float32",
    sparse_grad: bool = False,
    out: ndarray | None = None,
    name: str | None = None,
) -> ndarray:
    """Look up rows of a matrix by index."""
def erf(data: ndarray, out: ndarray | None = None, name: str | None = None) -> ndarray:
    """Return the error function, element-wise."""
def erfinv(data: ndarray, out: ndarray | None = None, name: str | None = None) -> ndarray:
    """Return the inverse of erf, of numbers between -1 and 1, element-wise."""
def fully_connected(
    data: ndarray,
    weight: ndarray,
    bias: ndarray | None = None,
    num_hidden: int = ...,
    no_bias: bool = False,
    flatten: bool = True,
    out: ndarray | None = None,
    name: str | None = None,
) -> ndarray:
    """Multiply each row by a matrix and add a bias: data weight^T + bias."""
def gamma(data: ndarray, out: ndarray | None = None, name: str | None = None) -> ndarray:
    """Return the gamma function, element-wise."""
def gammaln(data: ndarray, out: ndarray | None = None, name: str | None = None) -> ndarray:
    """Return log(abs(gamma(data))), element-wise."""
def gather_nd(data: ndarray, indices: ndarray, out: ndarray | None = None, name: str | None = None) -> ndarray:
    """Read the elements, or slices, at given coordinates."""
@overload
def layer_norm(
    data: ndarray,
    gamma: ndarray,
    beta: ndarray,
    axis: int = -1,
    eps: float = 1e-05,
    output_mean_var: Literal[False] = False,
    out: ndarray | None = None,
    name: str | None = None,
) -> ndarray:
    """Normalize along one axis: gamma (data - mean) / sqrt(var + eps) + beta."""
@overload
def layer_norm(
    data: ndarray,
    gamma: ndarray,
    beta: ndarray,
    axis: int = -1,
    eps: float = 1e-05,
    *,
    output_mean_var: Literal[True],
    out: Sequence[ndarray] | None = None,
    name: str | None = None,
) -> list[ndarray]:
    """Normalize along one axis: gamma (data - mean) / sqrt(var + eps) + beta."""
@overload
def layer_norm(
    data: ndarray,
    gamma: ndarray,
    beta: ndarray,
    axis: int = -1,
    eps: float = 1e-05,
    output_mean_var: bool = False,
    out: ndarray | Sequence[ndarray] | None = None,
    name: str | None = None,
) -> ndarray | list[ndarray]:
    """Normalize along one axis: gamma (data - mean) / sqrt(var + eps) + beta."""
@overload
def leaky_relu(
    data: ndarray,
    gamma: ndarray | None = None,
    act_type: Literal["leaky", "elu", "gelu", "prelu", "selu"] = "leaky",
    slope: float = 0.25,
    lower_bound: float = 0.125,
    upper_bound: float = 0.334,
    out: ndarray | None = None,
    name: str | None = None,
) -> ndarray:
    """Apply a leaky rectifier, which does not set negative elements to 0."""
@overload
def leaky_relu(
    data: ndarray,
    gamma: ndarray | None = None,
    *,
    act_type: Literal["rrelu"],
    slope: float = 0.25,
    lower_bound: float = 0.125,
    upper_bound: float = 0.334,
    out: Sequence[ndarray] | None = None,
    name: str | None = None,
) -> list[ndarray]:
    """Apply a leaky rectifier, which does not set negative elements to 0."""
@overload
def leaky_relu(
    data: ndarray,
    gamma: ndarray | None = None,
    act_type: Literal["leaky", "elu", "gelu", "prelu", "rrelu", "selu"] = "leaky",
    slope: float = 0.25,
    lower_bound: float = 0.125,
    upper_bound: float = 0.334,
    out: ndarray | Sequence[ndarray] | None = None,
    name: str | None = None,
) -> ndarray | list[ndarray]:
    """Apply a leaky rectifier, which does not set negative elements to 0."""
def log_softmax(
    data: ndarray,
    axis: int = -1,
    temperature: float | None = None,
    dtype: DTypeLike | None = None,
    use_length: bool | None = False,
    out: ndarray | None = None,
    name: str | None = None,
) -> ndarray:
    """Return the logarithm of softmax, without computing softmax itself."""
def multibox_detection(
    cls_prob: ndarray,
    loc_pred: ndarray,
    anchor: ndarray,
    clip: bool = True,
    threshold: float = 0.01,
    background_id: int = 0,
    nms_threshold: float = 0.5,
    force_suppress: bool = False,
    variances: FloatsLike = (0.1, 0.1, 0.2, 0.2),
    nms_topk: int = -1,
    out: ndarray | None = None,
    name: str | None = None,
) -> ndarray:
    """Read the objects from what a network says of each anchor box, and drop those that overlap a better one."""
def multibox_prior(
    data: ndarray,
    sizes: FloatsLike = (1.0,),
    ratios: FloatsLike = (1.0,),
    clip: bool = False,
    steps: FloatsLike = (-1.0, -1.0),
    offsets: FloatsLike = (0.5, 0.5),
    out: ndarray | None = None,
    name: str | None = None,
) -> ndarray:
    """Make the anchor boxes of a feature map: several around each of its points."""
def multibox_target(
    anchor: ndarray,
    label: ndarray,
    cls_pred: ndarray,
    overlap_threshold: float = 0.5,
    ignore_label: float = -1.0,
    negative_mining_ratio: float = -1.0,
    negative_mining_thresh: float = 0.5,
    minimum_negative_samples: int = 0,
    variances: FloatsLike = (0.1, 0.1, 0.2, 0.2),
    out: Sequence[ndarray] | None = None,
    name: str | None = None,
) -> list[ndarray]:
    """Say what a network should predict for each anchor box: the class of an object, and the way to its box."""
def nonzero(x: ndarray, out: ndarray | None = None, name: str | None = None) -> ndarray:
    """Return where the elements are that differ from 0."""
def one_hot(
    indices: ndarray,
    depth: int,
    on_value: float = 1.0,
    off_value: float = 0.0,
    dtype: DTypeLike = "float32",
    out: ndarray | None = None,
    name: str | None = None,
) -> ndarray:
    """Encode each index as a row that is "on" at that position."""
def pick(
    data: ndarray,
    index: ndarray,
    axis: int | None = -1,
    keepdims: bool = False,
    mode: Literal["clip", "wrap"] = "clip",
    out: ndarray | None = None,
    name: str | None = None,
) -> ndarray:
    """Pick one element along an axis at each position of the others."""
def pooling(
    data: ndarray,
    kernel: ShapeLike = (),
    pool_type: Literal["max", "avg", "sum", "lp"] = "max",
    global_pool: bool = False,
    cudnn_off: bool = False,
    pooling_convention: Literal["valid", "full", "same"] = "valid",
    stride: ShapeLike = (),
    pad: ShapeLike = (),
    p_value: int | None = None,
    count_include_pad: bool | None = None,
    layout: Literal["NCW", "NCHW", "NCDHW", "NWC", "NHWC", "NDHWC"] | None = None,
    out: ndarray | None = None,
    name: str | None = None,
) -> ndarray:
    """Reduce each window of an image to one number, separately for each channel."""
def relu(data: ndarray, out: ndarray | None = None, name: str | None = None) -> ndarray:
    """Return max(data, 0), element-wise."""
def reshape(a: Any, newshape: Any, reverse: bool = False, order: str = "C") -> ndarray:
    """Return the elements in another shape, which may be said relative to that of the array."""
def reshape_like(
    lhs: ndarray,
    rhs: ndarray,
    lhs_begin: int | None = None,
    lhs_end: int | None = None,
    rhs_begin: int | None = None,
    rhs_end: int | None = None,
    out: ndarray | None = None,
    name: str | None = None,
) -> ndarray:
    """Give `lhs` the shape of `rhs`, or some axes of `lhs` the lengths of some axes of `rhs`."""
def rnn(
    data: ndarray,
    parameters: ndarray,
    state: ndarray,
    state_cell: ndarray | None = None,
    sequence_length: ndarray | None = None,
    state_size: int = ...,
    num_layers: int = ...,
    bidirectional: bool = False,
    mode: Literal["gru", "lstm", "rnn_relu", "rnn_tanh"] = ...,
    p: float = 0.0,
    state_outputs: bool = False,
    projection_size: int | None = None,
    lstm_state_clip_min: float | None = None,
    lstm_state_clip_max: float | None = None,
    lstm_state_clip_nan: bool = False,
    use_sequence_length: bool = False,
    out: ndarray | Sequence[ndarray] | None = None,
    name: str | None = None,
) -> ndarray | list[ndarray]:
    """Run recurrent layers over sequences; each layer reads what the one before it puts out."""
def roi_pooling(
    data: ndarray,
    rois: ndarray,
    pooled_size: ShapeLike,
    spatial_scale: float,
    out: ndarray | None = None,
    name: str | None = None,
) -> ndarray:
    """Divide rectangles of images into a given number of parts, and take the maximum of each."""
def sequence_mask(
    data: ndarray,
    sequence_length: ndarray | None = None,
    use_sequence_length: bool = False,
    value: float = 0.0,
    axis: int = 0,
    out: ndarray | None = None,
    name: str | None = None,
) -> ndarray:
    """Replace the elements after the end of each sequence."""
def shape_array(data: ndarray, out: ndarray | None = None, name: str | None = None) -> ndarray:
    """Return the lengths of the axes."""
def sigmoid(data: ndarray, out: ndarray | None = None, name: str | None = None) -> ndarray:
    """Return 1 / (1 + exp(-data)), element-wise."""
def slice(
    data: ndarray,
    begin: IndicesLike,
    end: IndicesLike,
    step: IndicesLike = (),
    out: ndarray | None = None,
    name: str | None = None,
) -> ndarray:
    """Cut a box out of an array, with the rules of Python's slices."""
def smooth_l1(data: ndarray, scalar: float = 1.0, out: ndarray | None = None, name: str | None = None) -> ndarray:
    """Return (scalar * data)^2 / 2 where abs(data) is below 1 / scalar^2, else abs(data) - 1 / (2 scalar^2)."""
def softmax(
    data: ndarray,
    length: ndarray | None = None,
    axis: int = -1,
    temperature: float | None = None,
    dtype: DTypeLike | None = None,
    use_length: bool | None = False,
    out: ndarray | None = None,
    name: str | None = None,
) -> ndarray:
    """Return exp(x / temperature) divided by its sum along an axis."""
@overload
def topk(
    data: ndarray,
    axis: int | None = -1,
    k: int = 1,
    ret_typ: Literal["indices", "mask", "value"] = "indices",
    is_ascend: bool = False,
    dtype: Literal["float16", "float32", "float64", "int32", "int64", "uint8"] = "float32",
    out: ndarray | None = None,
    name: str | None = None,
) -> ndarray:
    """Return the `k` largest elements, in order."""
@overload
def topk(
    data: ndarray,
    axis: int | None = -1,
    k: int = 1,
    *,
    ret_typ: Literal["both"],
    is_ascend: bool = False,
    dtype: Literal["float16", "float32", "float64", "int32", "int64", "uint8"] = "float32",
    out: Sequence[ndarray] | None = None,
    name: str | None = None,
) -> list[ndarray]:
    """Return the `k` largest elements, in order."""
@overload
def topk(
    data: ndarray,
    axis: int | None = -1,
    k: int = 1,
    ret_typ: Literal["both", "indices", "mask", "value"] = "indices",
    is_ascend: bool = False,
    dtype: Literal["float16", "float32", "float64", "int32", "int64", "uint8"] = "float32",
    out: ndarray | Sequence[ndarray] | None = None,
    name: str | None = None,
) -> ndarray | list[ndarray]:
    """Return the `k` largest elements, in order."""
