"""The Estimator: a training loop."""

from __future__ import annotations

import copy
import logging
import sys
from typing import Any

from ....core.blame import short
from ....core.context import Context, cpu, gpu, num_gpus
from ....core.doors import guard
from ....core.errors import InvalidValueError, MXNetError, RefusedError
from ....core.integers import is_int_not_bool
from ....core.warning import warn
from ....metric import EvalMetric
from ....metric import Loss as LossMetric
from ....ndarray import NDArray
from ...data import DataLoader
from ...loss import Loss
from ...trainer import Trainer
from ...utils import split_and_load
from .batch_processor import BatchProcessor
from .event_handler import (
    GradientUpdateHandler,
    LoggingHandler,
    MetricHandler,
    StoppingHandler,
    ValidationHandler,
)
from .events import EventHandler, as_handlers, by_moment
from .utils import _check_handler_metric_ref, _check_metrics, _suggest_metric_for_loss

__all__ = ["Estimator"]


@guard
class Estimator:
    """Train and evaluate a network.

    Parameters
    ----------
    net : Block
        The network.
    loss : gluon.loss.Loss
        The loss.
    train_metrics : EvalMetric or list of EvalMetric, optional
        What to measure while training; by default the loss, and the accuracy with SoftmaxCrossEntropyLoss.
    val_metrics : EvalMetric or list of EvalMetric, optional
        What to measure while evaluating; by default the same.
    initializer : Initializer, optional
        For a network that has not been initialized.
    trainer : gluon.Trainer, optional
        By default one with SGD and a learning rate of 0.001.
    context : Context or list of Context, optional
        Where to compute; by default on the first GPU, or on the CPU if there is none.
    val_net : Block, optional
        The network to evaluate with, such as one that shares parameters; by default `net`.
    val_loss : gluon.loss.Loss, optional
        The loss to evaluate with; by default `loss`.
    batch_processor : BatchProcessor, optional
        How a batch is computed.

    Raises
    ------
    ValueError
        An argument is not of its kind.

    Examples
    --------
    >>> import glueball as mx
    >>> from glueball import gluon
    >>> from glueball.gluon.contrib.estimator import Estimator
    >>> net = gluon.nn.Dense(1, in_units=2)
    >>> net.initialize()
    >>> trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1})
    >>> data = gluon.data.ArrayDataset(mx.nd.ones((8, 2)), mx.nd.ones((8, 1)))
    >>> estimator = Estimator(net, gluon.loss.L2Loss(), trainer=trainer)
    >>> estimator.logger.setLevel("ERROR")
    >>> estimator.fit(gluon.data.DataLoader(data, batch_size=4), epochs=20)
    >>> bool(estimator.train_metrics[0].get()[1] < 0.01)
    True
    """

    logger: Any = None

    def __init__(
        self,
        net: Any,
        loss: Loss,
        train_metrics: Any = None,
        val_metrics: Any = None,
        initializer: Any = None,
        trainer: Trainer | None = None,
        context: Any = None,
        val_net: Any = None,
        val_loss: Loss | None = None,
        batch_processor: Any = None,
    ) -> None:
        self.net = net
        self.loss = self._check_loss(loss)
        self._train_metrics = _check_metrics(train_metrics)
        self._val_metrics = _check_metrics(val_metrics)
        self._add_default_training_metrics()
        self._add_validation_metrics()
        self.val_loss = self.loss if val_loss is None else self._check_loss(val_loss)
        self.val_net = net if val_net is None else val_net
        self.logger = logging.Logger(name="Estimator", level=logging.INFO)
        self.logger.addHandler(logging.StreamHandler(sys.stdout))
        self.context = self._check_context(context)
        self._initialize(initializer)
        self.trainer = self._check_trainer(trainer)
        self.batch_processor = self._check_batch_processor(batch_processor)

    def _check_loss(self, loss: Any) -> Loss:
        if not isinstance(loss, Loss):
            raise InvalidValueError(f"Estimator: a loss must be a gluon.loss.Loss; received {short(loss)}")
        return loss

    def _check_context(self, context: Any) -> list[Context]:
        if context is None or context == []:
            return [gpu(0)] if num_gpus() else [cpu()]
        contexts = context if isinstance(context, list) else [context]
        for one in contexts:
            if not isinstance(one, Context):
                raise InvalidValueError(
                    f"Estimator: context must be a Context or a list of them; received {short(context)}"
                )
            if one.device_type == "gpu" and one.device_id >= num_gpus():
                raise RefusedError(
                    f"Estimator: context must be a device of this machine, which has {num_gpus()} GPUs; received {one}"
                )
        return contexts

    def _check_batch_processor(self, batch_processor: Any) -> Any:
        if batch_processor is None:
            return BatchProcessor()
        if not all(callable(getattr(batch_processor, name, None)) for name in ("fit_batch", "evaluate_batch")):
            raise InvalidValueError(
                "Estimator: batch_processor must have the methods fit_batch() and evaluate_batch(); received "
                f"{short(batch_processor)}"
            )
        return batch_processor

    def _initialize(self, initializer: Any) -> None:
        if not self._is_initialized():
            settings = {} if initializer is None else {"init": initializer}
            self.net.initialize(ctx=self.context, **settings)
        elif initializer:
            warn(
                "Estimator: the network is initialized already, so that initializer is not used; call "
                "net.initialize(init=..., force_reinit=True) to begin anew"
            )

    def _check_trainer(self, trainer: Any) -> Trainer:
        if not trainer:
            warn("Estimator: no trainer was given; SGD with a learning rate of 0.001 is used")
            return Trainer(self.net.collect_params(), "sgd", {"learning_rate": 0.001})
        if not isinstance(trainer, Trainer):
            raise InvalidValueError(f"Estimator: trainer must be a gluon.Trainer; received {short(trainer)}")
        return trainer

    def _is_initialized(self) -> bool:
        for parameter in self.net.collect_params().values():
            try:
                parameter.list_ctx()
            except MXNetError:
                return False
        return True

    def _get_data_and_label(self, batch: Any, ctx: Any, batch_axis: int = 0) -> tuple[list[NDArray], list[NDArray]]:
        return split_and_load(batch[0], ctx, batch_axis), split_and_load(batch[1], ctx, batch_axis)

    def _add_default_training_metrics(self) -> None:
        if not self._train_metrics:
            suggested = _suggest_metric_for_loss(self.loss)
            self._train_metrics = [] if suggested is None else [suggested]
            self._train_metrics.append(LossMetric(self.loss.name.rstrip("0123456789")))
        for metric in self._train_metrics:
            metric.name = f"training {metric.name}"

    def _add_validation_metrics(self) -> None:
        if not self._val_metrics:
            self._val_metrics = [copy.deepcopy(metric) for metric in self._train_metrics]
        for metric in self._val_metrics:
            metric.name = (
                metric.name.replace("training", "validation")
                if "training" in metric.name
                else f"validation {metric.name}"
            )

    @property
    def train_metrics(self) -> list[EvalMetric]:
        """The metrics of the training, with "training" before their names."""
        return self._train_metrics

    @property
    def val_metrics(self) -> list[EvalMetric]:
        """The metrics of evaluations, with "validation" before their names."""
        return self._val_metrics

    def evaluate(self, val_data: Any, batch_axis: int = 0, event_handlers: Any = None) -> None:
        """Evaluate on data; the results are in `val_metrics`, and are logged.

        Parameters
        ----------
        val_data : DataLoader
            What to evaluate on.
        batch_axis : int, default 0
            The axis along which a batch is split over the contexts.
        event_handlers : EventHandler or list of EventHandler, optional
            Handlers that are called before and after the epoch and its batches. A list is added to and sorted in
            place, as in MXNet.

        Raises
        ------
        ValueError
            `val_data` is no DataLoader, or a handler has a metric that is none of the estimator's.
        """
        _check_loader("val_data", val_data)
        handlers = by_moment(self._prepare_default_validation_handlers(event_handlers))
        _call(handlers["epoch_begin"], self)
        for batch in val_data:
            _call(handlers["batch_begin"], self, batch=batch)
            _, label, pred, loss = self.batch_processor.evaluate_batch(self, batch, batch_axis)
            _call(handlers["batch_end"], self, batch=batch, pred=pred, label=label, loss=loss)
        _call(handlers["epoch_end"], self)

    def fit(
        self,
        train_data: Any,
        val_data: Any = None,
        epochs: int | None = None,
        event_handlers: Any = None,
        batches: int | None = None,
        batch_axis: int = 0,
    ) -> None:
        """Train for a number of epochs, or of batches.

        Parameters
        ----------
        train_data : DataLoader
            What to train on.
        val_data : DataLoader, optional
            What to evaluate on after each epoch.
        epochs : int, optional
            How many epochs; either this or `batches`.
        event_handlers : EventHandler or list of EventHandler, optional
            Handlers of what happens. Those for updating, metrics, evaluating and logging are added, unless there is
            one of the kind, and one for stopping. A list is added to and sorted in place, as in MXNet, so that each
            call needs a new one.
        batches : int, optional
            How many batches.
        batch_axis : int, default 0
            The axis along which a batch is split over the contexts.

        Raises
        ------
        ValueError
            The data are no DataLoader, neither or both of `epochs` and `batches` are given, or a handler has a metric
            that is none of the estimator's.
        """
        _check_loader("train_data", train_data)
        if (not epochs) == (not batches):
            raise InvalidValueError(
                f"Estimator.fit: either epochs or batches must be given; received epochs={epochs}, batches={batches}"
            )
        for name, number in (("epochs", epochs), ("batches", batches)):
            if number and (not is_int_not_bool(number) or number < 1):
                raise InvalidValueError(f"Estimator.fit: {name} must be a positive int; received {short(number)}")
        self.max_epoch = epochs
        self.max_batch = batches
        self.batch_axis = batch_axis
        handlers = by_moment(self._prepare_default_handlers(val_data, event_handlers))
        _call(handlers["train_begin"], self)
        while True:
            _call(handlers["epoch_begin"], self)
            for batch in train_data:
                _call(handlers["batch_begin"], self, batch=batch)
                _, label, pred, loss = self.batch_processor.fit_batch(self, batch, batch_axis)
                if _call(handlers["batch_end"], self, batch=batch, pred=pred, label=label, loss=loss):
                    break
            if _call(handlers["epoch_end"], self):
                break
        _call(handlers["train_end"], self)

    def _prepare_default_handlers(self, val_data: Any, event_handlers: Any) -> list[EventHandler]:
        handlers = as_handlers(event_handlers)
        handlers.append(StoppingHandler(self.max_epoch, self.max_batch))
        _add(handlers, GradientUpdateHandler, GradientUpdateHandler)
        _add(handlers, MetricHandler, lambda: MetricHandler(self.train_metrics))
        if val_data is not None:
            _add(handlers, ValidationHandler, lambda: ValidationHandler(val_data, self.evaluate))
        _add(handlers, LoggingHandler, lambda: LoggingHandler(metrics=self.train_metrics))
        return self._glueball_checked(handlers)

    def _prepare_default_validation_handlers(self, event_handlers: Any) -> list[EventHandler]:
        handlers = as_handlers(event_handlers)
        _add(handlers, MetricHandler, lambda: MetricHandler(self.val_metrics))
        _add(handlers, LoggingHandler, lambda: LoggingHandler(metrics=self.val_metrics))
        return self._glueball_checked(handlers)

    def _glueball_checked(self, handlers: list[EventHandler]) -> list[EventHandler]:
        for handler in handlers:
            _check_handler_metric_ref(handler, [*self.train_metrics, *self.val_metrics])
        return handlers


def _add(handlers: list[EventHandler], kind: type[EventHandler], make: Any) -> None:
    """Add a handler, unless there is one of its kind."""
    if not any(isinstance(handler, kind) for handler in handlers):
        handlers.append(make())


def _call(methods: list[Any], estimator: Estimator, **kwargs: Any) -> bool:
    """Call all handlers of a moment, and return whether one of them asks to stop."""
    return any([method(estimator, **kwargs) for method in methods])


def _check_loader(name: str, loader: Any) -> None:
    if not isinstance(loader, DataLoader):
        raise InvalidValueError(
            f"Estimator: {name} must be a gluon.data.DataLoader; received {short(loader)}; a DataLoader can be made "
            "of a gluon.data.ArrayDataset"
        )
