"""Methods that a class is given from outside: by the layer above that knows how to do what they do.

NDArray does not know autograd, nor Symbol executors. The module that does defines the method as a function and gives
it to the class when it is imported. Python looks such a method up as any other, at the same cost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

_Method = TypeVar("_Method", bound=Callable[..., Any])


def install(owner: type, name: str, method: _Method) -> _Method:
    """Make a function of Python the method `name` of a class, as if the class had defined it; returns the function.

    Parameters
    ----------
    owner : type
        The class.
    name : str
        The name of the method; it must be free.
    method : function
        What becomes the method. It takes the class's name and module over, so that ``help()`` shows it and ``pickle``
        finds it; a function that is public under a name of its own therefore must not be given.

    Raises
    ------
    TypeError
        The class has a method of that name already: two layers would compete for it.
    """
    if name in vars(owner):
        raise TypeError(f"{owner.__name__}.{name} must be defined once; received another from {method.__module__}")
    method.__name__ = name
    method.__qualname__ = f"{owner.__qualname__}.{name}"
    method.__module__ = owner.__module__
    setattr(owner, name, method)
    return method


def method_of(owner: type, name: str = "") -> Callable[[_Method], _Method]:
    """Return a decorator that makes a function a method of a class.

    Parameters
    ----------
    owner : type
        The class.
    name : str, optional
        The name of the method; default that of the function.

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
        return install(owner, name or method.__name__, method)

    return decorate
