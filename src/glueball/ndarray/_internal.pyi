"""The functions of ndarray._internal.

Written by ``make stubs`` from the declarations in `glueball.ops`; not to be edited.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, overload

from ..core.annotations import ContextLike, DTypeLike, FloatsLike, IndicesLike, Scalar, ShapeLike, ShapesLike
from .ndarray import NDArray

def _CrossDeviceCopy(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return a copy, in graphs that MXNet has distributed over several contexts."""
def _Div(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return lhs / rhs; integers drop the fraction and give 0 for a division by 0."""
def _DivScalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return lhs / rhs; integers drop the fraction and give 0 for a division by 0, where rhs is the number `scalar` and lhs the array."""
def _Equal(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 where lhs = rhs, else 0."""
def _EqualScalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return 1 where lhs = rhs, else 0, where rhs is the number `scalar` and lhs the array."""
def _Greater(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 where lhs > rhs, else 0."""
def _GreaterEqualScalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return 1 where lhs >= rhs, else 0, where rhs is the number `scalar` and lhs the array."""
def _GreaterScalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return 1 where lhs > rhs, else 0, where rhs is the number `scalar` and lhs the array."""
def _Greater_Equal(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 where lhs >= rhs, else 0."""
def _Hypot(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the length of the hypotenuse for the legs lhs and rhs."""
def _HypotScalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the length of the hypotenuse for the legs lhs and rhs, where rhs is the number `scalar` and lhs the array."""
def _Lesser(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 where lhs < rhs, else 0."""
def _LesserEqualScalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return 1 where lhs <= rhs, else 0, where rhs is the number `scalar` and lhs the array."""
def _LesserScalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return 1 where lhs < rhs, else 0, where rhs is the number `scalar` and lhs the array."""
def _Lesser_Equal(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 where lhs <= rhs, else 0."""
def _LogicalAndScalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return 1 where both are not 0, else 0, where rhs is the number `scalar` and lhs the array."""
def _LogicalOrScalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return 1 where one of them is not 0, else 0, where rhs is the number `scalar` and lhs the array."""
def _LogicalXorScalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return 1 where exactly one of them is not 0, else 0, where rhs is the number `scalar` and lhs the array."""
def _Logical_And(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 where both are not 0, else 0."""
def _Logical_Or(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 where one of them is not 0, else 0."""
def _Logical_Xor(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 where exactly one of them is not 0, else 0."""
def _Maximum(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the larger of lhs and rhs; on ties the gradient goes to lhs."""
def _MaximumScalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the larger of lhs and rhs; on ties the gradient goes to lhs, where rhs is the number `scalar` and lhs the array."""
def _Minimum(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the smaller of lhs and rhs; on ties the gradient goes to lhs."""
def _MinimumScalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the smaller of lhs and rhs; on ties the gradient goes to lhs, where rhs is the number `scalar` and lhs the array."""
def _Minus(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return lhs - rhs."""
def _MinusScalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return lhs - rhs, where rhs is the number `scalar` and lhs the array."""
def _Mod(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the remainder of lhs / rhs, which has the sign of rhs and is 0 for the divisor 0."""
def _ModScalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the remainder of lhs / rhs, which has the sign of rhs and is 0 for the divisor 0, where rhs is the number `scalar` and lhs the array."""
def _Mul(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return lhs * rhs."""
def _MulScalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return lhs * rhs, where rhs is the number `scalar` and lhs the array."""
def _NotEqualScalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return 1 where lhs differs from rhs, else 0, where rhs is the number `scalar` and lhs the array."""
def _Not_Equal(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 where lhs differs from rhs, else 0."""
def _Plus(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return lhs + rhs."""
def _PlusScalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return lhs + rhs, where rhs is the number `scalar` and lhs the array."""
def _Power(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return lhs to the power of rhs; integers are raised as doubles and drop the fraction."""
def _PowerScalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return lhs to the power of rhs; integers are raised as doubles and drop the fraction, where rhs is the number `scalar` and lhs the array."""
def _RDivScalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return lhs / rhs; integers drop the fraction and give 0 for a division by 0, where lhs is the number `scalar` and rhs the array."""
def _RMinusScalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return lhs - rhs, where lhs is the number `scalar` and rhs the array."""
def _RModScalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the remainder of lhs / rhs, which has the sign of rhs and is 0 for the divisor 0, where lhs is the number `scalar` and rhs the array."""
def _RPowerScalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return lhs to the power of rhs; integers are raised as doubles and drop the fraction, where lhs is the number `scalar` and rhs the array."""
def _adamw_update(
    weight: NDArray,
    grad: NDArray,
    mean: NDArray,
    var: NDArray,
    rescale_grad: NDArray,
    lr: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-08,
    wd: float = 0.0,
    eta: float = ...,
    clip_gradient: float = -1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the weight after a step of AdamW, weight - eta * (lr * mean / (sqrt(var) + epsilon) + wd * weight)."""
_add = _Plus
def _arange(
    start: float,
    stop: float | None = None,
    step: float = 1.0,
    repeat: int = 1,
    infer_range: bool = False,
    ctx: ContextLike | None = "",
    dtype: DTypeLike = "float32",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Make an array of start, start + step, ... below `stop`, or above it for a negative step."""
def _contrib_AdaptiveAvgPooling2D(
    data: NDArray,
    output_size: ShapeLike = (),
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Divide images into a given number of parts, and take the mean of each."""
@overload
def _contrib_BatchNormWithReLU(
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
    """Normalize each channel as BatchNorm does, and set negative results to 0."""
@overload
def _contrib_BatchNormWithReLU(
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
    """Normalize each channel as BatchNorm does, and set negative results to 0."""
@overload
def _contrib_BatchNormWithReLU(
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
    """Normalize each channel as BatchNorm does, and set negative results to 0."""
def _contrib_BilinearResize2D(
    data: NDArray,
    like: NDArray | None = None,
    height: int = 1,
    width: int = 1,
    scale_height: float | None = None,
    scale_width: float | None = None,
    mode: Literal["like", "odd_scale", "size", "to_even_down", "to_even_up", "to_odd_down", "to_odd_up"] = "size",
    align_corners: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Resize images by bilinear interpolation."""
def _contrib_CTCLoss(
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
def _contrib_DeformableConvolution(
    data: NDArray,
    offset: NDArray,
    weight: NDArray,
    bias: NDArray | None = None,
    kernel: ShapeLike = ...,
    stride: ShapeLike = (),
    dilate: ShapeLike = (),
    pad: ShapeLike = (),
    num_filter: int = ...,
    num_group: int = 1,
    num_deformable_group: int = 1,
    workspace: int = 1024,
    no_bias: bool = False,
    layout: Literal["NCW", "NCHW", "NCDHW"] | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Convolve images, where each point of a filter reads at a position of its own, moved by an offset."""
def _contrib_DeformablePSROIPooling(
    data: NDArray,
    rois: NDArray,
    trans: NDArray | None = None,
    spatial_scale: float = ...,
    output_dim: int = ...,
    group_size: int = ...,
    pooled_size: int = ...,
    part_size: int = 0,
    sample_per_part: int = 1,
    trans_std: float = 0.0,
    no_trans: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Pool regions as PSROIPooling does, by samples, after shifting each part."""
def _contrib_ModulatedDeformableConvolution(
    data: NDArray,
    offset: NDArray,
    mask: NDArray,
    weight: NDArray,
    bias: NDArray | None = None,
    kernel: ShapeLike = ...,
    stride: ShapeLike = (),
    dilate: ShapeLike = (),
    pad: ShapeLike = (),
    num_filter: int = ...,
    num_group: int = 1,
    num_deformable_group: int = 1,
    workspace: int = 1024,
    no_bias: bool = False,
    im2col_step: int = 64,
    layout: Literal["NCW", "NCHW", "NCDHW"] | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Convolve images as DeformableConvolution does, where what each point reads is also multiplied by a number."""
def _contrib_MultiBoxDetection(
    cls_prob: NDArray,
    loc_pred: NDArray,
    anchor: NDArray,
    clip: bool = True,
    threshold: float = 0.01,
    background_id: int = 0,
    nms_threshold: float = 0.5,
    force_suppress: bool = False,
    variances: FloatsLike = (0.1, 0.1, 0.2, 0.2),
    nms_topk: int = -1,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Read the objects from what a network says of each anchor box, and drop those that overlap a better one."""
def _contrib_MultiBoxPrior(
    data: NDArray,
    sizes: FloatsLike = (1.0,),
    ratios: FloatsLike = (1.0,),
    clip: bool = False,
    steps: FloatsLike = (-1.0, -1.0),
    offsets: FloatsLike = (0.5, 0.5),
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Make the anchor boxes of a feature map: several around each of its points."""
def _contrib_MultiBoxTarget(
    anchor: NDArray,
    label: NDArray,
    cls_pred: NDArray,
    overlap_threshold: float = 0.5,
    ignore_label: float = -1.0,
    negative_mining_ratio: float = -1.0,
    negative_mining_thresh: float = 0.5,
    minimum_negative_samples: int = 0,
    variances: FloatsLike = (0.1, 0.1, 0.2, 0.2),
    out: Sequence[NDArray] | None = None,
    name: str | None = None,
) -> list[NDArray]:
    """Say what a network should predict for each anchor box: the class of an object, and the way to its box."""
@overload
def _contrib_MultiProposal(
    cls_prob: NDArray,
    bbox_pred: NDArray,
    im_info: NDArray,
    rpn_pre_nms_top_n: int = 6000,
    rpn_post_nms_top_n: int = 300,
    threshold: float = 0.7,
    rpn_min_size: int = 16,
    scales: FloatsLike = (4.0, 8.0, 16.0, 32.0),
    ratios: FloatsLike = (0.5, 1.0, 2.0),
    feature_stride: int = 16,
    output_score: Literal[False] = False,
    iou_loss: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Propose regions of images that may have an object, as Proposal does for one image."""
@overload
def _contrib_MultiProposal(
    cls_prob: NDArray,
    bbox_pred: NDArray,
    im_info: NDArray,
    rpn_pre_nms_top_n: int = 6000,
    rpn_post_nms_top_n: int = 300,
    threshold: float = 0.7,
    rpn_min_size: int = 16,
    scales: FloatsLike = (4.0, 8.0, 16.0, 32.0),
    ratios: FloatsLike = (0.5, 1.0, 2.0),
    feature_stride: int = 16,
    *,
    output_score: Literal[True],
    iou_loss: bool = False,
    out: Sequence[NDArray] | None = None,
    name: str | None = None,
) -> list[NDArray]:
    """Propose regions of images that may have an object, as Proposal does for one image."""
@overload
def _contrib_MultiProposal(
    cls_prob: NDArray,
    bbox_pred: NDArray,
    im_info: NDArray,
    rpn_pre_nms_top_n: int = 6000,
    rpn_post_nms_top_n: int = 300,
    threshold: float = 0.7,
    rpn_min_size: int = 16,
    scales: FloatsLike = (4.0, 8.0, 16.0, 32.0),
    ratios: FloatsLike = (0.5, 1.0, 2.0),
    feature_stride: int = 16,
    output_score: bool = False,
    iou_loss: bool = False,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Propose regions of images that may have an object, as Proposal does for one image."""
def _contrib_PSROIPooling(
    data: NDArray,
    rois: NDArray,
    spatial_scale: float,
    output_dim: int,
    pooled_size: int,
    group_size: int = 0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Divide rectangles of images into parts, and take the mean of each part over channels of its own."""
@overload
def _contrib_Proposal(
    cls_prob: NDArray,
    bbox_pred: NDArray,
    im_info: NDArray,
    rpn_pre_nms_top_n: int = 6000,
    rpn_post_nms_top_n: int = 300,
    threshold: float = 0.7,
    rpn_min_size: int = 16,
    scales: FloatsLike = (4.0, 8.0, 16.0, 32.0),
    ratios: FloatsLike = (0.5, 1.0, 2.0),
    feature_stride: int = 16,
    output_score: Literal[False] = False,
    iou_loss: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Propose regions of one image that may have an object; MultiProposal takes several images."""
@overload
def _contrib_Proposal(
    cls_prob: NDArray,
    bbox_pred: NDArray,
    im_info: NDArray,
    rpn_pre_nms_top_n: int = 6000,
    rpn_post_nms_top_n: int = 300,
    threshold: float = 0.7,
    rpn_min_size: int = 16,
    scales: FloatsLike = (4.0, 8.0, 16.0, 32.0),
    ratios: FloatsLike = (0.5, 1.0, 2.0),
    feature_stride: int = 16,
    *,
    output_score: Literal[True],
    iou_loss: bool = False,
    out: Sequence[NDArray] | None = None,
    name: str | None = None,
) -> list[NDArray]:
    """Propose regions of one image that may have an object; MultiProposal takes several images."""
@overload
def _contrib_Proposal(
    cls_prob: NDArray,
    bbox_pred: NDArray,
    im_info: NDArray,
    rpn_pre_nms_top_n: int = 6000,
    rpn_post_nms_top_n: int = 300,
    threshold: float = 0.7,
    rpn_min_size: int = 16,
    scales: FloatsLike = (4.0, 8.0, 16.0, 32.0),
    ratios: FloatsLike = (0.5, 1.0, 2.0),
    feature_stride: int = 16,
    output_score: bool = False,
    iou_loss: bool = False,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Propose regions of one image that may have an object; MultiProposal takes several images."""
def _contrib_ROIAlign(
    data: NDArray,
    rois: NDArray,
    pooled_size: ShapeLike,
    spatial_scale: float,
    sample_ratio: int = -1,
    position_sensitive: bool = False,
    aligned: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Divide rectangles of images into a given number of parts, and take the mean of samples in each."""
def _contrib_RROIAlign(
    data: NDArray,
    rois: NDArray,
    pooled_size: ShapeLike,
    spatial_scale: float,
    sampling_ratio: int = -1,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Divide turned rectangles of images into a given number of parts, and take the mean of samples in each."""
def _contrib_SparseEmbedding(
    data: NDArray,
    weight: NDArray,
    input_dim: int,
    output_dim: int,
    dtype: DTypeLike = "float32",
    sparse_grad: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Look up rows of a matrix by index, as `glueball.nd.Embedding` does."""
@overload
def _contrib_SyncBatchNorm(
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
    ndev: int = 1,
    key: str = ...,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Normalize each channel as BatchNorm does, in training over the batches of several devices."""
@overload
def _contrib_SyncBatchNorm(
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
    ndev: int = 1,
    key: str = ...,
    out: Sequence[NDArray] | None = None,
    name: str | None = None,
) -> list[NDArray]:
    """Normalize each channel as BatchNorm does, in training over the batches of several devices."""
@overload
def _contrib_SyncBatchNorm(
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
    ndev: int = 1,
    key: str = ...,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Normalize each channel as BatchNorm does, in training over the batches of several devices."""
def _contrib_allclose(
    a: NDArray,
    b: NDArray,
    rtol: float = 1e-05,
    atol: float = 1e-08,
    equal_nan: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return 1 where all elements of two arrays are close, abs(a - b) <= atol + rtol abs(b), else 0."""
def _contrib_arange_like(
    data: NDArray,
    start: float = 0.0,
    step: float = 1.0,
    repeat: int = 1,
    ctx: ContextLike | None = "",
    axis: int | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return evenly spaced numbers, as many as an array has elements or one of its axes is long."""
def _contrib_bipartite_matching(
    data: NDArray,
    is_ascend: bool = False,
    threshold: float = ...,
    topk: int = -1,
    out: Sequence[NDArray] | None = None,
    name: str | None = None,
) -> list[NDArray]:
    """Pair rows and columns greedily: the pair of the best score, then the best of the rows and columns left."""
def _contrib_boolean_mask(
    data: NDArray,
    index: NDArray,
    axis: int = 0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the slices of an array for which a mask is not zero."""
def _contrib_box_decode(
    data: NDArray,
    anchors: NDArray,
    std0: float = 1.0,
    std1: float = 1.0,
    std2: float = 1.0,
    std3: float = 1.0,
    clip: float = -1.0,
    format: Literal["center", "corner"] = "center",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Go from each anchor box the way that `box_encode` says."""
def _contrib_box_encode(
    samples: NDArray,
    matches: NDArray,
    anchors: NDArray,
    refs: NDArray,
    means: NDArray,
    stds: NDArray,
    out: Sequence[NDArray] | None = None,
    name: str | None = None,
) -> list[NDArray]:
    """Say how to get from each anchor box to the box of its object."""
def _contrib_box_iou(
    lhs: NDArray,
    rhs: NDArray,
    format: Literal["center", "corner"] = "corner",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the intersection over union (IoU) of each box of one array with each box of another."""
def _contrib_box_nms(
    data: NDArray,
    overlap_thresh: float = 0.5,
    valid_thresh: float = 0.0,
    topk: int = -1,
    coord_start: int = 2,
    score_index: int = 1,
    id_index: int = -1,
    background_id: int = -1,
    force_suppress: bool = False,
    in_format: Literal["center", "corner"] = "corner",
    out_format: Literal["center", "corner"] = "corner",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Apply non-maximum suppression: keep the boxes with the highest scores, and one of those that overlap."""
_contrib_box_non_maximum_suppression = _contrib_box_nms
def _contrib_count_sketch(
    data: NDArray,
    h: NDArray,
    s: NDArray,
    out_dim: int,
    processing_batch_size: int = 32,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Project vectors to a shorter length: each number is added, times its sign, to one number of the result."""
_contrib_ctc_loss = _contrib_CTCLoss
def _contrib_div_sqrt_dim(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Divide by the square root of the length of the last axis, as attention does."""
def _contrib_fft(
    data: NDArray,
    compute_size: int = 128,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Transform rows of real numbers: X_k is the sum of x_n exp(-2 pi i k n / d)."""
def _contrib_getnnz(
    data: NDArray,
    axis: int | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Count the elements that are not 0."""
def _contrib_gradientmultiplier(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the data unchanged, and multiply its gradient by a number; a negative one reverses it."""
def _contrib_group_adagrad_update(
    weight: NDArray,
    grad: NDArray,
    history: NDArray,
    lr: float,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    epsilon: float = 1e-05,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the weight after a step of AdaGrad with one rate for each row, and store the new history."""
def _contrib_hawkesll(
    lda: NDArray,
    alpha: NDArray,
    beta: NDArray,
    state: NDArray,
    lags: NDArray,
    marks: NDArray,
    valid_length: NDArray,
    max_time: NDArray,
    out: Sequence[NDArray] | None = None,
    name: str | None = None,
) -> list[NDArray]:
    """Return the logarithm of the likelihood of sequences of events, each of one of K kinds."""
def _contrib_ifft(
    data: NDArray,
    compute_size: int = 128,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Transform rows of complex numbers back: x_n is the sum of X_k exp(2 pi i k n / d), not divided by d."""
def _contrib_index_array(
    data: NDArray,
    axes: ShapeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the indices of each element."""
def _contrib_index_copy(
    old_tensor: NDArray,
    index_vector: NDArray,
    new_tensor: NDArray,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return a copy of an array with some of its slices replaced."""
def _contrib_interleaved_matmul_encdec_qk(
    queries: NDArray,
    keys_values: NDArray,
    heads: int,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the products of queries and keys, divided by the square root of the channels of a head."""
def _contrib_interleaved_matmul_encdec_valatt(
    keys_values: NDArray,
    attention: NDArray,
    heads: int,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the sums of values, weighted with attention."""
def _contrib_interleaved_matmul_selfatt_qk(
    queries_keys_values: NDArray,
    heads: int,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the products of queries and keys, divided by the square root of the channels of a head."""
def _contrib_interleaved_matmul_selfatt_valatt(
    queries_keys_values: NDArray,
    attention: NDArray,
    heads: int,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the sums of values, weighted with attention."""
def _contrib_mrcnn_mask_target(
    rois: NDArray,
    gt_masks: NDArray,
    matches: NDArray,
    cls_targets: NDArray,
    num_rois: int,
    num_classes: int,
    mask_size: ShapeLike,
    sample_ratio: int = 2,
    aligned: bool = False,
    out: Sequence[NDArray] | None = None,
    name: str | None = None,
) -> list[NDArray]:
    """Say which mask Mask R-CNN should predict for each region: the part of its object's mask that is inside."""
def _contrib_quadratic(
    data: NDArray,
    a: float = 0.0,
    b: float = 0.0,
    c: float = 0.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return a data^2 + b data + c."""
def _contrib_round_ste(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the nearest integers, with the gradient of the data itself."""
def _contrib_sign_ste(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return -1, 0 or 1, the sign of each number, with the gradient of the data itself."""
def _copy(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return a copy."""
def _copyto(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return a copy; `NDArray.copyto` also converts, and copies to another context."""
def _crop_assign(
    lhs: NDArray,
    rhs: NDArray,
    begin: IndicesLike,
    end: IndicesLike,
    step: IndicesLike = (),
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return `lhs` with `rhs` written into the box that `slice` would cut out."""
def _crop_assign_scalar(
    data: NDArray,
    scalar: float = 0.0,
    begin: IndicesLike = ...,
    end: IndicesLike = ...,
    step: IndicesLike = (),
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return `data` with one number written everywhere in the box that `slice` would cut out."""
def _cvcopyMakeBorder(
    src: NDArray,
    top: int,
    bot: int,
    left: int,
    right: int,
    type: int = 0,
    value: float = 0.0,
    values: FloatsLike = (),
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Put a border around an image."""
def _cvimdecode(
    buf: NDArray,
    flag: int = 1,
    to_rgb: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Decode a picture with OpenCV, as `mx.image.imdecode` does."""
def _cvimread(
    filename: str,
    flag: int = 1,
    to_rgb: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Read a picture from a file with OpenCV, as `mx.image.imread` does."""
def _cvimresize(
    src: NDArray,
    w: int,
    h: int,
    interp: int = 1,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Resize an image, with channels last, as `mx.image.imresize` does."""
_div = _Div
_div_scalar = _DivScalar
_equal = _Equal
_equal_scalar = _EqualScalar
def _eye(
    N: int,
    M: int = 0,
    k: int = 0,
    ctx: ContextLike | None = "",
    dtype: DTypeLike = "float32",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Make a matrix with ones on one diagonal and zeros elsewhere."""
def _full(
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike = "float32",
    value: float = ...,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Make an array in which each element is `value`."""
def _grad_add(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return lhs + rhs, where gradients of several uses of an array are added up."""
_greater = _Greater
_greater_equal = _Greater_Equal
_greater_equal_scalar = _GreaterEqualScalar
_greater_scalar = _GreaterScalar
def _histogram(
    data: NDArray,
    bins: NDArray | None = None,
    bin_cnt: int | None = None,
    range: FloatsLike | None = None,
    out: Sequence[NDArray] | None = None,
    name: str | None = None,
) -> list[NDArray]:
    """Count the elements in each of several ranges that follow one another."""
_hypot = _Hypot
_hypot_scalar = _HypotScalar
def _identity_with_attr_like_rhs(
    lhs: NDArray,
    rhs: NDArray,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return `lhs`; in inference its shape and type are those of `rhs`."""
def _image_adjust_lighting(
    data: NDArray,
    alpha: FloatsLike,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Shift the colors of an image along the axes on which those of natural images vary."""
def _image_crop(
    data: NDArray,
    x: int,
    y: int,
    width: int,
    height: int,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Cut a rectangle out of an image."""
def _image_flip_left_right(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Exchange left and right of an image."""
def _image_flip_top_bottom(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Exchange top and bottom of an image."""
def _image_normalize(
    data: NDArray,
    mean: FloatsLike = (0.0, 0.0, 0.0, 0.0),
    std: FloatsLike = (1.0, 1.0, 1.0, 1.0),
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Subtract a mean from each channel and divide by a standard deviation."""
def _image_random_brightness(
    data: NDArray,
    min_factor: float,
    max_factor: float,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Multiply an image by a random factor."""
def _image_random_color_jitter(
    data: NDArray,
    brightness: float,
    contrast: float,
    saturation: float,
    hue: float,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Change brightness, contrast, saturation and hue of an image by random amounts, in random order."""
def _image_random_contrast(
    data: NDArray,
    min_factor: float,
    max_factor: float,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Mix an image with its mean gray: it keeps a random factor of its contrast."""
def _image_random_flip_left_right(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Exchange left and right of an image, with probability 1/2."""
def _image_random_flip_top_bottom(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Exchange top and bottom of an image, with probability 1/2."""
def _image_random_hue(
    data: NDArray,
    min_factor: float,
    max_factor: float,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Turn the hue of an image by a random part of the color circle."""
def _image_random_lighting(
    data: NDArray,
    alpha_std: float = 0.05,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Shift the colors of an image by random amounts along the axes of `adjust_lighting`."""
def _image_random_saturation(
    data: NDArray,
    min_factor: float,
    max_factor: float,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Mix an image with gray: it keeps a random factor of its colors."""
def _image_resize(
    data: NDArray,
    size: ShapeLike = (),
    keep_ratio: bool = False,
    interp: int = 1,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Resize an image, with channels last."""
def _image_to_tensor(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Convert images with channels last to float32 arrays with channels first, divided by 255."""
_lesser = _Lesser
_lesser_equal = _Lesser_Equal
_lesser_equal_scalar = _LesserEqualScalar
_lesser_scalar = _LesserScalar
def _linalg_det(A: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Compute determinants."""
def _linalg_extractdiag(A: NDArray, offset: int = 0, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return diagonals."""
def _linalg_extracttrian(
    A: NDArray,
    offset: int = 0,
    lower: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return triangles: lower ones row by row, upper ones column by column."""
def _linalg_gelqf(A: NDArray, out: Sequence[NDArray] | None = None, name: str | None = None) -> list[NDArray]:
    """Factor matrices into a lower triangular one and one with orthonormal rows: A = L Q."""
def _linalg_gemm(
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
def _linalg_gemm2(
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
def _linalg_inverse(A: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Invert matrices."""
def _linalg_makediag(A: NDArray, offset: int = 0, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Make matrices with the given diagonals, and zeros elsewhere."""
def _linalg_maketrian(
    A: NDArray,
    offset: int = 0,
    lower: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Make matrices with the given triangles, and zeros elsewhere."""
def _linalg_potrf(A: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Factor positive definite matrices: the lower triangular L with L L^T = A (Cholesky)."""
def _linalg_potri(A: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Invert positive definite matrices, given their factors by `potrf`: the inverse of A A^T."""
def _linalg_slogdet(A: NDArray, out: Sequence[NDArray] | None = None, name: str | None = None) -> list[NDArray]:
    """Compute the signs of determinants, and the logarithms of their absolute values."""
def _linalg_sumlogdiag(A: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Add up the logarithms of diagonals."""
def _linalg_syevd(A: NDArray, out: Sequence[NDArray] | None = None, name: str | None = None) -> list[NDArray]:
    """Find the eigenvectors and eigenvalues of symmetric matrices: U A = diag(L) U."""
def _linalg_syrk(
    A: NDArray,
    transpose: bool = False,
    alpha: float = 1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Multiply matrices with their transposes: alpha A A^T."""
def _linalg_trmm(
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
def _linalg_trsm(
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
def _linspace(
    start: float,
    stop: float | None = None,
    num: int = ...,
    endpoint: bool = True,
    ctx: ContextLike | None = "",
    dtype: DTypeLike = "float32",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Make an array of evenly spaced numbers."""
_logical_and = _Logical_And
_logical_and_scalar = _LogicalAndScalar
_logical_or = _Logical_Or
_logical_or_scalar = _LogicalOrScalar
_logical_xor = _Logical_Xor
_logical_xor_scalar = _LogicalXorScalar
_maximum = _Maximum
_maximum_scalar = _MaximumScalar
_minimum = _Minimum
_minimum_scalar = _MinimumScalar
_minus = _Minus
_minus_scalar = _MinusScalar
_mod = _Mod
_mod_scalar = _ModScalar
def _mp_adamw_update(
    weight: NDArray,
    grad: NDArray,
    mean: NDArray,
    var: NDArray,
    weight32: NDArray,
    rescale_grad: NDArray,
    lr: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-08,
    wd: float = 0.0,
    eta: float = ...,
    clip_gradient: float = -1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return a low-precision weight after the step of `adamw_update`, which is made with its float32 copy."""
_mul = _Mul
_mul_scalar = _MulScalar
def _multi_adamw_update(
    *data: NDArray,
    lrs: FloatsLike = ...,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-08,
    wds: FloatsLike = ...,
    etas: FloatsLike = ...,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Return several weights after the step of `adamw_update`, and store the new averages."""
def _multi_lamb_update(
    *data: NDArray,
    learning_rates: FloatsLike = ...,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-06,
    wds: FloatsLike = ...,
    rescale_grad: float = 1.0,
    lower_bound: float = -1.0,
    upper_bound: float = -1.0,
    clip_gradient: float = -1.0,
    bias_correction: bool = True,
    step_count: ShapeLike = ...,
    num_tensors: int = 1,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Return several weights after a step of LAMB, and store the new averages."""
def _multi_mp_adamw_update(
    *data: NDArray,
    lrs: FloatsLike = ...,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-08,
    wds: FloatsLike = ...,
    etas: FloatsLike = ...,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Return several low-precision weights after the step of `mp_adamw_update`, and store averages and copies."""
def _multi_mp_lamb_update(
    *data: NDArray,
    learning_rates: FloatsLike = ...,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-06,
    wds: FloatsLike = ...,
    rescale_grad: float = 1.0,
    lower_bound: float = -1.0,
    upper_bound: float = -1.0,
    clip_gradient: float = -1.0,
    bias_correction: bool = True,
    step_count: ShapeLike = ...,
    num_tensors: int = 1,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Return several low-precision weights after a step of LAMB, and store averages and copies."""
_not_equal = _Not_Equal
_not_equal_scalar = _NotEqualScalar
def _onehot_encode(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Encode each index as a row that is 1 at that position; `nd.onehot_encode` writes the rows into an array."""
def _ones(
    shape: ShapeLike = (),
    ctx: ContextLike | None = "",
    dtype: DTypeLike = "float32",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Make an array of ones."""
_plus = _Plus
_plus_scalar = _PlusScalar
_power = _Power
_power_scalar = _PowerScalar
def _random_exponential(
    lam: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from an exponential distribution."""
def _random_exponential_like(
    data: NDArray,
    lam: float = 1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from an exponential distribution, in the shape and type of an array."""
def _random_gamma(
    alpha: float = 1.0,
    beta: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a gamma distribution."""
def _random_gamma_like(
    data: NDArray,
    alpha: float = 1.0,
    beta: float = 1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a gamma distribution, in the shape and type of an array."""
def _random_generalized_negative_binomial(
    mu: float = 1.0,
    alpha: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw counts from a negative binomial distribution, given its mean and dispersion."""
def _random_generalized_negative_binomial_like(
    data: NDArray,
    mu: float = 1.0,
    alpha: float = 1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw counts from a negative binomial distribution, given its mean and dispersion, in the shape and type of an array."""
def _random_negative_binomial(
    k: int = 1,
    p: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers of failures before the k-th success."""
def _random_negative_binomial_like(
    data: NDArray,
    k: int = 1,
    p: float = 1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers of failures before the k-th success, in the shape and type of an array."""
def _random_normal(
    loc: float = 0.0,
    scale: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a normal (Gaussian) distribution."""
def _random_normal_like(
    data: NDArray,
    loc: float = 0.0,
    scale: float = 1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a normal (Gaussian) distribution, in the shape and type of an array."""
def _random_pdf_dirichlet(
    sample: NDArray,
    alpha: NDArray,
    is_log: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the densities of Dirichlet distributions."""
def _random_pdf_exponential(
    sample: NDArray,
    lam: NDArray,
    is_log: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the densities of exponential distributions."""
def _random_pdf_gamma(
    sample: NDArray,
    alpha: NDArray,
    beta: NDArray,
    is_log: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the densities of gamma distributions."""
def _random_pdf_generalized_negative_binomial(
    sample: NDArray,
    mu: NDArray,
    alpha: NDArray,
    is_log: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the densities of negative binomial distributions, given their means."""
def _random_pdf_negative_binomial(
    sample: NDArray,
    k: NDArray,
    p: NDArray,
    is_log: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the densities of the numbers of failures before the k-th success."""
def _random_pdf_normal(
    sample: NDArray,
    mu: NDArray,
    sigma: NDArray,
    is_log: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the densities of normal (Gaussian) distributions."""
def _random_pdf_poisson(
    sample: NDArray,
    lam: NDArray,
    is_log: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the densities of Poisson distributions."""
def _random_pdf_uniform(
    sample: NDArray,
    low: NDArray,
    high: NDArray,
    is_log: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the densities of uniform distributions over [low, high)."""
def _random_poisson(
    lam: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw counts from a Poisson distribution."""
def _random_poisson_like(
    data: NDArray,
    lam: float = 1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw counts from a Poisson distribution, in the shape and type of an array."""
def _random_randint(
    low: int,
    high: int,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: Literal["int32", "int64"] | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw integers, each equally likely."""
def _random_uniform(
    low: float = 0.0,
    high: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a uniform distribution over [low, high)."""
def _random_uniform_like(
    data: NDArray,
    low: float = 0.0,
    high: float = 1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a uniform distribution over [low, high), in the shape and type of an array."""
def _ravel_multi_index(
    data: NDArray,
    shape: ShapeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the position of elements in an array's row-major order, given their coordinates."""
_rdiv_scalar = _RDivScalar
_rminus_scalar = _RMinusScalar
_rmod_scalar = _RModScalar
def _rnn_param_concat(
    *data: NDArray,
    num_args: int = ...,
    dim: int = 1,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Join arrays along an existing axis, as Concat does: the parameters of recurrent layers."""
_rpower_scalar = _RPowerScalar
def _sample_exponential(
    lam: NDArray,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from an exponential distribution, for each element of the parameters."""
def _sample_gamma(
    alpha: NDArray,
    beta: NDArray,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a gamma distribution, for each element of the parameters."""
def _sample_generalized_negative_binomial(
    mu: NDArray,
    alpha: NDArray,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw counts from a negative binomial distribution, given its mean and dispersion, for each element of the parameters."""
@overload
def _sample_multinomial(
    data: NDArray,
    shape: ShapeLike = (),
    get_prob: Literal[False] = False,
    dtype: DTypeLike = "int32",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw indices of categories."""
@overload
def _sample_multinomial(
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
def _sample_multinomial(
    data: NDArray,
    shape: ShapeLike = (),
    get_prob: bool = False,
    dtype: DTypeLike = "int32",
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Draw indices of categories."""
def _sample_negative_binomial(
    k: NDArray,
    p: NDArray,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers of failures before the k-th success, for each element of the parameters."""
def _sample_normal(
    mu: NDArray,
    sigma: NDArray,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a normal (Gaussian) distribution, for each element of the parameters."""
def _sample_poisson(
    lam: NDArray,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw counts from a Poisson distribution, for each element of the parameters."""
def _sample_uniform(
    low: NDArray,
    high: NDArray,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a uniform distribution over [low, high), for each element of the parameters."""
def _sample_unique_zipfian(
    range_max: int,
    shape: ShapeLike | None = None,
    out: Sequence[NDArray] | None = None,
    name: str | None = None,
) -> list[NDArray]:
    """Draw rows of different integers from a log-uniform distribution."""
def _scatter_elemwise_div(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return lhs / rhs, computed only where a row_sparse `lhs` stores elements."""
def _scatter_minus_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return data - scalar; of a sparse array only where elements are stored."""
def _scatter_plus_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return data + scalar; of a sparse array only where elements are stored."""
def _scatter_set_nd(
    lhs: NDArray,
    rhs: NDArray,
    indices: NDArray,
    shape: ShapeLike,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return a copy of an array with elements, or slices, replaced at given coordinates."""
def _shuffle(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Shuffle the slices along the first axis; each order is equally likely."""
_slice_assign = _crop_assign
_slice_assign_scalar = _crop_assign_scalar
def _sparse_ElementWiseSum(
    *args: NDArray,
    num_args: int = ...,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Add arrays of the same shape."""
def _sparse_Embedding(
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
def _sparse_FullyConnected(
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
def _sparse_LinearRegressionOutput(
    data: NDArray,
    label: NDArray,
    grad_scale: float = 1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the data, with the gradient of half the squared error, ignoring the incoming gradient."""
def _sparse_LogisticRegressionOutput(
    data: NDArray,
    label: NDArray,
    grad_scale: float = 1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the logistic function of the data, with the gradient of the cross-entropy to the label, ignoring the incoming gradient."""
def _sparse_MAERegressionOutput(
    data: NDArray,
    label: NDArray,
    grad_scale: float = 1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the data, with the gradient of the absolute error, ignoring the incoming gradient."""
_sparse__contrib_round_ste = _contrib_round_ste
_sparse__contrib_sign_ste = _contrib_sign_ste
def _sparse_abs(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the absolute value, element-wise."""
def _sparse_adagrad_update(
    weight: NDArray,
    grad: NDArray,
    history: NDArray,
    lr: float,
    epsilon: float = 1e-07,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the weight after a step of AdaGrad, and store the new history; of a row_sparse gradient only its rows."""
def _sparse_adam_update(
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
_sparse_add_n = _sparse_ElementWiseSum
def _sparse_arccos(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the angle in radians whose cosine it is, element-wise."""
def _sparse_arccosh(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the inverse of cosh, of numbers of at least 1, element-wise."""
def _sparse_arcsin(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the angle in radians whose sine it is, element-wise."""
def _sparse_arcsinh(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the inverse of sinh, element-wise."""
def _sparse_arctan(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the angle in radians whose tangent it is, element-wise."""
def _sparse_arctanh(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the inverse of tanh, of numbers between -1 and 1, element-wise."""
def _sparse_broadcast_add(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return lhs + rhs."""
def _sparse_broadcast_div(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return lhs / rhs; integers drop the fraction and give 0 for a division by 0."""
def _sparse_broadcast_minus(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return lhs - rhs."""
def _sparse_broadcast_mul(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return lhs * rhs."""
_sparse_broadcast_plus = _sparse_broadcast_add
_sparse_broadcast_sub = _sparse_broadcast_minus
def _sparse_cast_storage(
    data: NDArray,
    stype: Literal["csr", "default", "row_sparse"],
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return a copy in a form of storage."""
def _sparse_cbrt(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the cube root, element-wise."""
def _sparse_ceil(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the smallest integer that is not smaller, element-wise."""
def _sparse_clip(
    data: NDArray,
    a_min: float,
    a_max: float,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Limit each element to the range from `a_min` to `a_max`."""
def _sparse_concat(
    *data: NDArray,
    num_args: int = ...,
    dim: int = 1,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Join arrays along an existing axis."""
def _sparse_cos(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the cosine of an angle in radians, element-wise."""
def _sparse_cosh(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the hyperbolic cosine, element-wise."""
def _sparse_degrees(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the angle in degrees of one in radians, element-wise."""
def _sparse_dot(
    lhs: NDArray,
    rhs: NDArray,
    transpose_a: bool = False,
    transpose_b: bool = False,
    forward_stype: Literal["csr", "default", "row_sparse"] | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Multiply matrices: sum over the last axis of `lhs` and the first of `rhs`."""
_sparse_elemwise_add = _Plus
_sparse_elemwise_div = _Div
_sparse_elemwise_mul = _Mul
_sparse_elemwise_sub = _Minus
def _sparse_exp(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return e to the power of data, element-wise."""
def _sparse_expm1(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return exp(data) - 1, exact near 0, element-wise."""
def _sparse_fix(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the nearest integer toward 0, element-wise."""
def _sparse_floor(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the largest integer that is not larger, element-wise."""
def _sparse_ftrl_update(
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
def _sparse_gamma(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the gamma function, element-wise."""
def _sparse_gammaln(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return log(abs(gamma(data))), element-wise."""
def _sparse_log(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the natural logarithm, element-wise."""
def _sparse_log10(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the logarithm to base 10, element-wise."""
def _sparse_log1p(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return log(1 + data), exact near 0, element-wise."""
def _sparse_log2(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the logarithm to base 2, element-wise."""
def _sparse_make_loss(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return a copy whose gradient is 1, ignoring the incoming gradient."""
def _sparse_mean(
    data: NDArray,
    axis: ShapeLike | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Average the elements, along some axes or over everything."""
def _sparse_negative(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the number with the opposite sign, element-wise."""
def _sparse_norm(
    data: NDArray,
    ord: int = 2,
    axis: ShapeLike | None = None,
    out_dtype: Literal["float16", "float32", "float64", "int32", "int64", "int8"] | None = None,
    keepdims: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the norm of vectors: the root of the sum of squares, or the sum of absolute values."""
def _sparse_radians(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the angle in radians of one in degrees, element-wise."""
def _sparse_relu(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return max(data, 0), element-wise."""
def _sparse_retain(data: NDArray, indices: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Keep some slices along the first axis; the others are zeros."""
def _sparse_rint(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the nearest integer, on ties the lower one, element-wise."""
def _sparse_round(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the nearest integer, on ties the one away from 0, element-wise."""
def _sparse_rsqrt(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 / sqrt(data), element-wise."""
def _sparse_sgd_mom_update(
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
def _sparse_sgd_update(
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
def _sparse_sigmoid(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 / (1 + exp(-data)), element-wise."""
def _sparse_sign(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return -1, 0 or 1, the sign, element-wise."""
def _sparse_sin(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the sine of an angle in radians, element-wise."""
def _sparse_sinh(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the hyperbolic sine, element-wise."""
def _sparse_slice(
    data: NDArray,
    begin: IndicesLike,
    end: IndicesLike,
    step: IndicesLike = (),
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Cut a box out of an array, with the rules of Python's slices."""
def _sparse_sqrt(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the square root, element-wise."""
def _sparse_square(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return data * data, element-wise."""
def _sparse_stop_gradient(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return a copy that no gradient flows back through."""
def _sparse_sum(
    data: NDArray,
    axis: ShapeLike | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Sum the elements, along some axes or over everything."""
def _sparse_tan(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the tangent of an angle in radians, element-wise."""
def _sparse_tanh(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the hyperbolic tangent, element-wise."""
def _sparse_trunc(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the integer part, without the fraction, element-wise."""
def _sparse_where(
    condition: NDArray,
    x: NDArray,
    y: NDArray,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Take elements of `x` where the condition holds, and of `y` elsewhere."""
def _sparse_zeros_like(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Make an array of zeros of the shape and type of `data`."""
def _split_v2(
    data: NDArray,
    indices: ShapeLike,
    axis: int = 1,
    squeeze_axis: bool = False,
    sections: int = 0,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Split an array at given positions, or into equal parts; users call `glueball.nd.split_v2`."""
def _square_sum(
    data: NDArray,
    axis: ShapeLike | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Sum the squares, along some axes or over everything."""
_sub = _Minus
def _unravel_index(
    data: NDArray,
    shape: ShapeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the coordinates of elements, given their positions in an array's row-major order."""
def _zeros(
    shape: ShapeLike = (),
    ctx: ContextLike | None = "",
    dtype: DTypeLike = "float32",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Make an array of zeros."""
def _zeros_without_dtype(
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: int = -1,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Make an array of zeros."""
