"""Methods that a higher layer installs on a class, because only that layer can implement them.

NDArray does not know autograd, and Symbol does not know executors. The module that does defines the method as a
function and installs it on the class when it is imported. Python looks it up like any other method, at the same cost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from .doors import door

_Method = TypeVar("_Method", bound=Callable[..., Any])


def install(owner: type, name: str, method: _Method) -> _Method:
    """Install a Python function as the method `name` of a class, as if defined there; returns the function.

    Parameters
    ----------
    owner : type
        The class.
    name : str
        The name of the method; the class must not define it yet.
    method : function
        The function. It gets the name and module of a method of the class, so that ``help()`` shows it and ``pickle``
        finds it; therefore it must not also be public under another name.

    Raises
    ------
    TypeError
        The class already has a method of that name.
    """
    if name in vars(owner):
        raise TypeError(f"{owner.__name__}.{name} must be defined once; received another from {method.__module__}")
    method.__name__ = name
    method.__qualname__ = f"{owner.__qualname__}.{name}"
    method.__module__ = owner.__module__
    setattr(owner, name, method)
    return method


def method_of(owner: type, name: str = "") -> Callable[[_Method], _Method]:
    """Return a decorator that makes a function a method of a class, with a door (`core/doors.py`).

    Parameters
    ----------
    owner : type
        The class.
    name : str, optional
        The name of the method; by default the name of the function.

    Examples
    --------
    >>> class Array:
    ...     pass
    >>> @method_of(Array)
    ... def doubled(self, times=1):
    ...     return 2 * times
    >>> Array().doubled(3), Array.doubled.__qualname__
    (6, 'Array.doubled')
    """

    def decorate(method: _Method) -> _Method:
        return install(owner, name or method.__name__, door(method))

    return decorate
