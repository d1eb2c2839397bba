"""Classification metrics."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..core.annotations import Axis
from ..core.arguments import checked
from ..core.errors import MXNetError, RefusedError
from .base import EvalMetric, alias, check_label_shapes, pairs, register


def predicted_classes(owner: EvalMetric, label: Tensor, pred: Tensor, axis: int) -> tuple[Tensor, Tensor]:
    """Return labels and predicted classes as 1-D int tensors; predictions of the labels' shape are already classes."""
    if pred.shape != label.shape:
        if not -pred.dim() <= axis < pred.dim():
            raise MXNetError(
                f"{type(owner).__name__}: predictions must have the labels' shape {tuple(label.shape)}, or classes "
                f"along axis {axis}; received {tuple(pred.shape)}"
            )
        pred = pred.argmax(axis)
    label, pred = label.reshape(-1).long(), pred.reshape(-1).long()
    check_label_shapes(label, pred)
    return label, pred


@register
@alias("acc")
class Accuracy(EvalMetric):
    """The fraction of predictions whose most likely class is the label.

    Parameters
    ----------
    axis : int, default 1
        The class axis of the predictions.
    name : str, default 'accuracy'
        The name that `get` returns.
    output_names, label_names
        As in `EvalMetric`.

    Examples
    --------
    >>> import glueball as mx
    >>> accuracy = mx.metric.Accuracy()
    >>> accuracy.update([mx.nd.array([1, 0])], [mx.nd.array([[0.1, 0.9], [0.4, 0.6]])])
    >>> accuracy.get()
    ('accuracy', 0.5)
    """

    @checked
    def __init__(
        self,
        axis: Axis = 1,
        name: str = "accuracy",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        super().__init__(name, output_names, label_names, axis=axis, has_global_stats=True)
        self.axis = axis

    def update(self, labels: Any, preds: Any) -> None:
        """Add labels and predictions, which are a score for each class or the class itself."""
        for label, pred in pairs(self, labels, preds):
            label, pred = predicted_classes(self, label, pred, self.axis)
            self._glueball_add(float((label == pred).sum()), len(pred))


@register
@alias("top_k_accuracy", "top_k_acc")
class TopKAccuracy(EvalMetric):
    """The fraction of predictions that have the label among their k most likely classes.

    Ties are broken in favor of the higher class number.

    Parameters
    ----------
    top_k : int
        The number k; at least 2 and at most the number of classes.
    name : str, default 'top_k_accuracy'
        The name that `get` returns, followed by ``_`` and `top_k`.
    output_names, label_names
        As in `EvalMetric`.

    Differs from MXNet
    ------------------
    Predictions of shape (batch,) are classes, as for `Accuracy`; MXNet
    compares labels with positions in the batch.

    Examples
    --------
    >>> import glueball as mx
    >>> top2 = mx.metric.TopKAccuracy(top_k=2)
    >>> top2.update([mx.nd.array([0, 2])], [mx.nd.array([[0.3, 0.6, 0.1], [0.5, 0.4, 0.1]])])
    >>> top2.get()
    ('top_k_accuracy_2', 0.5)
    """

    def __init__(
        self,
        top_k: int = 1,
        name: str = "top_k_accuracy",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        if top_k < 2:
            raise RefusedError(f"TopKAccuracy: top_k must be 2 or more; received {top_k}; for 1 use Accuracy")
        super().__init__(f"{name}_{top_k}", output_names, label_names, top_k=top_k, has_global_stats=True)
        self.top_k = top_k

    def update(self, labels: Any, preds: Any) -> None:
        """Add labels, and predictions of shape (batch, classes); those of shape (batch,) are classes."""
        for label, pred in pairs(self, labels, preds):
            if pred.dim() > 2:
                raise RefusedError(f"TopKAccuracy: predictions must have 1 or 2 axes; received {tuple(pred.shape)}")
            label = label.reshape(-1).long()
            check_label_shapes(label, pred)
            hits = label == pred.long() if pred.dim() == 1 else self._glueball_among_largest(label, pred)
            self._glueball_add(float(hits.sum()), len(label))

    def _glueball_among_largest(self, label: Tensor, pred: Tensor) -> Tensor:
        classes = pred.shape[1]
        if self.top_k > classes:
            raise ValueError(f"TopKAccuracy: top_k must be at most the {classes} classes; received {self.top_k}")
        inside = (label >= 0) & (label < classes)
        score = pred.gather(1, (label * inside)[:, None])
        later = torch.arange(classes, device=pred.device) > label[:, None]
        above = (pred > score) | ((pred == score) & later)
        return inside & (above.sum(1) < self.top_k)


class _Confusion:
    """The confusion matrix of two classes: true and false positives and negatives."""

    def __init__(self) -> None:
        self.tp = self.fp = self.fn = self.tn = 0

    def add(self, label: Tensor, pred: Tensor) -> None:
        """Count a batch."""
        counts = torch.bincount(2 * (label == 1).long() + (pred == 1).long(), minlength=4).tolist()
        self.tn, self.fp, self.fn, self.tp = (
            before + more for before, more in zip((self.tn, self.fp, self.fn, self.tp), counts, strict=True)
        )

    def __add__(self, other: _Confusion) -> _Confusion:
        both = _Confusion()
        for name, count in vars(self).items():
            setattr(both, name, count + getattr(other, name))
        return both

    @property
    def total(self) -> int:
        return self.tp + self.fp + self.fn + self.tn

    def f1(self) -> float:
        """The harmonic mean of precision and recall; 0 if both are."""
        precision = self.tp / max(1, self.tp + self.fp)
        recall = self.tp / max(1, self.tp + self.fn)
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    def mcc(self) -> float:
        """Matthews' correlation coefficient; a factor of the denominator that is 0 counts as 1."""
        factors = (self.tp + self.fp, self.tp + self.fn, self.tn + self.fp, self.tn + self.fn)
        product = float(np.prod([factor or 1 for factor in factors]))
        return float((self.tp * self.tn - self.fp * self.fn) / product**0.5)


class _BinaryMetric(EvalMetric):
    """A score of two classes: the mean over updates (macro), or the score of all updates together (micro)."""

    _glueball_score: Any = None
    _glueball_counters = (*EvalMetric._glueball_counters, "_counts", "_global_counts")

    def __init__(self, name: str, output_names: Any, label_names: Any, average: str) -> None:
        if average not in ("macro", "micro"):
            raise MXNetError(f"{type(self).__name__}: average must be 'macro' or 'micro'; received {average!r}")
        self.average = average
        super().__init__(name, output_names, label_names, average=average, has_global_stats=True)

    def reset(self) -> None:
        """Reset the metric, including what `get_global` returns."""
        super().reset()
        self._counts, self._global_counts = _Confusion(), _Confusion()

    def reset_local(self) -> None:
        """Reset what `get` returns, but not what `get_global` returns."""
        super().reset_local()
        self._counts = _Confusion()

    def update(self, labels: Any, preds: Any) -> None:
        """Add labels 0 and 1, and predictions of shape (batch, 2).

        Raises
        ------
        ValueError
            There are more than two classes.
        """
        if self.average == "macro":
            self._counts = _Confusion()
        for label, pred in pairs(self, labels, preds):
            label, pred = predicted_classes(self, label, pred, 1)
            if len(torch.unique(label)) > 2:
                raise ValueError(f"{type(self).__name__}: labels must be of two classes; received more")
            self._counts.add(label, pred)
            self._global_counts.add(label, pred)
        if self.average == "macro":
            self._glueball_add(self._glueball_score(self._counts), 1)
        else:
            self._glueball_score_counts()

    def _glueball_join(self, counted: Sequence[Mapping[str, Any]]) -> None:
        super()._glueball_join(counted)
        if self.average == "micro":
            self._glueball_score_counts()

    def _glueball_score_counts(self) -> None:
        self.num_inst, self.global_num_inst = self._counts.total, self._global_counts.total
        self.sum_metric = self._glueball_score(self._counts) * self.num_inst
        self.global_sum_metric = self._glueball_score(self._global_counts) * self.global_num_inst


@register
class F1(_BinaryMetric):
    """The F1 score of class 1, the harmonic mean of its precision and its recall.

    Parameters
    ----------
    name : str, default 'f1'
        The name that `get` returns.
    output_names, label_names
        As in `EvalMetric`.
    average : {'macro', 'micro'}, default 'macro'
        The mean of the score of each update, or the score of all updates taken together.

    Examples
    --------
    >>> import glueball as mx
    >>> metric = mx.metric.F1()
    >>> metric.update([mx.nd.array([0, 1, 1])], [mx.nd.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])])
    >>> name, value = metric.get()
    >>> name, round(float(value), 3)
    ('f1', 0.667)
    """

    def __init__(
        self,
        name: str = "f1",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
        average: str = "macro",
    ) -> None:
        super().__init__(name, output_names, label_names, average)

    _glueball_score = staticmethod(_Confusion.f1)


@register
class MCC(_BinaryMetric):
    """Matthews' correlation coefficient of two classes: 1 is all correct, 0 chance level, -1 all wrong.

    Parameters
    ----------
    name : str, default 'mcc'
        The name that `get` returns.
    output_names, label_names, average
        As in `F1`.

    Examples
    --------
    >>> import glueball as mx
    >>> metric = mx.metric.MCC()
    >>> metric.update([mx.nd.array([0, 1, 1])], [mx.nd.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])])
    >>> name, value = metric.get()
    >>> name, round(float(value), 3)
    ('mcc', 0.5)
    """

    def __init__(
        self,
        name: str = "mcc",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
        average: str = "macro",
    ) -> None:
        super().__init__(name, output_names, label_names, average)

    _glueball_score = staticmethod(_Confusion.mcc)


@register
class PCC(EvalMetric):
    """The correlation of labels and predictions over any number of classes; for two classes it is `MCC`.

    Parameters
    ----------
    name : str, default 'pcc'
        The name that `get` returns.
    output_names, label_names
        As in `EvalMetric`.
    has_global_stats : bool, default True
        Whether `get_global` covers everything since `reset`.

    Examples
    --------
    >>> import glueball as mx
    >>> metric = mx.metric.PCC()
    >>> metric.update([mx.nd.array([0, 1, 1])], [mx.nd.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])])
    >>> name, value = metric.get()
    >>> name, round(float(value), 3)
    ('pcc', 0.5)
    """

    @checked
    def __init__(
        self,
        name: str = "pcc",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
        has_global_stats: bool = True,
    ) -> None:
        super().__init__(name, output_names, label_names, has_global_stats=has_global_stats)

    _glueball_counters = ("num_inst", "global_num_inst", "_counts", "_global_counts")

    def _glueball_join(self, counted: Sequence[Mapping[str, Any]]) -> None:
        tables = ("_counts", "_global_counts")
        size = max(len(each[name]) for each in counted for name in tables)
        super()._glueball_join([{**each, **{name: _grown(each[name], size) for name in tables}} for each in counted])

    def reset(self) -> None:
        """Reset the metric, including what `get_global` returns."""
        self.num_inst = self.global_num_inst = 0
        self._counts = self._global_counts = np.zeros((2, 2))

    def reset_local(self) -> None:
        """Reset what `get` returns, but not what `get_global` returns."""
        self.num_inst = 0
        self._counts = np.zeros((2, 2))

    @property
    def sum_metric(self) -> float:  # type: ignore[override]
        """The coefficient times the number of updates."""
        return _correlation(self._counts) * self.num_inst

    @property
    def global_sum_metric(self) -> float:  # type: ignore[override]
        """The coefficient since `reset` times the number of updates since then."""
        return _correlation(self._global_counts) * self.global_num_inst

    def update(self, labels: Any, preds: Any) -> None:
        """Add labels, and predictions of shape (batch, classes)."""
        for label, pred in pairs(self, labels, preds):
            label, pred = predicted_classes(self, label, pred, 1)
            seen = int(torch.cat([label, pred]).max()) + 1
            size = max(seen, len(self._counts), len(self._global_counts))
            counts = torch.bincount(label * size + pred, minlength=size * size).reshape(size, size).numpy(force=True)
            self._counts = _grown(self._counts, size) + counts
            self._global_counts = _grown(self._global_counts, size) + counts
            self.num_inst += 1
            self.global_num_inst += 1


def _grown(counts: np.ndarray, size: int) -> np.ndarray:
    missing = size - len(counts)
    return np.pad(counts, ((0, missing), (0, missing)))


def _correlation(counts: np.ndarray) -> float:
    """Return Gorodkin's coefficient of a confusion matrix; NaN if only one class was seen or predicted."""
    total, labels, preds = counts.sum(), counts.sum(axis=1), counts.sum(axis=0)
    covariance = np.trace(counts) * total - labels @ preds
    spread = (total**2 - labels @ labels) * (total**2 - preds @ preds)
    return float(covariance / spread**0.5) if spread else math.nan
