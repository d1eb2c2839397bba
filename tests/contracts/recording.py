"""Subclasses that record the calls of every method that they could have overridden; run by both libraries."""

import numpy as np


def overridable(mx, path):
    """The names of the methods that a subclass of a class may override, as MXNet has them."""
    kind = look_up(mx, path)
    names = []
    for name in dir(kind):
        owner = next(base for base in kind.__mro__ if name in vars(base))
        if owner.__module__.startswith("sklearn"):  # a base of FeedForward, where it is installed
            continue
        held = vars(owner)[name]
        plain = callable(held) and not isinstance(held, (staticmethod, classmethod, type))
        if plain and (not name.startswith("__") or name in ("__call__", "__getitem__", "__len__", "__iter__")):
            names.append(name)
    return names


def look_up(mx, path):
    """The class at a path such as ``gluon.nn.Dense``."""
    found = mx
    for name in path.split("."):
        found = getattr(found, name)
    return found


def counting(mx, path, names, calls, body=None):
    """A subclass that adds each call of one of its methods to `calls`, and does what its base does."""
    base = look_up(mx, path)
    label = path.split(".")[-1]
    made = type(base)(label, (base,), dict(body or {}))
    for name in names:
        setattr(made, name, _recorded(mx, label, name, getattr(made, name), calls))
    return made


def _recorded(mx, label, name, method, calls):
    def recorded(self, *arguments, **options):
        calls.append((label, name, [outline(mx, one) for one in arguments], outline(mx, options)))
        return method(self, *arguments, **options)

    return recorded


def outline(mx, value):
    """What is compared of an argument: numbers and names; of arrays, what they are, not their values."""
    if isinstance(value, mx.nd.NDArray):
        return f"array {value.shape} {np.dtype(value.dtype).name}"
    if isinstance(value, mx.gluon.Parameter):
        return "parameter " + value.name
    if isinstance(value, (list, tuple)):
        return [type(value).__name__] + [outline(mx, one) for one in value]
    if isinstance(value, dict):
        return {str(key): outline(mx, one) for key, one in sorted(value.items(), key=str)}
    if isinstance(value, str) and "/" in value:
        return "a path"
    if isinstance(value, str):
        return str(value)  # without what InitDesc adds
    if isinstance(value, (bool, int, float, type(None))):
        return value
    if isinstance(value, mx.Context):
        return str(value)
    name = getattr(value, "__name__", type(value).__name__).split(".")[-1]
    return "something private" if name.startswith("_") else name
