"""What a Trainer has of files: the states of its optimizer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...core.doors import guard
from ...core.errors import MXNetError, file_error
from ...kvstore import KVStoreBase
from ...optimizer import Optimizer, Updater
from ...optimizer.states import dump_states, load_states, require_fit
from ...parallel import ShardUpdater
from ...serialization import atomic_write
from .own_store import is_own
from .parameter import Parameter
from .trained import listed


@guard
class TrainerStates:
    """The methods of a Trainer that write and read the states of its optimizer."""

    if TYPE_CHECKING:
        # A Trainer has them.
        _params: list[Parameter]
        _optimizer: Optimizer
        _updaters: list[Updater]
        _update_on_kvstore: bool | None

        @property
        def _kvstore(self) -> KVStoreBase | None: ...

    def save_states(self, fname: str, format: str | None = None) -> None:
        """Save the optimizer's states, update counts, learning rates and scheduler.

        Parameters
        ----------
        fname : path
            The file to write, replaced atomically.
        format : {'mxnet'}, optional
            Write MXNet's form, a pickle, which MXNet reads; by default the form of Glueball, which only Glueball reads.

        Notes
        -----
        With ``shard='optimizer'`` all processes must call it. Process 0 collects the states and writes the file, which
        is the same as without; it is there when the call returns.

        Differs from MXNet
        ------------------
        The file is by default not a pickle, which could run code when a program loads it, but arrays and text (see
        ``optimizer/states.py``).
        """
        store = self._kvstore
        if store is not None and is_own(store) and self._update_on_kvstore:
            store.save_optimizer_states(fname, dump_optimizer=True)
            return
        first = self._updaters[0]
        if isinstance(first, ShardUpdater):
            first._glueball_save("Trainer.save_states", fname, dump_optimizer=True, format=format)
            return
        data = dump_states(first.states, self._optimizer, format)
        with atomic_write(fname, "Trainer.save_states") as file:
            file.write(data)

    def load_states(self, fname: str) -> None:
        """Resume from what `save_states` wrote, here or in MXNet, including learning rate and scheduler.

        MXNet's pickle is read as data: nothing that it names is imported or called.

        Parameters
        ----------
        fname : path
            The file. It must come from the same optimizer, and its states must match the parameters.

        Raises
        ------
        FileNotFoundError
            The file does not exist.
        MXNetError
            It is corrupt, or from another optimizer or network. Nothing is changed.
        """
        store = self._kvstore
        if store is not None and is_own(store) and self._update_on_kvstore:
            store.load_optimizer_states(fname)
            return
        try:
            with open(fname, "rb") as file:
                data = file.read()
        except OSError as error:
            raise file_error(
                f"Trainer.load_states: the file must be readable; received {fname!r}: {error.strerror or error}", error
            ) from error
        # Read once per context: no two may share an array that is updated in place.
        loaded = [load_states(data, self._optimizer) for _ in self._updaters]
        for index, state in loaded[0][0].items():
            self._glueball_require_fit(index, state)
        for updater, (states, restore) in zip(self._updaters, loaded, strict=True):
            restore()
            updater.states, updater.states_synced = states, dict.fromkeys(states, False)
            if isinstance(updater, ShardUpdater):
                updater._glueball_forget_others()

    def _glueball_require_fit(self, index: Any, state: Any) -> None:
        if not (isinstance(index, int) and 0 <= index < len(self._params)):
            raise MXNetError(
                f"Trainer.load_states: each state must belong to a parameter; received index {index!r} with "
                f"{len(self._params)} parameters; it was saved from another network"
            )
        parameter = self._params[index]
        if parameter._data is not None:
            require_fit(state, self._optimizer, index, listed(parameter)[0], parameter.name)
