"""``mx.util``: settings of the process, and those of ``mx.np``."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import torch

from .core import dtype as dtypes
from .core.context import Context, gpu_memory_info, num_gpus
from .core.doors import door
from .core.errors import InvalidTypeError
from .numpy_mode import (
    is_np_array,
    is_np_shape,
    np_array,
    np_shape,
    reset_np,
    set_np,
    set_np_shape,
    use_np,
    use_np_array,
    use_np_shape,
)

__all__ = [
    "get_cuda_compute_capability", "get_gpu_count", "get_gpu_memory", "getenv", "is_np_array", "is_np_shape",
    "np_array", "np_shape", "np_ufunc_legal_option", "reset_np", "set_module", "set_np", "set_np_shape", "setenv",
    "use_np", "use_np_array", "use_np_shape", "wrap_np_binary_func", "wrap_np_unary_func",
]  # fmt: skip

T = TypeVar("T")


def get_gpu_count() -> int:
    """Return how many GPUs there are."""
    return num_gpus()


@door
def get_gpu_memory(gpu_dev_id: int) -> tuple[int, int]:
    """Return the free and the total memory of a GPU.

    Parameters
    ----------
    gpu_dev_id : int
        The device ID of the GPU.

    Returns
    -------
    free, total : int
        In bytes.

    Raises
    ------
    MXNetError
        There is no such GPU.
    """
    return gpu_memory_info(gpu_dev_id)


@door
def getenv(name: str) -> str | None:
    """Return an environment variable of the process, or None."""
    return os.environ.get(name)


@door
def setenv(name: str, value: str | None) -> None:
    """Set an environment variable of the process; None removes it.

    Parameters
    ----------
    name : str
        The variable.
    value : str or None
        The new value.

    Differs from MXNet
    ------------------
    ``os.environ`` shows the change.
    """
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


@door
def get_cuda_compute_capability(ctx: Context) -> int:
    """Return the compute capability of a GPU: ten times the major version, plus the minor one.

    Parameters
    ----------
    ctx : Context
        The GPU.

    Raises
    ------
    ValueError
        `ctx` is not a GPU.
    MXNetError
        There is no such GPU.
    """
    if ctx.device_type != "gpu":
        raise ValueError(f"get_cuda_compute_capability: ctx must be a GPU; received {ctx}; pass mx.gpu(0)")
    major, minor = torch.cuda.get_device_capability(ctx.device)
    return major * 10 + minor


@door
def set_module(module: str | None) -> Callable[[T], T]:
    """Return a decorator that sets where a function or class says it is from.

    Parameters
    ----------
    module : str, optional
        The name of a module; None leaves it as it is.

    Examples
    --------
    >>> import glueball as mx
    >>> @mx.util.set_module("mxnet.mine")
    ... def function():
    ...     pass
    >>> function.__module__
    'mxnet.mine'
    """
    if not isinstance(module, str | None):
        raise InvalidTypeError(f"set_module: module must be a str or None; received {module!r}")

    @door
    def decorate(function: T) -> T:
        if module is not None:
            function.__module__ = module
        return function

    return decorate


_DEFAULTS = {"where": True, "casting": "same_kind", "order": "K", "dtype": None, "subok": True}
_CASTING = ("no", "equiv", "safe", "same_kind", "unsafe")


@door
def np_ufunc_legal_option(key: str, value: Any) -> bool:
    """Return whether NumPy's universal functions take an option.

    Parameters
    ----------
    key : str
        The name of the option.
    value : object
        Its value.
    """
    if key == "casting":
        return value in _CASTING
    if key == "order":
        return isinstance(value, str)
    if key == "dtype":
        types = [np.dtype(name) for name in dtypes.NAMES if name != "bfloat16"]
        return value in dtypes.NAMES or (isinstance(value, type | np.dtype) and value in types)
    return key == "where" or (key == "subok" and isinstance(value, bool))


@door
def wrap_np_unary_func(func: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of one array that also takes the options of NumPy's universal functions, at their defaults.

    Parameters
    ----------
    func : callable
        Takes an array and ``out=``.
    """
    return _with_options(func, 1)


@door
def wrap_np_binary_func(func: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of two arrays that also takes the options of NumPy's universal functions, at their defaults.

    Parameters
    ----------
    func : callable
        Takes two arrays and ``out=``.
    """
    return _with_options(func, 2)


def _with_options(func: Callable[..., Any], count: int) -> Callable[..., Any]:
    if not callable(func):
        raise InvalidTypeError(f"wrap_np_unary_func: func must be callable; received {func!r}")
    name = getattr(func, "__name__", "function")

    @door
    @functools.wraps(func)
    def wrapped(*args: Any, out: Any = None, **options: Any) -> Any:
        for key, value in options.items():
            if key not in _DEFAULTS:
                raise TypeError(f"{name}: it has no option {key!r}; NumPy's are {', '.join(_DEFAULTS)}")
            if value != _DEFAULTS[key]:
                if not np_ufunc_legal_option(key, value):
                    raise TypeError(f"{name}: {key} must be an option of NumPy's; received {value!r}")
                raise NotImplementedError(f"{name}: {key} must be {_DEFAULTS[key]!r}; received {value!r}")
        return func(*args) if len(args) > count else func(*args, out=out)

    return wrapped
