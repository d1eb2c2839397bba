"""The base class of modules: the loops over batches that train, predict and evaluate."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from .. import metric
from ..core.errors import MXNetError, RefusedError
from ..core.strangers import call
from ..initializer import Uniform
from ..io import DataBatch, DataIter
from ..model import BatchEndParam
from ..ndarray import NDArray, array, concatenate
from .inputs import _check_input_names, _check_names_match, _parse_data_desc  # noqa: F401  (MXNet has them here)
from .interface import ModuleInterface

Callbacks = Callable[..., Any] | Sequence[Callable[..., Any]] | None


class BaseModule(ModuleInterface):
    """The base class of modules: training, prediction and evaluation with the methods of a subclass.

    A subclass implements `bind`, `init_params`, `init_optimizer`, `forward`, `backward`, `update`, `update_metric`,
    `get_outputs`, `get_params` and the properties, and sets ``binded``, ``params_initialized`` and
    ``optimizer_initialized``.

    Parameters
    ----------
    logger : logging.Logger, default the module ``logging``
        Where `fit` logs its progress.
    """

    def score(
        self,
        eval_data: Any,
        eval_metric: Any,
        num_batch: int | None = None,
        batch_end_callback: Callbacks = None,
        score_end_callback: Callbacks = None,
        reset: bool = True,
        epoch: int = 0,
        sparse_row_id_fn: Any = None,
    ) -> list[tuple[str, float]]:
        """Evaluate a metric on data with labels.

        Parameters
        ----------
        eval_data : DataIter
            The batches. Padding samples count too, as in MXNet.
        eval_metric : EvalMetric, str, callable or list of these
            The metric.
        num_batch : int, optional
            The maximum number of batches.
        batch_end_callback, score_end_callback : callable or list of these, optional
            Called with a `BatchEndParam` after each batch, and at the end.
        reset : bool, default True
            Reset `eval_data` first.
        epoch : int, default 0
            The epoch that is passed to callbacks.
        sparse_row_id_fn : callable, optional
            See `prepare`.

        Returns
        -------
        list of (str, float)
            Names and values of the metric.
        """
        self._glueball_require("score", "bound", "params")
        _require_iterator("score", eval_data, "reset")
        if reset:
            eval_data.reset()
        eval_metric = _as_metric(eval_metric)
        eval_metric.reset()
        scope = {"self": self, "eval_data": eval_data, "epoch": epoch}
        done = 0
        for nbatch, eval_batch in enumerate(eval_data):
            if nbatch == num_batch:
                break
            self.prepare(eval_batch, sparse_row_id_fn=sparse_row_id_fn)
            self.forward(eval_batch, is_train=False)
            self.update_metric(eval_metric, eval_batch.label)
            _call(batch_end_callback, epoch, nbatch, eval_metric, {**scope, "eval_batch": eval_batch})
            done += 1
        _call(score_end_callback, epoch, done, eval_metric, scope)
        found: list[tuple[str, float]] = eval_metric.get_name_value()
        return found

    def iter_predict(
        self, eval_data: Any, num_batch: int | None = None, reset: bool = True, sparse_row_id_fn: Any = None
    ) -> Iterator[tuple[list[NDArray], int, Any]]:
        """Iterate over the outputs, batch by batch.

        Parameters
        ----------
        eval_data : DataIter
            The batches.
        num_batch : int, optional
            The maximum number of batches.
        reset : bool, default True
            Reset `eval_data` first.
        sparse_row_id_fn : callable, optional
            See `prepare`.

        Yields
        ------
        outputs : list of NDArray
            The outputs, without padding samples.
        number : int
            The number of the batch, from 0.
        batch : DataBatch
            The batch.
        """
        self._glueball_require("iter_predict", "bound", "params")
        yield from self._glueball_predict(eval_data, num_batch, reset, sparse_row_id_fn)

    def _glueball_predict(
        self, eval_data: Any, num_batch: int | None, reset: bool, sparse_row_id_fn: Any
    ) -> Iterator[tuple[list[NDArray], int, Any]]:
        if reset:
            eval_data.reset()
        for nbatch, eval_batch in enumerate(eval_data):
            if nbatch == num_batch:
                break
            self.prepare(eval_batch, sparse_row_id_fn=sparse_row_id_fn)
            self.forward(eval_batch, is_train=False)
            pad = eval_batch.pad or 0
            yield [output[: output.shape[0] - pad] for output in self.get_outputs()], nbatch, eval_batch

    def predict(
        self,
        eval_data: Any,
        num_batch: int | None = None,
        merge_batches: bool = True,
        reset: bool = True,
        always_output_list: bool = False,
        sparse_row_id_fn: Any = None,
    ) -> Any:
        """Return the outputs for the given data.

        Parameters
        ----------
        eval_data : DataIter, NDArray or numpy.ndarray
            Batches, or one batch as an array.
        num_batch : int, optional
            The maximum number of batches.
        merge_batches : bool, default True
            Join the outputs of all batches.
        reset : bool, default True
            Reset `eval_data` first.
        always_output_list : bool, default False
            Return a list even if there is only one output.
        sparse_row_id_fn : callable, optional
            See `prepare`.

        Returns
        -------
        NDArray, list of NDArray or list of lists
            The output, or a list if there are several; without `merge_batches`, a list of outputs for each batch;
            an empty list if there are no batches. For an array, the first output of `forward`.

        Raises
        ------
        ValueError
            `eval_data` is neither an array nor a DataIter.
        """
        self._glueball_require("predict", "bound", "params")
        if isinstance(eval_data, NDArray | np.ndarray):
            data = eval_data if isinstance(eval_data, NDArray) else array(eval_data)
            self.forward(DataBatch([data]), is_train=False)
            return self.get_outputs()[0]
        if not isinstance(eval_data, DataIter):
            raise ValueError(
                f"Module.predict: eval_data must be an NDArray or a DataIter; received {type(eval_data).__name__}"
            )
        batches = [
            [output.copy() for output in outputs]
            for outputs, _, _ in self._glueball_predict(eval_data, num_batch, reset, sparse_row_id_fn)
        ]
        if not merge_batches or not batches:
            return batches
        if len({len(outputs) for outputs in batches}) > 1:
            raise MXNetError(
                "Module.predict: all batches must have the same number of outputs to be merged; received "
                f"{[len(outputs) for outputs in batches]}; pass merge_batches=False"
            )
        merged = [concatenate(list(parts)) for parts in zip(*batches, strict=True)]
        return merged if always_output_list or len(merged) > 1 else merged[0]

    def fit(
        self,
        train_data: Any,
        eval_data: Any = None,
        eval_metric: Any = "acc",
        epoch_end_callback: Callbacks = None,
        batch_end_callback: Callbacks = None,
        kvstore: Any = "local",
        optimizer: Any = "sgd",
        optimizer_params: Any = (("learning_rate", 0.01),),
        eval_end_callback: Callbacks = None,
        eval_batch_end_callback: Callbacks = None,
        initializer: Any = Uniform(0.01),  # noqa: B008  (it is never modified)
        arg_params: Any = None,
        aux_params: Any = None,
        allow_missing: bool = False,
        force_rebind: bool = False,
        force_init: bool = False,
        begin_epoch: int = 0,
        num_epoch: int | None = None,
        validation_metric: Any = None,
        monitor: Any = None,
        sparse_row_id_fn: Any = None,
    ) -> None:
        """Train the module: bind, initialize, and update the parameters for each batch of each epoch.

        The metric, the time and the validation are logged at level INFO after each epoch.

        Parameters
        ----------
        train_data : DataIter
            The training batches.
        eval_data : DataIter, optional
            Batches to evaluate after each epoch.
        eval_metric : EvalMetric, str, callable or list of these, default 'acc'
            The metric.
        epoch_end_callback : callable or list of these, optional
            Called as ``callback(epoch, symbol, arg_params, aux_params)``; see ``mx.callback``.
        batch_end_callback : callable or list of these, optional
            Called with a `BatchEndParam` after each batch. Its ``locals`` has 'self', 'train_data', 'data_batch',
            'epoch', 'nbatch' and 'eval_metric'.
        kvstore, optimizer, optimizer_params
            See `init_optimizer`.
        eval_end_callback, eval_batch_end_callback : callable or list of these, optional
            Called with a `BatchEndParam` at the end of an evaluation, and after each of its batches.
        initializer, arg_params, aux_params, allow_missing, force_init
            See `init_params`.
        force_rebind : bool, default False
            Bind again even if the module is already bound.
        begin_epoch : int, default 0
            The number of the first epoch, to resume training.
        num_epoch : int
            The epoch number at which to stop; required.
        validation_metric : EvalMetric, str, callable or list of these, optional
            The metric for `eval_data`; by default `eval_metric`.
        monitor : Monitor, optional
            Installed with `install_monitor`; its ``tic`` and ``toc_print`` are called around each batch.
        sparse_row_id_fn : callable, optional
            See `prepare`.
        """
        _require_iterator("fit", train_data, "provide_data")
        if num_epoch is None:
            raise RefusedError("Module.fit: num_epoch must be given; received None")
        self.bind(
            data_shapes=train_data.provide_data,
            label_shapes=train_data.provide_label,
            for_training=True,
            force_rebind=force_rebind,
        )
        if monitor is not None:
            self.install_monitor(monitor)
        self.init_params(
            initializer=initializer, arg_params=arg_params, aux_params=aux_params, allow_missing=allow_missing,
            force_init=force_init,
        )  # fmt: skip
        self.init_optimizer(kvstore=kvstore, optimizer=optimizer, optimizer_params=optimizer_params)
        validation_metric = eval_metric if validation_metric is None else validation_metric
        eval_metric = _as_metric(eval_metric)
        for epoch in range(begin_epoch, num_epoch):
            start = time.time()
            values = self._glueball_train_epoch(
                epoch, train_data, eval_metric, batch_end_callback, monitor, sparse_row_id_fn
            )
            self._glueball_log(epoch, "Train", values)
            self.logger.info("Epoch[%d] Time cost=%.3f", epoch, time.time() - start)
            # all contexts continue with the same parameters
            arg_params, aux_params = self.get_params()
            self.set_params(arg_params, aux_params)
            for callback in _as_list(epoch_end_callback):
                call(callback, epoch, self.symbol, arg_params, aux_params)
            if eval_data is not None:
                self._glueball_validate(epoch, eval_data, validation_metric, eval_end_callback, eval_batch_end_callback)
            train_data.reset()

    def _glueball_validate(
        self, epoch: int, eval_data: Any, metric: Any, at_end: Callbacks, at_batch_end: Callbacks
    ) -> None:
        values = self.score(eval_data, metric, score_end_callback=at_end, batch_end_callback=at_batch_end, epoch=epoch)
        self._glueball_log(epoch, "Validation", values)

    def _glueball_log(self, epoch: int, what: str, values: Sequence[tuple[str, float]]) -> None:
        for name, value in values:
            self.logger.info("Epoch[%d] %s-%s=%f", epoch, what, name, value)

    def _glueball_train_epoch(
        self, epoch: int, train_data: Any, eval_metric: Any, callbacks: Callbacks, monitor: Any, sparse_row_id_fn: Any
    ) -> list[tuple[str, float]]:
        """Update the parameters for each batch; return the metric over the epoch."""
        eval_metric.reset()
        batches = iter(train_data)
        following = next(batches, None)
        if following is None:
            raise MXNetError("Module.fit: train_data must have one or more batches; it has none")
        scope = {"self": self, "train_data": train_data, "epoch": epoch, "eval_metric": eval_metric}
        nbatch = 0
        values: list[tuple[str, float]] = []
        while following is not None:
            batch = following
            if monitor is not None:
                monitor.tic()
            self.forward_backward(batch)
            self.update()
            labels = batch.label
            following = next(batches, None)
            self.update_metric(eval_metric, labels)
            if following is not None:
                self.prepare(following, sparse_row_id_fn=sparse_row_id_fn)
            if monitor is not None:
                monitor.toc_print()
            if following is None:
                values = eval_metric.get_global_name_value()  # before a callback resets it
            _call(callbacks, epoch, nbatch, eval_metric, {**scope, "data_batch": batch, "nbatch": nbatch})
            nbatch += 1
        return values


def _require_iterator(owner: str, data: Any, needed: str) -> None:
    """Refuse what is not an iterator over batches; a user's class need not be a DataIter."""
    if not hasattr(data, needed):
        raise AttributeError(
            f"Module.{owner}: the data must be a DataIter; received {type(data).__name__}; write mx.io.NDArrayIter(...)"
        )


def _as_metric(eval_metric: Any) -> Any:
    return eval_metric if isinstance(eval_metric, metric.EvalMetric) else metric.create(eval_metric)


def _as_list(callbacks: Callbacks) -> Sequence[Callable[..., Any]]:
    if callbacks is None:
        return []
    listed: Sequence[Any] = callbacks if isinstance(callbacks, list | tuple) else [callbacks]
    for callback in listed:
        if not callable(callback):
            raise TypeError(f"Module: a callback must be callable; received {callback!r}")
    return listed


def _call(callbacks: Callbacks, epoch: int, nbatch: int, eval_metric: Any, scope: dict[str, Any]) -> None:
    for callback in _as_list(callbacks):
        call(callback, BatchEndParam(epoch=epoch, nbatch=nbatch, eval_metric=eval_metric, locals=scope))
