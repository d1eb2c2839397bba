"""The store: named arrays that several contexts add to and read from, in one process or in several."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..core.doors import guard
from ..core.errors import MXNetError, RefusedError, nearest
from ..core.strangers import call
from ..ndarray import NDArray
from ..optimizer import Optimizer, Updater, get_updater
from ..parallel import Collectives, ShardUpdater, compression_of, is_sharded
from ..serialization import atomic_write
from .interface import KVStoreBase
from .kinds import WITHOUT_OPTIMIZER, refuse_within_one

__all__ = ["KVStore"]


@guard
class KVStore(KVStoreBase):
    """Arrays by key, in one process or in several. `create` makes one.

    `Trainer` and `Module` take a store or its name, and keep their parameters themselves. In a store of several
    processes each of them has all arrays, which stay the same in all of them: `init` takes those of process 0, and
    `push` sums over all processes. So all must call both, with the same keys in the same order.

    Parameters
    ----------
    kind : str
        The value of `type`.
    collectives : Collectives, optional
        What sums over contexts, and over processes; by default over the contexts of this process.

    Differs from MXNet
    ------------------
    Pushing a value whose shape differs from that of the stored array is refused. A function given to `_set_updater`
    receives a str key as a str, not as bytes.

    Examples
    --------
    >>> import glueball as mx
    >>> store = mx.kv.create("local")
    >>> store.init("weight", mx.nd.zeros((2,)))
    >>> store.push("weight", [mx.nd.ones((2,), mx.cpu(0)), mx.nd.ones((2,), mx.cpu(1))])
    >>> out = mx.nd.zeros((2,))
    >>> store.pull("weight", out=out)
    >>> out.asnumpy().tolist()
    [2.0, 2.0]
    """

    def __init__(self, kind: str, collectives: Collectives | None = None) -> None:
        self._kind = kind
        self._glueball_collectives = Collectives() if collectives is None else collectives
        self._arrays: dict[Any, NDArray] = {}
        self._updater: Callable[[Any, NDArray, NDArray], Any] | None = None

    @property
    def type(self) -> str:
        """The kind of the store."""
        return self._kind

    @property
    def rank(self) -> int:
        """The number of this process, from 0 on."""
        return self._glueball_collectives.rank

    @property
    def num_workers(self) -> int:
        """How many processes use the store."""
        return self._glueball_collectives.size

    def is_capable(self, capability: str) -> bool:
        """Return whether the store has a capability.

        Parameters
        ----------
        capability : {'optimizer'}
            Whether `set_optimizer` works, which it does but for 'horovod' and 'byteps'.
        """
        if str(capability).lower() != "optimizer":
            raise ValueError(f"KVStore.is_capable: capability must be 'optimizer'; received {capability!r}")
        return self._kind not in WITHOUT_OPTIMIZER

    def init(self, key: Any, value: Any) -> None:
        """Store copies of one or more new arrays.

        Parameters
        ----------
        key : int or str, or a list of these
            The keys of the arrays. The keys of a store are all ints or all strs.
        value : NDArray or a list of NDArray
            One array for each key.

        Raises
        ------
        MXNetError
            A key already exists, or has the other type.
        """
        added = []
        for one, values in _pairs("init", key, value):
            if one in self._arrays or len(values) != 1:
                received = f"{one!r}, which exists" if one in self._arrays else f"{len(values)} arrays for {one!r}"
                raise MXNetError(f"KVStore.init: there must be one array for each new key; received {received}")
            if any(isinstance(other, str) is not isinstance(one, str) for other in self._arrays):
                raise MXNetError(
                    f"KVStore.init: all keys of a store must be ints, or all strs; received {one!r} after "
                    f"{next(iter(self._arrays))!r}"
                )
            self._arrays[one] = values[0].copy()
            added.append(one)
        self._glueball_collectives.begin([[self._arrays[one]] for one in added], [repr(one) for one in added])
        if isinstance(self._updater, ShardUpdater):
            self._updater._glueball_divide(added, [self._arrays[one] for one in added])

    def push(self, key: Any, value: Any, priority: int = 0) -> None:
        """Sum the values given for a key, and store the sum or, after `set_optimizer`, update with it.

        Parameters
        ----------
        key : int or str, or a list of these
            The keys of the arrays.
        value : NDArray, or a list of NDArray, or for several keys a list of either
            The values to sum, on any contexts.
        priority : int, default 0
            Has no effect: work is not reordered.
        """
        pairs = list(_pairs("push", key, value))
        for one, values in pairs:
            shape = self._stored("push", one).shape
            for each in values:
                if each.shape != shape:
                    raise MXNetError(
                        f"KVStore.push: a value for {one!r} must have the shape {shape}; received {each.shape}"
                    )
        keys, arrays = [one for one, _ in pairs], [values for _, values in pairs]
        self._glueball_collectives.require_same("KVStore.push", [(one, self._arrays[one].shape) for one in keys])
        for one, summed in zip(keys, self._glueball_collectives.reduce(arrays, keys), strict=True):
            stored = self._arrays[one]
            total = summed.as_in_context(stored.context)
            if self._updater is None:
                self._arrays[one] = total
            else:
                call(self._updater, one, total, stored)
        if isinstance(self._updater, ShardUpdater):
            stored_ones = [[self._arrays[one]] for one in keys]
            self._glueball_collectives.share(keys, stored_ones, self._updater._glueball_shards)

    def pull(self, key: Any, out: Any = None, priority: int = 0, ignore_sparse: bool = True) -> None:
        """Copy stored arrays into others.

        Parameters
        ----------
        key : int or str, or a list of these
            The keys of the arrays.
        out : NDArray, or a list of NDArray, or for several keys a list of either
            The arrays to write to.
        priority : int, default 0
            Has no effect: work is not reordered.
        ignore_sparse : bool, default True
            Leave out stored arrays that are sparse, for which there is `row_sparse_pull`.
        """
        if out is None:
            raise RefusedError("KVStore.pull: out must be the arrays to write to; received None")
        for one, values in _pairs("pull", key, out):
            stored = self._stored("pull", one)
            if ignore_sparse and stored.stype != "default":
                continue
            for each in values:
                stored.copyto(each)

    def pushpull(self, key: Any, value: Any, out: Any = None, priority: int = 0) -> None:
        """Call `push`, then `pull` into `out`, or into `value` if `out` is None."""
        self.push(key, value, priority)
        self.pull(key, value if out is None else out, priority)

    def broadcast(self, key: Any, value: Any, out: Any, priority: int = 0) -> None:
        """Call `init`, then `pull`."""
        self.init(key, value)
        self.pull(key, out, priority)

    def row_sparse_pull(self, key: Any, out: Any = None, priority: int = 0, row_ids: Any = None) -> None:
        """Copy some rows of stored row_sparse arrays into others; their other rows are zeros.

        Parameters
        ----------
        key, out, priority
            As for `pull`; the arrays must be row_sparse.
        row_ids : NDArray, or a list of NDArray, one for each of `out`
            The rows, in any order and number.
        """
        if out is None or row_ids is None:
            raise RefusedError("KVStore.row_sparse_pull: out and row_ids must be given; received None")
        single = isinstance(row_ids, NDArray)
        for one, values in _pairs("row_sparse_pull", key, out):
            stored = self._stored("row_sparse_pull", one)
            wanted = [row_ids] * len(values) if single else list(row_ids)
            if len(wanted) != len(values):
                raise RefusedError(
                    f"KVStore.row_sparse_pull: row_ids must be one array for each of {len(values)}; received "
                    f"{len(wanted)}"
                )
            for each, rows in zip(values, wanted, strict=True):
                if stored.stype != "row_sparse" or each.stype != "row_sparse":
                    raise MXNetError(
                        f"KVStore.row_sparse_pull: both arrays must be row_sparse; received {stored.stype} stored for "
                        f"{one!r}, and {each.stype}; use pull()"
                    )
                if each is not stored:  # as of a module, which has all rows
                    # Of this storage type, as was asked above, is the class that has the method.
                    each[:] = stored._rows_at(rows)  # type: ignore[attr-defined]

    def set_optimizer(self, optimizer: Optimizer, shard: str | None = None) -> None:
        """Make `push` update the stored arrays, with the pushed values as gradients.

        Parameters
        ----------
        optimizer : Optimizer
            The optimizer; each array is a parameter whose index is its key.
        shard : {'optimizer'}, optional
            Each process keeps the states of a part of the keys, updates these, and sends them to the others; see
            `gluon.Trainer`.
        """
        refuse_within_one("KVStore.set_optimizer", self._glueball_collectives.is_distributed, {"shard": shard})
        updater = get_updater(optimizer)
        if is_sharded("KVStore.set_optimizer", shard):
            updater = ShardUpdater(optimizer)
            updater._glueball_connect(self._glueball_collectives.processes)
            updater._glueball_divide(list(self._arrays), list(self._arrays.values()))
        self._updater = updater

    def _set_updater(self, updater: Callable[[Any, NDArray, NDArray], Any]) -> None:
        """Make `push` call ``updater(key, sum of the values, stored array)``, which writes to the stored array."""
        self._updater = updater

    def _glueball_hold(self, arrays: Mapping[str, NDArray], updater: Callable[[Any, NDArray, NDArray], Any]) -> None:
        """Store arrays themselves, not copies: those of a module, which `pull` reads, and which `push` updates."""
        self._arrays.update(arrays)
        self._updater = updater

    def barrier(self) -> None:
        """Wait until all processes are here; MXNet has it as ``_barrier``."""
        self._glueball_collectives.barrier()

    _barrier = barrier

    def get_num_dead_node(self, node_id: int = 0, timeout: float = 60) -> int:
        """Return how many of the processes give no sign of life; it takes two seconds.

        Parameters
        ----------
        node_id : int
            Has no effect: all processes are workers.
        timeout : float
            Has no effect: a sign is expected every half second.
        """
        return self._glueball_collectives.count_gone()

    def set_gradient_compression(self, compression_params: Mapping[str, Any]) -> None:
        """Shorten what `push` sends to other processes.

        Parameters
        ----------
        compression_params : dict
            ``{"type": "2bit", "threshold": 0.5}`` sends minus the threshold, 0 or the threshold for each number, and
            keeps the rest for the next push. The types 'bf16' and 'fp16', which MXNet does not have, send and sum
            numbers of two bytes.

        Raises
        ------
        MXNetError
            The store is of one process, or something else is asked for.
        """
        if not self._glueball_collectives.is_distributed:
            raise MXNetError(
                f"KVStore.set_gradient_compression: a store of type {self.type!r} cannot compress gradients; received "
                f"{compression_params!r}; leave it out"
            )
        self._glueball_collectives.compression = compression_of("KVStore.set_gradient_compression", compression_params)

    def save_optimizer_states(
        self, fname: str | os.PathLike[str], dump_optimizer: bool = False, format: str | None = None
    ) -> None:
        """Write the states of the optimizer to a file; see `Updater.get_states`.

        Parameters
        ----------
        fname : path
            The file.
        dump_optimizer : bool, default False
            Also write the optimizer's settings.
        format : {'mxnet'}, optional
            Write MXNet's form; see `Updater.get_states`.

        Notes
        -----
        With ``set_optimizer(..., shard='optimizer')`` all processes must call it, and process 0 writes the file.
        """
        updater = self._optimizing("save_optimizer_states")
        if isinstance(updater, ShardUpdater):
            updater._glueball_save("KVStore.save_optimizer_states", fname, dump_optimizer, format)
            return
        states = updater.get_states(dump_optimizer, format)
        with atomic_write(fname, "KVStore.save_optimizer_states") as file:
            file.write(states)

    def load_optimizer_states(self, fname: str | os.PathLike[str]) -> None:
        """Read what `save_optimizer_states` wrote.

        Parameters
        ----------
        fname : path
            The file.
        """
        updater = self._optimizing("load_optimizer_states")
        with open(fname, "rb") as file:
            updater.set_states(file.read())

    def _optimizing(self, method: str) -> Updater:
        if not isinstance(self._updater, Updater):
            raise RefusedError(f"KVStore.{method}: the store must have an optimizer; call set_optimizer() first")
        return self._updater

    def _stored(self, method: str, key: Any) -> NDArray:
        if key not in self._arrays:
            raise MXNetError(
                f"KVStore.{method}: the key must be one that init() was called with; received {key!r}"
                f"{nearest(key, list(self._arrays)) if isinstance(key, str) else ''}"
            )
        return self._arrays[key]


def _pairs(method: str, key: Any, value: Any) -> Iterator[tuple[Any, list[NDArray]]]:
    """Yield each key with its list of arrays, as a store and its updater know them: those of ``mx.nd``."""
    several = isinstance(key, list | tuple)
    keys, values = (key, value) if several else ([key], [value])
    if not isinstance(values, list | tuple) or len(keys) != len(values):
        raise RefusedError(f"KVStore.{method}: there must be one value for each key; received {keys} and {value!r}")
    for one, arrays in zip(keys, values, strict=True):
        if isinstance(one, bool) or not isinstance(one, int | str):
            raise RefusedError(f"KVStore.{method}: a key must be an int or a str; received {one!r}")
        found = list(arrays) if isinstance(arrays, list | tuple) else [arrays]
        if not found or not all(isinstance(each, NDArray) for each in found):
            raise TypeError(f"KVStore.{method}: the value of {one!r} must be one or more NDArrays; received {arrays!r}")
        yield one, [each.as_nd_ndarray() for each in found]
