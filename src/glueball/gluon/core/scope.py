"""Name scopes: the scope of a block names its children and shares its parameter dictionary."""

from __future__ import annotations

import threading
import weakref
from typing import Any, Protocol

from ...core import naming
from .parameter_dict import ParameterDict


class _Named(Protocol):
    """What a scope needs of its block."""

    _empty_prefix: bool

    @property
    def prefix(self) -> str: ...

    @property
    def params(self) -> ParameterDict: ...


class _Current(threading.local):
    def __init__(self) -> None:
        self.scope: BlockScope | None = None


_current = _Current()


class BlockScope:
    """What ``block.name_scope()`` returns: inside the ``with`` block, new blocks are named as children of `block`."""

    def __init__(self, block: _Named) -> None:
        # The block has its scope: if that had the block, both would be freed only by the garbage collector.
        self._block = weakref.ref(block)
        self._held: _Named | None = None
        self._names = naming.NameManager()
        self._outer: list[tuple[BlockScope | None, naming.Prefix | None]] = []

    def held(self) -> BlockScope:
        """Keep the block alive until the ``with`` block ends."""
        self._held = self._block()
        return self

    @property
    def block(self) -> _Named:
        """The block."""
        block = self._block() if self._held is None else self._held  # a program's block may have a __len__ that counts
        assert block is not None  # whoever has its scope has the block, or has called `held`
        return block

    def __getstate__(self) -> dict[str, Any]:
        """Replace what cannot be copied."""
        return {"_block": self._block(), "_names": self._names}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Belong to a copy of the block."""
        self.__init__(state["_block"])  # type: ignore[misc]
        self._names = state["_names"]

    def __enter__(self) -> BlockScope:
        # A block with an empty prefix adds nothing to names: its children are named in the enclosing scope.
        if self.block._empty_prefix:
            self._outer.append((_current.scope, None))
            return self
        prefix = naming.Prefix(self.block.prefix)
        self._outer.append((_current.scope, prefix))
        _current.scope = self
        prefix.__enter__()
        return self

    def __exit__(self, *exception: Any) -> None:
        _current.scope, prefix = self._outer.pop()
        if prefix is not None:
            prefix.__exit__(*exception)
        if not self._outer:
            self._held = None


def create(prefix: str | None, params: ParameterDict | None, hint: str) -> tuple[str, ParameterDict]:
    """Return the full prefix and the parameter dictionary of a new block.

    Parameters
    ----------
    prefix : str, optional
        As passed by the user; None takes the next number for `hint` in the scope.
    params : ParameterDict, optional
        The dictionary to share parameters with.
    hint : str
        The kind of block, such as ``'conv'``.
    """
    scope = _current.scope
    if scope is None:
        full = f"{naming.current().get(None, hint)}_" if prefix is None else prefix
        return full, ParameterDict(full) if params is None else ParameterDict(params.prefix, params)
    own = f"{scope._names.get(None, hint)}_" if prefix is None else prefix
    full = scope.block.prefix + own
    if params is None:
        parent = scope.block.params
        return full, ParameterDict(parent.prefix + own, parent._shared)
    return full, ParameterDict(params.prefix, params)
