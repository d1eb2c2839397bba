"""How a trainer uses a store of a program's own: a `KVStoreBase` that is no `KVStore`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...kvstore import KVStore, KVStoreBase
from ...ndarray import NDArray
from ...optimizer import Optimizer
from .trained import Trained


def is_own(store: Any) -> bool:
    """Whether a store is of a program's own, so that its methods are called; a `KVStore` stays empty."""
    return isinstance(store, KVStoreBase) and not isinstance(store, KVStore)


def updates_itself(store: Any, wanted: bool | None, optimizer: Optimizer) -> bool:
    """Return whether the store updates the parameters; then it gets the optimizer.

    Parameters
    ----------
    store : KVStoreBase
        The store.
    wanted : bool or None
        What the user said; None stands for what the store can do.
    optimizer : Optimizer
        The optimizer.

    Raises
    ------
    ValueError
        The store cannot, and the user wants it to.
    """
    if not updates(store, wanted):
        return False
    store.set_optimizer(optimizer)
    return True


def updates(store: KVStoreBase, wanted: bool | None) -> bool:
    """Return whether any store updates the parameters, as a user wants or, for None, if it can."""
    is_capable = store.is_capable(KVStoreBase.OPTIMIZER)
    if not (is_capable if wanted is None else wanted):
        return False
    if not store.is_capable(KVStoreBase.OPTIMIZER):  # a store of a program is asked as often as by MXNet
        who = repr(store.type) if isinstance(store, KVStore) else type(store).__name__
        raise ValueError(
            f"Trainer: update_on_kvstore must be False with a store that has no optimizer, {who}; received True"
        )
    return True


def broadcast(store: Any, numbered: Iterable[tuple[int, list[NDArray]]]) -> None:
    """Hand the arrays of each parameter to a store, which makes them equal."""
    for number, arrays in numbered:
        store.broadcast(number, arrays[0], arrays)


def push(store: Any, trained: Trained, updates: bool) -> None:
    """Let a store sum gradients, or update the parameters from them."""
    for number, gradients, parameter in zip(trained.numbers, trained.gradients(), trained.parameters, strict=True):
        if updates:
            store.pushpull(number, gradients, out=parameter.list_data(), priority=-number)
        else:
            store.pushpull(number, gradients, priority=-number)
