"""AttrScope: attributes for every symbol created inside a ``with`` block; and the rules for users' attributes."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, ClassVar

from ..core.class_property import ClassPropertyMeta, classproperty
from ..core.doors import guard
from ..core.errors import MXNetError
from ..core.warning import warn

# Attributes that users may write without the underscores with which they are stored.
HIDDEN_KEYS = ("ctx_group", "lr_mult", "wd_mult", "force_mirroring", "mirror_stage", "profiler_scope")


@guard
class AttrScope(metaclass=ClassPropertyMeta):
    """A ``with`` block that gives attributes to the symbols created in it.

    Parameters
    ----------
    **kwargs : str
        The attributes; an inner block overrides an outer one.

    Examples
    --------
    >>> import glueball as mx
    >>> with mx.AttrScope(__group__="first"):
    ...     data = mx.sym.var("data")
    >>> data.attr("__group__")
    'first'
    """

    #: How many subgraphs of each name have been made, as MXNet counts them.
    _subgraph_names: ClassVar[defaultdict[str, int]] = defaultdict(int)

    def __init__(self, **kwargs: str) -> None:
        for name, value in kwargs.items():
            if not isinstance(value, str):
                raise ValueError(f"AttrScope: {name} must be a str; received {value!r}; write {name}={str(value)!r}")
        self._own = kwargs
        self._all: dict[str, str] = dict(kwargs)

    def get(self, attr: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return the attributes of this scope, updated with those given."""
        if attr is not None and not (isinstance(attr, Mapping) and all(isinstance(name, str) for name in attr)):
            raise TypeError(f"AttrScope.get: attr must be a dict of str to str; received {attr!r}")
        return {**self._all, **(attr or {})}

    current = classproperty(lambda cls: _read_current()).setter(lambda cls, value: _write_current(value))

    def __enter__(self) -> AttrScope:
        self._all = {**current()._all, **self._own}
        _scopes.stack.append(self)
        return self

    def __exit__(self, *exception: Any) -> None:
        if len(_scopes.stack) == 1:
            raise MXNetError("AttrScope: its 'with' block must have been entered; it was not")
        _scopes.stack.pop()


class _Scopes(threading.local):
    def __init__(self) -> None:
        self.stack = [AttrScope()]


_scopes = _Scopes()


def _read_current() -> AttrScope:
    """The scope of this thread."""
    warn("AttrScope.current: write 'with AttrScope():' instead", DeprecationWarning)
    return current()


def _write_current(scope: AttrScope) -> None:
    warn("AttrScope.current: write 'with scope:' instead", DeprecationWarning)
    if not isinstance(scope, AttrScope):
        raise MXNetError(f"AttrScope.current: it must be an AttrScope; received {scope!r}")
    _scopes.stack[-1] = scope


def current() -> AttrScope:
    """Return the innermost scope of this thread."""
    return _scopes.stack[-1]


def stored(name: str) -> str:
    """Return the name of an attribute in a graph file: ``lr_mult`` is ``__lr_mult__`` there."""
    return f"__{name}__" if name in HIDDEN_KEYS else name


def shown(attributes: Mapping[str, str]) -> dict[str, str]:
    """Return attributes as MXNet lists them: those that have a short name under both names."""
    result = dict(attributes)
    for name in HIDDEN_KEYS:
        if f"__{name}__" in attributes:
            result[name] = attributes[f"__{name}__"]
    return result
