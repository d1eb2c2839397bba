"""Trainer: apply an optimizer to the parameters of a network, on one or more contexts and in one or more processes."""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from typing import Any

from ..core.errors import DivisionByZeroError, InvalidTypeError, MXNetError, RefusedError
from ..core.overriding import is_ours
from ..kvstore import KVStoreBase
from ..kvstore.given import require_processes, require_store
from ..kvstore.kinds import bucket_size
from ..ndarray import NDArray
from ..optimizer import Optimizer, Updater, create
from ..parallel import Collectives, ParallelUpdater, ShardedUpdates, ShardUpdater, is_sharded
from .core import own_store
from .core.agreement import agree, clear
from .core.own_store import is_own
from .core.parameter import Parameter
from .core.trained import Trained
from .core.trainer_states import TrainerStates
from .core.trainer_store import TrainerStore

__all__ = ["Trainer"]


class Trainer(TrainerStore, TrainerStates):
    """Apply an optimizer to parameters.

    Parameters
    ----------
    params : ParameterDict, dict or list of Parameter
        The parameters to train, such as ``net.collect_params()``, all on the same contexts. Those of a dict are
        used in the order of their names.
    optimizer : str or Optimizer
        An optimizer, or the name of one.
    optimizer_params : dict, optional
        The arguments of an optimizer given by name, such as ``{"learning_rate": 0.1}``.
    kvstore : str, KVStore or None, default 'device'
        With several contexts, any store sums the gradients over the contexts; a KVStore object stays empty.
        None leaves each context independent. 'dist_sync' and its kin also sum over the processes, which begin with
        the parameters of process 0. The methods of a program's own `KVStoreBase` are called for each parameter, by its
        number, as MXNet calls them.
    compression_params : dict, optional
        How gradients are shortened for other processes; see `KVStore.set_gradient_compression`.
    update_on_kvstore : bool, optional
        With several contexts or processes: True sums gradients in a copy, updates the weights on the first context and
        copies them to the others; `allreduce_grads` and `update` are then refused. False sums gradients in place and
        updates each context. Default: True with several contexts or processes, and a store.
    shard : {'optimizer'}, optional
        With 'dist_sync' and its kin, each process keeps the optimizer's states of a part of the parameters, updates
        these, and sends them to the others; by default each process keeps all states. A parameter is not cut. All
        processes must call `save_states`, and process 0 writes the file. An optimizer of a program is right if the
        update of a parameter changes nothing but the parameter, its state and its count.
    bucket_cap_mb : float, optional
        How many MiB are sent to other processes at a time, by default 25, or what the store says.

    Raises
    ------
    MXNetError
        The parameters are on different contexts, or an argument is not supported.
    ValueError
        `params` has no parameters, or there is no optimizer with that name.

    Differs from MXNet
    ------------------
    A `step` that finds a stale gradient changes nothing. With ``ignore_stale_grad=True``, a parameter that was used
    on any context is updated on all. States are saved as a pickle only on request; see `save_states`.

    Examples
    --------
    >>> from glueball import autograd, gluon, nd
    >>> net = gluon.nn.Dense(1, in_units=1, use_bias=False)
    >>> net.initialize("ones")
    >>> trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.5})
    >>> with autograd.record():
    ...     loss = net(nd.array([[2], [4]])).sum()
    >>> loss.backward()
    >>> trainer.step(batch_size=2)
    >>> net.weight.data().asscalar()
    np.float32(-0.5)
    """

    def __init__(
        self,
        params: Any,
        optimizer: str | Optimizer,
        optimizer_params: Mapping[str, Any] | None = None,
        kvstore: str | KVStoreBase | None = "device",
        compression_params: Mapping[str, Any] | None = None,
        update_on_kvstore: bool | None = None,
        *,
        shard: str | None = None,
        bucket_cap_mb: float | None = None,
    ) -> None:
        self._params = _as_list(params)
        self._param2idx = {parameter.name: number for number, parameter in enumerate(self._params)}
        for parameter in self._params:
            parameter._set_trainer(self)
        if not is_own(kvstore):
            require_store("Trainer", kvstore)
        across = {"compression_params": compression_params, "shard": shard, "bucket_cap_mb": bucket_cap_mb}
        require_processes("Trainer", kvstore, across)
        self._compression_params = compression_params
        self._glueball_is_sharded = is_sharded("Trainer", shard)
        self._glueball_bucket = bucket_size("Trainer", bucket_cap_mb)
        self._kvstore_params: dict[str, Any] = {"kvstore": kvstore, "update_on_kvstore": update_on_kvstore}
        self._contexts = self._check_contexts()
        if update_on_kvstore and self._glueball_store() is None:
            self._glueball_without_store()
        self._init_optimizer(optimizer, optimizer_params or {})
        self._scale = self._optimizer.rescale_grad
        self._glueball_collectives = Collectives()
        # The parameters that the current step updates; None outside `step`.
        self._glueball_stepping: Trained | None = None
        self._reset_kvstore()

    def _check_contexts(self) -> list[Any]:
        """Return the contexts that all parameters are on."""
        contexts = self._params[0].list_ctx()
        for parameter in self._params:
            if parameter.list_ctx() != contexts:
                raise RefusedError(
                    f"Trainer: all parameters must be on the same contexts; {self._params[0].name} is on {contexts}, "
                    f"{parameter.name} on {parameter.list_ctx()}; call reset_ctx() on the network"
                )
        return contexts

    def _init_optimizer(self, optimizer: str | Optimizer, optimizer_params: Mapping[str, Any] | None) -> None:
        """Create the optimizer, and an updater for each context."""
        self._optimizer = _make_optimizer(optimizer, optimizer_params, dict(enumerate(self._params)))
        if self._glueball_is_sharded:  # one for all contexts
            self._updaters: list[Updater] = [ShardUpdater(self._optimizer)]
        else:
            self._updaters = [Updater(self._optimizer) for _ in self._contexts]

    # --- the optimizer --------------------------------------------------------------------------------------

    @property
    def optimizer(self) -> Optimizer:
        """The optimizer."""
        return self._optimizer

    @property
    def learning_rate(self) -> float:
        """The current learning rate, before multipliers."""
        rate: float = self._optimizer.learning_rate
        return rate

    def set_learning_rate(self, lr: float) -> None:
        """Set the learning rate; with a scheduler, a UserWarning is raised, as in MXNet."""
        self._optimizer.set_learning_rate(lr)

    # --- training -------------------------------------------------------------------------------------------

    def step(self, batch_size: int, ignore_stale_grad: bool = False) -> None:
        """Update all parameters from their gradients; call it after backward().

        Parameters
        ----------
        batch_size : int
            The divisor of the gradients; the batch size if the loss is a sum over the batch, and that of all processes
            together if there are several. Where they say different sizes, it is the mean.
        ignore_stale_grad : bool, default False
            Skip parameters that no backward() has reached since the last step, instead of raising.

        Raises
        ------
        UserWarning
            Raised, not issued, as in MXNet: no backward() has reached a parameter since the last step. Nothing is
            changed.
        """
        self._check_and_rescale_grad(self._scale / _checked_size(batch_size))
        self._glueball_begin()
        trained = self._glueball_trained()
        self._glueball_stepping = self._glueball_fresh(trained, ignore_stale_grad, before_sum=True)
        try:
            self._allreduce_grads()
            self._update(ignore_stale_grad)
        finally:
            self._glueball_stepping = None
        if self._distributed:
            self._glueball_watch(trained)

    def _glueball_watch(self, trained: Trained) -> None:
        numbered = zip(trained.numbers, trained.parameters, trained.arrays(), strict=True)
        self._glueball_collectives.watch({number: found for number, one, found in numbered if one._grad_req == "write"})

    def allreduce_grads(self) -> None:
        """Sum the gradients over all contexts, in place; then modify them if needed, and call `update`.

        Raises
        ------
        MXNetError
            `update_on_kvstore` is not False and there are several contexts.
        """
        self._glueball_begin()
        self._glueball_refuse_on_kvstore("allreduce_grads")
        self._allreduce_grads()

    def update(self, batch_size: int, ignore_stale_grad: bool = False) -> None:
        """Update all parameters from their gradients, without summing over contexts; arguments as in `step`.

        Raises
        ------
        MXNetError
            `update_on_kvstore` is not False and there are several contexts.
        """
        self._glueball_begin()
        self._glueball_refuse_on_kvstore("update")
        self._check_and_rescale_grad(self._scale / _checked_size(batch_size))
        self._update(ignore_stale_grad)

    def _check_and_rescale_grad(self, scale: float) -> None:
        """Set the factor of the gradients."""
        self._optimizer.rescale_grad = scale

    def _allreduce_grads(self) -> None:
        """Replace the gradients on all contexts by their sum; with `update_on_kvstore`, `_update` sums a copy."""
        if is_own(self._kvstore):
            own_store.push(self._kvstore, self._glueball_trained(), bool(self._update_on_kvstore))
        elif self._kvstore is not None and not self._update_on_kvstore:
            stepping = self._glueball_stepping
            trained = self._glueball_trained() if stepping is None else stepping
            self._glueball_collectives.all_reduce(trained.gradients(), trained.numbers)

    def _update(self, ignore_stale_grad: bool = False) -> None:
        """Update the parameters from their gradients, unless these overflow and `contrib.amp` scales the loss."""
        scaler = getattr(self, "_amp_loss_scaler", None)
        if scaler is not None:
            scaler._glueball_collectives = self._glueball_collectives
            if scaler.has_overflow(self._params):
                return
        stepping = self._glueball_stepping
        trained = self._glueball_fresh(self._glueball_trained(), ignore_stale_grad) if stepping is None else stepping
        if self._update_on_kvstore and is_own(self._kvstore):
            trained.used(trained.arrays())
            return
        arrays, gradients = trained.arrays_and_gradients()
        self._glueball_updates().update([trained.numbers] * len(self._contexts), arrays, gradients)
        trained.used(arrays)

    def _glueball_updates(self) -> ParallelUpdater:
        """Return how the optimizer updates the copies of the parameters."""
        together, collectives = self._glueball_together(), self._glueball_collectives
        first = self._updaters[0]
        if isinstance(first, ShardUpdater):
            return ShardedUpdates(first, together, collectives)
        return ParallelUpdater(self._updaters, together, collectives)

    def _glueball_trained(self) -> Trained:
        """Return the parameters that have gradients."""
        return Trained.among(self._params)

    def _glueball_fresh(self, trained: Trained, ignore_stale_grad: bool, before_sum: bool = False) -> Trained:
        """Return the parameters to update, of those that have gradients."""
        marks = self._glueball_marks(trained)
        if self._distributed:
            fresh = list(map(any, zip(*marks, strict=True)))
            agreed = agree(
                self._glueball_collectives,
                self._params,
                trained,
                fresh,
                self._optimizer,
                ignore_stale_grad,
                before_sum and is_ours(self._allreduce_grads),
            )
            if before_sum and not all(fresh):
                clear(trained, fresh)
            return agreed
        if all(map(all, marks)):
            return trained
        by_parameter = list(zip(*marks, strict=True))
        for parameter, marked in zip(trained.parameters, by_parameter, strict=True):
            if not (all(marked) or ignore_stale_grad):
                raise UserWarning(
                    f"Trainer: each parameter must have a gradient from a backward() since the last step; "
                    f"{parameter.name} has none on {self._contexts[marked.index(False)]}; does the loss depend on it? "
                    "Pass ignore_stale_grad=True to skip such parameters"
                )
        return trained.only(map(any, by_parameter))

    def _glueball_marks(self, trained: Trained) -> list[list[bool]]:
        """Return, per context and parameter, whether backward() has reached the parameter since the last step."""
        arrays = trained.arrays()
        try:
            by_context = list(zip(*arrays, strict=True))
        except ValueError:
            by_context = []
        found = [[array._ctx for array in those] for those in by_context]
        if found != [[context] * len(arrays) for context in self._contexts]:
            for parameter, copies in zip(trained.parameters, arrays, strict=True):
                self._glueball_require_place(parameter, copies)
        return [[(grad := array._grad) is not None and grad._fresh for array in those] for those in by_context]


def _as_list(params: Any) -> list[Parameter]:
    if isinstance(params, Mapping) or hasattr(params, "keys"):
        params = [params[name] for name in sorted(params.keys())]
    if not isinstance(params, list | tuple) or not all(isinstance(one, Parameter) for one in params):
        what = type(params).__name__
        if isinstance(params, list | tuple):
            what += f" of {', '.join(sorted({type(one).__name__ for one in params}))}"
        raise ValueError(f"Trainer: params must be a dict or a list of Parameters; received {what}")
    if not params:
        raise ValueError("Trainer: params must have at least one Parameter; received none")
    return list(params)


def _checked_size(batch_size: Any) -> float:
    if isinstance(batch_size, NDArray) and batch_size.size == 1:  # the number of words in a batch of sentences
        batch_size = batch_size.asnumpy().item()
    rule = f"Trainer: batch_size must be a positive number; received {batch_size!r}"
    if not isinstance(batch_size, numbers.Real):
        raise InvalidTypeError(rule)
    if batch_size <= 0:
        raise MXNetError(rule) if batch_size else DivisionByZeroError(rule)
    return float(batch_size)


def _make_optimizer(optimizer: Any, options: Mapping[str, Any] | None, param_dict: dict[int, Parameter]) -> Optimizer:
    if isinstance(optimizer, Optimizer):
        if options:
            raise RefusedError(
                "Trainer: optimizer_params must be None when optimizer is an Optimizer; received "
                f"{sorted(options)}; pass them to the optimizer's constructor"
            )
        optimizer.param_dict = param_dict
        return optimizer
    if not isinstance(options or {}, Mapping):
        raise TypeError(f"Trainer: optimizer_params must be a dict; received {type(options).__name__}")
    return create(optimizer, param_dict=param_dict, **(options or {}))
