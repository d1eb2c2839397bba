"""Updating parameters that have a copy on each of several contexts, with a store or without.

`Module` and `Trainer` do it themselves, in ``parallel/``. Programs with a training loop of their own call these.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ..core.errors import InvalidTypeError
from ..kvstore import KVStore, create
from ..ndarray import NDArray

#: With a larger parameter than this, a 'local' store does not update.
_LARGEST = 16 * 1024 * 1024

Copies = Sequence[Sequence[Any]]


def _create_kvstore(kvstore: Any, num_device: int, arg_params: Mapping[str, NDArray]) -> tuple[KVStore | None, bool]:
    """Return the store to train with, and whether it is to update the parameters.

    Parameters
    ----------
    kvstore : KVStore, str or None
        A store, or the name of one.
    num_device : int
        The number of contexts; for one, no store is needed.
    arg_params : dict of str to NDArray
        The parameters.

    Raises
    ------
    TypeError
        `kvstore` is of another type.
    MXNetError
        There is no store of that name.
    """
    if kvstore is None:
        return None, False
    updates = bool(int(os.environ.get("MXNET_UPDATE_ON_KVSTORE", "1")))
    if isinstance(kvstore, KVStore):
        return kvstore, updates
    if not isinstance(kvstore, str):
        raise InvalidTypeError(f"kvstore must be a KVStore, a str or None; received {kvstore!r}")
    if num_device == 1 and "dist" not in kvstore:
        return None, False
    store = create(kvstore)
    if kvstore == "local" and max(array.size for array in arg_params.values()) > _LARGEST:
        updates = False
    return store, updates


def _create_sparse_kvstore(kvstore: Any) -> tuple[KVStore, bool]:
    """Return a store, given or by its name, and True: it is to update the parameters."""
    if isinstance(kvstore, KVStore):
        return kvstore, True
    if not isinstance(kvstore, str):
        raise InvalidTypeError(f"kvstore must be a KVStore or a str; received {kvstore!r}")
    return create(kvstore), True


def _initialize_kvstore(
    kvstore: KVStore,
    param_arrays: Copies,
    arg_params: Mapping[str, NDArray],
    param_names: Sequence[str],
    update_on_kvstore: bool,
) -> None:
    """Put parameters into a store.

    Parameters
    ----------
    kvstore : KVStore
        The store.
    param_arrays : list of lists of NDArray
        For each parameter, its copies.
    arg_params : dict of str to NDArray
        The values.
    param_names : list of str
        The names, which are the keys.
    update_on_kvstore : bool
        Whether the store is to update them; then the copies get the values too.
    """
    for name, copies in zip(param_names, param_arrays, strict=False):
        kvstore.init(name, arg_params[name])
        if update_on_kvstore:
            kvstore.pull(name, copies)


def _update_params_on_kvstore(
    param_arrays: Copies, grad_arrays: Copies, kvstore: KVStore, param_names: Sequence[str]
) -> None:
    """Let a store update the parameters; one whose first gradient is None is left as it is."""
    for name, copies, gradients in zip(param_names, param_arrays, grad_arrays, strict=False):
        if gradients[0] is not None:
            kvstore.pushpull(name, list(gradients), out=list(copies))


def _update_params(
    param_arrays: Copies,
    grad_arrays: Copies,
    updater: Callable[[Any, Any, Any], Any],
    num_device: int,
    kvstore: KVStore | None = None,
    param_names: Sequence[str] | None = None,
) -> None:
    """Update each copy of the parameters; one whose first gradient is None is left as it is.

    Parameters
    ----------
    param_arrays, grad_arrays : list of lists of NDArray
        For each parameter, its copies and their gradients.
    updater : callable
        ``updater(indices, gradients, weights)`` is called once for each context, with tuples. The index of the copy of
        parameter `i` on context `k` is ``i * num_device + k``.
    num_device : int
        The number of contexts.
    kvstore : KVStore, optional
        A store that sums the gradients first.
    param_names : list of str, optional
        The names, by which the store knows the parameters.
    """
    updates: list[list[tuple[int, NDArray, NDArray]]] = [[] for _ in range(num_device)]
    for number, (copies, gradients) in enumerate(zip(param_arrays, grad_arrays, strict=False)):
        if gradients[0] is None:
            continue
        if kvstore is not None and param_names is not None:
            kvstore.pushpull(param_names[number], list(gradients))
        for position, (weight, gradient) in enumerate(zip(copies, gradients, strict=False)):
            updates[position].append((number * num_device + position, gradient, weight))
    for update in filter(None, updates):
        updater(*zip(*update, strict=True))


def _multiple_callbacks(callbacks: Any, *args: Any, **kwargs: Any) -> None:
    """Call a function, each function of a list, or none for None."""
    if not callbacks:
        return
    chosen: Iterable[Any] = callbacks if isinstance(callbacks, list) else [callbacks]
    for callback in chosen:
        callback(*args, **kwargs)
