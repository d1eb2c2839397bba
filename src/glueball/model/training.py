"""The training loop of `FeedForward`."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

from .. import optimizer as opt
from ..executor_manager import DataParallelExecutorManager
from .checkpoint import BatchEndParam
from .update import _initialize_kvstore, _multiple_callbacks, _update_params, _update_params_on_kvstore


def train(
    model: Any,
    names: tuple[list[str], list[str], list[str]],
    data: Any,
    eval_data: Any,
    metric: Any,
    optimizer: Any,
    store: tuple[Any, bool],
    callbacks: tuple[Any, Any, Any, Any],
    logger: Any,
    work_load_list: Sequence[float] | None,
    monitor: Any,
) -> None:
    """Train a `FeedForward` from its `begin_epoch` to its `num_epoch`, and set its parameters.

    Parameters
    ----------
    model : FeedForward
        The model, whose parameters are initialized.
    names : tuple of lists of str
        The arguments of its graph, its parameters and its auxiliary states.
    data, eval_data : DataIter
        What to train and to evaluate on; the second may be None.
    metric : EvalMetric
        The metric.
    optimizer : Optimizer
        The optimizer.
    store : tuple of KVStore or None and bool
        What sums gradients, and whether it is to update the parameters.
    callbacks : tuple of four
        Those at the end of an epoch, a batch, an evaluation and a batch of it.
    logger : logging.Logger
        Where progress is logged.
    work_load_list : list of float, optional
        The relative size of each context's part.
    monitor : Monitor, optional
        The monitor.
    """
    manager = DataParallelExecutorManager(
        model.symbol, model.ctx, data, *names, work_load_list=work_load_list, logger=logger, sym_gen=model.sym_gen
    )
    if monitor is not None:
        manager.install_monitor(monitor)
    manager.set_params(model.arg_params, model.aux_params)
    update = _updates(model, manager, optimizer, *store)
    at_epoch, at_batch, at_evaluation, at_evaluated_batch = callbacks
    scope = {
        "symbol": model.symbol, "ctx": model.ctx, "arg_names": names[0], "param_names": names[1], "aux_names": names[2],
        "arg_params": model.arg_params, "aux_params": model.aux_params, "begin_epoch": model.begin_epoch,
        "end_epoch": model.num_epoch, "epoch_size": model.epoch_size, "optimizer": optimizer, "kvstore": store[0],
        "update_on_kvstore": store[1], "train_data": data, "eval_data": eval_data, "eval_metric": metric,
        "logger": logger, "work_load_list": work_load_list, "monitor": monitor, "executor_manager": manager,
    }  # fmt: skip
    data.reset()  # as MXNet does: an iterator that shuffles draws once more
    for epoch in range(model.begin_epoch, model.num_epoch):
        start = time.time()
        metric.reset()
        for number, batch in enumerate(_epoch_of(data, model.epoch_size, epoch, logger), 1):
            _step(manager, batch, update, metric, monitor)
            scope |= {"epoch": epoch, "nbatch": number, "data_batch": batch}
            _multiple_callbacks(at_batch, BatchEndParam(epoch, number, metric, scope.copy()))
        logger.info("Epoch[%d] Time cost=%.3f", epoch, time.time() - start)
        if at_epoch or epoch + 1 == model.num_epoch:
            manager.copy_to(model.arg_params, model.aux_params)
        _multiple_callbacks(at_epoch, epoch, model.symbol, model.arg_params, model.aux_params)
        if eval_data is not None:
            _evaluate(manager, eval_data, metric, scope, at_evaluation, at_evaluated_batch)


def _updates(model: Any, manager: DataParallelExecutorManager, optimizer: Any, store: Any, on_store: bool) -> Any:
    """Return the function that updates the parameters on all contexts."""
    names = manager.param_names
    if store is not None:
        _initialize_kvstore(store, manager.param_arrays, model.arg_params, names, on_store)
    if on_store and store is not None:
        store.set_optimizer(optimizer)
        return lambda: _update_params_on_kvstore(manager.param_arrays, manager.grad_arrays, store, names)
    updater = opt.get_updater(optimizer)
    contexts = len(model.ctx)
    return lambda: _update_params(manager.param_arrays, manager.grad_arrays, updater, contexts, store, names)


def _epoch_of(data: Any, size: int | None, epoch: int, logger: Any) -> Iterator[Any]:
    """Yield the batches of an epoch: all that there are, or a number of them, however often the iterator ends."""
    count = 0
    while True:
        for batch in data:
            yield batch
            count += 1
            if size is not None and count >= size:
                return
        logger.info("Epoch[%d] Resetting Data Iterator", epoch)
        data.reset()
        if size is None:
            return


def _step(manager: DataParallelExecutorManager, batch: Any, update: Any, metric: Any, monitor: Any) -> None:
    manager.load_data_batch(batch)
    if monitor is not None:
        monitor.tic()
    manager.forward(is_train=True)
    manager.backward()
    update()
    if monitor is not None:
        monitor.toc_print()
    manager.update_metric(metric, batch.label)


def _evaluate(
    manager: DataParallelExecutorManager, data: Any, metric: Any, scope: dict[str, Any], at_end: Any, at_batch: Any
) -> None:
    metric.reset()
    data.reset()
    count = 0
    for batch in data:
        manager.load_data_batch(batch)
        manager.forward(is_train=False)
        manager.update_metric(metric, batch.label)
        _multiple_callbacks(at_batch, BatchEndParam(scope["epoch"], count, metric, {**scope, "eval_batch": batch}))
        count += 1
    _multiple_callbacks(at_end, BatchEndParam(scope["epoch"], count, metric, scope))
    data.reset()  # as MXNet does: an iterator that rolls over begins anew
