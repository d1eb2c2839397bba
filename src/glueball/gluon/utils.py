"""``gluon.utils``: splitting a batch over contexts, clipping gradients, hook handles, downloading files."""

from __future__ import annotations

import itertools
import weakref
from collections import OrderedDict
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

import numpy as np
import torch

from .. import ndarray as nd
from ..core.context import Context
from ..core.doors import door, guard
from ..core.errors import DivisionByZeroError, InvalidTypeError, MXNetError, RefusedError
from ..core.integers import is_int
from ..core.numpy_mode import numpy_mode
from ..core.warning import warn
from ..ndarray import NDArray
from ..ndarray.faces import shown
from ..ndarray.sparse.arrays import values_of
from ..symbol import Symbol
from .download import (
    _get_repo_file_url,  # noqa: F401  (MXNet's are here too)
    _get_repo_url,  # noqa: F401
    check_sha1,
    download,
    replace_file,
)

__all__ = [
    "HookHandle", "check_sha1", "clip_global_norm", "download", "replace_file", "shape_is_known",
    "split_and_load", "split_data",
]  # fmt: skip

#: The parts of a split; more than there are contexts would be made of an array without values for hours.
_MOST_PARTS = 65_536


@guard
class HookHandle:
    """The handle returned when a hook is registered; ``detach()`` removes the hook.

    As a context manager, it detaches on exit. It keeps neither the hook nor the block alive.

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
        """Add `hook` to the hooks of a block; a handle can be attached only once.

        The same hook attached by two handles is registered once, and either handle removes it.
        """
        if self._hooks is not None:
            raise MXNetError("HookHandle.attach: a handle can be attached only once; create a new one")
        self._key = id(hook)
        self._hooks = weakref.ref(hooks_dict)
        hooks_dict[self._key] = hook

    def detach(self) -> None:
        """Remove the hook; does nothing if it is already removed or its block no longer exists."""
        if self._hooks is None:
            raise TypeError("HookHandle.detach: the handle must have been attached; call attach() first")
        hooks = self._hooks()
        if hooks is not None:
            hooks.pop(self._key, None)

    def __getstate__(self) -> tuple[OrderedDict[int, Any] | None, int]:
        return (None if self._hooks is None else self._hooks(), self._key)

    def __setstate__(self, state: tuple[OrderedDict[int, Any] | None, int]) -> None:
        hooks, self._key = state
        # If nothing else references the dict, it is collected after this call, and detach() does nothing.
        self._hooks = weakref.ref(OrderedDict() if hooks is None else hooks)

    def __enter__(self) -> HookHandle:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.detach()


@door
def split_data(data: Any, num_slice: int, batch_axis: int = 0, even_split: bool = True) -> list[Any]:
    """Split an array into `num_slice` parts along its batch axis.

    Parameters
    ----------
    data : NDArray or numpy.ndarray
        The array to split. Along axis 0, the parts are views of it.
    num_slice : int
        Number of parts; positive.
    batch_axis : int, default 0
        The axis to split.
    even_split : bool, default True
        Whether the parts must have equal lengths. With False, the first parts may be longer by one.

    Returns
    -------
    list of NDArray or of numpy.ndarray
        The parts, in order.

    Raises
    ------
    ValueError
        The axis cannot be split evenly, and `even_split` is True.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> [part.shape for part in gluon.utils.split_data(nd.ones((7, 2)), 3, even_split=False)]
    [(3, 2), (2, 2), (2, 2)]
    """
    if num_slice < 1:
        refusal = MXNetError if num_slice else DivisionByZeroError
        raise refusal(f"split_data: num_slice must be a positive int; received {num_slice!r}")
    if num_slice > _MOST_PARTS:
        raise MXNetError(f"split_data: num_slice must be at most {_MOST_PARTS}; received {num_slice!r}")
    if not is_int(batch_axis):
        raise TypeError(f"split_data: batch_axis must be an int; received {batch_axis!r}")
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
    parts = [slice(end - count, end) for count, end in zip(lengths, ends, strict=True)]
    return [data[(*leading, part) if leading else part] for part in parts]


@door
def split_and_load(
    data: Any, ctx_list: Sequence[Context], batch_axis: int = 0, even_split: bool = True
) -> list[NDArray]:
    """Split a batch into one part per context, and copy each part to its context.

    Parameters
    ----------
    data : NDArray, numpy.ndarray or nested list of numbers
        The batch.
    ctx_list : sequence of Context
        The target contexts; with a single context, an NDArray that is already there is returned itself.
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
        data = shown(nd.array(data, ctx=ctx_list[0]))
    if len(ctx_list) == 1:
        return [data.as_in_context(ctx_list[0])]
    parts = split_data(data, len(ctx_list), batch_axis, even_split)
    return [part.as_in_context(context) for part, context in zip(parts, ctx_list, strict=True)]


@door
def clip_global_norm(arrays: Sequence[NDArray], max_norm: float, check_isfinite: bool = True) -> Any:
    """Scale arrays in place so that the Euclidean norm of all their elements together is at most `max_norm`.

    Parameters
    ----------
    arrays : list of NDArray
        One or more arrays, on any contexts.
    max_norm : float
        The limit.
    check_isfinite : bool, default True
        Check the norm and return it as a number, with a UserWarning when it is NaN or infinite, which makes the
        arrays NaN. False avoids synchronizing with a GPU.

    Returns
    -------
    numpy.float32 or NDArray
        The norm before scaling; an array of shape (1,) when `check_isfinite` is False.

    Differs from MXNet
    ------------------
    Floating-point dtypes can be mixed, and each array keeps its own.

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
        raise RefusedError("clip_global_norm: arrays must have at least one NDArray; received none")
    for array in arrays:
        array._refuse_write_while_recording()
    tensors = [values_of(array) for array in arrays]
    home = tensors[0].device
    norms = [_norm(tensor).to(home) for tensor in tensors]
    norm = torch.linalg.vector_norm(torch.stack(norms))
    found = np.float32(norm.item()) if check_isfinite else NDArray(norm.reshape(1), arrays[0]._ctx)
    if check_isfinite and not np.isfinite(found):
        warn(
            f"clip_global_norm: the norm must be finite; it is {found}, so the arrays become NaN",
        )
    scale = torch.clamp(max_norm / (norm + 1e-8), max=1.0)
    for tensor in tensors:
        tensor.mul_(scale.to(tensor.device))
    return found


def _norm(tensor: torch.Tensor) -> torch.Tensor:
    """Return the norm in float32; a sum of squares would overflow float16."""
    wide = torch.float64 if tensor.dtype is torch.float64 else torch.float32
    norm: torch.Tensor = torch.linalg.vector_norm(tensor, dtype=wide)
    return norm.float()


@door
def shape_is_known(shape: Sequence[int] | None) -> bool:
    """Return whether a shape is complete: not None, not empty, and without a 0, which means unknown.

    With NumPy's meaning of shapes, -1 means unknown, and a shape may be empty.

    Examples
    --------
    >>> from glueball.gluon.utils import shape_is_known
    >>> shape_is_known((2, 3)), shape_is_known((2, 0)), shape_is_known(None)
    (True, False, False)
    """
    unknown = -1 if numpy_mode.shapes else 0
    if shape is None or (len(shape) == 0 and not numpy_mode.shapes):
        return False
    if min(shape, default=0) < unknown:
        raise RefusedError(f"shape_is_known: lengths must not be less than {unknown}; received {tuple(shape)}")
    return unknown not in shape


def _indent(s_: str, numSpaces: int) -> str:
    """Return a text with spaces before each line but the first."""
    first, *rest = s_.split("\n")
    return "\n".join([first, *[" " * numSpaces + line for line in rest]])


def _brief_print_list(lst: Sequence[Any], limit: int = 7) -> str:
    """Return the items in quotes, with the middle left out of more than `limit`."""
    if len(lst) <= limit:
        return ", ".join(f"'{item}'" for item in lst)
    half = limit // 2
    return f"{_brief_print_list(lst[:half], limit)}, ..., {_brief_print_list(lst[half - limit :], limit)}"


def _check_same_symbol_type(symbols: Sequence[Symbol]) -> type[Symbol]:
    """Return the class of the symbols: that of ``mx.sym``, or that of ``mx.sym.np``; raises TypeError for both."""
    if not symbols or not all(isinstance(symbol, Symbol) for symbol in symbols):
        raise MXNetError(f"_check_same_symbol_type: there must be one or more Symbols; received {symbols!r}")
    faces = {symbol._face for symbol in symbols}
    if len(faces) > 1:
        raise InvalidTypeError(
            f"_check_same_symbol_type: the symbols must be all of mx.sym or all of mx.sym.np; received {symbols!r}; "
            "convert them with as_np_ndarray() or as_nd_ndarray()"
        )
    return faces.pop()


def _check_all_np_ndarrays(out: Any) -> None:
    """Refuse arrays and symbols that are not of ``mx.np``."""
    if isinstance(out, NDArray | Symbol) and not out._is_np:
        raise InvalidTypeError(
            f"block: while mx.np is on, it must return arrays of mx.np; received {type(out).__name__}; "
            "convert it with as_np_ndarray()"
        )
    for one in out if isinstance(out, list | tuple) else ():
        _check_all_np_ndarrays(one)
