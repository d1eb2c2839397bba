"""The functions of symbol._internal.

Written by ``make stubs`` from the declarations in `glueball.ops`; not to be edited.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, overload

from ..core.annotations import ContextLike, DTypeLike, FloatsLike, IndicesLike, Scalar, ShapeLike, ShapesLike
from .symbol import Symbol

def _CrossDeviceCopy(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return a copy, in graphs that MXNet has distributed over several contexts."""
def _Div(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs / rhs; integers drop the fraction and give 0 for a division by 0."""
def _DivScalar(
    data: Symbol | None = None,
    scalar: float = 1.0,
    is_int: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs / rhs; integers drop the fraction and give 0 for a division by 0, where rhs is the number `scalar` and lhs the array."""
def _Equal(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where lhs = rhs, else 0."""
def _EqualScalar(
    data: Symbol | None = None,
    scalar: float = 1.0,
    is_int: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where lhs = rhs, else 0, where rhs is the number `scalar` and lhs the array."""
def _Greater(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where lhs > rhs, else 0."""
def _GreaterEqualScalar(
    data: Symbol | None = None,
    scalar: float = 1.0,
    is_int: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where lhs >= rhs, else 0, where rhs is the number `scalar` and lhs the array."""
def _GreaterScalar(
    data: Symbol | None = None,
    scalar: float = 1.0,
    is_int: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where lhs > rhs, else 0, where rhs is the number `scalar` and lhs the array."""
def _Greater_Equal(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where lhs >= rhs, else 0."""
def _Hypot(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the length of the hypotenuse for the legs lhs and rhs."""
def _HypotScalar(
    data: Symbol | None = None,
    scalar: float = 1.0,
    is_int: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the length of the hypotenuse for the legs lhs and rhs, where rhs is the number `scalar` and lhs the array."""
def _Lesser(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where lhs < rhs, else 0."""
def _LesserEqualScalar(
    data: Symbol | None = None,
    scalar: float = 1.0,
    is_int: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where lhs <= rhs, else 0, where rhs is the number `scalar` and lhs the array."""
def _LesserScalar(
    data: Symbol | None = None,
    scalar: float = 1.0,
    is_int: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where lhs < rhs, else 0, where rhs is the number `scalar` and lhs the array."""
def _Lesser_Equal(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where lhs <= rhs, else 0."""
def _LogicalAndScalar(
    data: Symbol | None = None,
    scalar: float = 1.0,
    is_int: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where both are not 0, else 0, where rhs is the number `scalar` and lhs the array."""
def _LogicalOrScalar(
    data: Symbol | None = None,
    scalar: float = 1.0,
    is_int: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where one of them is not 0, else 0, where rhs is the number `scalar` and lhs the array."""
def _LogicalXorScalar(
    data: Symbol | None = None,
    scalar: float = 1.0,
    is_int: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where exactly one of them is not 0, else 0, where rhs is the number `scalar` and lhs the array."""
def _Logical_And(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where both are not 0, else 0."""
def _Logical_Or(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where one of them is not 0, else 0."""
def _Logical_Xor(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where exactly one of them is not 0, else 0."""
def _Maximum(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the larger of lhs and rhs; on ties the gradient goes to lhs."""
def _MaximumScalar(
    data: Symbol | None = None,
    scalar: float = 1.0,
    is_int: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the larger of lhs and rhs; on ties the gradient goes to lhs, where rhs is the number `scalar` and lhs the array."""
def _Minimum(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the smaller of lhs and rhs; on ties the gradient goes to lhs."""
def _MinimumScalar(
    data: Symbol | None = None,
    scalar: float = 1.0,
    is_int: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the smaller of lhs and rhs; on ties the gradient goes to lhs, where rhs is the number `scalar` and lhs the array."""
def _Minus(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs - rhs."""
def _MinusScalar(
    data: Symbol | None = None,
    scalar: float = 1.0,
    is_int: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs - rhs, where rhs is the number `scalar` and lhs the array."""
def _Mod(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the remainder of lhs / rhs, which has the sign of rhs and is 0 for the divisor 0."""
def _ModScalar(
    data: Symbol | None = None,
    scalar: float = 1.0,
    is_int: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the remainder of lhs / rhs, which has the sign of rhs and is 0 for the divisor 0, where rhs is the number `scalar` and lhs the array."""
def _Mul(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs * rhs."""
def _MulScalar(
    data: Symbol | None = None,
    scalar: float = 1.0,
    is_int: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs * rhs, where rhs is the number `scalar` and lhs the array."""
def _NotEqualScalar(
    data: Symbol | None = None,
    scalar: float = 1.0,
    is_int: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where lhs differs from rhs, else 0, where rhs is the number `scalar` and lhs the array."""
def _Not_Equal(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where lhs differs from rhs, else 0."""
def _Plus(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs + rhs."""
def _PlusScalar(
    data: Symbol | None = None,
    scalar: float = 1.0,
    is_int: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs + rhs, where rhs is the number `scalar` and lhs the array."""
def _Power(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs to the power of rhs; integers are raised as doubles and drop the fraction."""
def _PowerScalar(
    data: Symbol | None = None,
    scalar: float = 1.0,
    is_int: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs to the power of rhs; integers are raised as doubles and drop the fraction, where rhs is the number `scalar` and lhs the array."""
def _RDivScalar(
    data: Symbol | None = None,
    scalar: float = 1.0,
    is_int: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs / rhs; integers drop the fraction and give 0 for a division by 0, where lhs is the number `scalar` and rhs the array."""
def _RMinusScalar(
    data: Symbol | None = None,
    scalar: float = 1.0,
    is_int: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs - rhs, where lhs is the number `scalar` and rhs the array."""
def _RModScalar(
    data: Symbol | None = None,
    scalar: float = 1.0,
    is_int: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the remainder of lhs / rhs, which has the sign of rhs and is 0 for the divisor 0, where lhs is the number `scalar` and rhs the array."""
def _RPowerScalar(
    data: Symbol | None = None,
    scalar: float = 1.0,
    is_int: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs to the power of rhs; integers are raised as doubles and drop the fraction, where lhs is the number `scalar` and rhs the array."""
def _adamw_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    mean: Symbol | None = None,
    var: Symbol | None = None,
    rescale_grad: Symbol | None = None,
    lr: float = ...,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-08,
    wd: float = 0.0,
    eta: float = ...,
    clip_gradient: float = -1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
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
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Make an array of start, start + step, ... below `stop`, or above it for a negative step."""
def _contrib_AdaptiveAvgPooling2D(
    data: Symbol | None = None,
    output_size: ShapeLike = (),
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Divide images into a given number of parts, and take the mean of each."""
def _contrib_BatchNormWithReLU(
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
    """Normalize each channel as BatchNorm does, and set negative results to 0."""
def _contrib_BilinearResize2D(
    data: Symbol | None = None,
    like: Symbol | None = None,
    height: int = 1,
    width: int = 1,
    scale_height: float | None = None,
    scale_width: float | None = None,
    mode: Literal["like", "odd_scale", "size", "to_even_down", "to_even_up", "to_odd_down", "to_odd_up"] = "size",
    align_corners: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Resize images by bilinear interpolation."""
def _contrib_CTCLoss(
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
def _contrib_DeformableConvolution(
    data: Symbol | None = None,
    offset: Symbol | None = None,
    weight: Symbol | None = None,
    bias: Symbol | None = None,
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
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Convolve images, where each point of a filter reads at a position of its own, moved by an offset."""
def _contrib_DeformablePSROIPooling(
    data: Symbol | None = None,
    rois: Symbol | None = None,
    trans: Symbol | None = None,
    spatial_scale: float = ...,
    output_dim: int = ...,
    group_size: int = ...,
    pooled_size: int = ...,
    part_size: int = 0,
    sample_per_part: int = 1,
    trans_std: float = 0.0,
    no_trans: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Pool regions as PSROIPooling does, by samples, after shifting each part."""
def _contrib_ModulatedDeformableConvolution(
    data: Symbol | None = None,
    offset: Symbol | None = None,
    mask: Symbol | None = None,
    weight: Symbol | None = None,
    bias: Symbol | None = None,
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
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Convolve images as DeformableConvolution does, where what each point reads is also multiplied by a number."""
def _contrib_MultiBoxDetection(
    cls_prob: Symbol | None = None,
    loc_pred: Symbol | None = None,
    anchor: Symbol | None = None,
    clip: bool = True,
    threshold: float = 0.01,
    background_id: int = 0,
    nms_threshold: float = 0.5,
    force_suppress: bool = False,
    variances: FloatsLike = (0.1, 0.1, 0.2, 0.2),
    nms_topk: int = -1,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Read the objects from what a network says of each anchor box, and drop those that overlap a better one."""
def _contrib_MultiBoxPrior(
    data: Symbol | None = None,
    sizes: FloatsLike = (1.0,),
    ratios: FloatsLike = (1.0,),
    clip: bool = False,
    steps: FloatsLike = (-1.0, -1.0),
    offsets: FloatsLike = (0.5, 0.5),
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Make the anchor boxes of a feature map: several around each of its points."""
def _contrib_MultiBoxTarget(
    anchor: Symbol | None = None,
    label: Symbol | None = None,
    cls_pred: Symbol | None = None,
    overlap_threshold: float = 0.5,
    ignore_label: float = -1.0,
    negative_mining_ratio: float = -1.0,
    negative_mining_thresh: float = 0.5,
    minimum_negative_samples: int = 0,
    variances: FloatsLike = (0.1, 0.1, 0.2, 0.2),
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Say what a network should predict for each anchor box: the class of an object, and the way to its box."""
def _contrib_MultiProposal(
    cls_prob: Symbol | None = None,
    bbox_pred: Symbol | None = None,
    im_info: Symbol | None = None,
    rpn_pre_nms_top_n: int = 6000,
    rpn_post_nms_top_n: int = 300,
    threshold: float = 0.7,
    rpn_min_size: int = 16,
    scales: FloatsLike = (4.0, 8.0, 16.0, 32.0),
    ratios: FloatsLike = (0.5, 1.0, 2.0),
    feature_stride: int = 16,
    output_score: bool = False,
    iou_loss: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Propose regions of images that may have an object, as Proposal does for one image."""
def _contrib_PSROIPooling(
    data: Symbol | None = None,
    rois: Symbol | None = None,
    spatial_scale: float = ...,
    output_dim: int = ...,
    pooled_size: int = ...,
    group_size: int = 0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Divide rectangles of images into parts, and take the mean of each part over channels of its own."""
def _contrib_Proposal(
    cls_prob: Symbol | None = None,
    bbox_pred: Symbol | None = None,
    im_info: Symbol | None = None,
    rpn_pre_nms_top_n: int = 6000,
    rpn_post_nms_top_n: int = 300,
    threshold: float = 0.7,
    rpn_min_size: int = 16,
    scales: FloatsLike = (4.0, 8.0, 16.0, 32.0),
    ratios: FloatsLike = (0.5, 1.0, 2.0),
    feature_stride: int = 16,
    output_score: bool = False,
    iou_loss: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Propose regions of one image that may have an object; MultiProposal takes several images."""
def _contrib_ROIAlign(
    data: Symbol | None = None,
    rois: Symbol | None = None,
    pooled_size: ShapeLike = ...,
    spatial_scale: float = ...,
    sample_ratio: int = -1,
    position_sensitive: bool = False,
    aligned: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Divide rectangles of images into a given number of parts, and take the mean of samples in each."""
def _contrib_RROIAlign(
    data: Symbol | None = None,
    rois: Symbol | None = None,
    pooled_size: ShapeLike = ...,
    spatial_scale: float = ...,
    sampling_ratio: int = -1,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Divide turned rectangles of images into a given number of parts, and take the mean of samples in each."""
def _contrib_SparseEmbedding(
    data: Symbol | None = None,
    weight: Symbol | None = None,
    input_dim: int = ...,
    output_dim: int = ...,
    dtype: DTypeLike = "float32",
    sparse_grad: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Look up rows of a matrix by index, as `glueball.nd.Embedding` does."""
def _contrib_SyncBatchNorm(
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
    ndev: int = 1,
    key: str = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Normalize each channel as BatchNorm does, in training over the batches of several devices."""
def _contrib_allclose(
    a: Symbol | None = None,
    b: Symbol | None = None,
    rtol: float = 1e-05,
    atol: float = 1e-08,
    equal_nan: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where all elements of two arrays are close, abs(a - b) <= atol + rtol abs(b), else 0."""
def _contrib_arange_like(
    data: Symbol | None = None,
    start: float = 0.0,
    step: float = 1.0,
    repeat: int = 1,
    ctx: ContextLike | None = "",
    axis: int | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return evenly spaced numbers, as many as an array has elements or one of its axes is long."""
def _contrib_bipartite_matching(
    data: Symbol | None = None,
    is_ascend: bool = False,
    threshold: float = ...,
    topk: int = -1,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Pair rows and columns greedily: the pair of the best score, then the best of the rows and columns left."""
def _contrib_boolean_mask(
    data: Symbol | None = None,
    index: Symbol | None = None,
    axis: int = 0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the slices of an array for which a mask is not zero."""
def _contrib_box_decode(
    data: Symbol | None = None,
    anchors: Symbol | None = None,
    std0: float = 1.0,
    std1: float = 1.0,
    std2: float = 1.0,
    std3: float = 1.0,
    clip: float = -1.0,
    format: Literal["center", "corner"] = "center",
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Go from each anchor box the way that `box_encode` says."""
def _contrib_box_encode(
    samples: Symbol | None = None,
    matches: Symbol | None = None,
    anchors: Symbol | None = None,
    refs: Symbol | None = None,
    means: Symbol | None = None,
    stds: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Say how to get from each anchor box to the box of its object."""
def _contrib_box_iou(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    format: Literal["center", "corner"] = "corner",
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the intersection over union (IoU) of each box of one array with each box of another."""
def _contrib_box_nms(
    data: Symbol | None = None,
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
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Apply non-maximum suppression: keep the boxes with the highest scores, and one of those that overlap."""
_contrib_box_non_maximum_suppression = _contrib_box_nms
def _contrib_count_sketch(
    data: Symbol | None = None,
    h: Symbol | None = None,
    s: Symbol | None = None,
    out_dim: int = ...,
    processing_batch_size: int = 32,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Project vectors to a shorter length: each number is added, times its sign, to one number of the result."""
_contrib_ctc_loss = _contrib_CTCLoss
def _contrib_div_sqrt_dim(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Divide by the square root of the length of the last axis, as attention does."""
def _contrib_fft(
    data: Symbol | None = None,
    compute_size: int = 128,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Transform rows of real numbers: X_k is the sum of x_n exp(-2 pi i k n / d)."""
def _contrib_getnnz(
    data: Symbol | None = None,
    axis: int | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Count the elements that are not 0."""
def _contrib_gradientmultiplier(
    data: Symbol | None = None,
    scalar: float = 1.0,
    is_int: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the data unchanged, and multiply its gradient by a number; a negative one reverses it."""
def _contrib_group_adagrad_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    history: Symbol | None = None,
    lr: float = ...,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    epsilon: float = 1e-05,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the weight after a step of AdaGrad with one rate for each row, and store the new history."""
def _contrib_hawkesll(
    lda: Symbol | None = None,
    alpha: Symbol | None = None,
    beta: Symbol | None = None,
    state: Symbol | None = None,
    lags: Symbol | None = None,
    marks: Symbol | None = None,
    valid_length: Symbol | None = None,
    max_time: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the logarithm of the likelihood of sequences of events, each of one of K kinds."""
def _contrib_ifft(
    data: Symbol | None = None,
    compute_size: int = 128,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Transform rows of complex numbers back: x_n is the sum of X_k exp(2 pi i k n / d), not divided by d."""
def _contrib_index_array(
    data: Symbol | None = None,
    axes: ShapeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the indices of each element."""
def _contrib_index_copy(
    old_tensor: Symbol | None = None,
    index_vector: Symbol | None = None,
    new_tensor: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return a copy of an array with some of its slices replaced."""
def _contrib_interleaved_matmul_encdec_qk(
    queries: Symbol | None = None,
    keys_values: Symbol | None = None,
    heads: int = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the products of queries and keys, divided by the square root of the channels of a head."""
def _contrib_interleaved_matmul_encdec_valatt(
    keys_values: Symbol | None = None,
    attention: Symbol | None = None,
    heads: int = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the sums of values, weighted with attention."""
def _contrib_interleaved_matmul_selfatt_qk(
    queries_keys_values: Symbol | None = None,
    heads: int = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the products of queries and keys, divided by the square root of the channels of a head."""
def _contrib_interleaved_matmul_selfatt_valatt(
    queries_keys_values: Symbol | None = None,
    attention: Symbol | None = None,
    heads: int = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the sums of values, weighted with attention."""
def _contrib_mrcnn_mask_target(
    rois: Symbol | None = None,
    gt_masks: Symbol | None = None,
    matches: Symbol | None = None,
    cls_targets: Symbol | None = None,
    num_rois: int = ...,
    num_classes: int = ...,
    mask_size: ShapeLike = ...,
    sample_ratio: int = 2,
    aligned: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Say which mask Mask R-CNN should predict for each region: the part of its object's mask that is inside."""
def _contrib_quadratic(
    data: Symbol | None = None,
    a: float = 0.0,
    b: float = 0.0,
    c: float = 0.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return a data^2 + b data + c."""
def _contrib_round_ste(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the nearest integers, with the gradient of the data itself."""
def _contrib_sign_ste(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return -1, 0 or 1, the sign of each number, with the gradient of the data itself."""
def _copy(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return a copy."""
def _copyto(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return a copy; `NDArray.copyto` also converts, and copies to another context."""
def _crop_assign(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    begin: IndicesLike = ...,
    end: IndicesLike = ...,
    step: IndicesLike = (),
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return `lhs` with `rhs` written into the box that `slice` would cut out."""
def _crop_assign_scalar(
    data: Symbol | None = None,
    scalar: float = 0.0,
    begin: IndicesLike = ...,
    end: IndicesLike = ...,
    step: IndicesLike = (),
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return `data` with one number written everywhere in the box that `slice` would cut out."""
def _cvcopyMakeBorder(
    src: Symbol | None = None,
    top: int = ...,
    bot: int = ...,
    left: int = ...,
    right: int = ...,
    type: int = 0,
    value: float = 0.0,
    values: FloatsLike = (),
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Put a border around an image."""
def _cvimdecode(
    buf: Symbol | None = None,
    flag: int = 1,
    to_rgb: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Decode a picture with OpenCV, as `mx.image.imdecode` does."""
def _cvimread(
    filename: str,
    flag: int = 1,
    to_rgb: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Read a picture from a file with OpenCV, as `mx.image.imread` does."""
def _cvimresize(
    src: Symbol | None = None,
    w: int = ...,
    h: int = ...,
    interp: int = 1,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
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
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Make a matrix with ones on one diagonal and zeros elsewhere."""
def _full(
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike = "float32",
    value: float = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Make an array in which each element is `value`."""
def _grad_add(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs + rhs, where gradients of several uses of an array are added up."""
_greater = _Greater
_greater_equal = _Greater_Equal
_greater_equal_scalar = _GreaterEqualScalar
_greater_scalar = _GreaterScalar
def _histogram(
    data: Symbol | None = None,
    bins: Symbol | None = None,
    bin_cnt: int | None = None,
    range: FloatsLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Count the elements in each of several ranges that follow one another."""
_hypot = _Hypot
_hypot_scalar = _HypotScalar
def _identity_with_attr_like_rhs(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return `lhs`; in inference its shape and type are those of `rhs`."""
def _image_adjust_lighting(
    data: Symbol | None = None,
    alpha: FloatsLike = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Shift the colors of an image along the axes on which those of natural images vary."""
def _image_crop(
    data: Symbol | None = None,
    x: int = ...,
    y: int = ...,
    width: int = ...,
    height: int = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Cut a rectangle out of an image."""
def _image_flip_left_right(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Exchange left and right of an image."""
def _image_flip_top_bottom(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Exchange top and bottom of an image."""
def _image_normalize(
    data: Symbol | None = None,
    mean: FloatsLike = (0.0, 0.0, 0.0, 0.0),
    std: FloatsLike = (1.0, 1.0, 1.0, 1.0),
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Subtract a mean from each channel and divide by a standard deviation."""
def _image_random_brightness(
    data: Symbol | None = None,
    min_factor: float = ...,
    max_factor: float = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Multiply an image by a random factor."""
def _image_random_color_jitter(
    data: Symbol | None = None,
    brightness: float = ...,
    contrast: float = ...,
    saturation: float = ...,
    hue: float = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Change brightness, contrast, saturation and hue of an image by random amounts, in random order."""
def _image_random_contrast(
    data: Symbol | None = None,
    min_factor: float = ...,
    max_factor: float = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Mix an image with its mean gray: it keeps a random factor of its contrast."""
def _image_random_flip_left_right(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Exchange left and right of an image, with probability 1/2."""
def _image_random_flip_top_bottom(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Exchange top and bottom of an image, with probability 1/2."""
def _image_random_hue(
    data: Symbol | None = None,
    min_factor: float = ...,
    max_factor: float = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Turn the hue of an image by a random part of the color circle."""
def _image_random_lighting(
    data: Symbol | None = None,
    alpha_std: float = 0.05,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Shift the colors of an image by random amounts along the axes of `adjust_lighting`."""
def _image_random_saturation(
    data: Symbol | None = None,
    min_factor: float = ...,
    max_factor: float = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Mix an image with gray: it keeps a random factor of its colors."""
def _image_resize(
    data: Symbol | None = None,
    size: ShapeLike = (),
    keep_ratio: bool = False,
    interp: int = 1,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Resize an image, with channels last."""
def _image_to_tensor(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Convert images with channels last to float32 arrays with channels first, divided by 255."""
_lesser = _Lesser
_lesser_equal = _Lesser_Equal
_lesser_equal_scalar = _LesserEqualScalar
_lesser_scalar = _LesserScalar
def _linalg_det(A: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Compute determinants."""
def _linalg_extractdiag(
    A: Symbol | None = None,
    offset: int = 0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return diagonals."""
def _linalg_extracttrian(
    A: Symbol | None = None,
    offset: int = 0,
    lower: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return triangles: lower ones row by row, upper ones column by column."""
def _linalg_gelqf(A: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Factor matrices into a lower triangular one and one with orthonormal rows: A = L Q."""
def _linalg_gemm(
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
def _linalg_gemm2(
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
def _linalg_inverse(A: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Invert matrices."""
def _linalg_makediag(
    A: Symbol | None = None,
    offset: int = 0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Make matrices with the given diagonals, and zeros elsewhere."""
def _linalg_maketrian(
    A: Symbol | None = None,
    offset: int = 0,
    lower: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Make matrices with the given triangles, and zeros elsewhere."""
def _linalg_potrf(A: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Factor positive definite matrices: the lower triangular L with L L^T = A (Cholesky)."""
def _linalg_potri(A: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Invert positive definite matrices, given their factors by `potrf`: the inverse of A A^T."""
def _linalg_slogdet(A: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Compute the signs of determinants, and the logarithms of their absolute values."""
def _linalg_sumlogdiag(
    A: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Add up the logarithms of diagonals."""
def _linalg_syevd(A: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Find the eigenvectors and eigenvalues of symmetric matrices: U A = diag(L) U."""
def _linalg_syrk(
    A: Symbol | None = None,
    transpose: bool = False,
    alpha: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Multiply matrices with their transposes: alpha A A^T."""
def _linalg_trmm(
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
def _linalg_trsm(
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
def _linspace(
    start: float,
    stop: float | None = None,
    num: int = ...,
    endpoint: bool = True,
    ctx: ContextLike | None = "",
    dtype: DTypeLike = "float32",
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
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
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    mean: Symbol | None = None,
    var: Symbol | None = None,
    weight32: Symbol | None = None,
    rescale_grad: Symbol | None = None,
    lr: float = ...,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-08,
    wd: float = 0.0,
    eta: float = ...,
    clip_gradient: float = -1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return a low-precision weight after the step of `adamw_update`, which is made with its float32 copy."""
_mul = _Mul
_mul_scalar = _MulScalar
def _multi_adamw_update(
    *data: Symbol,
    lrs: FloatsLike = ...,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-08,
    wds: FloatsLike = ...,
    etas: FloatsLike = ...,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return several weights after the step of `adamw_update`, and store the new averages."""
def _multi_lamb_update(
    *data: Symbol,
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
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return several weights after a step of LAMB, and store the new averages."""
def _multi_mp_adamw_update(
    *data: Symbol,
    lrs: FloatsLike = ...,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-08,
    wds: FloatsLike = ...,
    etas: FloatsLike = ...,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return several low-precision weights after the step of `mp_adamw_update`, and store averages and copies."""
def _multi_mp_lamb_update(
    *data: Symbol,
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
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return several low-precision weights after a step of LAMB, and store averages and copies."""
_not_equal = _Not_Equal
_not_equal_scalar = _NotEqualScalar
def _onehot_encode(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Encode each index as a row that is 1 at that position; `nd.onehot_encode` writes the rows into an array."""
def _ones(
    shape: ShapeLike = (),
    ctx: ContextLike | None = "",
    dtype: DTypeLike = "float32",
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
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
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from an exponential distribution."""
def _random_exponential_like(
    data: Symbol | None = None,
    lam: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from an exponential distribution, in the shape and type of an array."""
def _random_gamma(
    alpha: float = 1.0,
    beta: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from a gamma distribution."""
def _random_gamma_like(
    data: Symbol | None = None,
    alpha: float = 1.0,
    beta: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from a gamma distribution, in the shape and type of an array."""
def _random_generalized_negative_binomial(
    mu: float = 1.0,
    alpha: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw counts from a negative binomial distribution, given its mean and dispersion."""
def _random_generalized_negative_binomial_like(
    data: Symbol | None = None,
    mu: float = 1.0,
    alpha: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw counts from a negative binomial distribution, given its mean and dispersion, in the shape and type of an array."""
def _random_negative_binomial(
    k: int = 1,
    p: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers of failures before the k-th success."""
def _random_negative_binomial_like(
    data: Symbol | None = None,
    k: int = 1,
    p: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers of failures before the k-th success, in the shape and type of an array."""
def _random_normal(
    loc: float = 0.0,
    scale: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from a normal (Gaussian) distribution."""
def _random_normal_like(
    data: Symbol | None = None,
    loc: float = 0.0,
    scale: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from a normal (Gaussian) distribution, in the shape and type of an array."""
def _random_pdf_dirichlet(
    sample: Symbol | None = None,
    alpha: Symbol | None = None,
    is_log: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the densities of Dirichlet distributions."""
def _random_pdf_exponential(
    sample: Symbol | None = None,
    lam: Symbol | None = None,
    is_log: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the densities of exponential distributions."""
def _random_pdf_gamma(
    sample: Symbol | None = None,
    alpha: Symbol | None = None,
    beta: Symbol | None = None,
    is_log: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the densities of gamma distributions."""
def _random_pdf_generalized_negative_binomial(
    sample: Symbol | None = None,
    mu: Symbol | None = None,
    alpha: Symbol | None = None,
    is_log: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the densities of negative binomial distributions, given their means."""
def _random_pdf_negative_binomial(
    sample: Symbol | None = None,
    k: Symbol | None = None,
    p: Symbol | None = None,
    is_log: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the densities of the numbers of failures before the k-th success."""
def _random_pdf_normal(
    sample: Symbol | None = None,
    mu: Symbol | None = None,
    sigma: Symbol | None = None,
    is_log: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the densities of normal (Gaussian) distributions."""
def _random_pdf_poisson(
    sample: Symbol | None = None,
    lam: Symbol | None = None,
    is_log: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the densities of Poisson distributions."""
def _random_pdf_uniform(
    sample: Symbol | None = None,
    low: Symbol | None = None,
    high: Symbol | None = None,
    is_log: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the densities of uniform distributions over [low, high)."""
def _random_poisson(
    lam: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw counts from a Poisson distribution."""
def _random_poisson_like(
    data: Symbol | None = None,
    lam: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw counts from a Poisson distribution, in the shape and type of an array."""
def _random_randint(
    low: int,
    high: int,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: Literal["int32", "int64"] | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw integers, each equally likely."""
def _random_uniform(
    low: float = 0.0,
    high: float = 1.0,
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from a uniform distribution over [low, high)."""
def _random_uniform_like(
    data: Symbol | None = None,
    low: float = 0.0,
    high: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from a uniform distribution over [low, high), in the shape and type of an array."""
def _ravel_multi_index(
    data: Symbol | None = None,
    shape: ShapeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the position of elements in an array's row-major order, given their coordinates."""
_rdiv_scalar = _RDivScalar
_rminus_scalar = _RMinusScalar
_rmod_scalar = _RModScalar
def _rnn_param_concat(
    *data: Symbol,
    num_args: int = ...,
    dim: int = 1,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Join arrays along an existing axis, as Concat does: the parameters of recurrent layers."""
_rpower_scalar = _RPowerScalar
def _sample_exponential(
    lam: Symbol | None = None,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from an exponential distribution, for each element of the parameters."""
def _sample_gamma(
    alpha: Symbol | None = None,
    beta: Symbol | None = None,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from a gamma distribution, for each element of the parameters."""
def _sample_generalized_negative_binomial(
    mu: Symbol | None = None,
    alpha: Symbol | None = None,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw counts from a negative binomial distribution, given its mean and dispersion, for each element of the parameters."""
def _sample_multinomial(
    data: Symbol | None = None,
    shape: ShapeLike = (),
    get_prob: bool = False,
    dtype: DTypeLike = "int32",
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw indices of categories."""
def _sample_negative_binomial(
    k: Symbol | None = None,
    p: Symbol | None = None,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers of failures before the k-th success, for each element of the parameters."""
def _sample_normal(
    mu: Symbol | None = None,
    sigma: Symbol | None = None,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from a normal (Gaussian) distribution, for each element of the parameters."""
def _sample_poisson(
    lam: Symbol | None = None,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw counts from a Poisson distribution, for each element of the parameters."""
def _sample_uniform(
    low: Symbol | None = None,
    high: Symbol | None = None,
    shape: ShapeLike = (),
    dtype: DTypeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from a uniform distribution over [low, high), for each element of the parameters."""
def _sample_unique_zipfian(
    range_max: int,
    shape: ShapeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw rows of different integers from a log-uniform distribution."""
def _scatter_elemwise_div(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs / rhs, computed only where a row_sparse `lhs` stores elements."""
def _scatter_minus_scalar(
    data: Symbol | None = None,
    scalar: float = 1.0,
    is_int: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return data - scalar; of a sparse array only where elements are stored."""
def _scatter_plus_scalar(
    data: Symbol | None = None,
    scalar: float = 1.0,
    is_int: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return data + scalar; of a sparse array only where elements are stored."""
def _scatter_set_nd(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    indices: Symbol | None = None,
    shape: ShapeLike = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return a copy of an array with elements, or slices, replaced at given coordinates."""
def _shuffle(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Shuffle the slices along the first axis; each order is equally likely."""
_slice_assign = _crop_assign
_slice_assign_scalar = _crop_assign_scalar
def _sparse_ElementWiseSum(
    *args: Symbol,
    num_args: int = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Add arrays of the same shape."""
def _sparse_Embedding(
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
def _sparse_FullyConnected(
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
def _sparse_LinearRegressionOutput(
    data: Symbol | None = None,
    label: Symbol | None = None,
    grad_scale: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the data, with the gradient of half the squared error, ignoring the incoming gradient."""
def _sparse_LogisticRegressionOutput(
    data: Symbol | None = None,
    label: Symbol | None = None,
    grad_scale: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the logistic function of the data, with the gradient of the cross-entropy to the label, ignoring the incoming gradient."""
def _sparse_MAERegressionOutput(
    data: Symbol | None = None,
    label: Symbol | None = None,
    grad_scale: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the data, with the gradient of the absolute error, ignoring the incoming gradient."""
_sparse__contrib_round_ste = _contrib_round_ste
_sparse__contrib_sign_ste = _contrib_sign_ste
def _sparse_abs(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the absolute value, element-wise."""
def _sparse_adagrad_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    history: Symbol | None = None,
    lr: float = ...,
    epsilon: float = 1e-07,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the weight after a step of AdaGrad, and store the new history; of a row_sparse gradient only its rows."""
def _sparse_adam_update(
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
_sparse_add_n = _sparse_ElementWiseSum
def _sparse_arccos(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the angle in radians whose cosine it is, element-wise."""
def _sparse_arccosh(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the inverse of cosh, of numbers of at least 1, element-wise."""
def _sparse_arcsin(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the angle in radians whose sine it is, element-wise."""
def _sparse_arcsinh(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the inverse of sinh, element-wise."""
def _sparse_arctan(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the angle in radians whose tangent it is, element-wise."""
def _sparse_arctanh(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the inverse of tanh, of numbers between -1 and 1, element-wise."""
def _sparse_broadcast_add(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs + rhs."""
def _sparse_broadcast_div(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs / rhs; integers drop the fraction and give 0 for a division by 0."""
def _sparse_broadcast_minus(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs - rhs."""
def _sparse_broadcast_mul(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return lhs * rhs."""
_sparse_broadcast_plus = _sparse_broadcast_add
_sparse_broadcast_sub = _sparse_broadcast_minus
def _sparse_cast_storage(
    data: Symbol | None = None,
    stype: Literal["csr", "default", "row_sparse"] = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return a copy in a form of storage."""
def _sparse_cbrt(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the cube root, element-wise."""
def _sparse_ceil(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the smallest integer that is not smaller, element-wise."""
def _sparse_clip(
    data: Symbol | None = None,
    a_min: float = ...,
    a_max: float = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Limit each element to the range from `a_min` to `a_max`."""
def _sparse_concat(
    *data: Symbol,
    num_args: int = ...,
    dim: int = 1,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Join arrays along an existing axis."""
def _sparse_cos(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the cosine of an angle in radians, element-wise."""
def _sparse_cosh(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the hyperbolic cosine, element-wise."""
def _sparse_degrees(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the angle in degrees of one in radians, element-wise."""
def _sparse_dot(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    transpose_a: bool = False,
    transpose_b: bool = False,
    forward_stype: Literal["csr", "default", "row_sparse"] | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Multiply matrices: sum over the last axis of `lhs` and the first of `rhs`."""
_sparse_elemwise_add = _Plus
_sparse_elemwise_div = _Div
_sparse_elemwise_mul = _Mul
_sparse_elemwise_sub = _Minus
def _sparse_exp(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return e to the power of data, element-wise."""
def _sparse_expm1(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return exp(data) - 1, exact near 0, element-wise."""
def _sparse_fix(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the nearest integer toward 0, element-wise."""
def _sparse_floor(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the largest integer that is not larger, element-wise."""
def _sparse_ftrl_update(
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
def _sparse_gamma(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the gamma function, element-wise."""
def _sparse_gammaln(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return log(abs(gamma(data))), element-wise."""
def _sparse_log(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the natural logarithm, element-wise."""
def _sparse_log10(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the logarithm to base 10, element-wise."""
def _sparse_log1p(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return log(1 + data), exact near 0, element-wise."""
def _sparse_log2(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the logarithm to base 2, element-wise."""
def _sparse_make_loss(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return a copy whose gradient is 1, ignoring the incoming gradient."""
def _sparse_mean(
    data: Symbol | None = None,
    axis: ShapeLike | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Average the elements, along some axes or over everything."""
def _sparse_negative(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the number with the opposite sign, element-wise."""
def _sparse_norm(
    data: Symbol | None = None,
    ord: int = 2,
    axis: ShapeLike | None = None,
    out_dtype: Literal["float16", "float32", "float64", "int32", "int64", "int8"] | None = None,
    keepdims: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the norm of vectors: the root of the sum of squares, or the sum of absolute values."""
def _sparse_radians(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the angle in radians of one in degrees, element-wise."""
def _sparse_relu(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return max(data, 0), element-wise."""
def _sparse_retain(
    data: Symbol | None = None,
    indices: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Keep some slices along the first axis; the others are zeros."""
def _sparse_rint(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the nearest integer, on ties the lower one, element-wise."""
def _sparse_round(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the nearest integer, on ties the one away from 0, element-wise."""
def _sparse_rsqrt(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return 1 / sqrt(data), element-wise."""
def _sparse_sgd_mom_update(
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
def _sparse_sgd_update(
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
def _sparse_sigmoid(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 / (1 + exp(-data)), element-wise."""
def _sparse_sign(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return -1, 0 or 1, the sign, element-wise."""
def _sparse_sin(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the sine of an angle in radians, element-wise."""
def _sparse_sinh(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the hyperbolic sine, element-wise."""
def _sparse_slice(
    data: Symbol | None = None,
    begin: IndicesLike = ...,
    end: IndicesLike = ...,
    step: IndicesLike = (),
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Cut a box out of an array, with the rules of Python's slices."""
def _sparse_sqrt(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the square root, element-wise."""
def _sparse_square(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return data * data, element-wise."""
def _sparse_stop_gradient(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return a copy that no gradient flows back through."""
def _sparse_sum(
    data: Symbol | None = None,
    axis: ShapeLike | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Sum the elements, along some axes or over everything."""
def _sparse_tan(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the tangent of an angle in radians, element-wise."""
def _sparse_tanh(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the hyperbolic tangent, element-wise."""
def _sparse_trunc(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the integer part, without the fraction, element-wise."""
def _sparse_where(
    condition: Symbol | None = None,
    x: Symbol | None = None,
    y: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Take elements of `x` where the condition holds, and of `y` elsewhere."""
def _sparse_zeros_like(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Make an array of zeros of the shape and type of `data`."""
def _split_v2(
    data: Symbol | None = None,
    indices: ShapeLike = ...,
    axis: int = 1,
    squeeze_axis: bool = False,
    sections: int = 0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Split an array at given positions, or into equal parts; users call `glueball.nd.split_v2`."""
def _square_sum(
    data: Symbol | None = None,
    axis: ShapeLike | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Sum the squares, along some axes or over everything."""
_sub = _Minus
def _unravel_index(
    data: Symbol | None = None,
    shape: ShapeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the coordinates of elements, given their positions in an array's row-major order."""
def _zeros(
    shape: ShapeLike = (),
    ctx: ContextLike | None = "",
    dtype: DTypeLike = "float32",
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Make an array of zeros."""
def _zeros_without_dtype(
    shape: ShapeLike | None = None,
    ctx: ContextLike | None = "",
    dtype: int = -1,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Make an array of zeros."""
