"""FeedForward: the interface of 2015 to train and run a graph, which Module replaced."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .. import metric
from .. import optimizer as opt
from ..core.context import Context, current_context
from ..core.errors import InvalidTypeError, MXNetError, RefusedError
from ..core.warning import warn
from ..initializer import Uniform
from ..ndarray import NDArray
from ..symbol import Symbol
from .checkpoint import load_checkpoint, save_checkpoint
from .graph_model import GraphModel
from .training import train
from .update import _create_kvstore
from .validation import LogValidationMetricsCallback

__all__ = ["FeedForward"]


class FeedForward(GraphModel):
    """A network given as a graph, trained on arrays or iterators. MXNet deprecated it: use `mx.mod.Module`.

    Parameters
    ----------
    symbol : Symbol or callable
        The graph, with its loss at the end; or a function that returns it for the ``bucket_key`` of a batch.
    ctx : Context or list of Context, optional
        Where to compute, by default the current context. Over several contexts each batch is split.
    num_epoch : int, optional
        The number of the epoch at which `fit` stops.
    epoch_size : int, optional
        How many batches an epoch has; by default as many as the iterator gives.
    optimizer : str or Optimizer, default 'sgd'
        The optimizer.
    initializer : Initializer, default Uniform(0.01)
        Fills parameters that have no value.
    numpy_batch_size : int, default 128
        The batch size for arrays.
    arg_params, aux_params : dict of str to NDArray, optional
        Parameters and auxiliary states.
    allow_extra_params : bool, default False
        Whether these may have names that the graph lacks.
    begin_epoch : int, default 0
        The number of the first epoch, to resume training.
    **kwargs
        The arguments of the optimizer, if it is given by name.

    Examples
    --------
    >>> import warnings
    >>> import numpy as np
    >>> import glueball as mx
    >>> net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc")
    >>> net = mx.sym.SoftmaxOutput(net, name="softmax")
    >>> points = np.random.RandomState(0).randn(64, 3)
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore", DeprecationWarning)
    ...     model = mx.model.FeedForward(net, num_epoch=10, numpy_batch_size=16, learning_rate=1.0)
    >>> model.fit(points, points[:, 0] > 0)
    >>> model.predict(points).shape
    (64, 2)
    """

    def __init__(
        self,
        symbol: Any,
        ctx: Any = None,
        num_epoch: int | None = None,
        epoch_size: int | None = None,
        optimizer: Any = "sgd",
        initializer: Any = Uniform(0.01),  # noqa: B008  (it is never modified)
        numpy_batch_size: int = 128,
        arg_params: Mapping[str, NDArray] | None = None,
        aux_params: Mapping[str, NDArray] | None = None,
        allow_extra_params: bool = False,
        begin_epoch: int = 0,
        **kwargs: Any,
    ) -> None:
        warn("FeedForward: MXNet has deprecated it; use mx.mod.Module instead", DeprecationWarning)
        is_graph = isinstance(symbol, Symbol)
        if not is_graph and not callable(symbol):
            raise RefusedError(
                f"FeedForward: symbol must be a Symbol, or a function that returns one; received {symbol!r}"
            )
        contexts = current_context() if ctx is None else ctx
        self.ctx: list[Context] = list(contexts) if isinstance(contexts, list | tuple) else [contexts]
        if not self.ctx or not all(isinstance(one, Context) for one in self.ctx):
            raise MXNetError(f"FeedForward: ctx must be one or more Contexts; received {ctx!r}")
        self.symbol: Any = symbol if is_graph else None
        self.sym_gen: Callable[[Any], Any] | None = None if is_graph else symbol
        self.num_epoch, self.epoch_size, self.begin_epoch = num_epoch, epoch_size, begin_epoch
        self.optimizer, self.initializer, self.numpy_batch_size = optimizer, initializer, numpy_batch_size
        self.arg_params: Any = arg_params
        self.aux_params: Any = aux_params
        self.allow_extra_params = allow_extra_params
        self.kwargs = kwargs.copy()
        self.argument_checked = False
        if is_graph:
            self._check_arguments()
        self._pred_exec: Any = None

    # --- training -------------------------------------------------------------------------------------------

    def fit(
        self,
        X: Any,
        y: Any = None,
        eval_data: Any = None,
        eval_metric: Any = "acc",
        epoch_end_callback: Any = None,
        batch_end_callback: Any = None,
        kvstore: Any = "local",
        logger: Any = None,
        work_load_list: Sequence[float] | None = None,
        monitor: Any = None,
        eval_end_callback: Any = LogValidationMetricsCallback(),  # noqa: B008  (it has no state)
        eval_batch_end_callback: Any = None,
    ) -> None:
        """Train the model.

        Parameters
        ----------
        X : DataIter, NDArray or numpy.ndarray
            The data.
        y : NDArray or numpy.ndarray, optional
            The labels, if `X` is an array.
        eval_data : DataIter, or pair of arrays or lists, optional
            Data and labels to evaluate after each epoch.
        eval_metric : EvalMetric, str, callable or list of these, default 'acc'
            The metric.
        epoch_end_callback : callable or list of these, optional
            Called as ``callback(epoch, symbol, arg_params, aux_params)``; see ``mx.callback``.
        batch_end_callback : callable or list of these, optional
            Called with a `BatchEndParam` after each batch; batches are counted from 1.
        kvstore : str, KVStore or None, default 'local'
            What sums the gradients of several contexts.
        logger : logging.Logger, default the module ``logging``
            Where progress is logged, at level INFO.
        work_load_list : list of float, optional
            The relative size of each context's part; by default all are equal.
        monitor : Monitor, optional
            Its ``tic`` and ``toc_print`` are called around each batch.
        eval_end_callback : callable or list of these, default LogValidationMetricsCallback()
            Called with a `BatchEndParam` at the end of an evaluation.
        eval_batch_end_callback : callable or list of these, optional
            Called with a `BatchEndParam` after each batch of an evaluation.
        """
        data = self._init_iter(X, y, is_train=True)
        eval_data = self._init_eval_iter(eval_data)
        if self.sym_gen is not None:
            self.symbol = self.sym_gen(data.default_bucket_key)
            self._check_arguments()
        self.kwargs["sym"] = self.symbol
        names = self._init_params([*data.provide_data, *data.provide_label])
        if not isinstance(eval_metric, metric.EvalMetric):
            eval_metric = metric.create(eval_metric)
        if self.num_epoch is None:
            raise InvalidTypeError("FeedForward.fit: num_epoch must be given to FeedForward; received None")
        store, on_store = _create_kvstore(kvstore, len(self.ctx), self.arg_params)
        optimizer = self._glueball_make_optimizer(data.batch_size, names[1], on_store)
        train(
            self, names, data, eval_data, eval_metric, optimizer, (store, on_store),
            callbacks=(epoch_end_callback, batch_end_callback, eval_end_callback, eval_batch_end_callback),
            logger=logging if logger is None else logger, work_load_list=work_load_list, monitor=monitor,
        )  # fmt: skip

    def _glueball_make_optimizer(self, batch_size: int, names: Sequence[str], on_store: bool) -> Any:
        copies = 1 if on_store else len(self.ctx)
        numbers = {number * copies + position: name for number, name in enumerate(names) for position in range(copies)}
        self.kwargs["param_idx2name"] = numbers
        scale = 1.0 / batch_size
        if isinstance(self.optimizer, str):
            return opt.create(self.optimizer, **{"rescale_grad": scale, **self.kwargs})
        if not isinstance(self.optimizer, opt.Optimizer):
            raise InvalidTypeError(f"FeedForward: optimizer must be a str or an Optimizer; received {self.optimizer!r}")
        if not self.optimizer.idx2name:
            self.optimizer.idx2name = numbers.copy()
        return self.optimizer

    # --- files ----------------------------------------------------------------------------------------------

    def save(self, prefix: str | os.PathLike[str], epoch: int | None = None, remove_amp_cast: bool = True) -> None:
        """Save the graph and its parameters; see `model.save_checkpoint`.

        Parameters
        ----------
        prefix : path
            Prefix of the file names.
        epoch : int, optional
            The epoch, by default `num_epoch`.
        remove_amp_cast : bool, default True
            Save the graph without the casts that mixed precision inserted.
        """
        epoch = self.num_epoch if epoch is None else epoch
        if epoch is None:
            raise RefusedError("FeedForward.save: epoch must be given, since the model has no num_epoch; received None")
        save_checkpoint(prefix, epoch, self.symbol, self.arg_params, self.aux_params, remove_amp_cast)

    @staticmethod
    def load(prefix: str | os.PathLike[str], epoch: int, ctx: Any = None, **kwargs: Any) -> FeedForward:
        """Create a model from a checkpoint.

        Parameters
        ----------
        prefix : path
            Prefix of the file names.
        epoch : int
            The epoch, which training continues from.
        ctx : Context or list of Context, optional
            Where to compute.
        **kwargs
            Other arguments of `FeedForward`.
        """
        symbol, arg_params, aux_params = load_checkpoint(prefix, epoch)
        return FeedForward(symbol, ctx=ctx, arg_params=arg_params, aux_params=aux_params, begin_epoch=epoch, **kwargs)

    @staticmethod
    def create(
        symbol: Any,
        X: Any,
        y: Any = None,
        ctx: Any = None,
        num_epoch: int | None = None,
        epoch_size: int | None = None,
        optimizer: Any = "sgd",
        initializer: Any = Uniform(0.01),  # noqa: B008  (it is never modified)
        eval_data: Any = None,
        eval_metric: Any = "acc",
        epoch_end_callback: Any = None,
        batch_end_callback: Any = None,
        kvstore: Any = "local",
        logger: Any = None,
        work_load_list: Sequence[float] | None = None,
        eval_end_callback: Any = LogValidationMetricsCallback(),  # noqa: B008  (it has no state)
        eval_batch_end_callback: Any = None,
        **kwargs: Any,
    ) -> FeedForward:
        """Create a model and train it.

        Parameters
        ----------
        symbol, ctx, num_epoch, epoch_size, optimizer, initializer, **kwargs
            As for `FeedForward`.
        X, y, eval_data, eval_metric, epoch_end_callback, batch_end_callback, kvstore, logger, work_load_list
            As for `fit`.
        eval_end_callback, eval_batch_end_callback
            As for `fit`.
        """
        model = FeedForward(
            symbol, ctx=ctx, num_epoch=num_epoch, epoch_size=epoch_size, optimizer=optimizer, initializer=initializer,
            **kwargs,
        )  # fmt: skip
        model.fit(
            X, y, eval_data=eval_data, eval_metric=eval_metric, epoch_end_callback=epoch_end_callback,
            batch_end_callback=batch_end_callback, kvstore=kvstore, logger=logger, work_load_list=work_load_list,
            eval_end_callback=eval_end_callback, eval_batch_end_callback=eval_batch_end_callback,
        )  # fmt: skip
        return model
