"""Properties of classes: ``Context.default_ctx`` is computed when it is read, and can be assigned to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class classproperty:
    """A property of a class, which its instances show too.

    Parameters
    ----------
    func : callable
        ``func(cls)`` returns the value.

    Examples
    --------
    >>> from glueball.base import classproperty
    >>> class Layer:
    ...     @classproperty
    ...     def kind(cls): return cls.__name__.lower()
    >>> Layer.kind, Layer().kind
    ('layer', 'layer')
    """

    def __init__(self, func: Callable[[Any], Any]) -> None:
        self._get = func
        self._set: Callable[[Any, Any], None] | None = None
        self.__doc__ = func.__doc__

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self._get(type(instance) if owner is None else owner)

    def __set__(self, instance: Any, value: Any) -> None:
        if self._set is None:
            raise AttributeError("the property of the class cannot be set")
        self._set(instance if isinstance(instance, type) else type(instance), value)

    def setter(self, func: Callable[[Any, Any], None]) -> classproperty:
        """Return the property with ``func(cls, value)`` for assignments; a class must have `ClassPropertyMeta`."""
        self._set = func
        return self


class ClassPropertyMeta(type):
    """The metaclass that hands assignments to a class property to the property, instead of replacing it."""

    def __setattr__(cls, name: str, value: Any) -> None:
        found = cls.__dict__.get(name)
        if isinstance(found, classproperty) and not isinstance(value, classproperty):
            found.__set__(cls, value)
        else:
            super().__setattr__(name, value)
