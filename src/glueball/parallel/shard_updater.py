"""An updater that has the states of some parameters; other processes have those of the others."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import torch
from torch import Tensor

from ..core.errors import MXNetError
from ..ndarray import NDArray
from ..optimizer import Optimizer, Updater
from ..optimizer.states import dump_states, load_states
from ..serialization import atomic_write
from .processes import Processes, connected
from .shards import Shards

_FAILED = -1  # in the place of a length: this process has no states to send


class ShardUpdater(Updater):
    """Updates the parameters whose states are in this process, and counts the updates of the others.

    So rates that follow from counts are those of one process with all states.

    Parameters
    ----------
    optimizer : Optimizer
        The optimizer.

    Notes
    -----
    An optimizer of a program is right here if the update of a parameter changes nothing but the parameter, its state
    and its count.
    """

    def __init__(self, optimizer: Optimizer) -> None:
        if getattr(optimizer, "_glueball_is_distributed", False):
            raise MXNetError(
                "shard='optimizer': the optimizer must not sum gradients itself, as a DistributedOptimizer does: a "
                "process would wait for others that do not update the same parameter; pass the optimizer that it "
                "was made of"
            )
        super().__init__(optimizer)
        self._glueball_shards = Shards(0, 1)
        self._glueball_known_processes: Processes | None = None

    @property
    def _glueball_processes(self) -> Processes:
        """The processes that have the states; those of the program until a store says which."""
        if self._glueball_known_processes is None:
            self._glueball_connect(connected())
        assert self._glueball_known_processes is not None
        return self._glueball_known_processes

    def _glueball_connect(self, processes: Processes) -> None:
        """Set the processes that have the states, for parameters that are not divided yet."""
        self._glueball_known_processes = processes
        self._glueball_shards = Shards(processes.rank, processes.size)

    def _glueball_divide(self, keys: Sequence[Any], weights: Sequence[NDArray]) -> None:
        """Decide which process has the states of new parameters; all call it with the same ones."""
        sizes = [prod(weight.shape) * weight._kind.itemsize for weight in weights]
        self._glueball_shards.divide(zip(keys, sizes, strict=True))
        self._glueball_forget_others()

    def __call__(self, index: Any, grad: Any, weight: Any) -> None:
        """Update those of the parameters whose states are here; arguments as for `Updater`."""
        if not isinstance(index, list | tuple):
            index, grad, weight = [index], [grad], [weight]
        if not index:
            return
        self.optimizer._set_current_context(weight[0].context.device_id)
        for part in self._glueball_parts(weight):
            own = [place for place in part if self._glueball_shards.owns(index[place])]
            others = [index[place] for place in part if not self._glueball_shards.owns(index[place])]
            if not own:
                self.optimizer._glueball_pass_over(others)
                continue
            if others:
                self.optimizer._update_count(others)
            super().__call__(*[[column[place] for place in own] for column in (index, grad, weight)])

    def _glueball_forget_others(self) -> None:
        """Leave out the states that other processes have, such as those of a file."""
        kept = [index for index in self.states if not self._glueball_shards.is_elsewhere(index)]
        self.states = {index: self.states[index] for index in kept}
        self.states_synced = {index: self.states_synced[index] for index in kept}

    def set_states(self, states: bytes) -> None:
        """Load what `get_states` returned; only the states that belong here are kept."""
        super().set_states(states)
        self._glueball_forget_others()

    def get_states(self, dump_optimizer: bool = False, format: str | None = None) -> bytes:
        """Return the states of all processes, as `Updater.get_states` does; all of them must call it."""
        found = self._glueball_gathered("Updater.get_states")
        data = None if found is None else dump_states(found, self.optimizer if dump_optimizer else None, format)
        return self._glueball_processes.copy_bytes(0, data)

    def _glueball_save(self, owner: str, fname: Any, dump_optimizer: bool, format: str | None) -> None:
        """Let process 0 write the states of all processes, which must all call it, to a file."""
        found, failure = self._glueball_gathered(owner), None
        if found is not None:
            try:
                data = dump_states(found, self.optimizer if dump_optimizer else None, format)
                with atomic_write(fname, owner) as file:
                    file.write(data)
            except MXNetError as error:
                failure = error
        everybody = self._glueball_processes.agree([failure is not None])
        if failure is not None:
            raise failure
        if everybody[0][0]:
            raise MXNetError(f"{owner}: process 0 must be able to write the file; it is not; look at what it says")

    def _glueball_gathered(self, owner: str) -> dict[Any, Any] | None:
        """Return the states of all processes in process 0, on the CPU, and None in the others; all must call it."""
        processes = self._glueball_processes
        if processes.size == 1:
            return self.states
        data, failure = torch.empty(0, dtype=torch.uint8), None
        try:
            data = torch.frombuffer(bytearray(dump_states(self.states, None)), dtype=torch.uint8)
        except MXNetError as error:
            failure = error
        lengths = self._glueball_lengths(owner, _FAILED if failure else len(data))
        if failure is not None:
            raise failure
        if _FAILED in lengths:
            raise MXNetError(
                f"{owner}: all processes must have states that can be saved; process {lengths.index(_FAILED)} has not; "
                "look at what it says"
            )
        parts = [processes.collect_at(0, rank, data, length) for rank, length in enumerate(lengths)]
        if processes.rank != 0:
            return None
        states = {index: state for part in parts for index, state in self._glueball_read(part).items()}
        order = [index for index in self.optimizer._index_update_count if index in states]
        return {index: states[index] for index in [*order, *states]}

    def _glueball_lengths(self, owner: str, length: int) -> list[int]:
        try:
            return [int(each) for (each,) in self._glueball_processes.agree([length])]
        except MXNetError as error:
            raise MXNetError(
                f"{owner}: each process has states of its own, so that all must call it, not one alone; {error}"
            ) from error

    def _glueball_read(self, part: Tensor | None) -> dict[Any, Any]:
        assert part is not None
        return load_states(part.numpy().tobytes(), self.optimizer)[0]
