"""What a Trainer has of the store over which it sums gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ...core.doors import guard
from ...core.errors import InvalidValueError, MXNetError, RefusedError
from ...core.warning import warn
from ...kvstore import KVStore, KVStoreBase
from ...kvstore.base import create as create_store
from ...kvstore.given import collectives_of
from ...kvstore.kinds import spans_processes
from ...ndarray import NDArray
from ...optimizer import Optimizer, Updater
from ...parallel import Collectives, ShardUpdater, compression_of
from . import own_store
from .own_store import is_own
from .parameter import Parameter


@guard
class TrainerStore:
    """The methods of a Trainer that make its store, and make the parameters equal before the first step."""

    if TYPE_CHECKING:
        # A Trainer has them.
        _params: list[Parameter]
        _param2idx: dict[str, int]
        _contexts: list[Any]
        _optimizer: Optimizer
        _updaters: list[Updater]
        _kvstore_params: dict[str, Any]
        _compression_params: Any
        _glueball_collectives: Collectives
        _glueball_bucket: int | None

    @property
    def _kvstore(self) -> KVStoreBase | None:
        """The store over which gradients are summed; None before the first step, and if they are not."""
        return self._glueball_kvstore

    @_kvstore.setter
    def _kvstore(self, store: KVStoreBase | None) -> None:
        if not isinstance(store, KVStoreBase | None):
            raise MXNetError(
                f"Trainer._kvstore: it must be a KVStore or None; received {type(store).__name__}; override "
                "_allreduce_grads to sum gradients in another way"
            )
        self._glueball_kvstore = store

    def _reset_kvstore(self) -> None:
        """Begin again as before the first step: the store is made, and the parameters are made equal."""
        self._kv_initialized = False
        self._kvstore = None
        self._distributed: bool | None = None
        self._update_on_kvstore: bool | None = None
        self._params_to_init = list(self._params)

    def _init_kvstore(self) -> None:
        """Decide how the gradients of several contexts come together; the first step calls it."""
        for parameter in self._params:
            if parameter._data is not None:
                self._glueball_require_place(parameter, parameter._data)
            if parameter._stype == "default":
                parameter.data(self._contexts[0])  # raises if it is not initialized
            else:
                parameter._check_and_get(parameter._data, self._contexts[0])
        self._kvstore = self._glueball_store()
        if self._kvstore is not None:
            wanted = self._glueball_wanted(self._kvstore)
            if is_own(self._kvstore):
                self._update_on_kvstore = own_store.updates_itself(self._kvstore, wanted, self._optimizer)
            else:
                self._update_on_kvstore = own_store.updates(self._kvstore, wanted)
                if self._update_on_kvstore and isinstance(self._kvstore, KVStore):
                    self._kvstore._set_updater(self._updaters[0])  # programs ask the store for the optimizer's states
            self._glueball_collectives = collectives_of(self._kvstore, self._glueball_bucket)
            updater = self._updaters[0]
            if isinstance(updater, ShardUpdater):
                updater._glueball_connect(self._glueball_collectives.processes)
        self._distributed = self._glueball_collectives.is_distributed
        if self._compression_params is not None:
            self._glueball_collectives.compression = compression_of("Trainer", self._compression_params)
        self._kv_initialized = True

    def _glueball_store(self) -> KVStoreBase | None:
        """Return the store of the caller, or one of the kind that was named if it has something to do."""
        store = self._kvstore_params["kvstore"]
        if isinstance(store, str):
            is_needed = len(self._contexts) > 1 or spans_processes(store) or self._glueball_has_rows("_stype")
            return create_store(store) if is_needed else None
        return cast("KVStoreBase | None", store)

    def _glueball_wanted(self, store: KVStoreBase) -> bool | None:
        """Return whether a store is to update the parameters, None where it may decide, by MXNet's rules for rows.

        It must where parameters have row_sparse storage, and over processes where their gradients have. Elsewhere it
        does not update such gradients by default.
        """
        wanted: bool | None = self._kvstore_params["update_on_kvstore"]
        of_gradients = self._glueball_has_rows("_grad_stype")
        if not of_gradients or not isinstance(store, KVStore) or not store.is_capable("optimizer"):
            return wanted
        must = self._glueball_has_rows("_stype") or spans_processes(store.type)
        if must and wanted is False:
            raise InvalidValueError(
                "Trainer: update_on_kvstore must not be False where parameters have row_sparse storage, or their "
                "gradients over several processes; received False; leave it out"
            )
        return False if wanted is None and not must else wanted

    def _glueball_without_store(self) -> None:
        """Refuse ``update_on_kvstore=True`` where there is no store; MXNet lets it be where gradients have rows."""
        message = (
            "Trainer: update_on_kvstore=True needs parameters on several contexts, and a kvstore; received contexts "
            f"{self._contexts} and kvstore={self._kvstore_params['kvstore']!r}; leave it out"
        )
        if not self._glueball_has_rows("_grad_stype"):
            raise MXNetError(message)
        warn(f"{message}; it has no effect")

    def _glueball_has_rows(self, attribute: str) -> bool:
        return any(getattr(parameter, attribute) == "row_sparse" for parameter in self._params)

    def _init_params(self) -> None:
        """Make the parameters equal on all contexts, before the first step that has them initialized."""
        ready = [parameter for parameter in self._params_to_init if not parameter._deferred_init]
        if self._kvstore is not None:
            arrays = [parameter._check_and_get(parameter._data, list) for parameter in ready]
            if is_own(self._kvstore):
                numbers = [self._param2idx[parameter.name] for parameter in ready]
                own_store.broadcast(self._kvstore, zip(numbers, arrays, strict=True))
            else:
                self._glueball_collectives.begin(arrays, [parameter.name for parameter in ready])
                self._glueball_divide(ready, arrays)
        self._params_to_init = [parameter for parameter in self._params_to_init if parameter._deferred_init]

    def _glueball_divide(self, parameters: list[Parameter], arrays: list[list[NDArray]]) -> None:
        """Decide which process keeps the optimizer's states of which of these parameters, if each keeps a part."""
        updater = self._updaters[0]
        if isinstance(updater, ShardUpdater):
            numbers = [self._param2idx[parameter.name] for parameter in parameters]
            updater._glueball_divide(numbers, [copies[0] for copies in arrays])

    def _glueball_begin(self) -> None:
        if not self._kv_initialized:
            self._init_kvstore()
        if self._params_to_init:
            self._init_params()

    def _glueball_begin_for_rows(self) -> None:
        """Make the store when rows are asked for, as MXNet does, if all parameters are there already."""
        if all(parameter._data is not None for parameter in self._params):
            self._glueball_begin()

    def _glueball_together(self) -> bool:
        return self._kvstore is not None and bool(self._update_on_kvstore)

    def _glueball_refuse_on_kvstore(self, method: str) -> None:
        if self._glueball_together():
            raise RefusedError(
                f"Trainer.{method}: with several contexts it needs Trainer(..., update_on_kvstore=False); use step()"
            )

    def _glueball_require_place(self, parameter: Parameter, arrays: list[NDArray]) -> None:
        if [array.context for array in arrays] != self._contexts:
            raise MXNetError(
                f"Trainer: {parameter.name} must be on the contexts it was on when the trainer was made, "
                f"{self._contexts}; it is on {parameter.list_ctx()}; make a new Trainer"
            )
