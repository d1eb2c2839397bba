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
def _np_all(
    data: NDArray,
    axis: ShapeLike | None = None,
    keepdims: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return whether all elements over axes differ from 0."""
def _np_amax(
    a: NDArray,
    axis: ShapeLike | None = None,
    keepdims: bool = False,
    initial: float | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the largest element over axes; NaN if there is one."""
def _np_amin(
    a: NDArray,
    axis: ShapeLike | None = None,
    keepdims: bool = False,
    initial: float | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the smallest element over axes; NaN if there is one."""
def _np_any(
    data: NDArray,
    axis: ShapeLike | None = None,
    keepdims: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return whether any elements over axes differ from 0."""
def _np_atleast_1d(
    *arys: NDArray,
    num_args: int = ...,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Return the arrays with axes of length 1 added where they have too few."""
def _np_atleast_2d(
    *arys: NDArray,
    num_args: int = ...,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Return the arrays with axes of length 1 added where they have too few."""
def _np_atleast_3d(
    *arys: NDArray,
    num_args: int = ...,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Return the arrays with axes of length 1 added where they have too few."""
def _np_copy(a: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return a copy."""
def _np_cumsum(
    a: NDArray,
    axis: int | None = None,
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Sum the elements up to each, along an axis."""
def _np_diag(data: NDArray, k: int = 0, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Make a matrix with the given diagonal, or read a diagonal of a matrix."""
def _np_diagflat(data: NDArray, k: int = 0, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Make a matrix with all the elements on a diagonal."""
def _np_diagonal(
    data: NDArray,
    offset: int = 0,
    axis1: int = 0,
    axis2: int = 1,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Read the diagonals of the matrices that two axes span; they become the last axis."""
def _np_dot(a: NDArray, b: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the product, summed over the last axis of `a` and the last axis but one of `b`."""
_np_max = _np_amax
_np_min = _np_amin
def _np_moveaxis(
    a: NDArray,
    source: ShapeLike,
    destination: ShapeLike,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Move axes to other positions; the rest keep their order."""
def _np_prod(
    a: NDArray,
    axis: ShapeLike | None = None,
    dtype: DTypeLike | None = None,
    keepdims: bool = False,
    initial: float | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the product of the elements over axes."""
_np_product = _np_prod
def _np_repeat(
    data: NDArray,
    repeats: int,
    axis: int | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Repeat each element, or each slice along an axis."""
def _np_reshape(
    a: NDArray,
    newshape: ShapeLike,
    order: str = "C",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the elements in another shape."""
def _np_roll(
    data: NDArray,
    shift: ShapeLike | None = None,
    axis: ShapeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Shift the elements; those that leave at an end come in at the other."""
_np_sometrue = _np_any
def _np_squeeze(
    a: NDArray,
    axis: ShapeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Drop axes of length 1."""
def _np_sum(
    a: NDArray,
    axis: ShapeLike | None = None,
    dtype: DTypeLike | None = None,
    keepdims: bool = False,
    initial: float | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the sum of the elements over axes."""
def _np_trace(
    data: NDArray,
    offset: int = 0,
    axis1: int = 0,
    axis2: int = 1,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Sum the diagonals of the matrices that two axes span."""
def _np_transpose(
    a: NDArray,
    axes: ShapeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Permute the axes."""
def _npi_abs(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the absolute value, element-wise."""
_npi_absolute = _npi_abs
def _npi_add(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return x1 + x2, element-wise, of two arrays that broadcast."""
def _npi_add_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return x1 + x2, element-wise, where x2 is a number."""
def _npi_arange(
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
    """Return start, start + step, ... below `stop`, or above it for a negative step; possibly nothing."""
def _npi_arccos(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the angle in radians whose cosine it is, element-wise."""
def _npi_arccosh(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the inverse of cosh, of numbers of at least 1, element-wise."""
def _npi_arcsin(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the angle in radians whose sine it is, element-wise."""
def _npi_arcsinh(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the inverse of sinh, element-wise."""
def _npi_arctan(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the angle in radians whose tangent it is, element-wise."""
def _npi_arctan2(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the angle in radians of the point (x2, x1), element-wise, of two arrays that broadcast."""
def _npi_arctan2_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the angle in radians of the point (x2, x1), element-wise, where x2 is a number."""
def _npi_arctanh(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the inverse of tanh, of numbers between -1 and 1, element-wise."""
def _npi_argmax(
    data: NDArray,
    axis: int | None = None,
    keepdims: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return where the largest element is: its int64 index."""
def _npi_argmin(
    data: NDArray,
    axis: int | None = None,
    keepdims: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return where the smallest element is: its int64 index."""
def _npi_argsort(
    data: NDArray,
    axis: int | None = -1,
    is_ascend: bool = True,
    dtype: Literal["float16", "float32", "float64", "int32", "int64", "uint8"] = "float32",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the indices that would put the elements in order."""
def _npi_around(x: NDArray, decimals: int = 0, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Round to a number of decimals; halves go to the even neighbor."""
@overload
def _npi_average(
    a: NDArray,
    weights: NDArray | None = None,
    axis: ShapeLike | None = None,
    returned: Literal[False] = False,
    weighted: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the average of the elements over axes; that of integers loses its fraction."""
@overload
def _npi_average(
    a: NDArray,
    weights: NDArray | None = None,
    axis: ShapeLike | None = None,
    *,
    returned: Literal[True],
    weighted: bool = True,
    out: Sequence[NDArray] | None = None,
    name: str | None = None,
) -> list[NDArray]:
    """Return the average of the elements over axes; that of integers loses its fraction."""
@overload
def _npi_average(
    a: NDArray,
    weights: NDArray | None = None,
    axis: ShapeLike | None = None,
    returned: bool = False,
    weighted: bool = True,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Return the average of the elements over axes; that of integers loses its fraction."""
def _npi_bernoulli(
    input1: NDArray | None = None,
    prob: float | None = ...,
    logit: float | None = ...,
    size: ShapeLike | None = None,
    ctx: ContextLike | None = "cpu",
    dtype: DTypeLike = "float32",
    is_logit: bool = ...,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw 1 with a probability, and otherwise 0."""
def _npi_bincount(
    data: NDArray,
    weights: NDArray | None = None,
    minlength: int = 0,
    has_weights: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return how often each number occurs, or the sum of the weights at its places."""
def _npi_bitwise_and(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the bits of x1 and x2, element-wise, of two arrays that broadcast."""
def _npi_bitwise_and_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the bits of x1 and x2, element-wise, where x2 is a number."""
def _npi_bitwise_not(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the bits of an integer inverted, or the opposite of a bool, element-wise."""
def _npi_bitwise_or(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the bits of x1 or x2, element-wise, of two arrays that broadcast."""
def _npi_bitwise_or_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the bits of x1 or x2, element-wise, where x2 is a number."""
def _npi_bitwise_xor(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the bits of x1 xor x2, element-wise, of two arrays that broadcast."""
def _npi_bitwise_xor_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the bits of x1 xor x2, element-wise, where x2 is a number."""
def _npi_blackman(
    M: int | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike = "float32",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return a window that begins and ends near 0."""
_npi_boolean_mask = _contrib_boolean_mask
def _npi_boolean_mask_assign_scalar(
    data: NDArray,
    mask: NDArray,
    value: float,
    start_axis: int,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return an array with a number where a mask is not 0."""
def _npi_boolean_mask_assign_tensor(
    data: NDArray,
    mask: NDArray,
    value: NDArray,
    start_axis: int,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return an array with those of another where a mask is not 0."""
def _npi_broadcast_to(
    array: NDArray,
    shape: ShapeLike = (),
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Repeat along axes of length 1, and along new axes in front, to a shape."""
def _npi_cast(data: NDArray, dtype: DTypeLike, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Convert to another type."""
def _npi_cbrt(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the cube root, element-wise."""
def _npi_ceil(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the smallest integer that is not smaller, element-wise."""
def _npi_choice(
    input1: NDArray | None = None,
    input2: NDArray | None = None,
    a: int | None = ...,
    size: ShapeLike | None = ...,
    ctx: ContextLike | None = "cpu",
    replace: bool = True,
    weighted: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw positions."""
def _npi_cholesky(A: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Factor positive definite matrices: the lower triangular L with L L^T = A."""
def _npi_clip(
    data: NDArray,
    a_min: float,
    a_max: float,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Limit each element to the range from `a_min` to `a_max`."""
def _npi_column_stack(
    *data: NDArray,
    num_args: int = ...,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Join arrays along the second axis; an array with fewer than two axes is a column."""
def _npi_concatenate(
    *data: NDArray,
    num_args: int = ...,
    axis: int | None = 0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Join arrays along an existing axis."""
def _npi_copysign(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return x1 with the sign of x2, element-wise, of two arrays that broadcast."""
def _npi_copysign_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return x1 with the sign of x2, element-wise, where x2 is a number."""
_npi_copyto = _copyto
def _npi_cos(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the cosine of an angle in radians, element-wise."""
def _npi_cosh(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the hyperbolic cosine, element-wise."""
_npi_cvimdecode = _cvimdecode
_npi_cvimread = _cvimread
_npi_cvimresize = _cvimresize
def _npi_degrees(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the angle in degrees of one in radians, element-wise."""
def _npi_delete(
    arr: NDArray,
    obj: NDArray | None = None,
    start: int | None = None,
    stop: int | None = None,
    step: int | None = None,
    int_ind: int | None = None,
    axis: int | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return an array without some places of an axis."""
_npi_det = _linalg_det
def _npi_diag_indices_from(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the indices of the main diagonal: a row of them for each axis."""
def _npi_diff(a: NDArray, n: int = 1, axis: int = -1, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the differences of neighbors along an axis, n times."""
def _npi_dsplit(
    data: NDArray,
    indices: ShapeLike,
    axis: int = 1,
    squeeze_axis: bool = False,
    sections: int = 0,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Split an array along the axis that the name says."""
def _npi_dstack(
    *data: NDArray,
    num_args: int = ...,
    dim: int = 1,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Join arrays along the third axis; those with fewer axes get some of length 1."""
def _npi_ediff1d(
    input1: NDArray,
    input2: NDArray | None = None,
    input3: NDArray | None = None,
    to_begin_arr_given: bool = False,
    to_end_arr_given: bool = False,
    to_begin_scalar: float | None = None,
    to_end_scalar: float | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the differences of neighbors of the flattened array, with something before and behind them."""
def _npi_eig(A: NDArray, out: Sequence[NDArray] | None = None, name: str | None = None) -> list[NDArray]:
    """Return the eigenvalues and, in columns, the eigenvectors of square matrices."""
def _npi_eigh(
    A: NDArray,
    UPLO: Literal["L", "U"] = "L",
    out: Sequence[NDArray] | None = None,
    name: str | None = None,
) -> list[NDArray]:
    """Return the eigenvalues and, in columns, the eigenvectors of symmetric matrices."""
def _npi_eigvals(A: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the eigenvalues of square matrices."""
def _npi_eigvalsh(
    A: NDArray,
    UPLO: Literal["L", "U"] = "L",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the eigenvalues of symmetric matrices, in ascending order."""
def _npi_einsum(
    *data: NDArray,
    num_args: int = ...,
    subscripts: str = "",
    optimize: int = 0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Multiply arrays and sum over axes, as Einstein's convention says."""
def _npi_equal(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return whether x1 = x2, element-wise, of two arrays that broadcast."""
def _npi_equal_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return whether x1 = x2, element-wise, where x2 is a number."""
def _npi_exp(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return e to the power of data, element-wise."""
def _npi_expand_dims(data: NDArray, axis: int, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Insert an axis of length 1."""
def _npi_expm1(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return exp(data) - 1, exact near 0, element-wise."""
def _npi_exponential(
    input1: NDArray | None = None,
    scale: float | None = 1.0,
    size: ShapeLike | None = None,
    ctx: ContextLike | None = "cpu",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from an exponential distribution, whose mean is the scale."""
def _npi_eye(
    N: int,
    M: int | None = None,
    k: int = 0,
    ctx: ContextLike | None = "",
    dtype: DTypeLike = "float32",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return a matrix with ones on one diagonal and zeros elsewhere."""
def _npi_fix(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the nearest integer toward 0, element-wise."""
def _npi_flip(data: NDArray, axis: ShapeLike | None, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Reverse the order of the elements along axes."""
def _npi_floor(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the largest integer that is not larger, element-wise."""
_npi_full = _full
def _npi_full_like(
    a: NDArray,
    fill_value: float,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return an array of the same shape with one number everywhere."""
def _npi_gamma(
    input1: NDArray | None = None,
    input2: NDArray | None = None,
    shape: float | None = ...,
    scale: float | None = ...,
    size: ShapeLike | None = None,
    ctx: ContextLike | None = "cpu",
    dtype: DTypeLike = "float32",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a gamma distribution, whose mean is shape times scale."""
def _npi_gather_nd(data: NDArray, indices: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Read the elements, or slices, at given coordinates."""
def _npi_greater(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return whether x1 > x2, element-wise, of two arrays that broadcast."""
def _npi_greater_equal(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return whether x1 >= x2, element-wise, of two arrays that broadcast."""
def _npi_greater_equal_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return whether x1 >= x2, element-wise, where x2 is a number."""
def _npi_greater_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return whether x1 > x2, element-wise, where x2 is a number."""
def _npi_gumbel(
    input1: NDArray | None = None,
    input2: NDArray | None = None,
    loc: float | None = ...,
    scale: float | None = ...,
    size: ShapeLike | None = None,
    ctx: ContextLike | None = "cpu",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a Gumbel distribution."""
def _npi_hamming(
    M: int | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike = "float32",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return a window that begins and ends near 0."""
def _npi_hanning(
    M: int | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike = "float32",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return a window that begins and ends near 0."""
_npi_histogram = _histogram
def _npi_hsplit(
    data: NDArray,
    indices: ShapeLike,
    axis: int = 1,
    squeeze_axis: bool = False,
    sections: int = 0,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Split an array along the axis that the name says."""
def _npi_hstack(
    *data: NDArray,
    num_args: int = ...,
    dim: int = 1,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Join arrays along the second axis, or along the only one."""
def _npi_hypot(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the length of the hypotenuse for the legs x1 and x2, element-wise, of two arrays that broadcast."""
_npi_hypot_scalar = _HypotScalar
def _npi_identity(
    shape: ShapeLike = (),
    ctx: ContextLike | None = "",
    dtype: DTypeLike = "float32",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return an identity matrix."""
def _npi_indices(
    dimensions: ShapeLike,
    dtype: DTypeLike = "int32",
    ctx: ContextLike | None = "",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the indices of all elements of an array: for each axis an array of that shape."""
def _npi_insert_scalar(
    arr: NDArray,
    values: NDArray | None = None,
    val: float | None = None,
    start: int | None = None,
    stop: int | None = None,
    step: int | None = None,
    int_ind: int | None = None,
    axis: int | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Insert values before one place of an axis, or before the places of a slice."""
def _npi_insert_slice(
    arr: NDArray,
    values: NDArray | None = None,
    val: float | None = None,
    start: int | None = None,
    stop: int | None = None,
    step: int | None = None,
    int_ind: int | None = None,
    axis: int | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Insert values before one place of an axis, or before the places of a slice."""
def _npi_insert_tensor(
    arr: NDArray,
    values: NDArray | None = None,
    obj: NDArray | None = None,
    val: float | None = None,
    start: int | None = None,
    stop: int | None = None,
    step: int | None = None,
    int_ind: int | None = None,
    axis: int | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Insert values before the places in an array."""
_npi_inv = _linalg_inverse
def _npi_isfinite(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return whether it is neither infinite nor NaN, element-wise."""
def _npi_isinf(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return whether it is infinite, element-wise."""
def _npi_isnan(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return whether it is NaN, element-wise."""
def _npi_isneginf(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return whether it is negative infinity, element-wise."""
def _npi_isposinf(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return whether it is positive infinity, element-wise."""
def _npi_lcm(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the lowest common multiple of x1 and x2, element-wise, of two arrays that broadcast."""
def _npi_lcm_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the lowest common multiple of x1 and x2, element-wise, where x2 is a number."""
def _npi_ldexp(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return x1 * 2 ** x2, element-wise, of two arrays that broadcast."""
def _npi_ldexp_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return x1 * 2 ** x2, element-wise, where x2 is a number."""
def _npi_less(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return whether x1 < x2, element-wise, of two arrays that broadcast."""
def _npi_less_equal(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return whether x1 <= x2, element-wise, of two arrays that broadcast."""
def _npi_less_equal_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return whether x1 <= x2, element-wise, where x2 is a number."""
def _npi_less_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return whether x1 < x2, element-wise, where x2 is a number."""
_npi_linspace = _linspace
def _npi_log(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the natural logarithm, element-wise."""
def _npi_log10(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the logarithm to base 10, element-wise."""
def _npi_log1p(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return log(1 + data), exact near 0, element-wise."""
def _npi_log2(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the logarithm to base 2, element-wise."""
def _npi_logical_not(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return whether it is 0, element-wise."""
def _npi_logistic(
    input1: NDArray | None = None,
    input2: NDArray | None = None,
    loc: float | None = ...,
    scale: float | None = ...,
    size: ShapeLike | None = None,
    ctx: ContextLike | None = "cpu",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a logistic distribution."""
def _npi_logspace(
    start: float,
    stop: float,
    num: int,
    endpoint: bool = True,
    base: float = 10.0,
    ctx: ContextLike | None = "",
    dtype: DTypeLike = "float32",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return powers whose exponents are evenly spaced."""
def _npi_matmul(a: NDArray, b: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the product of matrices, or of stacks of them."""
def _npi_maximum(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the larger of lhs and rhs; on ties the gradient goes to lhs."""
_npi_maximum_scalar = _MaximumScalar
def _npi_mean(
    a: NDArray,
    axis: ShapeLike | None = None,
    dtype: DTypeLike | None = None,
    keepdims: bool = False,
    initial: float | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the arithmetic mean of the elements over axes; that of integers is float32."""
def _npi_minimum(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the smaller of lhs and rhs; on ties the gradient goes to lhs."""
_npi_minimum_scalar = _MinimumScalar
def _npi_mod(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the remainder of x1 / x2, which has the sign of x2 and is 0 for the divisor 0, element-wise, of two arrays that broadcast."""
def _npi_mod_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the remainder of x1 / x2, which has the sign of x2 and is 0 for the divisor 0, element-wise, where x2 is a number."""
def _npi_multinomial(
    a: NDArray | None = None,
    n: int = ...,
    pvals: FloatsLike | None = None,
    size: ShapeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Count how often each result comes in a number of trials."""
def _npi_multiply(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return x1 * x2, element-wise, of two arrays that broadcast."""
def _npi_multiply_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return x1 * x2, element-wise, where x2 is a number."""
def _npi_nan_to_num(
    data: NDArray,
    copy: bool = True,
    nan: float = 0.0,
    posinf: float | None = None,
    neginf: float | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return numbers in the place of NaN and infinity; they have no gradient."""
def _npi_negative(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the number with the opposite sign, element-wise."""
def _npi_nonzero(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return where the elements are that differ from 0."""
def _npi_norm(
    data: NDArray,
    ord: float = 2.0,
    axis: ShapeLike | None = None,
    keepdims: bool = False,
    flag: int = -1,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return norms of vectors or matrices."""
def _npi_normal(
    input1: NDArray | None = None,
    input2: NDArray | None = None,
    loc: float | None = ...,
    scale: float | None = ...,
    size: ShapeLike | None = None,
    ctx: ContextLike | None = "cpu",
    dtype: DTypeLike = "float32",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a normal (Gaussian) distribution."""
def _npi_normal_n(
    input1: NDArray | None = None,
    input2: NDArray | None = None,
    loc: float | None = ...,
    scale: float | None = ...,
    size: ShapeLike | None = None,
    ctx: ContextLike | None = "cpu",
    dtype: DTypeLike = "float32",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a normal (Gaussian) distribution."""
def _npi_not_equal(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return whether x1 differs from x2, element-wise, of two arrays that broadcast."""
def _npi_not_equal_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return whether x1 differs from x2, element-wise, where x2 is a number."""
def _npi_ones(
    shape: ShapeLike = (),
    ctx: ContextLike | None = "",
    dtype: DTypeLike = "float32",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return ones."""
def _npi_pad(
    data: NDArray,
    pad_width: ShapesLike,
    mode: Literal["constant", "edge", "maximum", "minimum", "reflect", "symmetric"] = "constant",
    constant_value: float = 0.0,
    reflect_type: str = "even",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Add elements before and behind, along each axis."""
def _npi_pareto(
    input1: NDArray | None = None,
    a: float | None = None,
    size: ShapeLike | None = None,
    ctx: ContextLike | None = "cpu",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a Pareto II (Lomax) distribution, which begins at 0."""
def _npi_percentile(
    a: NDArray,
    q: NDArray | None = None,
    axis: ShapeLike | None = None,
    interpolation: Literal["higher", "linear", "lower", "midpoint", "nearest"] = "linear",
    keepdims: bool = False,
    q_scalar: float | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the element below which q percent of the elements over axes lie."""
def _npi_pinv(
    A: NDArray,
    rcond: NDArray,
    hermitian: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the pseudo-inverse of matrices; as in MXNet its gradient is zero."""
def _npi_pinv_scalar_rcond(
    A: NDArray,
    rcond: float = 1e-15,
    hermitian: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the pseudo-inverse of matrices; as in MXNet its gradient is zero."""
def _npi_polyval(p: NDArray, x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the values of a polynomial."""
def _npi_power(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return x1 to the power of x2, element-wise, of two arrays that broadcast."""
def _npi_power_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return x1 to the power of x2, element-wise, where x2 is a number."""
def _npi_powerd(
    input1: NDArray | None = None,
    a: float | None = None,
    size: ShapeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a power distribution over [0, 1], with density a x^(a-1)."""
def _npi_radians(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the angle in radians of one in degrees, element-wise."""
def _npi_random_randint(
    low: int,
    high: int,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: Literal["int32", "int64"] | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw integers, each equally likely."""
def _npi_rarctan2_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the angle in radians of the point (x2, x1), element-wise, where x1 is a number."""
def _npi_rayleigh(
    input1: NDArray | None = None,
    scale: float | None = 1.0,
    size: ShapeLike | None = None,
    ctx: ContextLike | None = "cpu",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a Rayleigh distribution."""
def _npi_rcopysign_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return x1 with the sign of x2, element-wise, where x1 is a number."""
def _npi_reciprocal(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 / data, element-wise."""
def _npi_reshape(
    a: NDArray,
    newshape: ShapeLike,
    reverse: bool = False,
    order: str = "C",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the elements in another shape, which may be said relative to that of the array."""
def _npi_rint(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the nearest integer, on ties the lower one, element-wise."""
def _npi_rldexp_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return x1 * 2 ** x2, element-wise, where x1 is a number."""
def _npi_rmod_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the remainder of x1 / x2, which has the sign of x2 and is 0 for the divisor 0, element-wise, where x1 is a number."""
def _npi_rnn_param_concat(
    *data: NDArray,
    num_args: int = ...,
    dim: int = 1,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Join arrays along an existing axis, as Concat does: the parameters of recurrent layers."""
def _npi_rot90(
    data: NDArray,
    k: int = 1,
    axes: ShapeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Turn by 90 degrees in the plane of two axes, from the first of them toward the second."""
def _npi_rpower_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return x1 to the power of x2, element-wise, where x1 is a number."""
def _npi_rsubtract_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return x1 - x2, element-wise, where x1 is a number."""
def _npi_rtrue_divide_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return x1 / x2, element-wise, where x1 is a number."""
def _npi_scatter_set_nd(
    lhs: NDArray,
    rhs: NDArray,
    indices: NDArray,
    shape: ShapeLike,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return a copy of an array with elements, or slices, replaced at given coordinates."""
def _npi_share_memory(a: NDArray, b: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return whether the memory of two arrays overlaps, without axes."""
def _npi_shuffle(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Shuffle the slices along the first axis; each order is equally likely."""
def _npi_sign(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return -1, 0 or 1, the sign, element-wise."""
def _npi_sin(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the sine of an angle in radians, element-wise."""
def _npi_sinh(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the hyperbolic sine, element-wise."""
def _npi_slice(
    data: NDArray,
    begin: IndicesLike,
    end: IndicesLike,
    step: IndicesLike = (),
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Cut a box out of an array, with the rules of Python's slices."""
_npi_slice_assign = _crop_assign
_npi_slice_assign_scalar = _crop_assign_scalar
_npi_slogdet = _linalg_slogdet
def _npi_solve(A: NDArray, B: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the X with A X = B."""
def _npi_sort(
    data: NDArray,
    axis: int | None = -1,
    is_ascend: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the elements in sorted order."""
def _npi_split(
    data: NDArray,
    indices: ShapeLike,
    axis: int = 1,
    squeeze_axis: bool = False,
    sections: int = 0,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Split an array at given positions, or into equal parts; users call `glueball.nd.split_v2`."""
def _npi_sqrt(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the square root, element-wise."""
def _npi_square(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return data * data, element-wise."""
def _npi_stack(
    *data: NDArray,
    axis: int = 0,
    num_args: int = ...,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Join arrays of one shape along a new axis."""
def _npi_std(
    a: NDArray,
    axis: ShapeLike | None = None,
    dtype: DTypeLike | None = None,
    ddof: int = 0,
    keepdims: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the standard deviation of the elements over axes."""
def _npi_subtract(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return x1 - x2, element-wise, of two arrays that broadcast."""
def _npi_subtract_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return x1 - x2, element-wise, where x2 is a number."""
def _npi_svd(A: NDArray, out: Sequence[NDArray] | None = None, name: str | None = None) -> list[NDArray]:
    """Factor matrices of n rows and m columns, with k the smaller of both: A = U diag(L) V."""
def _npi_swapaxes(
    data: NDArray,
    dim1: int = 0,
    dim2: int = 0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Exchange the axes `dim1` and `dim2`; negative numbers count from the end."""
def _npi_take(
    a: NDArray,
    indices: NDArray,
    axis: int = 0,
    mode: Literal["clip", "raise", "wrap"] = "clip",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Take slices of an array along one axis."""
def _npi_tan(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the tangent of an angle in radians, element-wise."""
def _npi_tanh(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the hyperbolic tangent, element-wise."""
def _npi_tensordot(
    a: NDArray,
    b: NDArray,
    a_axes_summed: ShapeLike,
    b_axes_summed: ShapeLike,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the product, summed over pairs of axes."""
def _npi_tensordot_int_axes(
    a: NDArray,
    b: NDArray,
    axes: int,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the product, summed over the last axes of `a` and the first of `b`."""
def _npi_tensorinv(a: NDArray, ind: int = 2, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the inverse of an array that counts as a matrix: its first axes are the rows."""
def _npi_tensorsolve(
    a: NDArray,
    b: NDArray,
    a_axes: ShapeLike | None = (),
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the x with tensordot(a, x, x.ndim) = b."""
def _npi_tile(data: NDArray, reps: ShapeLike, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Repeat the whole array along its axes."""
def _npi_tril(data: NDArray, k: int = 0, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Set what lies above a diagonal to 0."""
def _npi_true_divide(lhs: NDArray, rhs: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return x1 / x2, element-wise, of two arrays that broadcast."""
def _npi_true_divide_scalar(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return x1 / x2, element-wise, where x2 is a number."""
def _npi_trunc(x: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the integer part, without the fraction, element-wise."""
def _npi_uniform(
    input1: NDArray | None = None,
    input2: NDArray | None = None,
    low: float | None = ...,
    high: float | None = ...,
    size: ShapeLike | None = None,
    ctx: ContextLike | None = "cpu",
    dtype: DTypeLike = "float32",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a uniform distribution over [low, high)."""
def _npi_uniform_n(
    input1: NDArray | None = None,
    input2: NDArray | None = None,
    low: float | None = ...,
    high: float | None = ...,
    size: ShapeLike | None = None,
    ctx: ContextLike | None = "cpu",
    dtype: DTypeLike = "float32",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a uniform distribution over [low, high)."""
@overload
def _npi_unique(
    data: NDArray,
    return_index: Literal[False] = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the different elements, or slices along an axis, in ascending order."""
@overload
def _npi_unique(
    data: NDArray,
    *,
    return_index: Literal[True],
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    out: Sequence[NDArray] | None = None,
    name: str | None = None,
) -> list[NDArray]:
    """Return the different elements, or slices along an axis, in ascending order."""
@overload
def _npi_unique(
    data: NDArray,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    out: NDArray | Sequence[NDArray] | None = None,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Return the different elements, or slices along an axis, in ascending order."""
def _npi_var(
    a: NDArray,
    axis: ShapeLike | None = None,
    dtype: DTypeLike | None = None,
    ddof: int = 0,
    keepdims: bool = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the variance of the elements over axes."""
def _npi_vstack(*data: NDArray, num_args: int = ..., out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Join arrays along the first axis; an array with fewer than two axes is a row."""
def _npi_weibull(
    input1: NDArray | None = None,
    a: float | None = None,
    size: ShapeLike | None = None,
    ctx: ContextLike | None = "cpu",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a Weibull distribution with scale 1."""
def _npi_where(
    condition: NDArray,
    x: NDArray,
    y: NDArray,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return elements of `x` where the condition holds, and of `y` elsewhere; all three broadcast."""
def _npi_where_lscalar(
    condition: NDArray,
    x: NDArray,
    scalar: float = 0.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return a number where the condition holds, and elements of an array elsewhere; both arrays broadcast."""
def _npi_where_rscalar(
    condition: NDArray,
    y: NDArray,
    scalar: float = 0.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return elements of an array where the condition holds, and a number elsewhere; both arrays broadcast."""
def _npi_where_scalar2(
    condition: NDArray,
    x: float = 0.0,
    y: float = 0.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return one number where the condition holds, and another one elsewhere, as float32."""
def _npi_zeros(
    shape: ShapeLike = (),
    ctx: ContextLike | None = "",
    dtype: DTypeLike = "float32",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return zeros."""
_npx__image_adjust_lighting = _image_adjust_lighting
_npx__image_crop = _image_crop
_npx__image_flip_left_right = _image_flip_left_right
_npx__image_flip_top_bottom = _image_flip_top_bottom
_npx__image_normalize = _image_normalize
_npx__image_random_brightness = _image_random_brightness
_npx__image_random_color_jitter = _image_random_color_jitter
_npx__image_random_contrast = _image_random_contrast
_npx__image_random_flip_left_right = _image_random_flip_left_right
_npx__image_random_flip_top_bottom = _image_random_flip_top_bottom
_npx__image_random_hue = _image_random_hue
_npx__image_random_lighting = _image_random_lighting
_npx__image_random_saturation = _image_random_saturation
_npx__image_resize = _image_resize
_npx__image_to_tensor = _image_to_tensor
def _npx_activation(
    data: NDArray,
    act_type: Literal["relu", "sigmoid", "softrelu", "softsign", "tanh"],
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Apply an activation function to each element."""
_npx_arange_like = _contrib_arange_like
def _npx_batch_dot(
    lhs: NDArray,
    rhs: NDArray,
    transpose_a: bool = False,
    transpose_b: bool = False,
    forward_stype: Literal["csr", "default", "row_sparse"] | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Multiply many pairs of matrices at once."""
def _npx_batch_flatten(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Keep the first axis and merge all others into one: (N, ...) becomes (N, K)."""
@overload
def _npx_batch_norm(
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
def _npx_batch_norm(
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
def _npx_batch_norm(
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
_npx_cast = _npi_cast
def _npx_constraint_check(
    input: NDArray,
    msg: str = "Constraint violated.",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return true, without axes, if all elements are true; otherwise raise ValueError."""
def _npx_convolution(
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
def _npx_deconvolution(
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
def _npx_dropout(
    data: NDArray,
    p: float = 0.5,
    mode: Literal["training", "always"] = "training",
    axes: ShapeLike = (),
    cudnn_off: bool | None = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Set random elements to 0 and multiply the others by 1 / (1 - p), so that the mean is unchanged."""
def _npx_embedding(
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
def _npx_erf(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the error function, element-wise."""
def _npx_erfinv(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the inverse of erf, of numbers between -1 and 1, element-wise."""
def _npx_fully_connected(
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
def _npx_gamma(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the gamma function, element-wise."""
def _npx_gammaln(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return log(abs(gamma(data))), element-wise."""
_npx_gather_nd = _npi_gather_nd
@overload
def _npx_layer_norm(
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
def _npx_layer_norm(
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
def _npx_layer_norm(
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
def _npx_leaky_relu(
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
def _npx_leaky_relu(
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
def _npx_leaky_relu(
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
def _npx_log_softmax(
    data: NDArray,
    axis: int = -1,
    temperature: float | None = None,
    dtype: DTypeLike | None = None,
    use_length: bool | None = False,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the logarithm of softmax, without computing softmax itself."""
_npx_multibox_detection = _contrib_MultiBoxDetection
_npx_multibox_prior = _contrib_MultiBoxPrior
_npx_multibox_target = _contrib_MultiBoxTarget
_npx_nonzero = _npi_nonzero
def _npx_one_hot(
    indices: NDArray,
    depth: int,
    on_value: float = 1.0,
    off_value: float = 0.0,
    dtype: DTypeLike = "float32",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Encode each index as a row that is "on" at that position."""
def _npx_pick(
    data: NDArray,
    index: NDArray,
    axis: int | None = -1,
    keepdims: bool = False,
    mode: Literal["clip", "wrap"] = "clip",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Pick one element along an axis at each position of the others."""
def _npx_pooling(
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
def _npx_relu(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return max(data, 0), element-wise."""
_npx_reshape = _npi_reshape
def _npx_reshape_like(
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
def _npx_rnn(
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
def _npx_roi_pooling(
    data: NDArray,
    rois: NDArray,
    pooled_size: ShapeLike,
    spatial_scale: float,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Divide rectangles of images into a given number of parts, and take the maximum of each."""
def _npx_sequence_mask(
    data: NDArray,
    sequence_length: NDArray | None = None,
    use_sequence_length: bool = False,
    value: float = 0.0,
    axis: int = 0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Replace the elements after the end of each sequence."""
def _npx_shape_array(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the lengths of the axes."""
def _npx_sigmoid(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return 1 / (1 + exp(-data)), element-wise."""
_npx_slice = _npi_slice
def _npx_smooth_l1(data: NDArray, scalar: float = 1.0, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return (scalar * data)^2 / 2 where abs(data) is below 1 / scalar^2, else abs(data) - 1 / (2 scalar^2)."""
def _npx_softmax(
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
@overload
def _npx_topk(
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
def _npx_topk(
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
def _npx_topk(
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
_random_randint = _npi_random_randint
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
_rnn_param_concat = _npi_rnn_param_concat
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
_scatter_set_nd = _npi_scatter_set_nd
_shuffle = _npi_shuffle
_slice_assign = _crop_assign
_slice_assign_scalar = _crop_assign_scalar
def _sparse_ElementWiseSum(
    *args: NDArray,
    num_args: int = ...,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Add arrays of the same shape."""
_sparse_Embedding = _npx_embedding
_sparse_FullyConnected = _npx_fully_connected
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
_sparse_clip = _npi_clip
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
_sparse_gamma = _npx_gamma
_sparse_gammaln = _npx_gammaln
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
_sparse_slice = _npi_slice
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
_split_v2 = _npi_split
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
