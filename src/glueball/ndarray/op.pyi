"""The functions of ndarray.op.

Written by ``make stubs`` from the declarations in `glueball.ops`; not to be edited.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, overload

from ..core.annotations import ContextLike, DTypeLike, FloatsLike, IndicesLike, Scalar, ShapeLike, ShapesLike
from ..operator.array_function import Custom as Custom
from .ndarray import NDArray

def Activation(
    data: NDArray,
    act_type: Literal["relu", "sigmoid", "softrelu", "softsign", "tanh"],
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Apply an activation function to each element."""
@overload
def BatchNorm(
    data: NDArray,
    gamma: NDArray,
    beta: NDArray,
    moving_mean: NDArray,
    moving_var: NDArray,
    eps: float = 0.0010000000474974513,
    momentum: float = 0.9,
    fix_gamma: bool = True,
    use_global_stats: bool = False,
    output_mean_var: Literal[False] = False,
    axis: int = 1,
    cudnn_off: bool = False,
    min_calib_range: float | None = None,
    max_calib_range: float | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Normalize each channel: gamma (data - mean) / sqrt(var + eps) + beta."""
@overload
def BatchNorm(
    data: NDArray,
    gamma: NDArray,
    beta: NDArray,
    moving_mean: NDArray,
    moving_var: NDArray,
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
    out: Sequence[NDArray] | None = None,
    name: str | None = None,
) -> list[NDArray]:
    """Normalize each channel: gamma (data - mean) / sqrt(var + eps) + beta."""
@overload
def BatchNorm(
    data: NDArray,
    gamma: NDArray,
    beta: NDArray,
    moving_mean: NDArray,
    moving_var: NDArray,
    eps: float = 0.0010000000474974513,
    momentum: float = 0.9,
    fix_gamma: bool = True,
    use_global_stats: bool = False,
    output_mean_var: bool = False,
    axis: int = 1,
    cudnn_off: bool = False,
    min_calib_range: float | None = None,
    max_calib_range: float | None = None,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Normalize each channel: gamma (data - mean) / sqrt(var + eps) + beta."""
@overload
def BatchNorm_v1(
    data: NDArray,
    gamma: NDArray,
    beta: NDArray,
    moving_mean: NDArray,
    moving_var: NDArray,
    eps: float = 0.0010000000474974513,
    momentum: float = 0.9,
    fix_gamma: bool = True,
    use_global_stats: bool = False,
    output_mean_var: Literal[False] = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Normalize each channel, as `glueball.nd.BatchNorm` does."""
@overload
def BatchNorm_v1(
    data: NDArray,
    gamma: NDArray,
    beta: NDArray,
    moving_mean: NDArray,
    moving_var: NDArray,
    eps: float = 0.0010000000474974513,
    momentum: float = 0.9,
    fix_gamma: bool = True,
    use_global_stats: bool = False,
    *,
    output_mean_var: Literal[True],
    out: Sequence[NDArray] | None = None,
    name: str | None = None,
) -> list[NDArray]:
    """Normalize each channel, as `glueball.nd.BatchNorm` does."""
@overload
def BatchNorm_v1(
    data: NDArray,
    gamma: NDArray,
    beta: NDArray,
    moving_mean: NDArray,
    moving_var: NDArray,
    eps: float = 0.0010000000474974513,
    momentum: float = 0.9,
    fix_gamma: bool = True,
    use_global_stats: bool = False,
    output_mean_var: bool = False,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Normalize each channel, as `glueball.nd.BatchNorm` does."""
def BilinearSampler(
    data: NDArray,
    grid: NDArray,
    cudnn_off: bool | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Sample an image at the positions of a grid by bilinear interpolation."""
def BlockGrad(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return a copy that no gradient flows back through."""
def CTCLoss(
    data: NDArray,
    label: NDArray,
    data_lengths: NDArray | None = None,
    label_lengths: NDArray | None = None,
    use_data_lengths: bool = False,
    use_label_lengths: bool = False,
    blank_label: Literal["first", "last"] = "first",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the negative log-probability that the steps spell the labels, without blanks and repetitions."""
def Cast(data: NDArray, dtype: DTypeLike, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Convert to another type."""
def Concat(
    *data: NDArray,
    num_args: int = ...,
    dim: int = 1,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Join arrays along an existing axis."""
def Convolution(
    data: NDArray,
    weight: NDArray,
    bias: NDArray | None = None,
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
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Slide filters over an image and sum the products (cross-correlation)."""
def Convolution_v1(
    data: NDArray,
    weight: NDArray,
    bias: NDArray | None = None,
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
    layout: Literal["NCDHW", "NCHW", "NDHWC", "NHWC"] | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Convolve images, as `glueball.nd.Convolution` does."""
def Correlation(
    data1: NDArray,
    data2: NDArray,
    kernel_size: int = 1,
    max_displacement: int = 1,
    stride1: int = 1,
    stride2: int = 1,
    pad_size: int = 0,
    is_multiply: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Compare windows of one image with windows of another, shifted by every displacement up to a largest."""
def Crop(
    *data: NDArray,
    num_args: int = ...,
    offset: ShapeLike = (0, 0),
    h_w: ShapeLike = (0, 0),
    center_crop: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Crop images to a rectangle."""
def Deconvolution(
    data: NDArray,
    weight: NDArray,
    bias: NDArray | None = None,
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
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Apply a transposed convolution: spread each point of an image over its neighborhood, weighted by filters."""
def Dropout(
    data: NDArray,
    p: float = 0.5,
    mode: Literal["training", "always"] = "training",
    axes: ShapeLike = (),
    cudnn_off: bool | None = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Set random elements to 0 and multiply the others by 1 / (1 - p), so that the mean is unchanged."""
def ElementWiseSum(*args: NDArray, num_args: int = ..., out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Add arrays of the same shape."""
def Embedding(
    data: NDArray,
    weight: NDArray,
    input_dim: int,
    output_dim: int,
    dtype: DTypeLike = "float32",
    sparse_grad: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Look up rows of a matrix by index."""
def Flatten(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Keep the first axis and merge all others into one: (N, ...) becomes (N, K)."""
def FullyConnected(
    data: NDArray,
    weight: NDArray,
    bias: NDArray | None = None,
    num_hidden: int = ...,
    no_bias: bool = False,
    flatten: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Multiply each row by a matrix and add a bias: data weight^T + bias."""
def GridGenerator(
    data: NDArray,
    transform_type: Literal["affine", "warp"],
    target_shape: ShapeLike = (0, 0),
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Make the grid of positions that BilinearSampler samples."""
@overload
def GroupNorm(
    data: NDArray,
    gamma: NDArray,
    beta: NDArray,
    num_groups: int = 1,
    eps: float = 1e-05,
    output_mean_var: Literal[False] = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Normalize groups of channels of each sample: gamma (data - mean) / sqrt(var + eps) + beta."""
@overload
def GroupNorm(
    data: NDArray,
    gamma: NDArray,
    beta: NDArray,
    num_groups: int = 1,
    eps: float = 1e-05,
    *,
    output_mean_var: Literal[True],
    out: Sequence[NDArray] | None = None,
    name: str | None = None,
) -> list[NDArray]:
    """Normalize groups of channels of each sample: gamma (data - mean) / sqrt(var + eps) + beta."""
@overload
def GroupNorm(
    data: NDArray,
    gamma: NDArray,
    beta: NDArray,
    num_groups: int = 1,
    eps: float = 1e-05,
    output_mean_var: bool = False,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Normalize groups of channels of each sample: gamma (data - mean) / sqrt(var + eps) + beta."""
def IdentityAttachKLSparseReg(
    data: NDArray,
    moving_avg: NDArray,
    sparseness_target: float = 0.1,
    penalty: float = 0.001,
    momentum: float = 0.9,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the data, and add the gradient of a penalty for units whose mean activation is far from a target."""
def InstanceNorm(
    data: NDArray,
    gamma: NDArray,
    beta: NDArray,
    eps: float = 0.001,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Normalize each channel of each sample over its image: gamma (data - mean) / sqrt(var + eps) + beta."""
def L2Normalization(
    data: NDArray,
    eps: float = 1e-10,
    mode: Literal["channel", "instance", "spatial"] = "instance",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Divide by the Euclidean norm, sqrt(sum of squares + eps)."""
def LRN(
    data: NDArray,
    alpha: float = 0.0001,
    beta: float = 0.75,
    knorm: float = 2.0,
    nsize: int = ...,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Divide each number by (knorm + alpha / nsize (sum of squares of the `nsize` channels around it)) ^ beta."""
@overload
def LayerNorm(
    data: NDArray,
    gamma: NDArray,
    beta: NDArray,
    axis: int = -1,
    eps: float = 1e-05,
    output_mean_var: Literal[False] = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Normalize along one axis: gamma (data - mean) / sqrt(var + eps) + beta."""
@overload
def LayerNorm(
    data: NDArray,
    gamma: NDArray,
    beta: NDArray,
    axis: int = -1,
    eps: float = 1e-05,
    *,
    output_mean_var: Literal[True],
    out: Sequence[NDArray] | None = None,
    name: str | None = None,
) -> list[NDArray]:
    """Normalize along one axis: gamma (data - mean) / sqrt(var + eps) + beta."""
@overload
def LayerNorm(
    data: NDArray,
    gamma: NDArray,
    beta: NDArray,
    axis: int = -1,
    eps: float = 1e-05,
    output_mean_var: bool = False,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Normalize along one axis: gamma (data - mean) / sqrt(var + eps) + beta."""
@overload
def LeakyReLU(
    data: NDArray,
    gamma: NDArray | None = None,
    act_type: Literal["leaky", "elu", "gelu", "prelu", "selu"] = "leaky",
    slope: float = 0.25,
    lower_bound: float = 0.125,
    upper_bound: float = 0.334,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Apply a leaky rectifier, which does not set negative elements to 0."""
@overload
def LeakyReLU(
    data: NDArray,
    gamma: NDArray | None = None,
    *,
    act_type: Literal["rrelu"],
    slope: float = 0.25,
    lower_bound: float = 0.125,
    upper_bound: float = 0.334,
    out: Sequence[NDArray] | None = None,
    name: str | None = None,
) -> list[NDArray]:
    """Apply a leaky rectifier, which does not set negative elements to 0."""
@overload
def LeakyReLU(
    data: NDArray,
    gamma: NDArray | None = None,
    act_type: Literal["leaky", "elu", "gelu", "prelu", "rrelu", "selu"] = "leaky",
    slope: float = 0.25,
    lower_bound: float = 0.125,
    upper_bound: float = 0.334,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Apply a leaky rectifier, which does not set negative elements to 0."""
def LinearRegressionOutput(
    data: NDArray,
    label: NDArray,
    grad_scale: float = 1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the data, with the gradient of half the squared error, ignoring the incoming gradient."""
def LogisticRegressionOutput(
    data: NDArray,
    label: NDArray,
    grad_scale: float = 1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the logistic function of the data, with the gradient of the cross-entropy to the label, ignoring the incoming gradient."""
def MAERegressionOutput(
    data: NDArray,
    label: NDArray,
    grad_scale: float = 1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the data, with the gradient of the absolute error, ignoring the incoming gradient."""
def MakeLoss(
    data: NDArray,
    grad_scale: float = 1.0,
    valid_thresh: float = 0.0,
    normalization: Literal["batch", "null", "valid"] = "null",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return a copy whose gradient is a constant, ignoring the incoming gradient."""
def Pad(
    data: NDArray,
    mode: Literal["constant", "edge", "reflect"],
    pad_width: ShapeLike,
    constant_value: float = 0.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Add values around images, on the axes after batch and channel."""
def Pooling(
    data: NDArray,
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
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Reduce each window of an image to one number, separately for each channel."""
def Pooling_v1(
    data: NDArray,
    kernel: ShapeLike = (),
    pool_type: Literal["avg", "max", "sum"] = "max",
    global_pool: bool = False,
    pooling_convention: Literal["full", "valid"] = "valid",
    stride: ShapeLike = (),
    pad: ShapeLike = (),
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Reduce each window of an image to one number, as `glueball.nd.Pooling` does."""
def RNN(
    data: NDArray,
    parameters: NDArray,
    state: NDArray,
    state_cell: NDArray | None = None,
    sequence_length: NDArray | None = None,
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
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Run recurrent layers over sequences; each layer reads what the one before it puts out."""
def ROIPooling(
    data: NDArray,
    rois: NDArray,
    pooled_size: ShapeLike,
    spatial_scale: float,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Divide rectangles of images into a given number of parts, and take the maximum of each."""
def Reshape(
    data: NDArray,
    shape: ShapeLike = (),
    reverse: bool = False,
    target_shape: ShapeLike = (),
    keep_highest: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Change the shape of an array; its elements keep their order."""
def SVMOutput(
    data: NDArray,
    label: NDArray,
    margin: float = 1.0,
    regularization_coefficient: float = 1.0,
    use_linear: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the data, with the gradient of a support vector machine's loss, ignoring the incoming gradient."""
def SequenceLast(
    data: NDArray,
    sequence_length: NDArray | None = None,
    use_sequence_length: bool = False,
    axis: int = 0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Take the last step of each sequence."""
def SequenceMask(
    data: NDArray,
    sequence_length: NDArray | None = None,
    use_sequence_length: bool = False,
    value: float = 0.0,
    axis: int = 0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Replace the elements after the end of each sequence."""
def SequenceReverse(
    data: NDArray,
    sequence_length: NDArray | None = None,
    use_sequence_length: bool = False,
    axis: int = 0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Reverse each sequence; elements after its end stay in place."""
def SliceChannel(
    data: NDArray,
    num_outputs: int,
    axis: int = 1,
    squeeze_axis: bool = False,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Split an array into equal parts."""
def Softmax(
    data: NDArray,
    label: NDArray,
    grad_scale: float = 1.0,
    ignore_label: float = -1.0,
    multi_output: bool = False,
    use_ignore: bool = False,
    preserve_shape: bool = False,
    normalization: Literal["batch", "null", "valid"] = "null",
    out_grad: bool = False,
    smooth_alpha: float = 0.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return softmax, with the gradient of the cross-entropy to the label, by default ignoring the incoming gradient."""
def SoftmaxActivation(
    data: NDArray,
    mode: Literal["channel", "instance"] = "instance",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return softmax over the last axis, or over the channels."""
SoftmaxOutput = Softmax
def SpatialTransformer(
    data: NDArray,
    loc: NDArray,
    target_shape: ShapeLike = (0, 0),
    transform_type: Literal["affine"] = ...,
    sampler_type: Literal["bilinear"] = ...,
    cudnn_off: bool | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Rotate, scale and shift images by affine maps: GridGenerator and BilinearSampler in one."""
def SwapAxis(
    data: NDArray,
    dim1: int = 0,
    dim2: int = 0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Exchange the axes `dim1` and `dim2`; negative numbers count from the end."""
def UpSampling(
    *data: NDArray,
    scale: int = ...,
    num_filter: int = 0,
    sample_type: Literal["nearest", "bilinear"] = ...,
    multi_input_mode: Literal["concat", "sum"] = "concat",
    num_args: int = ...,
    workspace: int = 512,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Enlarge images."""
def abs(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the absolute value, element-wise."""
def adam_update(
    weight: NDArray,
    grad: NDArray,
    mean: NDArray,
    var: NDArray,
    lr: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-08,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    lazy_update: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the weight after a step of Adam without its correction, and store the new averages."""
add_n = ElementWiseSum
def all_finite(data: NDArray, init_output: bool = True, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 where all numbers are finite, else 0."""
def amp_cast(data: NDArray, dtype: DTypeLike, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Convert float32, float16 and bfloat16, for mixed precision; arrays of other types keep theirs."""
def amp_multicast(
    *data: NDArray,
    num_outputs: int = ...,
    cast_narrow: bool = False,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Convert floating-point arrays to a common type."""
def arccos(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the angle in radians whose cosine it is, element-wise."""
def arccosh(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the inverse of cosh, of numbers of at least 1, element-wise."""
def arcsin(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the angle in radians whose sine it is, element-wise."""
def arcsinh(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the inverse of sinh, element-wise."""
def arctan(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the angle in radians whose tangent it is, element-wise."""
def arctanh(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the inverse of tanh, of numbers between -1 and 1, element-wise."""
def argmax(
    data: NDArray,
    axis: int | None = None,
    keepdims: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return where the largest element is, as an index of the type of `data`."""
def argmax_channel(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return where the largest element of each row is: `argmax` along axis 1."""
def argmin(
    data: NDArray,
    axis: int | None = None,
    keepdims: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return where the smallest element is, as an index of the type of `data`."""
def argsort(
    data: NDArray,
    axis: int | None = -1,
    is_ascend: bool = True,
    dtype: Literal["float16", "float32", "float64", "int32", "int64", "uint8"] = "float32",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the indices that would put the elements in order."""
def batch_dot(
    lhs: NDArray,
    rhs: NDArray,
    transpose_a: bool = False,
    transpose_b: bool = False,
    forward_stype: Literal["csr", "default", "row_sparse"] | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Multiply many pairs of matrices at once."""
def batch_take(a: NDArray, indices: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Take one element of each row: ``a[i, indices[i]]``."""
def broadcast_add(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return lhs + rhs."""
def broadcast_axes(
    data: NDArray,
    axis: ShapeLike = (),
    size: ShapeLike = (),
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Broadcast the named axes, which must have length 1."""
broadcast_axis = broadcast_axes
def broadcast_div(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return lhs / rhs; integers drop the fraction and give 0 for a division by 0."""
def broadcast_equal(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 where lhs = rhs, else 0."""
def broadcast_greater(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 where lhs > rhs, else 0."""
def broadcast_greater_equal(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 where lhs >= rhs, else 0."""
def broadcast_hypot(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the length of the hypotenuse for the legs lhs and rhs."""
def broadcast_lesser(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 where lhs < rhs, else 0."""
def broadcast_lesser_equal(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 where lhs <= rhs, else 0."""
def broadcast_like(
    lhs: NDArray,
    rhs: NDArray,
    lhs_axes: ShapeLike | None = None,
    rhs_axes: ShapeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Broadcast axes of length 1 of `lhs` to the lengths of `rhs`."""
def broadcast_logical_and(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 where both are not 0, else 0."""
def broadcast_logical_or(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 where one of them is not 0, else 0."""
def broadcast_logical_xor(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 where exactly one of them is not 0, else 0."""
def broadcast_maximum(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the larger of lhs and rhs; on ties the gradient goes to lhs."""
def broadcast_minimum(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the smaller of lhs and rhs; on ties the gradient goes to lhs."""
def broadcast_minus(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return lhs - rhs."""
def broadcast_mod(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the remainder of lhs / rhs, which has the sign of rhs and is 0 for the divisor 0."""
def broadcast_mul(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return lhs * rhs."""
def broadcast_not_equal(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 where lhs differs from rhs, else 0."""
broadcast_plus = broadcast_add
def broadcast_power(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return lhs to the power of rhs; integers are raised as doubles and drop the fraction."""
broadcast_sub = broadcast_minus
def broadcast_to(data: NDArray, shape: ShapeLike = (), out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Broadcast axes of length 1 to a shape."""
cast = Cast
def cast_storage(
    data: NDArray,
    stype: Literal["csr", "default", "row_sparse"],
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return a copy in a form of storage."""
def cbrt(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the cube root, element-wise."""
def ceil(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the smallest integer that is not smaller, element-wise."""
def choose_element_0index(
    data: NDArray,
    index: NDArray,
    axis: int | None = -1,
    keepdims: bool = False,
    mode: Literal["clip", "wrap"] = "clip",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Pick one element along an axis at each position of the others."""
def clip(data: NDArray, a_min: float, a_max: float, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Limit each element to the range from `a_min` to `a_max`."""
def col2im(
    data: NDArray,
    output_size: ShapeLike,
    kernel: ShapeLike,
    stride: ShapeLike = (),
    dilate: ShapeLike = (),
    pad: ShapeLike = (),
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Add up the columns of matrices as the windows of images: what `im2col` does to a gradient."""
concat = Concat
def cos(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the cosine of an angle in radians, element-wise."""
def cosh(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the hyperbolic cosine, element-wise."""
def crop(
    data: NDArray,
    begin: IndicesLike,
    end: IndicesLike,
    step: IndicesLike = (),
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Cut a box out of an array, with the rules of Python's slices."""
ctc_loss = CTCLoss
def cumsum(
    a: NDArray,
    axis: int | None = None,
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Sum the elements up to each, along an axis."""
def degrees(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the angle in degrees of one in radians, element-wise."""
def depth_to_space(data: NDArray, block_size: int, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Rearrange channels into blocks of pixels: (N, C, H, W) becomes (N, C / b^2, H b, W b)."""
def diag(
    data: NDArray,
    k: int = 0,
    axis1: int = 0,
    axis2: int = 1,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Make a matrix with the given diagonal, or read the diagonal of a matrix."""
def dot(
    lhs: NDArray,
    rhs: NDArray,
    transpose_a: bool = False,
    transpose_b: bool = False,
    forward_stype: Literal["csr", "default", "row_sparse"] | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Multiply matrices: sum over the last axis of `lhs` and the first of `rhs`."""
def elemwise_add(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return lhs + rhs."""
def elemwise_div(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return lhs / rhs; integers drop the fraction and give 0 for a division by 0."""
def elemwise_mul(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return lhs * rhs."""
def elemwise_sub(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return lhs - rhs."""
def erf(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the error function, element-wise."""
def erfinv(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the inverse of erf, of numbers between -1 and 1, element-wise."""
def exp(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return e to the power of data, element-wise."""
def expand_dims(data: NDArray, axis: int, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Insert an axis of length 1."""
def expm1(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return exp(data) - 1, exact near 0, element-wise."""
def fill_element_0index(
    lhs: NDArray,
    mhs: NDArray,
    rhs: NDArray,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return a copy of a matrix with one element of each row replaced."""
def fix(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the nearest integer toward 0, element-wise."""
flatten = Flatten
def flip(data: NDArray, axis: ShapeLike, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Reverse the order of the elements along some axes."""
def floor(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the largest integer that is not larger, element-wise."""
def ftml_update(
    weight: NDArray,
    grad: NDArray,
    d: NDArray,
    v: NDArray,
    z: NDArray,
    lr: float,
    beta1: float = 0.6,
    beta2: float = 0.999,
    epsilon: float = 1e-08,
    t: int = ...,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_grad: float = -1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the weight after a step of FTML (Zheng and Kwok), and store its new state."""
def ftrl_update(
    weight: NDArray,
    grad: NDArray,
    z: NDArray,
    n: NDArray,
    lr: float,
    lamda1: float = 0.01,
    beta: float = 1.0,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the weight after a step of FTRL (McMahan et al.), and store its new state."""
def gamma(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the gamma function, element-wise."""
def gammaln(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return log(abs(gamma(data))), element-wise."""
def gather_nd(data: NDArray, indices: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Read the elements, or slices, at given coordinates."""
def hard_sigmoid(
    data: NDArray,
    alpha: float = 0.2,
    beta: float = 0.5,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return alpha * data + beta, limited to the range from 0 to 1."""
def identity(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return a copy."""
def im2col(
    data: NDArray,
    kernel: ShapeLike,
    stride: ShapeLike = (),
    dilate: ShapeLike = (),
    pad: ShapeLike = (),
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Make the windows of images the columns of matrices."""
def khatri_rao(*args: NDArray, num_args: int = ..., out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Multiply matrices column by column: each column of the result is the Kronecker product of columns."""
def lamb_update_phase1(
    weight: NDArray,
    grad: NDArray,
    mean: NDArray,
    var: NDArray,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-06,
    t: int = ...,
    bias_correction: bool = True,
    wd: float = ...,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the direction of a step of LAMB, and store the new averages."""
def lamb_update_phase2(
    weight: NDArray,
    g: NDArray,
    r1: NDArray,
    r2: NDArray,
    lr: float,
    lower_bound: float = -1.0,
    upper_bound: float = -1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the weight after a step of LAMB in a direction."""
def linalg_det(A: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Compute determinants."""
def linalg_extractdiag(A: NDArray, offset: int = 0, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return diagonals."""
def linalg_extracttrian(
    A: NDArray,
    offset: int = 0,
    lower: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return triangles: lower ones row by row, upper ones column by column."""
def linalg_gelqf(A: NDArray, out: Sequence[NDArray] | None = None, name: str | None = None) -> list[NDArray]:
    """Factor matrices into a lower triangular one and one with orthonormal rows: A = L Q."""
def linalg_gemm(
    A: NDArray,
    B: NDArray,
    C: NDArray,
    transpose_a: bool = False,
    transpose_b: bool = False,
    alpha: float = 1.0,
    beta: float = 1.0,
    axis: int = -2,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Multiply pairs of matrices, and add others: alpha A B + beta C."""
def linalg_gemm2(
    A: NDArray,
    B: NDArray,
    transpose_a: bool = False,
    transpose_b: bool = False,
    alpha: float = 1.0,
    axis: int = -2,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Multiply pairs of matrices, and the result by a number."""
def linalg_inverse(A: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Invert matrices."""
def linalg_makediag(A: NDArray, offset: int = 0, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Make matrices with the given diagonals, and zeros elsewhere."""
def linalg_maketrian(
    A: NDArray,
    offset: int = 0,
    lower: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Make matrices with the given triangles, and zeros elsewhere."""
def linalg_potrf(A: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Factor positive definite matrices: the lower triangular L with L L^T = A (Cholesky)."""
def linalg_potri(A: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Invert positive definite matrices, given their factors by `potrf`: the inverse of A A^T."""
def linalg_slogdet(A: NDArray, out: Sequence[NDArray] | None = None, name: str | None = None) -> list[NDArray]:
    """Compute the signs of determinants, and the logarithms of their absolute values."""
def linalg_sumlogdiag(A: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Add up the logarithms of diagonals."""
def linalg_syrk(
    A: NDArray,
    transpose: bool = False,
    alpha: float = 1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Multiply matrices with their transposes: alpha A A^T."""
def linalg_trmm(
    A: NDArray,
    B: NDArray,
    transpose: bool = False,
    rightside: bool = False,
    lower: bool = True,
    alpha: float = 1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Multiply triangular matrices with others: alpha A B."""
def linalg_trsm(
    A: NDArray,
    B: NDArray,
    transpose: bool = False,
    rightside: bool = False,
    lower: bool = True,
    alpha: float = 1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Solve triangular equations: X with A X = alpha B."""
def log(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the natural logarithm, element-wise."""
def log10(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the logarithm to base 10, element-wise."""
def log1p(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return log(1 + data), exact near 0, element-wise."""
def log2(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the logarithm to base 2, element-wise."""
def log_softmax(
    data: NDArray,
    axis: int = -1,
    temperature: float | None = None,
    dtype: DTypeLike | None = None,
    use_length: bool | None = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the logarithm of softmax, without computing softmax itself."""
def logical_not(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 where data is 0, else 0, element-wise."""
def make_loss(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return a copy whose gradient is 1, ignoring the incoming gradient."""
def max(
    data: NDArray,
    axis: ShapeLike | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Find the largest element, along some axes or over everything."""
max_axis = max
def mean(
    data: NDArray,
    axis: ShapeLike | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Average the elements, along some axes or over everything."""
def min(
    data: NDArray,
    axis: ShapeLike | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Find the smallest element, along some axes or over everything."""
min_axis = min
def moments(
    data: NDArray,
    axes: ShapeLike | None = None,
    keepdims: bool = False,
    out: Sequence[NDArray] | None = None,
    name: str | None = None,
) -> list[NDArray]:
    """Return the mean and the variance (divided by the number of elements) along some axes."""
def mp_lamb_update_phase1(
    weight: NDArray,
    grad: NDArray,
    mean: NDArray,
    var: NDArray,
    weight32: NDArray,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-06,
    t: int = ...,
    bias_correction: bool = True,
    wd: float = ...,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the direction of a step of LAMB, float32, for a low-precision weight, and store the new averages."""
def mp_lamb_update_phase2(
    weight: NDArray,
    g: NDArray,
    r1: NDArray,
    r2: NDArray,
    weight32: NDArray,
    lr: float,
    lower_bound: float = -1.0,
    upper_bound: float = -1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return a low-precision weight after a step of LAMB in a direction, which is made with its float32 copy."""
def mp_nag_mom_update(
    weight: NDArray,
    grad: NDArray,
    mom: NDArray,
    weight32: NDArray,
    lr: float,
    momentum: float = 0.0,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return a low-precision weight after the step of `nag_mom_update`, which is made with its float32 copy."""
def mp_sgd_mom_update(
    weight: NDArray,
    grad: NDArray,
    mom: NDArray,
    weight32: NDArray,
    lr: float,
    momentum: float = 0.0,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    lazy_update: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return a low-precision weight after the step of `sgd_mom_update`, which is made with its float32 copy."""
def mp_sgd_update(
    weight: NDArray,
    grad: NDArray,
    weight32: NDArray,
    lr: float,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    lazy_update: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return a low-precision weight after the step of `sgd_update`, which is made with its float32 copy."""
def multi_all_finite(
    *data: NDArray,
    num_arrays: int = ...,
    init_output: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return 1 where all numbers of all arrays are finite, else 0."""
def multi_lars(
    lrs: NDArray,
    weights_sum_sq: NDArray,
    grads_sum_sq: NDArray,
    wds: NDArray,
    eta: float,
    eps: float,
    rescale_grad: float = 1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the learning rates of LARS, for several weights at once."""
def multi_mp_sgd_mom_update(
    *data: NDArray,
    lrs: FloatsLike = ...,
    wds: FloatsLike = ...,
    momentum: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Return several low-precision weights after the step of `mp_sgd_mom_update`, and store momenta and copies."""
def multi_mp_sgd_update(
    *data: NDArray,
    lrs: FloatsLike = ...,
    wds: FloatsLike = ...,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Return several low-precision weights after the step of `mp_sgd_update`, and store their new copies."""
def multi_sgd_mom_update(
    *data: NDArray,
    lrs: FloatsLike = ...,
    wds: FloatsLike = ...,
    momentum: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Return several weights after the step of `sgd_mom_update`, and store the new momenta."""
def multi_sgd_update(
    *data: NDArray,
    lrs: FloatsLike = ...,
    wds: FloatsLike = ...,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Return several weights after the step of `sgd_update`."""
def multi_sum_sq(*data: NDArray, num_arrays: int = ..., out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Sum the squares of each of several arrays."""
def nag_mom_update(
    weight: NDArray,
    grad: NDArray,
    mom: NDArray,
    lr: float,
    momentum: float = 0.0,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the weight after a step with Nesterov momentum, and store the new momentum."""
def nanprod(
    data: NDArray,
    axis: ShapeLike | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Multiply the elements, treating NaN as 1, along some axes or over everything."""
def nansum(
    data: NDArray,
    axis: ShapeLike | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Sum the elements, treating NaN as 0, along some axes or over everything."""
def negative(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the number with the opposite sign, element-wise."""
def norm(
    data: NDArray,
    ord: int = 2,
    axis: ShapeLike | None = None,
    out_dtype: Literal["float16", "float32", "float64", "int32", "int64", "int8"] | None = None,
    keepdims: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the norm of vectors: the root of the sum of squares, or the sum of absolute values."""
def normal(
    loc: float = 0.0,
    scale: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a normal (Gaussian) distribution."""
def one_hot(
    indices: NDArray,
    depth: int,
    on_value: float = 1.0,
    off_value: float = 0.0,
    dtype: DTypeLike = "float32",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Encode each index as a row that is "on" at that position."""
def ones_like(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Make an array of ones of the shape and type of `data`."""
pad = Pad
pick = choose_element_0index
def preloaded_multi_mp_sgd_mom_update(
    *data: NDArray,
    momentum: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Return several low-precision weights after the step of `multi_mp_sgd_mom_update`, with rates that are arrays."""
def preloaded_multi_mp_sgd_update(
    *data: NDArray,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Return several low-precision weights after the step of `multi_mp_sgd_update`, with rates that are arrays."""
def preloaded_multi_sgd_mom_update(
    *data: NDArray,
    momentum: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Return several weights after the step of `multi_sgd_mom_update`, with rates that are arrays."""
def preloaded_multi_sgd_update(
    *data: NDArray,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Return several weights after the step of `multi_sgd_update`, with rates that are arrays."""
def prod(
    data: NDArray,
    axis: ShapeLike | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Multiply the elements, along some axes or over everything."""
def radians(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the angle in radians of one in degrees, element-wise."""
def random_exponential(
    lam: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from an exponential distribution."""
def random_gamma(
    alpha: float = 1.0,
    beta: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a gamma distribution."""
def random_generalized_negative_binomial(
    mu: float = 1.0,
    alpha: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw counts from a negative binomial distribution, given its mean and dispersion."""
def random_negative_binomial(
    k: int = 1,
    p: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers of failures before the k-th success."""
random_normal = normal
def random_pdf_dirichlet(
    sample: NDArray,
    alpha: NDArray,
    is_log: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the densities of Dirichlet distributions."""
def random_pdf_exponential(
    sample: NDArray,
    lam: NDArray,
    is_log: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the densities of exponential distributions."""
def random_pdf_gamma(
    sample: NDArray,
    alpha: NDArray,
    beta: NDArray,
    is_log: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the densities of gamma distributions."""
def random_pdf_generalized_negative_binomial(
    sample: NDArray,
    mu: NDArray,
    alpha: NDArray,
    is_log: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the densities of negative binomial distributions, given their means."""
def random_pdf_negative_binomial(
    sample: NDArray,
    k: NDArray,
    p: NDArray,
    is_log: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the densities of the numbers of failures before the k-th success."""
def random_pdf_normal(
    sample: NDArray,
    mu: NDArray,
    sigma: NDArray,
    is_log: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the densities of normal (Gaussian) distributions."""
def random_pdf_poisson(
    sample: NDArray,
    lam: NDArray,
    is_log: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the densities of Poisson distributions."""
def random_pdf_uniform(
    sample: NDArray,
    low: NDArray,
    high: NDArray,
    is_log: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the densities of uniform distributions over [low, high)."""
def random_poisson(
    lam: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw counts from a Poisson distribution."""
def random_randint(
    low: int,
    high: int,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: Literal["int32", "int64"] | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw integers, each equally likely."""
def random_uniform(
    low: float = 0.0,
    high: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a uniform distribution over [low, high)."""
def ravel_multi_index(
    data: NDArray,
    shape: ShapeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the position of elements in an array's row-major order, given their coordinates."""
def rcbrt(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 / cbrt(data), element-wise."""
def reciprocal(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 / data, element-wise."""
def relu(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return max(data, 0), element-wise."""
def repeat(
    data: NDArray,
    repeats: int,
    axis: int | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Repeat each element, or each slice along an axis."""
reshape = Reshape
def reshape_like(
    lhs: NDArray,
    rhs: NDArray,
    lhs_begin: int | None = None,
    lhs_end: int | None = None,
    rhs_begin: int | None = None,
    rhs_end: int | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Give `lhs` the shape of `rhs`, or some axes of `lhs` the lengths of some axes of `rhs`."""
reverse = flip
def rint(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the nearest integer, on ties the lower one, element-wise."""
def rmsprop_update(
    weight: NDArray,
    grad: NDArray,
    n: NDArray,
    lr: float,
    gamma1: float = 0.95,
    epsilon: float = 1e-08,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    clip_weights: float = -1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the weight after a step of RMSProp, and store the new average."""
def rmspropalex_update(
    weight: NDArray,
    grad: NDArray,
    n: NDArray,
    g: NDArray,
    delta: NDArray,
    lr: float,
    gamma1: float = 0.95,
    gamma2: float = 0.9,
    epsilon: float = 1e-08,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    clip_weights: float = -1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the weight after a step of the centered RMSProp of Graves, and store the new averages and step."""
def round(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the nearest integer, on ties the one away from 0, element-wise."""
def rsqrt(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 / sqrt(data), element-wise."""
def sample_exponential(
    lam: NDArray,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from an exponential distribution, for each element of the parameters."""
def sample_gamma(
    alpha: NDArray,
    beta: NDArray,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a gamma distribution, for each element of the parameters."""
def sample_generalized_negative_binomial(
    mu: NDArray,
    alpha: NDArray,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw counts from a negative binomial distribution, given its mean and dispersion, for each element of the parameters."""
@overload
def sample_multinomial(
    data: NDArray,
    shape: ShapeLike = (),
    get_prob: Literal[False] = False,
    dtype: DTypeLike = "int32",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw indices of categories."""
@overload
def sample_multinomial(
    data: NDArray,
    shape: ShapeLike = (),
    *,
    get_prob: Literal[True],
    dtype: DTypeLike = "int32",
    out: Sequence[NDArray] | None = None,
    name: str | None = None,
) -> list[NDArray]:
    """Draw indices of categories."""
@overload
def sample_multinomial(
    data: NDArray,
    shape: ShapeLike = (),
    get_prob: bool = False,
    dtype: DTypeLike = "int32",
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Draw indices of categories."""
def sample_negative_binomial(
    k: NDArray,
    p: NDArray,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers of failures before the k-th success, for each element of the parameters."""
def sample_normal(
    mu: NDArray,
    sigma: NDArray,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a normal (Gaussian) distribution, for each element of the parameters."""
def sample_poisson(
    lam: NDArray,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw counts from a Poisson distribution, for each element of the parameters."""
def sample_uniform(
    low: NDArray,
    high: NDArray,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a uniform distribution over [low, high), for each element of the parameters."""
def scatter_nd(
    data: NDArray,
    indices: NDArray,
    shape: ShapeLike,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Write elements, or slices, at given coordinates of an array of zeros."""
def sgd_mom_update(
    weight: NDArray,
    grad: NDArray,
    mom: NDArray,
    lr: float,
    momentum: float = 0.0,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    lazy_update: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the weight after a step with momentum, and store the new momentum."""
def sgd_update(
    weight: NDArray,
    grad: NDArray,
    lr: float,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    lazy_update: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the weight after a step of gradient descent: weight - lr * (clip(rescale_grad * grad) + wd * weight)."""
def shape_array(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the lengths of the axes."""
def shuffle(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Shuffle the slices along the first axis; each order is equally likely."""
def sigmoid(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 / (1 + exp(-data)), element-wise."""
def sign(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return -1, 0 or 1, the sign, element-wise."""
def signsgd_update(
    weight: NDArray,
    grad: NDArray,
    lr: float,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the weight after a step by the sign of the gradient: weight - lr * (sign(grad) + wd * weight)."""
def signum_update(
    weight: NDArray,
    grad: NDArray,
    mom: NDArray,
    lr: float,
    momentum: float = 0.0,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    wd_lh: float = 0.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the weight after a step by the sign of the momentum, and store the new momentum."""
def sin(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the sine of an angle in radians, element-wise."""
def sinh(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the hyperbolic sine, element-wise."""
def size_array(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the number of elements."""
slice = crop
def slice_axis(
    data: NDArray,
    axis: int,
    begin: int,
    end: int | None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Cut a range out of one axis."""
def slice_like(
    data: NDArray,
    shape_like: NDArray,
    axes: ShapeLike = (),
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Crop axes to their lengths in another array, from the start."""
def smooth_l1(data: NDArray, scalar: float = 1.0, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return (scalar * data)^2 / 2 where abs(data) is below 1 / scalar^2, else abs(data) - 1 / (2 scalar^2)."""
def softmax(
    data: NDArray,
    length: NDArray | None = None,
    axis: int = -1,
    temperature: float | None = None,
    dtype: DTypeLike | None = None,
    use_length: bool | None = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return exp(x / temperature) divided by its sum along an axis."""
def softmax_cross_entropy(
    data: NDArray,
    label: NDArray,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the sum over a batch of the cross-entropy between softmax and class numbers."""
def softmin(
    data: NDArray,
    axis: int = -1,
    temperature: float | None = None,
    dtype: DTypeLike | None = None,
    use_length: bool | None = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return softmax of the negated data."""
def softsign(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return data / (1 + abs(data)), element-wise."""
def sort(
    data: NDArray,
    axis: int | None = -1,
    is_ascend: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the elements in sorted order."""
def space_to_depth(data: NDArray, block_size: int, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Rearrange the pixels of each block into channels: the inverse of `depth_to_space`."""
split = SliceChannel
def sqrt(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the square root, element-wise."""
def square(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return data * data, element-wise."""
def squeeze(
    data: NDArray,
    axis: ShapeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Drop axes of length 1."""
def stack(
    *data: NDArray,
    axis: int = 0,
    num_args: int = ...,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Join arrays of the same shape along a new axis."""
stop_gradient = BlockGrad
def sum(
    data: NDArray,
    axis: ShapeLike | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Sum the elements, along some axes or over everything."""
sum_axis = sum
swapaxes = SwapAxis
def take(
    a: NDArray,
    indices: NDArray,
    axis: int = 0,
    mode: Literal["clip", "raise", "wrap"] = "clip",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Take slices of an array along one axis."""
def tan(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the tangent of an angle in radians, element-wise."""
def tanh(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the hyperbolic tangent, element-wise."""
def tile(data: NDArray, reps: ShapeLike, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Repeat the whole array along its axes."""
@overload
def topk(
    data: NDArray,
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
    data: NDArray,
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
    data: NDArray,
    axis: int | None = -1,
    k: int = 1,
    ret_typ: Literal["both", "indices", "mask", "value"] = "indices",
    is_ascend: bool = False,
    dtype: Literal["float16", "float32", "float64", "int32", "int64", "uint8"] = "float32",
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Return the `k` largest elements, in order."""
def transpose(data: NDArray, axes: ShapeLike = (), out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Permute the axes."""
def trunc(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the integer part, without the fraction, element-wise."""
uniform = random_uniform
def unravel_index(
    data: NDArray,
    shape: ShapeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the coordinates of elements, given their positions in an array's row-major order."""
def where(condition: NDArray, x: NDArray, y: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Take elements of `x` where the condition holds, and of `y` elsewhere."""
def zeros_like(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Make an array of zeros of the shape and type of `data`."""
