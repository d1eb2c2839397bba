"""Which metrics an estimator knows, and which it takes for a loss."""

from __future__ import annotations

from typing import Any

from ....core.blame import short
from ....core.errors import InvalidValueError
from ....metric import Accuracy, CompositeEvalMetric, EvalMetric
from ...loss import SoftmaxCrossEntropyLoss

__all__: list[str] = []


def _check_metrics(metrics: Any) -> list[EvalMetric]:
    """Return one or several metrics as a list; those of a composite one by one."""
    if not metrics:
        return []
    if isinstance(metrics, CompositeEvalMetric):
        return [one for metric in metrics.metrics for one in _check_metrics(metric)]
    found = metrics if isinstance(metrics, list) else [metrics]
    for metric in found:
        if not isinstance(metric, EvalMetric):
            raise InvalidValueError(
                f"metrics must be an EvalMetric or a list of them; received {short(metrics)}; "
                "mx.metric.create makes one of a name"
            )
    return list(found)


def _check_handler_metric_ref(handler: Any, known_metrics: list[EvalMetric]) -> None:
    """Refuse a handler that has, under a name with "metric" in it, one that is never updated."""
    for name in dir(handler):
        value = getattr(handler, name) if "metric" in name else None
        for metric in value if isinstance(value, list) else [value]:
            if metric:
                _check_metric_known(handler, metric, known_metrics)


def _check_metric_known(handler: Any, metric: Any, known_metrics: list[EvalMetric]) -> None:
    if not any(metric is known for known in known_metrics):
        raise InvalidValueError(
            f"{type(handler).__name__}: a metric of a handler must be one of the estimator's train_metrics or "
            f"val_metrics; received {short(metric)}; hand the metric to the Estimator, and take it from there"
        )


def _suggest_metric_for_loss(loss: Any) -> EvalMetric | None:
    """Return a metric that fits a loss, if there is one."""
    return Accuracy() if isinstance(loss, SoftmaxCrossEntropyLoss) else None
