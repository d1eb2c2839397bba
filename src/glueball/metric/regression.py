"""Regression metrics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from ..core.errors import MXNetError
from .base import EvalMetric, alias, check_label_shapes, pairs, ratio, register


class _MeanError(EvalMetric):
    """The mean over updates of an error that is itself a mean over elements."""

    def __init__(self, name: str, output_names: Any, label_names: Any) -> None:
        super().__init__(name, output_names, label_names, has_global_stats=True)

    def update(self, labels: Any, preds: Any) -> None:
        """Add labels and predictions of the same shape; 1-D arrays are treated as columns."""
        for label, pred in pairs(self, labels, preds):
            label, pred = _as_column(label), _as_column(pred)
            try:
                difference = label - pred
            except RuntimeError as error:
                raise ValueError(
                    f"{type(self).__name__}: labels must have the shape of the predictions, {tuple(pred.shape)}; "
                    f"received {tuple(label.shape)}"
                ) from error
            self._glueball_add(float(self._glueball_error(difference)), 1)

    @staticmethod
    def _glueball_error(difference: Tensor) -> Tensor:
        raise NotImplementedError


def _as_column(tensor: Tensor) -> Tensor:
    tensor = tensor if tensor.is_floating_point() else tensor.float()
    return tensor[:, None] if tensor.dim() == 1 else tensor


@register
class MAE(_MeanError):
    """The mean absolute error, averaged over updates.

    Parameters
    ----------
    name : str, default 'mae'
        The name that `get` returns.
    output_names, label_names
        As in `EvalMetric`.

    Examples
    --------
    >>> import glueball as mx
    >>> metric = mx.metric.MAE()
    >>> metric.update([mx.nd.array([1, 2])], [mx.nd.array([1, 4])])
    >>> name, value = metric.get()
    >>> name, round(float(value), 3)
    ('mae', 1.0)
    """

    def __init__(
        self,
        name: str = "mae",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        super().__init__(name, output_names, label_names)

    @staticmethod
    def _glueball_error(difference: Tensor) -> Tensor:
        return difference.abs().mean()


@register
class MSE(_MeanError):
    """The mean squared error, averaged over updates.

    Parameters
    ----------
    name : str, default 'mse'
        The name that `get` returns.
    output_names, label_names
        As in `EvalMetric`.

    Examples
    --------
    >>> import glueball as mx
    >>> metric = mx.metric.MSE()
    >>> metric.update([mx.nd.array([1, 2])], [mx.nd.array([1, 4])])
    >>> name, value = metric.get()
    >>> name, round(float(value), 3)
    ('mse', 2.0)
    """

    def __init__(
        self,
        name: str = "mse",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        super().__init__(name, output_names, label_names)

    @staticmethod
    def _glueball_error(difference: Tensor) -> Tensor:
        return difference.square().mean()


@register
class RMSE(_MeanError):
    """The root of the mean squared error of each update, averaged over updates.

    Parameters
    ----------
    name : str, default 'rmse'
        The name that `get` returns.
    output_names, label_names
        As in `EvalMetric`.

    Examples
    --------
    >>> import glueball as mx
    >>> metric = mx.metric.RMSE()
    >>> metric.update([mx.nd.array([1, 2])], [mx.nd.array([1, 4])])
    >>> name, value = metric.get()
    >>> name, round(float(value), 3)
    ('rmse', 1.414)
    """

    def __init__(
        self,
        name: str = "rmse",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        super().__init__(name, output_names, label_names)

    @staticmethod
    def _glueball_error(difference: Tensor) -> Tensor:
        return difference.square().mean().sqrt()


class _Moments:
    """The count, means and centered products of pairs of numbers, which determine their correlation."""

    def __init__(self) -> None:
        self.count = 0
        self.mean = torch.zeros(2, dtype=torch.float64)
        self.products = torch.zeros(2, 2, dtype=torch.float64)  # of the deviations from the mean

    def add(self, values: Tensor) -> None:
        """Add pairs, of shape (2, n)."""
        mean = values.mean(1)
        distances = values - mean[:, None]
        self._add(values.shape[1], mean, distances @ distances.T)

    def _add(self, count: int, mean: Tensor, products: Tensor) -> None:
        step, total = mean - self.mean, self.count + count
        self.products += products + torch.outer(step, step) * (self.count * count / total)
        self.mean += step * (count / total)
        self.count = total

    def __add__(self, other: _Moments) -> _Moments:
        both = _Moments()
        for each in (self, other):
            if each.count:
                both._add(each.count, each.mean, each.products)
        return both

    def correlation(self) -> float:
        """Return Pearson's coefficient of all pairs; NaN if either side is constant."""
        (labels, both), (_, preds) = self.products.tolist()
        return ratio(both, (labels * preds) ** 0.5)


@register
@alias("pearsonr")
class PearsonCorrelation(EvalMetric):
    """Pearson's correlation of labels and predictions.

    Parameters
    ----------
    name : str, default 'pearsonr'
        The name that `get` returns.
    output_names, label_names
        As in `EvalMetric`.
    average : {'macro', 'micro'}, default 'macro'
        The mean coefficient over updates, or the coefficient of all updates together.

    Differs from MXNet
    ------------------
    With ``average='micro'``, `get_global` returns the
    coefficient since `reset`; in MXNet it is always 0.

    Examples
    --------
    >>> import glueball as mx
    >>> metric = mx.metric.PearsonCorrelation()
    >>> metric.update([mx.nd.array([1, 2, 3])], [mx.nd.array([1, 2, 4])])
    >>> name, value = metric.get()
    >>> name, round(float(value), 3)
    ('pearsonr', 0.982)
    """

    def __init__(
        self,
        name: str = "pearsonr",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
        average: str = "macro",
    ) -> None:
        if average not in ("macro", "micro"):
            raise MXNetError(f"PearsonCorrelation: average must be 'macro' or 'micro'; received {average!r}")
        self.average = average
        super().__init__(name, output_names, label_names, average=average, has_global_stats=True)

    _glueball_counters = (*EvalMetric._glueball_counters, "_moments", "_global_moments")

    def reset(self) -> None:
        """Reset the metric, including what `get_global` returns."""
        super().reset()
        self._moments, self._global_moments = _Moments(), _Moments()

    def reset_local(self) -> None:
        """Reset what `get` returns, but not what `get_global` returns."""
        super().reset_local()
        self.reset_micro()

    def reset_micro(self) -> None:
        """Reset the pairs that ``average='micro'`` has accumulated."""
        self._moments = _Moments()

    def update(self, labels: Any, preds: Any) -> None:
        """Add labels and predictions of the same shape."""
        for label, pred in pairs(self, labels, preds):
            check_label_shapes(label, pred, shape=True)
            values = torch.stack([label.reshape(-1).double(), pred.reshape(-1).double()]).cpu()
            if self.average == "macro":
                batch = _Moments()
                batch.add(values)
                self._glueball_add(batch.correlation(), 1)
            else:
                self._moments.add(values)
                self._global_moments.add(values)
                self.num_inst += 1
                self.global_num_inst += 1

    def get(self) -> tuple[str, float]:
        """Return the name and the coefficient since the last reset."""
        if self.average == "macro":
            return super().get()
        return self.name, self._moments.correlation()

    def get_global(self) -> tuple[str, float]:
        """Return the name and the coefficient since the last `reset`, regardless of `reset_local`."""
        if self.average == "macro":
            return super().get_global()
        return self.name, self._global_moments.correlation()
