"""Checkpoints of a `BucketingModule`: the graph of each bucket, the keys of the buckets, and the parameters."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import numpy as np

from .. import ndarray as nd
from .. import symbol as sym
from ..core.errors import InvalidTypeError
from ..core.integers import is_int_not_bool
from ..model.checkpoint import load_params
from ..serialization.checkpoint import checkpoint_file, with_kinds

Arrays = dict[str, nd.NDArray]


def save_buckets(
    owner: str,
    prefix: str | os.PathLike[str],
    epoch: int,
    graphs: Mapping[Any, Any],
    params: tuple[Arrays, Arrays],
    remove_amp_cast: bool,
) -> None:
    """Write the files of a checkpoint; `graphs` is the graph of each bucket by its key."""
    prefix = os.fspath(prefix)
    keys = list(graphs)
    rows = [key if isinstance(key, tuple) else (key,) for key in keys]
    same_kind = len({(type(key) is tuple, len(row)) for key, row in zip(keys, rows, strict=True)}) == 1
    if not same_kind or not all(is_int_not_bool(number) for row in rows for number in row):
        raise InvalidTypeError(
            f"{owner}: the keys of buckets must be ints, or tuples of ints of one length; received {keys}"
        )
    params_file = checkpoint_file(owner, prefix, epoch)
    for key, graph in graphs.items():
        graph.save(_graph_file(prefix, key), remove_amp_cast)
    nd.save(f"{prefix}.buckets", [nd.array(np.array(keys), dtype="int32")])
    nd.save(params_file, with_kinds(*params))


def load_buckets(owner: str, prefix: str | os.PathLike[str], epoch: int) -> tuple[dict[Any, Any], Arrays, Arrays]:
    """Return the graph of each bucket by its key, the parameters and the auxiliary states."""
    prefix = os.fspath(prefix)
    saved = nd.load(f"{prefix}.buckets")
    if not isinstance(saved, list) or len(saved) != 1 or saved[0].ndim not in (1, 2):
        raise InvalidTypeError(
            f"{owner}: {prefix}.buckets must have one array, with the keys of buckets; received {saved}"
        )
    listed = saved[0].asnumpy().tolist()
    keys = [tuple(key) if isinstance(key, list) else key for key in listed]
    graphs = {key: sym.load(_graph_file(prefix, key)) for key in keys}
    return graphs, *load_params(prefix, epoch)


def _graph_file(prefix: str, key: Any) -> str:
    return f"{prefix}-{key}-symbol.json"
