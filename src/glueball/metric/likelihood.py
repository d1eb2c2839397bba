"""Metrics of predicted probabilities and of losses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from ..core.annotations import Axis
from ..core.arguments import checked
from ..core.errors import MXNetError, RefusedError
from ..ndarray import NDArray
from .base import EvalMetric, alias, as_tensor, pairs, ratio, register


def _chosen(owner: EvalMetric, label: Tensor, pred: Tensor, axis: int = -1) -> Tensor:
    """Return the predicted probability of each label."""
    if not -pred.dim() <= axis < pred.dim():
        raise MXNetError(f"{type(owner).__name__}: predictions must have an axis {axis}; received {tuple(pred.shape)}")
    pred = pred.movedim(axis, -1)
    rows, classes = pred.reshape(-1, pred.shape[-1]), pred.shape[-1]
    if label.numel() != len(rows):
        raise RefusedError(
            f"{type(owner).__name__}: there must be one label for each of {len(rows)} predictions; received "
            f"{label.numel()}"
        )
    label = label.reshape(-1).long()
    if len(label) and not bool(((label >= 0) & (label < classes)).all()):
        raise IndexError(
            f"{type(owner).__name__}: labels must be classes from 0 to {classes - 1}; received "
            f"{int(label.min())} to {int(label.max())}"
        )
    return rows.gather(1, label[:, None])[:, 0]


class _NegativeLog(EvalMetric):
    """The mean negative logarithm of the probability of the label."""

    def __init__(self, eps: float, name: str, output_names: Any, label_names: Any) -> None:
        super().__init__(name, output_names, label_names, eps=eps, has_global_stats=True)
        self.eps = eps

    def update(self, labels: Any, preds: Any) -> None:
        """Add labels, and predictions of shape (batch, classes)."""
        for label, pred in pairs(self, labels, preds):
            probabilities = _chosen(self, label, pred)
            self._glueball_add(float(-(probabilities + self.eps).log().sum()), len(probabilities))


@register
@alias("ce")
class CrossEntropy(_NegativeLog):
    """The mean of ``-log(p + eps)``, where p is the predicted probability of the label.

    Parameters
    ----------
    eps : float, default 1e-12
        Keeps the logarithm finite.
    name : str, default 'cross-entropy'
        The name that `get` returns.
    output_names, label_names
        As in `EvalMetric`.

    Examples
    --------
    >>> import glueball as mx
    >>> metric = mx.metric.CrossEntropy()
    >>> metric.update([mx.nd.array([0, 1])], [mx.nd.array([[0.9, 0.1], [0.2, 0.8]])])
    >>> name, value = metric.get()
    >>> name, round(float(value), 3)
    ('cross-entropy', 0.164)
    """

    @checked
    def __init__(
        self,
        eps: float = 1e-12,
        name: str = "cross-entropy",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        super().__init__(eps, name, output_names, label_names)


@register
@alias("nll_loss")
class NegativeLogLikelihood(_NegativeLog):
    """The mean of ``-log(p + eps)``, as `CrossEntropy`, under another name.

    Parameters
    ----------
    eps : float, default 1e-12
        Keeps the logarithm finite.
    name : str, default 'nll-loss'
        The name that `get` returns.
    output_names, label_names
        As in `EvalMetric`.

    Examples
    --------
    >>> import glueball as mx
    >>> metric = mx.metric.NegativeLogLikelihood()
    >>> metric.update([mx.nd.array([0, 1])], [mx.nd.array([[0.9, 0.1], [0.2, 0.8]])])
    >>> name, value = metric.get()
    >>> name, round(float(value), 3)
    ('nll-loss', 0.164)
    """

    @checked
    def __init__(
        self,
        eps: float = 1e-12,
        name: str = "nll-loss",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        super().__init__(eps, name, output_names, label_names)


@register
class Perplexity(EvalMetric):
    """The exponential of the mean of ``-log(p)``, where p, at least 1e-10, is the probability of the label.

    Parameters
    ----------
    ignore_label : int or None
        Predictions with this label are ignored.
    axis : int, default -1
        The class axis of the predictions.
    name : str, default 'perplexity'
        The name that `get` returns.
    output_names, label_names
        As in `EvalMetric`.

    Examples
    --------
    >>> import glueball as mx
    >>> metric = mx.metric.Perplexity(ignore_label=None)
    >>> metric.update([mx.nd.array([0, 1])], [mx.nd.array([[0.9, 0.1], [0.2, 0.8]])])
    >>> name, value = metric.get()
    >>> name, round(float(value), 3)
    ('perplexity', 1.179)
    """

    @checked
    def __init__(
        self,
        ignore_label: int | None,
        axis: Axis = -1,
        name: str = "perplexity",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        super().__init__(name, output_names, label_names, ignore_label=ignore_label, axis=axis, has_global_stats=True)
        self.ignore_label = ignore_label
        self.axis = axis

    def update(self, labels: Any, preds: Any) -> None:
        """Add labels, and predictions with an additional class axis."""
        for label, pred in pairs(self, labels, preds):
            counted = torch.ones_like(label.reshape(-1), dtype=torch.bool)
            if self.ignore_label is not None:
                counted = label.reshape(-1) != self.ignore_label
                label = torch.where(counted, label.reshape(-1), 0)  # an ignored label need not be a class
            probabilities = _chosen(self, label, pred, self.axis)[counted]
            self._glueball_add(float(-probabilities.clamp(min=1e-10).log().sum()), len(probabilities))

    def get(self) -> tuple[str, float]:
        """Return the name and the perplexity since the last reset."""
        return self.name, math.exp(ratio(self.sum_metric, self.num_inst))

    def get_global(self) -> tuple[str, float]:
        """Return the name and the perplexity since the last `reset`, regardless of `reset_local`."""
        return self.name, math.exp(ratio(self.global_sum_metric, self.global_num_inst))


@register
class Loss(EvalMetric):
    """The mean of the predictions themselves, for networks whose outputs are losses.

    Parameters
    ----------
    name : str, default 'loss'
        The name that `get` returns.
    output_names, label_names
        As in `EvalMetric`.

    Examples
    --------
    >>> import glueball as mx
    >>> loss = mx.metric.Loss()
    >>> loss.update(None, [mx.nd.array([1, 3])])
    >>> loss.get()
    ('loss', 2.0)
    """

    def __init__(
        self,
        name: str = "loss",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        super().__init__(name, output_names, label_names, has_global_stats=True)

    def update(self, _: Any, preds: Any) -> None:
        """Add losses; labels are ignored."""
        for pred in [preds] if isinstance(preds, NDArray) else preds:
            tensor = as_tensor(self, pred)
            self._glueball_add(float(tensor.sum(dtype=torch.float64)), tensor.numel())


@register
class Torch(Loss):
    """`Loss` under MXNet's name for criterions of the original Torch.

    Examples
    --------
    >>> import glueball as mx
    >>> metric = mx.metric.Torch()
    >>> metric.update(None, [mx.nd.array([1, 3])])
    >>> metric.get()
    ('torch', 2.0)
    """

    def __init__(
        self,
        name: str = "torch",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        super().__init__(name, output_names, label_names)


@register
class Caffe(Loss):
    """`Loss` under MXNet's name for criterions of Caffe.

    Examples
    --------
    >>> import glueball as mx
    >>> metric = mx.metric.Caffe()
    >>> metric.update(None, [mx.nd.array([1, 3])])
    >>> metric.get()
    ('caffe', 2.0)
    """

    def __init__(
        self,
        name: str = "caffe",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        super().__init__(name, output_names, label_names)
