"""Calls batch normalization that no layer has taken up as a factor and a number to add for each channel."""

from __future__ import annotations

import torch

from ...ops.shape_rule import is_known
from ..draft import Draft
from ..fused import FusedScale
from ..matching import arguments, attributes, first_output
from .fold_batch_norm import scale, shifted

SAVES_WORK = False


def rewrite(draft: Draft) -> int:
    """Replace each BatchNorm of images in float32 that has its parameters."""
    count, constants = 0, draft.constants()
    for norm in draft.calls("BatchNorm"):
        data, *parameters = arguments(norm)
        output, shape = first_output(norm), data.meta.get("shape")
        axis = attributes(norm)["axis"] % 4
        if output is None or not constants.issuperset(parameters) or not is_known(shape) or len(shape) != 4:
            continue
        if axis not in (1, 3) or any(each.meta.get("type") is not torch.float32 for each in arguments(norm)):
            continue
        _, gamma, beta, mean, variance = arguments(norm)
        how = attributes(norm)
        exact = draft.insert(norm, scale, None if how["fix_gamma"] else gamma, variance, how["eps"])
        shift = draft.insert(norm, shifted, None, beta, mean, exact, beta)
        factor = draft.insert(norm, as_type_of, exact, beta)
        call = FusedScale(last=axis == 3, count=shape[axis])
        draft.replace(output, call, data, factor, shift, None, source=norm)
        draft.graph.erase_node(norm)
        count += 1
    return count


def as_type_of(numbers: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    """Return numbers in the type of another tensor."""
    return numbers.to(other.dtype)
