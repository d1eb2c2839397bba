"""The interface of stores, from which a program may derive one of its own."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from ..core.doors import guard
from ..core.errors import MissingMethodError
from ..core.warning import warn

T = TypeVar("T", bound=Any)


@guard
class KVStoreBase:
    """The base class of stores. A registered subclass is made with `create`.

    `Trainer` calls `broadcast` and `pushpull` of such a store for each parameter; `Module` takes a `KVStore` alone.

    Examples
    --------
    >>> import glueball as mx
    >>> @mx.kvstore.KVStoreBase.register
    ... class Summing(mx.kvstore.KVStoreBase):
    ...     def pushpull(self, key, value, out=None, priority=0):
    ...         out[:] = sum(value)
    >>> total = mx.nd.zeros(1)
    >>> mx.kv.create("summing").pushpull(0, [mx.nd.ones(1), mx.nd.ones(1)], out=total)
    >>> total.asscalar().item()
    2.0
    """

    OPTIMIZER = "optimizer"
    kv_registry: ClassVar[dict[str, Any]] = {}

    @staticmethod
    def register(klass: T) -> T:
        """Make a class known to `create` by its name in lower case; a decorator.

        Parameters
        ----------
        klass : type
            The class.
        """
        name = klass.__name__.lower()
        known = KVStoreBase.kv_registry.get(name)
        if known is not None:
            warn(
                f"KVStoreBase.register: {klass.__module__}.{klass.__name__} takes the place of "
                f"{known.__module__}.{known.__name__}",
                UserWarning,
            )
        KVStoreBase.kv_registry[name] = klass
        return klass

    def _glueball_missing(self, name: str) -> MissingMethodError:
        return MissingMethodError(f"{type(self).__name__}: {name} must be implemented by the subclass")

    def broadcast(self, key: Any, value: Any, out: Any, priority: int = 0) -> None:
        """Store a value and write it to arrays; a subclass implements it."""
        raise self._glueball_missing("broadcast")

    def pushpull(self, key: Any, value: Any, out: Any = None, priority: int = 0) -> None:
        """Write the sum of values to arrays; a subclass implements it."""
        raise self._glueball_missing("pushpull")

    def set_optimizer(self, optimizer: Any) -> None:
        """Set the optimizer of the store; a subclass implements it."""
        raise self._glueball_missing("set_optimizer")

    def is_capable(self, capability: str) -> bool:
        """Return whether the store has a capability; a subclass implements it."""
        raise self._glueball_missing("is_capable")

    def save_optimizer_states(self, fname: str, dump_optimizer: bool = False) -> None:
        """Save the states of the optimizer; a subclass implements it."""
        raise self._glueball_missing("save_optimizer_states")

    def load_optimizer_states(self, fname: str) -> None:
        """Load the states of the optimizer; a subclass implements it."""
        raise self._glueball_missing("load_optimizer_states")

    @property
    def type(self) -> str:
        """The kind of the store."""
        raise self._glueball_missing("type")

    @property
    def rank(self) -> int:
        """The rank of this process."""
        raise self._glueball_missing("rank")

    @property
    def num_workers(self) -> int:
        """How many processes use the store."""
        raise self._glueball_missing("num_workers")
