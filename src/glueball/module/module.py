"""A graph with its parameters and its optimizer."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import Any

from .. import optimizer as opt
from ..core.context import cpu
from ..core.errors import InvalidTypeError, MXNetError, RefusedError
from ..core.overriding import is_ours
from ..core.warning import warn
from ..kvstore import KVStore
from ..kvstore.base import create as create_store
from ..kvstore.given import collectives_of, require_store
from ..kvstore.kinds import spans_processes
from ..model import load_checkpoint, save_checkpoint
from ..optimizer.states import dump_states
from ..parallel import Collectives, ParallelUpdater, compression_of
from ..serialization import atomic_write
from ..serialization.checkpoint import checkpoint_file, graph_file
from .filled_module import FilledModule


class Module(FilledModule):
    """A network given as a graph, which can be trained and run.

    Parameters
    ----------
    symbol : Symbol
        The graph, with its loss (such as ``SoftmaxOutput``) at the end if it is to be trained.
    data_names, label_names : list of str, default ('data',), ('softmax_label',)
        The arguments of the graph that are inputs and labels; None if there are none.
    logger : logging.Logger, default the module ``logging``
        Where `fit` logs its progress.
    context : Context or list of Context, default mx.cpu()
        Where to compute. Over several contexts each batch is split.
    work_load_list : list of float, optional
        The relative size of each context's part; by default all are equal.
    fixed_param_names : list of str, optional
        Parameters that are not trained.
    state_names : list of str, optional
        Arguments that are neither inputs nor parameters; see `set_states`.
    group2ctxs : dict of str to Context, or list of these, optional
        Where the groups of the graph are, which ``AttrScope(ctx_group=...)`` makes: a context for each, or a list of
        one for each of the contexts of the module; or a dict for each of these.
    compression_params : dict, optional
        How gradients are shortened for other processes; see `KVStore.set_gradient_compression`.

    Raises
    ------
    ValueError
        A name is not an argument of the graph. (For `label_names` it is a UserWarning.)

    Differs from MXNet
    ------------------
    A batch without labels may differ in size from the last one.
    Rebinding keeps the last updates of the parameters, which MXNet loses. A bias gets its gradient even if its
    weight is fixed, where MXNet leaves it at zero.

    Examples
    --------
    >>> import numpy as np
    >>> import glueball as mx
    >>> net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc")
    >>> module = mx.mod.Module(mx.sym.SoftmaxOutput(net, name="softmax"))
    >>> points = np.random.RandomState(0).randn(64, 3)
    >>> batches = mx.io.NDArrayIter(points, points[:, 0] > 0, batch_size=16)
    >>> module.fit(batches, num_epoch=5, optimizer_params={"learning_rate": 1.0})
    >>> module.score(batches, "acc")[0][1] > 0.9
    True
    """

    def __init__(
        self,
        symbol: Any,
        data_names: Sequence[str] | None = ("data",),
        label_names: Sequence[str] | None = ("softmax_label",),
        logger: Any = logging,
        context: Any = cpu(),  # noqa: B008  (contexts are constants)
        work_load_list: Sequence[float] | None = None,
        fixed_param_names: Sequence[str] | None = None,
        state_names: Sequence[str] | None = None,
        group2ctxs: Any = None,
        compression_params: Any = None,
    ) -> None:
        super().__init__(
            symbol,
            data_names,
            label_names,
            logger,
            context,
            work_load_list,
            fixed_param_names,
            state_names,
            group2ctxs,
            compression_params,
        )
        self._glueball_updates: ParallelUpdater | None = None
        self._kvstore: KVStore | None = None  # MXNet programs read this name
        self._preload_opt_states: str | None = None

    # --- checkpoints ----------------------------------------------------------------------------------------

    @staticmethod
    def load(prefix: str, epoch: int, load_optimizer_states: bool = False, **kwargs: Any) -> Module:
        """Create a module from a checkpoint that `save_checkpoint` or MXNet wrote.

        Parameters
        ----------
        prefix : str
            Prefix of the file names.
        epoch : int
            The epoch.
        load_optimizer_states : bool, default False
            Make `init_optimizer` load the states in ``PREFIX-EPOCH.states``.
        **kwargs
            The arguments of `Module`.
        """
        symbol, arg_params, aux_params = load_checkpoint(prefix, epoch)
        module = Module(symbol=symbol, **kwargs)
        module._arg_params, module._aux_params = arg_params, aux_params
        module.params_initialized = True
        if load_optimizer_states:
            module._preload_opt_states = checkpoint_file("Module.load", prefix, epoch, "states")
        return module

    def save_checkpoint(
        self, prefix: str, epoch: int, save_optimizer_states: bool = False, remove_amp_cast: bool = True
    ) -> None:
        """Save the graph, the parameters and, optionally, the optimizer states.

        Parameters
        ----------
        prefix : str
            Prefix of the file names: ``PREFIX-symbol.json``, ``PREFIX-0001.params``, ``PREFIX-0001.states``.
        epoch : int
            The epoch.
        save_optimizer_states : bool, default False
            Also save the optimizer states; see `save_optimizer_states`.
        remove_amp_cast : bool, default True
            Save the graph without the casts that mixed precision inserted.
        """
        if save_optimizer_states:
            self._glueball_require("save_checkpoint", "optimizer")
        if is_ours(self.save_params):
            save_checkpoint(prefix, epoch, self._symbol, *self.get_params(), remove_amp_cast=remove_amp_cast)
        else:
            self._symbol.save(graph_file("Module.save_checkpoint", prefix), remove_amp_cast)
            self.save_params(checkpoint_file("Module.save_checkpoint", prefix, epoch))
        if save_optimizer_states:
            path = checkpoint_file("Module.save_checkpoint", prefix, epoch, "states")
            self.save_optimizer_states(path)
            self.logger.info('Optimizer states written to "%s"', path)

    def save_optimizer_states(self, fname: str, format: str | None = None, dump_optimizer: bool = False) -> None:
        """Save the optimizer states, such as momenta.

        Parameters
        ----------
        fname : path
            The file; it is replaced atomically.
        format : {'mxnet'}, optional
            Write MXNet's form, a pickle, which MXNet reads; by default the form of Glueball, which only Glueball reads.
        dump_optimizer : bool, default False
            Also write the optimizer's settings, its counts of updates and its scheduler. `load_optimizer_states`
            restores them, so that training goes on as if it had not stopped. Without, as in MXNet, the loading program
            says how many updates there were, by ``begin_num_update`` in `optimizer_params`: Adam and schedulers count.

        Differs from MXNet
        ------------------
        The file is by default not a pickle, which could run code when a program loads it, but arrays and text.
        """
        updates = self._glueball_require_updates("save_optimizer_states")
        if dump_optimizer and format is not None:
            raise MXNetError(
                "Module.save_optimizer_states: dump_optimizer must be False with format='mxnet', in which modules of "
                "MXNet keep states alone; received True; leave out one of them"
            )
        states, names = updates.updaters[0].states, updates.optimizer.idx2name
        if format == "mxnet" and updates.together:  # MXNet's store updates then, and knows parameters by name
            states = {names.get(index, index): state for index, state in states.items()}
        data = dump_states(states, updates.optimizer if dump_optimizer else None, format)
        with atomic_write(fname, "Module.save_optimizer_states") as file:
            file.write(data)

    def load_optimizer_states(self, fname: str) -> None:
        """Load what `save_optimizer_states` wrote, here or in MXNet.

        Of the optimizer's settings, if they are there, ``rescale_grad`` is left: it belongs to the size of a batch and
        to the number of processes of this training.

        Parameters
        ----------
        fname : path
            The file.

        Raises
        ------
        FileNotFoundError
            The file does not exist.
        MXNetError
            It is damaged, or of another optimizer. Nothing has been changed.
        """
        updater = self._glueball_require_updates("load_optimizer_states").updaters[0]
        scale = updater.optimizer.rescale_grad
        with open(fname, "rb") as file:
            updater.set_states(file.read())
        updater.optimizer.rescale_grad = scale
        numbers = {name: number for number, name in updater.optimizer.idx2name.items()}
        updater.states = {numbers.get(index, index): state for index, state in updater.states.items()}
        updater.states_synced = dict.fromkeys(updater.states, False)

    def _glueball_fill_bound(self, shared_module: Any) -> None:
        if shared_module is not None:
            self._arg_params, self._aux_params = shared_module._arg_params, shared_module._aux_params
            self._params_dirty = True
            self.params_initialized = shared_module.params_initialized
            if shared_module.optimizer_initialized:
                self.borrow_optimizer(shared_module)
        elif self.params_initialized:
            self._exec_group.set_params(self._arg_params, self._aux_params, allow_extra=False)

    # --- updating -------------------------------------------------------------------------------------------

    def init_optimizer(
        self,
        kvstore: Any = "local",
        optimizer: Any = "sgd",
        optimizer_params: Any = (("learning_rate", 0.01),),
        force_init: bool = False,
    ) -> None:
        """Set the optimizer.

        Parameters
        ----------
        kvstore : {'local', 'device', 'dist_sync'}, KVStore or None, default 'local'
            With several contexts, sum their gradients and update all with the sum; None updates each with its own.
            'dist_sync' also sums over the processes, which begin with the parameters of process 0.
        optimizer : str or Optimizer, default 'sgd'
            The optimizer. One created from a name divides gradients by the batch size of all processes, unless
            `optimizer_params` has ``rescale_grad``, and uses the ``lr_mult`` and ``wd_mult`` of the graph.
        optimizer_params : dict or sequence of pairs, default (('learning_rate', 0.01),)
            The arguments of an optimizer that is created from a name.
        force_init : bool, default False
            Replace an existing optimizer; otherwise it is kept, and a warning is logged.
        """
        self._glueball_require("init_optimizer", "bound", "params")
        if self.optimizer_initialized and not force_init:
            self.logger.warning("Module.init_optimizer: the optimizer is left unchanged; force_init=True replaces it")
            return
        require_store("Module", kvstore)
        several = len(self._context) > 1 or spans_processes(kvstore)
        store = create_store(kvstore) if isinstance(kvstore, str) and several else kvstore
        collectives = collectives_of(store)
        if self._compression_params is not None:
            self._glueball_compress(collectives)
        together = kvstore is not None and (len(self._context) > 1 or collectives.is_distributed)
        contexts = 1 if together else len(self._context)
        names = {
            number * contexts + position: name
            for position in range(contexts)
            for number, name in enumerate(self._param_names)
        }
        # One updater for all contexts, as in MXNet: its states are saved to one file.
        scale = 1.0 / (self._exec_group.batch_size * collectives.size)
        updater = opt.Updater(self._glueball_make_optimizer(optimizer, optimizer_params, names, scale))
        self._glueball_updates = ParallelUpdater([updater], together, collectives)
        if collectives.is_distributed:
            collectives.begin(self._exec_group.param_arrays, self._param_names)
            self._params_dirty = True
        self._kvstore = store if isinstance(store, KVStore) else None
        if self._kvstore is not None:
            self._glueball_show_in(self._kvstore, updater)
        self.optimizer_initialized = True
        if self._preload_opt_states is not None:
            self.load_optimizer_states(self._preload_opt_states)
            self._preload_opt_states = None

    def _glueball_show_in(self, store: KVStore, updater: opt.Updater) -> None:
        """Make a store read and update the parameters, for programs that pull them and push gradients by themselves."""
        numbers = {name: number for number, name in enumerate(self._param_names)}
        arrays = {name: self._exec_group.param_arrays[number][0] for name, number in numbers.items()}
        store._glueball_hold(arrays, lambda name, gradient, weight: updater(numbers[name], gradient, weight))

    def _glueball_compress(self, collectives: Collectives) -> None:
        if not collectives.is_distributed:
            raise MXNetError(
                f"Module: compression_params must be None in one process; received {self._compression_params!r}; leave "
                "it out, or say kvstore='dist_sync'"
            )
        collectives.compression = compression_of("Module", self._compression_params)

    def _glueball_make_optimizer(self, optimizer: Any, options: Any, names: dict[int, str], scale: float) -> Any:
        if isinstance(optimizer, str):
            if not isinstance(options, Iterable):
                raise TypeError(
                    f"Module.init_optimizer: optimizer_params must be a dict or a list of pairs; received {options!r}"
                )
            arguments = {"rescale_grad": scale, **dict(options)}
            return opt.create(optimizer, sym=self._symbol, param_idx2name=names, **arguments)
        if not isinstance(optimizer, opt.Optimizer):
            raise RefusedError(
                f"Module.init_optimizer: optimizer must be a str or an Optimizer; received {type(optimizer).__name__}"
            )
        if optimizer.rescale_grad != scale:
            warn(
                f"Module.init_optimizer: gradients are sums over the batch; rescale_grad={optimizer.rescale_grad} of "
                f"the given {type(optimizer).__name__} does not divide them by its size, as {scale} would",
                UserWarning,
            )
        if not optimizer.idx2name:
            optimizer.idx2name = dict(names)
        return optimizer

    def borrow_optimizer(self, shared_module: Any) -> None:
        """Use the optimizer of another module, with its states.

        Parameters
        ----------
        shared_module : Module
            A module with an initialized optimizer.
        """
        if not isinstance(shared_module, Module):
            raise MXNetError(f"Module.borrow_optimizer: shared_module must be a Module; received {shared_module!r}")
        shared_module._glueball_require("borrow_optimizer", "optimizer")
        self._glueball_updates, self._kvstore = shared_module._glueball_updates, shared_module._kvstore
        self.optimizer_initialized = True

    def update(self) -> None:
        """Update the parameters from the gradients of the last `backward`."""
        self._glueball_require("update", "bound", "params")
        updates = self._glueball_require_updates("update")
        self._params_dirty = True
        if self._exec_group.grad_arrays is None:
            raise InvalidTypeError("Module.update: it must have been bound with for_training=True")
        contexts = 1 if updates.together else len(self._context)
        arrays, gradients = self._exec_group.param_arrays, self._exec_group.grad_arrays
        trained = [number for number, of_one in enumerate(gradients) if of_one[0] is not None]
        updates.update(
            [[number * contexts + position for number in trained] for position in range(contexts)],
            [arrays[number] for number in trained],
            [gradients[number] for number in trained],
        )

    def _glueball_require_updates(self, method: str) -> ParallelUpdater:
        self._glueball_require(method, "optimizer")
        assert self._glueball_updates is not None
        return self._glueball_updates

    @property
    def _update_on_kvstore(self) -> bool | None:
        return None if self._glueball_updates is None else self._kvstore is not None

    @property
    def _optimizer(self) -> Any:  # MXNet programs read this name
        return None if self._glueball_updates is None else self._glueball_updates.optimizer

    @property
    def _updater(self) -> Any:
        return None if self._glueball_updates is None else self._glueball_updates.updaters[0]
