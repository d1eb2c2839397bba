"""mrcnn_mask_target: what the mask branch of Mask R-CNN should predict. MXNet has it in its builds for GPUs."""

from __future__ import annotations

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Positive, Shape
from ..checks import one_type, same_float
from ..declare import cases, operator
from ..flops import Call
from ..gradient import without_gradient
from ..samples import Input, exactly, refused, sample
from .roi_align import roi_align


def _flops(call: Call) -> int:
    images, regions, _, high, wide = call.output
    samples: int = max(2, call.attributes["sample_ratio"])
    return images * regions * high * wide * 20 * samples**2


@operator("_contrib_mrcnn_mask_target", outputs=2, reads_values=True, precision="unlisted", kind="other", flops=_flops)
def mrcnn_mask_target(
    rois: Tensor,
    gt_masks: Tensor,
    matches: Tensor,
    cls_targets: Tensor,
    *,
    num_rois: Positive,
    num_classes: Positive,
    mask_size: Shape,
    sample_ratio: int = 2,
    aligned: bool = False,
) -> tuple[Tensor, Tensor]:
    """Say which mask Mask R-CNN should predict for each region: the part of its object's mask that is inside.

    Parameters
    ----------
    rois : NDArray
        (N, num_rois, 4): left, top, right, bottom of each region.
    gt_masks : NDArray
        (N, objects, H, W): the mask of each object in its image.
    matches : NDArray
        (N, num_rois): the index of each region's object.
    cls_targets : NDArray
        (N, num_rois): the class of each region, from 0, background not counted.
    num_rois : int
        The number of regions of an image.
    num_classes : int
        The number of classes.
    mask_size : tuple of int
        Height and width of the masks that are predicted.
    sample_ratio : int, default 2
        The number of samples in a pixel of the target along each axis; below 1, one for each pixel of its length.
    aligned : bool, default False
        As in ROIAlign.

    Returns
    -------
    list of NDArray
        (N, num_rois, num_classes, *mask_size): the target, for every class the same; and, of this shape, 1 for the
        class of the region, else 0. They have no gradient.
    """
    owner = "_contrib_mrcnn_mask_target"
    if gt_masks.dim() != 4:
        raise MXNetError(f"{owner}: gt_masks must have shape (N, objects, H, W); received {tuple(gt_masks.shape)}")
    images, objects = gt_masks.shape[:2]
    for name, given, expected in (
        ("rois", rois, (images, num_rois, 4)), ("matches", matches, (images, num_rois)),
        ("cls_targets", cls_targets, (images, num_rois)),
    ):  # fmt: skip
        if tuple(given.shape) != expected:
            raise MXNetError(f"{owner}: {name} must have shape {expected}; received {tuple(given.shape)}")
    if len(mask_size) != 2 or min(mask_size) < 1:
        raise MXNetError(f"{owner}: mask_size must be 2 ints of at least 1; received {mask_size}")
    if not same_float(rois, gt_masks, matches, cls_targets):
        raise one_type(owner, rois=rois, gt_masks=gt_masks, matches=matches, cls_targets=cls_targets)
    shape = (images, num_rois, num_classes, *mask_size)
    if rois.is_meta:
        return gt_masks.new_empty(shape), gt_masks.new_empty(shape)
    index = matches.detach().long()
    if index.numel() and not 0 <= int(index.min()) <= int(index.max()) < objects:
        raise MXNetError(
            f"{owner}: matches must be from 0 to {objects - 1}; received {int(index.min())} to {int(index.max())}"
        )
    number = torch.arange(images, device=index.device).unsqueeze(1) * objects + index
    masks = gt_masks.detach().reshape(-1, 1, *gt_masks.shape[2:])
    # All masks are images here. Their numbers are exact in float64 alone, however many there are.
    regions = torch.cat([number.reshape(-1, 1).double(), rois.detach().reshape(-1, 4).double()], 1)
    found = roi_align(masks.double(), regions, pooled_size=mask_size, spatial_scale=1.0, sample_ratio=sample_ratio,
                      aligned=aligned)  # fmt: skip
    target = found.to(gt_masks.dtype).reshape(images, num_rois, 1, *mask_size).expand(shape).contiguous()
    classes = torch.arange(num_classes, device=rois.device)
    own = (cls_targets.detach().unsqueeze(2) == classes).to(gt_masks.dtype)[..., None, None].expand(shape).contiguous()
    inputs = rois, gt_masks, matches, cls_targets
    return without_gradient(target, *inputs), without_gradient(own, *inputs)


_REGIONS = exactly(0, 0, 3, 4, 1.5, 2, 5, 6, 2, 1, 3, 7, 0, 3, 4, 5, 1, 1, 2, 2, 0.5, 0.5, 5, 6, shape=(2, 3, 4))
_INPUTS = (
    _REGIONS, Input((2, 2, 7, 6)), exactly(0, 1, 1, 1, 0, 0, shape=(2, 3)), exactly(0, 1, -1, 2, 3, 0, shape=(2, 3)),
)  # fmt: skip

cases(
    "_contrib_mrcnn_mask_target",
    samples=lambda: [
        sample(*_INPUTS, num_rois=3, num_classes=4, mask_size=(2, 3), judge="numpy", derivative=False),
        sample(*_INPUTS, num_rois=3, num_classes=4, mask_size=(2, 2), sample_ratio=-1, aligned=True, judge="numpy",
               gradient=False),
    ],
    refusals=lambda: [
        refused("gt_masks must have shape", _REGIONS, (2, 7, 6), *_INPUTS[2:], num_rois=3, num_classes=4,
                mask_size=(2, 2)),
        refused(r"rois must have shape \(2, 4, 4\)", *_INPUTS, num_rois=4, num_classes=4, mask_size=(2, 2)),
        refused(r"matches must have shape \(2, 3\)", *_INPUTS[:2], (2, 4), _INPUTS[3], num_rois=3, num_classes=4,
                mask_size=(2, 2)),
        refused("mask_size must be 2 ints", *_INPUTS, num_rois=3, num_classes=4, mask_size=(2,)),
        refused("matches must be from 0 to 1; received 0 to 2", *_INPUTS[:2], exactly(0, 1, 2, 1, 0, 0, shape=(2, 3)),
                _INPUTS[3], num_rois=3, num_classes=4, mask_size=(2, 2)),
        refused("one floating-point type", *_INPUTS[:3], Input((2, 3), "float64"), num_rois=3, num_classes=4,
                mask_size=(2, 2)),
    ],
)  # fmt: skip
