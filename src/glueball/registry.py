"""``mx.registry``: functions that register the subclasses of a base class, and make them from their names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .core.doors import door
from .core.registry import Registry

__all__ = ["get_alias_func", "get_create_func", "get_register_func", "get_registry"]


@door
def get_registry(base_class: type) -> dict[str, type]:
    """Return the registered subclasses of a class by their names, which are in lower case, as a new dict.

    Parameters
    ----------
    base_class : type
        The class.
    """
    return Registry(base_class, base_class.__name__).classes()


@door
def get_register_func(base_class: type, nickname: str) -> Callable[..., Any]:
    """Return a function that registers subclasses of a class.

    Parameters
    ----------
    base_class : type
        The class.
    nickname : str
        What messages call an instance.

    Returns
    -------
    callable
        ``register(klass, name=None)``, which returns the class, and so is a decorator too. A name that another class
        has gets a warning, and belongs to the new one from then on.

    Examples
    --------
    >>> import glueball as mx
    >>> class Shape: pass
    >>> register = mx.registry.get_register_func(Shape, "shape")
    >>> @register
    ... class Circle(Shape):
    ...     def __init__(self, radius=1): self.radius = radius
    >>> create = mx.registry.get_create_func(Shape, "shape")
    >>> create("circle", radius=3).radius, create('["circle", {"radius": 4}]').radius
    (3, 4)
    """
    registry: Registry[Any] = Registry(base_class, nickname)

    def register(klass: type, name: str | None = None) -> Any:
        return registry.register(klass, name)

    register.__doc__ = f"Register a class of {nickname}, by default under its own name, and return it."
    return register


@door
def get_alias_func(base_class: type, nickname: str) -> Callable[..., Any]:
    """Return a function that registers a subclass of a class under several names.

    Parameters
    ----------
    base_class : type
        The class.
    nickname : str
        What messages call an instance.

    Returns
    -------
    callable
        ``alias(*names)``, which returns a decorator of classes.
    """
    registry: Registry[Any] = Registry(base_class, nickname)

    def alias(*aliases: str) -> Callable[[type], Any]:
        return registry.alias(*aliases)

    alias.__doc__ = f"Return a decorator that registers a class of {nickname} under the given names."
    return alias


@door
def get_create_func(base_class: type, nickname: str) -> Callable[..., Any]:
    """Return a function that makes an instance of a registered subclass.

    Parameters
    ----------
    base_class : type
        The class.
    nickname : str
        What messages call an instance, and the keyword that may give the name.

    Returns
    -------
    callable
        ``create(name, *args, **kwargs)``. The name may also be JSON, ``["name", {arguments}]``, or a dict that has it
        under the nickname, with the arguments; an instance is returned unchanged.
    """
    registry: Registry[Any] = Registry(base_class, nickname)

    def create(*args: Any, **kwargs: Any) -> Any:
        return registry.create(*args, **kwargs)

    create.__doc__ = f"Make an instance of a registered class of {nickname}."
    return create
