"""The functions of symbol.op.

Written by ``make stubs`` from the declarations in `glueball.ops`; not to be edited.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, overload

from ..core.annotations import ContextLike, DTypeLike, FloatsLike, IndicesLike, Scalar, ShapeLike, ShapesLike
from ..operator.symbol_function import Custom as Custom
from .symbol import Symbol

def Activation(
    data: Symbol | None = None,
    act_type: Literal["relu", "sigmoid", "softrelu", "softsign", "tanh"] = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Apply an activation function to each element."""
def BatchNorm(
    data: Symbol | None = None,
    gamma: Symbol | None = None,
    beta: Symbol | None = None,
    moving_mean: Symbol | None = None,
    moving_var: Symbol | None = None,
    eps: float = 0.0010000000474974513,
    momentum: float = 0.9,
    fix_gamma: bool = True,
    use_global_stats: bool = False,
    output_mean_var: bool = False,
    axis: int = 1,
    cudnn_off: bool = False,
    min_calib_range: float | None = None,
    max_calib_range: float | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Normalize each channel: gamma (data - mean) / sqrt(var + eps) + beta."""
def BatchNorm_v1(
    data: Symbol | None = None,
    gamma: Symbol | None = None,
    beta: Symbol | None = None,
    moving_mean: Symbol | None = None,
    moving_var: Symbol | None = None,
    eps: float = 0.0010000000474974513,
    momentum: float = 0.9,
    fix_gamma: bool = True,
    use_global_stats: bool = False,
    output_mean_var: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Normalize each channel, as `glueball.nd.BatchNorm` does."""
def BilinearSampler(
    data: Symbol | None = None,
    grid: Symbol | None = None,
    cudnn_off: bool | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Sample an image at the positions of a grid by bilinear interpolation."""
def BlockGrad(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return a copy that no gradient flows back through."""
def CTCLoss(
    data: Symbol | None = None,
    label: Symbol | None = None,
    data_lengths: Symbol | None = None,
    label_lengths: Symbol | None = None,
    use_data_lengths: bool = False,
    use_label_lengths: bool = False,
    blank_label: Literal["first", "last"] = "first",
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the negative log-probability that the steps spell the labels, without blanks and repetitions."""
def Cast(
    data: Symbol | None = None,
    dtype: DTypeLike = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Convert to another type."""
def Concat(
    *data: Symbol,
    num_args: int = ...,
    dim: int = 1,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Join arrays along an existing axis."""
def Convolution(
    data: Symbol | None = None,
    weight: Symbol | None = None,
    bias: Symbol | None = None,
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
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Slide filters over an image and sum the products (cross-correlation)."""
def Convolution_v1(
    data: Symbol | None = None,
    weight: Symbol | None = None,
    bias: Symbol | None = None,
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
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Convolve images, as `glueball.nd.Convolution` does."""
def Correlation(
    data1: Symbol | None = None,
    data2: Symbol | None = None,
    kernel_size: int = 1,
    max_displacement: int = 1,
    stride1: int = 1,
    stride2: int = 1,
    pad_size: int = 0,
    is_multiply: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Compare windows of one image with windows of another, shifted by every displacement up to a largest."""
def Crop(
    *data: Symbol,
    num_args: int = ...,
    offset: ShapeLike = (0, 0),
    h_w: ShapeLike = (0, 0),
    center_crop: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Crop images to a rectangle."""
def Deconvolution(
    data: Symbol | None = None,
    weight: Symbol | None = None,
    bias: Symbol | None = None,
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
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Apply a transposed convolution: spread each point of an image over its neighborhood, weighted by filters."""
def Dropout(
    data: Symbol | None = None,
    p: float = 0.5,
    mode: Literal["training", "always"] = "training",
    axes: ShapeLike = (),
    cudnn_off: bool | None = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Set random elements to 0 and multiply the others by 1 / (1 - p), so that the mean is unchanged."""
def ElementWiseSum(
    *args: Symbol,
    num_args: int = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Add arrays of the same shape."""
def Embedding(
    data: Symbol | None = None,
    weight: Symbol | None = None,
    input_dim: int = ...,
    output_dim: int = ...,
    dtype: DTypeLike = "float32",
    sparse_grad: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Look up rows of a matrix by index."""
def Flatten(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Keep the first axis and merge all others into one: (N, ...) becomes (N, K)."""
def FullyConnected(
    data: Symbol | None = None,
    weight: Symbol | None = None,
    bias: Symbol | None = None,
    num_hidden: int = ...,
    no_bias: bool = False,
    flatten: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Multiply each row by a matrix and add a bias: data weight^T + bias."""
def GridGenerator(
    data: Symbol | None = None,
    transform_type: Literal["affine", "warp"] = ...,
    target_shape: ShapeLike = (0, 0),
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Make the grid of positions that BilinearSampler samples."""
def GroupNorm(
    data: Symbol | None = None,
    gamma: Symbol | None = None,
    beta: Symbol | None = None,
    num_groups: int = 1,
    eps: float = 1e-05,
    output_mean_var: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Normalize groups of channels of each sample: gamma (data - mean) / sqrt(var + eps) + beta."""
def IdentityAttachKLSparseReg(
    data: Symbol | None = None,
    moving_avg: Symbol | None = None,
    sparseness_target: float = 0.1,
    penalty: float = 0.001,
    momentum: float = 0.9,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the data, and add the gradient of a penalty for units whose mean activation is far from a target."""
def InstanceNorm(
    data: Symbol | None = None,
    gamma: Symbol | None = None,
    beta: Symbol | None = None,
    eps: float = 0.001,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Normalize each channel of each sample over its image: gamma (data - mean) / sqrt(var + eps) + beta."""
def L2Normalization(
    data: Symbol | None = None,
    eps: float = 1e-10,
    mode: Literal["channel", "instance", "spatial"] = "instance",
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Divide by the Euclidean norm, sqrt(sum of squares + eps)."""
def LRN(
    data: Symbol | None = None,
    alpha: float = 0.0001,
    beta: float = 0.75,
    knorm: float = 2.0,
    nsize: int = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Divide each number by (knorm + alpha / nsize (sum of squares of the `nsize` channels around it)) ^ beta."""
def LayerNorm(
    data: Symbol | None = None,
    gamma: Symbol | None = None,
    beta: Symbol | None = None,
    axis: int = -1,
    eps: float = 1e-05,
    output_mean_var: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Normalize along one axis: gamma (data - mean) / sqrt(var + eps) + beta."""
def LeakyReLU(
    data: Symbol | None = None,
    gamma: Symbol | None = None,
    act_type: Literal["leaky", "elu", "gelu", "prelu", "rrelu", "selu"] = "leaky",
    slope: float = 0.25,
    lower_bound: float = 0.125,
    upper_bound: float = 0.334,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Apply a leaky rectifier, which does not set negative elements to 0."""
def LinearRegressionOutput(
    data: Symbol | None = None,
    label: Symbol | None = None,
    grad_scale: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the data, with the gradient of half the squared error, ignoring the incoming gradient."""
def LogisticRegressionOutput(
    data: Symbol | None = None,
    label: Symbol | None = None,
    grad_scale: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the logistic function of the data, with the gradient of the cross-entropy to the label, ignoring the incoming gradient."""
def MAERegressionOutput(
    data: Symbol | None = None,
    label: Symbol | None = None,
    grad_scale: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the data, with the gradient of the absolute error, ignoring the incoming gradient."""
def MakeLoss(
    data: Symbol | None = None,
    grad_scale: float = 1.0,
    valid_thresh: float = 0.0,
    normalization: Literal["batch", "null", "valid"] = "null",
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return a copy whose gradient is a constant, ignoring the incoming gradient."""
def Pad(
    data: Symbol | None = None,
    mode: Literal["constant", "edge", "reflect"] = ...,
    pad_width: ShapeLike = ...,
    constant_value: float = 0.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Add values around images, on the axes after batch and channel."""
def Pooling(
    data: Symbol | None = None,
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
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Reduce each window of an image to one number, separately for each channel."""
def Pooling_v1(
    data: Symbol | None = None,
    kernel: ShapeLike = (),
    pool_type: Literal["avg", "max", "sum"] = "max",
    global_pool: bool = False,
    pooling_convention: Literal["full", "valid"] = "valid",
    stride: ShapeLike = (),
    pad: ShapeLike = (),
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Reduce each window of an image to one number, as `glueball.nd.Pooling` does."""
def RNN(
    data: Symbol | None = None,
    parameters: Symbol | None = None,
    state: Symbol | None = None,
    state_cell: Symbol | None = None,
    sequence_length: Symbol | None = None,
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
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Run recurrent layers over sequences; each layer reads what the one before it puts out."""
def ROIPooling(
    data: Symbol | None = None,
    rois: Symbol | None = None,
    pooled_size: ShapeLike = ...,
    spatial_scale: float = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Divide rectangles of images into a given number of parts, and take the maximum of each."""
def Reshape(
    data: Symbol | None = None,
    shape: ShapeLike = (),
    reverse: bool = False,
    target_shape: ShapeLike = (),
    keep_highest: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Change the shape of an array; its elements keep their order."""
def SVMOutput(
    data: Symbol | None = None,
    label: Symbol | None = None,
    margin: float = 1.0,
    regularization_coefficient: float = 1.0,
    use_linear: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the data, with the gradient of a support vector machine's loss, ignoring the incoming gradient."""
def SequenceLast(
    data: Symbol | None = None,
    sequence_length: Symbol | None = None,
    use_sequence_length: bool = False,
    axis: int = 0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Take the last step of each sequence."""
def SequenceMask(
    data: Symbol | None = None,
    sequence_length: Symbol | None = None,
    use_sequence_length: bool = False,
    value: float = 0.0,
    axis: int = 0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Replace the elements after the end of each sequence."""
def SequenceReverse(
    data: Symbol | None = None,
    sequence_length: Symbol | None = None,
    use_sequence_length: bool = False,
    axis: int = 0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Reverse each sequence; elements after its end stay in place."""
def SliceChannel(
    data: Symbol | None = None,
    num_outputs: int = ...,
    axis: int = 1,
    squeeze_axis: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Split an array into equal parts."""
def Softmax(
    data: Symbol | None = None,
    label: Symbol | None = None,
    grad_scale: float = 1.0,
    ignore_label: float = -1.0,
    multi_output: bool = False,
    use_ignore: bool = False,
    preserve_shape: bool = False,
    normalization: Literal["batch", "null", "valid"] = "null",
    out_grad: bool = False,
    smooth_alpha: float = 0.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return softmax, with the gradient of the cross-entropy to the label, by default ignoring the incoming gradient."""
def SoftmaxActivation(
    data: Symbol | None = None,
    mode: Literal["channel", "instance"] = "instance",
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return softmax over the last axis, or over the channels."""
SoftmaxOutput = Softmax
def SpatialTransformer(
    data: Symbol | None = None,
    loc: Symbol | None = None,
    target_shape: ShapeLike = (0, 0),
    transform_type: Literal["affine"] = ...,
    sampler_type: Literal["bilinear"] = ...,
    cudnn_off: bool | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Rotate, scale and shift images by affine maps: GridGenerator and BilinearSampler in one."""
def SwapAxis(
    data: Symbol | None = None,
    dim1: int = 0,
    dim2: int = 0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Exchange the axes `dim1` and `dim2`; negative numbers count from the end."""
def UpSampling(
    *data: Symbol,
    scale: int = ...,
    num_filter: int = 0,
    sample_type: Literal["nearest", "bilinear"] = ...,
    multi_input_mode: Literal["concat", "sum"] = "concat",
    num_args: int = ...,
    workspace: int = 512,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Enlarge images."""
def abs(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the absolute value, element-wise."""
def adam_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    mean: Symbol | None = None,
    var: Symbol | None = None,
    lr: float = ...,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-08,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    lazy_update: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the weight after a step of Adam without its correction, and store the new averages."""
add_n = ElementWiseSum
def all_finite(
    data: Symbol | None = None,
    init_output: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where all numbers are finite, else 0."""
def amp_cast(
    data: Symbol | None = None,
    dtype: DTypeLike = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Convert float32, float16 and bfloat16, for mixed precision; arrays of other types keep theirs."""
def amp_multicast(
    *data: Symbol,
    num_outputs: int = ...,
    cast_narrow: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Convert floating-point arrays to a common type."""
def arccos(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the angle in radians whose cosine it is, element-wise."""
def arccosh(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the inverse of cosh, of numbers of at least 1, element-wise."""
def arcsin(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the angle in radians whose sine it is, element-wise."""
def arcsinh(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the inverse of sinh, element-wise."""
def arctan(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the angle in radians whose tangent it is, element-wise."""
def arctanh(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the inverse of tanh, of numbers between -1 and 1, element-wise."""
def argmax(
    data: Symbol | None = None,
    axis: int | None = None,
    keepdims: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return where the largest element is, as an index of the type of `data`."""
def argmax_channel(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return where the largest element of each row is: `argmax` along axis 1."""
def argmin(
    data: Symbol | None = None,
    axis: int | None = None,
    keepdims: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return where the smallest element is, as an index of the type of `data`."""
def argsort(
    data: Symbol | None = None,
    axis: int | None = -1,
    is_ascend: bool = True,
    dtype: Literal["float16", "float32", "float64", "int32", "int64", "uint8"] = "float32",
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the indices that would put the elements in order."""
def batch_dot(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    transpose_a: bool = False,
    transpose_b: bool = False,
    forward_stype: Literal["csr", "default", "row_sparse"] | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Multiply many pairs of matrices at once."""
def batch_take(
    a: Symbol | None = None,
    indices: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Take one element of each row: ``a[i, indices[i]]``."""
def broadcast_add(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs + rhs."""
def broadcast_axes(
    data: Symbol | None = None,
    axis: ShapeLike = (),
    size: ShapeLike = (),
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Broadcast the named axes, which must have length 1."""
broadcast_axis = broadcast_axes
def broadcast_div(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs / rhs; integers drop the fraction and give 0 for a division by 0."""
def broadcast_equal(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where lhs = rhs, else 0."""
def broadcast_greater(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where lhs > rhs, else 0."""
def broadcast_greater_equal(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where lhs >= rhs, else 0."""
def broadcast_hypot(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the length of the hypotenuse for the legs lhs and rhs."""
def broadcast_lesser(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where lhs < rhs, else 0."""
def broadcast_lesser_equal(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where lhs <= rhs, else 0."""
def broadcast_like(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    lhs_axes: ShapeLike | None = None,
    rhs_axes: ShapeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Broadcast axes of length 1 of `lhs` to the lengths of `rhs`."""
def broadcast_logical_and(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where both are not 0, else 0."""
def broadcast_logical_or(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where one of them is not 0, else 0."""
def broadcast_logical_xor(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where exactly one of them is not 0, else 0."""
def broadcast_maximum(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the larger of lhs and rhs; on ties the gradient goes to lhs."""
def broadcast_minimum(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the smaller of lhs and rhs; on ties the gradient goes to lhs."""
def broadcast_minus(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs - rhs."""
def broadcast_mod(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the remainder of lhs / rhs, which has the sign of rhs and is 0 for the divisor 0."""
def broadcast_mul(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs * rhs."""
def broadcast_not_equal(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where lhs differs from rhs, else 0."""
broadcast_plus = broadcast_add
def broadcast_power(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs to the power of rhs; integers are raised as doubles and drop the fraction."""
broadcast_sub = broadcast_minus
def broadcast_to(
    data: Symbol | None = None,
    shape: ShapeLike = (),
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Broadcast axes of length 1 to a shape."""
cast = Cast
def cast_storage(
    data: Symbol | None = None,
    stype: Literal["csr", "default", "row_sparse"] = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return a copy in a form of storage."""
def cbrt(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the cube root, element-wise."""
def ceil(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the smallest integer that is not smaller, element-wise."""
def choose_element_0index(
    data: Symbol | None = None,
    index: Symbol | None = None,
    axis: int | None = -1,
    keepdims: bool = False,
    mode: Literal["clip", "wrap"] = "clip",
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Pick one element along an axis at each position of the others."""
def clip(
    data: Symbol | None = None,
    a_min: float = ...,
    a_max: float = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Limit each element to the range from `a_min` to `a_max`."""
def col2im(
    data: Symbol | None = None,
    output_size: ShapeLike = ...,
    kernel: ShapeLike = ...,
    stride: ShapeLike = (),
    dilate: ShapeLike = (),
    pad: ShapeLike = (),
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Add up the columns of matrices as the windows of images: what `im2col` does to a gradient."""
concat = Concat
def cos(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the cosine of an angle in radians, element-wise."""
def cosh(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the hyperbolic cosine, element-wise."""
def crop(
    data: Symbol | None = None,
    begin: IndicesLike = ...,
    end: IndicesLike = ...,
    step: IndicesLike = (),
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Cut a box out of an array, with the rules of Python's slices."""
ctc_loss = CTCLoss
def cumsum(
    a: Symbol | None = None,
    axis: int | None = None,
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Sum the elements up to each, along an axis."""
def degrees(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the angle in degrees of one in radians, element-wise."""
def depth_to_space(
    data: Symbol | None = None,
    block_size: int = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Rearrange channels into blocks of pixels: (N, C, H, W) becomes (N, C / b^2, H b, W b)."""
def diag(
    data: Symbol | None = None,
    k: int = 0,
    axis1: int = 0,
    axis2: int = 1,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Make a matrix with the given diagonal, or read the diagonal of a matrix."""
def dot(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    transpose_a: bool = False,
    transpose_b: bool = False,
    forward_stype: Literal["csr", "default", "row_sparse"] | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Multiply matrices: sum over the last axis of `lhs` and the first of `rhs`."""
def elemwise_add(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs + rhs."""
def elemwise_div(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs / rhs; integers drop the fraction and give 0 for a division by 0."""
def elemwise_mul(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs * rhs."""
def elemwise_sub(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs - rhs."""
def erf(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the error function, element-wise."""
def erfinv(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the inverse of erf, of numbers between -1 and 1, element-wise."""
def exp(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return e to the power of data, element-wise."""
def expand_dims(
    data: Symbol | None = None,
    axis: int = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Insert an axis of length 1."""
def expm1(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return exp(data) - 1, exact near 0, element-wise."""
def fill_element_0index(
    lhs: Symbol | None = None,
    mhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return a copy of a matrix with one element of each row replaced."""
def fix(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the nearest integer toward 0, element-wise."""
flatten = Flatten
def flip(
    data: Symbol | None = None,
    axis: ShapeLike = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Reverse the order of the elements along some axes."""
def floor(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the largest integer that is not larger, element-wise."""
def ftml_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    d: Symbol | None = None,
    v: Symbol | None = None,
    z: Symbol | None = None,
    lr: float = ...,
    beta1: float = 0.6,
    beta2: float = 0.999,
    epsilon: float = 1e-08,
    t: int = ...,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_grad: float = -1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the weight after a step of FTML (Zheng and Kwok), and store its new state."""
def ftrl_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    z: Symbol | None = None,
    n: Symbol | None = None,
    lr: float = ...,
    lamda1: float = 0.01,
    beta: float = 1.0,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the weight after a step of FTRL (McMahan et al.), and store its new state."""
def gamma(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the gamma function, element-wise."""
def gammaln(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return log(abs(gamma(data))), element-wise."""
def gather_nd(
    data: Symbol | None = None,
    indices: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Read the elements, or slices, at given coordinates."""
def hard_sigmoid(
    data: Symbol | None = None,
    alpha: float = 0.2,
    beta: float = 0.5,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return alpha * data + beta, limited to the range from 0 to 1."""
def identity(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return a copy."""
def im2col(
    data: Symbol | None = None,
    kernel: ShapeLike = ...,
    stride: ShapeLike = (),
    dilate: ShapeLike = (),
    pad: ShapeLike = (),
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Make the windows of images the columns of matrices."""
def khatri_rao(
    *args: Symbol,
    num_args: int = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Multiply matrices column by column: each column of the result is the Kronecker product of columns."""
def lamb_update_phase1(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    mean: Symbol | None = None,
    var: Symbol | None = None,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-06,
    t: int = ...,
    bias_correction: bool = True,
    wd: float = ...,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the direction of a step of LAMB, and store the new averages."""
def lamb_update_phase2(
    weight: Symbol | None = None,
    g: Symbol | None = None,
    r1: Symbol | None = None,
    r2: Symbol | None = None,
    lr: float = ...,
    lower_bound: float = -1.0,
    upper_bound: float = -1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the weight after a step of LAMB in a direction."""
def linalg_det(A: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Compute determinants."""
def linalg_extractdiag(
    A: Symbol | None = None,
    offset: int = 0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return diagonals."""
def linalg_extracttrian(
    A: Symbol | None = None,
    offset: int = 0,
    lower: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return triangles: lower ones row by row, upper ones column by column."""
def linalg_gelqf(A: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Factor matrices into a lower triangular one and one with orthonormal rows: A = L Q."""
def linalg_gemm(
    A: Symbol | None = None,
    B: Symbol | None = None,
    C: Symbol | None = None,
    transpose_a: bool = False,
    transpose_b: bool = False,
    alpha: float = 1.0,
    beta: float = 1.0,
    axis: int = -2,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Multiply pairs of matrices, and add others: alpha A B + beta C."""
def linalg_gemm2(
    A: Symbol | None = None,
    B: Symbol | None = None,
    transpose_a: bool = False,
    transpose_b: bool = False,
    alpha: float = 1.0,
    axis: int = -2,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Multiply pairs of matrices, and the result by a number."""
def linalg_inverse(A: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Invert matrices."""
def linalg_makediag(
    A: Symbol | None = None,
    offset: int = 0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Make matrices with the given diagonals, and zeros elsewhere."""
def linalg_maketrian(
    A: Symbol | None = None,
    offset: int = 0,
    lower: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Make matrices with the given triangles, and zeros elsewhere."""
def linalg_potrf(A: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Factor positive definite matrices: the lower triangular L with L L^T = A (Cholesky)."""
def linalg_potri(A: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Invert positive definite matrices, given their factors by `potrf`: the inverse of A A^T."""
def linalg_slogdet(A: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Compute the signs of determinants, and the logarithms of their absolute values."""
def linalg_sumlogdiag(
    A: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Add up the logarithms of diagonals."""
def linalg_syrk(
    A: Symbol | None = None,
    transpose: bool = False,
    alpha: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Multiply matrices with their transposes: alpha A A^T."""
def linalg_trmm(
    A: Symbol | None = None,
    B: Symbol | None = None,
    transpose: bool = False,
    rightside: bool = False,
    lower: bool = True,
    alpha: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Multiply triangular matrices with others: alpha A B."""
def linalg_trsm(
    A: Symbol | None = None,
    B: Symbol | None = None,
    transpose: bool = False,
    rightside: bool = False,
    lower: bool = True,
    alpha: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Solve triangular equations: X with A X = alpha B."""
def log(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the natural logarithm, element-wise."""
def log10(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the logarithm to base 10, element-wise."""
def log1p(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return log(1 + data), exact near 0, element-wise."""
def log2(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the logarithm to base 2, element-wise."""
def log_softmax(
    data: Symbol | None = None,
    axis: int = -1,
    temperature: float | None = None,
    dtype: DTypeLike | None = None,
    use_length: bool | None = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the logarithm of softmax, without computing softmax itself."""
def logical_not(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return 1 where data is 0, else 0, element-wise."""
def make_loss(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return a copy whose gradient is 1, ignoring the incoming gradient."""
def max(
    data: Symbol | None = None,
    axis: ShapeLike | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Find the largest element, along some axes or over everything."""
max_axis = max
def mean(
    data: Symbol | None = None,
    axis: ShapeLike | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Average the elements, along some axes or over everything."""
def min(
    data: Symbol | None = None,
    axis: ShapeLike | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Find the smallest element, along some axes or over everything."""
min_axis = min
def moments(
    data: Symbol | None = None,
    axes: ShapeLike | None = None,
    keepdims: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the mean and the variance (divided by the number of elements) along some axes."""
def mp_lamb_update_phase1(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    mean: Symbol | None = None,
    var: Symbol | None = None,
    weight32: Symbol | None = None,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-06,
    t: int = ...,
    bias_correction: bool = True,
    wd: float = ...,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the direction of a step of LAMB, float32, for a low-precision weight, and store the new averages."""
def mp_lamb_update_phase2(
    weight: Symbol | None = None,
    g: Symbol | None = None,
    r1: Symbol | None = None,
    r2: Symbol | None = None,
    weight32: Symbol | None = None,
    lr: float = ...,
    lower_bound: float = -1.0,
    upper_bound: float = -1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return a low-precision weight after a step of LAMB in a direction, which is made with its float32 copy."""
def mp_nag_mom_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    mom: Symbol | None = None,
    weight32: Symbol | None = None,
    lr: float = ...,
    momentum: float = 0.0,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return a low-precision weight after the step of `nag_mom_update`, which is made with its float32 copy."""
def mp_sgd_mom_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    mom: Symbol | None = None,
    weight32: Symbol | None = None,
    lr: float = ...,
    momentum: float = 0.0,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    lazy_update: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return a low-precision weight after the step of `sgd_mom_update`, which is made with its float32 copy."""
def mp_sgd_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    weight32: Symbol | None = None,
    lr: float = ...,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    lazy_update: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return a low-precision weight after the step of `sgd_update`, which is made with its float32 copy."""
def multi_all_finite(
    *data: Symbol,
    num_arrays: int = ...,
    init_output: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where all numbers of all arrays are finite, else 0."""
def multi_lars(
    lrs: Symbol | None = None,
    weights_sum_sq: Symbol | None = None,
    grads_sum_sq: Symbol | None = None,
    wds: Symbol | None = None,
    eta: float = ...,
    eps: float = ...,
    rescale_grad: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the learning rates of LARS, for several weights at once."""
def multi_mp_sgd_mom_update(
    *data: Symbol,
    lrs: FloatsLike = ...,
    wds: FloatsLike = ...,
    momentum: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return several low-precision weights after the step of `mp_sgd_mom_update`, and store momenta and copies."""
def multi_mp_sgd_update(
    *data: Symbol,
    lrs: FloatsLike = ...,
    wds: FloatsLike = ...,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return several low-precision weights after the step of `mp_sgd_update`, and store their new copies."""
def multi_sgd_mom_update(
    *data: Symbol,
    lrs: FloatsLike = ...,
    wds: FloatsLike = ...,
    momentum: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return several weights after the step of `sgd_mom_update`, and store the new momenta."""
def multi_sgd_update(
    *data: Symbol,
    lrs: FloatsLike = ...,
    wds: FloatsLike = ...,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return several weights after the step of `sgd_update`."""
def multi_sum_sq(
    *data: Symbol,
    num_arrays: int = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Sum the squares of each of several arrays."""
def nag_mom_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    mom: Symbol | None = None,
    lr: float = ...,
    momentum: float = 0.0,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the weight after a step with Nesterov momentum, and store the new momentum."""
def nanprod(
    data: Symbol | None = None,
    axis: ShapeLike | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Multiply the elements, treating NaN as 1, along some axes or over everything."""
def nansum(
    data: Symbol | None = None,
    axis: ShapeLike | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Sum the elements, treating NaN as 0, along some axes or over everything."""
def negative(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the number with the opposite sign, element-wise."""
def norm(
    data: Symbol | None = None,
    ord: int = 2,
    axis: ShapeLike | None = None,
    out_dtype: Literal["float16", "float32", "float64", "int32", "int64", "int8"] | None = None,
    keepdims: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the norm of vectors: the root of the sum of squares, or the sum of absolute values."""
def normal(
    loc: float = 0.0,
    scale: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from a normal (Gaussian) distribution."""
def one_hot(
    indices: Symbol | None = None,
    depth: int = ...,
    on_value: float = 1.0,
    off_value: float = 0.0,
    dtype: DTypeLike = "float32",
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Encode each index as a row that is "on" at that position."""
def ones_like(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Make an array of ones of the shape and type of `data`."""
pad = Pad
pick = choose_element_0index
def preloaded_multi_mp_sgd_mom_update(
    *data: Symbol,
    momentum: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return several low-precision weights after the step of `multi_mp_sgd_mom_update`, with rates that are arrays."""
def preloaded_multi_mp_sgd_update(
    *data: Symbol,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return several low-precision weights after the step of `multi_mp_sgd_update`, with rates that are arrays."""
def preloaded_multi_sgd_mom_update(
    *data: Symbol,
    momentum: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return several weights after the step of `multi_sgd_mom_update`, with rates that are arrays."""
def preloaded_multi_sgd_update(
    *data: Symbol,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return several weights after the step of `multi_sgd_update`, with rates that are arrays."""
def prod(
    data: Symbol | None = None,
    axis: ShapeLike | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Multiply the elements, along some axes or over everything."""
def radians(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the angle in radians of one in degrees, element-wise."""
def random_exponential(
    lam: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from an exponential distribution."""
def random_gamma(
    alpha: float = 1.0,
    beta: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from a gamma distribution."""
def random_generalized_negative_binomial(
    mu: float = 1.0,
    alpha: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw counts from a negative binomial distribution, given its mean and dispersion."""
def random_negative_binomial(
    k: int = 1,
    p: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers of failures before the k-th success."""
random_normal = normal
def random_pdf_dirichlet(
    sample: Symbol | None = None,
    alpha: Symbol | None = None,
    is_log: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the densities of Dirichlet distributions."""
def random_pdf_exponential(
    sample: Symbol | None = None,
    lam: Symbol | None = None,
    is_log: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the densities of exponential distributions."""
def random_pdf_gamma(
    sample: Symbol | None = None,
    alpha: Symbol | None = None,
    beta: Symbol | None = None,
    is_log: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the densities of gamma distributions."""
def random_pdf_generalized_negative_binomial(
    sample: Symbol | None = None,
    mu: Symbol | None = None,
    alpha: Symbol | None = None,
    is_log: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the densities of negative binomial distributions, given their means."""
def random_pdf_negative_binomial(
    sample: Symbol | None = None,
    k: Symbol | None = None,
    p: Symbol | None = None,
    is_log: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the densities of the numbers of failures before the k-th success."""
def random_pdf_normal(
    sample: Symbol | None = None,
    mu: Symbol | None = None,
    sigma: Symbol | None = None,
    is_log: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the densities of normal (Gaussian) distributions."""
def random_pdf_poisson(
    sample: Symbol | None = None,
    lam: Symbol | None = None,
    is_log: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the densities of Poisson distributions."""
def random_pdf_uniform(
    sample: Symbol | None = None,
    low: Symbol | None = None,
    high: Symbol | None = None,
    is_log: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the densities of uniform distributions over [low, high)."""
def random_poisson(
    lam: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw counts from a Poisson distribution."""
def random_randint(
    low: int,
    high: int,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: Literal["int32", "int64"] | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw integers, each equally likely."""
def random_uniform(
    low: float = 0.0,
    high: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from a uniform distribution over [low, high)."""
def ravel_multi_index(
    data: Symbol | None = None,
    shape: ShapeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the position of elements in an array's row-major order, given their coordinates."""
def rcbrt(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return 1 / cbrt(data), element-wise."""
def reciprocal(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return 1 / data, element-wise."""
def relu(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return max(data, 0), element-wise."""
def repeat(
    data: Symbol | None = None,
    repeats: int = ...,
    axis: int | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Repeat each element, or each slice along an axis."""
reshape = Reshape
def reshape_like(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    lhs_begin: int | None = None,
    lhs_end: int | None = None,
    rhs_begin: int | None = None,
    rhs_end: int | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Give `lhs` the shape of `rhs`, or some axes of `lhs` the lengths of some axes of `rhs`."""
reverse = flip
def rint(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the nearest integer, on ties the lower one, element-wise."""
def rmsprop_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    n: Symbol | None = None,
    lr: float = ...,
    gamma1: float = 0.95,
    epsilon: float = 1e-08,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    clip_weights: float = -1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the weight after a step of RMSProp, and store the new average."""
def rmspropalex_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    n: Symbol | None = None,
    g: Symbol | None = None,
    delta: Symbol | None = None,
    lr: float = ...,
    gamma1: float = 0.95,
    gamma2: float = 0.9,
    epsilon: float = 1e-08,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    clip_weights: float = -1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the weight after a step of the centered RMSProp of Graves, and store the new averages and step."""
def round(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the nearest integer, on ties the one away from 0, element-wise."""
def rsqrt(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return 1 / sqrt(data), element-wise."""
def sample_exponential(
    lam: Symbol | None = None,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from an exponential distribution, for each element of the parameters."""
def sample_gamma(
    alpha: Symbol | None = None,
    beta: Symbol | None = None,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from a gamma distribution, for each element of the parameters."""
def sample_generalized_negative_binomial(
    mu: Symbol | None = None,
    alpha: Symbol | None = None,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw counts from a negative binomial distribution, given its mean and dispersion, for each element of the parameters."""
def sample_multinomial(
    data: Symbol | None = None,
    shape: ShapeLike = (),
    get_prob: bool = False,
    dtype: DTypeLike = "int32",
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw indices of categories."""
def sample_negative_binomial(
    k: Symbol | None = None,
    p: Symbol | None = None,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers of failures before the k-th success, for each element of the parameters."""
def sample_normal(
    mu: Symbol | None = None,
    sigma: Symbol | None = None,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from a normal (Gaussian) distribution, for each element of the parameters."""
def sample_poisson(
    lam: Symbol | None = None,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw counts from a Poisson distribution, for each element of the parameters."""
def sample_uniform(
    low: Symbol | None = None,
    high: Symbol | None = None,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from a uniform distribution over [low, high), for each element of the parameters."""
def scatter_nd(
    data: Symbol | None = None,
    indices: Symbol | None = None,
    shape: ShapeLike = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Write elements, or slices, at given coordinates of an array of zeros."""
def sgd_mom_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    mom: Symbol | None = None,
    lr: float = ...,
    momentum: float = 0.0,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    lazy_update: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the weight after a step with momentum, and store the new momentum."""
def sgd_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    lr: float = ...,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    lazy_update: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the weight after a step of gradient descent: weight - lr * (clip(rescale_grad * grad) + wd * weight)."""
def shape_array(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the lengths of the axes."""
def shuffle(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Shuffle the slices along the first axis; each order is equally likely."""
def sigmoid(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return 1 / (1 + exp(-data)), element-wise."""
def sign(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return -1, 0 or 1, the sign, element-wise."""
def signsgd_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    lr: float = ...,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the weight after a step by the sign of the gradient: weight - lr * (sign(grad) + wd * weight)."""
def signum_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    mom: Symbol | None = None,
    lr: float = ...,
    momentum: float = 0.0,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    wd_lh: float = 0.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the weight after a step by the sign of the momentum, and store the new momentum."""
def sin(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the sine of an angle in radians, element-wise."""
def sinh(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the hyperbolic sine, element-wise."""
def size_array(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the number of elements."""
slice = crop
def slice_axis(
    data: Symbol | None = None,
    axis: int = ...,
    begin: int = ...,
    end: int | None = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Cut a range out of one axis."""
def slice_like(
    data: Symbol | None = None,
    shape_like: Symbol | None = None,
    axes: ShapeLike = (),
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Crop axes to their lengths in another array, from the start."""
def smooth_l1(
    data: Symbol | None = None,
    scalar: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return (scalar * data)^2 / 2 where abs(data) is below 1 / scalar^2, else abs(data) - 1 / (2 scalar^2)."""
def softmax(
    data: Symbol | None = None,
    length: Symbol | None = None,
    axis: int = -1,
    temperature: float | None = None,
    dtype: DTypeLike | None = None,
    use_length: bool | None = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return exp(x / temperature) divided by its sum along an axis."""
def softmax_cross_entropy(
    data: Symbol | None = None,
    label: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the sum over a batch of the cross-entropy between softmax and class numbers."""
def softmin(
    data: Symbol | None = None,
    axis: int = -1,
    temperature: float | None = None,
    dtype: DTypeLike | None = None,
    use_length: bool | None = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return softmax of the negated data."""
def softsign(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return data / (1 + abs(data)), element-wise."""
def sort(
    data: Symbol | None = None,
    axis: int | None = -1,
    is_ascend: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the elements in sorted order."""
def space_to_depth(
    data: Symbol | None = None,
    block_size: int = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Rearrange the pixels of each block into channels: the inverse of `depth_to_space`."""
split = SliceChannel
def sqrt(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the square root, element-wise."""
def square(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return data * data, element-wise."""
def squeeze(
    data: Symbol | None = None,
    axis: ShapeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Drop axes of length 1."""
def stack(
    *data: Symbol,
    axis: int = 0,
    num_args: int = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Join arrays of the same shape along a new axis."""
stop_gradient = BlockGrad
def sum(
    data: Symbol | None = None,
    axis: ShapeLike | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Sum the elements, along some axes or over everything."""
sum_axis = sum
swapaxes = SwapAxis
def take(
    a: Symbol | None = None,
    indices: Symbol | None = None,
    axis: int = 0,
    mode: Literal["clip", "raise", "wrap"] = "clip",
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Take slices of an array along one axis."""
def tan(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the tangent of an angle in radians, element-wise."""
def tanh(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the hyperbolic tangent, element-wise."""
def tile(
    data: Symbol | None = None,
    reps: ShapeLike = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Repeat the whole array along its axes."""
def topk(
    data: Symbol | None = None,
    axis: int | None = -1,
    k: int = 1,
    ret_typ: Literal["both", "indices", "mask", "value"] = "indices",
    is_ascend: bool = False,
    dtype: Literal["float16", "float32", "float64", "int32", "int64", "uint8"] = "float32",
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the `k` largest elements, in order."""
def transpose(
    data: Symbol | None = None,
    axes: ShapeLike = (),
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Permute the axes."""
def trunc(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the integer part, without the fraction, element-wise."""
uniform = random_uniform
def unravel_index(
    data: Symbol | None = None,
    shape: ShapeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the coordinates of elements, given their positions in an array's row-major order."""
def where(
    condition: Symbol | None = None,
    x: Symbol | None = None,
    y: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Take elements of `x` where the condition holds, and of `y` elsewhere."""
def zeros_like(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Make an array of zeros of the shape and type of `data`."""
