"""The embedding whose weight is row_sparse, and whose gradient has only the rows of a batch."""

from __future__ import annotations

from typing import Any

import numpy as np

from .... import ndarray as nd
from ...core.block import Block
from ...nn.arguments import at_least

__all__ = ["SparseEmbedding"]


class SparseEmbedding(Block):
    """Map word indices to learned vectors; weight and gradient have row_sparse storage.

    It must have a Trainer before the first batch.

    Parameters
    ----------
    input_dim : int
        Size of the vocabulary; indices are 0 to input_dim - 1.
    output_dim : int
        Length of each vector.
    dtype : str or numpy.dtype, default 'float32'
        The dtype of the vectors.
    weight_initializer : Initializer or str, optional
        How they are initialized.
    **kwargs
        ``prefix`` and ``params``, as in `Block`.

    Inputs and outputs
    ------------------
    Any shape, to that shape with an additional last axis of length output_dim.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> layer = gluon.contrib.nn.SparseEmbedding(10, 4)
    >>> layer.initialize()
    >>> trainer = gluon.Trainer(layer.collect_params(), "adam")
    >>> layer(nd.array([[1, 2, 3]])).shape
    (1, 3, 4)
    """

    def __init__(
        self, input_dim: int, output_dim: int, dtype: Any = "float32", weight_initializer: Any = None, **kwargs: Any
    ) -> None:
        rows, columns = (
            at_least("SparseEmbedding", name, value, 1)
            for name, value in (("input_dim", input_dim), ("output_dim", output_dim))
        )
        super().__init__(**kwargs)
        self._kwargs = {"input_dim": rows, "output_dim": columns, "dtype": dtype, "sparse_grad": True}
        self.weight = self.params.get(
            "weight", shape=(rows, columns), init=weight_initializer, dtype=dtype, grad_stype="row_sparse",
            stype="row_sparse",
        )  # fmt: skip

    def forward(self, x: nd.NDArray) -> nd.NDArray:
        result: nd.NDArray = nd.Embedding(x, self.weight.row_sparse_data(x), name="fwd", **self._kwargs)
        return result

    def __repr__(self) -> str:
        dtype = self._kwargs["dtype"]
        name = dtype if isinstance(dtype, str) else np.dtype(dtype).name
        return f"SparseEmbedding({self._kwargs['input_dim']} -> {self._kwargs['output_dim']}, {name})"
