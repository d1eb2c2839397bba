"""``gluon.utils``: split a batch over contexts, clip gradients, handles of hooks, files from the network."""

from __future__ import annotations

import itertools
import warnings
import weakref
from collections import OrderedDict
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

import numpy as np
import torch

from .. import ndarray as nd
from ..core.context import Context
from ..core.errors import MXNetError
from ..ndarray import NDArray
from .download import check_sha1, download, replace_file

__all__ = [
    "HookHandle", "check_sha1", "clip_global_norm", "download", "replace_file", "shape_is_known",
    "split_and_load", "split_data",
]  # fmt: skip


class HookHandle:
    """What registering a hook returns; ``detach()`` takes the hook off again.

    As a ``with`` block it detaches at the end. It keeps neither the hook nor the block alive.

    Examples
    --------
    >>> from collections import OrderedDict
    >>> from glueball.gluon.utils import HookHandle
    >>> hooks = OrderedDict()
    >>> handle = HookHandle()
    >>> handle.attach(hooks, print)
    >>> with handle:
    ...     print(len(hooks))
    1
    >>> len(hooks)
    0
    """

    def __init__(self) -> None:
        self._hooks: weakref.ref[OrderedDict[int, Any]] | None = None
        self._key = 0

    def attach(self, hooks_dict: OrderedDict[int, Any], hook: Callable[..., Any]) -> None:
        """Put `hook` into the ordered dict of a block; a handle can be attached once.

        The same hook attached by two handles is there once, and either handle takes it off.
        """
        if self._hooks is not None:
            raise MXNetError("HookHandle.attach: a handle must be attached once; it already is; make a new one")
        self._key = id(hook)
        self._hooks = weakref.ref(hooks_dict)
        hooks_dict[self._key] = hook

    def detach(self) -> None:
        """Take the hook off; nothing happens when it is off already, or its block is gone."""
        if self._hooks is None:
            raise TypeError("HookHandle.detach: the handle must have been attached; call attach() first")
        hooks = self._hooks()
        if hooks is not None:
            hooks.pop(self._key, None)

    def __getstate__(self) -> tuple[OrderedDict[int, Any] | None, int]:
        return (None if self._hooks is None else self._hooks(), self._key)

    def __setstate__(self, state: tuple[OrderedDict[int, Any] | None, int]) -> None:
        hooks, self._key = state
        # A dict that nobody else holds dies with this call, and detach() then has nothing to do.
        self._hooks = weakref.ref(OrderedDict() if hooks is None else hooks)

    def __enter__(self) -> HookHandle:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.detach()


def split_data(data: Any, num_slice: int, batch_axis: int = 0, even_split: bool = True) -> list[Any]:
    """Cut an array into `num_slice` parts along its batch axis.

    Parameters
    ----------
    data : NDArray or numpy.ndarray
        What to cut. Along axis 0 the parts are views of it.
    num_slice : int
        How many parts; positive.
    batch_axis : int, default 0
        The axis to cut.
    even_split : bool, default True
        Whether the parts must be equally long. With False the first parts are longer by one where needed.

    Returns
    -------
    list of NDArray or of numpy.ndarray
        The parts, in order.

    Raises
    ------
    ValueError
        The axis cannot be cut evenly, and `even_split` is True.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> [part.shape for part in gluon.utils.split_data(nd.ones((7, 2)), 3, even_split=False)]
    [(3, 2), (2, 2), (2, 2)]
    """
    if num_slice < 1:
        raise MXNetError(f"split_data: num_slice must be a positive int; received {num_slice!r}")
    if not -len(data.shape) <= batch_axis < len(data.shape):
        raise IndexError(f"split_data: batch_axis must be an axis of shape {data.shape}; received {batch_axis}")
    length = data.shape[batch_axis]
    short, longer = divmod(length, num_slice)
    if even_split and longer:
        raise ValueError(
            f"split_data: axis {batch_axis} of shape {data.shape} must be a multiple of num_slice; received "
            f"num_slice={num_slice}; change the batch size, or pass even_split=False"
        )
    lengths = [short + (number < longer) for number in range(num_slice)]
    ends = list(itertools.accumulate(lengths))
    leading = (slice(None),) * (batch_axis % len(data.shape))
    return [data[(*leading, slice(end - count, end))] for count, end in zip(lengths, ends, strict=True)]


def split_and_load(
    data: Any, ctx_list: Sequence[Context], batch_axis: int = 0, even_split: bool = True
) -> list[NDArray]:
    """Cut a batch into one part per context, and put each part on its context.

    Parameters
    ----------
    data : NDArray, numpy.ndarray or nested list of numbers
        The batch.
    ctx_list : sequence of Context
        Where to; with a single context an NDArray that is already there is returned itself.
    batch_axis, even_split
        As in `split_data`.

    Returns
    -------
    list of NDArray
        One per context.

    Examples
    --------
    >>> import glueball as mx
    >>> [part.context for part in mx.gluon.utils.split_and_load(mx.nd.ones((4, 2)), [mx.cpu(0), mx.cpu(1)])]
    [cpu(0), cpu(1)]
    """
    if isinstance(ctx_list, Context) or not ctx_list:
        raise TypeError(f"split_and_load: ctx_list must be a list of one or more contexts; received {ctx_list!r}")
    if not isinstance(data, NDArray):
        data = nd.array(data, ctx=ctx_list[0])
    if len(ctx_list) == 1:
        return [data.as_in_context(ctx_list[0])]
    parts = split_data(data, len(ctx_list), batch_axis, even_split)
    return [part.as_in_context(context) for part, context in zip(parts, ctx_list, strict=True)]


def clip_global_norm(arrays: Sequence[NDArray], max_norm: float, check_isfinite: bool = True) -> Any:
    """Scale arrays in place so that the Euclidean norm of all their elements together is at most `max_norm`.

    Parameters
    ----------
    arrays : list of NDArray
        One or more arrays, on any contexts.
    max_norm : float
        The limit.
    check_isfinite : bool, default True
        Whether to look at the norm: it is then returned as a number, with a UserWarning when it is NaN or
        infinite, which makes the arrays NaN. False saves waiting for a GPU.

    Returns
    -------
    numpy.float32 or NDArray
        The norm before the scaling; an array of shape (1,) when `check_isfinite` is False.

    Differs from MXNet
    ------------------
    Arrays of any floating-point types can be given together, and each keeps its type.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> gradient = nd.array([3, 4])
    >>> gluon.utils.clip_global_norm([gradient], 1)
    np.float32(5.0)
    >>> gradient.asnumpy()
    array([0.6, 0.8], dtype=float32)
    """
    if not arrays:
        raise MXNetError("clip_global_norm: arrays must hold one or more NDArrays; received none")
    for array in arrays:
        array._refuse_write_while_recording()
    home = arrays[0]._data.device
    tensors = [array._data for array in arrays]
    norms = [_norm(tensor).to(home) for tensor in tensors]
    norm = torch.linalg.vector_norm(torch.stack(norms))
    found = np.float32(norm.item()) if check_isfinite else NDArray(norm.reshape(1), arrays[0]._ctx)
    if check_isfinite and not np.isfinite(found):
        warnings.warn(
            f"clip_global_norm: the norm must be finite; it is {found}, so the arrays become NaN",
            stacklevel=2,
        )
    scale = torch.clamp(max_norm / (norm + 1e-8), max=1.0)
    for tensor in tensors:
        tensor.mul_(scale.to(tensor.device))
    return found


def _norm(tensor: torch.Tensor) -> torch.Tensor:
    """Return the norm in float32; a sum of squares in float16 would soon be infinite."""
    wide = torch.float64 if tensor.dtype is torch.float64 else torch.float32
    norm: torch.Tensor = torch.linalg.vector_norm(tensor, dtype=wide)
    return norm.float()


def shape_is_known(shape: Sequence[int] | None) -> bool:
    """Return whether a shape is complete: not None, not empty, and without a 0, which stands for unknown.

    Examples
    --------
    >>> from glueball.gluon.utils import shape_is_known
    >>> shape_is_known((2, 3)), shape_is_known((2, 0)), shape_is_known(None)
    (True, False, False)
    """
    if shape is None or len(shape) == 0:
        return False
    if min(shape) < 0:
        raise MXNetError(f"shape_is_known: lengths must not be negative; received {tuple(shape)}")
    return 0 not in shape
