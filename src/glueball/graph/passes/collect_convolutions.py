"""Calls convolutions in the form to which later passes add."""

from __future__ import annotations

import torch

from ...ops.nn.window import channels_first, channels_last, leaps, may_miss, to_channels_first
from ..draft import Draft
from ..fused import FusedConvolution
from ..matching import arguments, attributes

SAVES_WORK = False

_TYPES = (torch.float32, torch.float64, torch.bfloat16)


def rewrite(draft: Draft) -> int:
    """Replace each two-dimensional Convolution that has parameters for weight and bias, of a type that is not float16.

    The operator itself computes windows that lie far apart in another type, where oneDNN fails, and puts zeros around
    images that windows may miss.
    """
    count, constants = 0, draft.constants()
    for node in draft.calls("Convolution"):
        how, (data, weight, bias) = attributes(node), arguments(node)
        rank = len(how["kernel"])
        if rank != 2 or not constants.issuperset({weight, bias} - {None}) or weight.meta["type"] not in _TYPES:
            continue
        last = channels_last(how["layout"])
        shape = data.meta.get("shape")
        lengths = channels_first(shape, last)[2:] if shape else (0,) * rank
        if leaps(how["kernel"], how["stride"], how["dilate"]) or may_miss(lengths, how["pad"], how["dilate"]):
            continue
        ones, zeros = (1,) * rank, (0,) * rank
        call = FusedConvolution(
            filters=channels_first(weight.meta["shape"], last), stride=how["stride"] or ones, pad=how["pad"] or zeros,
            dilate=how["dilate"] or ones, groups=how["num_group"], last=last,
        )  # fmt: skip
        weight = draft.insert(node, to_channels_first, weight) if last else weight
        draft.replace(node, call, data, weight, bias, None, source=node)
        count += 1
    return count
