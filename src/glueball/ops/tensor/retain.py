"""Keeping some slices of an array, and the others as zeros: sparse_retain."""

from __future__ import annotations

import torch
from torch import Tensor

from ..declare import cases, operator
from ..samples import Input, sample
from ..shape_rule import first_like_output, like_first
from ..sparse.places import RETAIN


@operator("_sparse_retain", types="T, I -> T", infer_outputs=like_first, from_partial=like_first,
          from_outputs=first_like_output, kind="other", flops=0, precision=("any", "unlisted"),
          sparse=RETAIN)  # fmt: skip
def retain(data: Tensor, indices: Tensor) -> Tensor:
    """Keep some slices along the first axis; the others are zeros.

    Parameters
    ----------
    data : NDArray
        The array; of a row_sparse one the result stores the wanted slices alone.
    indices : NDArray
        The places of the slices to keep, each once.
    """
    kept = torch.zeros(data.shape[0], dtype=torch.bool, device=data.device)
    kept[indices.long().reshape(-1)] = True
    return data * kept.reshape(-1, *[1] * (data.dim() - 1))


cases("_sparse_retain", samples=lambda: [sample((4, 3), Input((2,), "int64", 0, 4), judge="numpy", gradient=False)])
