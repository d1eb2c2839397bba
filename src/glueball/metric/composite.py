"""Composite metrics, metrics from functions, and `create`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from numpy import generic

from ..core.arguments import checked
from ..core.doors import door
from ..core.errors import MXNetError
from ..core.strangers import call
from ..ndarray import NDArray
from .base import EvalMetric, alias, check_label_shapes, register, registry


@door
def create(metric: Any, *args: Any, **kwargs: Any) -> EvalMetric:
    """Create a metric.

    Parameters
    ----------
    metric : str, callable, EvalMetric, or list of these
        A case-insensitive name; a function of labels and predictions as NumPy arrays (see `CustomMetric`); a
        metric, which is returned as is; or a list, which becomes a `CompositeEvalMetric`.
    *args, **kwargs
        The arguments of the metric, or of each in a list.

    Raises
    ------
    MXNetError
        There is no metric of that name.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.metric.create(["acc", "mae"]).get()
    (['accuracy', 'mae'], [nan, nan])
    """
    if isinstance(metric, list):
        return CompositeEvalMetric([create(one, *args, **kwargs) for one in metric])
    if isinstance(metric, type) and issubclass(metric, EvalMetric):
        raise MXNetError(f"metric.create: a metric must be a name or an instance; received the class {metric.__name__}")
    if callable(metric):
        return CustomMetric(metric, *args, **kwargs)
    return registry.create(metric, *args, **kwargs)


@register
@alias("composite")
class CompositeEvalMetric(EvalMetric):
    """Several metrics that receive the same batches.

    Parameters
    ----------
    metrics : list of EvalMetric or str, optional
        The metrics, or their names.
    name : str, default 'composite'
        The name of the composite.
    output_names, label_names
        The predictions and labels that `update_dict` passes on; by default all.

    Examples
    --------
    >>> import glueball as mx
    >>> both = mx.metric.CompositeEvalMetric(["acc", mx.metric.TopKAccuracy(top_k=2)])
    >>> both.update([mx.nd.array([0])], [mx.nd.array([[0.3, 0.6, 0.1]])])
    >>> both.get()
    (['accuracy', 'top_k_accuracy_2'], [0.0, 1.0])
    """

    def __init__(
        self,
        metrics: Sequence[Any] | None = None,
        name: str = "composite",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        self.metrics: list[EvalMetric] = []
        super().__init__(name, output_names, label_names, has_global_stats=True)
        self.metrics = [create(metric) for metric in metrics or []]

    def add(self, metric: Any) -> None:
        """Add a metric, given as for `create`."""
        self.metrics.append(create(metric))

    def get_metric(self, index: int) -> EvalMetric:
        """Return the metric at an index.

        Raises
        ------
        ValueError
            There is none; MXNet returns the error instead of raising it.
        """
        if not -len(self.metrics) <= index < len(self.metrics):
            raise ValueError(
                f"CompositeEvalMetric: index must be below the {len(self.metrics)} metrics; received {index}"
            )
        return self.metrics[index]

    def update_dict(self, labels: Mapping[str, NDArray], preds: Mapping[str, NDArray]) -> None:
        """Pass a batch given by name to each metric."""
        if self.label_names is not None:
            labels = {name: array for name, array in labels.items() if name in self.label_names}
        if self.output_names is not None:
            preds = {name: array for name, array in preds.items() if name in self.output_names}
        for metric in self.metrics:
            metric.update_dict(labels, preds)

    def update(self, labels: Any, preds: Any) -> None:
        """Pass a batch to each metric."""
        for metric in self.metrics:
            metric.update(labels, preds)

    def reset(self) -> None:
        """Reset each metric."""
        for metric in self.metrics:
            metric.reset()

    def reset_local(self) -> None:
        """Reset each metric locally; `get_global` is not affected."""
        for metric in self.metrics:
            metric.reset_local()

    def get(self) -> tuple[list[str], list[float]]:
        """Return the names and the values of the metrics."""
        return _joined([metric.get() for metric in self.metrics])

    def get_global(self) -> tuple[list[str], list[float]]:
        """Return the names and the values since the last `reset`."""
        return _joined([metric.get_global() for metric in self.metrics])

    def get_config(self) -> dict[str, Any]:
        """Return the configuration of the composite and of its metrics."""
        return {**super().get_config(), "metrics": [metric.get_config() for metric in self.metrics]}


def _joined(found: list[tuple[Any, Any]]) -> tuple[list[str], list[float]]:
    names: list[str] = []
    values: list[Any] = []
    for name, value in found:
        names.extend([name] if isinstance(name, str) else name)
        values.extend([value] if isinstance(value, float | int | generic) else value)
    return names, values


class CustomMetric(EvalMetric):
    """The mean of a function of labels and predictions.

    Parameters
    ----------
    feval : callable
        Takes labels and predictions as NumPy arrays, and returns a number, or the pair (sum, count).
    name : str, optional
        The name that `get` returns; by default that of the function, in ``custom(...)`` if it contains ``<``.
    allow_extra_outputs : bool, default False
        Ignore predictions beyond the number of labels, instead of refusing them.
    output_names, label_names
        As in `EvalMetric`.

    Examples
    --------
    >>> import glueball as mx
    >>> def hits(label, pred):
    ...     return float((label == pred).sum()), label.size
    >>> metric = mx.metric.CustomMetric(hits)
    >>> metric.update([mx.nd.array([1, 2])], [mx.nd.array([1, 3])])
    >>> metric.get()
    ('hits', 0.5)
    """

    @checked
    def __init__(
        self,
        feval: Callable[..., Any],
        name: str | None = None,
        allow_extra_outputs: bool = False,
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        if name is None:
            name = getattr(feval, "__name__", type(feval).__name__)
            name = f"custom({name})" if "<" in name else name
        super().__init__(name, output_names, label_names, has_global_stats=True)
        self._feval = feval
        self._allow_extra_outputs = allow_extra_outputs

    def update(self, labels: Any, preds: Any) -> None:
        """Call the function for each pair of labels and predictions."""
        if not self._allow_extra_outputs:
            check_label_shapes(labels, preds)
        labels, preds = ([given] if isinstance(given, NDArray) else given for given in (labels, preds))
        for label, pred in zip(labels, preds, strict=False):
            found = call(self._feval, _as_numpy(label), _as_numpy(pred))
            total, count = found if isinstance(found, tuple) else (found, 1)
            self._glueball_add(total, count)

    def get_config(self) -> NoReturn:
        """Refused: a function has no text form."""
        raise NotImplementedError("CustomMetric: a metric from a function has no configuration")


def _as_numpy(array: Any) -> Any:
    return array.asnumpy() if isinstance(array, NDArray) else array


@door
def np(numpy_feval: Callable[..., Any], name: str | None = None, allow_extra_outputs: bool = False) -> CustomMetric:
    """Create a metric from a function of NumPy arrays; the arguments are those of `CustomMetric`."""
    return CustomMetric(numpy_feval, name, allow_extra_outputs)
