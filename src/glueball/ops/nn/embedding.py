"""Embedding: rows of a matrix, looked up by index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Positive
from ..captions import TIMES
from ..declare import cases, operator
from ..samples import Input, exactly, refused, sample
from ..shape_rule import PartialShape
from ..sparse.places import EMBEDDING, SPARSE_EMBEDDING


def embedding_shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    """Complete the shape of the weight: (input_dim, output_dim)."""
    return shapes if shapes[0] is None else [shapes[0], (attributes["input_dim"], attributes["output_dim"])]


@operator(
    "Embedding",
    npx="embedding",
    types="I, T={dtype} -> T",
    aliases=["_sparse_Embedding"],
    infer_inputs=embedding_shapes,
    infer_outputs=lambda shapes, attributes: [(*shapes[0], attributes["output_dim"])],
    from_outputs="nothing",
    kind="dense",
    flops=0,
    caption=f"{{input_dim}} {TIMES} {{output_dim}}",
    sparse=EMBEDDING,
)
def embedding(
    data: Tensor,
    weight: Tensor,
    *,
    input_dim: Positive,
    output_dim: Positive,
    dtype: torch.dtype = torch.float32,
    sparse_grad: bool = False,
) -> Tensor:
    """Look up rows of a matrix by index.

    Parameters
    ----------
    data : NDArray
        Indices of rows, of any type and shape; fractions are dropped, and an index out of range means the nearest row.
        No gradient flows to it.
    weight : NDArray
        (input_dim, output_dim).
    input_dim : int
        The number of rows.
    output_dim : int
        The length of a row.
    dtype : str, default 'float32'
        The type of a weight that is yet to be made; an existing one keeps its own.
    sparse_grad : bool, default False
        Compute only the rows of the gradient that were looked up; a gradient with row_sparse storage has no others.

    Returns
    -------
    NDArray
        The shape of the data followed by `output_dim`.

    Raises
    ------
    MXNetError
        The weight has the wrong shape.
    """
    if weight.shape != (input_dim, output_dim):
        raise MXNetError(
            f"Embedding: weight must have shape (input_dim, output_dim) = {(input_dim, output_dim)}; "
            f"received {tuple(weight.shape)}"
        )
    # What torch goes on to compute with, as a weight that was cast, gets a dense gradient.
    sparse = sparse_grad and weight.is_leaf and not torch.compiler.is_compiling()
    return F.embedding(data.detach().long().clamp(0, input_dim - 1), weight, sparse=sparse)


cases(
    "Embedding",
    samples=lambda: [
        sample(Input((2, 5), "int32", 0, 4), (4, 3), input_dim=4, output_dim=3),
        sample(exactly(-7, 0, 9, 3, dtype="int64"), (4, 3), input_dim=4, output_dim=3),
        sample(exactly(-0.5, 1.7, 2.2, 9), (4, 3), input_dim=4, output_dim=3, gradient=False),
        sample(Input((3,), "int32", 0, 4), Input((4, 3), "float64"), input_dim=4, output_dim=3, dtype="float64"),
    ],
    refusals=lambda: [
        refused("weight must have shape", Input((2,), "int32", 0, 4), (4, 3), input_dim=5, output_dim=3),
        refused("input_dim must be an int of at least 1", Input((2,), "int32", 0, 4), (4, 3), input_dim=0,
                output_dim=3),
    ],
)  # fmt: skip


@operator(
    "_contrib_SparseEmbedding",
    types="I, T={dtype} -> T",
    infer_inputs=embedding_shapes,
    infer_outputs=lambda shapes, attributes: [(*shapes[0], attributes["output_dim"])],
    from_outputs="nothing",
    kind="dense",
    flops=0,
    caption=f"{{input_dim}} {TIMES} {{output_dim}}",
    sparse=SPARSE_EMBEDDING,
)
def sparse_embedding(
    data: Tensor,
    weight: Tensor,
    *,
    input_dim: Positive,
    output_dim: Positive,
    dtype: torch.dtype = torch.float32,
    sparse_grad: bool = False,
) -> Tensor:
    """Look up rows of a matrix by index, as `glueball.nd.Embedding` does.

    Parameters
    ----------
    data, weight, input_dim, output_dim, dtype
        As in `glueball.nd.Embedding`; only the rows of the gradient that were looked up are computed.
    sparse_grad : bool, default False
        Not used, as in MXNet.
    """
    return embedding(data, weight, input_dim=input_dim, output_dim=output_dim, dtype=dtype, sparse_grad=True)


cases(
    "_contrib_SparseEmbedding",
    samples=lambda: [
        # MXNet has only a sparse gradient.
        sample(Input((2, 5), "int32", 0, 4), (4, 3), input_dim=4, output_dim=3, gradient=False),
    ],
    refusals=lambda: [
        refused("weight must have shape", Input((2,), "int32", 0, 4), (4, 3), input_dim=5, output_dim=3),
    ],
)
