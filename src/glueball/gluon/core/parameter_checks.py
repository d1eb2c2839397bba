"""What a Parameter accepts: contexts, shapes, and values that are loaded."""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from typing import Any

from ...core import dtype as dtypes
from ...core.context import Context, current_context
from ...core.errors import MXNetError, RefusedError
from ...core.numpy_mode import numpy_mode
from ...ndarray.ndarray import NDArray
from .parameter_arrays import ParameterArrays


def as_contexts(owner: str, ctx: Context | Sequence[Context] | None) -> list[Context]:
    """Return one or more contexts as a list; None means the current one."""
    contexts: list[Any] = [current_context()] if ctx is None else list(ctx) if isinstance(ctx, list | tuple) else [ctx]
    if not contexts or not all(isinstance(context, Context) for context in contexts):
        raise MXNetError(f"{owner}: ctx must be a Context or a list of at least one; received {ctx!r}; use mx.cpu()")
    return contexts


def checked_shape(name: str, shape: Any) -> tuple[int, ...]:
    """Return a shape as a tuple, or refuse it."""
    lengths = tuple(shape) if isinstance(shape, list | tuple) else (shape,)
    least = -1 if numpy_mode.shapes else 0
    if not all(isinstance(length, numbers.Integral) and int(length) >= least for length in lengths):
        error = RefusedError if all(isinstance(length, numbers.Number) for length in lengths) else TypeError
        unknown = "0 or -1" if numpy_mode.shapes else "0"
        raise error(
            f"Parameter {name}: shape must be ints of at least {least}, where {unknown} means unknown; "
            f"received {shape!r}"
        )
    return tuple([max(int(length), 0) for length in lengths])


def require_loadable(
    parameter: ParameterArrays, data: NDArray, ctx: Sequence[Context] | None, cast_dtype: bool
) -> None:
    """Refuse values that cannot be loaded, before anything is changed."""
    owner = f"Parameter {parameter.name}"
    if parameter._shape is not None:
        old, new = parameter._shape, data.shape
        if len(old) != len(new) or any(a > 0 and a != b for a, b in zip(old, new, strict=True)):
            raise RefusedError(f"{owner}: the loaded shape must agree with {old}; received {new}")
    wanted = dtypes.name_of(data.dtype if parameter._dtype is None else parameter._dtype)
    if not cast_dtype and wanted != dtypes.name_of(data.dtype):
        raise RefusedError(
            f"{owner}: the loaded dtype must be {wanted}; received {dtypes.name_of(data.dtype)}; "
            "pass cast_dtype=True to convert"
        )
    known = parameter._data is not None or parameter._deferred_init
    if known and ctx is not None and set(ctx) != set(parameter.list_ctx()):
        raise RefusedError(
            f"{owner}: it is initialized on {parameter.list_ctx()} and cannot be loaded on {list(ctx)}; "
            "call reset_ctx() first"
        )
    for context in ctx or ():
        context.device  # noqa: B018  a missing GPU is reported too
