"""FeedForward: the interface of 2015 to train and run a graph, which Module replaced."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .. import io, metric
from .. import ndarray as nd
from .. import optimizer as opt
from ..core.context import Context, cpu, current_context
from ..core.doors import guard
from ..core.errors import InvalidTypeError, MissingAttributeError, MXNetError, RefusedError
from ..core.strangers import call
from ..core.warning import warn
from ..executor_manager import _check_arguments, _load_data
from ..initializer import Uniform
from ..ndarray import NDArray
from ..symbol import Symbol
from .checkpoint import BatchEndParam, load_checkpoint, save_checkpoint
from .training import train
from .update import _create_kvstore, _multiple_callbacks
from .validation import LogValidationMetricsCallback

__all__ = ["FeedForward"]


@guard
class FeedForward:
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

    def _check_arguments(self) -> None:
        """Refuse a graph with two variables of one name; drop extra parameters, if they are allowed."""
        if self.argument_checked:
            return
        _check_arguments(self.symbol)
        if self.allow_extra_params:
            names = {*self.symbol.list_arguments()}
            states = {*self.symbol.list_auxiliary_states()}
            self.arg_params, self.aux_params = (
                given and {name: value for name, value in given.items() if name in known}
                for given, known in ((self.arg_params, names), (self.aux_params, states))
            )
        self.argument_checked = True

    @staticmethod
    def _is_data_arg(name: str) -> bool:
        """Whether an argument is an input or a label, by its name."""
        return name.endswith(("data", "label"))

    # --- data -----------------------------------------------------------------------------------------------

    def _init_iter(self, X: Any, y: Any, is_train: bool) -> Any:
        """Return an iterator over arrays; what is not an array is one already."""
        if not isinstance(X, np.ndarray | NDArray):
            if not isinstance(X, io.DataIter):
                raise InvalidTypeError(
                    f"FeedForward: the data must be a DataIter, an NDArray or a numpy.ndarray; received {X!r}"
                )
            return X
        if y is None:
            if is_train:
                raise ValueError("FeedForward: y must be given where the data are an array; received None")
            y = np.zeros(X.shape[0])
        if not isinstance(y, np.ndarray | NDArray):
            raise InvalidTypeError(f"FeedForward: y must be an NDArray or a numpy.ndarray; received {y!r}")
        if X.shape[0] != y.shape[0]:
            raise ValueError(
                f"FeedForward: there must be a label for each of {X.shape[0]} samples; received {y.shape[0]}"
            )
        if y.ndim == 2 and y.shape[1] == 1:
            y = y.reshape((-1,))
        if y.ndim != 1:
            raise ValueError(f"FeedForward: labels must be of the shape (N,) or (N, 1); received {y.shape}")
        size = min(X.shape[0], self.numpy_batch_size)
        return io.NDArrayIter(X, y, size, shuffle=is_train, last_batch_handle="roll_over" if is_train else "pad")

    def _init_eval_iter(self, eval_data: Any) -> Any:
        """Return an iterator over data to evaluate on: a pair of data and labels, or an iterator, or None."""
        if eval_data is None:
            return None
        if isinstance(eval_data, list | tuple) and len(eval_data) == 2:
            data, labels = eval_data
            if data is None:
                raise ValueError("FeedForward.fit: eval_data must be data and labels; received None for the data")
            if labels is None and isinstance(data, io.DataIter):
                return data
            data = np.array(data) if isinstance(data, list) else data
            return self._init_iter(data, np.array(labels) if isinstance(labels, list) else labels, is_train=True)
        if not isinstance(eval_data, io.DataIter):
            raise InvalidTypeError(
                f"FeedForward.fit: eval_data must be a DataIter, or a pair of data and labels; received {eval_data!r}"
            )
        return eval_data

    # --- parameters -----------------------------------------------------------------------------------------

    def _init_params(self, inputs: Sequence[Any], overwrite: bool = False) -> tuple[list[str], list[str], list[str]]:
        """Fill the parameters for inputs of given shapes; return the names of arguments, parameters and states."""
        described = [one if isinstance(one, io.DataDesc) else io.DataDesc(*one) for one in inputs]
        shapes = {one.name: one.shape for one in described}
        arg_shapes, _, aux_shapes = self.symbol.infer_shape(**shapes)
        arg_types, _, aux_types = self.symbol.infer_type(**{one.name: one.dtype for one in described})
        if arg_shapes is None or arg_types is None:
            raise RefusedError(f"FeedForward: the shapes and types of all parameters must follow from {shapes}")
        names, states = self.symbol.list_arguments(), self.symbol.list_auxiliary_states()
        made = {
            name: nd.zeros(shape, dtype=dtype)
            for name, shape, dtype in zip(names, arg_shapes, arg_types, strict=True)
            if name not in shapes
        }
        auxiliary = {
            name: nd.zeros(shape, dtype=dtype) for name, shape, dtype in zip(states, aux_shapes, aux_types, strict=True)
        }
        for arrays, known in ((made, self.arg_params), (auxiliary, self.aux_params)):
            for name, value in arrays.items():
                if known and name in known and not overwrite:
                    value[:] = known[name].as_in_context(cpu())
                else:
                    self._glueball_fill(name, value)
        self.arg_params, self.aux_params = made, auxiliary
        return names, list(made), states

    def _glueball_fill(self, name: str, value: NDArray) -> None:
        """Initialize an array by its name alone, as MXNet does here; that this is deprecated, no user can mend."""
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", ".*: a plain name is deprecated", DeprecationWarning)
            call(self.initializer, name, value)

    def _init_predictor(self, input_shapes: Sequence[Any], type_dict: Any = None) -> None:
        """Bind the graph for prediction with inputs of given shapes, unless it is bound for these."""
        shapes = {one[0]: tuple(one[1]) for one in input_shapes}
        if self.arg_params is None:
            raise MissingAttributeError("FeedForward.predict: it must have parameters; call fit() first, or load()")
        if self._pred_exec is not None and all(
            name in self._pred_exec.arg_dict and self._pred_exec.arg_dict[name].shape == shape
            for name, shape in shapes.items()
        ):
            return
        executor = self.symbol.simple_bind(self.ctx[0], grad_req="null", type_dict=type_dict, **shapes)
        executor.copy_params_from(self.arg_params, self.aux_params)
        _check_arguments(self.symbol)
        self._pred_exec = executor

    # --- running --------------------------------------------------------------------------------------------

    def predict(
        self,
        X: Any,
        num_batch: int | None = None,
        return_data: bool = False,
        reset: bool = True,
    ) -> Any:
        """Return the outputs for the given data, as NumPy arrays.

        Parameters
        ----------
        X : DataIter, NDArray or numpy.ndarray
            The data.
        num_batch : int, optional
            The maximum number of batches.
        return_data : bool, default False
            Return the data and the labels, too.
        reset : bool, default True
            Reset an iterator first.

        Returns
        -------
        numpy.ndarray or list of numpy.ndarray
            The output, or a list if there are several; with `return_data`, a tuple of outputs, data and labels.
        """
        data = self._init_iter(X, None, is_train=False)
        found: list[list[list[np.ndarray]]] = []
        for _, batch in self._glueball_batches(data, num_batch, reset):
            size = data.batch_size - (batch.pad or 0)
            kinds = [self._pred_exec.outputs, *([batch.data, batch.label or []] if return_data else [])]
            found.append([[array[:size].asnumpy() for array in kind] for kind in kinds])
        joined = [
            [np.concatenate(parts) for parts in zip(*of_a_kind, strict=True)] for of_a_kind in zip(*found, strict=True)
        ]
        results = [kind[0] if len(kind) == 1 else kind for kind in joined]
        return tuple(results) if return_data else results[0]

    def _glueball_batches(self, data: Any, num_batch: int | None, reset: bool) -> Any:
        """Yield the number of each batch and the batch, after computing its outputs."""
        if reset:
            data.reset()
        types = {name: value.dtype for name, value in (self.arg_params or {}).items()}
        types.update({one[0]: getattr(one, "dtype", np.float32) for one in data.provide_data})
        self._init_predictor(data.provide_data, types)
        arrays = [self._pred_exec.arg_dict[one[0]] for one in data.provide_data]
        for number, batch in enumerate(data):
            if number == num_batch:
                return
            _load_data(batch, arrays)
            self._pred_exec.forward(is_train=False)
            yield number, batch

    def score(
        self,
        X: Any,
        eval_metric: Any = "acc",
        num_batch: int | None = None,
        batch_end_callback: Any = None,
        reset: bool = True,
    ) -> Any:
        """Return the value of a metric on data with labels.

        Parameters
        ----------
        X : DataIter
            The data. Padding samples count too, as in MXNet.
        eval_metric : EvalMetric, str, callable or list of these, default 'acc'
            The metric.
        num_batch : int, optional
            The maximum number of batches.
        batch_end_callback : callable or list of these, optional
            Called with a `BatchEndParam` after each batch.
        reset : bool, default True
            Reset the iterator first.
        """
        eval_metric = eval_metric if isinstance(eval_metric, metric.EvalMetric) else metric.create(eval_metric)
        data = self._init_iter(X, None, is_train=False)
        for number, batch in self._glueball_batches(data, num_batch, reset):
            eval_metric.update(batch.label, self._pred_exec.outputs)
            _multiple_callbacks(
                batch_end_callback, BatchEndParam(0, number, eval_metric, {"self": self, "batch": batch})
            )
        return eval_metric.get()[1]

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
