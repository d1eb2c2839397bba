"""The functions of symbol.contrib.

Written by ``make stubs`` from the declarations in `glueball.ops`; not to be edited.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, overload

from ..core.annotations import ContextLike, DTypeLike, FloatsLike, IndicesLike, Scalar, ShapeLike, ShapesLike
from ..control_flow.cond import cond as cond
from ..control_flow.foreach import foreach as foreach
from ..control_flow.while_loop import while_loop as while_loop
from .candidates import rand_zipfian as rand_zipfian
from .symbol import Symbol

def AdaptiveAvgPooling2D(
    data: Symbol | None = None,
    output_size: ShapeLike = (),
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Divide images into a given number of parts, and take the mean of each."""
def BatchNormWithReLU(
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
def BilinearResize2D(
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
def DeformableConvolution(
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
def DeformablePSROIPooling(
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
def ModulatedDeformableConvolution(
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
def MultiBoxDetection(
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
def MultiBoxPrior(
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
def MultiBoxTarget(
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
def MultiProposal(
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
def PSROIPooling(
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
def Proposal(
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
def ROIAlign(
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
def RROIAlign(
    data: Symbol | None = None,
    rois: Symbol | None = None,
    pooled_size: ShapeLike = ...,
    spatial_scale: float = ...,
    sampling_ratio: int = -1,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Divide turned rectangles of images into a given number of parts, and take the mean of samples in each."""
def SparseEmbedding(
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
def SyncBatchNorm(
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
def allclose(
    a: Symbol | None = None,
    b: Symbol | None = None,
    rtol: float = 1e-05,
    atol: float = 1e-08,
    equal_nan: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return 1 where all elements of two arrays are close, abs(a - b) <= atol + rtol abs(b), else 0."""
def arange_like(
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
def bipartite_matching(
    data: Symbol | None = None,
    is_ascend: bool = False,
    threshold: float = ...,
    topk: int = -1,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Pair rows and columns greedily: the pair of the best score, then the best of the rows and columns left."""
def boolean_mask(
    data: Symbol | None = None,
    index: Symbol | None = None,
    axis: int = 0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the slices of an array for which a mask is not zero."""
def box_decode(
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
def box_encode(
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
def box_iou(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    format: Literal["center", "corner"] = "corner",
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the intersection over union (IoU) of each box of one array with each box of another."""
def box_nms(
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
box_non_maximum_suppression = box_nms
def count_sketch(
    data: Symbol | None = None,
    h: Symbol | None = None,
    s: Symbol | None = None,
    out_dim: int = ...,
    processing_batch_size: int = 32,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Project vectors to a shorter length: each number is added, times its sign, to one number of the result."""
ctc_loss = CTCLoss
def div_sqrt_dim(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Divide by the square root of the length of the last axis, as attention does."""
def fft(
    data: Symbol | None = None,
    compute_size: int = 128,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Transform rows of real numbers: X_k is the sum of x_n exp(-2 pi i k n / d)."""
def getnnz(
    data: Symbol | None = None,
    axis: int | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Count the elements that are not 0."""
def gradientmultiplier(
    data: Symbol | None = None,
    scalar: float = 1.0,
    is_int: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the data unchanged, and multiply its gradient by a number; a negative one reverses it."""
def group_adagrad_update(
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
def hawkesll(
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
def ifft(
    data: Symbol | None = None,
    compute_size: int = 128,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Transform rows of complex numbers back: x_n is the sum of X_k exp(2 pi i k n / d), not divided by d."""
def index_array(
    data: Symbol | None = None,
    axes: ShapeLike | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the indices of each element."""
def index_copy(
    old_tensor: Symbol | None = None,
    index_vector: Symbol | None = None,
    new_tensor: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return a copy of an array with some of its slices replaced."""
def interleaved_matmul_encdec_qk(
    queries: Symbol | None = None,
    keys_values: Symbol | None = None,
    heads: int = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the products of queries and keys, divided by the square root of the channels of a head."""
def interleaved_matmul_encdec_valatt(
    keys_values: Symbol | None = None,
    attention: Symbol | None = None,
    heads: int = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the sums of values, weighted with attention."""
def interleaved_matmul_selfatt_qk(
    queries_keys_values: Symbol | None = None,
    heads: int = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the products of queries and keys, divided by the square root of the channels of a head."""
def interleaved_matmul_selfatt_valatt(
    queries_keys_values: Symbol | None = None,
    attention: Symbol | None = None,
    heads: int = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return the sums of values, weighted with attention."""
def mrcnn_mask_target(
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
def quadratic(
    data: Symbol | None = None,
    a: float = 0.0,
    b: float = 0.0,
    c: float = 0.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return a data^2 + b data + c."""
def round_ste(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return the nearest integers, with the gradient of the data itself."""
def sign_ste(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Return -1, 0 or 1, the sign of each number, with the gradient of the data itself."""
