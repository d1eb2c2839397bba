"""Automatic names: ``conv0``, ``conv1`` ... from one counter per hint and thread."""

from __future__ import annotations

import threading
from typing import Any

from .class_property import ClassPropertyMeta, classproperty
from .doors import guard
from .errors import MXNetError
from .warning import warn


@guard
class NameManager(metaclass=ClassPropertyMeta):
    """Names what the user has not named; also a ``with`` block that makes it the current manager.

    Examples
    --------
    >>> from glueball.name import NameManager
    >>> with NameManager() as names:
    ...     print(names.get(None, "conv"), names.get(None, "conv"), names.get("mine", "conv"))
    conv0 conv1 mine
    """

    def __init__(self) -> None:
        self._counters: dict[str, int] = {}

    def get(self, name: str | None, hint: str) -> str:
        """Return `name`, or ``hint`` with the next number if `name` is None."""
        if name:
            return name
        number = self._counters.get(hint, 0)
        self._counters[hint] = number + 1
        return f"{hint}{number}"

    current = classproperty(lambda cls: _read_current()).setter(lambda cls, value: _write_current(value))

    def __enter__(self) -> NameManager:
        _managers.stack.append(self)
        return self

    def __exit__(self, *exception: Any) -> None:
        if len(_managers.stack) == 1:
            raise MXNetError(f"{type(self).__name__}: its 'with' block must have been entered; it was not")
        _managers.stack.pop()


class Prefix(NameManager):
    """A name manager that puts a prefix before every name."""

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self._prefix = prefix

    def get(self, name: str | None, hint: str) -> str:
        """Return the prefix followed by what `NameManager.get` returns."""
        return self._prefix + super().get(name, hint)


class _Managers(threading.local):
    def __init__(self) -> None:
        self.stack = [NameManager()]


_managers = _Managers()


def _read_current() -> NameManager:
    """The current name manager of this thread."""
    warn("NameManager.current: write 'with NameManager():' instead", DeprecationWarning)
    return current()


def _write_current(manager: NameManager) -> None:
    warn("NameManager.current: write 'with manager:' instead", DeprecationWarning)
    if not isinstance(manager, NameManager):
        raise MXNetError(f"NameManager.current: it must be a NameManager; received {manager!r}")
    _managers.stack[-1] = manager


def current() -> NameManager:
    """Return the current name manager of this thread."""
    return _managers.stack[-1]
