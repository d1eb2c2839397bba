"""Classes that a string can name: ``"xavier"``, or JSON that also holds the arguments."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from .errors import MissingNameError, MXNetError, RefusedError, nearest
from .warning import warn

_Base = TypeVar("_Base")
_LONGEST_SHOWN = 200  # characters of a wrong name in a message

#: The classes by name, by their base: whoever makes a `Registry` of a base finds all its classes.
_classes: dict[type, dict[str, type]] = {}


class Registry(Generic[_Base]):
    """The subclasses of one base class by their names, in lower case.

    Parameters
    ----------
    base : type
        The base of every registered class, and of every instance that `create` passes through.
    kind : str
        What error messages call an instance, and the keyword by which `create` accepts a name.
    """

    def __init__(self, base: type[_Base], kind: str) -> None:
        if not isinstance(base, type):
            raise MXNetError(f"registry: base_class must be a class; received {base!r}")
        self.base = base
        self.kind = kind
        self._classes: dict[str, type[_Base]] = _classes.setdefault(base, {})

    def register(self, klass: type, name: str | None = None) -> Any:
        """Register a class under `name`, by default its own, and return it; replaces any earlier class of that name."""
        if not isinstance(klass, type) or not issubclass(klass, self.base):
            raise RefusedError(
                f"{self.kind}.register: the class must derive from {self.base.__name__}; "
                f"received {getattr(klass, '__name__', repr(klass))}"
            )
        if name is not None and not isinstance(name, str):
            raise MXNetError(f"{self.kind}.register: name must be a str or None; received {name!r}")
        name = (klass.__name__ if name is None else name).lower()
        before = self._classes.get(name)
        if before is not None and before is not klass:
            warn(
                f"{self.kind}.register: {name!r} named {before.__module__}.{before.__qualname__} and names "
                f"{klass.__module__}.{klass.__qualname__} from now on",
            )
        self._classes[name] = klass
        return klass

    def classes(self) -> dict[str, type[_Base]]:
        """Return the classes by name, as a new dict."""
        return dict(self._classes)

    def alias(self, *aliases: str) -> Callable[[type], Any]:
        """Return a class decorator that registers under all the given names."""

        def add(klass: type) -> Any:
            for name in aliases:
                self.register(klass, name)
            return klass

        return add

    def create(self, *args: Any, **kwargs: Any) -> _Base:
        """Make an instance from a name and its arguments, or from JSON; an instance is returned unchanged."""
        if not args and self.kind not in kwargs:
            raise MissingNameError(
                f"{self.kind}.create: a name or an instance must be given; received {kwargs or 'nothing'}"
            )
        name, args = (args[0], args[1:]) if args else (kwargs.pop(self.kind), ())
        if isinstance(name, self.base):
            if args or kwargs:
                raise RefusedError(
                    f"{self.kind}.create: arguments must come with a name; received the instance {name!r}"
                )
            return name
        if isinstance(name, dict):
            return self.create(**name)
        if not isinstance(name, str):
            raise RefusedError(f"{self.kind}.create: a name or an instance must be given; received {name!r}")
        if name.startswith(("[", "{")):
            if args or kwargs:
                raise RefusedError(f"{self.kind}.create: JSON must hold all arguments; received more with {name}")
            return self._create_from_json(name)
        return self._find(name)(*args, **kwargs)

    def _create_from_json(self, text: str) -> _Base:
        rule = f'{self.kind}.create: JSON must be ["name", {{arguments}}]; received {_shortened(text)}'
        try:
            read = json.loads(text)
            if isinstance(read, dict):
                return self.create(**read)
            name, options = read
        except ValueError as error:
            raise ValueError(f"{rule}: {error}") from error
        except RecursionError as error:
            raise MXNetError(f"{rule}: it is nested too deeply") from error
        if not isinstance(name, str) or not isinstance(options, dict):
            raise MXNetError(rule)
        return self.create(name, **options)

    def _find(self, name: str) -> type[_Base]:
        found = self._classes.get(name.lower())
        if found is None:
            known = sorted(self._classes)
            raise RefusedError(
                f"{self.kind}.create: the name must be one of {', '.join(known)}; received {_shortened(name)}"
                f"{nearest(name.lower(), known)}"
            )
        return found


def _shortened(text: str) -> str:
    return repr(text) if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]!r}..."
