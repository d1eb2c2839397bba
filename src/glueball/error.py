"""``mx.error``: the error classes, and registering further ones by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .core.doors import door
from .core.errors import MXNetError, NotImplementedForSymbol

__all__ = ["InternalError", "MXNetError", "register", "register_error"]


class InternalError(MXNetError):
    """An error of the library itself, not of the program that uses it.

    Parameters
    ----------
    msg : str
        What happened.
    """

    def __init__(self, msg: str) -> None:
        super().__init__(f"{msg}\nThis is an error of the library itself; please report it.")


#: The registered classes by name.
error_types: dict[str, Any] = {
    each.__name__: each
    for each in (
        NotImplementedForSymbol, InternalError, ValueError, TypeError, AttributeError, IndexError, NotImplementedError,
    )
}  # fmt: skip


@door
def register_error(func_name: Any = None, cls: Any = None) -> Any:
    """Register an error class by name, in `mx.base.error_types`.

    MXNet's C library raises registered classes by their names. Here nothing but the program itself looks them up.

    Parameters
    ----------
    func_name : str or class
        The name; or the class, to be registered under its own name, so that this is a decorator.
    cls : class, optional
        The class, if the name is given.

    Returns
    -------
    class or callable
        The class; or, without one, a decorator that registers a class under the name.

    Examples
    --------
    >>> import glueball as mx
    >>> @mx.error.register_error
    ... class LimitError(ValueError):
    ...     pass
    >>> mx.base.error_types["LimitError"] is LimitError
    True
    """
    if callable(func_name):
        func_name, cls = func_name.__name__, func_name
    if not isinstance(func_name, str):
        raise MXNetError(f"register_error: the name must be a str, or a class be given; received {func_name!r}")

    def register(klass: Callable[..., Any]) -> Any:
        error_types[func_name] = klass
        return klass

    return register if cls is None else register(cls)


register = register_error
