"""The functions of ndarray.contrib.

Written by ``make stubs`` from the declarations in `glueball.ops`; not to be edited.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, overload

from ..core.annotations import ContextLike, DTypeLike, FloatsLike, IndicesLike, Scalar, ShapeLike, ShapesLike
from ..control_flow.array_functions import cond as cond
from ..control_flow.array_functions import foreach as foreach
from ..control_flow.array_functions import while_loop as while_loop
from .adam_steps import adamw_update as adamw_update
from .adam_steps import mp_adamw_update as mp_adamw_update
from .adam_steps import multi_adamw_update as multi_adamw_update
from .adam_steps import multi_lamb_update as multi_lamb_update
from .adam_steps import multi_mp_adamw_update as multi_mp_adamw_update
from .adam_steps import multi_mp_lamb_update as multi_mp_lamb_update
from .candidates import rand_zipfian as rand_zipfian
from .finite import isfinite as isfinite
from .finite import isinf as isinf
from .finite import isnan as isnan
from .ndarray import NDArray

def AdaptiveAvgPooling2D(
    data: NDArray,
    output_size: ShapeLike = (),
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Divide images into a given number of parts, and take the mean of each."""
@overload
def BatchNormWithReLU(
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
def BatchNormWithReLU(
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
def BatchNormWithReLU(
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
def BilinearResize2D(
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
def DeformableConvolution(
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
def DeformablePSROIPooling(
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
def ModulatedDeformableConvolution(
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
def MultiBoxDetection(
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
def MultiBoxPrior(
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
def MultiBoxTarget(
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
def MultiProposal(
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
def MultiProposal(
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
def MultiProposal(
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
def PSROIPooling(
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
def Proposal(
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
def Proposal(
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
def Proposal(
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
def ROIAlign(
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
def RROIAlign(
    data: NDArray,
    rois: NDArray,
    pooled_size: ShapeLike,
    spatial_scale: float,
    sampling_ratio: int = -1,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Divide turned rectangles of images into a given number of parts, and take the mean of samples in each."""
def SparseEmbedding(
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
def SyncBatchNorm(
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
def SyncBatchNorm(
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
def SyncBatchNorm(
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
def allclose(
    a: NDArray,
    b: NDArray,
    rtol: float = 1e-05,
    atol: float = 1e-08,
    equal_nan: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return 1 where all elements of two arrays are close, abs(a - b) <= atol + rtol abs(b), else 0."""
def arange_like(
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
def bipartite_matching(
    data: NDArray,
    is_ascend: bool = False,
    threshold: float = ...,
    topk: int = -1,
    out: Sequence[NDArray] | None = None,
    name: str | None = None,
) -> list[NDArray]:
    """Pair rows and columns greedily: the pair of the best score, then the best of the rows and columns left."""
def boolean_mask(
    data: NDArray,
    index: NDArray,
    axis: int = 0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the slices of an array for which a mask is not zero."""
def box_decode(
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
def box_encode(
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
def box_iou(
    lhs: NDArray,
    rhs: NDArray,
    format: Literal["center", "corner"] = "corner",
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the intersection over union (IoU) of each box of one array with each box of another."""
def box_nms(
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
box_non_maximum_suppression = box_nms
def count_sketch(
    data: NDArray,
    h: NDArray,
    s: NDArray,
    out_dim: int,
    processing_batch_size: int = 32,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Project vectors to a shorter length: each number is added, times its sign, to one number of the result."""
ctc_loss = CTCLoss
def div_sqrt_dim(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Divide by the square root of the length of the last axis, as attention does."""
def fft(data: NDArray, compute_size: int = 128, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Transform rows of real numbers: X_k is the sum of x_n exp(-2 pi i k n / d)."""
def getnnz(data: NDArray, axis: int | None = None, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Count the elements that are not 0."""
def gradientmultiplier(
    data: NDArray,
    scalar: float = 1.0,
    is_int: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the data unchanged, and multiply its gradient by a number; a negative one reverses it."""
def group_adagrad_update(
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
def hawkesll(
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
def ifft(data: NDArray, compute_size: int = 128, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Transform rows of complex numbers back: x_n is the sum of X_k exp(2 pi i k n / d), not divided by d."""
def index_array(
    data: NDArray,
    axes: ShapeLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the indices of each element."""
def index_copy(
    old_tensor: NDArray,
    index_vector: NDArray,
    new_tensor: NDArray,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return a copy of an array with some of its slices replaced."""
def interleaved_matmul_encdec_qk(
    queries: NDArray,
    keys_values: NDArray,
    heads: int,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the products of queries and keys, divided by the square root of the channels of a head."""
def interleaved_matmul_encdec_valatt(
    keys_values: NDArray,
    attention: NDArray,
    heads: int,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the sums of values, weighted with attention."""
def interleaved_matmul_selfatt_qk(
    queries_keys_values: NDArray,
    heads: int,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the products of queries and keys, divided by the square root of the channels of a head."""
def interleaved_matmul_selfatt_valatt(
    queries_keys_values: NDArray,
    attention: NDArray,
    heads: int,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return the sums of values, weighted with attention."""
def mrcnn_mask_target(
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
def quadratic(
    data: NDArray,
    a: float = 0.0,
    b: float = 0.0,
    c: float = 0.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return a data^2 + b data + c."""
def round_ste(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the nearest integers, with the gradient of the data itself."""
def sign_ste(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return -1, 0 or 1, the sign of each number, with the gradient of the data itself."""
