"""The surroundings of tests: contexts, variables of the environment, failures that are wanted or repeated."""

from __future__ import annotations

import contextlib
import functools
import os
import platform
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from ..core.context import Context, current_context, num_gpus, replace_current
from ..core.doors import door
from ..core.errors import MXNetError, RefusedError
from ..core.strangers import call
from ..util import getenv, setenv


def default_context() -> Context:
    """Return the context of arrays created without one."""
    return current_context()


@door
def set_default_context(ctx: Context) -> None:
    """Set the context of arrays created without one.

    Parameters
    ----------
    ctx : Context
        The context.
    """
    if not isinstance(ctx, Context):
        raise MXNetError(f"set_default_context: ctx must be a Context; received {ctx!r}; use mx.cpu()")
    replace_current(ctx)


def default_dtype() -> type:
    """Return the type of arrays created without one: ``numpy.float32``."""
    return np.float32


def list_gpus() -> range:
    """Return the ids of the GPUs."""
    return range(num_gpus())


def has_tvm_ops() -> bool:
    """Return whether there are operators made with TVM: False."""
    return False


def is_op_runnable() -> bool:
    """Return whether operators made with TVM could run here: True, there are none."""
    return True


def is_cd_run() -> bool:
    """Return whether MXNet's own releases are being tested, which the variable ``CD_JOB`` says."""
    return getenv("CD_JOB") == "1"


def is_aarch64_run() -> bool:
    """Return whether the processor is an ARM of 64 bits."""
    return platform.machine() == "aarch64"


@door
def environment(*args: Any) -> contextlib.AbstractContextManager[None]:
    """Return a ``with`` block in which variables of the environment have other values.

    Parameters
    ----------
    *args : str and str or None, or dict of str to these
        The name of a variable and its value, or several in a dict; None removes a variable.

    Examples
    --------
    >>> import glueball as mx
    >>> with mx.test_utils.environment("A_NAME", "1"):
    ...     mx.util.getenv("A_NAME")
    '1'
    >>> mx.util.getenv("A_NAME")
    """
    given = args[0] if len(args) == 1 else dict([args]) if len(args) == 2 else None
    if not isinstance(given, Mapping):
        raise RefusedError(f"environment: it must be called with a name and a value, or with a dict; received {args!r}")
    return _environment(given)


@contextlib.contextmanager
def _environment(values: Mapping[str, str | None]) -> Iterator[None]:
    before = {name: getenv(name) for name in values}
    try:
        for name, value in values.items():
            setenv(name, value)
        yield
    finally:
        for name, value in before.items():
            setenv(name, value)


@contextlib.contextmanager
def discard_stderr() -> Iterator[None]:
    """Throw away what the process writes to its standard error in a ``with`` block, C libraries included."""
    kept, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)


@door
def assert_exception(f: Callable[..., Any], exception_type: type[BaseException], *args: Any, **kwargs: Any) -> None:
    """Raise an error unless a function raises an exception of a type.

    Parameters
    ----------
    f : callable
        The function.
    exception_type : type
        The type.
    *args, **kwargs
        What the function is called with.

    Raises
    ------
    AssertionError
        The function raised nothing. An exception of another type is not caught.
    """
    try:
        call(functools.partial(f, **kwargs), *args)
    except exception_type:
        return
    raise AssertionError(f"assert_exception: {exception_type.__name__} must be raised; nothing was")


@door
def retry(n: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator for a test that may fail by chance: it is run up to `n` times, until it passes.

    Parameters
    ----------
    n : int
        How often; only the last AssertionError is raised.
    """
    if n < 1:
        raise RefusedError(f"retry: n must be 1 or more; received {n}")

    def decorate(test: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(test)
        def repeated(*args: Any, **kwargs: Any) -> Any:
            for _ in range(n - 1):
                with contextlib.suppress(AssertionError):
                    return test(*args, **kwargs)
            return test(*args, **kwargs)

        return repeated

    return decorate
